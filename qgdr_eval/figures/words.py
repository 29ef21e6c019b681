"""The words figures and their alternatives share."""

from qgdr_eval.french import number, percent, typography
from qgdr_eval.instruments import Dimension

HIDDEN = {
    "suppressed": "Effectif insuffisant : résultat non montré",
    "complementary": "Masqué pour protéger un autre groupe",
    "no_answer": "Aucune réponse exploitable",
    "unanimous": "Toutes les réponses sont identiques : répartition non montrée",
    "absent": "Pas de résultat",
}
VERDICTS = {
    "established": "établi : tout l'intervalle est dans une seule zone",
    "to_confirm": "à confirmer : l'intervalle franchit un seuil",
    "cannot_conclude": "on ne peut pas conclure : l'intervalle va d'une zone à l'autre",
}
STATES = {"not_applicable": "sans objet", "dont_know": "ne sait pas", "missing": "sans réponse"}
MEANS = {"mean_0_100"}  # rules whose score is a mean out of 100, not a share of answers


def hidden_words(status: str) -> str:
    """Why nothing is drawn, in words."""
    return typography(HIDDEN.get(status, HIDDEN["absent"]))


def score_words(score: float, dimension: Dimension) -> str:
    """A score with its unit: a percentage, or bare when it is a mean out of 100."""
    return number(score) if dimension.rule in MEANS else percent(score)


def top_label(dimensions: tuple[Dimension, ...]) -> str:
    """The label of the end of the 0–100 axis."""
    if all(dimension.rule in MEANS for dimension in dimensions):
        return "100"
    return percent(100)


def reference_words(reference: str) -> str:
    """A reference named for readers."""
    return "moyenne des autres services" if reference == "campaign" else reference
