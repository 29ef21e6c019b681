"""The pages of a region as readers get them: on a screen, on a telephone, to a screen reader."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from qgdr_eval.region import demo_region
from qgdr_eval.reporting.region_pages import write_pages

HEIGHTS = {1280: 800, 390: 844}


@pytest.fixture(scope="module")
def pages(tmp_path_factory, browser) -> list[Path]:
    """That of the region, then that of its first facility."""
    out = tmp_path_factory.mktemp("region")
    return [out / name for name in write_pages(demo_region(), out, "2026-11-16")[:2]]


@pytest.mark.parametrize("rank", [0, 1], ids=["region", "facility"])
@pytest.mark.parametrize("width", HEIGHTS)
def test_a_page_of_a_region_is_read_by_everybody(browser, pages, rank, width):
    page = browser.new_page(viewport={"width": width, "height": HEIGHTS[width]})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[rank].as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert asked == [pages[rank].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    said = page.locator("#essentiel p").last.bounding_box()
    assert said["y"] + said["height"] <= HEIGHTS[width]  # what can be concluded, and what cannot
    page.close()
