"""The scores of a whole audit grid, each by its name."""

from qgdr_eval.wording.subjects import Subject

MEASURES = {
    "conformity": ("Moyenne des critères", "chaque critère compte autant"),
    "pooled": ("Mise en commun", "tous les oui ÷ tous les oui et non"),
    "all_or_none": ("Tout ou rien", "{} conformes à chaque critère applicable"),
}
"""By measure: its name, and what it counts of complete records; see `measure_words`."""


def measure_words(measure: str, subject: Subject) -> tuple[str, str]:
    """The name of a score of the whole grid, and what it counts.

    >>> from qgdr_eval.wording.subjects import SUBJECTS
    >>> measure_words("all_or_none", SUBJECTS["record"])[1]
    'dossiers complets conformes à chaque critère applicable'
    """
    name, meaning = MEASURES[measure]
    return name, meaning.format(f"{subject.plural} {subject.agree('complet')}")
