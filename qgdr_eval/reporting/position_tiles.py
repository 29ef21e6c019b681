"""Answers as small squares, told apart by their fill, their edge and a sign, and their key."""

from collections.abc import Iterable

from markupsafe import Markup

from qgdr_eval.instruments import Dimension
from qgdr_eval.reporting.position_answers import Answer, answers_of, gather, long_name
from qgdr_eval.reporting.view import ServiceReport

TILE = Markup('<span class="tile {}">{}</span>')
REACHED = (("poor", "Sous le niveau demandé"), ("good", "Au niveau demandé ou au-delà"))
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
    said = ", ".join(f"{given.label} : {given.times}" for given in gather(answers))
    drawn = Markup("").join(squares)
    return Markup(
        '<span class="tiles" aria-hidden="true">{}</span><span class="unseen">{}</span>'
    ).format(drawn, said)


def key_of(report: ServiceReport, dimensions: list[Dimension]) -> list[tuple[Markup, str]]:
    """What the squares mean: each option of each scale once, what stays out, critical criteria.

    Levels of maturity are worded question by question: their letter is all that is common.
    """
    rules = {dimension.rule for dimension in dimensions}
    apart = ("depth_gap", "maturity")
    answers = answers_of(report, *(one for one in dimensions if one.rule not in apart))
    lines = [
        (tile(given.tone, given.mark), long_name(given.label))
        for given in gather(answers)
        if given.tone != "out"
    ]
    if "depth_gap" in rules:
        lines += [(tile(tone), said) for tone, said in REACHED]
    every = answers_of(report, *dimensions)
    if any(answer.tone == "out" for answer in every):
        lines.append((tile("out"), ASIDE))
    if any(answer.item.critical for answer in every):
        kind = "impératif" if "rating_1_4" in rules else "critique"
        lines.append((tile("edge", "", True), f"Critère {kind}"))
    return lines
