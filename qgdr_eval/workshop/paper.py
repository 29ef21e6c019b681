"""A workshop on paper: its script, minute by minute. Its minutes are a page of `reporting`."""

from dataclasses import dataclass
from pathlib import Path

from qgdr_eval.french import set_type
from qgdr_eval.workshop.debate import Debate
from qgdr_eval.workshop.screens import read, render
from qgdr_eval.writing import written_whole

OPENING, READING, CLOSING = 5, 5, 10  # minutes before the questions, and after the last one
HOUR = 60
PARTS = (1 / 8, 1 / 8, 3 / 8, 1 / 8, 2 / 8)  # of a question: vote, look, discuss, vote, agree
STEPS = (
    ("Vote secret", "Lisez la question à voix haute, sans la commenter. Chacun vote, puis attend."),
    (
        "On regarde",
        "Montrez le premier vote. Une minute de silence : que voit-on ? Personne n'a à dire ce "
        "qu'il a voté.",
    ),
    (
        "On en parle",
        "Faites raconter une situation récente, d'un côté puis de l'autre. On parle de ce qui se "
        "fait, pas de qui l'a fait.",
    ),
    ("Second vote", "La même question, les mêmes réponses. Personne n'a à changer d'avis."),
    (
        "Accord écrit",
        "La réponse du groupe, ce qui la montre, l'avis de qui n'est pas d'accord, une action.",
    ),
)


@dataclass(frozen=True)
class Moment:
    """A line of the script: from which minute to which, what happens, what the facilitator says."""

    start: int
    end: int
    name: str
    words: str


def moments_of(topics: int) -> list[list[Moment]]:
    """The minutes of each question, one list a question; together they fill the hour.

    >>> first, *_, last = moments_of(5)
    >>> first[0].start, last[-1].end, [moment.name for moment in first][0]
    (10, 50, 'Vote secret')
    """
    first, span = OPENING + READING, HOUR - OPENING - READING - CLOSING
    limits = [first + round(span * (at + sum(PARTS[:part])) / topics)
              for at in range(topics) for part in range(len(PARTS))] + [first + span]  # fmt: skip
    moments = [
        Moment(limits[at], limits[at + 1], *STEPS[at % len(STEPS)]) for at in range(len(limits) - 1)
    ]
    return [moments[at : at + len(STEPS)] for at in range(0, len(moments), len(STEPS))]


def lay_script(debate: Debate) -> str:
    """The script of a workshop: an hour, minute by minute, a page to print."""
    page = render(
        "script",
        debate=debate,
        questions=list(zip(debate.topics, moments_of(len(debate.topics)), strict=True)),
        first=OPENING,
        reading=OPENING + READING,
        last=HOUR - CLOSING,
        hour=HOUR,
        style=read("atelier.css") + read("paper.css"),
    )
    return set_type(page)


def write_paper(page: str, path: Path) -> None:
    """Write a page to print.

    Raises:
        Unwritable: the disk does not take it.
    """
    with written_whole(path) as half:
        half.write_text(page, encoding="utf-8", newline="\n")
