"""What the page of a facility, or of a kind of service, may read of stored results."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.campaigns.results import write_results
from qgdr_eval.disclosure import (
    Published,
    Slice,
    list_facilities,
    list_kinds,
    open_facility,
    open_kind,
    open_place,
)
from qgdr_eval.disclosure.rounds import Rounds
from qgdr_eval.disclosure.store import OF_A_GROUP
from tests.answered import publish_answers
from tests.reporting.fictitious import make_instrument

SIZES = {  # respondents; under ten is hidden
    ("A", "Bloc"): 12, ("A", "SAU"): 14, ("A", "Nuit"): 4, ("A", "Jour"): 13,
    ("B", "Bloc"): 15, ("B", "SAU"): 3, ("B", "Jour"): 11,
    ("C", "SAU"): 12, ("C", "Bloc"): 5,
}  # fmt: skip
KINDS = {"SAU": "Urgences", "Bloc": "Bloc opératoire", "Jour": "Hospitalisation de jour"}


@pytest.fixture(scope="module")
def published() -> Published:
    rng = np.random.default_rng(20261130)
    asked = make_instrument(dimensions=2)
    return publish_answers(
        asked, {place: rng.integers(1, 6, (n, len(asked.items))) for place, n in SIZES.items()}
    )


@pytest.fixture(scope="module")
def stored(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parts") / "resultats.sqlite"
    rows = [(*place, KINDS[place[1]]) for place in SIZES if place[1] in KINDS]
    kinds = pd.DataFrame(rows, columns=["facility", "service", "kind"])
    write_results(Rounds(published, kinds=kinds), path)
    return path


def places(slice: Slice) -> set[tuple[str, str]]:
    """Every group that any frame of a slice names, around its part left out."""
    frames = [getattr(slice.published, name) for name in OF_A_GROUP] + list(slice.beside.values())
    return {
        place
        for frame in frames
        for place in frame[["facility", "service"]].itertuples(index=False, name=None)
    }


def test_a_facility_reads_its_services_and_its_total_and_no_other(stored):
    for facility in "ABC":
        own = {place for place in SIZES if place[0] == facility} | {(facility, "")}
        assert places(open_facility(stored, facility)) == own


def test_a_kind_reads_the_services_that_are_shown_and_no_total(stored, published):
    shown = published.participation[published.participation["status"] == "published"]
    shown = set(shown[["facility", "service"]].itertuples(index=False, name=None))
    found = {kind: places(open_kind(stored, kind)) for kind in KINDS.values()}
    assert found == {
        kind: {place for place in SIZES if place[1] == service and place in shown}
        for service, kind in KINDS.items()
    }
    # What is hidden is hidden here too.
    assert ("B", "SAU") not in found["Urgences"]
    assert ("A", "SAU") in found["Urgences"]
    assert places(open_kind(stored, "Inconnu")) == set()


@pytest.mark.parametrize("fewest", [1, 2, 3])
def test_kinds_are_those_of_which_enough_services_are_shown(stored, fewest):
    kinds = [place.service for place in list_kinds(stored, fewest)]
    shown = {kind: len(places(open_kind(stored, kind))) for kind in ("Bloc opératoire",
             "Urgences", "Hospitalisation de jour")}  # fmt: skip
    assert kinds == [kind for kind, services in shown.items() if services >= fewest]


def test_a_part_is_known_by_the_fingerprint_of_what_it_reads(stored):
    for place in list_facilities(stored):
        assert open_facility(stored, place.facility).fingerprint == place.fingerprint
        assert place.n == open_place(stored, place.facility, "").n
    for place in list_kinds(stored):
        assert open_kind(stored, place.service).fingerprint == place.fingerprint
        assert (place.n, place.rate) == (None, None)


def test_results_that_say_no_kinds_have_none(published, tmp_path):
    write_results(Rounds(published), tmp_path / "r.sqlite")
    assert list(list_kinds(tmp_path / "r.sqlite")) == []
    assert places(open_kind(tmp_path / "r.sqlite", "Urgences")) == set()
