"""The report of one service, one function per section, top to bottom.

The examples read ``team_report``: `qgdr demo essai` writes a campaign, and
``open_report("essai/campagne.yml")`` opens it.
"""

from collections.abc import Sequence

import pandas as pd

from qgdr_eval.comparison.findings.thresholds import OBJECTIVE, SPLIT_SHARE
from qgdr_eval.comparison.reference import FEWEST_OTHERS
from qgdr_eval.disclosure import Card, Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.words import turned_words
from qgdr_eval.frames import (
    ComparisonRow,
    DistributionRow,
    ExclusionRow,
    FunnelRow,
    ReadingRow,
    ScoreRow,
    TotalRow,
)
from qgdr_eval.french import date, in_words, listed, number, percent, quote, signed
from qgdr_eval.instruments import Dimension, Instrument, Item
from qgdr_eval.reporting.page import drawings
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, campaign_line, lay_masthead
from qgdr_eval.reporting.page.provenance import campaign_provenance
from qgdr_eval.reporting.registered import dated, told_of_service
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.scores import Scores
from qgdr_eval.reporting.team import method, words
from qgdr_eval.reporting.team.limitations import hidden_rows
from qgdr_eval.reporting.team.limitations import limits as what_is_not_said
from qgdr_eval.reporting.team.method import count_cell, interval_cell, score_cell
from qgdr_eval.reporting.team.readings import readings_of
from qgdr_eval.reporting.team.sample import sample_of
from qgdr_eval.reporting.team.unsaid import unsaid
from qgdr_eval.reporting.team.unusual import standing_of
from qgdr_eval.scoring import gives
from qgdr_eval.wording.levels import axis_levels
from qgdr_eval.wording.reference import difference, interval_of, reference_marks, reference_name
from qgdr_eval.wording.rules import VOICES
from qgdr_eval.wording.scores import score_in_full
from qgdr_eval.wording.subjects import subject_of

POLES = {"negative": "Défavorable", "neutral": "Neutre", "positive": "Favorable"}
STATES = {"not_applicable": "sans objet", "dont_know": "ne sait pas", "missing": "sans réponse"}


@stamped
def masthead(report: ServiceReport, report_date: str = "") -> Fragment:
    """Which service, which campaign, who answered; what this is and what it is not.

    ``report_date``: ISO day the page bears, today when empty.

    >>> "Médecine interne" in masthead(team_report, "2026-11-16").html
    True
    """
    return lay_masthead(
        Masthead(
            over=campaign_line(report.card),
            title=report.service,
            under=report.facility,
            facts=[*facts(report), ("Rapport du", day_in_full(report_date))],
            what="À lire en équipe,",
            why="pour se parler et choisir quoi faire : ni une note, ni un classement, ni une "
            "évaluation de la HAS.",
            facility=report.facility,
            service=report.service,
            n=report.shown_n,
            draft=report.card.draft,
        )
    )


def facts(report: ServiceReport) -> list[tuple[str, str]]:
    """What a masthead tells beside the names: how many answered, what is said when few did.

    >>> facts(team_report)[0]
    ('Répondants', '27 sur 42')
    """
    row, people = report.turnout, report.instrument.of_people
    if report.hidden:
        name = "Réponses" if people else report.subject.heading
        return [(name, words.OF_A_GROUP.get(str(row.status), "effectif insuffisant"))]
    heads = "" if pd.isna(row.head_count) else f" sur {number(row.head_count)}"
    told = [(report.subject.heading, f"{number(report.n)}{heads}")]
    if people and not pd.isna(row.rate):
        told.append(("Participation", percent(row.rate)))
    if day := dated(report.published, report.facility, report.service):
        told.append(("Chiffres publiés le", date(day)))
    return told


@stamped
def message(report: ServiceReport) -> Fragment:
    """The sentence the results support, a picture of the whole, what an interval is.

    For a hidden service: what « effectif insuffisant » means, why, and what remains available.

    >>> "Le trait est une marge" in message(team_report).html
    True
    """
    if report.hidden:
        return render(
            "team/hidden",
            minimum=report.card.minimum,
            smaller=bool(0 < report.turnout.head_count < report.card.minimum),
            available=available(rows_of(report.totals, TotalRow)),
            people=report.instrument.of_people,
            subject=report.subject,
        )
    return render(
        "team/message",
        headline=words.headline(report),
        sketch=drawings.sketch_drawing(report),
        margin=words.margin(readings_of(report), everybody=report.turnout.head_count == report.n),
        unsaid=unsaid(report),
        caution=report.instrument.caution,
    )


def available(totals: Sequence[TotalRow]) -> list[str]:
    """What a team whose results are hidden can still read.

    >>> available(rows_of(team_report.totals, TotalRow))[-1].startswith("les questions elles-mêmes")
    True
    """
    shown = [row for row in totals if row.status == "published"]
    lines = [
        f"les résultats de l'ensemble « {row.facility} »"
        if row.facility
        else "les résultats de la campagne entière"
        for row in shown
    ]
    subjects = (
        "les questions elles-mêmes, à parcourir ensemble sans chiffre : "
        "elles sont reprises plus bas"
    )
    return [*lines, subjects]


@stamped
def profile(report: ServiceReport) -> Fragment:
    """One row per dimension: score, interval, reference, reading; and the same as a table.

    Scores are on 0–100, intervals at 95 %. Nothing for a hidden service.

    >>> "Le profil en chiffres" in profile(team_report).html
    True
    """
    if report.hidden:
        return NOTHING
    return render(
        "team/profile",
        people=report.instrument.of_people,
        subject=report.subject,
        levels=levels_of(report.instrument),
        title=words.profile_title(readings_of(report), report.n),
        thresholds=readings_of(report).marked,
        census=not report.hidden and report.turnout.head_count == report.n,
        drawing=drawings.profile_drawing(report),
        caution=report.instrument.caution,
        table=_profile_table(report.scores),
    )


def levels_of(instrument: Instrument) -> list[str]:
    """The levels, lowest first, of an instrument that has nothing else than levels.

    >>> levels_of(team_report.instrument)
    []
    """
    return list(axis_levels(instrument.dimensions, instrument).values())


def _profile_table(scores: Scores) -> Table:
    rows = [
        (
            dimension.label,
            score_cell(row, scores.instrument) if row.status == "published" else "–",
            interval_cell(row, scores.instrument),
            count_cell(row.n_valid if row.status == "published" else float("nan")),
            words.verdict(reading, scores.instrument, str(row.status)),
        )
        for dimension, row, reading in scores.dimensions
    ]
    counted = "Réponses" if scores.instrument.of_people else subject_of(scores.instrument).heading
    measure = "Niveau" if levels_of(scores.instrument) else "Score"
    columns = ("Dimension", measure, "Intervalle à 95 %", counted, "Lecture")
    if scores.instrument.chosen:  # neither interval nor mark
        own = [(name, score, n) for name, score, _, n, _ in rows]
        return Table("Le profil en chiffres", ("Dimension", measure, counted), own, (0,))
    return Table("Le profil en chiffres", columns, rows, (0, 4))


@stamped
def items(report: ServiceReport) -> Fragment:
    """Question by question, a figure and a table for each dimension; bare questions if hidden.

    Sides are in % of valid answers, intervals at 95 %; answers outside the scale are counted by
    reason.

    >>> "Les questions en chiffres" in items(team_report).html
    True
    """
    if report.hidden:
        return render("page/questions", instrument=report.instrument)
    key = drawings.items_key_drawing(report)
    blocks = [
        {
            "dimension": dimension,
            "finding": finding_line(report.instrument, row, reading),
            "drawing": drawings.items_drawing(report, dimension.id, keyed=key is None),
            "table": _items_table(report.scores, dimension),
        }
        for dimension, row, reading in report.scores.dimensions
    ]
    return render(
        "team/items",
        key=key,
        blocks=blocks,
        by_side=report.scores.by_side,
        has_reversed=any(item.reversed for item in report.instrument.items),
        has_neutral=any(
            "neutral" in _poles_of(report.instrument, dimension)
            for dimension in report.instrument.dimensions
        ),
        unanimous=any(
            row.status == "unanimous" for rows in report.scores.answers.values() for row in rows
        ),
    )


def finding_line(instrument: Instrument, row: ScoreRow, reading: ReadingRow) -> str:
    """A dimension's score, its interval and what they allow to say, on one line."""
    text = words.verdict(reading, instrument, row.status)
    if row.status != "published":
        return text
    if instrument.chosen:
        return score_cell(row, instrument)
    return f"{score_cell(row, instrument)} {interval_cell(row, instrument)}, {text}"


def _items_table(scores: Scores, dimension: Dimension) -> Table:
    found = {row.item: row for row in scores.of_items(dimension)}
    poles = _poles_of(scores.instrument, dimension)
    rows = [
        _item_row(scores, item, found.get(item.code), poles)
        for item in scores.instrument.items_of(dimension.id)
    ]
    columns = (
        "Question",
        *(POLES[pole] for pole in poles),
        *_own(dimension),
        "Intervalle à 95 %",
        "Réponses valides",
        "Hors calcul",
    )
    caption = f"Les questions en chiffres : {dimension.label}"
    return Table(caption, columns, rows, (0, len(columns) - 1))


def _poles_of(instrument: Instrument, dimension: Dimension) -> list[str]:
    """The sides that the scales of a dimension have; many have no middle."""
    scales = map(instrument.scale_of, instrument.items_of(dimension.id))
    met = {option.pole for scale in scales for option in scale.options}
    return [pole for pole in POLES if pole in met]


def _own(dimension: Dimension) -> list[str]:
    """The column of a question's own score, where it is not one of the shares."""
    voice = VOICES[dimension.rule]
    return [] if voice.counted else [voice.heading]


def _item_row(
    scores: Scores, item: Item, score: ScoreRow | None, poles: list[str]
) -> tuple[str, ...]:
    turned = turned_words(item, scores.instrument.scale_of(item))
    text = f"{item.text} ({turned})" if turned else item.text
    own = _own(scores.instrument.dimension(item.dimension))
    if score is None or score.status != "published":
        why = words.STATUSES["suppressed" if score is None else str(score.status)]
        return text, *["–"] * (len(poles) + len(own) + 2), why
    shares = scores.poles(item.code)
    cells = ["–" if shares is None else percent(shares.get(pole, 0)) for pole in poles]
    own_scores = [score_cell(score, scores.instrument) for _ in own]
    away = words.STATUSES["unanimous"] if shares is None else _valueless(scores.answers[item.code])
    ends = interval_cell(score, scores.instrument)
    return text, *cells, *own_scores, ends, count_cell(score.n_valid), away


def _valueless(answers: list[DistributionRow]) -> str:
    """Answers outside the scale, each kind by its name."""
    counts = {row.state: row.count for row in answers if row.count > 0}
    parts = [f"{number(counts[state])} {name}" for state, name in STATES.items() if state in counts]
    return ", ".join(parts) or "aucune"


@stamped
def reference(report: ServiceReport) -> Fragment:
    """Each dimension against the reference: the difference, its interval, and what it allows.

    Differences are in points, on scores of 0–100. Nothing for a hidden service, nor for records
    that have no reference.

    >>> "Écart avec la référence, en points" in reference(team_report).html
    True
    """
    if report.hidden or (report.card.reference == "none" and not report.instrument.of_people):
        return NOTHING
    compared = rows_of(report.comparisons, ComparisonRow)
    return render(
        "team/reference",
        title=words.reference_title(compared),
        unset=report.card.reference == "none",
        name=reference_name(report.card),
        marks=reference_marks(report.card, report.instrument.version),
        levels=levels_of(report.instrument),
        exact=_taken_as_exact(compared, report.published),
        apart=_not_compared(compared, report.scores, report.card),
        table=_reference_table(compared, report.scores),
        sentences=_differences(compared, report.instrument),
        standing=standing_of(rows_of(report.funnel, FunnelRow), report.instrument),
    )


def _taken_as_exact(compared: Sequence[ComparisonRow], published: Published) -> str:
    """The dimensions whose external value has no interval of its own; "" when each has one."""
    if published.card.reference in ("none", "campaign"):
        return ""
    given = published.references
    bare = set(given.loc[given["low"].isna() | given["high"].isna(), "dimension"])
    exact = [row.dimension for row in compared if row.dimension in bare]
    if not exact:
        return ""
    if len(exact) == len(compared):
        return "pour toutes les dimensions"
    return f"pour {listed(quote(published.instrument.dimension(id).label) for id in exact)}"


def _not_compared(compared: Sequence[ComparisonRow], scores: Scores, card: Card) -> str:
    """Which dimensions are not compared, and why; "" when all are."""
    known = {row.dimension for row in compared}
    internal = card.reference == "campaign"
    without = (
        f"que moins de {in_words(FEWEST_OTHERS)} autres services affichent"
        if internal
        else "sans valeur de référence"
    )
    left = [
        f"{quote(dimension.label)}, {without if row.status == 'published' else 'non affichée ici'}"
        for dimension, row, _ in scores.dimensions
        if dimension.id not in known
    ]
    if not left:
        return ""
    what = "Dimension non comparée" if len(left) == 1 else "Dimensions non comparées"
    return f"{what} : {' ; '.join(left)}."


def _differences(rows: Sequence[ComparisonRow], instrument: Instrument) -> list[tuple[str, str]]:
    return [
        (instrument.dimension(row.dimension).label, difference(row))
        for row in rows
        if row.verdict in ("higher", "lower")
    ]


def _reference_table(compared: Sequence[ComparisonRow], scores: Scores) -> Table:
    own = {dimension.id: row for dimension, row, _ in scores.dimensions}
    rows = []
    for row in compared:
        dimension = scores.instrument.dimension(row.dimension)
        known = not pd.isna(row.difference)
        rows.append(
            (
                dimension.label,
                score_cell(own[dimension.id], scores.instrument),
                score_in_full(row.reference_score, dimension, scores.instrument) if known else "–",
                f"{signed(row.difference)}" if known else "–",
                interval_of(row.low, row.high) if known else "–",
                words.difference_verdict(row) if known else "non comparé",
            )
        )
    return Table(
        "Écart avec la référence, en points",
        ("Dimension", "Service", "Référence", "Écart", "Intervalle à 95 %", "Lecture"),
        rows,
        (0, 5),
    )


@stamped
def limits(report: ServiceReport) -> Fragment:
    """What cannot be concluded, and why. Always something, whatever the results.

    >>> "qu’on ne peut pas conclure" in limits(team_report).html
    True
    """
    return render("page/limits", limits=what_is_not_said(report))


@stamped
def participation(report: ServiceReport) -> Fragment:
    r"""Who answered, which returns were set aside and why, what is hidden.

    The rate is in % of those asked, told when the head count is known.

    >>> "personnes sur 42 ont répondu" in participation(team_report).html.replace("\u00a0", " ")
    True
    """
    subject, people, rate = report.subject, report.instrument.of_people, report.turnout.rate
    read = f"{subject.which.capitalize()} ont été {subject.agree(subject.seen)}"
    whole = "Qui a répondu" if people else read
    title = whole if report.hidden else words.turnout(sample_of(report))
    return render(
        "team/participation",
        people=people,
        subject=subject,
        title=title,
        concealed=report.hidden,
        rate=rate if people and rate == rate else None,
        table=_exclusion_table(rows_of(report.published.exclusions, ExclusionRow)),
        dated=told_of_service(dated(report.published, report.facility, report.service)),
        hidden=hidden_rows(report),
    )


def _exclusion_table(exclusions: list[ExclusionRow]) -> Table:
    rows = [
        (
            words.REASONS.get(row.reason, row.reason),
            words.ACTIONS.get(row.action, row.action),
            number(row.count),
        )
        for row in exclusions
    ]
    return Table(
        "Retours écartés, cellules illisibles",
        ("Motif", "Ce qui en est fait", "Nombre"),
        rows,
        (0, 1),
    )


@stamped
def annex(report: ServiceReport) -> Fragment:
    """The method: rules with a worked line, intervals, thresholds, words.

    >>> "Règles de calcul" in annex(team_report).html
    True
    """
    kinds = {gives(dimension) for dimension in report.instrument.dimensions}
    sample = None if report.hidden else sample_of(report)
    return render(
        "team/annex",
        people=report.instrument.of_people,
        has_reversed=any(item.reversed for item in report.instrument.items),
        has_critical=any(item.critical for item in report.instrument.items),
        notes=report.instrument.notes,
        subject=report.subject,
        levels="level" in kinds,
        measured=bool(kinds - {"level"}),
        rules=method.worked_rules(report.scores, sample),
        finite=method.finite_line(sample) if sample else "",
        split=percent(SPLIT_SHARE),
        objective=percent(OBJECTIVE),
        thresholds=method.threshold_table(report.instrument),
    )


@stamped
def provenance(report: ServiceReport, report_date: str) -> Fragment:
    """Where every figure comes from: instrument, kit, results, date.

    ``report_date``: ISO day the page bears, today when empty. The fingerprint is a SHA-256.

    >>> team_report.fingerprint in provenance(team_report, "2026-11-16").html
    True
    """
    return campaign_provenance(report, _respondents(report), "du service", report_date)


def _respondents(report: ServiceReport) -> str:
    if report.hidden:
        return "effectif insuffisant"
    return words.subjects(report.instrument, report.n)
