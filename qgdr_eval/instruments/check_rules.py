"""What each scoring rule asks of the scales and items it is used on."""

from collections.abc import Iterator
from typing import Any

from qgdr_eval.definitions import Document
from qgdr_eval.french import listed, quote
from qgdr_eval.instruments.entries import codes, entries, number, problem, scales
from qgdr_eval.problems import Problem

ROLES = ("gravity", "likelihood", "control")
RATED = ["1", "2", "3", "4", "5"]
SCALE_OF = {
    "conformity": (2, 2, "deux réponses : la non-conforme, puis la conforme"),
    "rating_1_4": (4, 5, "les cotations 1, 2, 3, 4, puis au besoin « * », qui compte 4"),
}


def _items_by_rule(document: Document) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Each item with its rank and the rule of its dimension."""
    rules = {
        str(dimension.get("id")): str(dimension.get("rule"))
        for _, dimension in entries(document.values, "dimensions")
    }
    for i, item in entries(document.values, "items"):
        yield i, item, rules.get(str(item.get("dimension")), "")


def _scale_sizes(document: Document) -> Iterator[Problem]:
    known, told = scales(document), set()
    for _, item, rule in _items_by_rule(document):
        id = str(item.get("scale"))
        if rule not in SCALE_OF or id not in known or id in told:
            continue
        fewest, most, expected = SCALE_OF[rule]
        if not fewest <= len(entries(known[id], "options")) <= most:
            told.add(id)
            what = f"la règle {quote(rule)} demande {expected}"
            yield problem(document, ("scales", id, "options"), what, "revoyez les options")


def _required_levels(document: Document) -> Iterator[Problem]:
    known = scales(document)
    for i, item, rule in _items_by_rule(document):
        given = item.get("required")
        options = codes(known.get(str(item.get("scale")), {}), "options")
        if rule == "depth_gap" and given is None:
            what = "la règle « depth_gap » demande le niveau exigé de chaque item"
            cure = f"ajoutez « required » ; codes admis : {', '.join(options)}"
            yield problem(document, ("items", i), what, cure)
        elif rule == "depth_gap" and options and str(given) not in options:
            what = f"le niveau exigé {quote(given)} n'est pas une réponse de l'échelle"
            cure = f"codes admis : {', '.join(options)}"
            yield problem(document, ("items", i, "required"), what, cure)
        elif rule != "depth_gap" and given is not None:
            what = "« required » ne sert qu'avec la règle « depth_gap »"
            yield problem(document, ("items", i, "required"), what, "retirez cette clé")


def _forbidden_answers(document: Document) -> Iterator[Problem]:
    known = scales(document)
    for i, item in entries(document.values, "items"):
        scale = known.get(str(item.get("scale")))
        given = item.get("forbidden")
        if scale is None or not isinstance(given, list):
            continue
        special = codes(scale, "not_applicable", "dont_know")
        for j, code in enumerate(given):
            if isinstance(code, str) and code not in special:
                what = f"le code {quote(code)} n'est pas une réponse spéciale de l'échelle"
                cure = f"codes admis : {', '.join(special) or 'aucun'}"
                yield problem(document, ("items", i, "forbidden", j), what, cure)


def _risk_items(document: Document) -> Iterator[Problem]:
    roles: dict[str, list[str]] = {}
    for i, item, rule in _items_by_rule(document):
        if rule != "risk" and item.get("role") is not None:
            what = "« role » ne sert qu'avec la règle « risk »"
            yield problem(document, ("items", i, "role"), what, "retirez cette clé")
        roles.setdefault(str(item.get("dimension")), []).append(str(item.get("role")))
    for i, dimension in entries(document.values, "dimensions"):
        held = roles.get(str(dimension.get("id")), [])
        if dimension.get("rule") == "risk" and held and sorted(held) != sorted(ROLES):
            what = "un risque a exactement trois items : gravité, vraisemblance et maîtrise"
            cure = f"donnez à chacun son « role » : {listed(map(quote, ROLES))}"
            yield problem(document, ("dimensions", i), what, cure)


def _risk_scales(document: Document) -> Iterator[Problem]:
    known = scales(document)
    used = dict.fromkeys(
        str(item.get("scale")) for _, item, rule in _items_by_rule(document) if rule == "risk"
    )
    for id in used:
        if id in known and sorted(codes(known[id], "options")) != RATED:
            what = "avec la règle « risk », les options ont les codes 1, 2, 3, 4 et 5"
            yield problem(document, ("scales", id, "options"), what, "revoyez les codes")


def _risk_tables(document: Document) -> Iterator[Problem]:
    rules = [entry.get("rule") for _, entry in entries(document.values, "dimensions")]
    risk = document.values.get("risk")
    if "risk" in rules and risk is None:
        what = "la règle « risk » demande les tables du risque"
        yield problem(document, (), what, "ajoutez la clé « risk », avec zones, gross et residual")
    if not isinstance(risk, dict):
        return
    for key, rank, wanted in (("gross", "gravity", RATED), ("residual", "level", RATED[:4])):
        given = [str(row.get(rank)) for _, row in entries(risk, key)]
        if given and sorted(given) != wanted:
            what = f"il faut une ligne par « {rank} », de 1 à {wanted[-1]}"
            yield problem(document, ("risk", key), what, "complétez la table")
    yield from _zones(document, risk)


def _zones(document: Document, risk: dict[str, Any]) -> Iterator[Problem]:
    named = [str(zone.get("id")) for _, zone in entries(risk, "zones")]
    for i, row in entries(risk, "residual"):
        held = row.get("zones")
        for j, zone in enumerate(held if isinstance(held, list) else []):
            if named and zone not in named:
                what = f"zone {quote(zone)} non définie"
                cure = f"zones définies : {', '.join(named)}"
                yield problem(document, ("risk", "residual", i, "zones", j), what, cure)
    if named and named[-1] in _zones_of_gravity_5(risk):
        what = f"une gravité de 5 peut se trouver dans la meilleure zone, {quote(named[-1])}"
        cure = "un risque qui peut tuer n'y est jamais, même bien maîtrisé : revoyez les tables"
        yield problem(document, ("risk",), what, cure)


def _zones_of_gravity_5(risk: dict[str, Any]) -> set[str]:
    rows = {str(row.get("gravity")): row.get("levels") for _, row in entries(risk, "gross")}
    worst = rows.get("5")
    levels = {number(level) for level in worst} if isinstance(worst, list) else set()
    return {
        zone
        for _, row in entries(risk, "residual")
        if number(row.get("level")) in levels and isinstance(row.get("zones"), list)
        for zone in row["zones"]
    }


RULE_CHECKS = (
    _scale_sizes,
    _required_levels,
    _forbidden_answers,
    _risk_items,
    _risk_scales,
    _risk_tables,
)
