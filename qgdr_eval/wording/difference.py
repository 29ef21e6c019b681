"""Two versions of a questionnaire, in words: what changed, what may still be compared."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

from qgdr_eval.frames import ChangedRow, Comparability
from qgdr_eval.french import capitalized, count, listed, quote, typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.instruments.difference import (
    Change,
    Difference,
    DimensionDifference,
    ItemDifference,
    State,
    texts_of,
)

STATES: dict[State, str] = {
    "comparable": "comparable",
    "caution": "avec prudence",
    "broken": "rompue",
}
IN_A_COUNT: dict[State, tuple[str, str]] = {  # of one dimension, of several
    "comparable": ("comparable", "comparables"),
    "caution": ("à lire avec prudence", "à lire avec prudence"),
    "broken": ("rompue", "rompues"),
}
OF_AN_ITEM: dict[Change, tuple[str, str]] = {  # of a question, of a criterion
    "added": ("ajoutée", "ajouté"),
    "removed": ("retirée", "retiré"),
    "subject": ("autre façon de répondre",) * 2,
    "rule": ("autre règle",) * 2,
    "scale": ("autre échelle",) * 2,
    "turned": ("sens retourné",) * 2,
    "level": ("autre niveau exigé",) * 2,
    "role": ("autre rôle",) * 2,
    "dimension": ("autre dimension",) * 2,
    "reworded": ("reformulée", "reformulé"),
    "answers": ("réponses proposées changées",) * 2,
    "conditions": ("consigne changée",) * 2,
    "order": ("autre ordre",) * 2,
    "critical": ("critère critique ou non",) * 2,
}
COUNTED: dict[Change, str] = {  # the same of several; a mark stands for the agreement
    "added": "ajouté*",
    "removed": "retiré*",
    "rule": "compté* autrement",
    "scale": "sur une autre échelle",
    "turned": "au sens retourné",
    "level": "au niveau exigé changé",
    "role": "au rôle changé",
    "dimension": "passé* d'une dimension à une autre",
    "reworded": "reformulé*",
    "answers": "aux réponses proposées changées",
    "conditions": "à la consigne changée",
    "order": "dans un autre ordre",
    "critical": "au caractère critique changé",
}
OF_A_DIMENSION: dict[Change, str] = {
    "added": "nouvelle",
    "removed": "retirée",
    "subject": "autre façon de répondre",
    "rule": "autre règle de calcul",
    "missing": "autre part exigée de réponses",
    "thresholds": "autres repères de lecture",
    "label": "autre nom ou définition",
}
PRUDENCE = "à lire avec prudence"
WORDS_CHANGED = (
    "Des mots, des réponses proposées ou l'ordre des questions ont changé : un écart peut venir de "
    "là, et rien ici ne permet de le dire."
)


def item_words(changes: Sequence[Change], *, criterion: bool) -> str:
    """What happened to one item, in a few words.

    >>> item_words(("reworded", "order"), criterion=True)
    'reformulé, autre ordre'
    """
    return ", ".join(OF_AN_ITEM[change][criterion] for change in changes)


def reasons(own: Sequence[Change], theirs: Sequence[Sequence[Change]], *, criterion: bool) -> str:
    """Why a dimension is what it is: its own changes, then those of its items, counted.

    >>> told = reasons((), [("reworded",), ("reworded", "order"), ()], criterion=False)
    >>> told.replace("\\u00a0", " ")
    '2 questions reformulées, 1 question dans un autre ordre'
    """
    told = [OF_A_DIMENSION[change] for change in own]
    if {"added", "removed", "subject"} & set(own):  # all its items are so with it
        return ", ".join(told)
    met = Counter(change for changes in theirs for change in changes if change not in own)
    told += [
        _counted(met[change], words, criterion=criterion)
        for change, words in COUNTED.items()
        if met[change]
    ]
    return ", ".join(told)


def _counted(n: int, words: str, *, criterion: bool) -> str:
    ending = ("" if criterion else "e") + "s" * (n > 1)
    return f"{count(n, 'critère' if criterion else 'question')} {words.replace('*', ending)}"


def difference_words(difference: Difference) -> str:
    """The whole difference as a text for a terminal.

    >>> from qgdr_eval.instruments import load_instrument
    >>> from qgdr_eval.instruments.difference import differ
    >>> falls = load_instrument("epp_chutes")
    >>> print(difference_words(differ(falls, falls)).splitlines()[-1])
    Tout se compare d'une version à l'autre.
    """
    lines = [*_heading(difference), "", *_dimensions(difference), "", *_items(difference)]
    return typography("\n".join([*lines, "", _conclusion(difference)]))


def _heading(difference: Difference) -> Iterator[str]:
    old, new = difference.old, difference.new
    yield f"{new.title} ({new.id})"
    if old.id == new.id:
        yield f"Version {old.version}, puis version {new.version}"
        return
    yield f"À côté de : {old.title} ({old.id}), version {old.version}, puis {new.version}"
    yield "Ce sont deux questionnaires : le même code peut y désigner deux questions sans rapport"


def _dimensions(difference: Difference) -> Iterator[str]:
    names = [(one.after or one.before) for one in difference.dimensions]
    labels = [name.label for name in names if name]
    width = max(map(len, labels))
    states = max(map(len, STATES.values()))
    yield "Dimensions"
    for one, label in zip(difference.dimensions, labels, strict=True):
        why = dimension_words(one, difference.new)
        yield f"  {label:<{width}}  {STATES[one.state]:<{states}}  {why}".rstrip()


def dimension_words(one: DimensionDifference, instrument: Instrument) -> str:
    """Why one dimension is what it is."""
    theirs = [item.changes for item in one.items]
    return reasons(one.changes, theirs, criterion=instrument.of_records)


def _items(difference: Difference) -> Iterator[str]:
    name = "critère" if difference.new.of_records else "question"
    same = sum(one.unchanged for one in difference.items)
    yield f"{count(len(difference.items), name)}, {same} sans changement"
    width = max(len(one.code) for one in difference.items)
    for one in difference.items:
        if not one.unchanged:
            yield f"  {one.code:<{width}}  {_what(one, difference)}"
            yield from (f"  {'':<{width}}  {line}" for line in _texts(one, difference))
    for before, after in difference.renamed:
        yield (
            f"  {before} → {after}, renommé ? Les deux textes se ressemblent, et rien n'en est "
            f"supposé : gardez le code {before} si c'est {'le' if name == 'critère' else 'la'} même"
        )


def _what(one: ItemDifference, difference: Difference) -> str:
    told = item_words(one.changes, criterion=difference.new.of_records)
    if "dimension" in one.changes and one.before and one.after:
        labels = (
            difference.old.dimension(one.before.dimension).label,
            difference.new.dimension(one.after.dimension).label,
        )
        told = told.replace(OF_AN_ITEM["dimension"][0], " → ".join(map(quote, labels)))
    return told


def _texts(one: ItemDifference, difference: Difference) -> Iterator[str]:
    """Both texts where words changed, the only one of what came or went."""
    before, now = texts_of(one, difference)
    if not (before and now):
        yield before or now
    elif before != now:
        yield f"avant       {before}"
        yield f"maintenant  {now}"


def _conclusion(difference: Difference) -> str:
    n = Counter(one.state for one in difference.dimensions)
    if not n["caution"] + n["broken"]:
        return "Tout se compare d'une version à l'autre."
    told = [
        f"{count(n[state], 'dimension')} {words[n[state] > 1]}"
        for state, words in IN_A_COUNT.items()
        if n[state]
    ]
    cut = " : le trait d'une tendance s'y coupe, rien n'y est comparé" if n["broken"] else ""
    return f"{capitalized(listed(told))}{cut}."


def changed_words(
    instrument: Instrument, rows: Sequence[ChangedRow], state: Comparability
) -> list[str]:
    """Each dimension that one round left in this state, with why: « Écoute » (…).

    ``rows``: what changed at that round, as `qgdr_eval.comparison.changed` tells it.

    >>> from qgdr_eval.instruments import load_instrument
    >>> falls, place = load_instrument("epp_chutes"), ("CH", "Bloc", 2.0)
    >>> first = falls.dimensions[0]
    >>> rows = [ChangedRow(*place, first.id, "", "broken", "rule", "", "")]
    >>> changed_words(falls, rows, "broken") == [f"« {first.label} » (autre règle de calcul)"]
    True
    """
    return [
        f"« {dimension.label} » ({_why(instrument, own)})"
        for dimension in instrument.dimensions
        if (own := [row for row in rows if row.dimension == dimension.id])
        and any(row.item == "" and row.state == state for row in own)
    ]


def _why(instrument: Instrument, rows: Sequence[ChangedRow]) -> str:
    own: list[Change] = [one for row in rows if row.item == "" for one in _split(row)]
    theirs = [_split(row) for row in rows if row.item]
    return reasons(own, theirs, criterion=instrument.of_records)


def _split(row: ChangedRow) -> list[Change]:
    return [change for change in get_args(Change) if change in row.changes.split()]


def changed_notices(instrument: Instrument, rows: Sequence[ChangedRow]) -> list[str]:
    """What a reader must know of the questions before any difference, in a line each."""
    careful, broken = (changed_words(instrument, rows, state) for state in ("caution", "broken"))
    lines = [
        f"{capitalized(PRUDENCE)} : {listed(careful)}." if careful else "",
        f"Non comparé : {listed(broken)}." if broken else "",
    ]
    return [typography(line) for line in lines if line]


def changed_warnings(instrument: Instrument, rows: Sequence[ChangedRow]) -> list[str]:
    """The same in sentences, with what a difference may then come from."""
    return [
        f"{line} {WORDS_CHANGED}" if line.startswith(capitalized(PRUDENCE)) else line
        for line in changed_notices(instrument, rows)
    ]


def changed_cells(instrument: Instrument, rows: Sequence[ChangedRow]) -> list[tuple[str, ...]]:
    """Each item that changed, once: as it was asked, as it is, what changed."""
    found = {
        row.item: (row.before or "–", row.now or "–",
                   item_words(_split(row), criterion=instrument.of_records))
        for row in rows
        if row.item
    }  # fmt: skip
    return list(found.values())
