"""The report of an audit: its scores of the whole grid, its criteria, its two auditors.

The examples read ``audit_report``: `qgdr demo essai` writes a second round, read again in part by
a second auditor, and ``open_report("essai/medicament/tour-2/campagne.yml")`` opens it.
"""

from statistics import fmean

from qgdr_eval.comparison.findings.model import CRITICAL
from qgdr_eval.comparison.findings.thresholds import OBJECTIVE
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.words import STATES, state_words
from qgdr_eval.frames import AgreementRow, ScoreRow
from qgdr_eval.french import count, interval, listed, number, percent, quote
from qgdr_eval.instruments import Dimension, Instrument, Item
from qgdr_eval.reporting.page import drawings
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, render, stamped
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.scores import Scores
from qgdr_eval.reporting.team import sections, words
from qgdr_eval.reporting.team.all_or_none import bounds_words
from qgdr_eval.scoring import RULES
from qgdr_eval.scoring.kappa import DRAWS
from qgdr_eval.scoring.objective import class_against, whole_percent_interval
from qgdr_eval.wording.measures import MEASURES, measure_words
from qgdr_eval.wording.subjects import Subject, subject_of

FEWEST = 10  # records: with all of them met, the official interval would be [100 ; 100]
OFTEN = 30.0  # % of records from which a criterion that does not apply is pointed out
OF_A_SAMPLE = ("Intervalle à 95 %", "À la façon de la HAS", "Classe")
NUMBERS = {2: "Deux", 3: "Trois"}
CLASSES = {
    "A": "A, au-dessus de l'objectif",
    "B": "B, ni au-dessus ni au-dessous",
    "C": "C, au-dessous de l'objectif",
}


@stamped
def overall(report: ServiceReport) -> Fragment:
    """The scores of the whole grid, each by its name, and the critical criteria.

    Means of criteria, yes over yes and no, complete records that meet every criterion that applies:
    in %, with their interval at 95 %. Nothing for a hidden service, nor for a grid that is not
    answered by yes or no.

    >>> "Tout ou rien" in overall(audit_report).html
    True
    """
    if report.hidden or not _all_yes_or_no(report.instrument):
        return NOTHING
    rows = rows_of(report.published.scores, ScoreRow, dimension="", item="", stratum="")
    return render(
        "audit/overall",
        title=_overall_title(rows),
        table=_overall_table(rows, report.subject),
        subject=report.subject,
        whole=any(row.measure == "all_or_none" for row in rows),
        bounds=bounds_words({row.measure: row for row in rows}, report.subject),
        official=_official_sentence(rows) if report.subject.drawn else "",
        critical=[item for item in report.instrument.items if item.critical],
        judged=_judged_critical(report.scores),
        told=len(report.found.of(CRITICAL)),
    )


def _all_yes_or_no(instrument: Instrument) -> bool:
    """Whether every criterion is met or not; a grid may also be rated, or answered in levels."""
    return all(RULES[dimension.rule].audit for dimension in instrument.dimensions)


def _overall_title(rows: list[ScoreRow]) -> str:
    found = {row.measure: row for row in rows}
    whole = found.get("all_or_none")
    if whole is None or whole.status != "published":
        return "La grille entière"
    met, n = _met(whole)
    return f"La grille entière : tous les critères réunis dans {number(met)} cas sur {number(n)}"


def _overall_table(rows: list[ScoreRow], subject: Subject) -> Table:
    cells = [
        (
            *measure_words(row.measure, subject),
            *(
                (percent(row.score), _ends(row, subject), number(row.n_valid))
                if row.status == "published"
                else (words.OF_A_GROUP[row.status], "–", "–")
            ),
        )
        for row in rows
        if row.measure in MEASURES
    ]
    columns = ("Score", "Ce qu'il compte", "Grille", "Intervalle à 95 %", subject.heading)
    title = f"{NUMBERS[len(cells)]} scores d'ensemble, à ne pas confondre"
    return _of_what_was_drawn(Table(title, columns, cells, (0, 1)), subject)


def _ends(row: ScoreRow, subject: Subject) -> str:
    return interval(row.low, row.high) if subject.drawn else ""


def _of_what_was_drawn(table: Table, subject: Subject) -> Table:
    """The same table without interval nor class, where cases were chosen."""
    if subject.drawn:
        return table
    kept = [i for i, name in enumerate(table.columns) if name not in OF_A_SAMPLE]
    rows = [tuple(row[i] for i in kept) for row in table.rows]
    return Table(table.caption, tuple(table.columns[i] for i in kept), rows, table.left)


def _official_sentence(rows: list[ScoreRow]) -> str:
    """The all-or-none score as HAS would publish it, when enough complete records tell it."""
    found = [row for row in rows if row.measure == "all_or_none" and row.status == "published"]
    if not found or found[0].n_valid < FEWEST:
        return ""
    low, high, klass = official(*_met(found[0]))
    return (
        f"À la façon dont la HAS publie ses indicateurs, le tout ou rien donnerait "
        f"{interval(low, high)}, "
        f"classe {klass} devant l'objectif de {percent(OBJECTIVE)}."
    )


def official(met: int, n: int) -> tuple[int, int, str]:
    """The official interval in whole percents, and the class against the objective of 80 %.

    >>> official(71, 80)
    (80, 95, 'B')
    """
    low, high = whole_percent_interval(met, n)
    return low, high, class_against(low, high, OBJECTIVE)


def _met(row: ScoreRow) -> tuple[int, int]:
    """How many records meet what a row counts, and out of how many."""
    return round(row.score * row.n_valid / 100), int(row.n_valid)


def _judged_critical(scores: Scores) -> bool:
    """Whether one record at least was judged on a critical criterion."""
    critical = {item.code for item in scores.instrument.items if item.critical}
    return any(
        row.item in critical and row.status == "published"
        for dimension in scores.instrument.dimensions
        for row in scores.of_items(dimension)
    )


def criteria(report: ServiceReport) -> Fragment:
    """Criterion by criterion: counts, conformity, our interval and the official one.

    Criteria that are not met or unmet are laid out as questions are.

    Conformity is yes ÷ (yes + no), in %, with its interval at 95 %; HAS's way of showing it, whole
    percents and a class A, B or C against an objective of 80 %, stands beside it.

    >>> "Les critères en chiffres" in criteria(audit_report).html
    True
    """
    return _criteria(report) if _all_yes_or_no(report.instrument) else sections.items(report)


@stamped
def _criteria(report: ServiceReport) -> Fragment:
    if report.hidden:
        return render("page/questions", instrument=report.instrument)
    key = drawings.items_key_drawing(report)
    blocks = [
        {
            "dimension": dimension,
            "finding": sections.finding_line(report.instrument, row, reading),
            "drawing": drawings.items_drawing(report, dimension.id, keyed=key is None),
            "table": criteria_table(report.scores, dimension),
        }
        for dimension, row, reading in report.scores.dimensions
    ]
    return render(
        "audit/criteria",
        subject=report.subject,
        chapters=chapter_table(report.scores),
        key=key,
        blocks=blocks,
        often=_often(report.scores, report.n),
        objective=number(OBJECTIVE),
        fewest=FEWEST,
    )


def chapter_table(scores: Scores) -> Table:
    """The mean of the criteria of each chapter, where the grid has several; no rows otherwise."""
    parts: dict[str, list[ScoreRow]] = {}
    for dimension in scores.instrument.dimensions:
        rows = parts.setdefault(dimension.part or "", [])
        rows += scores.of_items(dimension)
    cells = []
    for part, found in parts.items():
        shown = [row.score for row in found if row.status == "published"]
        mean = percent(fmean(shown)) if shown else "–"
        cells.append((part, mean, f"{number(len(shown))} sur {number(len(found))}"))
    columns = ("Chapitre", "Moyenne des critères", "Critères jugés")
    return Table("Chaque critère compte autant dans son chapitre", columns,
                 cells if len(cells) > 1 else [])  # fmt: skip


def criteria_table(scores: Scores, dimension: Dimension) -> Table:
    """The criteria of a dimension: yes, no, what is left out, and how sure the share is."""
    found = {row.item: row for row in scores.of_items(dimension)}
    rows = [
        _criterion(scores, item, found.get(item.code))
        for item in scores.instrument.items_of(dimension.id)
    ]
    columns = (
        "Critère", "Oui", "Non", "Hors calcul", "Conformité", "Intervalle à 95 %",
        "À la façon de la HAS", "Classe",
    )  # fmt: skip
    table = Table(f"Les critères en chiffres : {dimension.label}", columns, rows, (0, 3))
    return _of_what_was_drawn(table, subject_of(scores.instrument))


def _criterion(scores: Scores, item: Item, row: ScoreRow | None) -> tuple[str, ...]:
    name = words.criterion(item)
    aside = _aside(scores, item)
    if row is None or row.status != "published":
        why = words.OF_A_GROUP["suppressed" if row is None else row.status]
        return name, "–", "–", aside, why, "–", "–", "–"
    met, n = _met(row)
    return (
        name,
        number(met),
        number(n - met),
        aside,
        percent(row.score),
        interval(row.low, row.high),
        *_official_cells(met, n),
    )


def _official_cells(met: int, n: int) -> tuple[str, str]:
    """The official interval and class; a dash on fewer records than an audit may rest on."""
    if n < FEWEST:
        return "–", "–"
    low, high, klass = official(met, n)
    return interval(low, high), klass


def _aside(scores: Scores, item: Item) -> str:
    """Records left out of a criterion, by the grid's own words for each reason."""
    left = [
        _counted(int(row.count), state_words(scores.instrument, item, row.state))
        for row in scores.answers.get(item.code, ())
        if row.state in STATES and row.count > 0
    ]
    return ", ".join(left) or "aucun"


def _counted(n: int, state: str) -> str:
    """« Non applicable » is said of records and agrees with them; « sans objet » does not."""
    return count(n, state, f"{state}s" if state.startswith("non ") else state)


def _often(scores: Scores, n: int) -> list[str]:
    """Criteria that do not apply to many records: they speak of the few others only."""
    counted = subject_of(scores.instrument).count
    return [
        f"{quote(item.text)} : {counted(int(row.count))} sur {number(n)}"
        for item in scores.instrument.items
        for row in scores.answers.get(item.code, ())
        if row.state == "not_applicable" and row.share > OFTEN
    ]


@stamped
def agreement(report: ServiceReport) -> Fragment:
    """What two auditors who read the same records agree on.

    Observed agreement in %, Cohen's kappa from −1 to 1 with its interval at 95 %, agreement on yes
    and on no in %. Nothing without a second auditor, nor for a hidden service.

    >>> "Deux auditeurs, les mêmes dossiers" in agreement(audit_report).html
    True
    """
    rows = rows_of(report.agreement, AgreementRow)
    if report.hidden or not rows:
        return NOTHING
    texts = {item.code: item.text for item in report.instrument.items}
    cells = [
        (
            texts.get(row.item, "Tous les critères ensemble"),
            number(row.n),
            percent(100 * row.observed),
            number(row.kappa, 2),
            f"[{number(row.low, 2)} ; {number(row.high, 2)}]" if row.low == row.low else "–",
            percent(100 * row.positive),
            percent(100 * row.negative),
        )
        for row in rows
    ]
    columns = (
        "Critère", "Lectures", "Accord", "Kappa", "Intervalle à 95 %",
        "Accord sur oui", "Accord sur non",
    )  # fmt: skip
    return render(
        "audit/agreement",
        subject=report.subject,
        draws=number(DRAWS),
        title=_agreement_title(rows[0]),
        whole=_of_what_was_drawn(
            Table(f"Deux auditeurs, les mêmes {report.subject.plural}", columns, cells[:1]),
            report.subject,
        ),
        table=_of_what_was_drawn(Table("Critère par critère", columns, cells[1:]), report.subject),
        low=_low_agreement(rows[1:], texts),
    )


def _agreement_title(whole: AgreementRow) -> str:
    return f"Deux auditeurs d'accord {number(100 * whole.observed)} fois sur 100"


def _low_agreement(rows: list[AgreementRow], texts: dict[str, str]) -> str:
    """The criteria on which at least one record in five was judged otherwise."""
    apart = [texts[row.item] for row in rows if row.observed < 0.8]
    if not apart:
        return ""
    shown = listed(quote(text) for text in apart[:3])
    more = f", et {count(len(apart) - 3, 'autre')}" if len(apart) > 3 else ""
    return f"À relire ensemble avant d'en conclure quoi que ce soit : {shown}{more}."
