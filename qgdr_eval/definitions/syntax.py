"""The YAML parser's complaints, in the words of the people who meet them."""

import yaml
from yaml.reader import ReaderError

from qgdr_eval.french import typography
from qgdr_eval.problems import Problem

SEVERAL = (
    "le fichier contient plusieurs documents YAML (« --- » ou « ... »)",
    "gardez un seul document par fichier",
)
# What the parser says (the first sign found counts) -> what the reader sees, and how to mend it.
SYNTAX = {
    "found character '\\t'": (
        "une tabulation sert de retrait",
        "remplacez les tabulations par des espaces",
    ),
    "that cannot start any token": (
        "un texte ne peut pas commencer par « @ », « % » ou « ` »",
        'mettez le texte entre guillemets : "…"',
    ),
    "mapping values are not allowed": (
        "un « : » se trouve là où aucune clé n'est attendue",
        "mettez entre guillemets un texte qui contient « : », ou vérifiez le retrait de la "
        "ligne et l'espace après « : » à la ligne précédente",
    ),
    "sequence entries are not allowed": (
        "une liste commence sur la ligne de sa clé",
        "mettez « - » à la ligne suivante, avec un retrait",
    ),
    "could not find expected ':'": (
        "la ligne n'est ni une clé ni la suite d'un texte",
        "écrivez « clé: valeur », avec une espace après « : »",
    ),
    "while scanning a quoted scalar found": (
        "les guillemets ouverts ici ne sont pas refermés",
        "fermez-les à la fin du texte",
    ),
    "while scanning a double-quoted": (
        "une barre oblique inverse (\\) se trouve dans un texte entre guillemets",
        "écrivez « / » dans un chemin, ou doublez la barre : « \\\\ »",
    ),
    "while parsing a flow": (
        "dans ce qui s'ouvre ici par « { » ou « [ », il manque une virgule, une fermeture ou des "
        "guillemets",
        "séparez par des virgules, fermez par « } » ou « ] », mettez les textes entre guillemets",
    ),
    "but found '<scalar>'": (
        "un texte se trouve là où une clé est attendue, souvent après des guillemets mal placés",
        'entourez le texte de guillemets doubles ("…") s\'il contient une apostrophe, fermez les '
        "guillemets ouverts plus haut, ou vérifiez le retrait",
    ),
    "but found '}'": ("une accolade se ferme sans s'être ouverte", "retirez « } »"),
    "but found ']'": ("un crochet se ferme sans s'être ouvert", "retirez « ] »"),
    "expected <block end>": (
        "le retrait de la ligne ne correspond à aucun niveau ouvert au-dessus",
        "alignez la ligne sur celles du même niveau",
    ),
    "special characters are not allowed": (
        "un caractère de contrôle invisible se trouve dans le fichier",
        "retapez la ligne dans un éditeur de texte simple",
    ),
    "a single document": SEVERAL,
    "<document start>": SEVERAL,
    "anchor": (
        "un texte ne peut pas commencer par « & » sans guillemets",
        'mettez le texte entre guillemets : "…"',
    ),
    "alias": (
        "un renvoi YAML (* ou <<) se trouve ici, ou un texte commence par « * »",
        "recopiez la valeur à chaque endroit, ou mettez le texte entre guillemets",
    ),
    "too deep": ("trop de niveaux emboîtés", "revenez à la structure d'un exemple fourni"),
}
UNKNOWN = (
    "la ligne n'est pas du YAML correct",
    "comparez-la, et la précédente, avec un exemple fourni",
)
# The place to mend is where these begin, not where the parser gives up.
OPENED = ("while scanning a quoted scalar", "while scanning a simple key", "while parsing a flow")


def syntax_problem(error: yaml.YAMLError | ValueError, text: str, file: str) -> Problem:
    """The problem a parser error stands for, at the line to mend."""
    sentence = _said(error)
    what, cure = next((words for sign, words in SYNTAX.items() if sign in sentence), UNKNOWN)
    return Problem(file, _line(error, text, sentence), "", typography(what), typography(cure))


def _said(error: Exception) -> str:
    """The parser's own words, without the extract of the file it adds to them."""
    parts = (getattr(error, name, None) for name in ("context", "problem", "reason"))
    return " ".join(part for part in parts if part)


def _line(error: Exception, text: str, sentence: str) -> int | None:
    if isinstance(error, ReaderError):
        return text.count("\n", 0, error.position) + 1
    marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
    ordered = reversed(marks) if sentence.startswith(OPENED) else marks
    return next((mark.line + 1 for mark in ordered if mark), None)
