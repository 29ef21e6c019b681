"""Answers as small squares, told apart by their fill, their edge and a sign, and their key."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qgdr_eval.comparison.findings.declared import RATED_4
from qgdr_eval.reporting.position.answers import Answer, gather, options_of, total
from qgdr_eval.reporting.position.stand import Stand, every_answer
from qgdr_eval.scoring import RULES

TILE = Markup('<span class="tile {}">{}</span>')
REACHED = (("poor", "Sous le niveau demandé"), ("good", "Au niveau demandé ou au-delà"))
IN_LINE = 8  # squares that stay on one line
ASIDE = "Hors du calcul"


def tile(tone: str, mark: str = "", critical: bool = False) -> Markup:
    """One square; critical criteria have a thick edge."""
    return TILE.format(f"{tone} critical" if critical else tone, mark)


def tiles(answers: Iterable[Answer]) -> Markup:
    """A square for each answer, and for who does not see them how many there are of each."""
    answers = list(answers)
    squares = (
        tile(answer.tone, answer.mark, answer.item.critical)
        for answer in answers
        for _ in range(answer.times)
    )
    counted = ", ".join(f"{given.full_label} : {given.times}" for given in gather(answers))
    drawn = Markup("").join(squares)
    return Markup(
        '<span class="tiles{}" aria-hidden="true">{}</span><span class="unseen">{}</span>'
    ).format(" line" if total(answers) <= IN_LINE else "", drawn, counted)


@dataclass(frozen=True)
class Square:
    """What one kind of square means: its tone, its sign, whether its edge is thick."""

    tone: str
    mark: str
    meaning: str
    critical: bool = False


def key_of(stands: Sequence[Stand]) -> list[tuple[Markup, str]]:
    """The key of the squares, each drawn beside what it means."""
    return [(tile(one.tone, one.mark, one.critical), one.meaning)
            for one in squares_of(stands)]  # fmt: skip


def squares_of(stands: Sequence[Stand]) -> list[Square]:
    """What the squares mean: each option of each scale once, what stays out, critical criteria.

    Levels of maturity are worded question by question: their letter is all that is common.
    """
    lines = _of_scales([stand for stand in stands if _as_worded(stand)])
    if any(RULES[stand.dimension.rule].required for stand in stands):
        lines += [Square(tone, "", meaning) for tone, meaning in REACHED]
    if any(answer.tone == "out" for answer in every_answer(stands)):
        lines.append(Square("out", "", ASIDE))
    return [*lines, *_of_critical(stands)]


def _as_worded(stand: Stand) -> bool:
    """Whether the squares of a dimension follow the options of its scale."""
    return stand.gives != "level" and not RULES[stand.dimension.rule].required


def _of_scales(stands: Iterable[Stand]) -> list[Square]:
    """The options of the scales of some dimensions, those said alike once."""
    options = [
        option
        for stand in stands
        for item in stand.instrument.items_of(stand.dimension.id)
        for option in options_of(stand.instrument.scale_of(item))
    ]
    return [Square(tone, mark, meaning) for tone, mark, meaning in dict.fromkeys(options)]


def _of_critical(stands: Iterable[Stand]) -> Iterator[Square]:
    """The frame of critical criteria, and the rating that is not enough for an imperative one."""
    asked = [(stand, answer) for stand in stands for answer in stand.answers]
    critical = [(stand, answer) for stand, answer in asked if answer.item.critical]
    if not critical:
        return
    if critical[0][0].gives != "rating":
        yield Square("edge", "", "Critère critique", True)
        return
    yield Square("edge", "", "Critère impératif", True)
    if any(answer.rank == RATED_4 - 1 for _, answer in critical):
        yield Square("poor", "3", "Impératif sous 4 : un plan d'actions", True)
