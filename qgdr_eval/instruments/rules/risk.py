"""The zone of a risk: three ratings each, and the tables they are read in."""

from collections.abc import Iterator

from qgdr_eval.definitions import Document
from qgdr_eval.french import did_you_mean, listed, quote
from qgdr_eval.instruments.asks import Asks, items_by_rule
from qgdr_eval.instruments.entries import codes, entries, named, number, problem, scales, texts
from qgdr_eval.problems import Problem

RATED = ["1", "2", "3", "4", "5"]
ROLES = {  # least favourable first
    "gravity": ("la gravité", RATED[::-1]),
    "likelihood": ("la vraisemblance", RATED[::-1]),
    "control": ("la maîtrise", RATED),
}


def _ratings(document: Document) -> Iterator[Problem]:
    """Each risk has a likelihood, a mastery, and one gravity, or several of as many harms."""
    roles: dict[str, list[str]] = {}
    harms: dict[str, list[str]] = {}
    for i, item in entries(document.values, "items"):
        roles.setdefault(named(item, "dimension"), []).append(named(item, "role"))
        if named(item, "role") == "gravity":
            harms.setdefault(named(item, "dimension"), []).append(named(item, "harm"))
        elif "harm" in item:
            what = "« harm » ne se dit que d'une gravité"
            yield problem(document, ("items", i, "harm"), what, "retirez cette clé")
    for i, dimension in entries(document.values, "dimensions"):
        own = roles.get(named(dimension, "id"), [])
        if named(dimension, "rule") == "risk" and own:
            yield from _of_one_risk(document, i, own, harms.get(named(dimension, "id"), []))


def _of_one_risk(
    document: Document, place: int, roles: list[str], harms: list[str]
) -> Iterator[Problem]:
    if sorted({*roles}) != sorted(ROLES) or len(roles) - len(harms) != 2:
        what = "un risque a exactement trois items : gravité, vraisemblance et maîtrise"
        cure = (
            f"donnez-lui un item, un seul, de chaque « role » : {listed(map(quote, ROLES))} ; "
            "plusieurs gravités quand chacune dit ce qui est atteint (« harm »)"
        )
        yield problem(document, ("dimensions", place), what, cure)
    elif len(harms) > 1 and ("" in harms or len({*harms}) < len(harms)):
        what = "plusieurs gravités pour un risque, sans dire chacune ce qui est atteint"
        cure = "donnez à chacune un « harm » différent : personnes, droits, organisation…"
        yield problem(document, ("dimensions", place), what, cure)


def _risk_scales(document: Document) -> Iterator[Problem]:
    known = scales(document)
    used = dict.fromkeys(
        (named(item, "scale"), named(item, "role"))
        for _, item, rule in items_by_rule(document)
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


def _zones(document: Document, risk: dict[str, object]) -> Iterator[Problem]:
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


def _zones_of(row: dict[str, object]) -> dict[str, int]:
    """The zones of a row of the table, each with the first place it has there."""
    zones = row.get("zones")
    given = zones if isinstance(zones, list) else []
    first: dict[str, int] = {}
    for j, zone in enumerate(given):
        if isinstance(zone, str):
            first.setdefault(zone.strip(), j)
    return first


def _best_zone(document: Document, risk: dict[str, object]) -> Iterator[Problem]:
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


ASKS = Asks(one_way=True, keys=("role",), checks=(_ratings, _risk_scales, _risk_tables))
