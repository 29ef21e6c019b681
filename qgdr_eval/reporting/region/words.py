"""What both pages of a region say: figures, bands, places, limits."""

from qgdr_eval.comparison.reading import read_interval
from qgdr_eval.french import listed, number, percent, quote
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.region.figures import ASIDE, Behind, Figure, Place, Regional
from qgdr_eval.wording.scores import ends_words, score_in_full

NOT_SHOWN = "–"


def figure_words(figure: Figure, dimension: Dimension, instrument: Instrument) -> str:
    """A regional figure with its interval; a dash where it cannot be said.

    >>> figure_words(Figure(), None, None)
    '–'
    """
    if figure.score != figure.score:
        return NOT_SHOWN
    ends = ends_words(figure.low, figure.high, dimension, instrument)
    return f"{score_in_full(figure.score, dimension, instrument)} {ends}"


def bands_words(row: Regional) -> str:
    """How many facilities stand in each band of a dimension, the lowest first."""
    if not row.marks:
        return f"aucun repère : il faut au moins {number(2 * ASIDE)} établissements placés"
    first, last = number(row.marks[0]), number(row.marks[-1])
    between = [
        f"{number(n)} de {number(low)} à {number(high)}"
        for n, low, high in zip(row.counts[1:-1], row.marks, row.marks[1:], strict=False)
    ]
    return listed([f"{number(row.counts[0])} sous {first}", *between,
                   f"{number(row.counts[-1])} à {last} ou plus"])  # fmt: skip


def place_words(place: Place | None, row: Regional) -> str:
    """Where a facility stands, as surely as its interval says it."""
    if place is None:
        return "pas de position"
    if (place.first, place.last) == (0, place.of - 1):
        return "son intervalle va du bas au haut : on ne peut pas le situer"
    low = "" if place.first == 0 else number(row.marks[place.first - 1])
    high = "" if place.last == place.of - 1 else number(row.marks[place.last])
    if not low:
        where = f"sous {high}"
    elif not high:
        where = f"à {low} ou plus"
    else:
        where = f"de {low} à {high}"
    return where if place.sure else f"{where}, à cheval sur plusieurs bandes"


def share_words(shown: int, asked: int | None, noun: str) -> str:
    """How many of how many, and their share."""
    if not asked:
        return f"{number(shown)} {noun}, sur un nombre inconnu"
    return f"{number(shown)} {noun} sur {number(asked)} ({percent(100 * shown / asked)})"


def behind_words(found: Behind) -> list[str]:
    """What stands behind regional figures, one sentence each."""
    return [
        share_words(found.facilities, found.expected, "établissements"),
        share_words(found.services, found.services_asked, "services montrés"),
        share_words(found.people, found.people_asked, "réponses de personnes interrogées"),
    ]


def headline(rows: list[tuple[Dimension, Regional]], instrument: Instrument) -> str:
    """The one sentence that a region's figures support: what is established for its people."""
    found: dict[str, list[str]] = {"priority": [], "strength": []}
    for dimension, row in rows:
        figure = row.pooled
        marks = instrument.thresholds_of(dimension.id)
        if figure.score == figure.score and marks:
            verdict, band = read_interval(figure.score, figure.low, figure.high, marks)
            if verdict == "established" and band in found:
                found[band].append(quote(dimension.label))
    heads = {"priority": "une priorité", "strength": "un point fort"}
    said = [f"{listed(names)} : {heads[band]} établi{'e' * (band == 'priority')} pour la région"
            for band, names in found.items() if names]  # fmt: skip
    return f"{' ; '.join(said)}." if said else "Rien n'est établi pour la région entière."


LIMITS = [
    ("Un classement.",
     "Les repères séparent des groupes d'au moins cinq établissements. Entre voisins, l'écart "
     "tient souvent au hasard : deux intervalles qui se recouvrent largement ne se départagent "
     "pas."),
    ("Ce que vaut un établissement.",
     "Une position dit où il se trouve parmi ceux qui ont envoyé leurs chiffres, pas s'il est "
     "bon : tous peuvent être faibles, ou tous forts."),
    ("Ce que pensent les absents.",
     "Les services masqués et les établissements qui n'ont rien envoyé ne sont comptés nulle "
     "part ; les intervalles parlent de qui pouvait répondre dans les services montrés."),
    ("La cause.", "Les établissements n'ont pas les mêmes activités ni les mêmes moyens."),
]  # fmt: skip
"""What regional figures do not allow to conclude: (what, why)."""
