"""External values to read a campaign against: a small table, one row per dimension."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from qgdr_eval.frames import ReferenceRow
from qgdr_eval.french import did_you_mean, quote
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.instruments.difference import Difference, differ
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.responses.campaign import Campaign, ReferenceFile
from qgdr_eval.tables.faults import CAMPAIGN, fault, together
from qgdr_eval.tables.read import Table, read_table

REFERENCE_COLUMNS = list(ReferenceRow._fields)


def read_reference(campaign: Campaign, instrument: Instrument, folder: Path) -> pd.DataFrame:
    """Read the reference file of a campaign; an empty frame when it has none.

    Columns `REFERENCE_COLUMNS`; scores and bounds from 0 to 100, bounds NaN when not given.

    Raises:
        Refused: with every unknown dimension, missing column and value that is no score; values of
            another instrument, and dimensions that its version of then does not measure alike.
    """
    if isinstance(campaign.reference, str):
        return pd.DataFrame(columns=REFERENCE_COLUMNS)
    table = read_table(campaign.reference, folder, REFERENCE_COLUMNS)
    refuse_errors(table.borne_twice(REFERENCE_COLUMNS))
    refuse_errors(_missing_columns(table))
    wrong = [*_another(campaign.reference, instrument, folder, table)]
    refuse_errors([*wrong, *together(_wrong_cells(table, instrument))])
    return pd.DataFrame(
        {
            "dimension": table.texts("dimension"),
            **{
                name: [_number(text) for text in _column(table, name)]
                for name in REFERENCE_COLUMNS[1:]
            },
        }
    )


def _another(
    reference: ReferenceFile, instrument: Instrument, folder: Path, table: Table
) -> Iterator[Problem]:
    """What stops values that were not asked for by this very version of the instrument."""
    if reference.instrument is None:
        return
    asked = load_instrument(reference.instrument, folder)
    place = "reference"
    if asked.id != instrument.id:
        what = f"valeurs recueillies avec {quote(asked.id)}, campagne faite avec "
        cure = "donnez des valeurs du même questionnaire, ou retirez cette référence"
        yield fault(CAMPAIGN, what + quote(instrument.id), cure, place=place)
    elif reference.version is None and asked.version != instrument.version:
        what = f"valeurs de la version {asked.version}, campagne faite avec la {instrument.version}"
        cure = f"écrivez {quote(f'version: {asked.version}')} : les rapports le diront"
        yield fault(CAMPAIGN, what, cure, place=place)
    elif reference.version in (None, asked.version):
        yield from _broken(differ(asked, instrument), table)


def _broken(found: Difference, table: Table) -> Iterator[Problem]:
    """The rows of dimensions that measured another thing."""
    for i, name in enumerate(table.texts("dimension")):
        if name in found.broken:
            yield table.problem(
                table.row(i),
                f"dimension {quote(name)}",
                f"elle n'est pas la même dans la version {found.old.version}",
                "retirez cette ligne ; « qgdr diff » dit ce qui a changé",
            )


def _column(table: Table, name: str) -> list[str]:
    return table.texts(name) if name in table.frame.columns else [""] * len(table.frame)


def _missing_columns(table: Table) -> Iterator[Problem]:
    for name in ("dimension", "score"):
        if name not in table.frame.columns:
            yield table.problem(
                1,
                f"colonne {quote(name)}",
                "colonne absente : une référence a les colonnes « dimension » et « score », et "
                "« low » et « high » quand ses bornes sont connues",
                did_you_mean(name, table.frame.columns),
            )


def _wrong_cells(table: Table, instrument: Instrument) -> Iterator[Problem]:
    known = [dimension.id for dimension in instrument.dimensions]
    names = table.texts("dimension")
    for i, name in enumerate(names):
        if name not in known:
            yield table.problem(
                table.row(i),
                f"dimension {quote(name)}",
                "absente du questionnaire",
                did_you_mean(name, known),
            )
        elif name in names[:i]:
            yield table.problem(
                table.row(i),
                f"dimension {quote(name)}",
                "donnée deux fois",
                "gardez une seule ligne",
            )
    for column in REFERENCE_COLUMNS[1:]:
        for i, text in enumerate(_column(table, column)):
            value = _number(text)
            if (text or column == "score") and not 0 <= value <= 100:
                yield table.problem(
                    table.row(i),
                    f"colonne {quote(column)}",
                    f"{quote(text)} n'est pas un score de 0 à 100",
                    "écrivez un nombre, par exemple 62,5",
                )


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ".").removesuffix("%"))
    except ValueError:
        return float("nan")
