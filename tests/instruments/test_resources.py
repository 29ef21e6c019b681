"""A document that several questionnaires name has one title, one publisher and one year."""

import re
import unicodedata
from collections import defaultdict

from qgdr_eval.instruments import load_instrument, shipped_instruments

NAMED = sorted(
    {
        resource
        for name in shipped_instruments()
        for dimension in load_instrument(name).dimensions
        for resource in dimension.resources
    }
)


def title_of(resource: str) -> str:
    """The letters and digits of a title, without what stands in brackets after it."""
    bare = unicodedata.normalize("NFD", resource.split(" (")[0]).casefold()
    return "".join(letter for letter in bare if letter.isalnum())


def test_no_document_is_written_two_ways() -> None:
    written = defaultdict(list)
    for resource in NAMED:
        written[title_of(resource)].append(resource)
    assert [ways for ways in written.values() if len(ways) > 1] == []


def test_no_address_stands_under_two_titles() -> None:
    found = defaultdict(set)
    for resource in NAMED:
        for address in re.findall(r"https?://\S+", resource):
            found[address.rstrip(".,;)")].add(resource)
    assert [ways for ways in found.values() if len(ways) > 1] == []


def test_publishers_have_one_name() -> None:
    """As they write it in their documents: Anesm, Anaes; a title keeps its own capitals."""
    given = [match for resource in NAMED for match in re.findall(r"\(([^()]*)\)", resource)]
    assert [one for one in given if re.search(r"\b(?:ANESM|ANAES|Has|Forap)\b", one)] == []
