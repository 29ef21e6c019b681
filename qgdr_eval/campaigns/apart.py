"""Campaigns of one programme that would cut the same answers in two ways: they give people back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np

from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.disclosure.publish import Read
from qgdr_eval.fingerprint import of_file
from qgdr_eval.french import count, quote
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.problems import Problem
from qgdr_eval.responses import Campaign, load_campaign
from qgdr_eval.scoring.coding import NOT_APPLICABLE

ABSENT = -(2**31)  # below every code
FEWEST_SHARED = 5  # returns alike before two campaigns are taken for the same answers
ENOUGH_ITEMS = 10  # answered alike before two returns are taken for one, without an identifier
NEVER_TWICE = "les mêmes réponses, découpées deux fois, se retrouvent une à une par différence"


@dataclass(frozen=True)
class Asked:
    """A campaign of people in a programme; its answers are read only if they have to be."""

    name: str
    path: Path
    campaign: Campaign
    instrument: Instrument

    @cached_property
    def table(self) -> tuple[str, str]:
        """What its answers are read from: the content of the file, and the sheet."""
        responses = self.campaign.responses
        return of_file(self.path.parent / responses.file), responses.sheet or ""

    @cached_property
    def read(self) -> Read:
        """Its answers. Raises `Refused` when they cannot be read."""
        return read_campaign(self.path)


def check_apart(folder: Path, names: Iterable[str]) -> list[Problem]:
    """What is wrong with campaigns printed side by side: answers of people counted in two of them.

    Refused: two campaigns on one file, or of one instrument with `FEWEST_SHARED` returns alike.
    Returns are alike when every answer is the same and they have the same identifier, or
    `ENOUGH_ITEMS` answers or more; the same answer everywhere is not counted. Allowed: two
    questionnaires read from one file, services being cut alike; records.

    Args:
        folder: where the campaigns are looked for.
        names: their files, as the programme names them.

    Raises:
        Refused: answers that cannot be read.
    """
    people = [entry for entry in _asked(folder, names) if entry.instrument.of_people]
    return [problem for pair in combinations(people, 2) for problem in _compare(*pair)]


def _asked(folder: Path, names: Iterable[str]) -> Iterator[Asked]:
    for name in names:
        path = folder / name
        campaign = load_campaign(path)
        yield Asked(name, path, campaign, load_instrument(campaign.instrument, path.parent))


def _compare(first: Asked, second: Asked) -> Iterator[Problem]:
    same_questions = first.instrument.id == second.instrument.id
    both = f"{quote(first.name)} et {quote(second.name)}"
    cure = "gardez une seule de ces campagnes, ou donnez à chacune ses propres réponses"
    if first.table == second.table and same_questions:
        what = f"{both} lisent le même fichier de réponses : {NEVER_TWICE}"
        yield Problem("programme.yml", None, "campaigns", what, cure)
    elif first.table == second.table and _cut(first) != _cut(second):
        what = f"{both} découpent le même fichier en services différents : {NEVER_TWICE}"
        cure = "donnez-leur les mêmes colonnes et la même liste de services"
        yield Problem("programme.yml", None, "campaigns", what, cure)
    elif same_questions and (shared := count_shared(first.read, second.read)) >= FEWEST_SHARED:
        alike = count(shared, "réponse semblable", "réponses semblables")
        what = f"{both} ont {alike} d'un bout à l'autre : {NEVER_TWICE}"
        yield Problem("programme.yml", None, "campaigns", what, cure)


def _cut(entry: Asked) -> tuple[object, ...]:
    """How a campaign cuts its file: the columns, and the services they are read into."""
    columns, roster = entry.campaign.columns, entry.read.answers.roster
    services = sorted(
        zip(roster["facility"].astype(str), roster["service"].astype(str), strict=True)
    )
    return columns.facility, columns.service, sorted(columns.strata.items()), services


def count_shared(first: Read, second: Read) -> int:
    """How many returns of a campaign are found again in another one of the same instrument."""
    known = set(second.instrument.codes)
    items = [code for code in first.instrument.codes if code in known]
    found = {key for keys in _keys(second, items) for key in keys}
    return sum(any(key in found for key in keys) for keys in _keys(first, items))


def _keys(read: Read, items: list[str]) -> Iterator[list[tuple[str, bytes]]]:
    """What each return can be recognised by: its answers, with its identifier or many of them."""
    ranks = [read.instrument.codes.index(code) for code in items]
    answers = np.ascontiguousarray(read.code().states[ranks].T)
    codes = read.answers.responses[items].to_numpy(dtype=np.int64, na_value=ABSENT)
    given = np.sort(codes, axis=1)
    straight = np.where(given == ABSENT, given[:, -1:], given)
    varied = straight.min(axis=1) < straight.max(axis=1)
    many = (answers < NOT_APPLICABLE).sum(axis=1) >= ENOUGH_ITEMS
    subjects = read.answers.responses["subject"].astype(str)
    for row, subject, counts, long in zip(answers, subjects, varied, many, strict=True):
        names = [*([subject] if subject else []), *([""] if long else [])]
        yield [(name, row.tobytes()) for name in names] if counts else []
