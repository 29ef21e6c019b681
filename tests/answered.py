"""Campaigns answered in memory and published as any other: no file, no figure made by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qgdr_eval.disclosure import Published, publish
from qgdr_eval.instruments import Instrument
from qgdr_eval.responses import Answers, Campaign
from qgdr_eval.responses.answers import EXCLUSION_COLUMNS

Place = tuple[str, str]  # facility, service
NO_REFERENCE = pd.DataFrame(columns=["dimension", "score", "low", "high"])


def publish_answers(
    instrument: Instrument,
    given: Mapping[Place, Sequence[Sequence[int]] | np.ndarray],
    heads: Mapping[Place, int | None] | None = None,
    *,
    blank: Sequence[Place] = (),
    digest: str = "0" * 64,
    references: pd.DataFrame = NO_REFERENCE,
    **keys: Any,
) -> Published:
    """What may be shown of answers.

    ``given``: for each service its rows of codes as worded, one an item, 0 for no answer;
    ``heads``: people asked, or records to draw from, unknown unless given; ``blank``: services one
    of whose returns was set aside; ``keys``: those of the campaign that differ from a plain one,
    ``minimum`` among them.
    """
    campaign = plain_campaign(**keys)
    facilities, services = (list(dict.fromkeys(names)) for names in zip(*given, strict=True))
    codes = pd.DataFrame(np.vstack(list(given.values())), columns=instrument.codes)
    rows = [place for place, answers in given.items() for _ in answers]
    responses = codes.astype("Int16").mask(codes == 0)
    responses.insert(0, "facility", pd.Categorical([row[0] for row in rows], facilities))
    responses.insert(1, "service", pd.Categorical([row[1] for row in rows], services))
    roster = pd.DataFrame(list(given), columns=["facility", "service"])
    roster["head_count"] = pd.array([(heads or {}).get(place) for place in given], dtype="Int64")
    roster["population"] = roster["head_count"]
    aside = [(*place, 0, "", "blank", "excluded", "", "") for place in blank]
    log = pd.DataFrame(aside, columns=EXCLUSION_COLUMNS)
    return publish(campaign, instrument, Answers(responses, roster, log, (), digest), references)


def answered(instrument: Instrument, counts: Mapping[str, Sequence[tuple[int, int]]]) -> np.ndarray:
    """Rows of codes where each item was given each (code, times), from the first row on."""
    columns = {item: np.repeat(*zip(*given, strict=True)) for item, given in counts.items()}
    rows = np.zeros((max(map(len, columns.values()), default=0), len(instrument.items)), int)
    for item, codes in columns.items():
        rows[: len(codes), instrument.codes.index(item)] = codes
    return rows


def plain_campaign(minimum: int = 10, **keys: Any) -> Campaign:
    """A campaign of one file, answers as worded; ``keys`` instead of its own."""
    plain = {
        "id": "essai",
        "title": "Essai",
        "period": "2026",
        "instrument": "essai",
        "responses": {"file": "r.csv"},
        "columns": {"service": "service"},
        "coding": {"reversed": "as_worded"},
        "disclosure": {"minimum": minimum},
    }
    return Campaign.model_validate(plain | keys)
