"""A programme: everything a facility follows together, each in its own file."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from qgdr_eval.definitions import Document, Strict, read_document, validate
from qgdr_eval.problems import Problem
from qgdr_eval.responses.campaign import Identifier, Text, load_campaign


class Programme(Strict):
    """A ``programme.yml``. Paths are looked for beside it."""

    id: Identifier = Field(description="Nom court du programme")
    title: Text = Field(description="Titre écrit sur les pages")
    period: Text = Field(description="Ce que couvre le programme, en toutes lettres")
    campaigns: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="Fichiers des campagnes, dans l'ordre où on les lit"
    )
    indicators: Text | None = Field(None, description="Tableau des indicateurs (CSV ou XLSX)")
    national: Text | None = Field(None, description="Valeurs nationales des mêmes indicateurs")
    plan: Text | None = Field(None, description="Plan d'actions (XLSX ou CSV)")


def load_programme(path: Path) -> Programme:
    """Load a ``programme.yml``; the campaigns it names are read, their files later.

    Raises:
        Refused: the file cannot be read or has problems (all of them at once), or the first of
            its campaigns that has.
    """
    return validate(read_document(path), Programme, lambda document: _twice(document, path.parent))


def is_programme(path: Path) -> bool:
    """Whether a definition file names campaigns. Raises `Refused` when it cannot be read."""
    values = read_document(path).values
    return isinstance(values, dict) and "campaigns" in values


def _twice(document: Document, folder: Path) -> list[Problem]:
    """Campaigns that would be printed into one folder, since they bear one id."""
    named = document.values.get("campaigns")
    first: dict[str, int] = {}
    problems = []
    for i, name in enumerate(named if isinstance(named, list) else []):
        if not isinstance(name, str) or not name:
            continue
        id = load_campaign(folder / name).id
        if first.setdefault(id, i) != i:
            what = f"cette campagne porte le même identifiant que la n° {first[id] + 1} : {id}"
            cure = "donnez à chaque campagne son propre « id »"
            problems.append(document.problem(("campaigns", i), f"campaigns n° {i + 1}", what, cure))
    return problems
