"""What a questionnaire asks, in the order and the pieces it is read in: sections of questions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from qgdr_eval.instruments import Instrument, Item, Scale

IN_A_ROW = 5  # so many short answers still stand beside each other on a desktop screen
SHORT = 28  # characters: « Ni d'accord ni pas d'accord », the longest of the usual scales
A_SCREEN = 8  # questions of a section: a screen or two, never a scroll without an end
SECONDS = 12  # to read a question and answer it; 40 of them take eight minutes
A_WORD = 0.3  # seconds: 200 words a minute, for answers that are sentences to read


@dataclass(frozen=True)
class Choice:
    """One answer that may be given; its place among those of its question is its key, from 1.

    ``when``: the situations that call for it, "" when nothing says them.

    >>> Choice(4, "D'accord").label
    "D'accord"
    """

    code: int
    label: str
    when: str = ""


@dataclass(frozen=True)
class Question:
    """One question as it is asked. ``number``: its place in the questionnaire, from 1.

    ``prompt``: what its scale asks; ``aside``: answers outside the scale, « Sans objet » then « Ne
    sait pas »; ``help``: what a word of it means, "" when nothing needs to be said.

    >>> yes, no = Choice(1, "Oui"), Choice(0, "Non")
    >>> Question(1, "Q1", "Le bracelet est lu.", "Rempli ?", (no, yes), ()).in_a_row
    True
    """

    number: int
    code: str
    text: str
    prompt: str
    choices: tuple[Choice, ...]
    aside: tuple[Choice, ...]
    help: str = ""

    @property
    def in_a_row(self) -> bool:
        """Whether the answers may stand beside each other on a wide screen."""
        few = len(self.choices) <= IN_A_ROW
        return few and all(len(choice.label) <= SHORT for choice in self.choices)


@dataclass(frozen=True)
class Section:
    """Questions that are read together. ``prompt``: what all of them ask, "" when they differ.

    >>> Section("Prérequis", "Le critère est-il rempli ?", ()).title
    'Prérequis'
    """

    title: str
    prompt: str
    questions: tuple[Question, ...]


def sections_of(instrument: Instrument) -> list[Section]:
    """The questions of an instrument, section by section, in the order they are asked.

    People who answer for themselves do not see the dimensions: a name announces what is looked
    for. Their sections are questions on one scale. An audit, a group and a person alone read the
    dimension, which is what they work on.

    >>> from qgdr_eval.instruments import load_instrument
    >>> first, *rest = sections_of(load_instrument("culture_securite"))
    >>> len(first.questions), len(rest), first.questions[0].number
    (4, 6, 1)
    """
    numbered = list(enumerate(instrument.items, start=1))
    if instrument.of_people:
        runs = [list(run) for _, run in groupby(numbered, key=lambda pair: pair[1].scale)]
        pieces = [piece for run in runs for piece in _pieces(run)]
        return [_section("", piece, instrument) for piece in pieces]
    runs = [list(run) for _, run in groupby(numbered, key=lambda pair: pair[1].dimension)]
    return [_section(_title(run[0][1], instrument), run, instrument) for run in runs]


def minutes(instrument: Instrument) -> int:
    """How long it takes to answer, in whole minutes: each question, and each scale read once.

    Ten questions whose answers are fifty descriptions take longer than ten on one scale.

    >>> from qgdr_eval.instruments import load_instrument
    >>> minutes(load_instrument("culture_securite")), minutes(load_instrument("maturite_securite"))
    (8, 7)
    """
    asked = {item.scale for item in instrument.items}
    words = sum(_words(instrument.scales[name]) for name in asked)
    return max(1, round((len(instrument.items) * SECONDS + words * A_WORD) / 60))


def _words(scale: Scale) -> int:
    return sum(len(option.label.split()) for option in scale.options)


def _pieces(run: Sequence[tuple[int, Item]]) -> Iterator[Sequence[tuple[int, Item]]]:
    """A run cut into pieces of about the same size, none longer than `A_SCREEN`."""
    size = ceil(len(run) / ceil(len(run) / A_SCREEN))
    for at in range(0, len(run), size):
        yield run[at : at + size]


def _title(item: Item, instrument: Instrument) -> str:
    return instrument.dimension(item.dimension).label


def _section(title: str, run: Sequence[tuple[int, Item]], instrument: Instrument) -> Section:
    questions = tuple(_question(number, item, instrument) for number, item in run)
    prompts = {question.prompt for question in questions}
    return Section(title, prompts.pop() if len(prompts) == 1 else "", questions)


def _question(number: int, item: Item, instrument: Instrument) -> Question:
    scale = instrument.scale_of(item)
    choices = tuple(Choice(option.code, option.label) for option in scale.options)
    aside = [Choice(one.code, one.label, item.na_when or "") for one in scale.not_applicable]
    aside += [Choice(one.code, one.label) for one in scale.dont_know]
    allowed = tuple(choice for choice in aside if choice.code not in item.forbidden)
    return Question(number, item.code, item.text, scale.label, choices, allowed, item.help or "")
