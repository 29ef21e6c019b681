"""How many have answered, in steps and once a day: enough to remind, too little to tell who."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from qgdr_eval.asking.asked.campaign import Asked
from qgdr_eval.asking.asked.inquiry import (
    DROPPED,
    Inquiry,
    database_path,
    inquiry_path,
    store_path,
)
from qgdr_eval.asking.preparing.sheets import place_of
from qgdr_eval.asking.returning.boxes import SUFFIX
from qgdr_eval.french import NO_BREAK, date, typography
from qgdr_eval.writing import written_whole

STEPS = ((10, "10 et plus"), (5, "5 à 9"), (1, "1 à 4"), (0, "0"))


@dataclass(frozen=True)
class Participation:
    """``day``: when it was counted, an ISO date; ``steps``: of each unit, in order; ``total``."""

    day: str
    steps: tuple[str, ...]
    total: str


KEPT: TypeAdapter[Participation] = TypeAdapter(Participation)


def step_of(returns: int) -> str:
    """The step of a number of returns.

    >>> [step_of(n) for n in (0, 1, 4, 5, 9, 10, 99)]
    ['0', '1 à 4', '1 à 4', '5 à 9', '5 à 9', '10 et plus', '10 et plus']
    """
    return next(words for least, words in STEPS if returns >= least)


def participation_of(inquiry: Inquiry, used: set[str], day: str) -> Participation:
    """The steps of a campaign, from the marks of the cards used.

    Without cards nothing says the service of a return that is still sealed: the total alone.
    """
    cards = inquiry.access == "cards"
    steps = tuple(step_of(len(used.intersection(unit.cards))) if cards else "" for unit in
                  inquiry.units)  # fmt: skip
    return Participation(day, steps, step_of(len(used)))


def participation_path(inquiry: Path) -> Path:
    """Where it is kept, beside the inquiry.

    >>> participation_path(Path("recueil/essai.json")).name
    'essai.participation.json'
    """
    return inquiry.with_name(f"{inquiry.stem}.participation.json")


def is_due(path: Path, moment: datetime.time, now: datetime.datetime) -> bool:
    """Whether it is to be counted: the moment has passed, and it was not counted this day."""
    known = read_participation(path)
    return now.time() >= moment and (known is None or known.day != now.date().isoformat())


def write_participation(path: Path, participation: Participation) -> None:
    """Keep it, whole or not at all.

    Raises:
        Unwritable: the disk does not take it.
    """
    with written_whole(path) as half:
        half.write_bytes(KEPT.dump_json(participation, indent=1))


def read_participation(path: Path) -> Participation | None:
    """What was counted last; None before it was, or when the file is damaged."""
    try:
        return KEPT.validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def known_participation(path: Path, inquiry: Inquiry) -> Participation | None:
    """What was counted last of this inquiry; None when nothing was yet."""
    known = read_participation(path)
    return known if known and len(known.steps) == len(inquiry.units) else None


def not_counted(*, served: bool) -> str:
    """Why nothing is known yet, and when something will be. ``served``: whether it ever was.

    >>> "qgdr serve" in not_counted(served=False)
    True
    """
    how = "« qgdr serve » compte les cartes qui ont servi, une fois par jour à une heure fixée"
    if not served:
        return typography(f"Pas encore de participation : {how} ; il n'a pas encore été lancé")
    when = "midi, ou celle de --participation-at"
    return typography(f"Pas encore de participation : {how} ({when}), pendant qu'il tourne")


def dropped_line(folder: Path) -> str:
    """How many sealed files were dropped, in steps; "" while there are none.

    Nothing says the service of a file that is still sealed.
    """
    files = sum(1 for _ in folder.glob(f"*{SUFFIX}"))
    told = f"Fichiers déposés : {step_of(files)} ; leur service ne se lit qu'à l'ouverture"
    return typography(told) if files else ""


def told_participation(
    known: Participation | None, asked: Asked, inquiry: Inquiry
) -> Iterator[str]:
    """Participation as it is read: its day, a line a service, and what is not counted in it."""
    folder = inquiry_path(asked.path, asked.campaign.id).parent
    if known is None:
        places = (where(asked.path, asked.campaign.id) for where in (store_path, database_path))
        yield not_counted(served=any(place.exists() for place in places))
    else:
        yield typography(f"Réponses comptées le {date(known.day)}")
        named = (place_of(unit, asked) for unit in inquiry.units)
        for name, step in zip(named, known.steps, strict=True):
            if step:
                yield typography(f"  {name} : {step}")
        yield typography(f"  ensemble : {known.total}")
    if dropped := dropped_line(folder / DROPPED):
        yield dropped


def poster_step(known: Participation | None) -> str:
    """What a reminder says of participation, nothing while nobody is known to have answered.

    >>> poster_step(Participation("2026-11-30", (), "5 à 9")).replace(NO_BREAK, " ")
    'Déjà 5 à 9 réponses'
    >>> poster_step(Participation("2026-11-30", (), "10 et plus")).replace(NO_BREAK, " ")
    'Déjà 10 réponses ou plus'
    """
    if known is None or known.total == "0":
        return ""
    step, more = known.total.removesuffix(" et plus"), known.total.endswith(" et plus")
    return f"Déjà {step}{NO_BREAK}réponses{' ou plus' if more else ''}"
