"""What is wrong with a value, in the words of the people who wrote it, and how to mend it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qgdr_eval.definitions.source import cut
from qgdr_eval.french import listed, quote

Details = Mapping[str, Any]
Wording = tuple[str, str]  # what, cure

ONE_VALUE = (
    "une seule valeur est attendue ici",
    "écrivez-la sans liste ni clés, entre guillemets si elle contient « [ » ou « { »",
)
KEYS = ("une suite de clés est attendue ici", "écrivez « clé: valeur »")
A_LIST = ("une liste est attendue ici", "mettez chaque élément à la ligne, après « - »")

ONE_VALUE_KINDS = {"literal_error", "int_type", "float_type", "bool_type"}

# One entry per pydantic error type: what the reader sees and how to mend it.
WORDINGS: dict[str, Callable[[object, Details], Wording]] = {
    "string_type": lambda given, ctx: ONE_VALUE,
    "dict_type": lambda given, ctx: KEYS,
    "model_type": lambda given, ctx: KEYS,
    "tuple_type": lambda given, ctx: A_LIST,
    "int_parsing": lambda given, ctx: _not_a("un nombre entier", given, "écrivez un entier"),
    "int_parsing_size": lambda given, ctx: _not_a("un code", given, "écrivez un petit entier"),
    "float_parsing": lambda given, ctx: _not_a(
        "un nombre", given, "écrivez un nombre, avec un point pour les décimales : 0.5"
    ),
    "finite_number": lambda given, ctx: _not_a("un nombre", given, "écrivez un nombre"),
    "bool_parsing": lambda given, ctx: (
        f"{_shown(given)} n'est ni true ni false",
        "écrivez true ou false",
    ),
    "literal_error": lambda given, ctx: (
        f"valeur {_shown(given)} non admise",
        f"choisissez parmi : {_choices(ctx['expected'])}",
    ),
    "greater_than_equal": lambda given, ctx: (
        f"{_shown(given)} est trop petit",
        f"écrivez au moins {ctx['ge']:g}",
    ),
    "less_than_equal": lambda given, ctx: (
        f"{_shown(given)} est trop grand",
        f"écrivez au plus {ctx['le']:g}",
    ),
    "too_short": lambda given, ctx: (
        "liste trop courte",
        f"donnez au moins {_elements(ctx['min_length'])}",
    ),
    "too_long": lambda given, ctx: (
        "liste trop longue",
        f"donnez au plus {_elements(ctx['max_length'])}",
    ),
    "string_too_short": lambda given, ctx: ("texte vide", "écrivez ce texte"),
    "string_too_long": lambda given, ctx: (
        "texte trop long",
        f"écrivez {ctx['max_length']} caractères au plus",
    ),
    "string_pattern_mismatch": lambda given, ctx: _misshapen(str(given), ctx["pattern"]),
    "value_error": lambda given, ctx: _own_wording(given, str(ctx["error"])),
}
WORD = "écrivez une lettre minuscule, puis minuscules sans accent, chiffres ou « _ » (64 au plus)"
CODE = "écrivez une lettre, puis lettres sans accent, chiffres, « _ . - : / [ ] » (64 au plus)"
SHAPES = {
    r"^[a-z][a-z0-9_]{0,63}$": WORD,
    r"^[A-Za-z][A-Za-z0-9_.:/\[\]\-]{0,63}$": CODE,
    r"^[0-9]+\.[0-9]+\.[0-9]+$": "écrivez trois nombres séparés par des points, par exemple 1.0.0",
    r"^[a-z]{2}$": "écrivez deux lettres minuscules, par exemple fr",
}
INVISIBLE = {
    "U+0020": "espace",
    "U+00A0": "espace insécable",
    "U+202F": "espace fine insécable",
    "U+200B": "espace de largeur nulle",
    "U+00AD": "trait d'union conditionnel",
    "U+FEFF": "marque d'ordre des octets",
    "U+0009": "tabulation",
    "U+000A": "retour à la ligne",
}


def wording(kind: str, given: object, details: Details) -> Wording:
    """What to say of the pydantic error ``kind``, about the value ``given``: what, and cure."""
    if kind in ONE_VALUE_KINDS and isinstance(given, list | dict):
        return ONE_VALUE
    return WORDINGS.get(kind, _any_other)(given, details)


def _any_other(given: object, ctx: Details) -> Wording:
    return "valeur non admise", "comparez avec un exemple fourni"


def _not_a(kind: str, given: object, cure: str) -> Wording:
    return f"{_shown(given)} n'est pas {kind}", cure


def _shown(given: object) -> str:
    return quote(cut(str(given)))


def _choices(expected: str) -> str:
    """Pydantic's « 'a', 'b' or 'c' » as French writes it."""
    return listed((f"« {word} »" for word in re.findall(r"'(.*?)'", expected)), "ou")


def _elements(n: int) -> str:
    return "un élément" if n == 1 else f"{n} éléments"


def _misshapen(given: str, pattern: str) -> Wording:
    """A letter of another alphabet looks right: only its name shows what is wrong."""
    cure = SHAPES.get(pattern, "comparez avec un exemple fourni")
    foreign = next((c for c in given if c.isalnum() and not c.isascii()), None)
    if foreign is None:
        return f"{_shown(given)} n'a pas la forme attendue", cure
    if unicodedata.name(foreign, "").startswith("LATIN"):
        return f"{_shown(given)} contient {quote(foreign)}, une lettre accentuée", cure
    return (
        f"{_shown(given)} contient {quote(foreign)} (U+{ord(foreign):04X}), d'un autre alphabet",
        f"retapez ce mot au clavier : {cure}",
    )


def _own_wording(given: object, message: str) -> Wording:
    """Validators of ours raise « what:cure »; what may quote a colon of the file, cure has none."""
    what, _, cure = message.rpartition(":")
    if what == "invisible":
        return _invisible(str(given), cure.split(", "))
    return (what, cure.strip()) if what else (message, "corrigez la valeur")


def _invisible(given: str, points: Sequence[str]) -> Wording:
    named = listed(f"{INVISIBLE.get(point, 'caractère invisible')} ({point})" for point in points)
    if list(points) == ["U+0020"]:
        return f"{_shown(given)} contient une espace", "retirez-la ou mettez « _ » à sa place"
    return (
        f"{_shown(given)} contient un caractère qui ne se voit pas : {named}",
        "effacez ce code et retapez-le au clavier, sans le copier",
    )
