"""A publication that withstood the attack says so; one that did not is refused."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from qgdr_eval.disclosure.attack import LEVELS, Leak, Verdict, attack
from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.sight import Layer
from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.tables.faults import CAMPAIGN, fault

TOLD = 5  # groups that a refusal names
WHAT = {
    "count": "les chiffres à publier, mis ensemble, diraient combien y ont donné une réponse, "
    "alors que ce nombre est masqué",
    "row": "ce résultat porte sur trop peu de réponses, ou dit ce que chacun a répondu",
    "contradiction": "les chiffres à publier ne s'accordent pas entre eux : rien ne prouve que ce "
    "qui est masqué le reste",
}
CURE = (
    "retirez « strata » de la campagne ou relevez son « minimum », ou reprenez la publication "
    "d'avant (« qgdr retract ») ; et signalez-le : ce qui est masqué aurait dû l'être mieux"
)


def withstand(published: Published, layers: Sequence[Layer]) -> Published:
    """Attack a publication; the same results, their attestation saying what it left open.

    Raises:
        Refused: something hidden is given back.
    """
    verdict = attack(layers, published.instrument, published.card.minimum)
    if verdict.leaks:
        raise Refused(_problems(verdict.leaks))
    return _attested(published, verdict)


def _attested(published: Published, verdict: Verdict) -> Published:
    """One row more, where something is hidden: ``reason`` is one of `LEVELS`.

    It is the same for all groups, and made of what who attacks has: it tells nothing more.
    """
    if verdict.least is None:
        return published
    level = next(level for level in LEVELS if level <= verdict.least)
    row = pd.DataFrame([("", "", "attack", str(level), 1)], columns=list(published.attestation))
    attested = pd.concat([published.attestation, row], ignore_index=True)
    return replace(published, attestation=attested)


def _problems(leaks: Sequence[Leak]) -> list[Problem]:
    """Where, what, cure; of many groups, the first ones, and never the number itself."""
    groups: dict[tuple[str, str], Leak] = {}
    for leak in leaks:
        groups.setdefault((_place(leak), leak.what), leak)
    return [
        fault(
            CAMPAIGN,
            f"question {quote(leak.item)} : {WHAT[what]} ; rien n'est publié",
            CURE,
            place=place,
        )
        for (place, what), leak in [*groups.items()][:TOLD]
    ]


def _place(leak: Leak) -> str:
    service = leak.service or (
        f"ensemble de {leak.facility}" if leak.facility else "toute la campagne"
    )
    return f"{service}, {leak.stratum.replace('=', ' ')}" if leak.stratum else service
