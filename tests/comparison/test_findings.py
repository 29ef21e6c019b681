"""What matters is decided once: which findings there are, where a page names them, in what order.

Expected parts and ranks are worked by hand from counts of answers: « oui » of 100 people, say, is
the score; whole intervals follow from counts far enough from their mark.
"""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.comparison import read_dimensions
from qgdr_eval.comparison.findings import FINDING_COLUMNS, find, named
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.instruments import load_instrument
from tests.actions.results import FACILITY, everything, instrument, published
from tests.answered import answered, publish_answers
from tests.thorough import examples


def found(results, service="S"):
    rows = rows_of(find(results, read_dimensions(results)), service=service)
    return [(row.part, int(row.rank), row.kind, row.item or row.dimension) for row in rows]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # d: 20 % of 200, e: 30 %: two priorities, the lowest first
        (
            everything(0, 80, 20, e1=(0, 70, 30), e2=(0, 70, 30)),
            [("priority", 1, "low_dimension", "d"), ("priority", 2, "low_dimension", "e")],
        ),
        # d: 90 % and e: 95 %: two strengths, the highest first
        (
            everything(0, 10, 90, e1=(0, 5, 95), e2=(0, 5, 95)),
            [("strength", 1, "strength", "e"), ("strength", 2, "strength", "d")],
        ),
        # e: 20 and 90 %: one question is low, its dimension is between the marks
        (
            everything(0, 10, 90, e1=(0, 80, 20)),
            [("discuss", 1, "low_item", "e1"), ("strength", 1, "strength", "d")],
        ),
        # e: 35 % against 65 % twice: one question is told of the dimension, the first of two alike
        (
            everything(0, 10, 90, e1=(35, 0, 65), e2=(35, 0, 65)),
            [("discuss", 1, "split", "e1"), ("strength", 1, "strength", "d")],
        ),
        # d1 40 against 60, e1 31 against 69: the most divided first
        (
            everything(0, 40, 60, d1=(40, 0, 60), e1=(31, 0, 69)),
            [("discuss", 1, "split", "d1"), ("discuss", 2, "split", "e1")],
        ),
        # a low dimension settles what is said of its questions, split or not
        (
            everything(0, 10, 90, e1=(65, 0, 35), e2=(0, 90, 10)),
            [("priority", 1, "low_dimension", "e"), ("strength", 1, "strength", "d")],
        ),
    ],
)
def test_what_a_page_names_and_in_what_order(answers, expected):
    assert found(published({"S": answers})) == expected


def test_what_is_only_rather_low_comes_before_a_split_question():
    answers = everything(0, 33, 27, e1=(24, 0, 36), e2=(0, 10, 50))
    assert [kind for _, _, kind, _ in found(published({"S": answers}))] == ["perhaps_low", "split"]


def test_an_audit_names_critical_criteria_then_each_one_under_its_objective():
    """Of 40 records of 400: 90, 60 and 50 % are under 100, 80 and 80."""
    asked = instrument("conformity", "record", critical=("d1",))
    answers = everything(0, 0, 40, d1=(4, 0, 36), e1=(16, 0, 24), e2=(20, 0, 20))
    assert found(published({"S": answers}, asked, drawn_from=400))[:3] == [
        ("first", 1, "critical", "d1"),
        ("discuss", 1, "under_objective", "e2"),
        ("discuss", 2, "under_objective", "e1"),
    ]


def test_a_criterion_is_told_once_by_itself_or_behind_its_dimension():
    """Of 40 records, d: 95 and 25 %; d1 is critical, d2 under the objective; e is met."""
    asked = instrument("conformity", "record", critical=("d1",))
    answers = everything(0, 0, 40, d1=(2, 0, 38), d2=(30, 0, 10))
    results = published({"S": answers}, asked, drawn_from=400)
    rows = rows_of(find(results, read_dimensions(results)), service="S")
    told = [row.item for row in rows if row.item]
    told += [code for row in rows for code in filter(None, row.behind.split("\n"))]
    assert {"d1", "d2"} <= set(told)
    assert len(told) == len(set(told))


def test_the_heaviest_items_stand_behind_a_dimension():
    answers = everything(0, 80, 20, d2=(0, 90, 10), e1=(0, 5, 95), e2=(0, 2, 98))
    results = published({"S": answers})
    rows = rows_of(find(results, read_dimensions(results)), service="S")
    behind = {row.kind: row.behind.split("\n") for row in rows}
    assert behind == {"low_dimension": ["d2", "d1"], "strength": ["e2", "e1"]}


def test_totals_have_findings_of_their_own():
    low, high = everything(0, 80, 20), everything(0, 10, 90)
    results = published({"S": low, "T": high, "U": low})
    frame = find(results, read_dimensions(results))
    assert set(zip(frame["facility"], frame["service"], strict=True)) >= {
        (FACILITY, "S"), (FACILITY, "T"), (FACILITY, "U"),
    }  # fmt: skip
    assert list(frame) == FINDING_COLUMNS


def test_a_page_names_all_that_comes_first_and_three_of_each_other_part():
    rows = [
        SimpleNamespace(part=part, rank=rank)
        for part in ("first", "discuss")
        for rank in range(1, 6)
    ]
    assert [(row.part, row.rank) for row in named(rows)] == [
        *(("first", rank) for rank in range(1, 6)),
        *(("discuss", rank) for rank in range(1, 4)),
    ]


@settings(deadline=None, max_examples=examples(30))
@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=4, max_size=4))
def test_ranks_run_from_one_and_no_question_is_told_twice(counts):
    answers = dict(zip(("d1", "d2", "e1", "e2"), counts, strict=True))
    rows = found(published({"S": answers, "T": everything(5, 5, 20)}))
    by_part = {}
    for part, rank, _, _ in rows:
        by_part.setdefault(part, []).append(rank)
    assert all(ranks == list(range(1, len(ranks) + 1)) for ranks in by_part.values())
    assert len({subject for _, _, _, subject in rows}) == len(rows)


def ratings(**given):
    """A position on the preparatory grid: every criterion rated 4 but for some; 0: not rated."""
    asked = load_instrument("essms_preparatoire")
    counts = {code: [(given.get(code, 4), 1)] for code in asked.codes}
    return publish_answers(asked, {(FACILITY, "S"): answered(asked, counts)})


def of_kind(imperative):
    """Codes of two imperative criteria, or of two others, of the dimension that has most."""
    asked = load_instrument("essms_preparatoire")
    codes = {
        dimension.id: [
            item.code for item in asked.items_of(dimension.id) if item.critical == imperative
        ]
        for dimension in asked.dimensions
    }
    return max(codes.values(), key=len)[:2]


def test_an_imperative_criterion_under_four_comes_first_and_unrated_ones_after():
    low, unrated = of_kind(imperative=True)
    rows = found(ratings(**{low: 2, unrated: 0}))
    assert [row for row in rows if row[0] == "first"] == [
        ("first", 1, "critical", low),
        ("first", 2, "critical", unrated),
    ]


def test_a_criterion_rated_one_comes_before_one_rated_two():
    first, second = of_kind(imperative=False)
    rows = found(ratings(**{first: 2, second: 1}))
    low = [item for _, _, kind, item in rows if kind == "low_item"]
    assert low == [second, first]


def risks(**given):
    """A risk map where some risks are rated (gravity, likelihood, control) and nothing else is."""
    asked = load_instrument("compte_qualite")
    roles = ("gravity", "likelihood", "control")
    counts = {
        item.code: [(given[dimension][roles.index(item.role)], 1)]
        for dimension in given
        for item in asked.items_of(dimension)
    }
    return publish_answers(asked, {(FACILITY, "S"): answered(asked, counts)})


def test_of_two_risks_in_the_worst_zone_the_gravest_comes_first():
    """Gravity 4 and 5, as likely as can be, not mastered at all; a third is mastered."""
    first, second, third = (one.id for one in load_instrument("compte_qualite").dimensions[:3])
    rows = found(risks(**{first: (4, 5, 1), second: (5, 5, 1), third: (5, 5, 5)}))
    assert rows == [("first", 1, "worst_zone", second), ("first", 2, "worst_zone", first)]


def test_a_risk_that_two_groups_rate_otherwise_has_no_zone_to_be_named_for():
    asked = load_instrument("compte_qualite")
    codes = {"gravity": (4, 5), "likelihood": (5, 5), "control": (1, 1)}
    first = asked.dimensions[0].id
    counts = {item.code: [(code, 1) for code in codes[item.role]] for item in asked.items_of(first)}
    results = publish_answers(asked, {(FACILITY, "S"): answered(asked, counts)})
    assert found(results) == []


def test_without_a_mark_what_each_dimension_lacks_most_is_told_the_lowest_dimension_first():
    """Of dimension e nothing is done, of d half: e first, by the first of its two questions."""
    asked = instrument("checklist", "group").model_copy(update={"thresholds": ()})
    answers = {"d1": (1, 0, 0), "d2": (0, 0, 1), "e1": (1, 0, 0), "e2": (1, 0, 0)}
    assert found(published({"S": answers}, asked)) == [
        ("discuss", 1, "lowest_answer", "e1"),
        ("discuss", 2, "lowest_answer", "d1"),
    ]


def test_of_two_depths_that_miss_levels_the_one_that_misses_most_is_told():
    asked = load_instrument("profil_directeur_qualite")
    items = [item for item in asked.items if item.required is not None]
    places = {item.code: depth_asked(asked, item) for item in items}
    dimension = items[0].dimension
    deep = [code for code, place in places.items()
            if place >= 2 and asked.item(code).dimension == dimension]  # fmt: skip
    levels = {deep[0]: 1, deep[1]: 2}  # how many are missing
    counts = {}
    for item in items:
        given = places[item.code] - levels.get(item.code, 0)
        counts[item.code] = [(asked.scale_of(item).options[given].code, 1)]
    rows = found(publish_answers(asked, {(FACILITY, "S"): answered(asked, counts)}))
    assert ("lowest_answer", deep[1]) in {(kind, item) for _, _, kind, item in rows}
    assert len([kind for _, _, kind, _ in rows if kind == "lowest_answer"]) == 1


def depth_asked(asked, item):
    """The place of the level an item asks for."""
    codes = [option.code for option in asked.scale_of(item).options]
    return codes.index(item.required)
