"""The page that carries published results: sections, notebooks, one HTML file each."""

from qgdr_eval.reporting.page.fragment import Fragment, stylesheet
from qgdr_eval.reporting.page.index import Entry, index_page
from qgdr_eval.reporting.report import CampaignReport, ServiceReport, open_campaign, open_report

__all__ = [
    "CampaignReport",
    "Entry",
    "Fragment",
    "ServiceReport",
    "index_page",
    "open_campaign",
    "open_report",
    "stylesheet",
]
