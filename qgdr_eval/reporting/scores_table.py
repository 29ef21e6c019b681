"""The published scores as a table for people, in French words."""

from collections.abc import Iterator
from pathlib import Path

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.precision import as_printed
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import ScoreRow
from qgdr_eval.reporting.spreadsheet import write_table
from qgdr_eval.reporting.team.words import STATUSES
from qgdr_eval.wording.measures import MEASURES
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.subjects import Subject, subject_of

COLUMNS = [
    "Questionnaire",
    "Version",
    "Campagne",
    "Établissement",
    "Service",
    "Catégorie de répondants",
    "Code de la dimension",
    "Dimension",
    "Code de la question",
    "Question",
    "Mesure",
    "Répondants",
    "Réponses valides",
    "Score (0 à 100)",
    "Intervalle à 95 % : de",
    "à",
    "Au-delà de ces répondants : de",
    "jusqu'à",
    "État",
]
BESIDE = {  # measures that stand beside the score of a rule
    "agreement_75": "Part des répondants à 75 ou plus",
    "all_or_none_least": "Tout ou rien, au moins : {} {} non conformes",
    "all_or_none_most": "Tout ou rien, au plus : {} {} conformes",
}
EVERYWHERE, EVERY_SERVICE, EVERYBODY = "Tous les établissements", "Tous les services", "Tous"
WHOLE = "Toute la grille"
OF_A_DRAFT = STATUSES | {"published": "à publier"}


def write_scores(published: Published, path: Path) -> int:
    """Write the published scores, ``.csv`` or ``.xlsx``; returns the number of rows.

    ``low`` and ``high`` speak of these people now, the wider ends of the group beyond them. A draft
    says so on every row, in a first column, and in the name of the sheet.

    Raises:
        Refused: the name ends otherwise.
    """
    rows = list(_rows(as_printed(published)))
    if published.card.draft:
        marked = [["Brouillon", *row] for row in rows]
        write_table(path, "Brouillon", ["Publication", *COLUMNS], marked)
    else:
        write_table(path, "Scores", COLUMNS, rows)
    return len(rows)


def _rows(published: Published) -> Iterator[list[str | float]]:
    instrument = published.instrument
    subject = subject_of(instrument)
    labels = {dimension.id: dimension.label for dimension in instrument.dimensions} | {"": WHOLE}
    statuses = OF_A_DRAFT if published.card.draft else STATUSES
    questions = {item.code: item.text for item in instrument.items} | {"": ""}
    for row in rows_of(published.scores, ScoreRow):
        yield [
            instrument.title,
            row.version,
            published.card.title,
            row.facility or EVERYWHERE,
            row.service or EVERY_SERVICE,
            row.stratum or EVERYBODY,
            row.dimension,
            labels[row.dimension],
            row.item,
            questions[row.item],
            _measure(row.measure, row.dimension, subject),
            *(row.n, row.n_valid, row.score, row.low, row.high, row.wide_low, row.wide_high),
            statuses[row.status],
        ]


def _measure(measure: str, dimension: str, subject: Subject) -> str:
    if measure in BESIDE:
        incomplete = f"{subject.plural} {subject.agree('incomplet')}"
        return BESIDE[measure].format(incomplete, subject.agree("compté"))
    if measure in MEASURES and (not dimension or measure != "conformity"):
        return MEASURES[measure][0]
    return VOICES[measure].formula.name
