"""What a declared position does not allow to conclude, and why. Never optional."""

from collections.abc import Iterator, Sequence

from qgdr_eval.french import count, listed, number, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.position import words
from qgdr_eval.reporting.position.answers import gather
from qgdr_eval.reporting.position.report import Position, position_of
from qgdr_eval.reporting.position.stand import Stand, every_answer
from qgdr_eval.reporting.position.team_edition import team_edition
from qgdr_eval.reporting.position.zones import Risk, set_aside
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team.words import dimensions

FEW = 5  # criteria under which one step of one of them moves a mean by .25 or more


def limits(report: ServiceReport) -> list[tuple[str, str]]:
    """(what, why) pairs, from the most specific to this position to the most general."""
    if report.hidden:
        return [("Cette position.", "Aucune réponse n'a été rendue : il n'y a rien à en dire.")]
    position = position_of(report)
    return [
        *_several(position.groups),
        *_without_result(position.answered),
        *_outside(position.answered),
        *_few_criteria(position.rated),
        *_spoken_for(position),
        *_of_ranks(position.risks),
        *_of_team(position.instrument),
        *([] if report.gaps.empty else [BESIDE_TEAM]),
        *ALWAYS[position.instrument.subject],
    ]


def _several(groups: int) -> Iterator[tuple[str, str]]:
    if groups > 1:
        yield (
            f"Un accord : {count(groups, 'réponse')} ont été rendues au même nom.",
            "Les résultats sont leur moyenne. Une position se lit groupe par groupe : donnez un "
            "nom à chacun dans le tableau des réponses.",
        )


def _without_result(stands: list[Stand]) -> Iterator[tuple[str, str]]:
    without = [
        f"{quote(stand.dimension.label)}, {words.nothing_said(stand)}"
        for stand in stands
        if not stand.has_result
    ]
    if without:
        yield (
            f"{dimensions(len(without)).capitalize()} sans résultat.",
            f"{' ; '.join(without)}. Ce n'est ni bien ni mal.",
        )


def _outside(stands: list[Stand]) -> Iterator[tuple[str, str]]:
    aside = [given for given in gather(every_answer(stands)) if given.tone == "out"]
    if aside:
        counted = listed(
            f"{number(given.times)} {given.mark or given.label.lower()}" for given in aside
        )
        yield (
            f"Ce qui n'a pas de réponse : {counted}.",
            "Ces lignes sortent du calcul ; elles ne comptent ni pour ni contre.",
        )


def _few_criteria(rated: list[Stand]) -> Iterator[tuple[str, str]]:
    fewest = min((len(stand.valid) for stand in rated if stand.has_result), default=FEW)
    if fewest < FEW:
        yield (
            "Le niveau exact d'une dimension.",
            f"Une dimension peut ne reposer que sur {count(fewest, 'critère')} : coter un cran "
            f"plus haut ou plus bas y déplace la moyenne de {number(1 / fewest, 2)}.",
        )


def _spoken_for(position: Position) -> Iterator[tuple[str, str]]:
    if position.rated and position.instrument.of_a_group:
        yield (
            "Ce que disent les personnes accompagnées.",
            "Même un critère « vu par la personne » est coté ici par le groupe, avec ce qu'il a "
            "entendu. Seules les personnes diraient ce qu'elles vivent.",
        )


def _of_team(instrument: Instrument) -> Iterator[tuple[str, str]]:
    if team := team_edition(instrument):
        yield (
            "Ce que voit l'équipe.",
            f"Ces réponses se lisent à côté de celles de l'équipe à {quote(team.title)}, jamais "
            "seules : c'est l'écart entre les deux qui apprend quelque chose.",
        )


def _of_ranks(risks: Sequence[Risk]) -> Iterator[tuple[str, str]]:
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


BESIDE_TEAM = (
    "Qui a raison, du groupe ou de l'équipe.",
    "Les questions ne sont pas les mêmes : celles de l'équipe, peu nombreuses, portent sur ce "
    "qu'elle voit. Un écart dit de quoi parler ensemble, et à partir de quels exemples.",
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
