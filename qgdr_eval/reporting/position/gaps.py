"""Knowledge a role asks for: the required depth beside the one a person gives themself."""

from markupsafe import Markup

from qgdr_eval.comparison.findings.declared import required_rank
from qgdr_eval.french import in_words
from qgdr_eval.instruments import Instrument, Item, Option
from qgdr_eval.reporting.page.fragment import Table
from qgdr_eval.reporting.position.answers import Answer
from qgdr_eval.reporting.position.stand import Stand

CODED = Markup('{} <span class="where">{}</span>')


def gap(answer: Answer, instrument: Instrument) -> int | None:
    """Levels between the depth given and the one required, negative when depth is missing."""
    if not answer.valid:
        return None
    return answer.rank - required_rank(answer.item, instrument.scale_of(answer.item))


def by_gap(stand: Stand) -> list[Answer]:
    """The answers of a dimension, what misses most first, what was not answered after it."""
    return sorted(stand.answers, key=lambda answer: _order(gap(answer, stand.instrument)))


def _order(levels: int | None) -> float:
    return -0.5 if levels is None else levels


def gap_table(stand: Stand) -> Table:
    """Required and given depth of each item, and the gap in levels."""
    rows = [
        (
            CODED.format(answer.item.text, answer.item.code),
            _brief(required(answer.item, stand.instrument)),
            _given(answer, stand.instrument),
            gap_words(gap(answer, stand.instrument)),
        )
        for answer in by_gap(stand)
    ]
    columns = ("Connaissance", "Demandé", "Déclaré", "Écart")
    return Table("Ce qui manque le plus d'abord", columns, rows, (0, 1, 2, 3))


def _given(answer: Answer, instrument: Instrument) -> str:
    if not answer.valid:
        return answer.mark or answer.label
    return _brief(instrument.scale_of(answer.item).options[answer.rank])


def _brief(option: Option) -> str:
    return option.short or option.label


def depths_said(stand: Stand) -> str:
    """What the levels are: the question they answer, as it was asked, then their short names."""
    scales = dict.fromkeys(item.scale for item in stand.instrument.items_of(stand.dimension.id))
    used = [stand.instrument.scales[name] for name in scales]
    options = {option.short: option for scale in used for option in scale.options if option.short}
    named = [f"{short} : {option.long.lower()}" for short, option in options.items()]
    parts = [scale.label for scale in used] + ([" ; ".join(named) + "."] if named else [])
    return " ".join(parts)


def required(item: Item, instrument: Instrument) -> Option:
    """The level an item requires."""
    scale = instrument.scale_of(item)
    return scale.options[required_rank(item, scale)]


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
