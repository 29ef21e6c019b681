"""What a page of many facilities weighs: sixty of ten services, counted in bytes and in rows."""

import re

import nbformat
import numpy as np
import pytest

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.reporting import CampaignReport, side_by_side
from qgdr_eval.reporting.page.export import export_html
from qgdr_eval.shipped import shipped
from tests.answered import publish_answers
from tests.reading import Page
from tests.reporting.fictitious import make_instrument

FACILITIES, SERVICES = 60, 10
MOST_BYTES, SHEETS = 1_000_000, 8
ROWS_OF_A_SHEET = 30  # of the map, the least that stood on a sheet when it was printed


@pytest.fixture(scope="module")
def report() -> CampaignReport:
    asked = make_instrument(dimensions=10)
    rng = np.random.default_rng(60)
    given = {
        (f"Établissement fictif {place}", f"Service {rank}"): rng.integers(
            1, 6, (6 if rank == 7 else 12, len(asked.items))
        )
        for place in range(FACILITIES)
        for rank in range(SERVICES)
    }
    published = publish_answers(asked, given, dict.fromkeys(given, 15))
    readings = read_dimensions(published)
    return CampaignReport(published, readings, readings.head(0), "0" * 64)


@pytest.fixture(scope="module")
def page(report: CampaignReport) -> str:
    notebook = nbformat.read(shipped("notebooks") / "40_comparaison.ipynb", as_version=4)
    names = {"side_by_side": side_by_side, "report": report, "report_date": "2026-11-30"}
    for cell in notebook.cells:
        if cell.source.startswith("side_by_side."):
            shown = {"text/html": str(eval(cell.source, names))}
            cell.outputs = [nbformat.v4.new_output("display_data", shown)]
    return export_html(notebook, "Beaucoup d'établissements")


def test_the_map_of_sixty_facilities_weighs_less_than_a_megabyte(page):
    assert len(page.encode()) < MOST_BYTES


def test_what_paper_shows_of_sixty_facilities_is_a_row_each(page):
    """Every other table of many rows is in a fold that paper leaves out."""
    unfolded = re.sub(r"<article>.*?</article>", "", page, flags=re.S)
    rows = sum(len(table[2]) for table in Page(unfolded).tables)
    assert FACILITIES <= rows < ROWS_OF_A_SHEET * (SHEETS - 3)
    _, columns, lines = Page(page).tables[0]
    assert [line[0] for line in lines[:-1]] == [
        f"Établissement fictif {place}" for place in range(FACILITIES)
    ]
    assert columns[1] == "Perception globale de la sécurité"


def test_its_head_is_repeated_and_its_attestation_counts(page):
    assert 'rowgroup"><tr role="row">\n<th scope="col"' in page  # a head, on each sheet of paper
    assert "60 services" in Page(page).words.replace("\xa0", " ").replace("\u202f", " ")
    assert "Service 7" not in page
