"""Knowledge a role asks for: the required depth beside the one a person gives themself."""

from markupsafe import Markup

from qgdr_eval.comparison.findings.declared import required_rank
from qgdr_eval.french import in_words
from qgdr_eval.instruments import Dimension
from qgdr_eval.reporting.page.fragment import Table
from qgdr_eval.reporting.position.answers import Answer, answers_of, short_name
from qgdr_eval.reporting.report import ServiceReport

CODED = Markup('{} <span class="where">{}</span>')


def gap(report: ServiceReport, answer: Answer) -> int | None:
    """Levels between the depth given and the one required, negative when depth is missing."""
    if not answer.valid:
        return None
    return answer.rank - required_rank(answer.item, report.instrument.scale_of(answer.item))


def by_gap(report: ServiceReport, dimension: Dimension) -> list[Answer]:
    """The answers of a dimension, what misses most first, what was not answered after it."""
    return sorted(answers_of(report, dimension), key=lambda answer: _order(gap(report, answer)))


def _order(levels: int | None) -> float:
    return -0.5 if levels is None else levels


def gap_table(report: ServiceReport, dimension: Dimension) -> Table:
    """Required and given depth of each item, and the gap in levels."""
    rows = [
        (
            CODED.format(answer.item.text, answer.item.code),
            _brief(required_label(report, answer)),
            _brief(answer.label),
            gap_words(gap(report, answer)),
        )
        for answer in by_gap(report, dimension)
    ]
    columns = ("Connaissance", "Demandé", "Déclaré", "Écart")
    return Table("Ce qui manque le plus d'abord", columns, rows, (0, 1, 2, 3))


def _brief(label: str) -> str:
    return short_name(label) or label


def depths_said(report: ServiceReport, dimension: Dimension) -> str:
    """What the levels are: the question they answer, as it was asked, then their short names."""
    scales = dict.fromkeys(item.scale for item in report.instrument.items_of(dimension.id))
    used = [report.instrument.scales[name] for name in scales]
    labels = dict.fromkeys(option.label for scale in used for option in scale.options)
    named = [f"{short_name(label)} : {_without(label).lower()}" for label in labels
             if short_name(label)]  # fmt: skip
    parts = [scale.label for scale in used] + ([" ; ".join(named) + "."] if named else [])
    return " ".join(parts)


def _without(label: str) -> str:
    return label.removesuffix(f"({short_name(label)})").strip()


def required_label(report: ServiceReport, answer: Answer) -> str:
    """The level an item requires, as its scale says it."""
    scale = report.instrument.scale_of(answer.item)
    return scale.options[required_rank(answer.item, scale)].label


def gap_words(levels: int | None) -> str:
    """A gap in words.

    >>> [gap_words(levels) for levels in (-2, 0, 1, None)]
    ['deux niveaux manquent', 'au niveau demandé', 'un niveau de plus', 'non répondu']
    """
    if levels is None:
        return "non répondu"
    if levels == 0:
        return "au niveau demandé"
    amount = f"{in_words(abs(levels))} niveau{'x' if abs(levels) > 1 else ''}"
    if levels > 0:
        return f"{amount} de plus"
    return f"{amount} manque{'nt' if abs(levels) > 1 else ''}"
