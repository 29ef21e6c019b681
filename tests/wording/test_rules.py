"""Every rule answers the whole list of what is said of a rule: none goes by a default."""

from dataclasses import MISSING, fields

import pytest

from qgdr_eval.instruments import RULES as NAMED
from qgdr_eval.instruments import load_instrument
from qgdr_eval.scoring import RULES
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.voice import Question, RuleWords, Voice
from tests.wording.test_scores import SHAPES, asked_by

SILENT = {"of_what", "counted", "origin", "rounded"}  # what a rule may have nothing to say of
WORDS = [field.name for field in fields(Voice) if field.name not in SILENT]


def test_a_rule_is_named_scored_and_said():
    assert set(NAMED) == set(RULES) == set(VOICES)


def test_nothing_is_said_by_default():
    assert all(field.default is MISSING for field in fields(Voice))


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("rule", VOICES)
def test_every_rule_says_every_word(rule, word):
    said = getattr(VOICES[rule], word)
    if isinstance(said, RuleWords):
        said = said.name, said.item, said.whole
    words = (
        [one for one in said if not isinstance(one, bool)] if isinstance(said, tuple) else [said]
    )
    assert all(words)


@pytest.mark.parametrize("score", [0.0, 100 / 3, 50.0, 100.0])
@pytest.mark.parametrize("rule", VOICES)
def test_a_score_is_said_in_full_in_short_and_between_brackets(rule, score):
    instrument = asked_by(rule) if rule == "conformity" else load_instrument(SHAPES[rule][0])
    dimension = next(one for one in instrument.dimensions if one.rule == rule)
    voice, question = VOICES[rule], Question(dimension, instrument)
    figure, short = voice.figure(score, question), voice.short(score, question)
    assert figure.removeprefix("entre ") in voice.in_full(score, question)
    assert len(short) <= len(figure)
    if RULES[rule].gives != "zone":  # a zone has no interval
        low, high = voice.bracketed(score, score, question)[1:-1].split("\u202f; ")
        assert low == high
