"""A risk map nobody drew: how grave each risk is does not depend on chance."""

import numpy as np

from qgdr_eval.instruments import Instrument, Item

# By risk: the worst credible harm, the same for everybody; then how often it is met, at least and
# at most. Plausible ranks chosen for the demonstration, from no published map.
MET = {
    "medicament": (4, 3, 4),
    "identite": (4, 2, 4),
    "infection": (4, 3, 3),
    "chutes": (4, 3, 4),
    "fausse_route": (5, 2, 3),
    "denutrition": (4, 2, 3),
    "urgence_vitale": (5, 1, 3),
    "suicide": (5, 1, 2),
    "sortie": (3, 3, 5),
    "transport": (3, 2, 4),
    "disparition": (4, 1, 3),
    "contention": (4, 2, 4),
    "maltraitance": (4, 1, 2),
    "plaintes": (2, 3, 5),
    "confidentialite": (2, 2, 4),
    "informatique": (3, 2, 3),
    "effectifs": (4, 3, 4),
    "chaleur": (4, 1, 3),
    "escarres": (4, 2, 4),
    "chirurgie": (5, 1, 2),
    "transfusion": (5, 1, 2),
    "naissance": (5, 1, 3),
    "dispositifs": (4, 2, 3),
    "examens": (4, 2, 4),
    "antibiotiques": (4, 2, 3),
    "rayonnements": (4, 1, 2),
    "violences_personnes": (3, 2, 4),
    "violences_professionnels": (3, 3, 4),
    "violences_sexuelles": (4, 1, 2),
    "isolement_social": (3, 2, 4),
    "argent": (2, 1, 3),
}
HARMS = {  # what else is reached, where a risk is rated for it: as grave for everybody too
    "contention": {"droits": 4},
    "maltraitance": {"droits": 5, "organisation": 3},
    "plaintes": {"droits": 3, "organisation": 2},
    "confidentialite": {"droits": 4, "organisation": 3},
    "informatique": {"organisation": 4},
    "effectifs": {"organisation": 4},
    "antibiotiques": {"organisation": 3},
    "violences_personnes": {"droits": 4},
    "violences_professionnels": {"organisation": 3},
    "violences_sexuelles": {"droits": 5, "organisation": 4},
    "isolement_social": {"droits": 4},
    "argent": {"droits": 4},
}
NOT_HERE = {  # what a medical pôle, then a care home, does not do
    0: ("chirurgie", "naissance"),
    1: ("chirurgie", "transfusion", "naissance", "rayonnements"),
}
PLANTED = {
    "sortie": (5, 2)
}  # in the first place: likelihood, control; the plan has an action on it
CONTROL, SPREAD = 3.6, 0.8  # rank of what is done against a risk, around its middle
UNKNOWN = 0.04  # share of likelihoods and controls that the group could not say


def draw_map(instrument: Instrument, rng: np.random.Generator, place: int) -> dict[str, str]:
    """Codes by item, of the group of rank ``place``: only likelihood and control are drawn."""
    planted = PLANTED if place == 0 else {}
    absent = NOT_HERE.get(place, ())
    return {
        item.code: str(8 if item.dimension in absent else _rank(item, rng, planted))
        for item in instrument.items
    }


def _rank(item: Item, rng: np.random.Generator, planted: dict[str, tuple[int, int]]) -> int:
    risk, role = item.dimension, item.role or ""
    gravity, rare, often = MET[risk]
    if role == "gravity":
        return HARMS.get(risk, {}).get(item.harm or "", gravity)
    drawn = {
        "likelihood": int(rng.integers(rare, often + 1)),
        "control": int(np.clip(round(rng.normal(CONTROL, SPREAD)), 1, 5)),
    }
    unknown = rng.random() < UNKNOWN
    if risk in planted:
        return planted[risk][role == "control"]
    return 9 if unknown else drawn[role]
