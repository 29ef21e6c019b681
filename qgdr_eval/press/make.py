"""Making one page, in a worker: run the notebook, lay it out, prove it."""

import threading
import time
from dataclasses import dataclass, replace

from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.french import typography
from qgdr_eval.press.kit import kit_fingerprints
from qgdr_eval.press.plan import Order
from qgdr_eval.press.proof import prove, read_evidence

ENGINE = "qgdr"  # the warm engine, by its papermill entry point
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
        made = _make(order)
    return replace(made, cause=typography(made.cause), seconds=time.monotonic() - began)


def _make(order: Order) -> Made:
    from papermill.exceptions import PapermillExecutionError

    from qgdr_eval.reporting.export import CellFailed

    if any(order.inputs[name] != value for name, value in kit_fingerprints().items()):
        return Made("le poste qui devait faire la page n'a pas la même version du kit")
    try:
        html = _run(order)
    except PapermillExecutionError as error:
        return Made(
            f"la cellule {error.exec_count} du carnet {order.notebook.name} s'est arrêtée"
            f" ({error.ename} : {error.evalue})"
        )
    except CellFailed as error:
        return Made(f"le carnet {order.notebook.name} s'est arrêté ({error})")
    evidence, page = read_evidence(html), html.encode()
    if cause := prove(order.promise, evidence):
        return Made(cause)
    return Made("", page, of_bytes(page), evidence.figures)


def _run(order: Order) -> str:
    import papermill

    from qgdr_eval.reporting.export import export_html

    executed = papermill.execute_notebook(
        str(order.notebook), None, order.parameters, engine_name=ENGINE, progress_bar=False
    )
    return export_html(executed, order.title, order.footer)
