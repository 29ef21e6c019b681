"""Why a file is not merged: every reason with what is said of it, and its cure."""

from dataclasses import dataclass
from typing import Literal

from qgdr_eval.french import typography
from qgdr_eval.problems import Problem

Why = Literal[
    "unreadable", "unsigned", "unknown_key", "tampered", "foreign", "not_theirs", "instrument",
    "altered", "coding", "stale", "kind", "under_protected", "implausible", "duplicate", "overlap",
    "copy", "polarity",
]  # fmt: skip
"""Why a file is refused."""

WORDS: dict[Why, tuple[str, str]] = {
    "unreadable": (
        "fichier introuvable ou illisible",
        "vérifiez son nom et vos droits",
    ),
    "unsigned": (
        "sa signature n'est pas à côté de lui",
        "demandez aussi « {signature} » et gardez les deux ensemble",
    ),
    "unknown_key": (
        "signé d'une clé que la région ne connaît pas",
        "demandez sa ligne publique à l'établissement, par un autre chemin que ce fichier, puis "
        "ajoutez-la à « keys »",
    ),
    "tampered": (
        "ce fichier n'est pas celui qui a été signé : il a changé depuis",
        "demandez-le de nouveau à l'établissement, sans l'ouvrir dans un éditeur",
    ),
    "foreign": (
        "signé, mais ce kit ne sait pas lire ce fichier",
        "mettez le kit à jour, ou demandez un fichier fait avec la même version que le vôtre",
    ),
    "not_theirs": (
        "cette clé ne signe pas pour {names}",
        "si ce nom est bien le sien, ajoutez-le à « facilities » de sa clé",
    ),
    "instrument": (
        "fait avec {given}, version {version}",
        "demandez un fichier fait avec {asked}, version {versions}",
    ),
    "altered": (
        "les questions ne sont pas celles de cette version du questionnaire",
        "l'établissement a changé le sien : il lui faut un autre nom, ou une autre version",
    ),
    "coding": (
        "items inversés lus « {given} », la région attend « {asked} »",
        "vérifiez « coding: reversed » de la campagne avec qui tient l'outil d'enquête",
    ),
    "stale": (
        "publié le {day}",
        "demandez une publication faite du {since} au {until}",
    ),
    "kind": (
        "services sans un type admis : {names}",
        "remplissez la colonne « type » de la liste des services, parmi : {kinds}",
    ),
    "under_protected": (
        "des groupes peuvent y être montrés dès {least} réponses",
        "demandez une campagne publiée avec « disclosure: {{minimum: {minimum}}} » au moins",
    ),
    "implausible": (
        "chiffres impossibles : {cause}",
        "demandez à l'établissement de refaire son fichier",
    ),
    "duplicate": (
        "c'est la même publication que « {other} »",
        "retirez l'un des deux ; le premier est gardé",
    ),
    "overlap": (
        "« {facility} » est aussi dans « {other} », plus récent : des personnes y compteraient "
        "deux fois",
        "retirez l'un des deux ; le plus récent est gardé",
    ),
    "copy": (
        "les mêmes chiffres que {names}",
        "demandez aux établissements de qui ils sont ; aucun n'est gardé",
    ),
    "polarity": (
        "ce qui est fort chez les autres y est faible, et l'inverse, question par question",
        "vérifiez le sens des réponses : « coding: reversed » et « labels » de la campagne",
    ),
}
"""What is said of each reason, and how it is mended; names in braces are filled in."""


@dataclass(frozen=True)
class Refusal:
    """A file that is not merged: its name, why, in a word then in full.

    >>> refusal("chu.json", "tampered").why
    'tampered'
    """

    file: str
    why: Why
    problem: Problem


def refusal(file: str, why: Why, **said: object) -> Refusal:
    """The refusal of a file; ``said`` fills the names in its words.

    >>> print(refusal("chu.json", "unreadable").problem.what)
    fichier introuvable ou illisible
    """
    what, cure = (typography(text.format(**said)) for text in WORDS[why])
    return Refusal(file, why, Problem(file, None, "", what, cure))
