"""How a service stands beside a reference, in words."""

from qgdr_eval.disclosure import Card
from qgdr_eval.frames import Apart
from qgdr_eval.french import signed


def reference_name(card: Card) -> str:
    """What services are compared with."""
    if card.reference == "campaign":
        return "la moyenne des autres services affichés, chacun comptant pour un"
    source = f" ({card.reference_source})" if card.reference_source else ""
    return f"{card.reference}{source}"


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
