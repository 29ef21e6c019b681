"""A campaign of many facilities: its map page, a page each facility, a page each kind of service.

And the way round all of them.
"""

import re
from collections import Counter

import pytest

from qgdr_eval.disclosure import list_facilities, list_places, open_published
from qgdr_eval.press.folder import COMPARISON, FACILITIES, INDEX, KINDS, RESULTS, SERVICES
from qgdr_eval.press.ledger import read_records
from qgdr_eval.press.verify import verify_folder
from tests.press.campaigns import (
    Small,
    links_between,
    read_folder,
    read_rows,
    write_rows,
    write_small,
)
from tests.reading import Page

WORK = ("Urgences", "Bloc", "Pédiatrie", "Nuit", "Jour", "Accueil", "Soins", "Labo")
HOSPITALS = [f"Hôpital fictif {letter}" for letter in "ABCDE"]
MANY = tuple(  # forty services; one in four is too small to be shown
    (hospital, f"{work} {hospital[-1]}", 30, 6 if (rank + place) % 4 == 3 else 12)
    for place, hospital in enumerate(HOSPITALS)
    for rank, work in enumerate(WORK)
)
KIND = {"Urgences": "Urgences", "Bloc": "Bloc opératoire", "Labo": "Laboratoire"}


def write_kinds(small: Small) -> Small:
    """Say in the roster what kind some services are."""
    head, *rows = read_rows(small.folder / "services.csv")
    rows = [[*row, KIND.get(row[1].split()[0], "")] for row in rows]
    write_rows(small.folder / "services.csv", [[*head, "type"], *rows])
    return small


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Forty services of five facilities, printed. To be copied, never changed."""
    folder = tmp_path_factory.mktemp("grande") / "campagne"
    small = write_kinds(write_small(folder, MANY))
    assert small.print().failed == []
    return small


def pages_of(small: Small, folder: str) -> dict[str, Page]:
    found = sorted((small.out / folder).glob("*.html"))
    return {path.relative_to(small.out).as_posix(): Page(path.read_text("utf-8")) for path in found}


def about(page: Page) -> tuple[str, str]:
    (facility,), (service,) = page.values("data-facility"), page.values("data-service")
    return facility, service


def shown_of(small: Small) -> set[tuple[str, str]]:
    return {(place.facility, place.service) for place in list_places(small.out / RESULTS)
            if place.n is not None}  # fmt: skip


def board_of(page: Page) -> tuple[list[str], list[list[str]]]:
    """Columns and rows of the table that is looked at, the first of the page."""
    _, columns, rows = page.tables[0]
    return columns, rows


def test_each_facility_and_each_kind_has_its_page(many):
    facilities = [about(page) for page in pages_of(many, FACILITIES).values()]
    assert facilities == [(hospital, "") for hospital in HOSPITALS]
    counts = Counter(KIND.get(service.split()[0], "") for _, service in shown_of(many))
    enough = [kind for kind in KIND.values() if counts[kind] >= 3]
    assert [about(page) for page in pages_of(many, KINDS).values()] == [("", k) for k in enough]
    assert verify_folder(many.out).problems == ()


def test_the_map_shows_each_facility_in_the_order_of_the_campaign(many):
    page = Page((many.out / COMPARISON).read_text("utf-8"))
    columns, rows = board_of(page)
    assert columns == ["Établissement", "Écoute", "Suites",
                       "Services affichés", "Réponses", "Participation"]  # fmt: skip
    assert [row[0] for row in rows] == [*HOSPITALS, "Toute la campagne"]

    # Each cell is the published score of the facility, each count the published number of answers.
    published = open_published(many.out / RESULTS)
    scores = published.dimension_scores().set_index(["facility", "service", "dimension"])["score"]
    people = published.participation.set_index(["facility", "service"])["n"]
    for row, facility in zip(rows, [*HOSPITALS, ""], strict=True):
        cells = [int(re.match(r"\d+", cell)[0]) for cell in row[1:3]]
        expected = [scores[facility, "", dimension] for dimension in ("ecoute", "suites")]
        assert cells == [int(score + 0.5) for score in expected]
        assert row[4] == str(int(people[facility, ""]))
        own = [place for place in MANY if facility in ("", place[0])]
        shown = [place for place in shown_of(many) if facility in ("", place[0])]
        assert row[3] == f"{len(shown)}/{len(own)}"


def test_the_map_names_no_service(many):
    words = Page((many.out / COMPARISON).read_text("utf-8").split('<nav class="qgdr around"')[0])
    assert not [service for _, service, *_ in MANY if service in words.words]


def test_a_facility_can_be_handed_over_without_the_others(many):
    for page in pages_of(many, FACILITIES).values():
        own, _ = about(page)
        others = [name for facility, service, *_ in MANY if facility != own
                  for name in (facility, service)]  # fmt: skip
        assert not [name for name in others if name in page.words]
        _, rows = board_of(page)
        assert [row[0] for row in rows] == [
            *(service for facility, service, *_ in MANY if facility == own), "L'établissement"
        ]  # fmt: skip


def test_a_hidden_service_is_hidden_on_every_page(many):
    hidden = {place[:2] for place in MANY} - shown_of(many)
    assert hidden
    for page in pages_of(many, FACILITIES).values():
        _, rows = board_of(page)
        for row in rows[:-1]:
            told = [cell.split(",")[0].strip() for cell in row[1:]]
            assert (set(told) == {"–"}) == ((about(page)[0], row[0]) in hidden)
    for page in pages_of(many, KINDS).values():
        assert not [service for _, service in hidden if service in page.words]


def test_a_kind_shows_its_services_and_adds_nothing_up(many):
    for page in pages_of(many, KINDS).values():
        _, kind = about(page)
        _, rows = board_of(page)
        expected = [
            f"{service} {facility}"
            for facility, service, *_ in MANY
            if KIND.get(service.split()[0]) == kind and (facility, service) in shown_of(many)
        ]
        assert [" ".join(row[0].split()) for row in rows] == expected
        assert "ensemble" not in page.words.lower()


def test_the_message_counts_and_ranks_nobody(many):
    for folder in (FACILITIES, KINDS):
        for page in pages_of(many, folder).values():
            (said,) = page.texts["p.headline"]
            assert not [name for facility, service, *_ in MANY
                        for name in (facility, service) if name in said]  # fmt: skip


# The way round


def test_every_link_leads_to_a_page_that_is_there(many, printed):
    for small in (many, printed):
        links = links_between(small.out)
        assert set().union(*links.values()) <= set(links)
        assert all(INDEX in leads for page, leads in links.items() if page != INDEX)


def test_pages_lead_up_down_and_sideways(many):
    links, names = links_between(many.out), {}
    for folder in (SERVICES, FACILITIES, KINDS):
        names |= {page: about(read) for page, read in pages_of(many, folder).items()}
    at = {place: page for page, place in names.items()}
    assert set(at.values()) <= links[INDEX]
    for place in shown_of(many):
        mine = links[at[place]]
        up = {INDEX, COMPARISON, at[place[0], ""]}
        kind = at.get(("", KIND.get(place[1].split()[0], "?")))
        beside = {at[one] for one in shown_of(many) if one[0] == place[0]} - {at[place]}
        assert mine == up | beside | ({kind} if kind else set())
        assert at[place] in links[at[place[0], ""]]
        assert not kind or at[place] in links[kind]
    for hospital in HOSPITALS:
        assert at[hospital, ""] in links[COMPARISON]


def test_the_page_of_a_service_leads_to_no_hidden_service_nor_to_one_elsewhere(many, printed):
    for small in (many, printed):
        pages, shown = pages_of(small, SERVICES), shown_of(small)
        links = links_between(small.out)
        for page, read in pages.items():
            led = {about(pages[one]) for one in links[page] & set(pages)}
            assert led <= shown
            assert {facility for facility, _ in led} <= {about(read)[0]}


def test_the_index_folds_the_services_of_each_facility_and_counts_them(many, printed):
    page = (many.out / INDEX).read_text("utf-8")
    shown = shown_of(many)
    counts = re.findall(r"<summary>(\d+)\s+services, (\d+) prêt, (\d+) effectif", page)
    own = [[place for place in MANY if place[0] == hospital] for hospital in HOSPITALS]
    assert [list(map(int, found)) for found in counts] == [
        [len(places), sum(place[:2] in shown for place in places),
         sum(place[:2] not in shown for place in places)]
        for places in own
    ]  # fmt: skip
    assert " prêt, " not in (printed.out / INDEX).read_text("utf-8")


def test_paper_bears_no_way_round(many):
    style = (many.out / COMPARISON).read_text("utf-8").split("@media print")[1:]
    assert any(re.search(r"nav\.qgdr\.ways, nav\.qgdr\.around \{ display: none", rule)
               for rule in style)  # fmt: skip


# Runs that follow


def test_nothing_is_made_again_when_nothing_changed(many, tmp_path):
    copy = many.copy(tmp_path)
    before = read_folder(copy.out)
    assert copy.print().made == 0
    assert read_folder(copy.out) == before


def test_the_page_of_a_facility_is_made_again_when_what_it_reads_changed(many, tmp_path):
    copy = many.copy(tmp_path)
    known = {place.facility: place.fingerprint for place in list_facilities(copy.out / RESULTS)}
    before = read_folder(copy.out)
    copy.answer_otherwise(*MANY[0][:2])
    assert copy.print().failed == []
    after = read_folder(copy.out)
    moved = [place.facility != "" and known[place.facility] != place.fingerprint
             for place in list_facilities(copy.out / RESULTS)]  # fmt: skip
    pages = sorted(name for name in after if name.startswith(f"{FACILITIES}/"))
    assert [after[name] != before[name] for name in pages] == moved
    assert moved[0]


def test_the_page_of_a_facility_is_proved(many, tmp_path):
    copy = many.copy(tmp_path)
    first, second = sorted((copy.out / FACILITIES).glob("*.html"))[:2]
    first.write_bytes(second.read_bytes())
    problems = verify_folder(copy.out).problems
    assert [problem.file for problem in problems] == [first.relative_to(copy.out).as_posix()]


def test_a_page_of_a_facility_that_is_missing_from_the_manifest_is_told(many, tmp_path):
    copy = many.copy(tmp_path)
    records = {record.page for record in read_records(copy.out)}
    assert {f"{FACILITIES}/0{rank}-hopital-fictif-{letter}.html"
            for rank, letter in enumerate("abcde", start=1)} <= records  # fmt: skip
    assert [place.facility for place in list_facilities(copy.out / RESULTS)] == HOSPITALS


def test_few_facilities_keep_their_services_side_by_side(printed):
    assert not (printed.out / FACILITIES).exists()
    page = Page((printed.out / COMPARISON).read_text("utf-8"))
    assert page.texts["h1"] == ["Les services côte à côte"]
    assert len(page.texts["p.headline"]) == 1
