"""Bands, places, opting out, and the three ways of adding up, against figures made by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.region import Facility, Merged, behind, demo_region, position, regional
from qgdr_eval.region.definition import OptOut
from qgdr_eval.region.figures import ASIDE, marks_between, place_of
from qgdr_eval.region.sent import Group, Score
from qgdr_eval.reporting.region.report import facility_in, region_report
from qgdr_eval.reporting.region_pages import write_pages

SCORES = st.lists(st.decimals(0, 100, places=2).map(float), max_size=80)
DIMENSION = "perception_globale"


@given(SCORES)
def test_every_mark_has_five_facilities_on_each_side_and_is_no_end(scores: list[float]) -> None:
    marks = marks_between(scores)
    bands = np.bincount(np.searchsorted(marks, scores, side="right"), minlength=len(marks) + 1)
    assert all(n >= ASIDE for n in bands) or not marks
    assert all(min(scores) < mark < max(scores) for mark in marks)
    assert all(mark == int(mark) for mark in marks)


@given(SCORES.filter(lambda scores: len(scores) < 2 * ASIDE))
def test_under_ten_facilities_there_is_no_mark(scores: list[float]) -> None:
    assert marks_between(scores) == ()


@pytest.mark.parametrize(
    ("low", "high", "first", "last"),
    [(10, 20, 0, 0), (40, 55, 1, 1), (30, 50, 0, 1), (10, 90, 0, 2), (60, 80, 2, 2)],
)
def test_a_place_reaches_as_far_as_its_interval(low: int, high: int, first: int, last: int) -> None:
    score = Score(dimension="d", item="", n=20, score=(low + high) / 2, low=low, high=high)
    place = place_of(score, (40.0, 60.0))
    assert (place.first, place.last, place.of) == (first, last, 3)


def group(name: str, head_count: int, n: int, score: float) -> Group:
    own = Score(dimension=DIMENSION, item="", n=n, score=score, low=score - 10, high=score + 10)
    return Group(name=name, head_count=head_count, n=n, scores=(own,))


def test_three_ways_of_adding_up_by_hand() -> None:
    """(40 + 70) / 2 = 55; (10·40 + 30·70) / 40 = 62.5; (60·40 + 40·70) / 100 = 52.

    Each interval is 10 on each side: over two services of weight a half, √(5² + 5²) = 7.07.
    """
    services = (group("A", 60, 10, 40), group("B", 40, 30, 70))
    one = Facility(name="CH", asked=3, people=120, services=services)
    made = demo_region().kept[0].sent.model_copy(update={"facilities": (one,)})
    whole = demo_region()
    region = whole.region.model_copy(
        update={"keys": (whole.region.keys[0].model_copy(update={"facilities": ("CH", "CHU")}),)}
    )
    kept = (type(whole.kept[0])("ch.json", made),)
    found = Merged(region, whole.instrument, kept, ())
    row = regional(found, DIMENSION)
    assert (row.of_services.score, row.pooled.score, row.weighted.score) == (55, 62.5, 52)
    assert row.of_services.high - row.of_services.score == pytest.approx(7.0711, abs=1e-4)
    assert row.marks == ()
    stands = behind(found)
    assert (stands.facilities, stands.expected) == (1, 2)
    assert (stands.services, stands.services_asked) == (2, 3)
    assert (stands.people, stands.people_asked) == (40, 120)


def without(merged: Merged, *outs: OptOut) -> Merged:
    region = merged.region.model_copy(update={"opts_out": outs})
    return Merged(region, merged.instrument, merged.kept, merged.refused)


def test_who_opts_out_of_a_position_is_neither_placed_nor_counted() -> None:
    merged = demo_region()
    first = merged.facilities[0]
    out = without(merged, OptOut(facility=first.name, of=("position",), dimensions=(DIMENSION,)))
    assert position(merged, first, DIMENSION) is not None
    assert position(out, first, DIMENSION) is None
    assert sum(regional(out, DIMENSION).counts) == sum(regional(merged, DIMENSION).counts) - 1
    other = merged.instrument.dimensions[1].id
    assert position(out, first, other) == position(merged, first, other)


def test_who_opts_out_of_its_name_is_named_on_its_own_page_alone(tmp_path: Path) -> None:
    merged = demo_region()
    name = merged.facilities[4].name
    out = without(merged, OptOut(facility=name, of=("name",)))
    pages = write_pages(out, tmp_path / "pages", "2026-11-16")
    told = {page: name in (tmp_path / "pages" / page).read_text("utf-8") for page in pages}
    assert [page for page, said in told.items() if said] == [pages[5]]


def test_a_page_names_no_other_facility_and_the_region_places_none(tmp_path: Path) -> None:
    merged = demo_region()
    report = region_report(merged)
    names = [one.name for one in merged.facilities]
    pages = write_pages(merged, tmp_path / "pages", "2026-11-16")
    own = (tmp_path / "pages" / pages[1]).read_text("utf-8")
    assert names[0] in own
    assert not [name for name in names[1:] if name in own]
    assert "Vous êtes ici" not in (tmp_path / "pages" / pages[0]).read_text("utf-8")
    prints = {facility_in(report, one).fingerprint for one in merged.facilities}
    assert len(prints) == len(names)
