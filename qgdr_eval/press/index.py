"""The page that opens the folder, from the records of the ledger."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from qgdr_eval.campaigns.programme import Programme
from qgdr_eval.disclosure import Card, open_card
from qgdr_eval.press.folder import INDEX, KINDS, RESULTS
from qgdr_eval.press.ledger import Record, named_pages, read_records
from qgdr_eval.press.pages import NAMES, edition_of
from qgdr_eval.press.plan import Order
from qgdr_eval.reporting.page.index import Entry, index_page
from qgdr_eval.reporting.page.programme_index import Held, programme_page


def lay_index(
    card: Card,
    records: Iterable[Record | Order],
    made_with: Mapping[str, str],
    above: str = "",
) -> str:
    """The index of a run: a record for each page that was made, the order of the others.

    ``above``: the address of what stands above it, see `index_page`.
    """
    return index_page([entry_of(page) for page in records], card, made_with, above)


def entry_of(page: Record | Order) -> Entry:
    """The line of the index for a page that was made, or is still only ordered."""
    if isinstance(page, Order):
        name = NAMES.get(page.href, "")
        return Entry(
            page.facility,
            page.service,
            page.href,
            "pending",
            whole=name,
            edition=edition_of(page.href),
            of_kind=page.href.startswith(f"{KINDS}/"),
        )
    shown = not page.cause
    return Entry(
        facility=page.facility,
        service=page.service,
        href=page.page,
        state=page.state,
        cause=page.cause,
        n=page.n if shown else None,
        rate=page.rate if shown else None,
        date=page.date,
        results=page.results,
        output=page.output,
        whole=NAMES.get(page.page, ""),
        edition=edition_of(page.page),
        of_kind=page.page.startswith(f"{KINDS}/"),
    )


def lay_programme_index(
    programme: Programme, out: Path, pages: Iterable[Record | Order], made_with: Mapping[str, str]
) -> str:
    """The index of a programme: its campaigns, then the pages above them.

    ``programme.campaigns`` are the folders that stand in ``out``, not files any more.
    """
    standing = [_held(out / name) for name in programme.campaigns]
    return programme_page(programme, standing, [entry_of(page) for page in pages], made_with)


def _held(folder: Path) -> Held:
    """One campaign of a programme, and how many of its pages are in each state."""
    pages = (record for record in read_records(folder) if not edition_of(record.page))
    states: Counter[str] = Counter(record.state for record in pages)
    named = [page for page in named_pages(folder) if not edition_of(page)]
    states["pending"] = len(named) - states.total()
    card = open_card(folder / RESULTS)
    return Held(card.id, card.title, card.period, f"{folder.name}/{INDEX}", states, card.draft)
