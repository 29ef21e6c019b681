"""Services that stand where few do, in words: a place among others, never a rank or a mark."""

from collections.abc import Sequence

from qgdr_eval.frames import FunnelRow, Standing
from qgdr_eval.french import count, listed, number, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.wording.scores import ends_words, score_in_full

STANDINGS: dict[Standing, str] = {
    "usual": "dans l'habituel",
    "low": "sous les limites à 95 %",
    "high": "au-dessus des limites à 95 %",
    "very_low": "sous les limites à 99,8 %",
    "very_high": "au-dessus des limites à 99,8 %",
}
ANSWERS = ("réponse", "réponses")
NAMED = 2  # dimensions that a service's page names beyond each limit
MOST = 1000  # people that no service will ever have: no use telling how many more
PLACE_COLUMNS = (
    "Place", "Écart visible", "Score stabilisé", "Intervalle à 95 %", "Fiabilité",
    "Réponses pour 0,70",
)  # fmt: skip
BY_CHANCE = {"95 %": 0.05, "99,8 %": 0.002}


def is_very(row: FunnelRow) -> bool:
    """Whether a service stands beyond the limits at 99.8 %."""
    return row.standing.startswith("very")


def headline(rows: Sequence[FunnelRow]) -> str:
    """What stands out of a whole campaign: only what chance would hardly give is said of services.

    >>> headline([])
    "Aucun service n'est nettement hors de l'habituel"
    """
    very = [row for row in rows if is_very(row)]
    services = {(row.facility, row.service) for row in very}
    dimensions = {row.dimension for row in very}
    if not very:
        return "Aucun service n'est nettement hors de l'habituel"
    if len(very) <= len(rows) * BY_CHANCE["99,8 %"]:
        return "Pas plus de services hors de l'habituel que d'ordinaire"
    verb = "est" if len(services) == 1 else "sont"
    return (
        f"{count(len(services), 'service')} {verb} nettement hors de l'habituel, sur "
        f"{count(len(dimensions), 'dimension')}"
    )


def by_chance(rows: Sequence[FunnelRow]) -> str:
    """How many places stand beyond each limit, beside how many chance alone would put there."""
    outside = sum(row.standing != "usual" for row in rows)
    told = [
        f"{number(found)} hors des limites à {level} (des services ordinaires en donneraient "
        f"environ {number(expected, 0 if expected >= 1 else 1)})"
        for found, level, expected in (
            (outside, "95 %", len(rows) * BY_CHANCE["95 %"]),
            (sum(map(is_very, rows)), "99,8 %", len(rows) * BY_CHANCE["99,8 %"]),
        )
    ]
    return f"Sur {number(len(rows))} places d'un service sur une dimension : {', '.join(told)}."


def of_dimension(rows: Sequence[FunnelRow]) -> str:
    """How many services stand outside on one dimension."""
    outside = [row for row in rows if row.standing != "usual"]
    if not outside:
        return "aucun service hors des limites"
    very = sum(map(is_very, outside))
    told = f", dont {number(very)} hors de celles à 99,8 %" if very else ""
    return f"{count(len(outside), 'service')} hors des limites à 95 %{told}"


def seen_gaps(rows: Sequence[FunnelRow], answers: tuple[str, str]) -> str:
    """What the smallest and the largest service could have shown, in points."""
    sizes = sorted(rows, key=lambda row: row.n_valid)
    few, many = sizes[0], sizes[-1]
    told = (
        f"Avec {count(round(few.n_valid), *answers)}, seul un écart d'au moins {number(few.gap)} "
        "points au milieu se voit quatre fois sur cinq"
    )
    if few.n_valid == many.n_valid:
        return f"{told}."
    return f"{told} ; avec {count(round(many.n_valid), *answers)}, d'au moins {number(many.gap)}."


def of_service(rows: Sequence[FunnelRow], names: dict[str, str], answers: tuple[str, str]) -> str:
    """Where one service stands on all its dimensions; ``names``: of dimensions by id.

    With what it could have shown, where it shows nothing.
    """
    outside = [row for row in rows if row.standing != "usual"]
    of_kind = f" du type {quote(rows[0].kind)}" if rows[0].kind else ""
    among = f"parmi les {number(rows[0].services)} services affichés{of_kind}, celui-ci est "
    if not outside:
        return f"{among}dans l'habituel sur chaque dimension. {gaps(rows, answers)}"
    told = outside_words(outside, names, NAMED)
    rest = len(rows) - len(outside)
    usual = f" ; dans l'habituel pour {count(rest, 'autre', 'autres')}" if rest else ""
    return f"{among}{told}{usual}."


def outside_words(rows: Sequence[FunnelRow], names: dict[str, str], most: int = 99) -> str:
    """Beyond which limits a service stands, each with its dimensions; the farthest first.

    ``most``: dimensions that are named; more are counted.
    """
    beyond: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: not is_very(row)):
        beyond.setdefault(STANDINGS[row.standing], []).append(quote(names[row.dimension]))
    return " ; ".join(
        f"{where} pour {listed(those) if len(those) <= most else f'{len(those)} dimensions'}"
        for where, those in beyond.items()
    )


def gaps(rows: Sequence[FunnelRow], answers: tuple[str, str]) -> str:
    """The smallest true gap that a service of this size shows four times in five, in points."""
    least, most = (number(end(row.gap for row in rows)) for end in (min, max))
    points = f"{least} à {most}" if least != most else least
    people = count(round(min(row.n_valid for row in rows)), *answers)
    return (
        f"Avec {people}, seul un écart de {points} points au milieu se voit quatre fois sur cinq."
    )


def varying(rows: Sequence[FunnelRow], names: dict[str, str]) -> str:
    """Which dimensions no service differs on: they are everybody's matter."""
    shared = dict.fromkeys(names[row.dimension] for row in rows if row.between == 0)
    if not shared:
        return ""
    these = "ces dimensions" if len(shared) > 1 else "cette dimension"
    return (
        f"Aucun écart entre services ne se mesure pour {listed(map(quote, shared))} : ce qu'il y a "
        f"à faire pour {these} est l'affaire de tous."
    )


def steadied_cells(row: FunnelRow, instrument: Instrument) -> tuple[str, ...]:
    """What a service could have shown, its steadied score and how sure it is.

    The smallest gap seen four times in five, in points; the steadied score, its interval, the
    reliability from 0 to 1, the answers that would bring it to 0.70.
    """
    dimension = instrument.dimension(row.dimension)
    return (
        number(row.gap),
        score_in_full(row.steadied, dimension, instrument),
        ends_words(row.low, row.high, dimension, instrument),
        number(row.reliability, 2),
        number(row.needed) if row.needed < MOST else "–",
    )
