"""What several folders of tests share: a fictitious campaign with hostile names, and its pages."""

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from qgdr_eval.fictitious import simulate
from qgdr_eval.instruments import load_instrument
from tests.thorough import WHOLE, examples

# No proof by the clock: an example may be slow on a busy machine, or under coverage.
settings.register_profile("no clock", deadline=None, max_examples=examples(100))
settings.load_profile("no clock")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Hold back what is marked thorough, counted as deselected, unless QGDR_THOROUGH is set."""
    held = [] if WHOLE else [item for item in items if item.get_closest_marker("thorough")]
    if held:
        config.hook.pytest_deselected(items=held)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


HOSTILE = "<script>alert(1)</script> & « l'équipe » 🙂 ../../etc"
LONG = "Unité de coordination " + "très " * 60 + "longue"
SERVICES = [  # facility, service, head count, respondents
    ("Hôpital fictif A/B", "Médecine", 30, 24),
    ("Hôpital fictif A/B", HOSTILE, 20, 12),
    ("Hôpital fictif A/B", "Équipe de nuit", 8, 5),
    ("EHPAD fictif", "Médecine", 14, 14),
    ("EHPAD fictif", LONG, 25, 11),
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def campaign_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five fictitious services, one too small, with names meant to break things."""
    folder = tmp_path_factory.mktemp("campagne")
    roster = pd.DataFrame(SERVICES, columns=["facility", "service", "head_count", "respondents"])
    table = simulate(load_instrument("culture_securite"), roster, seed=7)
    table.to_csv(folder / "reponses.csv", index=False, sep=";")
    roster.drop(columns="respondents").to_csv(folder / "services.csv", index=False, sep=";")
    (folder / "campagne.yml").write_text(
        "id: essai\ntitle: Campagne d'essai\nperiod: mars 2026\ninstrument: culture_securite\n"
        "responses: reponses.csv\nservices: services.csv\n"
        "columns:\n  facility: Établissement\n  service: Service\n  subject: Identifiant\n"
        "  strata: {profession: Profession}\n"
        "coding: {answers: labels, reversed: as_worded}\n",
        encoding="utf-8",
    )
    return folder / "campagne.yml"


@pytest.fixture(scope="module")
def browser():
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        message = "no Chromium on this machine: pages were not opened (CI installs one)"
        if os.environ.get("QGDR_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()
