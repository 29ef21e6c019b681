"""What a declared position does not allow to conclude, and why. Never optional."""

from collections.abc import Iterator

from qgdr_eval.french import count, listed, number, quote
from qgdr_eval.reporting.position import words
from qgdr_eval.reporting.position.answers import answers_of, gather, valid
from qgdr_eval.reporting.position.ratings import rated
from qgdr_eval.reporting.position.team_edition import team_edition
from qgdr_eval.reporting.position.zones import risks_of, set_aside
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team.words import dimensions
from qgdr_eval.scoring import gives

FEW = 5  # criteria under which one step of one of them moves a mean by .25 or more


def limits(report: ServiceReport) -> list[tuple[str, str]]:
    """(what, why) pairs, from the most specific to this position to the most general."""
    if report.hidden:
        return [("Cette position.", "Aucune réponse n'a été rendue : il n'y a rien à en dire.")]
    return [
        *_several(report),
        *_without_result(report),
        *_outside(report),
        *_few_criteria(report),
        *_spoken_for(report),
        *_of_ranks(report),
        *_of_team(report),
        *_beside_team(report),
        *ALWAYS[report.instrument.subject],
    ]


def _several(report: ServiceReport) -> Iterator[tuple[str, str]]:
    if report.n > 1:
        yield (
            f"Un accord : {count(report.n, 'réponse')} ont été rendues au même nom.",
            "Les résultats sont leur moyenne. Une position se lit groupe par groupe : donnez un "
            "nom à chacun dans le tableau des réponses.",
        )


def _without_result(report: ServiceReport) -> Iterator[tuple[str, str]]:
    without = [
        f"{quote(dimension.label)}, {words.nothing_said(report, dimension)}"
        for dimension, row, _ in report.dimension_rows
        if row.status != "published" and gives(dimension) != "zone"
    ]
    if without:
        yield (
            f"{dimensions(len(without)).capitalize()} sans résultat.",
            f"{' ; '.join(without)}. Ce n'est ni bien ni mal.",
        )


def _outside(report: ServiceReport) -> Iterator[tuple[str, str]]:
    answers = answers_of(report, *(d for d, _, _ in report.dimension_rows if gives(d) != "zone"))
    aside = [given for given in gather(answers) if given.tone == "out"]
    if aside:
        counted = listed(
            f"{number(given.times)} {given.mark or given.label.lower()}" for given in aside
        )
        yield (
            f"Ce qui n'a pas de réponse : {counted}.",
            "Ces lignes sortent du calcul ; elles ne comptent ni pour ni contre.",
        )


def _few_criteria(report: ServiceReport) -> Iterator[tuple[str, str]]:
    counted = [
        len(valid(answers_of(report, dimension)))
        for dimension, row, _ in report.dimension_rows
        if gives(dimension) == "rating" and row.status == "published"
    ]
    if counted and min(counted) < FEW:
        fewest = min(counted)
        yield (
            "Le niveau exact d'une dimension.",
            f"Une dimension peut ne reposer que sur {count(fewest, 'critère')} : coter un cran "
            f"plus haut ou plus bas y déplace la moyenne de {number(1 / fewest, 2)}.",
        )


def _spoken_for(report: ServiceReport) -> Iterator[tuple[str, str]]:
    if rated(report) and report.instrument.of_a_group:
        yield (
            "Ce que disent les personnes accompagnées.",
            "Même un critère « vu par la personne » est coté ici par le groupe, avec ce qu'il a "
            "entendu. Seules les personnes diraient ce qu'elles vivent.",
        )


def _of_team(report: ServiceReport) -> Iterator[tuple[str, str]]:
    if team := team_edition(report.instrument):
        yield (
            "Ce que voit l'équipe.",
            f"Ces réponses se lisent à côté de celles de l'équipe à {quote(team.title)}, jamais "
            "seules : c'est l'écart entre les deux qui apprend quelque chose.",
        )


def _beside_team(report: ServiceReport) -> Iterator[tuple[str, str]]:
    if not report.gaps.empty:
        yield (
            "Qui a raison, du groupe ou de l'équipe.",
            "Les questions ne sont pas les mêmes : celles de l'équipe, peu nombreuses, portent sur "
            "ce qu'elle voit. Un écart dit de quoi parler ensemble, et à partir de quels exemples.",
        )


def _of_ranks(report: ServiceReport) -> Iterator[tuple[str, str]]:
    risks = risks_of(report)
    if not risks:
        return
    if to_see := set_aside(risks, "unknown"):
        yield (
            f"La zone de {count(len(to_see), 'risque')} à aller voir.",
            "Un risque qu'on ne sait pas coter n'est pas un petit risque : aller voir est la "
            "première action.",
        )
    if doubtful := set_aside(risks, "doubtful"):
        yield (
            f"La zone de {count(len(doubtful), 'risque')} à recoter.",
            "Une partie des réponses dit que le risque n'existe pas ici, l'autre le cote : la "
            "cotation est incohérente.",
        )
    yield (
        "De combien un risque dépasse un autre.",
        "Gravité, vraisemblance et maîtrise sont des rangs : ils s'ordonnent, ils ne "
        "s'additionnent ni ne se multiplient.",
    )
    yield (
        "La fréquence réelle.",
        "Peu d'événements déclarés peut vouloir dire peu d'événements, ou peu de déclarations.",
    )


ALWAYS = {
    "group": (
        (
            "Ce qui se passe vraiment.",
            "Un groupe a déclaré sa position ; rien ici ne l'a vérifiée. Une preuve, une "
            "observation ou un audit le feraient.",
        ),
        (
            "Ce que pensent les autres.",
            "Ce n'est pas un sondage : d'autres personnes, réunies un autre jour, auraient pu "
            "s'accorder autrement.",
        ),
        (
            "Se comparer à un autre groupe.",
            "L'exigence change d'un groupe à l'autre. On se compare à soi-même, plus tard.",
        ),
    ),
    "person": (
        (
            "Le niveau réel.",
            "On se note d'ordinaire plus haut que les autres ne nous notent. Les écarts entre "
            "deux lignes disent plus que leur hauteur.",
        ),
        (
            "Se comparer à une autre personne.",
            "Chacun a sa propre exigence. On se compare à soi-même, plus tard.",
        ),
        (
            "La cause.",
            "Un manque peut tenir au poste, au temps ou à l'occasion autant qu'à la personne.",
        ),
    ),
}
