"""What the pages of a region may show, opened from what `qgdr merge` stored.

The examples read ``region_report``: ``open_region("demo")`` opens a region that does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qgdr_eval.fingerprint import of_bytes, of_values
from qgdr_eval.french import did_you_mean
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.region import (
    DEMO,
    STORED,
    Facility,
    Merged,
    Region,
    behind,
    demo_region,
    position,
    read_stored,
    regional,
    stored,
)
from qgdr_eval.region.figures import Behind, Place, Regional
from qgdr_eval.region.sent import Score


@dataclass(frozen=True)
class RegionReport:
    """A region as a whole: no facility is placed in it.

    >>> region_report.behind.facilities
    22
    """

    merged: Merged
    fingerprint: str

    @property
    def region(self) -> Region:
        """Its rules."""
        return self.merged.region

    @property
    def instrument(self) -> Instrument:
        """What was asked."""
        return self.merged.instrument

    @cached_property
    def behind(self) -> Behind:
        """What stands behind its figures."""
        return behind(self.merged)

    @cached_property
    def rows(self) -> list[tuple[Dimension, Regional]]:
        """Each dimension with what the region came to, in the questionnaire's order."""
        return [(one, regional(self.merged, one.id)) for one in self.instrument.dimensions]


@dataclass(frozen=True)
class FacilityReport:
    """One facility in its region: its own scores, its own places, nothing of any other's.

    ``places``: None where it opts out, or where too few facilities can be placed.
    """

    region: Region
    instrument: Instrument
    facility: Facility
    rows: tuple[tuple[Dimension, Regional], ...]
    places: Mapping[str, Place | None]
    behind: Behind

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of all its page may read."""
        return of_values(
            self.region.id,
            self.facility.model_dump(mode="json"),
            [str(row) for _, row in self.rows],
            [(name, str(place)) for name, place in self.places.items()],
            str(self.behind),
        )

    def score(self, dimension: Dimension) -> Score | None:
        """Its own score on a dimension, None when it is not shown."""
        return self.facility.whole.of_dimension(dimension.id) if self.facility.whole else None


def region_report(merged: Merged) -> RegionReport:
    """What the page of a merged region may show."""
    return RegionReport(merged, of_bytes(stored(merged)))


def facility_in(report: RegionReport, facility: Facility) -> FacilityReport:
    """What the page of one of its facilities may show."""
    places = {one.id: position(report.merged, facility, one.id)
              for one in report.instrument.dimensions}  # fmt: skip
    rows = tuple(report.rows)
    return FacilityReport(report.region, report.instrument, facility, rows, places, report.behind)


def open_region(source: str) -> RegionReport:
    """Open a region: the folder of its pages, what is stored there, or ``demo``.

    >>> open_region("demo").region.id
    'region_fictive'

    Raises:
        Refused: nothing merged is there.
    """
    if source == DEMO:
        return region_report(demo_region())
    path = Path(source)
    return region_report(read_stored(path / STORED if path.is_dir() else path))


def open_in_region(source: str, facility: str = "") -> FacilityReport:
    """Open one facility of a region; an empty name stands for the first.

    >>> open_in_region("demo").facility.name
    'Hôpital fictif n° 01'

    Raises:
        Refused: nothing merged is there, or no such facility.
    """
    report = open_region(source)
    found = {one.name: one for one in report.merged.facilities}
    if facility and facility not in found:
        what = "cet établissement n'est pas de la région réunie"
        raise Refused([Problem("région", None, facility, what, did_you_mean(facility, found))])
    return facility_in(report, found[facility] if facility else next(iter(found.values())))
