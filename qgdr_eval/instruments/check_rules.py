"""What each scoring rule asks of the scales and items it is used on."""

from collections.abc import Iterator
from typing import Any

from qgdr_eval.definitions import Document
from qgdr_eval.french import did_you_mean, listed, quote
from qgdr_eval.instruments.entries import (
    codes,
    entries,
    named,
    number,
    problem,
    scales,
    texts,
)
from qgdr_eval.problems import Problem

RATED = ["1", "2", "3", "4", "5"]
ROLES = {  # least favourable first
    "gravity": ("la gravité", RATED[::-1]),
    "likelihood": ("la vraisemblance", RATED[::-1]),
    "control": ("la maîtrise", RATED),
}
SCALE_OF = {
    "conformity": (2, 2, "deux réponses : la non conforme, puis la conforme"),
    "rating_1_4": (4, 5, "les cotations 1, 2, 3, 4, puis au besoin « * », qui compte 4"),
}
ONE_WAY = ("rating_1_4", "depth_gap", "risk")  # rules that read the scale as it is written
TRUE = ("true", "yes", "on", "y", "t", "1")
ELSEWHERE = "retirez cette clé, ou changez la règle de la dimension"


def _items_by_rule(document: Document) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Each item with its rank and the rule of its dimension, "" when that is not known."""
    rules = {
        named(dimension, "id"): named(dimension, "rule")
        for _, dimension in entries(document.values, "dimensions")
    }
    for i, item in entries(document.values, "items"):
        yield i, item, rules.get(named(item, "dimension"), "")


def _scale_sizes(document: Document) -> Iterator[Problem]:
    known, seen = scales(document), set()
    for _, item, rule in _items_by_rule(document):
        id = named(item, "scale")
        if rule not in SCALE_OF or id not in known or id in seen:
            continue
        fewest, most, expected = SCALE_OF[rule]
        options = known[id].get("options")
        if isinstance(options, list) and not fewest <= len(options) <= most:
            seen.add(id)
            what = f"la règle {quote(rule)} demande {expected}"
            cure = "gardez ces réponses seules, ou changez la règle de la dimension"
            yield problem(document, ("scales", id, "options"), what, cure)


def _reversed_items(document: Document) -> Iterator[Problem]:
    for i, item, rule in _items_by_rule(document):
        if rule in ONE_WAY and named(item, "reversed").lower() in TRUE:
            what = f"la règle {quote(rule)} n'admet pas d'item inversé"
            cure = "retirez « reversed » et tournez la phrase dans le sens de l'échelle"
            yield problem(document, ("items", i, "reversed"), what, cure)


def _required_levels(document: Document) -> Iterator[Problem]:
    known = scales(document)
    for i, item, rule in _items_by_rule(document):
        given = named(item, "required")
        options = codes(known.get(named(item, "scale"), {}), "options")
        admitted = f"codes admis : {', '.join(options)}"
        if rule == "depth_gap" and options and "required" not in item:
            what = "la règle « depth_gap » demande le niveau exigé de chaque item"
            yield problem(document, ("items", i), what, f"ajoutez « required: … » ; {admitted}")
        elif rule == "depth_gap" and options and given and given not in options:
            what = f"le niveau exigé {quote(given)} n'est pas une réponse de l'échelle"
            yield problem(document, ("items", i, "required"), what, admitted)
        elif rule not in ("depth_gap", "") and "required" in item:
            what = "« required » ne sert qu'avec la règle « depth_gap »"
            yield problem(document, ("items", i, "required"), what, ELSEWHERE)


def _forbidden_answers(document: Document) -> Iterator[Problem]:
    known = scales(document)
    for i, item in entries(document.values, "items"):
        scale, given = known.get(named(item, "scale")), item.get("forbidden")
        if scale is None or not isinstance(given, list):
            continue
        special = codes(scale, "not_applicable", "dont_know")
        for j, code in enumerate(given):
            if isinstance(code, str) and code.strip() not in special:
                what = f"le code {quote(code)} n'est pas une réponse hors calcul de l'échelle"
                cure = f"codes admis : {', '.join(special)}" if special else "retirez « forbidden »"
                yield problem(document, ("items", i, "forbidden", j), what, cure)


def _risk_items(document: Document) -> Iterator[Problem]:
    roles: dict[str, list[str]] = {}
    for i, item, rule in _items_by_rule(document):
        if rule not in ("risk", "") and "role" in item:
            what = "« role » ne sert qu'avec la règle « risk »"
            yield problem(document, ("items", i, "role"), what, ELSEWHERE)
        roles.setdefault(named(item, "dimension"), []).append(named(item, "role"))
    for i, dimension in entries(document.values, "dimensions"):
        own = roles.get(named(dimension, "id"), [])
        if named(dimension, "rule") == "risk" and own and sorted(own) != sorted(ROLES):
            what = "un risque a exactement trois items : gravité, vraisemblance et maîtrise"
            cure = f"donnez-lui un item, un seul, de chaque « role » : {listed(map(quote, ROLES))}"
            yield problem(document, ("dimensions", i), what, cure)


def _risk_scales(document: Document) -> Iterator[Problem]:
    known = scales(document)
    used = dict.fromkeys(
        (named(item, "scale"), named(item, "role"))
        for _, item, rule in _items_by_rule(document)
        if rule == "risk" and named(item, "role") in ROLES
    )
    for id, role in used:
        label, wanted = ROLES[role]
        if id in known and codes(known[id], "options") != wanted:
            what = f"pour {label}, les codes des options sont {listed(wanted)}, dans cet ordre"
            cure = "rangez les options de la plus défavorable à la plus favorable, avec ces codes"
            yield problem(document, ("scales", id, "options"), what, cure)


def _risk_tables(document: Document) -> Iterator[Problem]:
    rules = [named(entry, "rule") for _, entry in entries(document.values, "dimensions")]
    if "risk" in rules and "risk" not in document.values:
        what = "la règle « risk » demande les tables du risque"
        cure = "ajoutez la clé « risk: », avec origin, zones, gross et residual"
        yield problem(document, (), what, cure)
    risk = document.values.get("risk")
    if not isinstance(risk, dict):
        return
    for key, rank, wanted in (("gross", "gravity", RATED), ("residual", "level", RATED[:4])):
        given = [named(row, rank) for _, row in entries(risk, key)]
        if given and sorted(given) != wanted:
            what = f"les lignes données ont « {rank} » à {', '.join(mark or '?' for mark in given)}"
            cure = f"donnez une ligne, et une seule, à chaque valeur de 1 à {wanted[-1]}"
            yield problem(document, ("risk", key), what, cure)
    yield from _zones(document, risk)
    yield from _best_zone(document, risk)


def _zones(document: Document, risk: dict[str, Any]) -> Iterator[Problem]:
    known: dict[str, int] = {}
    for i, id in texts(entries(risk, "zones"), "id"):
        if known.setdefault(id, i) != i:
            what = f"la zone {quote(id)} est déjà à la place n° {known[id] + 1}"
            yield problem(document, ("risk", "zones", i, "id"), what, "gardez-en une seule")
    for i, row in entries(risk, "residual"):
        for zone, j in _zones_of(row).items():
            if known and zone not in known:
                what = f"zone {quote(zone)} non définie"
                path = ("risk", "residual", i, "zones", j)
                yield problem(document, path, what, did_you_mean(zone, known))


def _zones_of(row: dict[str, Any]) -> dict[str, int]:
    """The zones of a row of the table, each with the first place it has there."""
    zones = row.get("zones")
    given = zones if isinstance(zones, list) else []
    first: dict[str, int] = {}
    for j, zone in enumerate(given):
        if isinstance(zone, str):
            first.setdefault(zone.strip(), j)
    return first


def _best_zone(document: Document, risk: dict[str, Any]) -> Iterator[Problem]:
    """Gravity 5 leads to some gross levels, none of which may lead to the best zone."""
    best = next((id for _, id in reversed(list(texts(entries(risk, "zones"), "id")))), "")
    worst = [row.get("levels") for _, row in entries(risk, "gross") if named(row, "gravity") == "5"]
    levels = {
        number(level) for reached in worst if isinstance(reached, list) for level in reached
    } - {None}
    for i, row in entries(risk, "residual"):
        found = _zones_of(row)
        if number(row.get("level")) in levels and best in found:
            what = f"un risque de gravité 5 peut finir ici, dans la meilleure zone, {quote(best)}"
            cure = (
                "ce qui peut tuer n'y est jamais, même bien maîtrisé : changez cette zone, ou le "
                "niveau brut de la gravité 5"
            )
            yield problem(document, ("risk", "residual", i, "zones", found[best]), what, cure)


RULE_CHECKS = (
    _scale_sizes,
    _reversed_items,
    _required_levels,
    _forbidden_answers,
    _risk_items,
    _risk_scales,
    _risk_tables,
)
