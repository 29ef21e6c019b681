"""The share of knowledge held at the level asked for: each item says which."""

from collections.abc import Iterator

from qgdr_eval.definitions import Document
from qgdr_eval.french import quote
from qgdr_eval.instruments.asks import Asks, items_by_rule
from qgdr_eval.instruments.entries import codes, named, problem, scales
from qgdr_eval.problems import Problem


def _required_levels(document: Document) -> Iterator[Problem]:
    known = scales(document)
    for i, item, rule in items_by_rule(document):
        given = named(item, "required")
        options = codes(known.get(named(item, "scale"), {}), "options")
        if rule != "depth_gap" or not options:
            continue
        admitted = f"codes admis : {', '.join(options)}"
        if "required" not in item:
            what = "la règle « depth_gap » demande le niveau exigé de chaque item"
            yield problem(document, ("items", i), what, f"ajoutez « required: … » ; {admitted}")
        elif given and given not in options:
            what = f"le niveau exigé {quote(given)} n'est pas une réponse de l'échelle"
            yield problem(document, ("items", i, "required"), what, admitted)


ASKS = Asks(one_way=True, keys=("required",), checks=(_required_levels,))
