"""The edition of each facility: ordered, proved, made once, told by the index, verified."""

from pathlib import Path

import pytest

from qgdr_eval.disclosure import list_facilities
from qgdr_eval.editions import open_edition
from qgdr_eval.editions.facility import plan_of_facility
from qgdr_eval.press import verify_folder
from qgdr_eval.press.editions import plan_fingerprint
from qgdr_eval.press.folder import INDEX, RESULTS
from qgdr_eval.press.ledger import read_records
from qgdr_eval.problems import Refused
from tests.press.campaigns import CAMPAIGN, Small, read_folder, write_rows, write_small
from tests.reading import Page

DOCUMENTS = ("editions/direction/01-hopital-fictif-a.pdf", "editions/direction/02-ehpad-fictif.pdf")
PAGES = 5  # four services, and their comparison
PLAN = [
    ["Identifiant", "Établissement", "Action", "Échéance", "État"],
    ["A1", "Hôpital fictif A", "Afficher les suites", "30/06/2020", "en cours"],
    ["A2", "EHPAD fictif", "Relire les alertes", "30/06/2020", "en cours"],
]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A small campaign with its plan, printed for its two facilities. To be copied."""
    folder = tmp_path_factory.mktemp("instances") / "campagne"
    small = write_small(folder, campaign=f"{CAMPAIGN}plan: plan.csv\n")
    write_rows(small.folder / "plan.csv", PLAN)
    outcome = small.print(editions=("direction",))
    assert (outcome.made, outcome.failed) == (PAGES + 2, [])
    return small


@pytest.fixture
def printed(once: Small, tmp_path: Path) -> Small:
    return once.copy(tmp_path)


def documents(small: Small) -> dict[str, bytes]:
    return {name: page for name, page in read_folder(small.out).items() if name.endswith(".pdf")}


def changed(small: Small, before: dict[str, bytes]) -> list[str]:
    return [name for name, page in documents(small).items() if before.get(name) != page]


def test_each_facility_has_one_and_the_index_leads_to_it(once):
    assert tuple(documents(once)) == DOCUMENTS
    page = Page((once.out / INDEX).read_text("utf-8"))
    assert {href for href, _ in page.links if href.endswith(".pdf")} == set(DOCUMENTS)
    assert verify_folder(once.out).problems == ()


def test_its_record_is_that_of_the_facility(once):
    records = {record.page: record for record in read_records(once.out)}
    for name, place in zip(DOCUMENTS, list_facilities(once.out / RESULTS), strict=True):
        record = records[name]
        assert (record.facility, record.service, record.n) == (place.facility, "", place.n)
        assert record.results == place.fingerprint


def test_an_unchanged_rerun_makes_none(printed):
    before = documents(printed)
    outcome = printed.print(editions=("direction",))
    assert (outcome.standing, outcome.made) == (PAGES + 2, 0)
    assert changed(printed, before) == []


def test_only_the_facility_that_changed_is_made_again(printed):
    before = documents(printed)
    printed.edit("services.csv", "Chirurgie;20", "Chirurgie;21")
    printed.print(editions=("direction",))
    assert changed(printed, before) == [DOCUMENTS[0]]


def test_only_the_facility_whose_plan_moved_is_made_again(printed):
    before = documents(printed)
    printed.edit("plan.csv", "Relire les alertes", "Relire les alertes ensemble")
    printed.print(editions=("direction",))
    assert changed(printed, before) == [DOCUMENTS[1]]


def test_the_day_alone_makes_none(printed):
    before = documents(printed)
    assert printed.print(editions=("direction",), report_date="").made == 0
    assert changed(printed, before) == []


def test_what_is_told_of_a_plan_changes_the_day_an_action_is_late(once):
    opened, plan = open_edition("direction"), once.folder / "plan.csv"
    before, last, after = (
        plan_fingerprint(opened, plan_of_facility(plan, "EHPAD fictif", day, alone=False))
        for day in ("2020-03-31", "2020-06-30", "2020-07-01")
    )
    assert before == last
    assert last != after


def test_a_hidden_service_answers_otherwise_and_its_facility_stands(printed):
    before = documents(printed)
    printed.answer_otherwise("Hôpital fictif A", "Équipe de nuit")
    printed.print(editions=("direction",))
    assert changed(printed, before) == []


def test_one_in_the_place_of_another_is_found(printed):
    first, second = (printed.out / name for name in DOCUMENTS)
    first.write_bytes(second.read_bytes())
    (problem,) = verify_folder(printed.out).problems
    assert problem.file == DOCUMENTS[0]


def test_an_edition_no_longer_asked_is_removed(printed):
    printed.print()
    assert documents(printed) == {}
    assert verify_folder(printed.out).problems == ()


def test_a_plan_that_cannot_be_read_prints_nothing(printed):
    before = read_folder(printed.out)
    (printed.folder / "plan.csv").write_text("autre;chose\n", encoding="utf-8")
    with pytest.raises(Refused):
        printed.print(editions=("direction",))
    assert read_folder(printed.out) == before
