"""Promised, done, moved: side by side, never one as the cause of the other."""

import re

import pytest

from qgdr_eval.actions import close_loop, make_actions
from qgdr_eval.actions.loop import LOOP_COLUMNS
from tests.actions.results import FACILITY, evolution, instrument

NAN = float("nan")
ASKED = instrument()
MOVES = {
    "improved": (40, 62, 22, 5, 37),
    "worsened": (62, 40, -22, -37, -5),
    "not_established": (50, 54, 4, -9, 17),
    "not_compared": (NAN, 54, NAN, NAN, NAN),
    "declared": (40, 62, 22, NAN, NAN),
}
# What would tie the action to the move.
CAUSAL = r"grâce|permis|effet|entraîn|donc|à cause|résultat de|amélior|efficac|parce"


def action(**said):
    return {"id": "A", "facility": FACILITY, "service": "S", "dimension": "d",
            "state": "réalisé", **said}  # fmt: skip


def moved(verdict, **where):
    before, now, difference, low, high = MOVES[verdict]
    return {"service": "S", "dimension": "d", "score_before": before, "score": now,
            "difference": difference, "low": low, "high": high, "verdict": verdict,
            **where}  # fmt: skip


@pytest.mark.parametrize("verdict", MOVES)
@pytest.mark.parametrize("state", ["à faire", "en cours", "réalisé", "évalué", "abandonné"])
def test_a_reading_never_says_that_the_action_caused_the_move(verdict, state):
    loop = close_loop(make_actions([action(state=state)]), evolution(moved(verdict)), ASKED)
    (row,) = loop.itertuples()
    assert row.verdict == verdict
    assert row.done == (state in ("réalisé", "évalué"))
    assert not re.search(CAUSAL, row.reading)
    assert list(loop) == LOOP_COLUMNS


def test_a_move_is_said_with_both_figures_and_its_interval():
    (row,) = close_loop(make_actions([action()]), evolution(moved("improved")), ASKED).itertuples()
    assert row.reading.replace("\u202f", " ") == (
        "Action faite. Mesure : 40 % (n = 20), puis 62 % (n = 22) ; écart +22 points [+5 ; +37], "
        "progression établie."
    )


def test_what_stood_low_is_judged_from_where_it_was_expected():
    """40 % came back to 52 % by itself: of 22 points, ten are left, which establish nothing."""
    beyond = {"expected": 52, "beyond": 10, "beyond_low": -4, "beyond_high": 23}
    rows = evolution(moved("improved", **beyond))
    (row,) = close_loop(make_actions([action()]), rows, ASKED).itertuples()
    assert row.verdict == "not_established"
    assert row.reading.replace("\u202f", " ").replace("\xa0", " ") == (
        "Action faite. Mesure : 40 % (n = 20), puis 62 % (n = 22) ; écart +22 points [+5 ; +37]. "
        "Partie de bas, elle remontait sans doute d'elle-même vers 52 % ; au-delà, écart "
        "+10 points [−4 ; +23], évolution non établie : ces réponses ne permettent pas de dire "
        "que la mesure a bougé, ni qu'elle est restée la même."
    )


@pytest.mark.parametrize(
    ("expected", "low", "verdict"),
    [
        (45, 3, "improved"),
        (45, -3, "not_established"),
        (40.5, -3, "improved"),
        (30, -3, "improved"),
    ],
)
def test_only_a_measure_that_stood_low_has_to_gain_beyond(expected, low, verdict):
    """Less than a point under what was expected is where it was expected; above is no excuse."""
    beyond = {"expected": expected, "beyond": 62 - expected, "beyond_low": low, "beyond_high": 40}
    (row,) = close_loop(
        make_actions([action()]), evolution(moved("improved", **beyond)), ASKED
    ).itertuples()
    assert row.verdict == verdict


def test_a_fall_is_a_fall_wherever_it_started():
    beyond = {"expected": 70, "beyond": -30, "beyond_low": -44, "beyond_high": -12}
    (row,) = close_loop(
        make_actions([action()]), evolution(moved("worsened", **beyond)), ASKED
    ).itertuples()
    assert row.verdict == "worsened"


def test_two_declared_positions_are_not_said_as_a_measure():
    (row,) = close_loop(make_actions([action()]), evolution(moved("declared")), ASKED).itertuples()
    assert row.reading.replace("\u202f", " ") == (
        "Action faite. Position déclarée : 40 %, puis 62 % ; rien n'y est mesuré."
    )


def test_what_is_not_established_is_neither_up_nor_down():
    plan = make_actions([action()])
    (row,) = close_loop(plan, evolution(moved("not_established")), ASKED).itertuples()
    assert "non établie" in row.reading
    assert "ni qu'elle est restée la même" in row.reading
    (row,) = close_loop(plan, evolution(moved("not_established", low=1)), ASKED).itertuples()
    assert "prises ensemble" in row.reading


def test_each_action_meets_its_own_service_and_item():
    plan = make_actions([
        action(id="A"),
        action(id="B", item="d1"),
        action(id="C", service="T"),
        action(id="D", facility="Ailleurs"),
        action(id="E", service="", pole="Médecine"),
        action(id="F", dimension=""),
    ])  # fmt: skip
    loop = close_loop(
        plan,
        evolution(moved("improved"), moved("worsened", item="d1"),
                  moved("not_established", service="T")),
        ASKED,
    )  # fmt: skip
    assert dict(zip(loop["id"], loop["verdict"], strict=True)) == {
        "A": "improved",
        "B": "worsened",
        "C": "not_established",
        "D": "not_compared",
    }


def test_without_an_evolution_nothing_is_compared():
    loop = close_loop(make_actions([action()]), evolution(moved("improved")).head(0), ASKED)
    assert loop["verdict"].tolist() == ["not_compared"]
    assert close_loop(make_actions([]), evolution(moved("improved")), ASKED).empty
