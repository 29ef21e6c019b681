"""From what the cells say to the codes of each item's scale."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qgdr_eval.french import count, listed, percent, quote
from qgdr_eval.instruments import Instrument, Scale
from qgdr_eval.problems import Problem
from qgdr_eval.responses.campaign import Coding
from qgdr_eval.responses.columns import Layout
from qgdr_eval.responses.sums import check_sums
from qgdr_eval.tables.faults import CAMPAIGN, SHOWN, fault, rows_named
from qgdr_eval.tables.read import Table
from qgdr_eval.tables.spelling import answer_key

MISSING = -1000  # below every code a scale may have
_UNREADABLE = MISSING - 1
TOO_MANY = 0.20  # share of unreadable cells beyond which the column, not the cell, is wrong
ENOUGH = 30  # answers on a scale before « nobody chose this end » means anything


LONG = 4  # options: with fewer, an end nobody chose is an ordinary thing
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


@dataclass(frozen=True)
class Codes:
    """``values``: int16 array (rows, items), `MISSING` where nothing can be read.

    ``unreadable``: frame ``position, item, given``, one row per cell set to missing.
    """

    values: np.ndarray
    unreadable: pd.DataFrame


def code_cells(
    table: Table, layout: Layout, instrument: Instrument, coding: Coding
) -> tuple[Codes, list[Problem]]:
    """Translate every item column; tell the problems met.

    Errors: more than 20 % of an item's answers cannot be read; answers coded one step off their
    scale; rows that add up the others; ``coding.labels`` naming a code of no scale. Warning: cells
    set to missing.
    """
    columns = [
        _codes_of(
            table.frame[layout.items[item.code]], answer_codes(instrument.scale_of(item), coding)
        )
        for item in instrument.items
    ]
    values = np.stack(columns).T  # one item after the other in memory: items are read one by one
    cells = _unreadable(table, layout, instrument, values)
    problems = [
        *_labels_of_no_scale(instrument, coding),
        *_labels_without_effect(instrument, coding),
        *_shifted(table, instrument, values, cells),
        *_too_many(table, layout, instrument, values, cells),
        *_forbidden(table, layout, instrument, values),
        *check_sums(table, layout, values, values == _UNREADABLE),
    ]
    values[values == _UNREADABLE] = MISSING
    doubts = [
        *_set_missing(table, cells),
        *_ends_unmet(table, layout, instrument, values),
        *_contradictions(table, layout, instrument, values),
    ]
    return Codes(values, cells), problems or doubts


def answer_codes(scale: Scale, coding: Coding) -> dict[str, int]:
    """The code of every answer key of a scale.

    A key that is both a code and a label is settled by ``coding.answers``. What the campaign
    declares wins over codes (``coding.labels``), not over the words of the scale itself, and
    ``coding.missing`` over everything. An empty cell is an answer where ``coding.labels`` says so
    and the scale has two options: a box that was not ticked.
    """
    codes = {str(answer.code): answer.code for answer in scale.answers}
    declared = {
        answer_key(text): code for text, code in coding.labels.items() if str(code) in codes
    }
    empty = {answer_key(text): MISSING for text in ("", *coding.missing)}
    if "" in declared and _is_a_box(scale):
        del empty[""]
    labels = _labels_of(scale)
    known = labels | codes if coding.answers == "codes" else codes | labels
    return known | declared | _words(labels) | empty


def _labels_of(scale: Scale) -> dict[str, int]:
    also = {answer_key(text): answer.code for answer in scale.answers for text in answer.also}
    return also | {answer_key(answer.label): answer.code for answer in scale.answers}


def _words(labels: dict[str, int]) -> dict[str, int]:
    """Labels that are no numbers: a number may be a code, and the campaign says which."""
    return {key: code for key, code in labels.items() if not _NUMBER.fullmatch(key)}


def _is_a_box(scale: Scale) -> bool:
    return len(scale.options) == 2


def _codes_of(cells: pd.Series, known: dict[str, int]) -> np.ndarray:
    codes = [known.get(answer_key(text), _UNREADABLE) for text in cells.cat.categories]
    return np.array(codes, dtype=np.int16)[cells.cat.codes.to_numpy()]


def _unreadable(
    table: Table, layout: Layout, instrument: Instrument, values: np.ndarray
) -> pd.DataFrame:
    found: list[tuple[int, str, str]] = []
    for rank, item in enumerate(instrument.codes):
        positions = np.flatnonzero(values[:, rank] == _UNREADABLE)
        texts = table.frame[layout.items[item]].iloc[positions]
        found += zip(positions.tolist(), [item] * len(texts), texts, strict=True)
    cells = pd.DataFrame(found, columns=["position", "item", "given"])
    return cells.astype({"position": "int64", "item": "str", "given": "str"})


def _too_many(
    table: Table, layout: Layout, instrument: Instrument, values: np.ndarray, cells: pd.DataFrame
) -> Iterator[Problem]:
    """One problem for all the columns that met the same unreadable answers."""
    filled = dict(zip(instrument.codes, (values != MISSING).sum(axis=0).tolist(), strict=True))
    lost = Counter(cells["item"])
    alike: dict[tuple[str, ...], list[str]] = {}
    for item in instrument.codes:
        if lost[item] > TOO_MANY * filled[item]:
            given = cells["given"][cells["item"] == item].unique()
            alike.setdefault(tuple(sorted(given)[:SHOWN]), []).append(item)
    for examples, items in alike.items():
        share = percent(100 * sum(lost[i] for i in items) / sum(filled[i] for i in items))
        yield table.problem(
            None,
            _columns_named([layout.items[item] for item in items]),
            f"{share} des réponses sont illisibles, par exemple "
            f"{listed(quote(text[:40]) for text in examples[:5])}",
            f"vérifiez la colonne, ou donnez le code de chaque réponse sous « coding », clé "
            f"« labels » ; attendu : {_expected(instrument, items[0])}",
        )


def _columns_named(names: list[str]) -> str:
    shown = [quote(name[:40]) for name in names[:SHOWN]]
    rest = [count(len(names) - SHOWN, "autre", "autres")] if len(names) > SHOWN else []
    return f"colonne{'s' if len(names) > 1 else ''} {listed(shown + rest)}"


def _expected(instrument: Instrument, code: str) -> str:
    item = next(item for item in instrument.items if item.code == code)
    options = instrument.scale_of(item).options
    return ", ".join(f"{option.code} ({option.label})" for option in options)


def _forbidden(
    table: Table, layout: Layout, instrument: Instrument, values: np.ndarray
) -> Iterator[Problem]:
    """Special answers that a criterion does not accept, such as NC on an imperative one."""
    for rank, item in enumerate(instrument.items):
        scale = instrument.scale_of(item)
        for answer in (*scale.not_applicable, *scale.dont_know):
            rows = table.rows(np.flatnonzero(values[:, rank] == answer.code).tolist())
            if answer.code in item.forbidden and rows:
                yield table.problem(
                    rows[0],
                    f"colonne {quote(layout.items[item.code])}",
                    f"ce critère n'admet pas la réponse {quote(answer.label)}"
                    + (f" ({rows_named(rows)})" if len(rows) > 1 else ""),
                    f"laissez la cellule vide, ou donnez une réponse admise : "
                    f"{_expected(instrument, item.code)}",
                )


def _contradictions(
    table: Table, layout: Layout, instrument: Instrument, values: np.ndarray
) -> Iterator[Problem]:
    """Criteria judged on a record that meets one which excludes them: bare hands, and gloves."""
    items = {item.code: item for item in instrument.items}
    ranks = {code: rank for rank, code in enumerate(items)}
    for item in instrument.items:
        met = instrument.scale_of(item).options[-1].code
        for other in item.excludes:
            judged = [option.code for option in instrument.scale_of(items[other]).options]
            both = (values[:, ranks[item.code]] == met) & np.isin(values[:, ranks[other]], judged)
            rows = table.rows(np.flatnonzero(both).tolist())
            if rows:
                yield table.problem(
                    rows[0],
                    f"colonne {quote(layout.items[other])}",
                    f"jugé sur un dossier où {quote(item.code)} est rempli, ce qui l'exclut"
                    + (f" ({rows_named(rows)})" if len(rows) > 1 else ""),
                    "relisez ces fiches : l'un des deux est sans doute « Non applicable »",
                    "warning",
                )


def _labels_of_no_scale(instrument: Instrument, coding: Coding) -> Iterator[Problem]:
    known = {answer.code for scale in instrument.scales.values() for answer in scale.answers}
    for text, code in coding.labels.items():
        if code not in known:
            yield fault(
                CAMPAIGN,
                f"{quote(text)} reçoit le code {code}, qui n'est dans "
                "aucune échelle du questionnaire",
                f"codes admis : {', '.join(map(str, sorted(known)))}",
                place="coding.labels",
            )


def _labels_without_effect(instrument: Instrument, coding: Coding) -> Iterator[Problem]:
    """Spellings no scale needs: each that has the code already reads them in its own way."""
    scales = [instrument.scales[name] for name in dict.fromkeys(i.scale for i in instrument.items)]
    for text, code in coding.labels.items():
        able = [scale for scale in scales if code in [answer.code for answer in scale.answers]]
        own = [_words(_labels_of(scale)).get(answer_key(text)) for scale in able]
        if text.strip() == "" and able and not any(map(_is_a_box, able)):
            what = "une case vide ne vaut réponse que dans une échelle de deux réponses"
            yield fault(CAMPAIGN, what, "retirez ce texte vide", place="coding.labels")
        elif own and None not in own and code not in own:
            what = f"{quote(text)} reçoit le code {code}, mais vaut {own[0]} dans l'échelle"
            cure = "retirez-le : une réponse écrite comme dans l'échelle est toujours reconnue"
            yield fault(CAMPAIGN, what, cure, place="coding.labels")


def _ends_unmet(
    table: Table, layout: Layout, instrument: Instrument, values: np.ndarray
) -> Iterator[Problem]:
    """Question a scale of which nobody chose an end: the file may have another one.

    Only where answers are written as codes: words say by themselves what they are. Gravity is left
    aside: a map may well hold no risk whose worst harm is an annoyance.
    """
    for name, scale in instrument.scales.items():
        ranks = [i for i, item in enumerate(instrument.items)
                 if item.scale == name and item.role != "gravity"]  # fmt: skip
        columns = [table.frame[layout.items[instrument.items[i].code]] for i in ranks]
        words = {text for cells in columns for text in cells.cat.categories if text}
        codes = [option.code for option in scale.options]
        read = values[:, ranks]
        unmet = [code for code in (min(codes), max(codes)) if not (read == code).any()]
        answered = int(np.isin(read, codes).sum())
        coded = all(_NUMBER.fullmatch(answer_key(text)) for text in words)
        if len(codes) >= LONG and answered >= ENOUGH and unmet and coded:
            ends = listed([str(code) for code in unmet], "ou")
            yield table.problem(
                None,
                f"échelle {quote(name)}",
                f"aucune des {count(answered, 'réponse')} n'est {ends}, alors que l'échelle va de "
                f"{min(codes)} à {max(codes)}",
                "vérifiez que le fichier emploie bien cette échelle",
                "warning",
            )


def _shifted(
    table: Table, instrument: Instrument, values: np.ndarray, cells: pd.DataFrame
) -> Iterator[Problem]:
    """Answers 0 to 4 on a scale of 1 to 5 would all be read one step too low: refuse them."""
    for name, scale in instrument.scales.items():
        ranks = [i for i, item in enumerate(instrument.items) if item.scale == name]
        codes = [option.code for option in scale.options]
        low, high = min(codes), max(codes)
        read = values[:, ranks]
        met = set(np.unique(read).tolist())
        strange = Counter(
            map(
                answer_key,
                cells["given"][cells["item"].isin([instrument.items[i].code for i in ranks])],
            )
        )
        for beyond, unused in ((low - 1, high), (high + 1, low)):
            enough = int((read >= low).sum()) >= ENOUGH and strange[str(beyond)] >= 2
            if enough and unused not in met:
                yield _one_step_off(table, codes, beyond - (low if beyond < low else high))


def _one_step_off(table: Table, codes: list[int], step: int) -> Problem:
    pairs = ", ".join(f'"{code + step}": {code}' for code in codes)
    return table.problem(
        None,
        "",
        f"les réponses semblent codées de {min(codes) + step} à {max(codes) + step}, "
        f"l'échelle va de {min(codes)} à {max(codes)}",
        f"dites-le dans la campagne : « coding », clé « labels » : {{{pairs}}}",
    )


def _set_missing(table: Table, cells: pd.DataFrame) -> list[Problem]:
    if cells.empty:
        return []
    met = Counter(cells["given"])
    examples = listed(quote(text[:40]) for text, _ in met.most_common(5))
    items = listed(list(dict.fromkeys(cells["item"]))[:SHOWN])
    rows = rows_named(table.rows(sorted(set(cells["position"].tolist()))))
    return [
        table.problem(
            None,
            "",
            f"{count(len(cells), 'réponse illisible mise', 'réponses illisibles mises')} "
            f"à vide : {examples} (items {items} ; {rows})",
            "rien à faire si ce sont des fautes de frappe ; « qgdr exclusions » les liste toutes",
            "warning",
        )
    ]
