"""What is wrong with a referential, by the column it is in."""

from qgdr_eval.french import count, listed, quote, typography
from qgdr_eval.problems import Problem, Refused, Severity

SHOWN = 8  # lines named in a message

# What a column holds: its name in messages, then its other names as `_key` writes them.
COLUMNS = {
    "chapter": ["chapitre", "chapitres", "chap"],
    "theme": ["thématique", "thematiques", "theme", "themes"],
    "objective": ["objectif", "objectifs", "objectifdevaluation"],
    "number": [
        "n° critère",
        *"nocritere ndecritere nocritere nducritere numero numerocritere numerodecritere".split(),
        *"numeroducritere n no num code codecritere codeducritere reference ref".split(),
    ],
    "text": [
        "critère",
        *"criteres libelle libellecritere libelleducritere criterelibelle intitule".split(),
        *"intituleducritere criteredevaluation criteresdevaluation".split(),
    ],
    "requirement": [
        "impératif",
        *"imperatifs critereimperatif exigence exigences niveaudexigence typedexigence".split(),
        *"typedecritere type standardimperatif imperatifstandard".split(),
    ],
    "elements": ["éléments d'évaluation", "elements", "elementdevaluation", "elementevaluation"],
    "concerned": ["ESSMS concernés", "essms", "essmsconcerne", "concernes"],
    "method": ["méthode", "methodes", "methodedevaluation", "methodesdevaluation"],
    "field": ["champ d'application", "champ", "champs", "champdapplicationducritere"],
}
PLACES = ("chapter", "theme", "objective")
REQUIRED = ("chapter", "number", "text", "requirement")


def fault(
    file: str, line: int | None, what: str, cure: str, role: str = "", severity: Severity = "error"
) -> Problem:
    """A problem at a line of the sheet, in the column of a role."""
    place = f"colonne {quote(COLUMNS[role][0])}" if role else ""
    return Problem(file, line, place, typography(what), typography(cure), severity)


def refusal(file: str, what: str, cure: str) -> Refused:
    """The exception for a workbook that cannot be read further."""
    return Refused([fault(file, None, what, cure)])


def named(lines: list[int]) -> str:
    """Lines by their numbers, the first ones when there are many."""
    shown = [str(line) for line in lines[:SHOWN]]
    if len(lines) > SHOWN:
        return f"lignes {', '.join(shown)}… ({count(len(lines), 'ligne')} en tout)"
    return f"ligne{'s' if len(lines) > 1 else ''} {listed(shown)}"
