"""What a region accepts: a ``region.yml``, strict as the other definitions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from qgdr_eval.definitions import Document, Strict, place, read_document, validate
from qgdr_eval.definitions.source import Path_
from qgdr_eval.french import did_you_mean, quote
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.problems import Problem
from qgdr_eval.region.signature import is_public_key
from qgdr_eval.responses.campaign import Identifier
from qgdr_eval.tables.file import Text

DAY = re.compile(r"\d{4}-\d\d-\d\d")
OWN = ("keys", "opts_out", "since")  # keys that only a region's file has


def _public(text: str) -> str:
    if not is_public_key(text):
        raise ValueError(
            "ce n'est pas une clé publique au format minisign:recopiez la ligne que "
            "« qgdr aggregate » a donnée à l'établissement, elle commence par RW"
        )
    return text


def _day(text: str) -> str:
    if not DAY.fullmatch(text):
        raise ValueError(f"{quote(text)} n'est pas un jour:écrivez-le comme 2026-01-31")
    return text


Day = Annotated[str, AfterValidator(_day)]


class TrustedKey(Strict):
    """A key a region trusts, and the facilities whose figures it may sign."""

    key: Annotated[str, AfterValidator(_public)] = Field(
        description="Clé publique, la ligne que l'établissement a envoyée"
    )
    facilities: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="Établissements dont cette clé signe les chiffres, écrits comme dans leurs "
        "campagnes"
    )


class OptOut(Strict):
    """What a facility does not take part in."""

    facility: Text = Field(description="Établissement")
    of: Annotated[tuple[Literal["position", "name"], ...], Field(min_length=1)] = Field(
        description="position : il n'est ni placé parmi les autres, ni compté dans leurs repères ; "
        "name : son nom n'est pas écrit sur la page de la région"
    )
    dimensions: tuple[Identifier, ...] = Field(
        (), description="Dimensions dont il retire sa position ; toutes si la liste est vide"
    )


class Region(Strict):
    """A ``region.yml``. ``since``, ``until``: the days a publication must bear, else it is stale.

    >>> sorted(Region.model_fields)[:3]
    ['coding', 'id', 'instrument']
    """

    id: Identifier = Field(description="Nom court de la région, ou de la structure")
    title: Text = Field(description="Titre écrit sur les pages")
    period: Text = Field(description="Ce que couvrent les campagnes réunies, en toutes lettres")
    instrument: Text = Field(description="Identifiant du questionnaire, ou chemin de son fichier")
    versions: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="Versions du questionnaire qui peuvent être réunies"
    )
    since: Day = Field(description="Premier jour de publication admis ; avant : fichier périmé")
    until: Day = Field(description="Dernier jour de publication admis")
    coding: Literal["as_worded", "already_reversed"] = Field(
        "as_worded", description="Ce que « reversed » doit dire dans les campagnes réunies"
    )
    kinds: tuple[Text, ...] = Field(
        (), description="Types de service admis : chaque service doit porter l'un d'eux ; vide : "
        "aucun type n'est demandé"
    )  # fmt: skip
    minimum: Annotated[int, Field(ge=5, le=1000)] = Field(
        10, description="Effectif sous lequel aucun groupe reçu ne doit être montré ; 5 au moins"
    )
    keys: Annotated[tuple[TrustedKey, ...], Field(min_length=1)] = Field(
        description="Clés auxquelles la région fait confiance"
    )
    opts_out: tuple[OptOut, ...] = Field((), description="Qui ne prend pas part à quoi")

    @property
    def facilities(self) -> tuple[str, ...]:
        """The facilities that are expected, in the file's order."""
        return tuple(name for key in self.keys for name in key.facilities)

    def is_out(self, facility: str, of: str, dimension: str = "") -> bool:
        """Whether a facility opts out: of its name, or of its position on a dimension."""
        return any(
            one.facility == facility
            and of in one.of
            and (of == "name" or not one.dimensions or dimension in one.dimensions)
            for one in self.opts_out
        )


@dataclass(frozen=True)
class Opened:
    """A region's file and the questionnaire it names."""

    region: Region
    instrument: Instrument


def load_region(path: Path) -> Opened:
    """Load a ``region.yml`` and its questionnaire.

    >>> from qgdr_eval.problems import Refused
    >>> try:
    ...     load_region(Path("nulle-part", "region.yml"))
    ... except Refused as refused:
    ...     print(refused.problems[0].what)
    fichier introuvable ou illisible

    Raises:
        Refused: the file has problems (all of them at once, with lines), or its questionnaire is
            nowhere.
    """
    document = read_document(path)
    region = validate(document, Region, _check)
    return Opened(region, load_instrument(region.instrument, path.parent))


def names_region(keys: dict[str, Any], file: str) -> bool:
    """Whether a definition file is a region's, by its keys or else by its name.

    >>> names_region({"id": "x", "keys": []}, "a.yml"), names_region({"id": "x"}, "region.yml")
    (True, True)
    """
    return bool(set(OWN) & keys.keys()) or file.startswith("region")


def _check(document: Document) -> list[Problem]:
    return [*_twice(document), *_strangers(document), *_upside_down(document)]


def _trusted(document: Document) -> Iterator[tuple[Path_, str]]:
    """Each key and each facility of the trusted ones, with its path."""
    keys = document.values.get("keys")
    for i, one in enumerate(keys if isinstance(keys, list) else []):
        if not isinstance(one, dict):
            continue
        yield ("keys", i, "key"), str(one.get("key", ""))
        names = one.get("facilities")
        for j, name in enumerate(names if isinstance(names, list) else []):
            yield ("keys", i, "facilities", j), str(name)


def _twice(document: Document) -> Iterator[Problem]:
    """A key, or a facility, that stands twice."""
    first: dict[str, int | None] = {}
    for path, text in _trusted(document):
        if text and text in first:
            what = f"{quote(text)} est déjà à la ligne {first[text]}"
            cure = "gardez une seule clé par établissement, une seule ligne par clé"
            yield document.problem(path, place(path), what, cure)
        first.setdefault(text, document.line_of(path))


def _strangers(document: Document) -> Iterator[Problem]:
    """Facilities that opt out and that no key signs for."""
    known = [text for path, text in _trusted(document) if "facilities" in path]
    outs = document.values.get("opts_out")
    for i, one in enumerate(outs if isinstance(outs, list) else []):
        name = one.get("facility") if isinstance(one, dict) else None
        if isinstance(name, str) and name.strip() not in known:
            path = ("opts_out", i, "facility")
            what = f"{quote(name)} n'est l'établissement d'aucune clé"
            yield document.problem(path, place(path), what, did_you_mean(name, known))


def _upside_down(document: Document) -> Iterator[Problem]:
    since, until = document.values.get("since"), document.values.get("until")
    if isinstance(since, str) and isinstance(until, str) and since > until:
        what = "la fin vient avant le début"
        yield document.problem(("until",), "until", what, "échangez « since » et « until »")
