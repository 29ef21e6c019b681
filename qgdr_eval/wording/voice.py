"""What is said of a scoring rule, as a closed list: one file of `qgdr_eval.wording.rules` each."""

from collections.abc import Callable
from dataclasses import dataclass

from qgdr_eval.french import interval, number, percent, typography
from qgdr_eval.instruments import Dimension, Instrument, Item, Scale

ANSWERS = ("réponse", "réponses", True)
FAVOURABLE = ("favorable", "favorables")
FAVOURABLE_SIDE = ("du côté favorable", "du côté favorable")


@dataclass(frozen=True)
class RuleWords:
    """A scoring rule as a reader meets it. ``item`` and ``whole`` are its two formulas."""

    name: str
    item: str
    whole: str


@dataclass(frozen=True)
class Question:
    """What a score is of: a dimension, or one of its items."""

    dimension: Dimension
    instrument: Instrument
    item: Item | None = None

    @property
    def scale(self) -> Scale:
        """The scale it is answered on: the first of a dimension, whose items share one."""
        item = self.item or self.instrument.items_of(self.dimension.id)[0]
        return self.instrument.scale_of(item)


Said = Callable[[float, Question], str]


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Every sentence and word that depends on a rule. None has a default: none is forgotten.

    ``formula``: the rule over people or records; ``position``: over what one group or person
    declared. ``figure``: a score (0–100) in few signs, without its unit; ``in_full``: with it;
    ``at``, ``of``: a mark after « au moins » and after « au-delà »;
    ``short``: where there is room for a few signs only. ``rounded``: an interval is
    written in whole numbers, not as a score is.
    ``of_what``: what a question's score is a share of. ``heading``: of a column of scores.
    ``criterion``: what an item is called when several are summed; ``critical``: what a critical
    one is called. ``counted``: the answers that count, one then several, and among which, in a
    worked line; None where none is worked. ``met``, ``done``: what the answers that count are, in
    a sentence and in a line of arithmetic; ``thing``: what is counted, one, several, whether it is
    feminine; ``rest``: what is said of answers half way and of those at the bottom, where
    they are told apart. ``indicator``, ``origin``: of an action that answers a low score ("": the
    origin is in the questionnaire's name).
    """

    formula: RuleWords
    position: RuleWords
    figure: Said
    in_full: Said
    at: Said
    of: Said
    short: Said
    rounded: bool
    of_what: str
    heading: str
    criterion: str
    critical: str
    counted: tuple[str, str, str] | None
    met: tuple[str, str]
    done: tuple[str, str]
    thing: tuple[str, str, bool]
    rest: Callable[[int, int], list[str]]
    indicator: str
    origin: str

    def bracketed(self, low: float, high: float, question: Question, *, short: bool = False) -> str:
        """An interval as the rule says scores: « [41 ; 68] », « [B ; D] »."""
        if self.rounded:
            return interval(low, high)
        say = self.short if short else self.figure
        return f"[{typography(f'{say(low, question)} ; {say(high, question)}')}]"


def in_percent(score: float, question: Question) -> str:
    """A share: « 78 % »."""
    return percent(score)


def in_points(score: float, question: Question) -> str:
    """Points from 0 to 100: « 78 »."""
    return number(score)


def after_of(said: Said) -> Said:
    """A score as it is said after « au-delà »: « de 78 % ».

    >>> after_of(in_points)(78, None)
    'de 78'
    """
    return lambda score, question: f"de {said(score, question)}"


def nothing_left(half: int, poor: int) -> list[str]:
    """Nothing is said of the answers that do not count."""
    return []
