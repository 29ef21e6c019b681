"""Which column of an export holds which item: by its code, else by its text, never by a guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qgdr_eval.instruments import Instrument
from qgdr_eval.responses.headers import ASIDE, Borne, Codes, wording
from qgdr_eval.responses.likeness import CANDIDATES, FLOOR, MARGIN, Likeness
from qgdr_eval.tables.read import Table

MOST = 0.5  # share of the items whose code is borne before codes are believed
TITLES = 3  # rows below the headers in which questions may be written
Texts = Mapping[str, Sequence[str]]  # what heads each column, by its name


@dataclass(frozen=True)
class Recognition:
    """``columns``: item code to column, in the instrument's order, each column once at most.

    ``candidates``: the items left open, with the columns that could be theirs, the nearest first.
    """

    columns: dict[str, str]
    candidates: dict[str, tuple[str, ...]]


def recognise_items(
    headers: Sequence[str],
    instrument: Instrument,
    titles: Texts | None = None,
    given: Mapping[str, str] | None = None,
) -> Recognition:
    """Match the items of an instrument with the headers of a table, whatever their order.

    ``titles``: other texts that head a column, by header. ``given``: columns chosen already, by
    item.

    A header bears a code as a whole word, at its beginning, at its end or in brackets. When half
    the items are found so, codes decide, unless the text beside one is another item's. Other items
    are matched by their texts: first where a header is the very text of one item, or the beginning
    of one only; then all at once, one to one, for the greatest likeness (rapidfuzz on the words,
    the Hungarian method of scipy). A pair of that matching is believed when its likeness reaches
    `FLOOR`, when every matching without it loses `MARGIN`, when the header denies nothing that the
    item says, and when most items have found a column: another questionnaire may ask nearly the
    same. Anything else is left open, with its candidates.

    >>> from qgdr_eval.instruments import load_instrument
    >>> instrument = load_instrument("experience_usagers_facile")
    >>> found = recognise_items([f"EXP[{code}]" for code in instrument.codes[1:]], instrument)
    >>> found.columns["EF02"], found.candidates
    ('EXP[EF02]', {'EF01': ()})
    """
    chosen = dict(given or {})
    texts = {
        name: (name, *(titles or {}).get(name, ()))
        for name in headers
        if name not in chosen.values()
    }
    questions = {
        item.code: wording(item.text) for item in instrument.items if item.code not in chosen
    }
    most = MOST * len(instrument.items)
    coded, doubtful = _by_code(texts, questions, most - len(chosen))
    borne = {*coded.values(), *(name for names in doubtful.values() for name in names)}
    likeness = Likeness(
        {name: written for name, written in texts.items() if name not in borne},
        {code: text for code, text in questions.items() if code not in coded | doubtful},
        instrument.language,
    )
    sure = chosen | coded | likeness.same()
    found = sure | likeness.likely(sure)
    found = found if len(found) >= most else sure
    return Recognition(
        {code: found[code] for code in instrument.codes if code in found},
        {
            code: doubtful.get(code) or likeness.nearest(code, found.values())
            for code in instrument.codes
            if code not in found
        },
    )


def titles_below(table: Table, instrument: Instrument) -> dict[str, list[str]]:
    """What the first rows say of each column when one of them holds the questions.

    Qualtrics writes names such as « Q5_1 », then the questions, then {"ImportId": …}.
    """
    rows = table.frame.head(TITLES).astype(object).to_dict("records")
    questions = {item.code: wording(item.text) for item in instrument.items}
    for row in rows:
        columns = {name: [text] for name, text in row.items() if text}
        if len(Likeness(columns, questions).same()) >= MOST * len(questions):
            return columns
    return {}


def _by_code(
    texts: Texts, questions: Mapping[str, str], least: float
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Items found by their code, and those whose code is borne by columns that leave a doubt."""
    bearers = _bearers(texts, Codes(list(questions)))
    if len(bearers) < least:
        return {}, {}
    found, doubtful = {}, {}
    for code, columns in bearers.items():
        name = _only_bearer(columns, ASIDE - set(questions[code].split()))
        if name is None or _another_text(code, [columns[name].rest, *texts[name][1:]], questions):
            doubtful[code] = tuple(columns)[:CANDIDATES]
        else:
            found[code] = name
    return found, doubtful


def _bearers(texts: Texts, codes: Codes) -> dict[str, dict[str, Borne]]:
    """The columns that bear one code only, by that code."""
    bearers: dict[str, dict[str, Borne]] = {}
    for name, written in texts.items():
        borne = {mark.code: mark for text in reversed(written) for mark in codes.in_(text)}
        if len(borne) == 1:
            ((code, only),) = borne.items()
            bearers.setdefault(code, {})[name] = only
    return bearers


def _only_bearer(columns: Mapping[str, Borne], aside: set[str]) -> str | None:
    """The one column that bears a code: alone, or without a word such as « commentaire »."""
    alone = [name for name, borne in columns.items() if borne.alone]
    direct = [
        name for name, borne in columns.items() if not aside & set(wording(borne.rest).split())
    ]
    return next((names[0] for names in (alone, direct) if len(names) == 1), None)


def _another_text(code: str, texts: Sequence[str], questions: Mapping[str, str]) -> bool:
    """Whether the text beside a code is another item's: codes may have shifted from one version."""
    seen = Likeness({"": texts}, questions).near[:, 0]
    return bool(seen.max() >= FLOOR and seen.max() - seen[list(questions).index(code)] >= MARGIN)
