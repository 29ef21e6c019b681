"""What an edition is: for whom, what it takes of a report, its own words."""

from typing import Annotated, Literal

from pydantic import Field

from qgdr_eval.definitions import Strict
from qgdr_eval.responses.campaign import Identifier
from qgdr_eval.tables.file import Text

Subject = Literal["respondent", "record", "group", "person"]
Of = Literal["service", "facility"]
Part = Literal[
    "findings", "messages", "profile", "questions", "limits", "blocks", "ideas", "services", "plan"
]
Score = Literal["share", "points", "level", "rating", "zone"]
Long = Annotated[str, Field(min_length=1, max_length=1000)]
MOST_SHEETS = 40

PARTS_OF: dict[Of, frozenset[Part]] = {
    "service": frozenset(
        ("findings", "messages", "profile", "questions", "limits", "blocks", "ideas")
    ),
    "facility": frozenset(("profile", "services", "plan", "limits")),
}
"""What there is to take of a service, and of a facility with its services."""


class Logo(Strict):
    """A picture of whoever makes the edition, and what it says to those who do not see it."""

    file: Text = Field(description="Image à côté de edition.yml : .svg, .png ou .jpg")
    alternative: Text = Field(description="Ce que dit l'image, lu à qui ne la voit pas")


class Edition(Strict):
    """An ``edition.yml``.

    >>> from qgdr_eval.editions import open_edition
    >>> open_edition("affiche").edition.sheets
    1
    """

    id: Identifier = Field(description="Nom court, celui du dossier où vont ses fichiers")
    title: Text = Field(description="Nom de l'édition")
    reader: Text = Field(description="Pour qui elle est faite")
    of: Of = Field(
        "service",
        description="De quoi elle parle : d'un service, ou d'un établissement avec ses services",
    )
    subjects: tuple[Subject, ...] = Field(
        min_length=1, description="Ce que compte un questionnaire pour que l'édition lui convienne"
    )
    scores: tuple[Score, ...] = Field(
        (), description="Ce que donnent les règles qu'elle sait dire ; toutes si rien n'est écrit"
    )
    plain: bool = Field(
        False,
        description="true : elle convient à un questionnaire en mots simples, parce qu'elle n'a "
        "aucun mot du métier, ou qu'elle est faite pour qui refait les calculs",
    )
    parts: tuple[Part, ...] = Field(
        min_length=1, description="Ce qu'elle prend d'un rapport ; rien d'autre ne lui est donné"
    )
    most: dict[Part, Annotated[int, Field(ge=1, le=20)]] = Field(
        {}, description="Combien elle en prend au plus, partie par partie"
    )
    sheets: Annotated[int, Field(ge=1, le=MOST_SHEETS)] = Field(
        description="Nombre de pages à ne pas dépasser : elle se resserre, puis est refusée"
    )
    words: dict[Identifier, Long | dict[Subject, Long]] = Field(
        {}, description="Ses propres mots, les mêmes pour tous ou selon ce que l'on compte"
    )
    logo: Logo | None = Field(None, description="Image de qui diffuse l'édition")

    def words_for(self, subject: str) -> dict[str, str]:
        """Its words about one kind of instrument.

        >>> from qgdr_eval.editions import open_edition
        >>> open_edition("affiche").edition.words_for("record")["pilot"]
        'Qui'
        """
        return {
            name: said if isinstance(said, str) else said[subject]  # type: ignore[index]
            for name, said in self.words.items()
        }
