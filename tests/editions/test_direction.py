"""The edition for a board: a facility, its services in counts, its plan; nobody is ranked."""

import datetime
import re
from collections import Counter
from pathlib import Path

import pytest

from qgdr_eval.actions import follow
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.editions import FacilityReport, Opened, open_edition, open_for
from qgdr_eval.editions.values import gather
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting import open_facility_report
from qgdr_eval.reporting.one_facility import board
from tests.editions.documents import (
    DAY,
    packed,
    printed,
    properties_of,
    sheets_of,
    words_of,
)
from tests.press.campaigns import Small, write_rows, write_small
from tests.reading import Page, plain

PLACE = "Hôpital fictif A"
SIXTY = [("Grand hôpital fictif", f"Service fictif numéro {rank}", 30, 6 if rank % 7 == 3 else 12)
         for rank in range(60)]  # fmt: skip
ACTIONS = [
    ["Identifiant", "Établissement", "Service", "Action", "Échéance", "État"],
    ["A1", PLACE, "Médecine", "Relire les alertes en équipe", "31/12/2026", "en cours"],
    ["A2", PLACE, "Chirurgie", "Afficher les suites données", "30/09/2026", "à faire"],
    ["A3", PLACE, "", "Former les cadres", "30/06/2026", "réalisé"],
    ["A4", "EHPAD fictif", "Médecine", "Une action de l'autre", "30/06/2026", "réalisé"],
]


@pytest.fixture
def direction() -> Opened:
    return open_edition("direction")


@pytest.fixture
def small(tmp_path: Path) -> Small:
    small = write_small(tmp_path / "campagne")
    write_rows(small.folder / "plan.csv", ACTIONS)
    return small


def of_facility(small: Small, plan: Path | None = None) -> FacilityReport:
    report = open_for(open_edition("direction"), str(small.file), plan=plan, day=DAY)
    assert isinstance(report, FacilityReport)
    return report


def counts_of(report: FacilityReport) -> dict[tuple[str, str], int]:
    """How many services are read how on each dimension: counted from the readings published."""
    labels = {one.id: one.label for one in report.instrument.dimensions}
    services = rows_of(report.readings[report.readings["service"] != ""])
    return Counter((labels[row.dimension], f"{row.verdict} {row.band}") for row in services)


@pytest.mark.parametrize("name", ["board_report", "board_audit"])
def test_services_are_counted_as_their_published_readings_are(name, opened_reports, direction):
    report = opened_reports.named([name])[name]
    told = gather(report, direction, DAY)["parts"]["services"]["counted"]
    counts = counts_of(report)
    columns = [plain(column) for column in told["columns"]]
    for row in told["rows"]:
        label = next(one.label for one in report.instrument.dimensions
                     if packed(one.label) == packed(row[0]))  # fmt: skip
        cells = dict(zip(columns, row, strict=True))
        assert int(cells["Point fort établi"]) == counts[label, "established strength"]
        assert int(cells["Priorité établie"]) == counts[label, "established priority"]
        assert sum(map(int, row[1:])) == len(report.published.services)
        assert packed("".join(row)) in packed(words_of(printed(report, "direction")))


def test_a_hidden_service_is_named_as_on_the_page_and_nothing_is_said_of_it(small):
    report = of_facility(small)
    text = words_of(printed(report, "direction"))
    looked = Page(board(open_facility_report(str(small.file), PLACE)).html).words
    assert "Équipe de nuit" in looked
    assert "Équipe de nuit – effectif insuffisant effectif insuffisant" in text
    assert "n=26&amp;" in properties_of(printed(report, "direction"))  # those of the two shown


def test_a_facility_of_which_nothing_is_shown_has_no_number(tmp_path):
    small = write_small(tmp_path / "campagne", [("EHPAD fictif", "Nuit", 9, 6)])
    document = printed(of_facility(small), "direction")
    text = words_of(document)
    assert "Effectif insuffisant" in text
    assert "Services affichés 0" in text
    assert not re.search(r"%|\[", text)
    assert "n=&amp;" in properties_of(document)


def test_a_plan_holds_no_answer_and_stands_beside_hidden_results(tmp_path):
    small = write_small(tmp_path / "campagne", [(PLACE, "Nuit", 9, 6)])
    write_rows(small.folder / "plan.csv", ACTIONS)
    text = words_of(printed(of_facility(small, small.folder / "plan.csv"), "direction"))
    assert "Effectif insuffisant" in text
    assert "Trois actions promises" in text
    assert not re.search(r"%|\[", text)


def test_a_facility_of_one_service_has_its_two_sheets_too(tmp_path):
    small = write_small(tmp_path / "campagne", [("EHPAD fictif", "Jour", 30, 14)])
    text = words_of(printed(of_facility(small), "direction"))
    assert "Jour 14" in text
    assert "pour deux services" not in text


def test_sixty_services_are_counted_and_not_named(tmp_path):
    small = write_small(tmp_path / "campagne", SIXTY)
    report = of_facility(small)
    document = printed(report, "direction")
    text = words_of(document)
    assert len(sheets_of(document)) <= 2
    assert "Service fictif numéro" not in text
    hidden = sum(respondents < 10 for *_, respondents in SIXTY)
    assert f"Services 60 Services affichés {60 - hidden}" in text
    for label in ("Écoute", "Suites"):
        (line,) = re.findall(rf"{label} ((?:\d+ )+)Suites|{label} ((?:\d+ )+)Chaque", text)
        numbers = list(map(int, " ".join(line).split()))
        assert sum(numbers) == 60
        assert numbers[-1] == hidden


def test_no_service_is_put_in_the_order_of_its_results(opened_reports, direction):
    report = opened_reports.named(["board_report"])["board_report"]
    rows = gather(report, direction, DAY)["parts"]["services"]["each"]["rows"]
    assert [packed(row[0]) for row in rows] == [packed(name) for _, name in
                                                report.published.services]  # fmt: skip


def test_the_plan_of_the_facility_says_what_is_open_late_and_done(small):
    report = of_facility(small, small.folder / "plan.csv")
    text = words_of(printed(report, "direction"))
    flags = follow(report.plan.plan.actions, datetime.date.fromisoformat(DAY)).set_index("id")
    assert list(flags.index[flags["late"]]) == ["A2"]
    assert "Trois actions promises : une faite" in text
    assert "deux ouvertes, dont une en retard" in text
    first, second = text.index("Afficher les suites"), text.index("Relire les alertes")
    assert first < second < text.index("Former les cadres")
    assert "à faire, en retard" in text
    assert "Une action de l'autre" not in text
    assert "L'effet d'une action faite." in text


def test_a_plan_that_names_no_facility_is_that_of_the_only_one(tmp_path):
    small = write_small(tmp_path / "campagne", [("EHPAD fictif", "Jour", 30, 14)])
    rows = [ACTIONS[0], *([row[0], "", *row[2:]] for row in ACTIONS[1:])]
    write_rows(small.folder / "plan.csv", rows)
    report = of_facility(small, small.folder / "plan.csv")
    assert "Quatre actions promises" in words_of(printed(report, "direction"))


def test_without_a_plan_it_says_so(small):
    assert "ne nomme pas de plan" in words_of(printed(of_facility(small), "direction"))


def test_a_service_cannot_be_named_for_it(small, direction):
    with pytest.raises(Refused) as refused:
        open_for(direction, str(small.file), service="Médecine")
    (problem,) = refused.value.problems
    assert isinstance(problem, Problem)
    assert "parle d'un établissement" in plain(problem.what)
