"""The pages of a merged region, written into a folder."""

import datetime
from pathlib import Path

from qgdr_eval.campaigns.sources import refuse_register
from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.region import STORED, Merged, read_stored, stored
from qgdr_eval.reporting import in_region, region
from qgdr_eval.reporting.page.export import export_sections
from qgdr_eval.reporting.region.report import (
    FacilityReport,
    RegionReport,
    facility_in,
    region_report,
)
from qgdr_eval.writing import slug, written_whole

REGION, FACILITIES = "region.html", "etablissements"


def write_pages(merged: Merged, out: Path, report_date: str = "") -> list[str]:
    """Write the page of a region, one for each facility, and what they are made from.

    Facilities merged before and no more have their page removed. Gives the names of the pages, the
    region's first.

    Raises:
        Refused: the folder is a register's or another region's, or a file cannot be written.
    """
    refuse_register(out, [])
    _refuse_others(out, merged)
    day = report_date or datetime.date.today().isoformat()
    report = region_report(merged)
    pages = {REGION: _region_page(report, day)}
    for rank, facility in enumerate(merged.facilities, start=1):
        name = f"{FACILITIES}/{rank:02d}-{slug(facility.name)}.html"
        pages[name] = _facility_page(facility_in(report, facility), day)
    for name, content in {STORED: stored(merged).decode(), **pages}.items():
        with written_whole(out / name) as half:
            half.write_text(content, encoding="utf-8")
    for path in (out / FACILITIES).glob("[0-9]*-*.html"):
        if f"{FACILITIES}/{path.name}" not in pages:
            path.unlink()
    return list(pages)


def _refuse_others(out: Path, merged: Merged) -> None:
    """Pages go into an empty folder, or into one where this very region stands."""
    held = [path.name for path in out.iterdir()] if out.is_dir() else []
    if (out / STORED).is_file() and read_stored(out / STORED).region.id == merged.region.id:
        return
    if held:
        what, cure = f"ce dossier contient autre chose : {quote(held[0])}", "choisissez-en un autre"
        raise Refused([Problem(str(out), None, "", what, cure)])


def _region_page(report: RegionReport, day: str) -> str:
    sections = [getattr(region, name)(report) for name in region.__all__[1:-1]]
    return export_sections(
        region.masthead(report, day), sections, region.provenance(report, day), report.region.title
    )


def _facility_page(report: FacilityReport, day: str) -> str:
    sections = [getattr(in_region, name)(report) for name in in_region.__all__[1:-1]]
    title = f"{report.facility.name} – {report.region.title}"
    return export_sections(
        in_region.masthead(report, day), sections, in_region.provenance(report, day), title
    )
