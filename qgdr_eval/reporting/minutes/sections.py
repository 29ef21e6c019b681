"""The minutes of a workshop, one function per section: decided, question by question, limits.

The examples read ``minutes_report``: a workshop on the results of `qgdr demo essai`, held as far as
its first question.
"""

from collections.abc import Iterator

from markupsafe import Markup

from qgdr_eval.french import date, in_words, listed, number
from qgdr_eval.reporting.minutes.report import Debated, Minutes
from qgdr_eval.reporting.page.fragment import Fragment, Table, day_in_full, render, stamped
from qgdr_eval.reporting.page.masthead import Masthead, lay_masthead
from qgdr_eval.reporting.page.provenance import lay_provenance, made, short_print, whole_print
from qgdr_eval.workshop.session import ACCORDS, SAID

MET = {
    "agreed": ("accord", "accords"),
    "reserved": ("accord avec des réserves", "accords avec des réserves"),
    "none": ("désaccord", "désaccords"),
}


@stamped
def masthead(report: Minutes) -> Fragment:
    """Whose workshop it was, and what the page is for.

    >>> "Compte rendu" in masthead(minutes_report).html
    True
    """
    days = [("Tenu le", listed(map(date, report.kept.days)))] if report.kept.days else []
    facts = [
        *days,
        ("Questions débattues", f"{number(len(report.debated))} sur {len(report.questions)}"),
        ("Accords", number(len(_met(report, "agreed", "reserved")))),
        ("Actions décidées", number(len(report.actions))),
    ]
    return lay_masthead(
        Masthead(
            over=f"Compte rendu d'atelier – {report.kept.title} – {report.kept.period}",
            title=report.service,
            under=report.facility,
            facts=[*facts, ("Page du", day_in_full(report.report_date))],
            what="La mémoire du groupe.",
            why="Les votes étaient secrets : ils ne sont comptés ici que lorsque leur répartition "
            "ne dit le vote de personne. Aucun nom n'a sa place sur cette page.",
            facility=report.facility,
            service=report.service,
            draft=report.kept.draft,
        )
    )


@stamped
def message(report: Minutes) -> Fragment:
    """What was decided: one sentence, then the actions.

    >>> "Relire à deux voix" in message(minutes_report).html
    True
    """
    rows = [(one.agreement.action, one.topic.text, ACCORDS[one.agreement.accord])
            for one in report.actions if one.agreement]  # fmt: skip
    table = Table("Ce que le groupe a décidé de faire", ("Action", "Question", "Accord"), rows,
                  left=(0, 1, 2))  # fmt: skip
    return render("minutes/message", headline=_headline(report), table=table)


def _headline(report: Minutes) -> str:
    if not report.debated:
        return "Aucune question n'a encore été débattue."
    parts = [
        _so_many(n, *words) for accord, words in MET.items() if (n := len(_met(report, accord)))
    ]
    asked = _so_many(len(report.debated), "question débattue", "questions débattues", feminine=True)
    text = f"{asked} : {listed(parts)}." if parts else f"{asked}, sans accord écrit encore."
    return text[0].upper() + text[1:]


def _met(report: Minutes, *accords: str) -> list[Debated]:
    """The questions where the group stands so."""
    return [one for one in report.questions if one.agreement and one.agreement.accord in accords]


def _so_many(n: int, one: str, several: str, *, feminine: bool = False) -> str:
    return f"{in_words(n, feminine)} {one if n == 1 else several}"


@stamped
def questions(report: Minutes) -> Fragment:
    """Each question with its reason, both votes as they may be shown, and what was agreed.

    >>> "n’a pas été débattue" in questions(minutes_report).html
    True
    """
    pairs = [(one, _votes(one), list(_agreed(one))) for one in report.questions]
    return render("minutes/questions", pairs=pairs)


def _votes(one: Debated) -> Table | None:
    """Votes by answer, in the order of the axis; None where words only may be said."""
    if not one.counted:
        return None
    columns = ("Réponse", *(name for name, _ in one.counted))
    rows = [
        (label, *(number(counts.get(code, 0)) for _, counts in one.counted))
        for code, label in one.topic.answers
    ]
    return Table("Combien ont donné chaque réponse", columns, rows)


def _agreed(one: Debated) -> Iterator[tuple[str, str]]:
    """What the agreement says, by name; what was left blank is left out."""
    if one.agreement is None:
        return
    yield "Où en est le groupe", ACCORDS[one.agreement.accord]
    if one.answer:
        yield "Réponse commune", one.answer
    for name, title in SAID.items():
        if text := getattr(one.agreement, name):
            yield title, text


@stamped
def limits(report: Minutes) -> Fragment:
    """What minutes cannot conclude, and why. Always something.

    >>> "accord" in limits(minutes_report).html
    True
    """
    return render("minutes/limits", limits=list(_limits(report)))


def _limits(report: Minutes) -> Iterator[tuple[str, str]]:
    yield (
        "Ce que pense chacun.",
        "Un accord est celui du groupe, à ce moment, avec ceux qui étaient là. Il ne dit pas que "
        "chacun le partage.",
    )
    if any(len(one.rounds) > 1 for one in report.questions):
        yield (
            "Un avis qui aurait changé.",
            "Le second vote n'est pas apparié au premier : des voix ont pu se croiser sans que "
            "rien ne le montre.",
        )
    if any(len(one.counted) < len(one.rounds) for one in report.questions):
        yield (
            "Une répartition qui manque.",
            "Elle n'est pas montrée quand elle dirait le vote de quelqu'un ; son absence ne dit "
            "pas ce qui a été voté.",
        )
    yield (
        "Le nombre de votants.",
        "Rien n'empêche de voter deux fois en effaçant les données d'un navigateur : comparez-le "
        "à celui des présents.",
    )


@stamped
def provenance(report: Minutes) -> Fragment:
    """Which campaign, which results, which day, which kit.

    >>> "Empreinte" in provenance(minutes_report).html
    True
    """
    kept = report.kept
    return lay_provenance(
        [
            ("Campagne", f"{kept.title} ({kept.campaign}), {kept.period}"),
            ("Résultats mis en débat", Markup("empreinte {}").format(short_print(kept.results))),
            ("Page", made(report.report_date)),
            ("Empreinte de la page", whole_print(report.fingerprint)),
        ]
    )
