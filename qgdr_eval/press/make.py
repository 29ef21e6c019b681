"""Making one page, in a worker: run the notebook or typeset the edition, lay it out, prove it."""

import sys
import threading
import time
from collections.abc import Mapping
from contextlib import chdir
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from qgdr_eval.definitions.source import cut
from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.french import quote, typography
from qgdr_eval.press.kit import kit_fingerprints
from qgdr_eval.press.living import is_living
from qgdr_eval.press.parameters import Value
from qgdr_eval.press.plan import Order
from qgdr_eval.press.proof import ACTS, evidence_of, prove, read_evidence
from qgdr_eval.problems import Refused

if TYPE_CHECKING:
    from nbformat import NotebookNode

INJECTED = "injected-parameters"  # papermill's tag on the cell of values it adds
GRAMMAR = "rfc3987_syntax"  # of addresses: jsonschema compiles it for two seconds; none is checked
PYTHON = {"kernel_name": "python3", "language": "python"}
ONE_AT_A_TIME = threading.Lock()  # a notebook has the whole process to itself


@dataclass(frozen=True)
class Made:
    """What became of an order. ``cause`` says why there is no page, in French, "" when there is.

    ``output``: the page's fingerprint; ``figures``: those of its figures, each with its data's.
    """

    cause: str = ""
    page: bytes = b""
    output: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0


def make_page(order: Order) -> Made:
    """Run an order's notebook and lay out its page, proved to be the one that was ordered."""
    began = time.monotonic()
    with ONE_AT_A_TIME:
        if any(order.inputs[name] != value for name, value in kit_fingerprints().items()):
            made = Made("le poste qui devait faire la page n'a pas la même version du kit")
        else:
            made = _typeset(order) if order.is_edition else _make(order)
    return replace(made, cause=typography(made.cause), seconds=time.monotonic() - began)


def _make(order: Order) -> Made:
    _load_libraries()
    from qgdr_eval.reporting.page.export import CellFailed, export_html

    try:
        executed = _run(order)
        ways = order.ways.seen_from(order.href)
        html = export_html(executed, order.title, order.footer, draft=order.draft, ways=ways)
    except CellFailed as error:
        stopped = f"la cellule {error.rank} du carnet {order.notebook.name} s'est arrêtée"
        return Made(f"{stopped} ({error})")
    evidence, page = read_evidence(html), html.encode()
    if cause := prove(order.promise, evidence):
        where = _living_cell(executed, order.notebook.name) if cause == ACTS else ""
        return Made(f"{where}{cause}")
    return Made("", page, of_bytes(page), evidence.figures)


def _typeset(order: Order) -> Made:
    """An edition of a service, or of a facility."""
    from qgdr_eval.editions import FacilityReport, open_edition, open_for, print_edition
    from qgdr_eval.press.editions import PLAN, plan_fingerprint

    given = order.parameters
    try:
        opened = open_edition(str(given["edition"]))
        if opened.fingerprint != order.inputs["edition"]:
            return Made("l'édition a changé depuis le début de la production")
        plan, day = Path(str(given["plan"])) if given["plan"] else None, str(given["report_date"])
        report = open_for(opened, str(given["campaign"]), order.facility, order.service, plan, day)
        told = report.plan if isinstance(report, FacilityReport) else None
        if told and plan_fingerprint(opened, told) != order.inputs[PLAN]:
            return Made("le plan d'actions a changé depuis le début de la production")
        page = print_edition(report, opened, day)
    except Refused as refused:
        return Made(refused.problems[0].what)
    return Made(prove(order.promise, evidence_of(page)), page, of_bytes(page))


def _run(order: Order) -> "NotebookNode":
    """The executed notebook of an order; it runs in its own folder, as in JupyterLab."""
    blank = _load(order.notebook, order.inputs["notebook"])
    with chdir(order.notebook.parent):
        return _execute(blank, order.parameters)


def _living_cell(notebook: "NotebookNode", name: str) -> str:
    """Which cell of somebody's notebook acts on a page: its rank there, and how it begins."""
    own = [cell for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", [])]
    for rank, cell in enumerate(own, start=1):
        shown = [output.get("data", {}) for output in cell.get("outputs", [])]
        texts = [str(text) for data in shown for text in data.values()]
        texts += [cell.source] if cell.cell_type == "markdown" else []
        if any(map(is_living, texts)):
            return f"carnet {name}, cellule {rank} {quote(cut(' '.join(cell.source.split())))} : "
    return ""


def _execute(blank: "NotebookNode", parameters: Mapping[str, Value]) -> "NotebookNode":
    """A copy of a notebook, executed.

    ``papermill.execute_notebook`` would do it, but for reading the notebook each time, writing it
    down and noting the time of each cell: a tenth of the time of a page.
    """
    from papermill.parameterize import parameterize_notebook

    from qgdr_eval.press.engine import execute

    notebook = parameterize_notebook(deepcopy(blank), parameters, **PYTHON)
    execute(notebook)
    return notebook


def rehearse(rank: int) -> None:
    """Make a page of nothing, so that all that pages need is loaded before there is one to make."""
    with ONE_AT_A_TIME:
        _load_libraries()
        from nbformat.v4 import new_code_cell, new_notebook

        from qgdr_eval.reporting import team  # noqa: F401  # what the pages of services import
        from qgdr_eval.reporting.page.export import export_html

        blank = new_code_cell("", metadata={"tags": ["parameters"]})
        nothing = new_notebook(cells=[blank], metadata={"papermill": {}})
        export_html(_execute(nothing, {}), "")


def _load_libraries() -> None:
    """Load what reads notebooks, without `GRAMMAR`."""
    known = GRAMMAR in sys.modules
    sys.modules.setdefault(GRAMMAR, None)  # type: ignore[arg-type]  # as if not installed
    try:
        import nbformat  # noqa: F401
    finally:
        if not known:
            del sys.modules[GRAMMAR]


@lru_cache(maxsize=2)
def _load(notebook: Path, fingerprint: str) -> "NotebookNode":
    from papermill.iorw import load_notebook_node

    return load_notebook_node(str(notebook))
