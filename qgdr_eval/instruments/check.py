"""What no single key can show: codes given twice, items that hang nowhere, scales without poles.

Every check reads the raw document and survives a broken one, so that one reading of a file
finds shape errors and cross errors together.
"""

from collections.abc import Iterator
from typing import Any

from qgdr_eval.definitions import Document
from qgdr_eval.definitions.source import Path_
from qgdr_eval.french import did_you_mean, quote
from qgdr_eval.instruments.check_items import ITEM_CHECKS
from qgdr_eval.instruments.check_rules import RULE_CHECKS, TRUE
from qgdr_eval.instruments.entries import (
    ANSWERS,
    POLES,
    entries,
    named,
    number,
    problem,
    scales,
    texts,
)
from qgdr_eval.problems import Problem

KEYS_OF_ONE = (("code", "le code"), ("label", "le libellé"), ("short", "le nom court"))


def check_instrument(document: Document) -> list[Problem]:
    r"""Every cross problem of an instrument document, in no particular order.

    >>> from qgdr_eval.definitions import parse_document
    >>> text = "dimensions: [{id: d}]\nitems: [{code: A, dimension: e}, {code: B, dimension: d}]"
    >>> [problem.line for problem in check_instrument(parse_document(text, "instrument.yml"))]
    [2]
    """
    checks = (
        _two_dimensions,
        _unknown_references,
        _repeated_names,
        _repeated_texts,
        _unused_dimensions,
        _repeated_answers,
        _scale_poles,
        _threshold_order,
        _unused_scales,
        _chosen_and_marked,
        _unit_of_records,
        _team_of_a_person,
        _plain_of_people,
        *ITEM_CHECKS,
        *RULE_CHECKS,
    )
    return [problem for check in checks for problem in check(document)]


def _two_dimensions(document: Document) -> Iterator[Problem]:
    for i, item in entries(document.values, "items"):
        given = item.get("dimension")
        if isinstance(given, list) and len(given) > 1:
            yield problem(
                document,
                ("items", i, "dimension"),
                "l'item est rangé dans plusieurs dimensions",
                "gardez-en une seule : un item ne compte qu'une fois",
            )


def _unknown_references(document: Document) -> Iterator[Problem]:
    dimensions = [id for _, id in texts(entries(document.values, "dimensions"), "id")]
    scales = document.values.get("scales")
    for key, label, where, known in (
        ("dimension", "dimension", "dimensions", dimensions),
        ("scale", "échelle", "scales", list(scales) if isinstance(scales, dict) else []),
    ):
        for i, given in texts(entries(document.values, "items"), key):
            if given not in known:
                cure = did_you_mean(given, known) if known else f"ajoutez-la sous « {where} »"
                yield problem(
                    document, ("items", i, key), f"{label} {quote(given)} non définie", cure
                )


def _repeated_names(document: Document) -> Iterator[Problem]:
    for key, id in (("items", "code"), ("items", "us_code"), ("dimensions", "id")):
        first: dict[str, int] = {}
        for i, name in texts(entries(document.values, key), id):
            twin = first.setdefault(name.casefold(), i)
            if twin != i:
                yield problem(document, (key, i, id), *_repeated(document, key, id, (twin, i)))


def _repeated(document: Document, key: str, id: str, pair: tuple[int, int]) -> tuple[str, str]:
    """The same item written under two dimensions is the usual way to put it in both."""
    first, second = (document.values[key][i] for i in pair)
    what = f"{quote(second[id])} est déjà à la ligne {document.line_of((key, pair[0], id))}"
    homes = {
        home for home in (first.get("dimension"), second.get("dimension")) if isinstance(home, str)
    }
    if id == "code" and len(homes) == 2:
        return (
            f"{what}, dans une autre dimension",
            "gardez une seule dimension par item, ou donnez un autre code",
        )
    if first[id] != second[id]:
        return what + f" sous la forme {quote(first[id])}", (
            "donnez des codes qui diffèrent par plus que leurs majuscules"
        )
    return what, "donnez une valeur différente à chacun"


def _repeated_texts(document: Document) -> Iterator[Problem]:
    """An item given twice with its code is told once, by its code."""
    items = entries(document.values, "items")
    codes = dict(texts(items, "code"))
    first: dict[str, int] = {}
    for i, text in texts(items, "text"):
        twin = first.setdefault(" ".join(text.casefold().split()), i)
        if twin != i and codes.get(i, "").casefold() != codes.get(twin, "?").casefold():
            line = document.line_of(("items", twin, "text"))
            yield problem(
                document,
                ("items", i, "text"),
                f"même texte qu'à la ligne {line}",
                "reformulez ou retirez l'un des deux",
            )


def _unused_dimensions(document: Document) -> Iterator[Problem]:
    given = [item.get("dimension") for _, item in entries(document.values, "items")]
    used = {
        str(name).strip()
        for names in given
        for name in (names if isinstance(names, list) else [names])
    }
    for i, id in texts(entries(document.values, "dimensions"), "id"):
        if given and id not in used:
            yield problem(
                document,
                ("dimensions", i),
                f"aucun item n'est dans {quote(id)}",
                "rattachez-lui des items ou retirez-la",
            )


def _unused_scales(document: Document) -> Iterator[Problem]:
    items = entries(document.values, "items")
    used = {text for _, text in texts(items, "scale")}
    for id in scales(document):
        if items and id not in used:
            yield problem(
                document,
                ("scales", id),
                "aucun item n'utilise cette échelle",
                "retirez-la, ou donnez-la à des items",
            )


def _repeated_answers(document: Document) -> Iterator[Problem]:
    """Within a scale a code, and a label or another way to write it, stands for one answer."""
    for id, scale in scales(document).items():
        for key, label in KEYS_OF_ONE:
            first: dict[str, Path_] = {}
            for path, text in _answers(id, scale, key):
                twin = first.setdefault(_same_answer(text), path)
                if twin != path:
                    line = document.line_of(twin)
                    yield problem(
                        document,
                        path,
                        f"{label} {quote(text)} désigne déjà la réponse de la ligne {line}",
                        "donnez à chaque réponse le sien",
                    )


def _answers(id: str, scale: dict[str, object], key: str) -> Iterator[tuple[Path_, str]]:
    for kind in ANSWERS:
        for i, text in texts(entries(scale, kind), key):
            yield ("scales", id, kind, i, key), text
        for i, answer in entries(scale, kind) if key == "label" else []:
            also = answer.get("also")
            for j, text in enumerate(also if isinstance(also, list) else []):
                yield ("scales", id, kind, i, "also", j), str(text)


def _same_answer(text: str) -> str:
    """``1``, ``01`` and ``1.0`` are one code; labels differ by more than capitals and blanks."""
    try:
        return str(float(text))
    except ValueError:
        return " ".join(text.casefold().split())


def _scale_poles(document: Document) -> Iterator[Problem]:
    for id, scale in scales(document).items():
        given = [pole for _, pole in texts(entries(scale, "options"), "pole") if pole in POLES]
        absent = [pole for pole in ("negative", "positive") if pole not in given]
        path = ("scales", id, "options")
        if given != sorted(given, key=POLES.index):
            yield problem(
                document,
                path,
                "les options ne vont pas de la moins à la plus favorable",
                "rangez-les : negative, puis neutral, puis positive",
            )
        elif given and absent:
            yield problem(
                document,
                path,
                f"aucune option n'a « pole: {absent[0]} »",
                "donnez au moins une option negative et une option positive",
            )


def _chosen_and_marked(document: Document) -> Iterator[Problem]:
    """Chosen cases are records, and give no rate that a mark could be read on."""
    if named(document.values, "chosen").lower() not in TRUE:
        return
    if document.values.get("subject") != "record":
        what = "seuls des dossiers ou des cas peuvent être choisis"
        yield problem(document, ("chosen",), what, "retirez-la, ou écrivez « subject: record »")
    holders: list[tuple[Path_, dict[str, Any]]] = [((), document.values)]
    holders += [(("dimensions", i), entry) for i, entry in entries(document.values, "dimensions")]
    for path, holder in holders:
        if holder.get("thresholds"):
            what = "un repère se lit sur un taux ; des cas choisis n'en donnent pas"
            yield problem(document, (*path, "thresholds"), what, "retirez ces repères")


def _plain_of_people(document: Document) -> Iterator[Problem]:
    """So many people out of ten gave one answer: nothing else is said in plain French."""
    if named(document.values, "plain").lower() not in TRUE:
        return
    rules = {named(one, "rule") for _, one in entries(document.values, "dimensions")}
    if document.values.get("subject") != "respondent" or rules - {"positive_share"}:
        what = "les mots simples ne savent dire que des parts de personnes"
        cure = "retirez-la, ou gardez « subject: respondent » et « rule: positive_share »"
        yield problem(document, ("plain",), what, cure)


def _unit_of_records(document: Document) -> Iterator[Problem]:
    if document.values.get("unit") and document.values.get("subject") != "record":
        what = "seule une ligne d'audit porte un autre nom que « dossier »"
        yield problem(document, ("unit",), what, "retirez-la")


def _team_of_a_person(document: Document) -> Iterator[Problem]:
    if document.values.get("team") and document.values.get("subject") != "person":
        what = "seule une personne répond à côté de son équipe"
        yield problem(
            document, ("team",), what, "retirez cette clé, ou écrivez « subject: person »"
        )


def _threshold_order(document: Document) -> Iterator[Problem]:
    holders: list[tuple[Path_, dict[str, Any]]] = [((), document.values)]
    holders += [(("dimensions", i), entry) for i, entry in entries(document.values, "dimensions")]
    for path, holder in holders:
        marks = [
            (mark.get("kind"), number(mark.get("value")))
            for _, mark in entries(holder, "thresholds")
        ]
        low = [value for kind, value in marks if kind == "at_most" and value is not None]
        high = [value for kind, value in marks if kind == "at_least" and value is not None]
        if low and high and max(low) >= min(high):
            yield problem(
                document,
                (*path, "thresholds"),
                f"le seuil bas (at_most : {max(low):g}) n'est pas sous le seuil haut (at_least : "
                f"{min(high):g})",
                "vérifiez les deux valeurs",
            )
