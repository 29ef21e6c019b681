"""Columns that say where an answer comes from, and whose it is: by their names, never guessed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from qgdr_eval.responses.headers import ASIDE, parts_of, wording
from qgdr_eval.tables.read import Table
from qgdr_eval.tables.spelling import plain

Role = Literal["service", "facility", "subject", "stratum"]
FEW = 10  # filled cells from which a place must come back
TALLEST = 80  # characters of the name of a place
CERTAIN = 0.95  # share of identifiers that differ

_THING = {  # what each role is called, once `wording` has been there
    "service": r"service|unite|uf|secteur|equipe|ward|unit|department|team",
    "pole": "pole",
    "facility": r"etablissement|structure|site|hopital|clinique|ehpad|residence|facility|hospital",
    "profession": r"profession|metier|fonction|categorie professionnelle|job|occupation",
}
_QUALIFIED = (
    r"(?: (?:de soins?|d affectation|de rattachement|d exercice|de travail|fonctionnelle"
    r"|actuel(?:le)?|concernee?|hospitali(?:er|ere)|principale?|exercee?|audite))*"
)
_NAMED = r"(?:(?:nom|libelle|intitule)(?: du| de la| de l| de)? |(?:votre|your|le|la|l) )?"
_ASKED = (
    r"(?:(?:dans|a|de|pour|au sein de|in) )?(?:quel|quelle|which|what)(?: (?:est|is))?"
    r"(?: le nom (?:de|du))?(?: (?:le|la|l|votre|your))?"
)
_SUBJECT = (
    r"id|identifiants?|uuid|record id|(?:response|respondent|submission) ?id|num(?:ero)? de serie"
    r"|(?:id|identifiant|n|no|numero)(?: (?:de|du|d))?(?: la| l)? ?"
    r"(?:reponse|repondant|questionnaire)"
)
_RECORD = r"(?:(?:n|no|numero|code|id|identifiant)(?: (?:de|du))? )?(?:dossier|record)"


@dataclass(frozen=True)
class Roles:
    """``columns``: the column of each role found. ``doubts``: roles that several could have."""

    columns: dict[Role, str]
    doubts: dict[Role, tuple[str, ...]]


def recognise_roles(
    table: Table, used: Sequence[str] = (), titles: Mapping[str, Sequence[str]] | None = None
) -> Roles:
    """Find the columns of the service, the facility, the subject, and the profession as stratum.

    A column is named after its role, or asks for it; what it holds must be possible: places and
    professions come back from row to row, identifiers do not. A pôle stands for the service when
    nothing else does. Two columns for one role are a doubt. ``used``: columns of other use.
    """
    columns: dict[Role, str] = {}
    doubts: dict[Role, tuple[str, ...]] = {}
    for role, patterns in _PATTERNS.items():
        for pattern in patterns:
            named = [
                name
                for name in table.frame.columns
                if name not in {*used, *columns.values()}
                and not ASIDE & set(wording(name).split())
                and _called(pattern, (name, *(titles or {}).get(name, ())))
                and _POSSIBLE[role](table.frame[name])
            ]
            if len(named) == 1:
                columns[role] = named[0]
            elif named:
                doubts[role] = tuple(named)
            if named:
                break
    return Roles(columns, doubts)


def _called(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return any(
        pattern.fullmatch(part.words) for text in texts for part in parts_of(text, cut=False)
    )


def _name_or_question(thing: str) -> re.Pattern[str]:
    things = _THING[thing]
    return re.compile(
        rf"{_NAMED}(?:{things}){_QUALIFIED}(?: id)?|{_ASKED} (?:{things})(?: \w+){{0,8}}"
    )


_PATTERNS: dict[Role, tuple[re.Pattern[str], ...]] = {
    "service": (_name_or_question("service"), _name_or_question("pole")),
    "facility": (_name_or_question("facility"),),
    "stratum": (_name_or_question("profession"),),
    "subject": (re.compile(_RECORD), re.compile(_SUBJECT)),
}


def _comes_back(cells: pd.Series) -> bool:
    filled, names = _filled(cells)
    few = filled < FEW or 2 * len(names) <= filled
    return bool(names) and few and max(map(len, names)) <= TALLEST


def _differs(cells: pd.Series) -> bool:
    filled, names = _filled(cells)
    return bool(names) and len(names) >= CERTAIN * filled


def _filled(cells: pd.Series) -> tuple[int, set[str]]:
    """How many cells are filled, and what with."""
    counts = cells.value_counts()
    met = {text: int(n) for text, n in counts.items() if text and n}
    return sum(met.values()), {plain(text) for text in met}


_POSSIBLE: dict[Role, Callable[[pd.Series], bool]] = {
    "service": _comes_back,
    "facility": _comes_back,
    "stratum": _comes_back,
    "subject": _differs,
}
