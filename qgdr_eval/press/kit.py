"""What a page is made with, beside its results: the kit, its libraries, a notebook."""

import json
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from qgdr_eval import __version__
from qgdr_eval.fingerprint import of_bytes, of_file, of_values
from qgdr_eval.shipped import PACKAGE

LIBRARIES = """
    numpy pandas scipy matplotlib matplotlib-inline ipykernel ipython jinja2 nbconvert nbformat
    papermill typst
""".split()


@cache
def versions() -> dict[str, str]:
    """The versions a page may depend on: Python, the kit and its key libraries."""
    python = {"python": platform.python_version(), "qgdr-eval": __version__}
    return python | {name: version(name) for name in LIBRARIES}


@cache
def kit_fingerprints() -> dict[str, str]:
    """Fingerprints of the kit's code and of its page templates, and of the versions in use."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".j2", ".css"))
    code, template = (
        [(path.relative_to(PACKAGE).as_posix(), of_file(path)) for path in files
         if (path.suffix == ".py") is wanted]
        for wanted in (True, False)
    )  # fmt: skip
    return {
        "kit": of_values(code),
        "template": of_values(template),
        "versions": of_values(versions()),
    }


def notebook_fingerprint(notebook: Path) -> str:
    """The fingerprint of what a notebook does: its cells and their tags, not what they showed.

    Other files beside an adapted notebook (modules, pictures) count too: it may read them.
    Opening a notebook in JupyterLab and saving it changes nothing here.
    """
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    done = [
        [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])]
        for cell in cells
    ]
    around = [path for path in notebook.parent.iterdir() if path.suffix not in (".ipynb", ".pyc")]
    beside = [(path.name, of_bytes(path.read_bytes())) for path in sorted(around) if path.is_file()]
    return of_values(done, beside)
