"""The page that opens the folder, from the records of the ledger."""

from collections.abc import Iterable, Mapping

from qgdr_eval.disclosure import Card
from qgdr_eval.press.ledger import Record
from qgdr_eval.press.plan import Order
from qgdr_eval.reporting.index import Entry, index_page


def lay_index(card: Card, records: Iterable[Record | Order], made_with: Mapping[str, str]) -> str:
    """The index of a run: a record for each page that was made, the order of the others."""
    return index_page([entry_of(one) for one in records], card, made_with)


def entry_of(page: Record | Order) -> Entry:
    """The line of the index for a page that was made, or is still only ordered."""
    if isinstance(page, Order):
        return Entry(page.facility, page.service, page.href, "pending")
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
    )
