"""The answers of a campaign, read, placed, coded and sorted: the whole story in one function."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from qgdr_eval.frames import LogRow
from qgdr_eval.french import count, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.responses.added import added_since, not_asked, told_added, with_columns
from qgdr_eval.responses.aside import leave_out
from qgdr_eval.responses.campaign import Campaign
from qgdr_eval.responses.codes import MISSING, Codes, code_cells
from qgdr_eval.responses.columns import Layout, locate_columns, names_wanted
from qgdr_eval.responses.grids import NOTE_COLUMNS, notes_of
from qgdr_eval.responses.mastery import check_control, turn_control
from qgdr_eval.responses.places import Places, place_rows
from qgdr_eval.responses.polarity import check_polarity
from qgdr_eval.responses.reasons import check_reasons
from qgdr_eval.responses.returns import Returns, check_identifiers, sort_returns
from qgdr_eval.responses.roster import read_roster
from qgdr_eval.tables.accents import check_names
from qgdr_eval.tables.read import Table, read_table
from qgdr_eval.tables.spelling import first_spellings, plain

EXCLUSION_COLUMNS = list(LogRow._fields)


@dataclass(frozen=True)
class Answers:
    """What was answered.

    ``responses``: one row per return kept: ``campaign, facility, service, subject``, strata, then
    one Int16 column per item with the code as given (never reversed), <NA> when missing; places
    and strata are categorical. ``subject`` is "" when the file has no identifiers.
    ``roster``: ``facility, service, head_count, population`` in campaign order, services without
    answers too.
    ``exclusions``: ``facility, service, row, at, reason, action, item, given``, one row per return
    set aside or flagged and per cell set to missing; held by the consultant. ``at``: the row as
    the file shows it, its number or, in a grid, its column.
    ``digest``: SHA-256 of ``responses``, whatever the format of the file they came in.
    ``notes``: what a group or a person wrote down, ``facility, service, dimension, item, text``;
    ``item`` is "" where it is about its whole dimension.

    >>> from qgdr_eval.fictitious import file_of
    >>> from qgdr_eval.instruments import load_instrument
    >>> from qgdr_eval.responses import load_campaign
    >>> with file_of("demo_self", "campaign") as path:
    ...     campaign = load_campaign(path)
    ...     asked = load_instrument(campaign.instrument)
    ...     answers = read_answers(campaign, asked, path.parent)
    >>> answers.responses["service"].tolist(), len(answers.exclusions)
    (['Médecine interne'], 0)
    """

    responses: pd.DataFrame
    roster: pd.DataFrame
    exclusions: pd.DataFrame
    warnings: tuple[Problem, ...]
    digest: str
    notes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=NOTE_COLUMNS))


def read_answers(campaign: Campaign, instrument: Instrument, folder: Path) -> Answers:
    """Read the answers of a campaign whose files are in ``folder``.

    >>> from qgdr_eval.fictitious import file_of
    >>> from qgdr_eval.instruments import load_instrument
    >>> from qgdr_eval.responses import load_campaign
    >>> with file_of("demo_audit", "campaign") as path:
    ...     campaign = load_campaign(path)
    ...     asked = load_instrument(campaign.instrument)
    ...     answers = read_answers(campaign, asked, path.parent)
    >>> len(answers.responses)  # three services: 40, 36 and 30 records
    106

    Raises:
        Refused: a file that cannot be read or understood, with every problem of the step that
            failed: files, then columns, then answers and services, then the campaign as a whole.
    """
    table = read_table(campaign.responses, folder, names_wanted(campaign, instrument))
    roster = read_roster(campaign.services, folder) if campaign.services else None
    added = added_since(table, campaign, instrument)
    table = with_columns(table, added)
    layout, ignored = locate_columns(
        table, campaign, instrument, 0 if roster is None else len(roster)
    )
    table, left_out = leave_out(table, layout, instrument, campaign.coding, roster)
    codes, unread = code_cells(table, layout, instrument, campaign.coding)
    unread += check_control(codes.values, instrument, campaign, table.file)
    codes = replace(codes, values=turn_control(codes.values, instrument, campaign.coding))
    answered = (codes.values != MISSING).any(axis=1) & _filled(table)
    codes = replace(codes, values=not_asked(codes.values, instrument, added, answered))
    places, misplaced = place_rows(table, layout, roster, campaign.title, answered)
    strata = _strata(table, layout)
    returns = _returns(table, layout, codes, places, strata)
    names = check_names(table.file, _names(table, layout))
    noticed = refuse_errors([*names, *unread, *misplaced, *check_identifiers(table, returns)])
    log = sort_returns(returns, instrument, campaign.coding)
    kept = np.ones(len(table.frame), dtype=bool)
    kept[log["position"][log["action"] == "excluded"]] = False
    responses = _responses(campaign, instrument, places, returns, strata, kept)
    doubts = refuse_errors(
        [
            *_over_count(table, places, kept, instrument.of_records),
            *check_polarity(responses, instrument, campaign.coding.reversed, table.file),
            *check_reasons(table, layout, instrument, codes.values),
        ]
    )
    return Answers(
        responses,
        places.roster,
        _exclusions(log, codes, returns, places, table),
        (*table.warnings, *told_added(table, added), *ignored, *left_out, *noticed, *doubts),
        digest_of(responses),
        notes_of(table, instrument, places),
    )


def digest_of(responses: pd.DataFrame) -> str:
    """SHA-256 of a responses frame: its columns, categories, values and the order of its rows."""
    sha = hashlib.sha256()
    for name, column in responses.items():
        values = column
        if isinstance(column.dtype, pd.CategoricalDtype):
            sha.update("\x1f".join([str(name), *column.cat.categories]).encode())
            values = column.cat.codes
        if values.dtype == "str":
            sha.update("\x1f".join([str(name), *values]).encode())
        else:
            numbers = values.to_numpy(dtype="<i4", na_value=MISSING)
            sha.update(f"{name}\x1f".encode() + numbers.tobytes())
    return sha.hexdigest()


def _strata(table: Table, layout: Layout) -> pd.DataFrame:
    """One categorical column per stratum, categories in alphabetical order whatever the rows."""
    return pd.DataFrame(
        {name: _stratum(table.frame[column]) for name, column in layout.strata.items()},
        index=range(len(table.frame)),
    )


def _stratum(cells: pd.Series) -> pd.Series:
    spellings = first_spellings(sorted(cells.cat.categories))
    named = sorted(key for key in spellings if key)
    rank = {key: i for i, key in enumerate(named)}
    codes = np.array([rank.get(plain(text), -1) for text in cells.cat.categories])
    return pd.Series(
        pd.Categorical.from_codes(
            codes[cells.cat.codes.to_numpy()],
            categories=pd.Index([spellings[key] for key in named], dtype="str"),
        )
    )


def _returns(
    table: Table, layout: Layout, codes: Codes, places: Places, strata: pd.DataFrame
) -> Returns:
    rows = len(table.frame)
    subject = (
        table.frame[layout.subject].to_numpy(dtype=object)
        if layout.subject
        else np.full(rows, "", dtype=object)
    )
    group = places.index.copy()
    for _, cells in strata.items():
        group = group * (len(cells.cat.categories) + 1) + cells.cat.codes.to_numpy(np.int64)
    return Returns(codes.values, subject, places.index, group, _filled(table))


def _names(table: Table, layout: Layout) -> Iterator[str]:
    """The names the pages will bear: places and classes, as the file spells them."""
    for column in (layout.facility, layout.service, *layout.strata.values()):
        if column:
            yield from table.frame[column].cat.categories


def _filled(table: Table) -> np.ndarray:
    """Rows with anything at all written in them."""
    filled = np.zeros(len(table.frame), dtype=bool)
    for _, cells in table.frame.items():
        filled |= (cells != "").to_numpy()
    return filled


def _responses(
    campaign: Campaign,
    instrument: Instrument,
    places: Places,
    returns: Returns,
    strata: pd.DataFrame,
    kept: np.ndarray,
) -> pd.DataFrame:
    columns: dict[str, object] = {
        "campaign": pd.Categorical.from_codes(
            np.zeros(kept.sum(), np.int8), pd.Index([campaign.id], dtype="str")
        ),
        "facility": _named(places.facility[kept], places.roster["facility"]),
        "service": _named(places.service[kept], places.roster["service"]),
        "subject": pd.array(returns.subject[kept], dtype="str"),
    }
    columns |= {str(name): cells[kept].array for name, cells in strata.items()}
    values = returns.values[kept]
    columns |= {
        code: pd.arrays.IntegerArray(values[:, i].copy(), values[:, i] == MISSING)
        for i, code in enumerate(instrument.codes)
    }
    return pd.DataFrame(columns)


def _named(names: np.ndarray, known: pd.Series) -> pd.Categorical:
    return pd.Categorical(names, categories=known.cat.categories)


def _over_count(table: Table, places: Places, kept: np.ndarray, records: bool) -> Iterator[Problem]:
    """More returns than people asked, or more records than there were to draw from."""
    counts = np.bincount(places.index[kept], minlength=len(places.roster))
    most = places.roster["population" if records else "head_count"]
    for service, returned, known in zip(
        places.roster.to_dict("records"), counts.tolist(), most.tolist(), strict=True
    ):
        if pd.notna(known) and returned > known:
            what, cure = (_too_many_records if records else _too_many_answers)(returned, known)
            where = f"service {quote(service['service'])} ({service['facility']})"
            yield table.problem(None, where, what, cure)


def _too_many_records(read: int, drawn_from: int) -> tuple[str, str]:
    what = f"{count(read, 'dossier lu', 'dossiers lus')}, tirés de {count(drawn_from, 'dossier')}"
    return what, (
        "corrigez le nombre de dossiers d'où l'échantillon est tiré (colonne « dossiers »), ou "
        "cherchez les dossiers en double ou mal rangés"
    )


def _too_many_answers(returned: int, head_count: int) -> tuple[str, str]:
    what = f"{count(returned, 'réponse')} pour un effectif de {head_count}"
    return what, "corrigez l'effectif, ou cherchez les réponses en double ou mal rangées"


def _exclusions(
    log: pd.DataFrame, codes: Codes, returns: Returns, places: Places, table: Table
) -> pd.DataFrame:
    rows = log.assign(item="", given="")
    twice = rows["reason"].isin(["less_complete", "duplicate"])
    rows.loc[twice, "given"] = returns.subject[rows["position"][twice]]
    cells = codes.unreadable.assign(reason="out_of_range", action="set_missing")
    every = pd.concat([rows, cells], ignore_index=True).sort_values("position", kind="stable")
    positions = every["position"].to_numpy(dtype=np.int64)
    numbers = table.rows(positions.tolist())
    return (
        every.assign(
            row=np.array(numbers, dtype=np.int64),
            at=[table.label(row) for row in numbers],
            facility=places.facility[positions],
            service=places.service[positions],
        )[EXCLUSION_COLUMNS]
        .astype({name: "str" for name in EXCLUSION_COLUMNS if name != "row"})
        .reset_index(drop=True)
    )
