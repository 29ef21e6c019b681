"""The page that carries published results: sections, notebooks, one HTML file each."""

from qgdr_eval.reporting.page.fragment import Fragment, stylesheet
from qgdr_eval.reporting.page.index import Entry, index_page
from qgdr_eval.reporting.region.report import open_in_region, open_region
from qgdr_eval.reporting.report import (
    CampaignReport,
    PartReport,
    ServiceReport,
    open_campaign,
    open_facility_report,
    open_kind_report,
    open_report,
)

__all__ = [
    "CampaignReport",
    "Entry",
    "Fragment",
    "PartReport",
    "ServiceReport",
    "index_page",
    "open_campaign",
    "open_facility_report",
    "open_in_region",
    "open_kind_report",
    "open_region",
    "open_report",
    "stylesheet",
]
