"""The warm engine gives what a kernel gives, and leaves nothing behind for the next notebook."""

import os
import subprocess
import sys
import warnings

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.exceptions import PapermillExecutionError

from qgdr_eval.press.engine import NAME
from qgdr_eval.shipped import shipped

NOTEBOOKS = sorted(path.name for path in shipped("notebooks").glob("*.ipynb"))
EVERY_KIND = [
    "import sys\nprint('un')\nprint('deux')\nprint('mal', file=sys.stderr)\n3 + 4",
    "from IPython.display import display, HTML\ndisplay(HTML('<b>gras</b>'))\n_ + 1",
    "display({'a': 1})\nNone",
    "x = 5;\nx;",
    "%env QGDR_TEST=1",
    "def f():\n    return x\nf()",
    "__name__",
]


def notebook(path, *cells):
    made = new_notebook(cells=[new_code_cell(source) for source in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, path)
    return str(path)


def outputs(path, engine, **parameters):
    run = papermill.execute_notebook(
        path, None, parameters, engine_name=engine, kernel_name="python3", progress_bar=False
    )
    return [[told(output) for output in cell.get("outputs", [])] for cell in run.cells]


def told(output):
    """An output without what two runs may differ in: colours and addresses of a traceback."""
    kept = {key: output[key] for key in ("output_type", "name", "text", "data", "ename", "evalue")
            if key in output}  # fmt: skip
    return kept


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_shipped_notebooks_give_the_same_outputs_as_a_kernel(name):
    path = str(shipped("notebooks") / name)
    assert outputs(path, NAME) == outputs(path, None)


def test_every_kind_of_output_is_as_a_kernel_gives_it(tmp_path):
    path = notebook(tmp_path / "essai.ipynb", *EVERY_KIND)
    assert outputs(path, NAME) == outputs(path, None)


@pytest.mark.parametrize("engine", [NAME, None])
def test_a_failing_cell_stops_the_run_and_is_named(tmp_path, engine):
    path = notebook(tmp_path / "essai.ipynb", "1 + 1", "raise ValueError('non')", "2 + 2")
    with pytest.raises(PapermillExecutionError) as failure:
        outputs(path, engine)
    assert (failure.value.ename, failure.value.evalue) == ("ValueError", "non")
    assert failure.value.exec_count == 2


LEAKS = {
    "a global": ("left = 1", "'left' in globals()", "False"),
    "an attribute of __main__": ("import __main__; __main__.left = 1",
                                 "import __main__; hasattr(__main__, 'left')", "False"),
    "the environment": ("import os; os.environ['QGDR_LEFT'] = '1'",
                        "import os; 'QGDR_LEFT' in os.environ", "False"),
    "the folder": ("import os; os.chdir('/')", "import os; os.getcwd() == '/'", "False"),
    "drawing settings": ("import matplotlib; matplotlib.rcParams['font.size'] = 99",
                         "import matplotlib; matplotlib.rcParams['font.size']", "10.0"),
    "warning filters": ("import warnings; warnings.simplefilter('error', ResourceWarning)",
                        "import warnings; ('error', ResourceWarning) in "
                        "[(f[0], f[2]) for f in warnings.filters]", "False"),
    "the import path": ("import sys; sys.path.insert(0, '/left')",
                        "import sys; '/left' in sys.path", "False"),
    "printing": ("import sys; sys.stdout = None", "import sys; sys.stdout is None", "False"),
}  # fmt: skip


@pytest.mark.parametrize("kind", LEAKS)
def test_a_notebook_leaves_nothing_to_the_next(tmp_path, kind):
    leave, look, expected = LEAKS[kind]
    before = os.getcwd(), dict(os.environ), list(sys.path), list(warnings.filters), sys.stdout
    outputs(notebook(tmp_path / "laisse.ipynb", leave), NAME)
    after = os.getcwd(), dict(os.environ), list(sys.path), list(warnings.filters), sys.stdout
    assert before == after
    seen = outputs(notebook(tmp_path / "cherche.ipynb", look), NAME)
    assert seen[0][-1]["data"]["text/plain"] == expected


def test_the_random_state_is_put_back(tmp_path):
    path = notebook(tmp_path / "hasard.ipynb", "import numpy as np\nnp.random.seed(1)")
    import numpy as np

    np.random.seed(7)
    expected = np.random.RandomState(7).rand()
    outputs(path, NAME)
    assert np.random.rand() == expected


@pytest.mark.parametrize("first", ["papermill", "qgdr_eval.press.engine"])
def test_the_engine_is_found_whichever_is_imported_first(first):
    code = (
        f"import {first}\nfrom papermill.engines import papermill_engines\n"
        f"print(papermill_engines.get_engine({NAME!r}).__name__)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "WarmEngine"
