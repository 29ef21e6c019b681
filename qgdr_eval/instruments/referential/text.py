"""From the criteria to the text of an instrument."""

import json
from collections.abc import Iterator

from qgdr_eval.instruments.referential.criteria import (
    Criterion,
    Referential,
    chapters_of,
    texts_of,
)
from qgdr_eval.instruments.referential.sheet import clean, key

HEADER = """\
# yaml-language-server: $schema=../instrument.schema.json
id: {id}
version: 1.0.0
title: "Auto-évaluation préparatoire en ESSMS, sur le référentiel chargé par l'établissement"
source: {source}
licence: >-
  Les critères sont ceux du référentiel que l'établissement a téléchargé et chargé lui-même,
  aux conditions de son éditeur. Ils ne font pas partie de qgdr-eval.
subject: group
language: fr

# Code 8 is NC, code 9 is RI. NC leaves the imperative criteria; RI stays in chapter 1 alone.
scales:
  cotation:
    label: >-
      Cotation retenue par le groupe (1 : rien n'est organisé, ou presque ; 2 : c'est commencé ;
      3 : c'est en place pour l'essentiel ; 4 : c'est en place partout ; * : au-delà de ce qui est
      demandé ; NC : non concerné ; RI : réponse inadaptée)
    options:
      - {{code: 1, label: "1", pole: negative}}
      - {{code: 2, label: "2", pole: negative}}
      - {{code: 3, label: "3", pole: positive}}
      - {{code: 4, label: "4", pole: positive}}
      - {{code: 5, label: "*", pole: positive}}
    not_applicable:
      - {{code: 8, label: "NC"}}
    dont_know:
      - {{code: 9, label: "RI"}}

thresholds:
  - kind: at_least
    value: 66.6
    label: "plutôt solide"
    origin: >-
      Choix du kit (novembre 2026), sans source publiée : coter 3 partout donne 66,67, et le
      repère se tient juste dessous. Ce n'est pas une note de la HAS.
  - kind: at_most
    value: 33.4
    label: "à travailler d'abord"
    origin: >-
      Choix du kit (novembre 2026), sans source publiée : coter 2 partout donne 33,33, et le
      repère se tient juste au-dessus. Ce n'est pas une note de la HAS.

dimensions:
"""
NOTES = """\

notes:
  - >-
    Ceci est une auto-évaluation préparatoire, faite par un groupe de l'établissement : ce n'est
    pas une évaluation au sens de la HAS.
  - >-
    Un critère impératif coté sous 4 demande un plan d'actions. NC n'y est pas admis, et RI ne
    l'est que dans le chapitre 1.
"""
Key = tuple[str, str, str]


def write_text(referential: Referential, id: str) -> str:
    """The text of the ``instrument.yml`` of a referential."""
    source = (
        f"Critères lus dans le classeur « {clean(referential['file'])} », chargé par "
        "l'établissement. Cotation de 1 à 4 ; l'étoile compte 4 ; NC et RI sortent du calcul."
    )
    dimensions = _dimensions(referential["criteria"])
    ids = _ids(dimensions)
    return "".join(
        [
            HEADER.format(id=id, source=_quoted(source)),
            *(_dimension_text(ids[key], criteria) for key, criteria in dimensions.items()),
            "\nitems:\n",
            *_item_texts(referential["criteria"], ids),
            NOTES,
        ]
    )


def _quoted(text: str) -> str:
    """A text as YAML reads it back, whatever it begins with or holds."""
    return json.dumps(text, ensure_ascii=False)


def _key_of(criterion: Criterion) -> Key:
    return key(criterion["chapter"]), key(criterion["theme"]), key(criterion["objective"])


def _dimensions(criteria: list[Criterion]) -> dict[Key, list[Criterion]]:
    dimensions: dict[Key, list[Criterion]] = {}
    for criterion in criteria:
        dimensions.setdefault(_key_of(criterion), []).append(criterion)
    return dimensions


def _ids(dimensions: dict[Key, list[Criterion]]) -> dict[Key, str]:
    """Ids from the numbers when they tell: 1.2.1 and 1.2.2 make « objectif_1_2 »; else a rank."""
    stems = [
        {criterion["number"].rpartition(".")[0].replace(".", "_") for criterion in criteria}
        for criteria in dimensions.values()
    ]
    numbers = set().union(*stems)
    telling = len(numbers) == len(stems) == sum(map(len, stems)) and "" not in numbers
    word = "objectif" if any(objective for _, _, objective in dimensions) else "thematique"
    return {
        key: f"{word}_{min(stem) if telling else rank}"
        for rank, (key, stem) in enumerate(zip(dimensions, stems, strict=True), start=1)
    }


def _dimension_text(id: str, criteria: list[Criterion]) -> str:
    theme, objective = criteria[0]["theme"], criteria[0]["objective"]
    number = "Le critère" if len(criteria) == 1 else f"Les {len(criteria)} critères"
    what = "de cet objectif" if objective else "de cette thématique"
    within = f", thématique « {theme} »" if objective and theme else ""
    return (
        f"  - id: {id}\n"
        f"    label: {_quoted(objective or theme)}\n"
        f"    definition: {_quoted(f'{number} {what}{within}.')}\n"
        f"    part: {_quoted(criteria[0]['chapter'])}\n"
        "    rule: rating_1_4\n"
    )


def _item_texts(criteria: list[Criterion], ids: dict[Key, str]) -> Iterator[str]:
    chapters = chapters_of(criteria)
    for criterion, text in zip(criteria, texts_of(criteria), strict=True):
        for element in criterion["elements"]:
            yield f"  # élément d'évaluation : {element}\n"
        if criterion["concerned"]:
            yield f"  # ESSMS concernés : {criterion['concerned']}\n"
        keys = [f"code: C{criterion['number']}", f"text: {_quoted(text)}"]
        keys += [f"dimension: {ids[_key_of(criterion)]}", "scale: cotation"]
        keys += ["critical: true"] if criterion["imperative"] else []
        refused = ["8"] * criterion["imperative"] + ["9"] * (chapters[criterion["chapter"]] != 1)
        keys += [f"forbidden: [{', '.join(refused)}]"] if refused else []
        yield f"  - {{{', '.join(keys)}}}\n"
