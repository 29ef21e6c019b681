"""A programme: everything a facility follows together, each in its own file."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from os.path import isfile
from pathlib import Path
from typing import Any

from pydantic import Field

from qgdr_eval.definitions import Document, Strict, place, read_document, validate
from qgdr_eval.definitions.source import Path_, cut
from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused, refuse_errors
from qgdr_eval.responses.campaign import Identifier, load_campaign
from qgdr_eval.tables.file import Text

BESIDE = ("indicators", "national", "plan")  # files that stand beside the campaigns

# Keys of campaigns and questionnaires.
OTHERS = set("responses coding instrument columns services items scales dimensions".split())


class Programme(Strict):
    """A ``programme.yml``. Paths are looked for beside it."""

    id: Identifier = Field(description="Nom court du programme")
    title: Text = Field(description="Titre écrit sur les pages")
    period: Text = Field(description="Ce que couvre le programme, en toutes lettres")
    campaigns: tuple[Text, ...] = Field(
        (),
        description="Fichiers des campagnes, dans l'ordre où on les lit ; aucun si le programme "
        "suit seulement des indicateurs",
    )
    indicators: Text | None = Field(None, description="Tableau des indicateurs (CSV ou XLSX)")
    national: Text | None = Field(None, description="Valeurs nationales des mêmes indicateurs")
    plan: Text | None = Field(None, description="Plan d'actions (XLSX ou CSV)")


def load_programme(path: Path) -> Programme:
    """Load a ``programme.yml``; the campaigns it names are read, their files later.

    Raises:
        Refused: with every problem of the file, files that are not there among them; else with
            those of its campaigns.
    """
    document = read_document(path)
    programme = validate(document, Programme, lambda read: [*_not_there(read, path.parent)])
    refuse_errors(_twice(document, _identifiers(programme, path.parent)))
    return programme


def is_programme(path: Path) -> bool:
    """Whether a definition file is a programme. Raises `Refused` when it cannot be read."""
    return names_programme(read_document(path).values, path.name)


def refuse_programme(path: Path) -> None:
    """Raise `Refused` for a programme where one campaign is asked for; it says which it has.

    What is no definition file, such as ``demo`` or stored results, passes.
    """
    if path.suffix.lower() not in (".yml", ".yaml"):
        return
    document = read_document(path)
    if names_programme(document.values, path.name):
        named = document.values.get("campaigns")
        names = [str(path.parent / str(name)) for name in named] if isinstance(named, list) else []
        cure = f"donnez une de ses campagnes : {', '.join(names)}" if names else "il n'en a aucune"
        raise Refused([Problem(path.name, None, "", "c'est un programme", cure)])


def names_programme(keys: Collection[str], file: str = "") -> bool:
    """Whether the keys of a file are those of a programme, with campaigns or without.

    One that only has what a programme begins with is one too, unless its name says a campaign.

    >>> names_programme({"id", "indicators"}), names_programme({"id", "responses", "plan"})
    (True, False)
    >>> names_programme({"id", "title", "period", "indicateurs"})
    True
    """
    if {"campaigns", "indicators", "national"} & set(keys):
        return True
    if OTHERS & set(keys):
        return False
    begun = "period" in keys and not file.startswith("campagne")
    return "plan" in keys or begun or file.startswith("programme")


def _not_there(document: Document, folder: Path) -> Iterator[Problem]:
    """Files that are not there, national values with nothing to stand beside, nothing at all."""
    values = document.values
    campaigns = values.get("campaigns")
    named: list[tuple[Path_, Any]] = [
        (("campaigns", i), name)
        for i, name in enumerate(campaigns if isinstance(campaigns, list) else [])
    ]
    named += [((key,), values[key]) for key in BESIDE if key in values]
    for path, name in named:
        if isinstance(name, str) and name and not isfile(folder / name):
            what = f"fichier {quote(cut(name))} introuvable"
            cure = "écrivez son chemin à partir du dossier du programme"
            yield document.problem(path, place(path), what, cure)
    if not campaigns and "indicators" not in values and "plan" not in values:
        what = "ce programme ne suit rien"
        cure = "ajoutez « campaigns: … », « indicators: … » ou « plan: … »"
        yield document.problem((), "", what, cure)
    if "national" in values and "indicators" not in values:
        what, cure = "aucun indicateur à mettre à côté", "ajoutez « indicators: … »"
        yield document.problem(("national",), "national", what, cure)


def _identifiers(programme: Programme, folder: Path) -> list[str]:
    """The ids of the campaigns. Raises `Refused` with the problems of all of them."""
    ids: list[str] = []
    problems: list[Problem] = []
    for name in programme.campaigns:
        try:
            ids.append(load_campaign(folder / name).id)
        except Refused as refused:  # campaigns being named alike, their folder tells them apart
            problems += [replace(problem, file=name) for problem in refused.problems]
    refuse_errors(problems)
    return ids


def _twice(document: Document, ids: list[str]) -> Iterator[Problem]:
    """Campaigns that would be printed into one folder, since they bear one id."""
    for i, id in enumerate(ids):
        if (first := ids.index(id)) < i:
            path = ("campaigns", i)
            what = f"cette campagne porte le même identifiant que la n° {first + 1} : {id}"
            cure = "donnez à chaque campagne son propre « id »"
            yield document.problem(path, place(path), what, cure)
