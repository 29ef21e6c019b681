"""What scoring rules ask of the scales and items they are used on."""

from collections.abc import Iterator

from qgdr_eval.definitions import Document
from qgdr_eval.french import did_you_mean, quote
from qgdr_eval.instruments.asks import items_by_rule
from qgdr_eval.instruments.entries import entries, named, problem, scales, texts
from qgdr_eval.instruments.rules import ASKED
from qgdr_eval.problems import Problem

RULES = tuple(ASKED)
"""The rules a dimension may name; what each computes stands in `qgdr_eval.scoring.RULES`."""
TRUE = ("true", "yes", "on", "y", "t", "1")
ELSEWHERE = "retirez cette clé, ou changez la règle de la dimension"


def _unknown_rules(document: Document) -> Iterator[Problem]:
    for i, rule in texts(entries(document.values, "dimensions"), "rule"):
        if rule not in RULES:
            what = f"règle de score {quote(rule)} inconnue"
            yield problem(document, ("dimensions", i, "rule"), what, did_you_mean(rule, RULES))


def _scale_sizes(document: Document) -> Iterator[Problem]:
    known, seen = scales(document), set()
    for _, item, rule in items_by_rule(document):
        id = named(item, "scale")
        asked = ASKED[rule].options if rule in ASKED else None
        if asked is None or id not in known or id in seen:
            continue
        fewest, most, expected = asked
        options = known[id].get("options")
        if isinstance(options, list) and not fewest <= len(options) <= most:
            seen.add(id)
            what = f"la règle {quote(rule)} demande {expected}"
            cure = "gardez ces réponses seules, ou changez la règle de la dimension"
            yield problem(document, ("scales", id, "options"), what, cure)


def _reversed_items(document: Document) -> Iterator[Problem]:
    for i, item, rule in items_by_rule(document):
        one_way = rule in ASKED and ASKED[rule].one_way
        if one_way and named(item, "reversed").lower() in TRUE:
            what = f"la règle {quote(rule)} n'admet pas d'item inversé"
            cure = "retirez « reversed » et tournez la phrase dans le sens de l'échelle"
            yield problem(document, ("items", i, "reversed"), what, cure)


def _keys_of_other_rules(document: Document) -> Iterator[Problem]:
    """Keys of an item that serve with one rule, in an item of another."""
    only = {key: rule for rule, asks in ASKED.items() for key in asks.keys}
    for i, item, rule in items_by_rule(document):
        for key in only.keys() & item.keys():
            if rule not in (only[key], ""):
                what = f"{quote(key)} ne sert qu'avec la règle {quote(only[key])}"
                yield problem(document, ("items", i, key), what, ELSEWHERE)


RULE_CHECKS = (
    _unknown_rules,
    _scale_sizes,
    _reversed_items,
    _keys_of_other_rules,
    *(check for asks in ASKED.values() for check in asks.checks),
)
