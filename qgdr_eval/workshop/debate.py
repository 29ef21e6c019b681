"""« Les cinq questions à mettre en débat »: chosen from what a team's page may show, and why.

What comes first on the page (critical criteria, worst zones) comes first here, then what a group
that answers as one has left blank. Then in turn: what divides the team, groups of it that stand
apart, a dimension established below the reference, what is low by its own marks or left open. Where
that is too little, the dimensions of lowest score complete the list, and their reason says that it
establishes nothing. A row that disclosure hides is never read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from qgdr_eval.asking import Question, sections_of
from qgdr_eval.campaigns.results import results_of
from qgdr_eval.campaigns.sources import is_campaign_file
from qgdr_eval.comparison.findings.model import FIRST
from qgdr_eval.disclosure import Card, Published, list_services, open_place, open_slice
from qgdr_eval.french import did_you_mean, typography
from qgdr_eval.instruments import Item
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.shell import argument
from qgdr_eval.workshop.reasons import Reason, Reasons

MOST = 5  # ten minutes each: an hour with its welcome and its end
OF_ONE_DIMENSION = 2  # the same subject three times is no list of five
TURNED = " Item inversé : y être d'accord est défavorable."


@dataclass(frozen=True)
class Topic:
    """A question put to debate. ``answers``: (code, label), in the order they stand on the axis.

    ``dimension``: its id; ``why``: the reason in French, with its figures, as it was published.

    >>> Topic("Q1", "Le bracelet est lu.", "", "lecture", ((1, "Oui"), (0, "Non")), "…").codes
    (1, 0)
    """

    item: str
    text: str
    prompt: str
    dimension: str
    answers: tuple[tuple[int, str], ...]
    why: str

    @property
    def codes(self) -> tuple[int, ...]:
        """The codes of its answers, along the axis."""
        return tuple(code for code, _ in self.answers)


@dataclass(frozen=True)
class Debate:
    """What a workshop is about: a team of a campaign, and its questions. ``results``: SHA-256.

    >>> open_debate(stored_results).facility
    "Hôpital fictif du Val d'Orsel"
    """

    card: Card
    instrument: str
    facility: str
    service: str
    topics: tuple[Topic, ...]
    results: str


class Team(NamedTuple):
    """A team of a campaign, whether it has a workshop yet or not. ``results``: SHA-256.

    >>> find_team(stored_results).service
    'Médecine interne'
    """

    facility: str
    service: str
    results: str


def find_team(campaign: str, facility: str = "", service: str = "") -> Team:
    """A team by its names; see `open_debate` for what they are.

    Raises:
        Refused: the files have problems, or there is no such service.

    >>> find_team(stored_results, service="Cardiologie").facility
    "Hôpital fictif du Val d'Orsel"
    """
    with results_of(campaign) as results:
        place = _find_service(list_services(results), facility, service)
        return Team(*place, open_place(results, *place).fingerprint)


def open_debate(campaign: str, facility: str = "", service: str = "") -> Debate:
    """Choose the questions of a service from the published results of its campaign.

    Args:
        campaign: a campaign file, the path of published results, or ``demo``.
        facility: its facility; the first one when empty.
        service: the service; the first one when empty.

    Raises:
        Refused: the files have problems, there is no such service, its results are not published
            or not shown, or its questionnaire belongs to one person alone.

    >>> debate = open_debate(stored_results)
    >>> debate.service, len(debate.topics)
    ('Médecine interne', 5)
    """
    with results_of(campaign) as results:
        place = _find_service(list_services(results), facility, service)
        shown = open_slice(results, *place)
    published = shown.published
    if published.card.draft:
        raise Refused([_unpublished(Path(campaign))])
    _refuse_unasked(published, place[1])
    topics = choose_topics(published, shown.beside)
    if not topics:
        what = "rien, dans ce qui est montré de ce service, n'appelle un débat"
        cure = "parlez de sa page elle-même, ou choisissez un autre service avec --service"
        raise _refusal(place[1], what, cure)
    card, instrument = published.card, published.instrument
    return Debate(card, instrument.id, *place, tuple(topics), shown.fingerprint)


def choose_topics(published: Published, beside: Mapping[str, pd.DataFrame]) -> list[Topic]:
    """At most five questions of one service to put to debate, each with its reason.

    Args:
        published: results of one service, after disclosure.
        beside: what is stored beside them: ``findings``, ``readings`` and ``comparisons``, as
            `qgdr_eval.comparison.rounds.compare_rounds` makes them.

    >>> shown = open_slice(stored_results, "Hôpital fictif du Val d'Orsel", "Cardiologie")
    >>> len(choose_topics(shown.published, shown.beside))
    5
    """
    ranked = _ranked(Reasons(published, beside))
    dimension_of = {item.code: item.dimension for item in published.instrument.items}
    questions = {one.code: one for part in sections_of(published.instrument)
                 for one in part.questions}  # fmt: skip
    return [
        _topic(published.instrument.item(item), questions[item], why)
        for item, why in _a_few(ranked, dimension_of)
    ]


def _ranked(reasons: Reasons) -> Iterator[Reason]:
    found = reasons.found(reasons.beside["findings"])
    first = [(item, why) for part, item, why in found if part == FIRST]
    others = [(item, why) for part, item, why in found if part != FIRST]
    in_turn = zip_longest(reasons.divided(), reasons.apart(), reasons.below_reference(), others)
    turns = filter(None, chain.from_iterable(in_turn))
    return chain(first, reasons.blank(), turns, reasons.lowest())


def _topic(item: Item, question: Question, why: str) -> Topic:
    """A question with the answers that may be given and the reason it was chosen."""
    answers = tuple((one.code, one.label) for one in (*question.choices, *question.aside))
    reason = typography(f"{why}{TURNED if item.reversed else ''}")
    return Topic(item.code, question.text, question.prompt, item.dimension, answers, reason)


def _a_few(ranked: Iterable[Reason], dimension_of: Mapping[str, str]) -> Iterator[Reason]:
    """The first questions, each once, at most `OF_ONE_DIMENSION` of one dimension."""
    taken: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for item, why in ranked:
        dimension = dimension_of[item]
        if len(taken) < MOST and item not in taken and seen[dimension] < OF_ONE_DIMENSION:
            taken[item] = why
            seen[dimension] += 1
    yield from taken.items()


def _find_service(services: list[tuple[str, str]], facility: str, service: str) -> tuple[str, str]:
    for place in services:
        if facility in ("", place[0]) and service in ("", place[1]):
            return place
    names = [name for place, name in services if facility in ("", place)]
    if not names:
        cure = did_you_mean(facility, dict.fromkeys(place for place, _ in services))
        raise _refusal(facility, "établissement absent de la campagne", cure)
    raise _refusal(service, "service absent de la campagne", did_you_mean(service, names))


def _unpublished(campaign: Path) -> Problem:
    """Which questions are chosen is a result too: the choice alone would show it."""
    what = (
        "ces résultats ne sont pas publiés : les débattre en équipe, c'est les montrer sans que le "
        "registre le sache"
    )
    cure = "imprimez d'abord les rapports, sans « --draft », puis relancez"
    if is_campaign_file(campaign):
        out = argument(campaign.parent / "rapports")
        cure = f"{cure} :\n      qgdr report {argument(campaign)} --out {out}"
    return Problem(campaign.name, None, "", typography(what), cure)


def _refuse_unasked(published: Published, service: str) -> None:
    if published.instrument.of_a_person:
        what = "ce questionnaire est celui d'une personne seule : il ne se débat pas en groupe"
        raise _refusal(published.instrument.id, what, "choisissez une campagne d'équipe")
    if published.instrument.labels_only:
        what = "ce questionnaire n'a que des libellés abrégés : il n'y a pas de question à voter"
        raise _refusal(published.instrument.id, what, "choisissez une campagne dont il a le texte")
    if (published.participation["status"] != "published").all():
        if published.instrument.of_a_group:
            what, cure = "ce groupe n'a encore rien répondu", "saisissez dans le carnet 05_saisie"
        else:
            what = "les résultats de ce service ne sont pas montrés : trop peu de réponses"
            cure = "choisissez un autre service avec --service"
        raise _refusal(service, what, cure)


def _refusal(where: str, what: str, cure: str) -> Refused:
    return Refused([Problem(where, None, "", typography(what), typography(cure))])
