"""A score in words: one score, one wording, on every surface that says it."""

from qgdr_eval.frames import Scored
from qgdr_eval.french import count
from qgdr_eval.instruments import Dimension, Instrument, Item
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.subjects import subject_of
from qgdr_eval.wording.voice import Question


def score_in_full(
    score: float, dimension: Dimension, instrument: Instrument, item: Item | None = None
) -> str:
    """Write a 0–100 score as its rule says it: « 78 % », « 78/100 », « 3,25 sur 4 », a level.

    What every page, plan, alternative text and opened calculation says of one score.
    """
    return VOICES[dimension.rule].in_full(score, Question(dimension, instrument, item))


def item_score(score: float, item: Item, instrument: Instrument) -> str:
    """The score of one question, and of what it is a share: « 37 % favorables », « 38/100 »."""
    dimension = instrument.dimension(item.dimension)
    return score_in_full(score, dimension, instrument, item) + VOICES[dimension.rule].of_what


def figure_in_full(
    row: Scored, n: float, dimension: Dimension, instrument: Instrument, item: Item | None = None
) -> str:
    """A score with its interval and its ``n``; what a group agreed on has neither."""
    if item:
        shown = item_score(row.score, item, instrument)
    else:
        shown = score_in_full(row.score, dimension, instrument)
    subject = subject_of(instrument)
    if subject.answers is None:
        return f"{shown}, réponse du groupe"
    ends = ends_words(row.low, row.high, dimension, instrument)
    return f"{shown} {ends}".rstrip() + f", {count(int(n), *subject.answers)}"


def mark_words(value: float, dimension: Dimension, instrument: Instrument) -> str:
    """A threshold after « au moins »: « 50 % », « le niveau B »."""
    return VOICES[dimension.rule].at(value, Question(dimension, instrument))


def of_mark_words(value: float, dimension: Dimension, instrument: Instrument) -> str:
    """A threshold after « au-delà » or « le repère »: « de 50 % », « du niveau B »."""
    return VOICES[dimension.rule].of(value, Question(dimension, instrument))


def score_words(
    score: float, dimension: Dimension, instrument: Instrument, item: Item | None = None
) -> str:
    """The same without its unit, where an axis or a column gives it: « 78 », « 3,25 », « B »."""
    return VOICES[dimension.rule].figure(score, Question(dimension, instrument, item))


def short_words(
    score: float, dimension: Dimension, instrument: Instrument, item: Item | None = None
) -> str:
    """A score where there is room for a few signs only: « B–C » for a level between B and C."""
    return VOICES[dimension.rule].short(score, Question(dimension, instrument, item))


def ends_words(low: float, high: float, dimension: Dimension, instrument: Instrument) -> str:
    """The ends of an interval as its rule says scores; nothing where nothing was drawn."""
    if not instrument.sampled:
        return ""
    return VOICES[dimension.rule].bracketed(low, high, Question(dimension, instrument))


def short_ends(low: float, high: float, dimension: Dimension, instrument: Instrument) -> str:
    """The ends of an interval in a few signs: « [B–C ; D–E] »."""
    if not instrument.sampled:
        return ""
    return VOICES[dimension.rule].bracketed(low, high, Question(dimension, instrument), short=True)
