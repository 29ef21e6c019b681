"""Pages of an instrument read in levels: letters where there is no quantity."""

import re
from math import comb

import pytest

from qgdr_eval.instruments import load_instrument
from qgdr_eval.reporting import team
from qgdr_eval.reporting.team import method, sections
from qgdr_eval.reporting.team.limitations import limits
from tests.reading import text_of
from tests.reporting.test_opened import simulated

LETTERED = "maturite_securite"


def page_text(section, report):
    return text_of(section(report))


@pytest.mark.parametrize(("name", "wilson"), [(LETTERED, False), ("culture_securite", True)])
def test_the_annex_describes_the_interval_that_was_used(name, wilson):
    text = page_text(sections.annex, simulated(name))
    assert ("Intervalle de Wilson" in text) == wilson
    assert ("Intervalle d'une médiane" in text) != wilson
    assert ("54,5 devient 55" in text) == wilson


@pytest.mark.parametrize("n", [12, 18, 25])
def test_the_worked_median_runs_between_the_ranks_that_enclose_it_at_95_percent(n):
    """Both ends one rank inwards would cover less than 95 %, by the sum of the binomial."""
    report = simulated(LETTERED, n)
    text = page_text(sections.annex, report)
    given = int(re.search(r"réponses? sur (\d+) : niveau", text)[1])
    low, high = map(int, re.search(r"de la (\d+)\w+ à la (\d+)e réponse", text).groups())
    assert low + high == given + 1
    covered = [1 - 2 * sum(comb(given, i) for i in range(k)) / 2**given for k in (low, low + 1)]
    assert covered[0] > 0.95 >= covered[1]


@pytest.mark.parametrize(("name", "lettered"), [(LETTERED, True), ("culture_securite", False)])
def test_what_is_read_as_a_letter_is_not_said_to_be_a_figure_nor_rounded(name, lettered):
    report = simulated(name)
    first, compared = (page_text(part, report) for part in (team.next_steps, sections.reference))
    assert ("La lettre est le niveau médian" in first) == lettered
    assert ("Le chiffre est le score" in first) != lettered
    assert ("Les deux colonnes de scores sont arrondies" in compared) != lettered


def test_the_marks_are_letters_with_their_place():
    table = method.threshold_table(load_instrument(LETTERED))
    assert [row[2] for row in table.rows] == ["au moins D (place 75)", "au plus B (place 25)"]


def test_the_marks_of_a_share_are_numbers():
    table = method.threshold_table(load_instrument("culture_securite"))
    assert all(re.fullmatch(r"au (moins|plus) \d+", row[2]) for row in table.rows)


def test_limits_speak_of_a_level_not_of_a_score():
    told = [why for seed in range(3) for _, why in limits(simulated(LETTERED, seed=seed))]
    leaning = [why for why in told if "touche une autre zone" in why or "déborde" in why]
    assert leaning
    assert all(re.match(r"Le niveau médian, (entre )?[A-E]|Chacune est", why) for why in leaning)
    assert not any("score de" in why for why in told)
