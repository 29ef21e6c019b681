"""What items say of each other, and of the answers they refuse."""

from collections.abc import Iterator

from qgdr_eval.definitions import Document
from qgdr_eval.french import did_you_mean, quote
from qgdr_eval.instruments.entries import codes, entries, named, problem, scales, texts
from qgdr_eval.problems import Problem

SPECIAL = ("forbidden", "justify", "unusual")


def _special_answers(document: Document) -> Iterator[Problem]:
    """What these keys name are special answers of the item's scale."""
    known = scales(document)
    for i, item in entries(document.values, "items"):
        scale = known.get(named(item, "scale"))
        if scale is None:
            continue
        special = codes(scale, "not_applicable", "dont_know")
        for key in SPECIAL:
            given = item.get(key)
            for j, code in enumerate(given if isinstance(given, list) else []):
                if isinstance(code, str) and code.strip() not in special:
                    what = f"le code {quote(code)} n'est pas une réponse hors calcul de l'échelle"
                    cure = (
                        f"codes admis : {', '.join(special)}" if special else f"retirez « {key} »"
                    )
                    yield problem(document, ("items", i, key, j), what, cure)


def _exclusions(document: Document) -> Iterator[Problem]:
    known = [code for _, code in texts(entries(document.values, "items"), "code")]
    for i, item in entries(document.values, "items"):
        given = item.get("excludes")
        for j, code in enumerate(given if isinstance(given, list) else []):
            if code == named(item, "code"):
                what, cure = "un critère ne s'exclut pas lui-même", "retirez-le de « excludes »"
                yield problem(document, ("items", i, "excludes", j), what, cure)
            elif isinstance(code, str) and code not in known:
                what, cure = f"critère {quote(code)} non défini", did_you_mean(code, known)
                yield problem(document, ("items", i, "excludes", j), what, cure)


def _silences(document: Document) -> Iterator[Problem]:
    """A criterion that says when it does not apply, and refuses to be told so."""
    known = scales(document)
    for i, item in entries(document.values, "items"):
        special = codes(known.get(named(item, "scale"), {}), "not_applicable")
        given = item.get("forbidden")
        forbidden = [str(code) for code in given] if isinstance(given, list) else []
        if "na_when" in item and not set(special) - set(forbidden):
            what = (
                "« na_when » dit quand le critère ne s'applique pas, mais n'admet pas cette réponse"
            )
            cure = "retirez « na_when », ou le code de « Non applicable » de « forbidden »"
            yield problem(document, ("items", i, "na_when"), what, cure)


def _themes(document: Document) -> Iterator[Problem]:
    """Two criteria of one dimension cannot stand in one cell of its looks."""
    met: set[tuple[str, str]] = set()
    for i, item in entries(document.values, "items"):
        theme, dimension = named(item, "theme"), named(item, "dimension")
        if theme and (theme, dimension) in met:
            what = f"thème {quote(theme)} porté par deux critères d'une même dimension"
            cure = "donnez un autre thème à l'un des deux"
            yield problem(document, ("items", i, "theme"), what, cure)
        met.add((theme, dimension))


ITEM_CHECKS = (_special_answers, _exclusions, _silences, _themes)
