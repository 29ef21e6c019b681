"""The published results of a campaign named in a notebook or on the command line."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from qgdr_eval import disclosure
from qgdr_eval.actions import close_loop, make_actions, read_plan
from qgdr_eval.comparison.rounds import compare_rounds
from qgdr_eval.disclosure import Published, write_published
from qgdr_eval.disclosure.rounds import Rounds, publish_rounds
from qgdr_eval.responses import load_campaign, write_demo
from qgdr_eval.responses.demo_rounds import write_demo_audit, write_demo_self, write_demo_team

DEMO = "demo"
DEMOS = {
    DEMO: write_demo,
    "demo_audit": write_demo_audit,
    "demo_team": write_demo_team,
    "demo_self": write_demo_self,
}


def publish_campaign(source: str) -> Published:
    """Publish the campaign of a ``campagne.yml``, or a fictitious one (`DEMOS`).

    Raises:
        Refused: with every problem of the campaign's files.
    """
    with _campaign_file(source) as path:
        return disclosure.publish_campaign(path)


def store_campaign(source: str, path: Path) -> Published:
    """Publish a campaign and store its results with everything they are compared to.

    Raises:
        Refused: with every problem of the campaign's files, or of those of a campaign it names.
    """
    with _campaign_file(source) as file:
        rounds = publish_rounds(file)
        promised = _promised(file, rounds)
    write_results(rounds, path, promised)
    return rounds.published


def write_results(rounds: Rounds, path: Path, promised: pd.DataFrame | None = None) -> None:
    """Store published results with their comparisons, computed once for all reports.

    ``promised``: actions of the plan that came from an earlier campaign.
    """
    compared = compare_rounds(rounds)
    actions = make_actions([]) if promised is None else promised
    promises = close_loop(actions, compared["evolution"])
    write_published(rounds.published, path, notes=rounds.notes, promises=promises, **compared)


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
def _campaign_file(source: str) -> Iterator[Path]:
    if source not in DEMOS:
        yield Path(source)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield DEMOS[source](Path(folder))


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
