"""From the criteria to the text of an instrument."""

import json
from collections.abc import Iterator

from qgdr_eval.french import count
from qgdr_eval.instruments.referential import certification, essms
from qgdr_eval.instruments.referential.criteria import (
    Criterion,
    Referential,
    chapters_of,
    texts_of,
)
from qgdr_eval.instruments.referential.sheet import clean, key

KINDS = {"essms": essms, "certification": certification}
Key = tuple[str, str, str]


def write_text(referential: Referential, id: str) -> str:
    """The text of the ``instrument.yml`` of a referential."""
    kind, criteria = KINDS[referential["kind"]], referential["criteria"]
    dimensions = _dimensions(criteria)
    ids = _ids(dimensions)
    chapters = chapters_of(criteria)
    return "".join(
        [
            kind.HEADER.format(id=id, source=_quoted(_source(referential, kind.SOURCE))),
            *(_dimension_text(ids[key], kind.RULE, each) for key, each in dimensions.items()),
            "\nitems:\n",
            *(
                _item_text(criterion, text, ids, kind.keys(criterion, chapters))
                for criterion, text in zip(criteria, texts_of(criteria), strict=True)
            ),
            kind.NOTES,
        ]
    )


def _source(referential: Referential, how: str) -> str:
    read = f"Critères lus dans le classeur « {clean(referential['file'])} », chargé par "
    kept, aside = len(referential["criteria"]), len(referential["set_aside"])
    structure = clean(referential["structure"])
    of = f" Gardés pour « {structure} » : {count(kept, 'critère')} sur {kept + aside}."
    return f"{read}l'établissement. {how}" + (of if structure else "")


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
    stems = [{_stem(criterion) for criterion in criteria} for criteria in dimensions.values()]
    numbers = set().union(*stems)
    telling = len(numbers) == len(stems) == sum(map(len, stems)) and "" not in numbers
    word = "objectif" if any(objective for _, _, objective in dimensions) else "thematique"
    return {
        key: f"{word}_{min(stem).replace('.', '_') if telling else rank}"
        for rank, (key, stem) in enumerate(zip(dimensions, stems, strict=True), start=1)
    }


def _stem(criterion: Criterion) -> str:
    """The number of what a criterion stands under: « 1.2 » of 1.2.1."""
    return criterion["number"].rpartition(".")[0]


def _dimension_text(id: str, rule: str, criteria: list[Criterion]) -> str:
    theme, objective = criteria[0]["theme"], criteria[0]["objective"]
    number = "Le critère" if len(criteria) == 1 else f"Les {len(criteria)} critères"
    what = "de cet objectif" if objective else "de cette thématique"
    within = f", thématique « {theme} »" if objective and theme else ""
    stems = {_stem(criterion) for criterion in criteria}
    official = f"    official: {_quoted(f'objectif {min(stems)}')}\n"
    return (
        f"  - id: {id}\n"
        f"    label: {_quoted(objective or theme)}\n"
        f"    definition: {_quoted(f'{number} {what}{within}.')}\n"
        f"    part: {_quoted(criteria[0]['chapter'])}\n"
        f"    rule: {rule}\n" + (official if objective and len(stems) == 1 and min(stems) else "")
    )


def _item_text(criterion: Criterion, text: str, ids: dict[Key, str], own: list[str]) -> str:
    return "".join(_item_lines(criterion, text, ids, own))


def _item_lines(
    criterion: Criterion, text: str, ids: dict[Key, str], own: list[str]
) -> Iterator[str]:
    if criterion["concerned"]:
        yield f"  # ESSMS concernés : {criterion['concerned']}\n"
    number = criterion["number"]
    keys = [f"code: C{number}", f"text: {_quoted(text)}", f"official: {_quoted(number)}"]
    keys += [f"dimension: {ids[_key_of(criterion)]}"]
    keys += ["critical: true"] if criterion["imperative"] else []
    keys += own
    keys += [f"method: {_quoted(criterion['method'])}"] if criterion["method"] else []
    if criterion["elements"]:
        keys += [f"elements: [{', '.join(map(_quoted, criterion['elements']))}]"]
    yield f"  - {{{', '.join(keys)}}}\n"
