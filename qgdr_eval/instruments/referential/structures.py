"""Which criteria are for a structure, as the column « ESSMS concernés » says it."""

import re

from qgdr_eval.french import did_you_mean, quote
from qgdr_eval.instruments.referential.criteria import Criterion
from qgdr_eval.instruments.referential.sheet import key
from qgdr_eval.instruments.referential.told import fault
from qgdr_eval.problems import Problem

_BETWEEN = re.compile(r"[,;/•\n]|\bet\b|\bou\b")
_BUT = re.compile(r"\b(?:sauf|hors|excepté|à l'exception de|à l’exception de)\b", re.IGNORECASE)


def concerns(cell: str, structure: str) -> bool:
    """Whether a criterion is for a structure. Nothing written, or « tous », is for everybody.

    >>> [concerns(cell, "EHPAD") for cell in ("", "Tous", "EHPAD, SAD", "SAD", "Tous sauf EHPAD")]
    [True, True, True, False, False]
    """
    kept, but = _sides(cell)
    if key(structure) in map(key, but):
        return False
    return not kept or any(_everybody(name) or key(name) == key(structure) for name in kept)


def _sides(cell: str) -> tuple[list[str], list[str]]:
    """The structures a criterion is for, and those that are left out of them."""
    kept, _, but = _BUT.sub("\0", cell, count=1).partition("\0")
    return _names(kept), _names(but)


def _names(text: str) -> list[str]:
    return [name.strip(" .:()") for name in _BETWEEN.split(text) if name.strip(" .:()")]


def _everybody(name: str) -> bool:
    return key(name).startswith(("tous", "toutes", "ensemble"))


def unknown_structure(file: str, criteria: list[Criterion], structure: str) -> list[Problem]:
    """A structure that no criterion names: nothing would be filtered, or nothing rightly."""
    cells = [criterion["concerned"] for criterion in criteria]
    names = [name for cell in cells for side in _sides(cell) for name in side]
    known = list(dict.fromkeys(name for name in names if not _everybody(name)))
    if key(structure) in map(key, known):
        return []
    if not known:
        what = f"rien n'y dit quels critères concernent {quote(structure)}"
        cure = "ajoutez la colonne « ESSMS concernés », ou retirez « --structure »"
        return [fault(file, None, what, cure, "concerned")]
    what, cure = f"structure {quote(structure)} inconnue", did_you_mean(structure, known)
    return [fault(file, None, what, cure, "concerned")]
