"""Two versions set side by side, whatever they are; the worked cases stand in ``tests/spec``."""

import random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.instruments import Instrument, load_instrument, shipped_instruments
from qgdr_eval.instruments.difference import Difference, differ
from tests.rounds import AUDIT, PEOPLE
from tests.thorough import examples

BASE = Instrument.model_validate(yaml.safe_load(PEOPLE))
GRID = Instrument.model_validate(yaml.safe_load(AUDIT))


@st.composite
def versions(draw) -> Instrument:
    """The small questionnaire with some items gone, renamed, reworded, turned, moved, shuffled."""
    items = []
    for item in BASE.items:
        changes = draw(st.fixed_dictionaries({}, optional={
            "code": st.just(f"{item.code}x"),
            "text": st.sampled_from(["Autre chose", f"{item.text} ?"]),
            "reversed": st.booleans(),
            "dimension": st.sampled_from([one.id for one in BASE.dimensions]),
            "critical": st.booleans(),
        }))  # fmt: skip
        if draw(st.integers(0, 4)):
            items.append(item.model_copy(update=changes))
    random.Random(draw(st.integers(0, 99))).shuffle(items)
    return BASE.model_copy(update={"items": tuple(items) or BASE.items})


def codes(found: Difference, change: str) -> set[str]:
    return {one.code for one in found.items if change in one.changes}


@pytest.mark.parametrize("id", shipped_instruments())
def test_an_instrument_is_comparable_with_itself(id):
    one = load_instrument(id)
    found = differ(one, one)
    assert {(item.changes, item.state) for item in found.items} == {((), "comparable")}
    assert {(whole.changes, whole.state) for whole in found.dimensions} == {((), "comparable")}
    assert found.renamed == ()


@settings(max_examples=examples(200), deadline=None)
@given(versions(), versions())
def test_what_one_way_adds_the_other_removes(one, other):
    there, back = differ(one, other), differ(other, one)
    assert codes(there, "added") == codes(back, "removed") == set(other.codes) - set(one.codes)
    for change in ("reworded", "turned", "dimension", "critical", "rule", "scale"):
        assert codes(there, change) == codes(back, change)
    assert set(there.broken) == set(back.broken)


@settings(max_examples=examples(200), deadline=None)
@given(versions(), versions())
def test_a_dimension_is_compared_only_when_its_items_are(one, other):
    found = differ(one, other)
    for whole in found.dimensions:
        asked = [
            [(item.code, item.reversed) for item in asked.items_of(whole.id)]
            for asked in (one, other)
        ]
        assert found.compares(whole.id) == (sorted(asked[0]) == sorted(asked[1]))


def test_a_code_that_changed_is_proposed_and_never_assumed():
    items = (BASE.items[0].model_copy(update={"code": "E9"}), *BASE.items[1:])
    found = differ(BASE, BASE.model_copy(update={"items": items}))
    assert found.renamed == (("E1", "E9"),)
    assert codes(found, "added") == {"E9"}
    assert codes(found, "removed") == {"E1"}
    assert found.broken == ["ecoute"]


def test_another_text_under_another_code_is_no_new_name():
    update = {"code": "E9", "text": "Le planning est connu deux semaines avant"}
    items = (BASE.items[0].model_copy(update=update), *BASE.items[1:])
    assert differ(BASE, BASE.model_copy(update={"items": items})).renamed == ()


def test_one_item_carried_elsewhere_leaves_the_others_in_their_order():
    items = (*GRID.items[1:], GRID.items[0])
    assert codes(differ(GRID, GRID.model_copy(update={"items": items})), "order") == {"T1"}


def test_the_tables_of_risks_are_part_of_their_rule():
    risks = load_instrument("compte_qualite")
    gross = (risks.risk.gross[0].model_copy(update={"levels": (4,) * 5}), *risks.risk.gross[1:])
    other = risks.model_copy(update={"risk": risks.risk.model_copy(update={"gross": gross})})
    assert len(differ(risks, other).broken) == len(risks.dimensions)
