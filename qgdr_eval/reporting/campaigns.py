"""The published results of a campaign named in a notebook or on the command line."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgdr_eval import disclosure
from qgdr_eval.comparison import compare_to_reference, read_dimensions
from qgdr_eval.disclosure import Published, write_published
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import load_campaign, write_demo
from qgdr_eval.responses.campaign import TableFile

DEMO = "demo"


def publish_campaign(source: str) -> Published:
    """Publish the campaign of a ``campagne.yml``, or the fictitious one for ``demo``.

    Raises:
        Refused: with every problem of the campaign's files.
    """
    if source != DEMO:
        return disclosure.publish_campaign(Path(source))
    with tempfile.TemporaryDirectory() as folder:
        return disclosure.publish_campaign(write_demo(Path(folder)))


def write_results(published: Published, path: Path) -> None:
    """Store published results with their readings and comparisons, computed once for all reports.

    Adjusted p values are not stored: each depends on every service, none is shown in a report.
    """
    write_published(
        published,
        path,
        readings=read_dimensions(published),
        comparisons=compare_to_reference(published).drop(columns="p"),
    )


@contextmanager
def results_of(source: str) -> Iterator[Path]:
    """The stored results a report is opened from: a ``.sqlite``, else made from a campaign file."""
    if source.endswith(".sqlite"):
        yield Path(source)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "resultats.sqlite"
        write_results(publish_campaign(source), path)
        yield path


def refuse_overwriting(campaign: Path, out: Path) -> None:
    """Refuse an output that would replace a file the campaign is read from. Raises `Refused`."""
    read = load_campaign(campaign)
    tables = (read.responses, read.services, read.reference)
    sources = [campaign.parent / table.file for table in tables if isinstance(table, TableFile)]
    if out.resolve() in [path.resolve() for path in (campaign, *sources)]:
        raise Refused(
            [
                Problem(
                    str(out),
                    None,
                    "",
                    "ce fichier sert à la campagne : l'écrire le remplacerait",
                    "choisissez un autre nom",
                )
            ]
        )
