"""Numbers as the arithmetic of an opened score writes them."""

from qgdr_eval.french import NARROW, number, round_half_up
from qgdr_eval.scoring import RULES, rating_of


def precise(value: float) -> str:
    """A number with one decimal, or as many as rounding it again to a whole number needs.

    >>> precise(41.52), precise(41.48), precise(41.4996)
    ('41,5', '41,48', '41,4996')
    """
    for decimals in range(1, 9):
        if round_half_up(round_half_up(value, decimals)) == round_half_up(value):
            return number(value, decimals)
    return number(value, 9)


def precise_share(value: float) -> str:
    """The same of a share in percent."""
    return f"{precise(value)}{NARROW}%"


def exact(score: float, rule: str) -> str:
    """A score (0–100) with one decimal more than the report prints; a mark as it is printed."""
    return precise_share(score) if RULES[rule].gives == "share" else term(score, rule)


def term(score: float, rule: str) -> str:
    """The same without its unit, inside a sum."""
    return number(rating_of(score), 2) if RULES[rule].gives == "rating" else precise(score)


def total(terms: list[str]) -> str:
    """A sum, in brackets when it has several terms.

    >>> total(["2", "5"]), total(["7"])
    ('(2 + 5)', '7')
    """
    return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"


def plain(value: float) -> str:
    """A number with as many decimals as it needs, two at most."""
    for decimals in (0, 1):
        if abs(value * 10**decimals - round(value * 10**decimals)) < 1e-6:
            return number(value, decimals)
    return number(value, 2)


def share(part: float, whole: float) -> str:
    """A share worked out: « 7 ÷ 11 = 63,6 % »."""
    return f"{number(part)} ÷ {number(whole)} = {precise_share(100 * part / whole)}"


def middle(n: int, what: str) -> str:
    """Which answers, in order, the median is read on.

    >>> middle(11, "réponse"), middle(4, "réponse")
    ('6e réponse sur 11', '2e et 3e réponses sur 4')
    """
    if n % 2:
        return f"{ordinal(n // 2 + 1)} {what} sur {n}"
    return f"{ordinal(n // 2)} et {ordinal(n // 2 + 1)} {what}s sur {n}"


def ordinal(rank: int) -> str:
    """A rank, of a feminine word."""
    return "1re" if rank == 1 else f"{rank}e"
