"""Words that name a total, or remarks, where a place or a person is expected."""

import re

from qgdr_eval.tables.spelling import plain

_WORD = re.compile(r"[^\s:/()_]+")
_TOTAL = re.compile(r"(?:sous|grand)?-?tota(?:l|ux)(?:general|s)?")
_WHOLE = re.compile(
    r"(?:moy\.?|moyennes?)(?: (?:generale?s?|globale?s?|totale?s?|des|du|de)\b.*)?|medianes?"
    r"|ecarts?[ -]?types?|sommes?|syntheses?(?: (?:des|globale|generale)\b.*)?|%.*"
    r"|(?:taux|pourcentages?)(?: (?:de|d'|global|moyen)\b.*)?|ensemble(?: des .*)?"
    r"|(?:nombre|nbr?e?)\.?(?: (?:de|d'|total|oui|non|na|nc|conform).*)?"
    r"|(?:scores?|resultats?)(?: (?:moyen|total|globa|finau?).*)?|max(?:imum)?|min(?:imum)?"
)

_REMARKS = re.compile(
    r"(?:conclusions?|bilans?|decisions?|verdicts?|resumes?|commentaires?|observations|remarques?|notes?|avis|constats?|appreciations?"
    r"|preuves?|ecarts?|actions?|plans?d'actions?|(?:piste|axe)s?)"
    r"(?:generale?s?|globale?s?|libres?|eventuel(?:le)?s?|(?:de|d')?\W?amelioration|correctives?"
    r"|amener|aprevoir|prevues?|duservice|del'auditeur|etobservations|etremarques)*"
)


def is_remark(text: str) -> bool:
    """Whether the title of a column beside answers announces remarks rather than a record.

    >>> [is_remark(text) for text in ("Conclusion", "Actions correctives", "Observation 3", "D12")]
    [True, True, False, False]
    """
    return _REMARKS.fullmatch(plain(text)) is not None


def is_total(text: str) -> bool:
    """Whether a text names a total, a mean or a count rather than a place or a person.

    >>> [is_total(text) for text in ("Total général", "Total Cardiologie", "Nombre de Non")]
    [True, True, True]
    >>> is_total("% conforme"), is_total("Moyenne durée"), is_total("Pneumologie")
    (True, False, False)
    """
    words = [plain(word) for word in _WORD.findall(text)]
    if not words:
        return False
    ends = words[0], words[-1]
    return any(map(_TOTAL.fullmatch, ends)) or _WHOLE.fullmatch(" ".join(words)) is not None
