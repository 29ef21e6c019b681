"""The only thing that may be drawn, exported or compared: results that passed disclosure."""

import dataclasses
from dataclasses import dataclass, field

import pandas as pd

from qgdr_eval.instruments import Instrument
from qgdr_eval.scoring.spread import NO_SPREAD

SOMETIMES = ("open_access", "record", "records", "reference_version", "reference_population")
SEAL = object()  # only this folder holds it: nothing else can make a `Published`


@dataclass(frozen=True)
class Card:
    """What a reader must know of the campaign.

    ``minimum`` is the fewest respondents shown; ``reference`` is ``campaign``, ``none`` or the
    label of external values, ``reference_source`` says where those come from,
    ``reference_version`` what was asked to have them, ``reference_population`` of whom.
    ``subject``: who or what one answer is, as the instrument says it. ``draft``: the register of
    publications does not know these figures, which nobody should be given. ``open_access``: people
    answered without a card, so that one may have answered twice. ``record``, ``records``: what a
    record is called, one and several, where it is no file.

    >>> Card("culture", "Culture de sécurité", "mars 2026", minimum=10, reference="campaign").draft
    False
    """

    id: str
    title: str
    period: str
    minimum: int
    reference: str
    reference_source: str = ""
    subject: str = "respondent"
    draft: bool = False
    open_access: bool = False
    record: str = ""
    records: str = ""
    reference_version: str = ""
    reference_population: str = ""

    @property
    def of_people(self) -> bool:
        """Whether an answer is somebody's who answers without being known."""
        return self.subject == "respondent"

    def as_plain(self) -> dict[str, object]:
        """What is stored and fingerprinted of it; what only some campaigns have is left out."""
        return {
            name: value
            for name, value in dataclasses.asdict(self).items()
            if name not in SOMETIMES or value
        }


@dataclass(frozen=True)
class Published:
    """Results of a campaign after disclosure. Made by `publish` or read back by `open_published`.

    Frames (see ``docs/frames.md`` for columns): ``scores``, ``distributions``, ``participation``,
    ``exclusions``, ``reliability``, ``references`` (external values), ``attestation`` and
    ``spread`` (pooled over the services shown; the same for all of them).

    ``stored_results`` is the path of ``donnees/resultats.sqlite`` in a folder of reports:

    >>> from qgdr_eval.disclosure import open_published
    >>> published = open_published(stored_results)
    >>> one = published.of(*published.services[0])
    >>> len(published.services), len(one.services)
    (18, 1)

    Raises:
        TypeError: made by any other.
    """

    card: Card
    instrument: Instrument
    scores: pd.DataFrame
    distributions: pd.DataFrame
    participation: pd.DataFrame
    exclusions: pd.DataFrame
    reliability: pd.DataFrame
    references: pd.DataFrame
    attestation: pd.DataFrame
    seal: object = None
    spread: pd.DataFrame = field(default_factory=NO_SPREAD.copy)

    def __post_init__(self) -> None:
        if self.seal is not SEAL:
            raise TypeError("only qgdr_eval.disclosure makes published results")

    @property
    def services(self) -> list[tuple[str, str]]:
        """(facility, service) of every service of the campaign, in its order, hidden ones too."""
        rows = self.participation[self.participation["service"] != ""]
        return list(zip(rows["facility"].astype(str), rows["service"].astype(str), strict=True))

    def dimension_scores(self) -> pd.DataFrame:
        """One row per group and dimension: the rule's own measure, everybody (no stratum)."""
        rules = {dimension.id: dimension.rule for dimension in self.instrument.dimensions}
        rows = self.scores[(self.scores["item"] == "") & (self.scores["stratum"] == "")]
        return rows[rows["measure"].astype(str) == rows["dimension"].astype(str).map(rules)]

    def of(self, facility: str, service: str) -> "Published":
        """The same results, kept to one service or total, for a report that shows nothing else."""
        kept = {
            name: _rows_of(getattr(self, name), facility, service)
            for name in ("scores", "distributions", "participation", "exclusions", "attestation")
        }
        return dataclasses.replace(self, **kept)


def _rows_of(frame: pd.DataFrame, facility: str, service: str) -> pd.DataFrame:
    return frame[(frame["facility"] == facility) & (frame["service"] == service)]
