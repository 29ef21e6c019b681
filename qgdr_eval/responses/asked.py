"""What people are told before they are asked, and how they are asked: the key « asking »."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from qgdr_eval.definitions import Strict
from qgdr_eval.tables.file import Text
from qgdr_eval.tables.spelling import plain

UNSAID = "Je préfère ne pas répondre"  # a class of the stratum too: leaving it out tells something
TOLD = {  # what people must have been told, and what a campaign writes when it has nothing to add
    "who": "la direction de l'établissement",
    "why": "faire le point avec les équipes, et choisir avec elles ce qu'il faut améliorer",
    "ground": "mission d'intérêt public de l'établissement (RGPD, article 6, point 1 e)",
    "opens": "la personne qui garde la clé d'ouverture, une fois le recueil terminé",
    "kept": "les réponses, sans nom, deux ans après le rapport",
    "contact": "le délégué à la protection des données de l'établissement",
}


def _all_different(classes: tuple[str, ...]) -> tuple[str, ...]:
    if len({plain(name) for name in (*classes, UNSAID)}) <= len(classes):
        raise ValueError(
            "deux catégories se lisent de même:donnez des noms différents ; « je préfère ne pas "
            "répondre » s'ajoute tout seul"
        )
    return classes


class Asking(Strict):
    """How the kit itself asks people, and what they are told first, in their language.

    ``who`` asks, ``why``, on what ``ground``, who ``opens`` the answers and when, how long they are
    ``kept``, whom to ``contact``: all six stand on the notice and the first screen. ``address``:
    where the form is served, in the QR codes; ``drop``: where the file that a form off line saves
    is to be dropped, as its people call the place. ``classes``: the answers to the last question,
    on the stratum of the campaign.

    >>> Asking(who="la direction").access, Asking().missing[0]
    ('cards', 'who')
    """

    who: Text | None = Field(None, description="Qui interroge : le responsable, en clair")
    why: Text | None = Field(None, description="Pourquoi, en clair")
    ground: Text | None = Field(None, description="Sur quelle base légale")
    opens: Text | None = Field(None, description="Qui ouvre les réponses, et quand")
    kept: Text | None = Field(None, description="Combien de temps les réponses sont gardées")
    contact: Text | None = Field(None, description="À qui écrire pour en savoir plus")
    address: Annotated[str, Field(pattern=r"^https?://[^\s\"'<>]{1,200}$")] | None = Field(
        None, description="Adresse où le questionnaire est servi, écrite dans les codes QR"
    )
    drop: Text | None = Field(
        None, description="Où déposer le fichier scellé que le formulaire hors ligne enregistre"
    )
    access: Literal["cards", "open"] = Field(
        "cards",
        description="cards : une carte tirée au sort par personne ; open : sans carte, et une "
        "personne peut avoir répondu deux fois",
    )
    comments: bool = Field(
        False, description="true : un commentaire libre, scellé à part des réponses"
    )
    classes: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=80)], ...],
        Field(max_length=20),
        AfterValidator(_all_different),
    ] = Field((), description="Catégories proposées à la dernière question, sur « strata »")

    @property
    def missing(self) -> list[str]:
        """The keys that people must be told of and that are not filled in."""
        return [key for key in TOLD if getattr(self, key) is None]
