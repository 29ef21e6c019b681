"""Columns that name people: told and left out, whatever the export calls them."""

import re
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from qgdr_eval.responses.headers import parts_of
from qgdr_eval.tables.csv import Cells
from qgdr_eval.tables.read import Table

MOST = 0.5  # share of the filled cells that look personal before the column is
_ASKED = (
    r"(?:(?:quel|quelle|quels|quelles|what) (?:est|sont|is) )?"
    r"(?:(?:votre|vos|your|le|la|l|les|recipient|indiquez votre) )?"
)
_THING = (  # as `wording` leaves them: without accents, capitals nor punctuation
    r"(?:adresses? )?(?:(?:e ?)?mails?|courriels?|mel|messagerie)(?: address(?:es)?| adresse)?",
    r"adresses? (?:de (?:messagerie|courriel)|electroniques?)",
    r"(?:noms?|prenoms?)(?: (?:et )?(?:noms?|prenoms?))?(?: first| last)?",
    r"nom (?:de famille|d usage|de naissance|de jeune fille|complet|usuel|patronymique)",
    r"(?:first|last|full|family|given|user) ?name|surname|name(?: first| last| full)?",
    r"nom d utilisateur|recipient(?:last|first)name|recipientemail|submitted by",
    r"(?:adresse )?ip(?: ?(?:addr(?:ess)?|adresse))?",
    r"(?:(?:numero|n|no) (?:de )?)?(?:telephones?|tel|portable|mobile|gsm)(?: (?:portable|fixe))?",
    r"(?:(?:mobile|cell) ?|tele)?phone(?: ?number)?",
    r"(?:date|jour) (?:de )?naissance|nee?(?: e)? le|ddn|dob|birth ?(?:date|day)|date of birth",
    r"(?:(?:numero|n|no) (?:de )?)?securite sociale|nir|nss|matricule",
    r"adresse(?: postale| du domicile)?|(?:postal )?address|location ?(?:latitude|longitude)",
)
_WHOSE = (
    r"(?: (?:personnel(?:le)?|professionnel(?:le)?|(?:du|de la|de l|des|of the) (?:repondants?"
    r"|agents?|salarie(?:e|s)?|personnes?|professionnels?|usagers?|patients?|residents?"
    r"|respondents?|participants?)))*"
)
_HEADER = re.compile(rf"{_ASKED}(?:{'|'.join(_THING)}){_WHOSE}")
_CELL = re.compile(
    r"(?:mailto:)?[^\s@;,]+@[^\s@;,]+\.[a-z]{2,}"  # an e-mail address
    r"|(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"  # IPv4
    r"|(?=[0-9a-f:]*::|(?:[0-9a-f]+:){7})[0-9a-f:]{3,39}"  # IPv6
    r"|(?:\+|00)\d{1,3}[ .\-]?(?:\(0\))?(?:[ .\-]?\d){8,10}|0[1-9](?:[ .\-]?\d\d){4}"  # telephone
    r"|[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d[\dab] ?\d{3} ?\d{3}(?: ?\d\d)?",  # NIR
    re.IGNORECASE,
)


def nominative_columns(
    table: Table, used: Collection[str] = (), titles: Mapping[str, Sequence[str]] | None = None
) -> tuple[str, ...]:
    """The columns that hold who somebody is: by their header, or by most of their cells.

    E-mail addresses, names, IP addresses, telephones, birth dates, social security numbers.
    ``used``: columns somebody chose, which are theirs to answer for; ``titles``: other texts that
    head a column. Columns without a cell filled name nobody.
    """
    return tuple(
        name
        for name in table.frame.columns
        if name not in used
        and (table.frame[name] != "").any()
        and (is_nominative(name, *(titles or {}).get(name, ())) or _holds(table.frame[name]))
    )


def without_columns(cells: Cells, left_out: Collection[str]) -> pd.DataFrame:
    """The texts of a table without some columns, nor those of no own name that hold the like."""
    names = list(cells.frame.columns)
    kept = [
        rank
        for rank, name in enumerate(names)
        if name not in left_out
        and not (
            _shared(name, names) and (is_nominative(name) or _holds(cells.frame.iloc[:, rank]))
        )
    ]
    return cells.frame.iloc[:, kept]


def _shared(name: str, names: Sequence[str]) -> bool:
    return not name or names.count(name) > 1


def is_nominative(*texts: str) -> bool:
    """Whether the header of a column, or another text that heads it, asks who somebody is.

    >>> [is_nominative(text) for text in ("Adresse e-mail", "ipaddr. Adresse IP", "Nom du service")]
    [True, True, False]
    """
    return any(
        _HEADER.fullmatch(part.words) for text in texts for part in parts_of(text, cut=False)
    )


def _holds(cells: pd.Series) -> bool:
    counts = cells.value_counts()
    filled = {str(text): int(n) for text, n in counts.items() if text and n}
    alike = sum(n for text, n in filled.items() if _CELL.fullmatch(text))
    return bool(filled) and alike > MOST * sum(filled.values())
