"""How a service stands beside a reference, in words."""

from qgdr_eval.disclosure import Card
from qgdr_eval.frames import Apart
from qgdr_eval.french import signed


def reference_name(card: Card) -> str:
    """What services are compared with."""
    if card.reference == "campaign":
        return "la moyenne des autres services affichés, chacun comptant pour un"
    version = card.reference_version
    told = [
        card.reference_source,
        card.reference_population,
        f"version {version} du questionnaire" if version else "",
    ]
    source = " ; ".join(one for one in told if one)
    return f"{card.reference} ({source})" if source else card.reference


def reference_marks(card: Card, version: str) -> list[str]:
    """What a reader must know of external values: another version, or that nothing is said of them.

    ``version``: the one of the questionnaire that these services answered.

    >>> card = Card("c", "C", "2026", 10, "Région", reference_version="2.0.0")
    >>> [mark[:43] for mark in reference_marks(card, "3.1.0")]
    ['Ces valeurs viennent de la version 2.0.0 du', 'Rien ne dit auprès de qui ces valeurs ont é']
    >>> reference_marks(Card("c", "C", "2026", 10, "campaign"), "3.1.0")
    []
    """
    if card.reference in ("campaign", "none"):
        return []
    given, told = card.reference_version, []
    if given and given != version:
        told.append(
            f"Ces valeurs viennent de la version {given} du questionnaire, ce rapport de la "
            f"version {version} : des mots ou des questions ont pu changer entre les deux, et un "
            "écart peut venir de là."
        )
    unsaid = [
        *([] if given else ["avec quelle version du questionnaire"]),
        *([] if card.reference_population else ["auprès de qui"]),
    ]
    if unsaid:
        told.append(f"Rien ne dit {', ni '.join(unsaid)} ces valeurs ont été recueillies.")
    return told


def difference(row: Apart) -> str:
    """Say one difference with the reference, with its interval, whether established or not."""
    gap, ends = signed(row.difference), interval_of(row.low, row.high)
    points = "point" if abs(row.difference) < 1.5 else "points"  # written whole: 0 or 1
    if row.verdict in ("higher", "lower"):
        return f"{gap} {points}, intervalle {ends} : l'écart est établi."
    if row.low <= 0 <= row.high:
        return (
            f"{gap} {points}, intervalle {ends} : l'écart n'est pas établi, "
            "l'intervalle contient zéro."
        )
    return (
        f"{gap} {points}, intervalle {ends} : l'écart n'est pas établi une fois toutes les "
        "comparaisons prises ensemble."
    )


def interval_of(low: float, high: float) -> str:
    """Write the interval of a difference, signs included."""
    return f"[{signed(low)} ; {signed(high)}]"
