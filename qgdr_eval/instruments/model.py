"""The instrument: what is asked, of whom, on which scales, and how its dimensions are scored."""

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from qgdr_eval.definitions import Strict


def _refuse_invisible(given: Any) -> Any:
    """Refuse zero-width, control and no-break characters: two codes must never look alike."""
    text = given.strip() if isinstance(given, str) else ""
    hidden = sorted({f"U+{ord(c):04X}" for c in text if unicodedata.category(c)[0] in "CZ"})
    if hidden:
        raise ValueError(f"invisible:{', '.join(hidden)}")
    return given


Identifier = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$"), BeforeValidator(_refuse_invisible)
]
ItemCode = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.\-]{0,31}$"), BeforeValidator(_refuse_invisible)
]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Score = Annotated[float, Field(ge=0, le=100)]
Code = Annotated[int, Field(ge=-999, le=999)]


class Option(Strict):
    """One ordered answer. ``pole`` says what it means when the item is *not* reversed."""

    code: Code = Field(description="Entier qui désigne la réponse dans les fichiers")
    label: Text = Field(description="Réponse telle que la lit la personne interrogée")
    pole: Literal["negative", "neutral", "positive"] = Field(
        description="Sens de la réponse pour un item à l'endroit : défavorable, neutre, favorable"
    )


class SpecialCode(Strict):
    """An answer outside the order of the scale: not applicable, or don't know."""

    code: Code = Field(description="Entier, différent de ceux des options")
    label: Text = Field(description="Réponse telle que la lit la personne interrogée")


class Scale(Strict):
    """Ordered options, least favourable first, and the codes that are not part of the order."""

    label: Text = Field(description="Question commune aux réponses de l'échelle")
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=11)] = Field(
        description="Réponses, de la moins favorable à la plus favorable"
    )
    not_applicable: tuple[SpecialCode, ...] = Field(
        (), description="Réponses « Sans objet », hors du calcul"
    )
    dont_know: tuple[SpecialCode, ...] = Field(
        (), description="Réponses « Ne sait pas », hors du calcul"
    )


class Threshold(Strict):
    """A reading mark on the 0–100 score, and where the mark comes from."""

    kind: Literal["at_least", "at_most"] = Field(
        description="at_least : à partir de cette valeur ; at_most : jusqu'à cette valeur"
    )
    value: Score = Field(description="Score de 0 à 100")
    label: Text = Field(description="Ce que dit le repère, par exemple « développée »")
    origin: Text = Field(description="D'où vient le repère : source publiée, usage, décision")


class Dimension(Strict):
    """A set of items scored together. Its own ``thresholds`` replace the instrument's."""

    id: Identifier = Field(description="Nom court, auquel les items se rattachent")
    label: Text = Field(description="Nom écrit dans les rapports")
    definition: Text = Field(description="Ce que la dimension mesure, en une phrase")
    rule: Identifier = Field(
        description="Règle de score : positive_share (part des réponses favorables) "
        "ou mean_0_100 (moyenne de 0 à 100)"
    )
    thresholds: tuple[Threshold, ...] = Field(
        (), description="Repères propres à la dimension, à la place de ceux du questionnaire"
    )
    levers: tuple[Text, ...] = Field((), description="Actions possibles, une phrase chacune")
    resources: tuple[Text, ...] = Field((), description="Documents utiles (éditeur, année)")


class Item(Strict):
    """One question or criterion. ``reversed``: agreeing with it is unfavourable."""

    code: ItemCode = Field(description="Code court, unique, stable d'une version à l'autre")
    text: Text = Field(description="Question ou critère, tel qu'il est posé")
    dimension: Identifier = Field(description="Identifiant de sa dimension, une seule")
    scale: Identifier = Field(description="Identifiant de son échelle")
    reversed: bool = Field(False, description="true : être d'accord est défavorable")
    us_code: str | None = Field(
        None, description="Code de l'item voisin du questionnaire américain"
    )


class Missing(Strict):
    """How much of a questionnaire must be answered, as shares of items between 0 and 1.

    ``minimum_answered``: below it a subject has no mean of their own on a dimension.
    ``flag_under``: below it a return is flagged as barely answered.
    """

    minimum_answered: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="Part d'items répondus (0 à 1) exigée pour la moyenne d'une personne"
    )
    flag_under: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="Part d'items répondus (0 à 1) sous laquelle un retour est signalé"
    )


class Instrument(Strict):
    """A questionnaire or an audit grid, exactly as its ``instrument.yml`` declares it.

    ``subject`` says who or what one row of answers is about: a ``respondent`` or a ``record``.
    """

    id: Identifier = Field(description="Nom court du questionnaire, celui de son dossier")
    version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")] = Field(
        description="Trois nombres, par exemple 1.0.0"
    )
    title: Text = Field(description="Titre écrit dans les rapports")
    source: Text = Field(description="D'où viennent les questions : auteur, année, référence")
    licence: Text = Field(description="À quelles conditions on peut s'en servir")
    subject: Literal["respondent", "record"] = Field(
        description="Ce que décrit une ligne : une personne (respondent) ou un dossier (record)"
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = Field(
        "fr", description="Langue des questions, en deux lettres"
    )
    scales: Annotated[dict[Identifier, Scale], Field(min_length=1)] = Field(
        description="Échelles de réponse, chacune sous son identifiant"
    )
    thresholds: tuple[Threshold, ...] = Field((), description="Repères de lecture des scores")
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1)] = Field(
        description="Dimensions, dans l'ordre des rapports"
    )
    items: Annotated[tuple[Item, ...], Field(min_length=1)] = Field(
        description="Questions ou critères, dans l'ordre où ils sont posés"
    )
    missing: Missing = Field(Missing(), description="Ce qu'on fait des retours peu remplis")
    notes: tuple[Text, ...] = Field((), description="Remarques reprises dans la note de méthode")

    @property
    def codes(self) -> list[str]:
        """Item codes in the instrument's order."""
        return [item.code for item in self.items]

    def items_of(self, dimension: str) -> list[Item]:
        """The items of one dimension, in the instrument's order."""
        return [item for item in self.items if item.dimension == dimension]

    def scale_of(self, item: Item) -> Scale:
        """The scale an item is answered on."""
        return self.scales[item.scale]

    def dimension(self, id: str) -> Dimension:
        """One dimension by its id."""
        return next(dimension for dimension in self.dimensions if dimension.id == id)

    def thresholds_of(self, dimension: str) -> tuple[Threshold, ...]:
        """The reading thresholds of a dimension: its own, else the instrument's."""
        return self.dimension(dimension).thresholds or self.thresholds
