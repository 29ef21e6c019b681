"""Files to start from: a fictitious programme, the kit's own files, or a campaign of an export."""

import datetime
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from qgdr_eval.actions.csv_plan import guard
from qgdr_eval.asking.form.lay import refuse_labels
from qgdr_eval.asking.preparing.drafted import asking_text, empty_roster, this_month
from qgdr_eval.fictitious import write_demo_programme
from qgdr_eval.french import quote, typography
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses.draft import Choices, Draft, draft_campaign, identifier
from qgdr_eval.responses.draft_asked import Ask, ask_open
from qgdr_eval.responses.draft_file import Heading, campaign_text
from qgdr_eval.responses.nominative import without_columns
from qgdr_eval.responses.options import told_as_options
from qgdr_eval.responses.roster import read_roster
from qgdr_eval.shipped import shipped
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import Table, read_cells, read_table
from qgdr_eval.tables.write import csv_bytes
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
    separator: str | None = None


@dataclass(frozen=True)
class Started:
    """What was understood of an export, and the files written.

    ``copied``: false where the answers were in the folder already, as they still are.
    """

    draft: Draft
    instrument: Instrument
    files: list[Path]
    copied: bool = True


def start_campaign(
    folder: Path, export: Export, *, ask: Ask | None = None, replace: bool = False
) -> Started:
    """Write a campaign for an export: ``campagne.yml``, ``services.csv``, a copy of the answers.

    Answers that are elsewhere are copied byte for byte, or as a CSV without the columns that name
    people; the file itself is never changed. ``ask`` puts a question to somebody; without it, what
    is doubtful is left in the file, in a comment. With
    ``replace``, ``campagne.yml`` is written again, and ``services.csv`` unless it has head counts.

    Raises:
        Refused: the table or the instrument cannot be read; none of its questions is recognised;
            a choice names no column; files of these names exist with another content.
    """
    instrument = load_instrument(export.instrument)
    source = _table_file(export)
    with told_as_options():
        table = read_table(source, export.answers.parent)
    _refuse_unrelated(table, instrument, export)
    draft = (
        ask_open(table, instrument, export.choices, ask)
        if ask
        else draft_campaign(table, instrument, export.choices)
    )
    _refuse_formulas(draft)
    source, answers = _answers_of(export, source, draft, folder)
    heading = Heading(
        identifier(folder.absolute().name, "campagne"),
        export.title or instrument.title,
        export.period or "période non précisée",
        _instrument_name(export.instrument, folder),
        source,
        ROSTER,
    )
    files = {CAMPAIGN: campaign_text(heading, draft).encode()}
    if len(draft.roster) and not draft.team and not (replace and _counted(folder / ROSTER)):
        files[ROSTER] = _roster_bytes(draft)
    _write_campaign(folder, files, source.file, answers, replace)
    written = [folder / name for name in (*files, source.file)]
    return Started(draft, instrument, written, copied=answers is not None)


def start_asking(
    folder: Path, instrument: str, roster: Path | None, title: str = "", period: str = ""
) -> list[Path]:
    """Write a campaign that asks people: ``campagne.yml``, and its roster, a copy or to fill in.

    Raises:
        Refused: the instrument has no wording to ask; the roster cannot be read; files of these
            names exist with another content.
    """
    asked = load_instrument(instrument)
    refuse_labels(asked)
    if roster:
        read_roster(TableFile(file=roster.name), roster.parent)
    name = roster.name if roster else ROSTER
    text = asking_text(
        id_=identifier(folder.absolute().name, "campagne"),
        title=title or asked.title,
        period=period or this_month(datetime.date.today()),
        instrument=_instrument_name(instrument, folder),
        roster=name,
    )
    files = {CAMPAIGN: text.encode()}
    here = folder / name
    if not (roster and here.exists() and here.samefile(roster)):
        files[name] = roster.read_bytes() if roster else empty_roster()
    _write_campaign(folder, files, "", None, replace=False)
    return [folder / CAMPAIGN, here]


def _refuse_unrelated(table: Table, instrument: Instrument, export: Export) -> None:
    """A table in which no question is recognised is another file, most of the time."""
    if not draft_campaign(table, instrument, export.choices).items:
        what = f"aucune question de {quote(instrument.id)} n'est reconnue : est-ce le bon fichier ?"
        code = instrument.codes[0]
        cure = f'donnez le bon ; si c\'est lui, donnez chaque colonne : --column {code}="…"'
        raise Refused([Problem(export.answers.name, None, "", typography(what), cure)])


def _table_file(export: Export) -> TableFile:
    settings = {key: getattr(export, key) for key in ("sheet", "encoding", "separator")}
    return TableFile(
        file=export.answers.name, **{key: text for key, text in settings.items() if text}
    )


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


def _answers_of(
    export: Export, source: TableFile, draft: Draft, folder: Path
) -> tuple[TableFile, bytes | None]:
    """The table the campaign reads, and what to write in it: nothing when it is there already."""
    here = folder / source.file
    if here.exists() and here.samefile(export.answers):
        return source, None
    if not draft.nominative:
        return source, export.answers.read_bytes()
    cells = read_cells(source, export.answers.parent)
    table = csv_bytes(without_columns(cells, draft.nominative))
    return TableFile(file=f"{export.answers.stem}.csv"), table


def _write_campaign(
    folder: Path, files: dict[str, bytes], copy: str, answers: bytes | None, replace: bool
) -> None:
    """Write, once it is sure that nothing of anybody's is lost: answers never are, other files
    when nobody asked for it."""
    lost = [name for name in files if not replace and _differs(folder / name, files[name])]
    if copy in files or (answers is not None and _differs(folder / copy, answers)):
        lost.append(copy)
    _refuse_changed([folder / name for name in lost])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    if answers is not None:
        (folder / copy).write_bytes(answers)


def _counted(roster: Path) -> bool:
    """Whether somebody filled a head count in: such a roster is theirs."""
    try:
        read = read_roster(TableFile(file=roster.name), roster.parent)
    except Refused:
        return roster.exists()
    return bool(read["head_count"].notna().any())


def _roster_bytes(draft: Draft) -> bytes:
    services = draft.roster.assign(head_count="")
    if "facility" not in draft.roles and not draft.facility:
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
