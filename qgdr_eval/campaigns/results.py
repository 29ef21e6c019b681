"""The published results of a campaign named in a notebook or on the command line."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from qgdr_eval.actions import close_loop, make_actions, read_plan
from qgdr_eval.campaigns.rounds import publish_alone, publish_rounds
from qgdr_eval.comparison.rounds import compare_rounds
from qgdr_eval.disclosure import write_published
from qgdr_eval.disclosure.parts import KINDS
from qgdr_eval.disclosure.registration import as_draft
from qgdr_eval.disclosure.rounds import Rounds
from qgdr_eval.fictitious import file_of, is_fictitious
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import load_campaign

OF_SOME = (KINDS, "funnel")  # frames that most campaigns have nothing for are left out
TRIES = 3  # another command may publish between reading a register and writing it


@dataclass(frozen=True)
class Purpose:
    """How figures are asked for.

    ``as_is``: to be looked at, « brouillon » unless the register knows them; ``draft``: always so;
    otherwise they are published: the register is told first. ``day``: ISO day, today when empty;
    ``known``: the rank of a publication known from elsewhere, see `publish_alone`.
    """

    as_is: bool = False
    draft: bool = False
    day: str = ""
    known: int = 0


LOOK, PUBLISH, DRAFT = Purpose(as_is=True), Purpose(), Purpose(draft=True)


def publish_campaign(source: str, purpose: Purpose = LOOK) -> Rounds:
    """Publish the campaign of a ``campagne.yml``, or a fictitious one, and no other.

    Raises:
        Refused: with every problem of the campaign's files or of its register.
    """
    invented = is_fictitious(source, "campaign")
    with file_of(source, "campaign") as path:
        return _published(path, publish_alone, purpose, fictitious=invented)


def store_campaign(source: str, path: Path, purpose: Purpose = LOOK) -> Rounds:
    """Publish a campaign and store its results with everything they are compared to.

    Raises:
        Refused: with every problem of the campaign's files, of its register, or of those of a
            campaign it names.
    """
    invented = is_fictitious(source, "campaign")
    with file_of(source, "campaign") as file:
        rounds = _published(file, publish_rounds, purpose, fictitious=invented)
        promised = _promised(file, rounds)
    write_results(rounds, path, promised)
    return rounds


def _published(
    file: Path, publish: Callable[..., Rounds], purpose: Purpose, *, fictitious: bool
) -> Rounds:
    """Publish a campaign file; what is to be published is first told to the registers."""
    for _ in range(TRIES):
        rounds = publish(file, purpose.day, purpose.known)
        known = not any(registration.lines for registration in rounds.registered)
        if fictitious or (purpose.as_is and known):
            return rounds
        if purpose.draft or purpose.as_is:
            return replace(rounds, published=as_draft(rounds.published))
        if all(registration.write() for registration in rounds.registered):
            return rounds
    what = "une autre commande publie cette campagne en ce moment"
    raise Refused([Problem(file.name, None, "", what, "attendez qu'elle ait fini")])


def write_results(rounds: Rounds, path: Path, promised: pd.DataFrame | None = None) -> None:
    """Store published results with their comparisons, computed once for all reports.

    ``promised``: actions of the plan that came from an earlier campaign.
    """
    compared = compare_rounds(rounds)
    actions = make_actions([]) if promised is None else promised
    promises = close_loop(actions, compared["evolution"], rounds.published.instrument)
    compared |= {KINDS: rounds.kinds}
    few = [name for name in OF_SOME if compared[name].empty]
    told = {name: frame for name, frame in compared.items() if name not in few}
    write_published(rounds.published, path, notes=rounds.notes, promises=promises, **told)


def _promised(campaign: Path, rounds: Rounds) -> pd.DataFrame | None:
    """The actions of the campaign's plan that an earlier campaign brought up."""
    plan = load_campaign(campaign).plan
    if not plan:
        return None
    actions = read_plan(campaign.parent / plan).actions
    known = [earlier.published.card.id for earlier in rounds.earlier]
    measured = [dimension.id for dimension in rounds.published.instrument.dimensions]
    return actions[actions["campaign"].isin(known) & actions["dimension"].isin(measured)]


@contextmanager
def results_of(source: str) -> Iterator[Path]:
    """The stored results a report is opened from: a ``.sqlite``, else made from a campaign file."""
    if source.endswith(".sqlite"):
        yield Path(source)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "resultats.sqlite"
        store_campaign(source, path)
        yield path
