"""No publication leaves that gives back what it hides: the attack at run time, on good and bad.

Bad ones are made here, by hand, as a fault in what chooses what to hide would let them out.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from qgdr_eval.disclosure import Published, publish
from qgdr_eval.disclosure.attack import attack
from qgdr_eval.disclosure.bounds import Contradiction, Solver, System
from qgdr_eval.disclosure.layers import layer_alone
from qgdr_eval.disclosure.levels import break_down
from qgdr_eval.disclosure.publish import Read
from qgdr_eval.disclosure.registration import publish_beside
from qgdr_eval.disclosure.sight import Layer
from qgdr_eval.disclosure.withstood import withstand
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.scoring import code_answers, evaluate
from tests.disclosure.attack import EMPTY, attack_one_at_run_time, instruments
from tests.disclosure.attack_printings import attack_printed_at_run_time
from tests.disclosure.campaigns import answers, campaign, instrument

MINIMUM = 10
A, B, C = ("F", "A"), ("F", "B"), ("F", "C")
CHANCE = np.random.default_rng(8)
TEAMS = {place: CHANCE.integers(1, 6, (n, 3)) for place, n in ((A, 14), (B, 12), (C, 4))}


def read(values, strata=None, rule="positive_share") -> Read:
    asked = campaign(MINIMUM, ("profession",) if strata else ())
    attacked = asked.disclosure.model_copy(update={"attack": True})
    asked = asked.model_copy(update={"disclosure": attacked})
    return Read(asked, instrument(3, rule), answers(list(values), values, strata), EMPTY)


def unprotected(given: Read) -> pd.DataFrame:
    """Every score of a campaign, as it is before anything is hidden; totals count everybody."""
    levels = break_down(given.answers, given.campaign.columns.strata, 1)
    coded = code_answers(given.answers.responses, given.instrument)
    scores = evaluate(coded, levels.breakdowns)
    return scores.assign(status=np.where(scores["n_valid"] > 0, "published", "no_answer"))


def with_totals_of_everybody(given: Read, published: Published) -> Layer:
    """A publication whose small service is hidden, and counted in the totals all the same."""
    open_ = unprotected(given)
    plain = open_["stratum"] == ""
    total = published.scores["service"] == ""
    keys = ["facility", "service", "stratum", "dimension", "item", "measure"]
    places = open_[plain & (open_["service"] == "")].astype(dict.fromkeys(keys, str))
    services = published.scores[~total].astype(dict.fromkeys(keys, str))
    rows = pd.concat([services, places], ignore_index=True)
    layer = layer_alone(given, published)
    return Layer(rows, layer.distributions, layer.groups, layer.where)


def found(layers, asked) -> set[str]:
    return {leak.what for leak in attack(layers, asked, MINIMUM).leaks}


@pytest.mark.parametrize("rule", ["positive_share", "mean_0_100", "maturity"])
@pytest.mark.parametrize("strata", [None, {A: list("ab" * 7), B: list("ab" * 6), C: list("abab")}])
def test_what_disclosure_lets_through_withstands(rule, strata):
    given = read(TEAMS, strata, rule)
    published = given.publish()
    assert attack([layer_alone(given, published)], given.instrument, MINIMUM).leaks == []


def test_what_is_not_hidden_at_all_is_refused():
    given = read(TEAMS)
    layer = layer_alone(given, given.publish())
    bare = Layer(unprotected(given), layer.distributions, layer.groups, layer.where)
    assert "row" in found([bare], given.instrument)


def test_a_total_that_counts_the_one_hidden_service_is_refused():
    """4 people hidden of 30: the total less the two services shown is what they answered."""
    given = read(TEAMS)
    layer = with_totals_of_everybody(given, given.publish())
    verdict = attack([layer], given.instrument, MINIMUM)
    assert {(leak.service, leak.what) for leak in verdict.leaks} == {("C", "count")}


def test_two_hidden_services_in_a_total_leave_some_answers_open():
    """The same total beside two hidden services of opinions that differ is a sum of both."""
    values = {A: TEAMS[A], B: np.tile([[1], [5]], (3, 3)), C: np.tile([[2], [4]], (2, 3))}
    given = read(values)
    layer = with_totals_of_everybody(given, given.publish())
    verdict = attack([layer], given.instrument, MINIMUM)
    assert (verdict.leaks, verdict.least) == ([], 5)  # C's four people: none of them to all four


def test_strata_that_give_a_small_one_back_are_refused():
    """F's two strata beside those of A: what is left is B's, of whom two are doctors."""
    strata = {A: list("a" * 7 + "b" * 7), B: list("a" * 10 + "b" * 2)}
    given = read({A: TEAMS[A], B: TEAMS[B]}, strata)
    scores = unprotected(given)
    hidden = (scores["service"] == "B") & (scores["stratum"] != "")
    scores.loc[hidden, ["n", "n_valid", "score"]] = np.nan
    scores.loc[hidden, "status"] = "suppressed"
    layer = layer_alone(given, given.publish())
    bare = Layer(scores, layer.distributions, layer.groups, layer.where)
    leaks = attack([bare], given.instrument, 5).leaks
    assert ("B", "profession=b", "count") in {(one.service, one.stratum, one.what) for one in leaks}


def test_two_printings_without_a_register_give_the_late_return_back():
    late = np.array([[5, 1, 3]])
    now, before = read(TEAMS | {A: np.vstack([TEAMS[A], late])}), read(TEAMS)
    layers = [layer_alone(one, one.publish()) for one in (before, now)]
    rows = now.answers.responses["service"].astype(str).to_numpy()
    away = np.flatnonzero(rows == "A")[-1]
    where = np.insert(layers[0].where, away, -1)
    first = Layer(layers[0].scores, layers[0].distributions, layers[0].groups, where)
    assert found([first, layers[1]], now.instrument) == {"count"}
    assert found(layers[1:], now.instrument) == set()


def test_figures_that_contradict_each_other_are_refused_unless_it_is_those_of_before():
    given = read(TEAMS)
    good = with_totals_of_everybody(given, given.publish())
    scores = good.scores.copy()
    total = (scores["service"] == "") & (scores["item"] == "Q0")
    scores.loc[total, "score"] = 100.0
    bad = Layer(scores, good.distributions, good.groups, good.where)
    assert "contradiction" in found([bad], given.instrument)
    assert found([bad, layer_alone(given, given.publish())], given.instrument) == set()


def test_what_a_group_declares_is_not_attacked():
    given = read(TEAMS)
    layer = layer_alone(given, given.publish())
    asked = given.instrument.model_copy(update={"subject": "group"})
    assert attack([layer], asked, MINIMUM).tried == 0


def test_a_refusal_says_where_and_what_to_do_but_not_the_number():
    given = read(TEAMS)
    published = given.publish()
    with pytest.raises(Refused) as refused:
        withstand(published, [with_totals_of_everybody(given, published)])
    said = str(refused.value)
    assert "C :" in said.replace("\u202f", " ").replace("\u00a0", " ")
    assert "rien n'est publié" in said.replace("’", "'")
    assert len(refused.value.problems) == 1  # told once, not once a question


def test_the_attestation_says_how_many_values_are_left(tmp_path):
    published, _ = publish_beside(read(TEAMS), tmp_path)
    row = published.attestation.query("what == 'attack'")
    assert row[["facility", "service", "reason", "count"]].to_numpy().tolist() == [
        ["", "", "10", 1]
    ]


def test_a_campaign_that_does_not_ask_for_it_is_not_attacked(tmp_path):
    given = read(TEAMS)
    quiet = given.campaign.model_copy(update={"disclosure": campaign(MINIMUM).disclosure})
    published, _ = publish_beside(Read(quiet, given.instrument, given.answers, EMPTY), tmp_path)
    assert "attack" not in set(published.attestation["what"])


def test_nothing_hidden_is_not_attested(tmp_path):
    published, _ = publish_beside(read({A: TEAMS[A], B: TEAMS[B]}), tmp_path)
    assert "attack" not in set(published.attestation["what"])


def test_answers_all_on_the_middle_side_are_not_told_by_side():
    """Twelve « neither »: 0 % favourable is shown, their side would say what each answered."""
    values = {A: np.full((12, 3), 3), B: np.tile([[1], [2]], (6, 3))}
    given = read(values)
    published = publish(given.campaign, given.instrument, given.answers, EMPTY)
    sides = published.distributions.query("state == 'pole'")
    assert set(sides["status"]) == {"complementary"}  # of both: the one shown would tell the other
    assert attack([layer_alone(given, published)], given.instrument, MINIMUM).leaks == []


def test_bounds_are_those_of_another_solver():
    """Random tables with a few sums told, against scipy's branch and bound in whole numbers."""
    rng = np.random.default_rng(5)
    for _ in range(25):
        truth = rng.integers(0, 4, 8)
        rows = rng.integers(0, 3, (3, 8)).astype(float)
        told = rows @ truth
        most = np.full(8, 4.0)
        solver = Solver(System(csr_array(rows), told, told, most))
        weights = rng.integers(0, 2, 8).astype(float)
        other = [sign * milp(sign * weights, constraints=LinearConstraint(rows, told, told),
                             bounds=Bounds(0, most), integrality=np.ones(8)).fun
                 for sign in (1, -1)]  # fmt: skip
        low, high = solver.ends(weights)
        assert low <= round(other[0]) <= round(other[1]) <= high
        assert solver.ends_in_whole_numbers(weights) == (round(other[0]), round(other[1]))


def test_no_counts_at_all_is_a_contradiction():
    told = System(csr_array(np.eye(1)), np.array([3.0]), np.array([3.0]), np.array([2.0]))
    with pytest.raises(Contradiction):
        Solver(told).lowest(np.ones(1))
    assert Solver(told).ends_in_whole_numbers(np.ones(1)) is None


@pytest.mark.parametrize("seed", [0, 3, 17, 124, 165])
def test_random_campaigns_withstand(seed):
    """The last two: a category gave all the answers of a row that is shown, and is that row."""
    assert attack_one_at_run_time(seed).leaks == []


@pytest.mark.parametrize(("rule", "seed"), [("masks", 17), ("strata", 3), ("loose", 3)])
def test_a_rule_switched_off_is_seen_at_run_time(rule, seed):
    assert attack_one_at_run_time(seed, rule).leaks != []


@pytest.mark.parametrize("seed", [0, 2])
def test_random_printings_withstand(seed):
    """The last one: everybody answered « neither », which the number of each side told."""
    assert attack_printed_at_run_time(seed) == []


def test_every_instrument_of_people_or_records_is_read():
    assert {load_instrument(name).subject for name in instruments()} >= {"respondent", "record"}
