"""The log of exclusions, for whoever holds the answers: it names rows, and is never handed out."""

from pathlib import Path

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import LogRow
from qgdr_eval.french import quote
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.spreadsheet import write_table
from qgdr_eval.reporting.team.words import ACTIONS, REASONS
from qgdr_eval.responses import load_campaign, read_answers

COLUMNS = ["Établissement", "Service", "Ligne", "Motif", "Suite", "Question", "Donné"]
MOTIVES = REASONS | {"empty_row": "ligne vide"}
OUTCOMES = ACTIONS | {"flagged": "signalé, gardé dans le calcul"}
PRINTED = ("manifeste.json", "journal.jsonl")  # in « donnees », the marks of a folder of reports


def write_exclusions(campaign: Path, out: Path) -> int:
    """Write every return set aside or flagged and every cell read as missing; returns how many.

    ``out`` is ``.csv`` or ``.xlsx``. « Ligne »: as the file of answers shows it, a row or, in a
    grid, a column. « Donné »: the identifier of a duplicate, or what an unreadable cell holds.

    Raises:
        Refused: the campaign cannot be read, or ``out`` is among reports.
    """
    _refuse_reports(out)
    read = load_campaign(campaign)
    instrument = load_instrument(read.instrument, beside=campaign.parent)
    log = read_answers(read, instrument, campaign.parent).exclusions
    rows = [
        [
            row.facility,
            row.service,
            row.at,
            MOTIVES.get(row.reason, row.reason),
            OUTCOMES.get(row.action, row.action),
            row.item,
            row.given,
        ]
        for row in rows_of(log, LogRow)
    ]
    write_table(out, "Exclusions", COLUMNS, rows)
    return len(rows)


def _refuse_reports(out: Path) -> None:
    """Refuse a place among the files of a folder of reports: those are handed out."""
    for folder in out.absolute().parents:
        if any((folder / "donnees" / name).exists() for name in PRINTED):
            what = (
                f"{quote(folder)} est un dossier de rapports, que l'on diffuse ; ce journal "
                "désigne des lignes de réponses"
            )
            cure = "écrivez-le à côté des réponses, chez qui les détient"
            raise Refused([Problem(str(out), None, "", what, cure)])
