"""What people answered or records showed: findings, messages, the profile."""

from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest

from qgdr_eval.comparison.findings.model import CRITICAL, DISCUSS, FIRST, PRIORITY, STRENGTHS
from qgdr_eval.figures.alternatives import say_profile
from qgdr_eval.figures.profile import Row, profile_rows
from qgdr_eval.figures.words import hidden_words, reference_key, top_label
from qgdr_eval.frames import FindingRow
from qgdr_eval.french import number, round_half_up
from qgdr_eval.instruments import Dimension, Threshold
from qgdr_eval.reporting import ServiceReport
from qgdr_eval.reporting.team import first_page, words
from qgdr_eval.reporting.team.readings import readings_of
from qgdr_eval.reporting.team.steps import groups_of
from qgdr_eval.scoring import gives
from qgdr_eval.wording.levels import axis_levels
from qgdr_eval.wording.scores import score_in_full
from qgdr_eval.wording.verdicts import IN_A_KEY, IN_A_WORD

HUES = {"strength": "cool", "between": "muted", "priority": "warm"}
SHAPES = {
    "established": "filled",
    "no_threshold": "filled",
    "to_confirm": "ring",
    "cannot_conclude": "dashed",
    "capped": "point",
}
PARTS = {FIRST: "warm", STRENGTHS: "cool", PRIORITY: "warm", DISCUSS: "ink"}
MEANT = {  # what a whole interval allows to say, after « de … à … »
    "strength": "tout entière du bon côté du repère : c'est un point fort établi",
    "low_dimension": "tout entière sous le repère : c'est une priorité établie",
    "perhaps_low": "elle touche le repère : plutôt une priorité, à confirmer",
    "undecided": "elle va d'un repère à l'autre : on ne peut pas conclure",
    "low_item": "tout entière sous le repère : une question à reprendre",
    "under_objective": "tout entière sous l'objectif : un critère à reprendre",
    "critical": "et c'est un critère critique : une seule fois suffit pour en parler",
}


def findings(report: ServiceReport, most: int) -> list[dict[str, object]]:
    """What the first screen of the page names, group by group, at most so many of each.

    >>> [group["title"] for group in findings(team_report, 1)]
    ['Priorités établies', 'À discuter en équipe', 'Points forts établis']
    """
    return [
        {
            "title": group.title,
            "pole": group.pole,
            "none": group.none,
            "found": [_finding(finding, group.pole) for finding in group.findings[:most]],
        }
        for group in groups_of(report)
    ]


def _finding(finding: first_page.Finding, pole: str) -> dict[str, object]:
    label = finding.dimension.label
    if finding.of_item:
        told = f"{label} : {finding.reading}"
        return _told(
            finding, finding.question, True, ", ".join(filter(None, [told, finding.answer]))
        )
    why = finding.reading if pole == "ink" else ""
    return _told(finding, label, False, why)


def _told(finding: first_page.Finding, name: str, quoted: bool, why: str) -> dict[str, object]:
    return {"figure": finding.figure, "under": finding.under, "name": name, "quoted": quoted,
            "why": why}  # fmt: skip


def messages(report: ServiceReport, most: int) -> list[dict[str, object]]:
    """The few things a wall can carry, each with its uncertainty in words.

    In turn: what comes first, an established strength, an established priority, the next of each;
    then what is to discuss. What has no interval, such as a divided question, is left out: nothing
    on a wall would say how sure it is.

    >>> [message["pole"] for message in messages(team_report, 2)]
    ['warm', 'warm']
    """
    found = report.found
    sides = zip_longest(found.part(STRENGTHS), found.part(PRIORITY))
    in_turn = filter(None, chain.from_iterable(sides))
    first = found.part(FIRST)
    rows = [*first[:1], *in_turn, *first[1:], *found.part(DISCUSS)]
    carried = [row for row in rows if row.kind in MEANT and row.low == row.low]
    return [_message(report, row) for row in carried[:most]]


def _message(report: ServiceReport, row: FindingRow) -> dict[str, object]:
    instrument, dimension = report.instrument, report.instrument.dimension(row.dimension)
    item = instrument.item(row.item) if row.item else None
    low, high, full = (
        score_in_full(value, dimension, instrument, item)
        for value in (row.low, row.high, row.score)
    )
    figure, before = full, ""
    if row.kind == CRITICAL:
        figure = f"{number(first_page.unmet(row))} non sur {number(row.n)}"
        before = f"Conforme : {full}. "
    return {
        "name": item.text if item else dimension.label,
        "quoted": item is not None,
        "figure": figure,
        "said": f"{before}Marge du hasard : de {low} à {high}, {MEANT[row.kind]}.",
        "pole": PARTS[row.part],
    }


def profile(report: ServiceReport, most: int) -> dict[str, object]:
    """One row a dimension, in the instrument's order: a dot, its interval, the marks.

    Places are whole points: nothing is drawn more finely than it is printed.

    >>> drawn = profile(team_report, 0)
    >>> len(drawn["rows"]), drawn["kind"]
    (10, 'scores')
    """
    rows = profile_rows(report.published, report.readings, report.comparisons)
    dimensions = tuple(row.dimension for row in rows)
    return {
        "kind": "scores",
        "title": words.profile_title(readings_of(report), report.n),
        "alt": f"{say_profile(rows)} {' '.join(_said(report, rows))}",
        "rows": [_row(report, row) for row in rows],
        "axis": _axis(report, dimensions),
        "heads": _heads(rows),
        "key": _key(rows),
        "caution": report.instrument.caution or "",
        "how": _how(report, rows),
    }


def _said(report: ServiceReport, rows: Iterable[Row]) -> Iterator[str]:
    """Every row in words: a figure that no table stands beside says all it shows."""
    for row, (_, score, reading) in zip(rows, report.scores.dimensions, strict=True):
        if row.verdict == "hidden":
            yield f"{row.dimension.label} : {hidden_words(row.status)}."
        else:
            read = words.verdict(reading, report.instrument, str(score.status))
            yield f"{row.dimension.label} : {row.full} {row.ends}, {read}."


def _row(report: ServiceReport, row: Row) -> dict[str, object]:
    shown = row.verdict != "hidden"
    word = IN_A_WORD.get((row.verdict, row.band)) or IN_A_WORD.get(row.verdict, "")
    return {
        "label": row.dimension.label,
        "shown": shown,
        "hidden": "" if shown else hidden_words(row.status),
        "score": _place(row.score),
        "low": _place(row.low),
        "high": _place(row.high),
        "reference": _place(row.reference),
        "apart": row.apart,
        "figure": row.short if shown else "",
        "ends": row.short_ends if shown else "",
        "reading": word if shown else "",
        "shape": SHAPES.get(row.verdict, "filled"),
        "hue": "grey" if row.verdict == "cannot_conclude" else HUES[row.band],
        "bands": [_band(mark) for mark in row.thresholds] if shown else [],
    }


def _place(value: float) -> float | None:
    return None if value != value else round_half_up(value)


def _band(mark: Threshold) -> dict[str, object]:
    low, high = (0.0, mark.value) if mark.kind == "at_most" else (mark.value, 100.0)
    hue = "warm_soft" if mark.kind == "at_most" else "cool_soft"
    return {"from": low, "to": high, "hue": hue}


def _heads(rows: Iterable[Row]) -> dict[str, str]:
    """The words of the marks, above the zones they open; of the first row where rows differ."""
    return {mark.kind: mark.label for row in reversed(list(rows)) for mark in row.thresholds}


def _axis(report: ServiceReport, dimensions: tuple[Dimension, ...]) -> list[dict[str, object]]:
    if levels := axis_levels(dimensions, report.instrument):
        return [{"at": round_half_up(at), "label": label} for at, label in levels.items()]
    marks = {mark.value for dimension in dimensions
             for mark in report.instrument.thresholds_of(dimension.id)}  # fmt: skip
    between = [] if len(marks) > len(report.instrument.thresholds) else sorted(marks)
    ends = ((0.0, "0"), *((at, number(at)) for at in between if 7 < at < 83),
            (100.0, top_label(dimensions)))  # fmt: skip
    return [{"at": at, "label": label} for at, label in ends]


def _key(rows: list[Row]) -> list[dict[str, str]]:
    """What the marks that are drawn mean, in words."""
    met = {row.verdict for row in rows}
    lines = [{"shape": SHAPES[verdict], "label": said}
             for verdict, said in IN_A_KEY.items() if verdict in met]  # fmt: skip
    lines.append({"shape": "interval", "label": "intervalle à 95 %"})
    lines += [{"shape": "apart" if apart else "reference", "label": said}
              for apart, said in reference_key(row.reference_label for row in rows)]  # fmt: skip
    return lines


def _how(report: ServiceReport, rows: Iterable[Row]) -> str:
    """What an interval is, with this team's own numbers: those of the widest one shown."""
    shown = [row for row in rows if row.low == row.low]
    if not shown:
        return ""
    row = max(shown, key=lambda row: row.high - row.low)
    instrument, dimension = report.instrument, row.dimension
    low, high = (score_in_full(value, dimension, instrument) for value in (row.low, row.high))
    subject = report.subject
    read = f"{subject.which} ont été {subject.agree(subject.seen)}"
    chance = "qui a répondu, et quel jour" if instrument.of_people else read
    what = "niveau" if gives(dimension) == "level" else "score"
    return (
        f"Le point est le {what} obtenu ; le trait, la marge que laisse le hasard ({chance}). "
        f"Pour « {dimension.label} », obtenu {row.full} : la marge va de {low} à {high}."
    )
