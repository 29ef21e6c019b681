"""The page of an improvement plan, one function per section: promised, done, measured, moved.

The examples read ``plan_report``: `qgdr demo essai` writes the plan and both rounds of an audit,
and this opens them::

    audit = "essai/medicament/tour-{}/campagne.yml".format
    open_plan("essai/plan.xlsx", report_date="2026-11-16", campaign=audit(2), earlier=audit(1))
"""

from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup

from qgdr_eval.actions import HEADERS, count_actions
from qgdr_eval.actions.loop import DECLARED, IMPROVED, NOT_COMPARED, NOT_ESTABLISHED, WORSENED
from qgdr_eval.actions.model import DATES, PLACE
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import ActionRow, Change, CountRow, LoopRow, Placed
from qgdr_eval.french import count, date, in_words, listed, number
from qgdr_eval.reporting.action_plan.report import PlanReport
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, lay_masthead
from qgdr_eval.reporting.page.provenance import lay_provenance, made, short_print, whole_print

# What a sheet tells of an action besides its line in the table.
SHEET = (
    "origin",
    "finding",
    "objective",
    "decided",
    "priority",
    "contributors",
    "start",
    "indicator",
    "target",
    "method",
    "evaluated_on",
    "result",
    "parent",
    "comment",
)

EFFECT = (
    "L'effet d'une action faite.",
    "« Réalisé » dit que le travail est fait, pas qu'il a servi. Seul l'indicateur mesuré de "
    "nouveau le dira.",
)
"""What a plan never concludes: (what, why)."""


@stamped
def masthead(report: PlanReport) -> Fragment:
    """Whose plan it is, on which day, and what it is for.

    >>> "Plan d’actions" in masthead(plan_report).html
    True
    """
    facts = [
        ("Actions", number(len(report.own))),
        ("Ouvertes", number(report.total("open"))),
        ("En retard", number(report.total("late"))),
    ]
    facilities = report.plan.actions["facility"].unique()
    whose = report.facility or (facilities[0] if len(facilities) == 1 else "")
    names = [name for name in (report.service, report.pole, whose) if name] or ["Plan d'actions"]
    return lay_masthead(
        Masthead(
            over="Plan d'actions qualité et sécurité (PAQSS)",
            title=names[0],
            under=", ".join(names[1:]),
            facts=[*facts, ("Plan au", day_in_full(report.report_date))],
            what="Un outil de suivi.",
            why="Il dit ce qui est promis, fait, mesuré. Les pilotes y sont des fonctions, jamais "
            "des personnes. Un retard appelle de l'aide ou une nouvelle date, pas un reproche.",
            facility=report.facility,
            service=report.service or report.pole,
        )
    )


@stamped
def message(report: PlanReport) -> Fragment:
    """How many actions were promised, done, evaluated, late: one sentence, then place by place.

    >>> "abandonnée" in message(plan_report).html
    True
    """
    return render(
        "action_plan/message",
        headline=headline(report),
        unchecked=unchecked(report.total("done_not_evaluated")),
        table=_count_table(report),
    )


def headline(report: PlanReport) -> str:
    """How many actions were promised, done, evaluated, late, in one sentence.

    >>> headline(plan_report)[-11:]
    'abandonnée.'
    """
    if report.own.empty:
        return "Aucune action n'est encore inscrite."
    total = {flag: report.total(flag) for flag in ("done", "evaluated", "open", "late")}
    gone = report.total("abandoned")
    parts = [
        _with_part(total["done"], "faite", total["evaluated"], "évaluée"),
        _with_part(total["open"], "ouverte", total["late"], "en retard"),
        _so_many(gone, "abandonnée") if gone else "",
    ]
    text = f"{_so_many(len(report.own), 'action promise')} : {' ; '.join(filter(None, parts))}."
    return text[0].upper() + text[1:]


def _with_part(n: int, words: str, part: int, which: str) -> str:
    return _so_many(n, words) + (f", dont {_so_many(part, which)}" if n else "")


def _so_many(n: int, words: str) -> str:
    """Write how many, in the feminine and in words.

    >>> _so_many(0, "faite"), _so_many(1, "en retard"), _so_many(3, "action promise")
    ('aucune faite', 'une en retard', 'trois actions promises')
    """
    if n > 1 and words != "en retard":
        words = " ".join(f"{word}s" for word in words.split())
    return f"{in_words(n, feminine=True) if n else 'aucune'} {words}"


def unchecked(n: int) -> str:
    """The check of the PDCA cycle that is missing of so many actions, when it is.

    >>> unchecked(0)
    ''
    """
    if n == 0:
        return ""
    many = "Une action est faite" if n == 1 else f"{in_words(n, True)} actions sont faites"
    whose = ("son", "elle a") if n == 1 else ("leur", "elles ont")
    return (
        f"{many[0].upper()}{many[1:]} sans que {whose[0]} indicateur ait été mesuré : "
        f"il reste à vérifier si {whose[1]} servi."
    )


def _count_table(report: PlanReport) -> Table:
    """Counts by pôle, or by service within a pôle; nothing apart when there is one place."""
    level = PLACE if report.pole else PLACE[:2]
    columns = (HEADERS[level[-1]], "Actions", "Ouvertes", "En retard", "Faites", "Évaluées")
    counted = count_actions(report.followed, level)
    counts = rows_of(counted.reindex(columns=CountRow._fields, fill_value=""), CountRow)
    rows: list[tuple[object, ...]] = []
    if len(counts) > 1:
        for facility, places in groupby(counts, key=lambda row: _facility(report, row)):
            rows += [(facility,)] if facility else []
            rows += [
                (_level(row), row.actions, row.open, row.late, row.done, row.evaluated)
                for row in places
            ]
    return Table("Où en est le plan", columns, rows)


def _facility(report: PlanReport, row: Placed) -> str:
    """The facility of a place, when the page holds several."""
    several = not report.facility and report.own["facility"].nunique() > 1
    return row.facility if several else ""


def _level(row: Placed) -> str:
    return row.service or row.pole or "L'établissement"


@stamped
def actions(report: PlanReport) -> Fragment:
    """Every action by pôle and service: who, when, where it stands; then its whole sheet.

    >>> "Les actions, par pôle et par service" in actions(plan_report).html
    True
    """
    groups = [
        (place, list(pairs))
        for place, pairs in groupby(report.rows(), key=lambda pair: _place(report, pair[0]))
    ]
    sheets = [(row, list(_sheet(report, row))) for row, _ in report.rows()]
    return render("action_plan/actions", groups=groups, sheets=sheets)


def _place(report: PlanReport, row: Placed) -> str:
    above = row.pole if row.service else ""
    return ", ".join(name for name in (_facility(report, row), above, _level(row)) if name)


def _sheet(report: PlanReport, row: ActionRow) -> Iterator[tuple[str, str]]:
    """What an action says of itself, empty cells left out."""
    for name in SHEET:
        text = getattr(row, name)
        if text.strip():
            yield HEADERS[name], date(text) if name in DATES else text


@stamped
def late(report: PlanReport) -> Fragment:
    """What is past its date and not done, place by place.

    Days are counted from the due date to the day of the report. Nothing for an empty plan.

    >>> "Deux actions en retard" in late(plan_report).html
    True
    """
    if report.own.empty:
        return NOTHING
    found = [
        (row, _place(report, row), count(seen.days_late, "jour"))
        for row, seen in report.rows("late")
    ]
    n = len(found)
    title = f"{_so_many(n, 'action')} en retard" if n else "Aucune action en retard"
    return render("action_plan/late", title=title[0].upper() + title[1:], found=found)


@stamped
def loop(report: PlanReport) -> Fragment:
    """Promised, done, moved: each action beside its measure, when there are two campaigns.

    >>> "une progression établie" in loop(plan_report).html
    True
    """
    if len(report.cards) < 2:
        return NOTHING
    rows = rows_of(report.loop, LoopRow)
    return render(
        "action_plan/loop",
        title=_loop_title(rows),
        last=report.cards[0],
        before=report.cards[1],
        found=[
            (row, report.labels.get(row.item or row.dimension, ""), _level(row)) for row in rows
        ],
    )


def _loop_title(rows: list[LoopRow]) -> str:
    verdicts = [row.verdict for row in rows]
    names: dict[Change, tuple[str, str]] = {
        IMPROVED: ("progression établie", "progressions établies"),
        WORSENED: ("recul établi", "reculs établis"),
        NOT_ESTABLISHED: ("évolution non établie", "évolutions non établies"),
        DECLARED: ("position déclarée", "positions déclarées"),
        NOT_COMPARED: ("mesure non comparée", "mesures non comparées"),
    }
    counted = [
        f"{in_words(n, feminine=verdict != WORSENED)} {names[verdict][n > 1]}"
        for verdict in names
        if (n := verdicts.count(verdict))
    ]
    return f"Promis, fait, mesuré : {listed(counted) or 'rien à rapprocher'}"


@stamped
def declension(report: PlanReport) -> Fragment:
    """From the facility to the pôle to the service: who serves which aim.

    Nothing when no action is declined from another.

    >>> "qui sert quel objectif" in declension(plan_report).html
    True
    """
    rows = rows_of(report.actions, ActionRow)
    children: dict[str, list[ActionRow]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row)
    tops = [row for row in rows if row.id in children and row.parent not in set(report.actions.id)]
    if not tops:
        return NOTHING
    return render("action_plan/declension", nodes=[_node(report, row, children) for row in tops])


def _node(
    report: PlanReport, row: ActionRow, children: dict[str, list[ActionRow]]
) -> dict[str, object]:
    below = [_node(report, child, children) for child in children.get(row.id, [])]
    return {"row": row, "place": _place(report, row), "below": below}


@stamped
def incomplete(report: PlanReport) -> Fragment:
    """What remains to decide or to write, action by action.

    Nothing for an empty plan.

    >>> "Ce qui reste à compléter" in incomplete(plan_report).html
    True
    """
    if report.own.empty:
        return NOTHING
    found = [
        (row, _place(report, row), seen.missing, seen.open)
        for row, seen in report.rows("incomplete")
    ]
    return render("action_plan/incomplete", found=found)


@stamped
def proposals(report: PlanReport) -> Fragment:
    """What the last campaign calls to act on and the plan does not hold yet.

    Nothing without a campaign.

    >>> "Ce que la campagne propose" in proposals(plan_report).html
    True
    """
    if not report.cards:
        return NOTHING
    groups = groupby(
        rows_of(report.proposals, ActionRow), key=lambda row: (row.facility, row.service)
    )
    return render(
        "action_plan/proposals",
        card=report.cards[0],
        groups=[(service, list(rows)) for (_, service), rows in groups],
        n=len(report.proposals),
    )


@stamped
def limits(report: PlanReport) -> Fragment:
    """What the plan cannot conclude, and why. Always something.

    >>> "ne permet pas de conclure" in limits(plan_report).html
    True
    """
    return render("action_plan/limits", limits=list(_limits(report)))


def _limits(report: PlanReport) -> Iterator[tuple[str, str]]:
    yield (
        "La cause.",
        "Une mesure bouge pour bien des raisons. Cette page met l'action et la mesure côte à "
        "côte ; elle ne dit pas que l'une explique l'autre.",
    )
    yield EFFECT
    if any(row.verdict == NOT_ESTABLISHED for row in rows_of(report.loop, LoopRow)):
        yield (
            "Une évolution non établie.",
            "Elle ne veut pas dire « rien n'a changé » : les réponses ne suffisent pas à le dire.",
        )
    if len(report.cards) < 2:
        yield (
            "Ce qui a bougé depuis.",
            "Il faut deux campagnes avec le même questionnaire : cette page n'en rapproche pas.",
        )
    apart = len(report.own) - len(report.loop)
    if len(report.cards) == 2 and apart:
        verb = "n'est pas rapprochée" if apart == 1 else "ne sont pas rapprochées"
        yield (
            f"{_so_many(apart, 'action').capitalize()} {verb} d'une mesure.",
            "Ce questionnaire ne la mesure pas, ou elle n'est pas celle d'un service : son effet "
            "se lit sur l'indicateur de sa fiche.",
        )
    yield (
        "Comparer des pôles.",
        "Le nombre d'actions ou de retards dépend de ce que chacun a osé promettre.",
    )


@stamped
def provenance(report: PlanReport) -> Fragment:
    """Which file, which campaigns, which day, which kit.

    >>> "plan.xlsx" in provenance(plan_report).html
    True
    """
    plan, digest = report.plan, report.plan.digest
    names = ("Campagne", *["Campagne précédente"] * len(report.cards))
    return lay_provenance(
        [
            ("Plan", Markup("{}, empreinte {}").format(plan.file, short_print(digest)))
            if digest
            else ("Plan", plan.file),
            *(
                (name, f"{card.title} ({card.id}), {card.period}")
                for name, card in zip(names, report.cards, strict=False)
            ),
            ("Page", made(report.report_date)),
            ("Empreinte de la page", whole_print(report.fingerprint)),
        ]
    )
