"""The page that opens a campaign: what was run, what is ready, what failed and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from markupsafe import Markup

from qgdr_eval.disclosure import Card
from qgdr_eval.reporting.export import paper
from qgdr_eval.reporting.page import read_style, render

STATES = {"ready": "prêt", "suppressed": "effectif insuffisant", "failed": "en échec"}


@dataclass(frozen=True)
class Entry:
    """One report of the index. ``cause`` says why it failed; ``n`` and ``rate`` when published."""

    facility: str
    service: str
    href: str
    state: Literal["ready", "suppressed", "failed"]
    cause: str = ""
    n: int | None = None
    rate: float | None = None


def index_page(
    entries: Sequence[Entry], card: Card, comparison_href: str = "", report_date: str = ""
) -> str:
    """Lay out the index of a campaign's reports as one HTML page, in the order of ``entries``."""
    facilities = [(name, list(group)) for name, group in groupby(entries, lambda e: e.facility)]
    counts = {state: sum(entry.state == state for entry in entries) for state in STATES}
    return str(
        render(
            "index",
            card=card,
            facilities=facilities,
            counts=counts,
            states=STATES,
            comparison_href=comparison_href,
            report_date=report_date,
            style=Markup(read_style("fragment.css") + read_style("page.css") + paper(card.title)),
        )
    )
