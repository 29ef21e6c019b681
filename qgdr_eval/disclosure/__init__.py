"""What may be published: small groups, and the groups that would give them away, are hidden."""

from qgdr_eval.disclosure.publish import publish
from qgdr_eval.disclosure.published import Card, Published
from qgdr_eval.disclosure.store import (
    Place,
    Slice,
    list_facilities,
    list_kinds,
    list_places,
    list_services,
    open_beside,
    open_card,
    open_facility,
    open_kind,
    open_place,
    open_published,
    open_slice,
    service_kinds,
    write_published,
)

__all__ = [
    "Card",
    "Place",
    "Published",
    "Slice",
    "list_facilities",
    "list_kinds",
    "list_places",
    "list_services",
    "open_beside",
    "open_card",
    "open_facility",
    "open_kind",
    "open_place",
    "open_published",
    "open_slice",
    "publish",
    "service_kinds",
    "write_published",
]
