"""Which services stand where few do: among whom, from what, and what is told of each."""

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.comparison.funnel import fit_funnel, usual_rule
from qgdr_eval.comparison.unusual import FUNNEL_COLUMNS, curves_of, find_unusual
from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import FunnelRow
from tests.answered import publish_answers
from tests.scoring.campaigns import instrument

LEVELS = [45, 48, 50, 50, 52, 55, 55, 58, 5]  # the last one stands apart


def campaign(
    levels: list[int] = LEVELS,
    rule: str = "mean_0_100",
    people: int = 12,
    facilities: str = "f",
    **keys: object,
) -> Published:
    """Services whose people answer two items of five options around a level."""
    asked = instrument(["--=++"] * 2, rule=rule)
    steps = np.random.default_rng(5).integers(-1, 2, size=(len(levels), people, 2))
    centres = np.array(levels)[:, None, None] / 25 + 1
    codes = np.clip(np.round(centres + steps), 1, 5).astype(int)
    given = {
        (facilities[rank * len(facilities) // len(codes)], f"s{rank}"): rows
        for rank, rows in enumerate(codes)
    }
    return publish_answers(asked, given, **keys)


def kinds(names: list[str], kind: str) -> pd.DataFrame:
    return pd.DataFrame(
        [("f", name, kind) for name in names], columns=["facility", "service", "kind"]
    )


def test_every_service_shown_stands_among_all_of_them() -> None:
    found = find_unusual(campaign())
    assert list(found) == FUNNEL_COLUMNS
    assert found["service"].tolist() == [f"s{rank}" for rank in range(9)]
    assert set(found["kind"]) == {""}
    assert set(found["services"]) == {9}
    assert found["standing"].tolist()[-1] in ("low", "very_low")
    assert set(found["standing"][:-1]) == {"usual"}


def test_places_are_those_of_the_funnel_of_the_published_scores() -> None:
    published = campaign()
    scores = published.dimension_scores()
    scores = scores[scores["service"] != ""]
    within = published.spread.set_index(["dimension", "item"]).loc[("d0", ""), "deviation"]
    given = scores["score"].to_numpy(), scores["n_valid"].to_numpy(), within
    found = find_unusual(published)
    assert found["standing"].tolist() == fit_funnel(*given).position(*given[:2]).tolist()
    assert found["by_usual_rule"].tolist() == usual_rule(*given).position(*given[:2]).tolist()
    assert found["gap"].tolist() == fit_funnel(*given).smallest_gap(given[1]).round(1).tolist()


@pytest.mark.parametrize(
    ("published", "why"),
    [
        (campaign(LEVELS[:7]), "seven services"),
        (campaign([50] * 9, people=9), "nobody is shown"),
        (campaign(rule="maturity"), "a level is no mean of people"),
        (campaign([*LEVELS[:2]]), "no deviation is pooled over two services"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_said_where_it_would_mean_nothing(published: Published, why: str) -> None:
    assert find_unusual(published).empty, why


def test_a_kind_has_its_own_funnel_from_eight_services_on() -> None:
    names = [f"s{rank}" for rank in range(9)]
    eight = find_unusual(campaign(), kinds(names[:8], "Urgences"))
    of_kind = eight[eight["kind"] == "Urgences"]
    assert of_kind["service"].tolist() == names[:8]
    assert set(of_kind["services"]) == {8}
    assert len(eight[eight["kind"] == ""]) == 9
    seven = find_unusual(campaign(), kinds(names[:7], "Urgences"))
    assert set(seven["kind"]) == {""}


def test_the_order_of_services_changes_no_place() -> None:
    places = {
        tuple(order): dict(zip(found["service"], found["standing"], strict=True))
        for order in (range(9), [*range(9)][::-1])
        for found in [find_unusual(campaign(), kinds([f"s{rank}" for rank in order], "Urgences"))]
    }
    first, second = places.values()
    assert first == second


def test_what_stands_beside_a_score_is_printed_precision_only() -> None:
    found = find_unusual(campaign())
    tenths = found[["centre", "between", "gap", "steadied"]] * 10
    assert np.allclose(tenths, tenths.round())
    assert found["reliability"].between(0, 1).all()


def test_curves_open_where_people_are_few() -> None:
    row = rows_of(find_unusual(campaign()), FunnelRow)[0]
    curves = curves_of(row, np.array([5.0, 20, 80]))
    for low, high in curves.ends:
        widths = np.array(high) - np.array(low)
        assert (np.diff(widths) < 0).all()
    (low, high), (far_low, far_high) = curves.ends
    assert all(np.array(far_low) <= low)
    assert all(np.array(far_high) >= high)
