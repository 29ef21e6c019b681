"""The way round a folder of reports: which page leads to which, told once the orders are known.

The press puts links, not notebooks: a page may then be adapted without minding where others stand.
A link names a service that is hidden, or one of another facility, on no page of a service.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from qgdr_eval.fingerprint import of_values
from qgdr_eval.press.folder import COMPARISON, FACILITIES, INDEX, KINDS, PLANS, POLES, SERVICES
from qgdr_eval.press.pages import whole_pages
from qgdr_eval.press.plan import Order
from qgdr_eval.reporting.page.ways import Link, Ways

ABOVE = {POLES: "Ses tableaux de bord", PLANS: "Ses plans d'actions"}
HOME: Link = (INDEX, "Toutes les pages")
Place = tuple[str, str]  # facility, service


def led(order: Order, ways: Ways) -> Order:
    """An order whose page leads there: other links make another page."""
    told = of_values([list(ways.up), [[title, list(links)] for title, links in ways.beside]])
    return replace(order, ways=ways, inputs=order.inputs | {"ways": told})


def lead_round(orders: Sequence[Order], kinds: Mapping[Place, str], subject: str) -> list[Order]:
    """The orders of a campaign, each with the ways of its page.

    ``kinds``: of what kind services are; ``subject``: a page of a person leads to no other person.
    """
    if not whole_pages(subject):
        return [led(order, Ways(up=(HOME,))) for order in orders]
    folder = _Folder(orders, kinds)
    return [led(order, folder.ways(order)) for order in orders]


def lead_above(orders: Sequence[Order], campaigns: Mapping[str, Sequence[Link]]) -> list[Order]:
    """The orders that stand above campaigns, each with the ways of its page.

    ``campaigns``: for each facility, the page of each campaign that speaks of it. A facility leads
    to what there is of it, which leads back; no page leads to another facility.
    """
    of = {order.facility: order for order in _under(FACILITIES, orders)}
    found = []
    for order in orders:
        own = [one for one in orders if one.facility == order.facility and one is not order]
        groups = tuple(
            (title, tuple((one.href, one.title) for one in _under(folder, own)))
            for folder, title in ABOVE.items()
        )
        if order.href.startswith(f"{FACILITIES}/"):
            here = ("Ses campagnes", tuple(campaigns.get(order.facility, ())))
            found.append(led(order, Ways((HOME,), (here, *groups))))
        else:
            back = of.get(order.facility)
            up = ((back.href, back.title),) if back else ()
            found.append(led(order, Ways((HOME, *up), groups)))
    return found


class _Folder:
    """The orders of a campaign by what their pages are about."""

    def __init__(self, orders: Sequence[Order], kinds: Mapping[Place, str]) -> None:
        self._kinds = kinds
        self._services = _under(SERVICES, orders)
        self._facilities = {order.facility: order for order in _under(FACILITIES, orders)}
        self._of_kinds = {order.service: order for order in _under(KINDS, orders)}
        whole = [order for order in orders if order.href == COMPARISON]
        self._up = (HOME, *((order.href, order.name) for order in whole))
        self._own: dict[str, list[Order]] = {}
        for order in self._services:
            self._own.setdefault(order.facility, []).append(order)

    def ways(self, order: Order) -> Ways:
        """Where the page of an order leads."""
        known = {SERVICES: self._of_service, FACILITIES: self._of_facility, KINDS: self._of_kind}
        return known.get(order.href.partition("/")[0], self._of_whole)(order)

    def _of_whole(self, order: Order) -> Ways:
        return Ways((HOME,), self._everything() if order.href == COMPARISON else ())

    def _of_facility(self, order: Order) -> Ways:
        services = _links(self._own[order.facility])
        return Ways(self._up, (("Les services de l'établissement", services),))

    def _of_service(self, order: Order) -> Ways:
        kind = self._kinds.get((order.facility, order.service), "")
        above = (self._facilities.get(order.facility), self._of_kinds.get(kind))
        up = (*self._up, *_links(one for one in above if one))
        beside = _links(
            one for one in self._own[order.facility] if one is not order and not one.hidden
        )
        return Ways(up, (("Dans le même établissement", beside),) if beside else ())

    def _of_kind(self, order: Order) -> Ways:
        shown = [
            (one.href, f"{one.service} ({one.facility})")
            for one in self._services
            if not one.hidden and self._kinds.get((one.facility, one.service)) == order.service
        ]
        others = _links(one for one in self._of_kinds.values() if one is not order)
        return Ways(self._up, (("Ces services", tuple(shown)), ("Les autres types", others)))

    def _everything(self) -> tuple[tuple[str, tuple[Link, ...]], ...]:
        """What the comparison leads to: facilities where each has a page, else services."""
        kinds = ("Un type de service, tous établissements", _links(self._of_kinds.values()))
        if self._facilities:
            return (("Les établissements", _links(self._facilities.values())), kinds)
        return (*((facility or "Les services", _links(own)) for facility, own in self._own.items()),
                kinds)  # fmt: skip


def _under(folder: str, orders: Iterable[Order]) -> list[Order]:
    return [order for order in orders if order.href.startswith(f"{folder}/")]


def _links(orders: Iterable[Order]) -> tuple[Link, ...]:
    return tuple((order.href, order.name) for order in orders)
