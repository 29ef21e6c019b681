"""The attacker of `tests.disclosure.attack` on some of the campaigns it is run on whole."""

import numpy as np
import pytest

from qgdr_eval.instruments import load_instrument
from tests.disclosure.attack import (
    attack,
    attack_indicators,
    attack_many,
    instruments,
    make_campaign,
    without,
)
from tests.disclosure.attack_printings import attack_printed


def attack_one(seed: int) -> list[str]:
    names = instruments()
    rng = np.random.default_rng(seed)
    return attack(make_campaign(load_instrument(names[seed % len(names)]), rng), rng)[1]


@pytest.mark.parametrize(
    ("campaigns", "first"), [*((3, first) for first in range(0, 300, 60)), (1, 210)]
)
def test_no_hidden_count_is_given_back(campaigns, first):
    """The last one: an indicator fixed by sums that have no figure beside it."""
    tried, found = attack_many(campaigns, first)
    assert tried > 0
    assert found == []


@pytest.mark.parametrize(
    ("rule", "seed"), [("masks", 1), ("alike", 917), ("loose", 131), ("strata", 3)]
)
def test_each_rule_keeps_something_hidden(rule, seed):
    """Switched off one at a time, the same attacker finds its prey in the same campaign."""
    assert attack_one(seed) == []
    with without(rule):
        assert attack_one(seed) != []


@pytest.mark.parametrize(
    ("rules", "seed"), [(("periods",), 0), (("crossed",), 27), (("crossed", "extremes"), 27)]
)
def test_each_rule_of_indicators_keeps_something_hidden(rules, seed):
    assert attack_indicators(np.random.default_rng(seed))[1] == []
    with without(*rules):
        assert attack_indicators(np.random.default_rng(seed))[1] != []


@pytest.mark.parametrize(("campaigns", "first"), [(2, 0), (2, 9), (1, 244)])
def test_no_answer_is_given_back_by_several_printings(campaigns, first):
    """The last one: a category of two in a service, one of whose answers only they could hold."""
    tried, found = attack_printed(campaigns, first)
    assert tried > 0
    assert found == []


@pytest.mark.parametrize(("rule", "seed"), [("register", 0), ("withheld", 289), ("joint", 100)])
def test_each_rule_of_successive_printings_keeps_something_hidden(rule, seed):
    assert attack_printed(1, seed)[1] == []
    with without(rule):
        assert attack_printed(1, seed)[1] != []
