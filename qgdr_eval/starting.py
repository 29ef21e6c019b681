"""Files to start from: a fictitious programme, the kit's own files, or a campaign of an export."""

import filecmp
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from qgdr_eval.actions.csv_plan import guard
from qgdr_eval.french import quote
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.demo_programme import write_demo_programme
from qgdr_eval.responses.campaign import TableFile
from qgdr_eval.responses.demo import csv_bytes
from qgdr_eval.responses.draft import Choices, Draft, draft_campaign, identifier
from qgdr_eval.responses.draft_asked import Ask, ask_open
from qgdr_eval.responses.draft_file import Heading, campaign_text
from qgdr_eval.responses.roster import read_roster
from qgdr_eval.responses.tables import read_table
from qgdr_eval.shipped import shipped
from qgdr_eval.writing import written_whole

CAMPAIGN, ROSTER = "campagne.yml", "services.csv"


@dataclass(frozen=True)
class Export:
    """An export to make a campaign of: its table, what it answers, what somebody said of it."""

    answers: Path
    instrument: str
    choices: Choices = field(default_factory=Choices)
    title: str = ""
    period: str = ""
    sheet: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Started:
    """What was understood of an export, and the files written."""

    draft: Draft
    instrument: Instrument
    files: list[Path]


def start_campaign(
    folder: Path, export: Export, *, ask: Ask | None = None, replace: bool = False
) -> Started:
    """Write a campaign for an export: ``campagne.yml``, ``services.csv``, a copy of the answers.

    The answers are copied byte for byte when they are elsewhere, and never changed. ``ask`` puts a
    question to somebody; without it, what is doubtful is left in the file, in a comment. With
    ``replace``, ``campagne.yml`` is written again, and ``services.csv`` unless it has head counts.

    Raises:
        Refused: the table or the instrument cannot be read; a choice names no column; files of
            these names exist with another content.
    """
    instrument = load_instrument(export.instrument)
    source = _table_file(export)
    table = read_table(source, export.answers.parent)
    draft = (
        ask_open(table, instrument, export.choices, ask)
        if ask
        else draft_campaign(table, instrument, export.choices)
    )
    _refuse_formulas(draft)
    heading = Heading(
        identifier(folder.absolute().name, "campagne"),
        export.title or instrument.title,
        export.period or "période non précisée",
        _instrument_name(export.instrument, folder),
        source,
        ROSTER,
    )
    text = campaign_text(heading, draft, instrument)
    return Started(draft, instrument, _write_campaign(folder, export, draft, text, replace))


def _table_file(export: Export) -> TableFile:
    said = {"sheet": export.sheet, "encoding": export.encoding}
    return TableFile(file=export.answers.name, **{key: text for key, text in said.items() if text})


def _instrument_name(given: str, folder: Path) -> str:
    """A shipped instrument by its id, another by its path from the campaign's folder."""
    if not Path(given).exists():
        return given
    try:
        return Path(os.path.relpath(Path(given).resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        return Path(given).resolve().as_posix()


def _refuse_formulas(draft: Draft) -> None:
    """A spreadsheet would run them when it opens the roster."""
    names = {*draft.roster["facility"], *draft.roster["service"]}
    wrong = sorted(name for name in names if guard(name) != name)
    if wrong:
        raise Refused(
            [
                Problem(
                    ROSTER,
                    None,
                    f"service {quote(name[:40])}",
                    "un tableur prendrait ce nom pour une formule",
                    "renommez ce service dans le fichier des réponses",
                )
                for name in wrong
            ]
        )


def _write_campaign(
    folder: Path, export: Export, draft: Draft, text: str, replace: bool
) -> list[Path]:
    """Write, once it is sure that nothing of anybody's is lost."""
    campaign, roster, copy = (folder / name for name in (CAMPAIGN, ROSTER, export.answers.name))
    files = {campaign: text.encode()}
    if len(draft.roster) and not draft.team and not (replace and _counted(roster)):
        files[roster] = _roster_bytes(draft)
    here = copy.exists() and copy.samefile(export.answers)
    lost = [path for path, content in files.items() if not replace and _differs(path, content)]
    if copy in files or (copy.exists() and not filecmp.cmp(copy, export.answers, shallow=False)):
        lost.append(copy)
    _refuse_changed(lost)
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_bytes(content)
    if not here:
        shutil.copyfile(export.answers, copy)
    return [*files, copy]


def _counted(roster: Path) -> bool:
    """Whether somebody filled a head count in: such a roster is theirs."""
    try:
        read = read_roster(TableFile(file=roster.name), roster.parent)
    except Refused:
        return roster.exists()
    return bool(read["head_count"].notna().any())


def _roster_bytes(draft: Draft) -> bytes:
    services = draft.roster.assign(head_count="")
    if "facility" not in draft.roles:
        services = services.drop(columns="facility")
    return csv_bytes(services.rename(columns=TITLES))


TITLES = {"facility": "Établissement", "service": "Service", "head_count": "Effectif"}


def _refuse_changed(paths: list[Path]) -> None:
    if paths:
        raise Refused(
            [
                Problem(
                    str(path),
                    None,
                    "",
                    "ce fichier existe déjà, avec un autre contenu",
                    f"choisissez un autre dossier, ou {quote('--replace')} pour le remplacer",
                )
                for path in paths
            ]
        )


def start_demo(folder: Path, *, replace: bool = False) -> list[Path]:
    """Write the fictitious programme into a folder; returns the files written.

    Raises:
        Refused: files of these names exist with another content and ``replace`` is off.
    """
    with tempfile.TemporaryDirectory() as fresh:
        write_demo_programme(Path(fresh))
        return _copy(Path(fresh), folder, replace)


def start_project(folder: Path, *, replace: bool = False) -> list[Path]:
    """Copy the kit's questionnaires and notebooks into a folder; returns the files written.

    Raises:
        Refused: files of these names exist with another content and ``replace`` is off.
    """
    written: list[Path] = []
    for name in ("questionnaires", "notebooks"):
        written += _copy(shipped(name), folder / name, replace)
    return written


def _copy(source: Path, folder: Path, replace: bool) -> list[Path]:
    """Copy a tree; nothing is written when a file somebody changed would be lost."""
    files = {
        path.relative_to(source): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }
    changed = [name for name, content in files.items() if _differs(folder / name, content)]
    if not replace:
        _refuse_changed([folder / name for name in changed])
    for name, content in files.items():
        with written_whole(folder / name) as half:
            half.write_bytes(content)
    return [folder / name for name in files]


def _differs(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() != content
