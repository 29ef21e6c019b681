"""What one report may show: published results, read and compared, nothing else."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from qgdr_eval.comparison import compare_to_reference, read_dimensions
from qgdr_eval.disclosure import Card, Published, open_published
from qgdr_eval.french import did_you_mean, quote, typography
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.campaigns import publish_campaign


@dataclass(frozen=True)
class ServiceReport:
    """One service of a campaign. ``totals``: participation of its facility and of the campaign."""

    facility: str
    service: str
    published: Published
    readings: pd.DataFrame
    comparisons: pd.DataFrame
    totals: pd.DataFrame

    @property
    def instrument(self) -> Instrument:
        """What was asked."""
        return self.published.instrument

    @property
    def card(self) -> Card:
        """What a reader must know of the campaign."""
        return self.published.card

    @property
    def turnout(self) -> Any:
        """The service's row of the participation frame."""
        return rows_of(self.published.participation)[0]

    @property
    def hidden(self) -> bool:
        """Whether disclosure shows nothing of this service."""
        return bool(self.turnout.status != "published")

    @property
    def n(self) -> int:
        """Respondents (or records) kept. Only for a service that is not hidden."""
        return int(self.turnout.n)

    def read(self, *verdicts: str, band: str = "") -> list[Any]:
        """The readings with one of these verdicts (and this band), in the instrument's order."""
        return [
            row
            for row in rows_of(self.readings)
            if row.verdict in verdicts and band in ("", row.band)
        ]

    def item_scores(self, dimension: Dimension) -> list[Any]:
        """The score rows of the items of a dimension, in the instrument's order."""
        rows = self.published.scores
        rows = rows[
            (rows["dimension"] == dimension.id)
            & (rows["item"] != "")
            & (rows["stratum"] == "")
            & (rows["measure"] == dimension.rule)
        ]
        by_code = {row.item: row for row in rows_of(rows)}
        return [
            by_code[item.code]
            for item in self.instrument.items_of(dimension.id)
            if item.code in by_code
        ]

    def dimension_rows(self) -> list[tuple[Dimension, Any, Any]]:
        """(dimension, score row, reading) of every dimension, in the instrument's order."""
        scores = {row.dimension: row for row in rows_of(self.published.dimension_scores())}
        readings = {row.dimension: row for row in rows_of(self.readings)}
        return [
            (dimension, scores[dimension.id], readings[dimension.id])
            for dimension in self.instrument.dimensions
            if dimension.id in scores
        ]


@dataclass(frozen=True)
class CampaignReport:
    """All services of a campaign side by side."""

    published: Published
    readings: pd.DataFrame

    @property
    def instrument(self) -> Instrument:
        """What was asked."""
        return self.published.instrument

    @property
    def card(self) -> Card:
        """What a reader must know of the campaign."""
        return self.published.card


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame, each with its columns as attributes."""
    return list(frame.itertuples())


def open_report(campaign: str, facility: str = "", service: str = "") -> ServiceReport:
    """Open what the report of one service may show.

    ``campaign`` is a campaign file, the path of published results or ``demo``; an empty
    ``facility`` or ``service`` stands for the first one. Raises `Refused` for an unknown service.
    """
    published = open_results(campaign)
    return report_of(published, *_find_service(published, facility, service))


def open_campaign(campaign: str) -> CampaignReport:
    """Open what the comparison of the services of a campaign may show."""
    published = open_results(campaign)
    return CampaignReport(published, read_dimensions(published))


def open_results(campaign: str) -> Published:
    """Read results published earlier (``.sqlite``), else publish those of a campaign file."""
    if campaign.endswith(".sqlite"):
        return open_published(campaign)
    return publish_campaign(campaign)


def report_of(published: Published, facility: str, service: str) -> ServiceReport:
    """Cut a whole campaign down to what the report of one service may show."""
    rows = published.participation
    totals = rows[(rows["service"] == "") & rows["facility"].isin([facility, ""])]
    readings, comparisons = (
        frame[(frame["facility"] == facility) & (frame["service"] == service)]
        for frame in (read_dimensions(published), compare_to_reference(published))
    )
    return ServiceReport(
        facility, service, published.of(facility, service), readings, comparisons, totals
    )


def _find_service(published: Published, facility: str, service: str) -> tuple[str, str]:
    for place in published.services:
        if facility in ("", place[0]) and service in ("", place[1]):
            return place
    facilities = [place[0] for place in published.services]
    if facility and facility not in facilities:
        raise _unknown("établissement", facility, facilities)
    raise _unknown(
        "service", service, [name for place, name in published.services if facility in ("", place)]
    )


def _unknown(kind: str, given: str, known: list[str]) -> Refused:
    return Refused(
        [
            Problem(
                "résultats publiés",
                None,
                kind,
                typography(f"{kind} {quote(given)} absent de la campagne"),
                did_you_mean(given, dict.fromkeys(known)),
            )
        ]
    )
