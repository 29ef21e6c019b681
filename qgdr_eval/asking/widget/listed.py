"""Which records there are to enter: those drawn, those of the round before, or another's."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from qgdr_eval.asking.widget.sheet import ROLES, Entered
from qgdr_eval.french import quote
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.responses import Campaign, load_campaign, read_answers
from qgdr_eval.responses.roster import read_roster
from qgdr_eval.tables.faults import CAMPAIGN, refusal


@dataclass(frozen=True)
class Asked:
    """A campaign to enter answers in: its file, and what there is to enter.

    ``places``: facility and service of the roster, none without one; ``listed``: the records to
    enter, in that order, without any answer: a second auditor never sees those of the first.
    """

    campaign: Campaign
    instrument: Instrument
    folder: Path
    places: tuple[tuple[str, str], ...] = ()
    listed: tuple[Entered, ...] = field(default=())


def asked_of(path: Path, drawn: pd.DataFrame | None = None, reader: int = 1) -> Asked:
    """What a campaign file asks to enter.

    ``drawn``: records drawn, a frame ``subject`` and, when known, ``facility, service``; without
    any, the records of a round read before on the same ones. ``reader``: 2 opens the campaign of
    the second auditor, with the records that the first has read.

    Raises:
        Refused: a campaign, or one it names, cannot be read; it names no second auditor.
    """
    campaign = load_campaign(path)
    listed = _drawn(drawn) or _same_as_before(campaign, path.parent)
    if reader == 2:
        listed = _drawn(drawn) or _records_of(path)
        path = path.parent / _second(campaign)
        campaign = load_campaign(path)
    roster = read_roster(campaign.services, path.parent) if campaign.services else None
    pairs = () if roster is None else zip(roster["facility"], roster["service"], strict=True)
    instrument = load_instrument(campaign.instrument, path.parent)
    return Asked(campaign, instrument, path.parent, tuple(pairs), tuple(listed))


def _second(campaign: Campaign) -> str:
    if campaign.second_reader:
        return campaign.second_reader
    cure = "ajoutez « second_reader: » et le nom de sa campagne"
    raise refusal(CAMPAIGN, "elle ne nomme pas de second auditeur", cure, place="second_reader")


def _drawn(drawn: pd.DataFrame | None) -> list[Entered]:
    if drawn is None:
        return []
    known = drawn.reindex(columns=list(ROLES), fill_value="").astype(str)
    return [Entered(*row) for row in known.itertuples(index=False, name=None)]


def _same_as_before(campaign: Campaign, folder: Path) -> list[Entered]:
    same = [earlier.campaign for earlier in campaign.earlier if earlier.same_records]
    return _records_of(folder / same[-1]) if same else []


def _records_of(path: Path) -> list[Entered]:
    """The places and numbers of the records of another campaign, nothing of their answers."""
    campaign = load_campaign(path)
    if campaign.columns.subject is None and campaign.responses.layout == "rows":
        what = f"{quote(campaign.title)} ne dit pas le numéro de ses dossiers"
        raise refusal(path.name, what, "écrivez « columns: {subject: Dossier} »")
    instrument = load_instrument(campaign.instrument, path.parent)
    return list(_numbered(read_answers(campaign, instrument, path.parent).responses))


def _numbered(responses: pd.DataFrame) -> Iterator[Entered]:
    for row in responses[list(ROLES)].astype(str).itertuples(index=False, name=None):
        if row[-1]:
            yield Entered(*row)
