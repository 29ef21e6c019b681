"""Editions beside the pages: ordered, proved, made once, told by the index, verified."""

from pathlib import Path

import pytest

from qgdr_eval.instruments import load_instrument
from qgdr_eval.press import verify_folder
from qgdr_eval.press.editions import choose_editions
from qgdr_eval.press.folder import INDEX
from qgdr_eval.problems import Refused
from tests.press.campaigns import Small, read_folder, write_small
from tests.reading import Page

BOTH = ("affiche", "une_page")
DOCUMENTS = 8  # two editions of four services


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A small campaign printed with its editions. To be copied, never changed."""
    small = write_small(tmp_path_factory.mktemp("editions") / "campagne")
    outcome = small.print(editions=BOTH)
    assert (outcome.made, outcome.failed) == (5 + DOCUMENTS, [])
    return small


@pytest.fixture
def printed(once: Small, tmp_path: Path) -> Small:
    return once.copy(tmp_path)


def documents(small: Small) -> dict[str, bytes]:
    return {name: page for name, page in read_folder(small.out).items() if name.endswith(".pdf")}


def test_each_service_has_each_edition_named_as_its_page_is(once):
    pages = {path.stem for path in (once.out / "services").iterdir()}
    assert len(documents(once)) == DOCUMENTS
    for edition in BOTH:
        assert {path.stem for path in (once.out / "editions" / edition).iterdir()} == pages


def test_an_unchanged_rerun_makes_none(printed):
    before = read_folder(printed.out)
    outcome = printed.print(editions=BOTH)
    assert (outcome.standing, outcome.made) == (5 + DOCUMENTS, 0)
    assert documents(printed) == {k: v for k, v in before.items() if k.endswith(".pdf")}


def test_only_the_service_that_changed_is_made_again(printed):
    before = documents(printed)
    printed.edit("services.csv", "Chirurgie;20", "Chirurgie;21")
    outcome = printed.print(editions=BOTH)
    assert (outcome.made, outcome.standing) == (2 + 2, 3 + 6)  # its page, the comparison
    changed = {name for name, page in documents(printed).items() if before[name] != page}
    assert {Path(name).stem for name in changed} == {"02-chirurgie"}
    assert len(changed) == 2


def test_editions_no_longer_asked_are_removed_and_the_pages_stand(printed):
    outcome = printed.print(editions=("affiche",))
    assert (outcome.standing, outcome.made) == (5 + DOCUMENTS // 2, 0)
    assert {name.split("/")[1] for name in documents(printed)} == {"affiche"}


def test_a_changed_edition_is_made_again_and_no_page_is(printed, tmp_path):
    from qgdr_eval.editions import open_edition

    own = tmp_path / "la_notre"
    own.mkdir()
    for path in open_edition("affiche").folder.iterdir():
        text = path.read_text("utf-8").replace("id: affiche", "id: la_notre")
        (own / path.name).write_text(text, encoding="utf-8")
    assert printed.print(editions=(str(own),)).made == DOCUMENTS // 2
    edition = (own / "edition.yml").read_text("utf-8")
    (own / "edition.yml").write_text(edition.replace("pilot: Qui", "pilot: Pilote"), "utf-8")
    again = printed.print(editions=(str(own),))
    assert (again.standing, again.made) == (5, DOCUMENTS // 2)


def test_a_folder_with_editions_is_verified(once):
    verdict = verify_folder(once.out)
    assert (verdict.pages, verdict.problems) == (5 + DOCUMENTS, ())


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes() + b" "), "a changé"),
        (lambda path: path.unlink(), "manque"),
        (lambda path: path.with_name("99-autre.pdf").write_bytes(b"%PDF-"), "n'est pas de cette"),
    ],
)
def test_a_document_that_was_touched_is_found(printed, spoil, said):
    spoil(next((printed.out / "editions" / "affiche").iterdir()))
    (problem,) = verify_folder(printed.out).problems
    assert said in problem.what


def test_somebody_s_pdf_beside_the_index_is_left_alone_and_one_of_ours_is_found(printed):
    (printed.out / "notes.pdf").write_bytes(b"%PDF-1.4 notes")
    assert verify_folder(printed.out).problems == ()
    ours = next((printed.out / "editions" / "affiche").iterdir()).read_bytes()
    (printed.out / "copie.pdf").write_bytes(ours)
    (problem,) = verify_folder(printed.out).problems
    assert problem.file == "copie.pdf"


def test_a_document_of_another_service_in_its_place_is_found(printed):
    first, second = sorted((printed.out / "editions" / "affiche").iterdir())[:2]
    first.write_bytes(second.read_bytes())
    assert len(verify_folder(printed.out).problems) == 1


def test_the_index_leads_to_each_edition(once):
    page = Page((once.out / INDEX).read_text("utf-8"))
    assert {href for href, _ in page.links if href.endswith(".pdf")} == set(documents(once))


def test_nothing_is_printed_when_an_edition_cannot_be(tmp_path):
    small = write_small(tmp_path / "campagne")
    for editions in (("affche",), ("affiche", "affiche")):
        with pytest.raises(Refused):
            small.print(editions=editions)
    assert not small.out.exists()


def test_an_edition_is_made_of_the_campaigns_it_suits_and_refused_when_it_suits_none():
    team, levels, person = map(
        load_instrument, ("culture_securite", "maturite_securite", "leadership_securite_soi")
    )
    assert [one.edition.id for one in choose_editions(["usagers"], [levels, team])] == ["usagers"]
    for instruments in ([levels], [person], [person, levels]):
        with pytest.raises(Refused):
            choose_editions(["usagers"], instruments)
