"""A folder of reports: one campaign, one run at a time, nothing outside, whatever the names."""

import os
import re
import shutil
from pathlib import Path

import pytest

from qgdr_eval import cli
from qgdr_eval.french import typography
from qgdr_eval.press import verify_folder
from qgdr_eval.press.folder import COMPARISON, INDEX, JOURNAL, LOCK, MANIFEST
from qgdr_eval.press.progress import Step
from qgdr_eval.problems import Refused
from tests.press.campaigns import CAMPAIGN, SERVICES, Small, read_folder, write_small
from tests.reading import Page, plain

LONG = "Unité " + "très " * 58 + "longue"
AWKWARD = [  # facility, service: what has been seen to break file names, links, pages or tables
    ("Hôpital A/B", "Médecine"),
    ("Hôpital A/B", "../../../etc/passwd"),
    ("Hôpital A/B", "..\\..\\autre"),
    ("Hôpital A/B", ".."),
    ("Hôpital A/B", ".caché"),
    ("Hôpital A/B", "Urgences / SMUR"),
    ("Hôpital A/B", "Urgences SMUR"),
    ("Hôpital A/B", "urgences-smur"),
    ("../dehors", "CON"),
    ("../dehors", "nul.html"),
    ("../dehors", "Médecine"),
    ("../dehors", "🙂🏥"),
    ("../dehors", "🙂"),
    ("CON", LONG),
    ("CON", LONG + "!"),
    ("CON", 'L\'« équipe » "A" & <b>B</b>'),
    ("CON", "' onclick='alert(1)"),
    ("CON", "<!--fixe--></h1><script>alert(1)</script><!--/fixe-->"),
    ("CON", "&amp; &lt;déjà&gt; %2e%2e%2f"),
    ("עברית", "\u202etxt.liavart"),
    ("עברית", "שירות \u200fא"),
    ("עברית", "=1+1"),
    ("עברית", "-rf ~"),
    ("עברית", "index"),
    ("עברית", "comparaison"),
]


def read(path: Path) -> Page:
    """A page on which nothing runs."""
    page = Page(path.read_text("utf-8"))
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "script" not in page.tags
    return page


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Small:
    folder = tmp_path_factory.mktemp("noms")
    services = [(facility, service, 8, 6) for facility, service in AWKWARD]
    return write_small(folder / "campagne", services)


def test_awkward_names_lead_where_they_should_and_nowhere_else(awkward):
    parent = awkward.out.parent
    around = {path for path in parent.parent.rglob("*") if awkward.out not in path.parents}
    outcome = awkward.print()
    assert outcome.failed == []
    after = {path for path in parent.parent.rglob("*") if awkward.out not in path.parents}
    beside = awkward.folder / "publications"
    assert {path for path in after - around if beside not in path.parents} == {awkward.out, beside}

    names = [path.relative_to(awkward.out).as_posix() for path in awkward.out.rglob("*.html")]
    assert all(re.fullmatch(r"[a-z0-9./-]{1,99}", name) for name in names)
    assert len({name.casefold() for name in names}) == len(AWKWARD) + 2

    index = read(awkward.out / INDEX)
    comparison, *links = index.links
    assert comparison == (COMPARISON, "Les services côte à côte")
    assert {href for href, _ in index.links} == set(names) - {INDEX}
    for (href, text), place in zip(links, AWKWARD, strict=True):
        page = read(awkward.out / href)
        assert (*page.values("data-facility"), *page.values("data-service")) == place
        assert page.texts["h1"] == [text] == [plain(typography(place[1]))]
    assert verify_folder(awkward.out).problems == ()


def test_services_without_a_facility(tmp_path):
    rows = [("", "Médecine", 20, 12), ("", "Chirurgie", 20, 12)]
    campaign = CAMPAIGN.replace("facility: Établissement, ", "")
    small = write_small(tmp_path / "campagne", rows, campaign=campaign)
    roster = "service;effectif\nMédecine;20\nChirurgie;20\n"
    (small.folder / "services.csv").write_text(roster, encoding="utf-8")
    outcome = small.print()
    assert (outcome.made, outcome.failed) == (3, [])
    assert verify_folder(small.out).problems == ()


# One run, one campaign, one folder


def report(small: Small, out: Path | str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["report", str(small.file), "--out", str(out), "--jobs", "0"])
    return int(left.value.code or 0)


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    shown = capsys.readouterr()
    assert shown.out == ""
    return typography(shown.err)


def plain_told(capsys: pytest.CaptureFixture[str]) -> str:
    return refusal(capsys).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def test_a_second_run_on_the_same_folder_is_refused(printed, capsys):
    codes = []

    def run_again(step: Step) -> None:
        before = read_folder(printed.out)
        codes.append(report(printed, printed.out))
        assert read_folder(printed.out) == before

    (printed.out / COMPARISON).unlink()
    assert printed.print(tell=run_again).made == 1
    assert codes == [1]
    assert refusal(capsys) == typography(
        f"{printed.out} : une autre commande y écrit des rapports en ce moment\n"
        "    → attendez qu'elle ait fini, ou choisissez un autre dossier\n"
    )
    assert verify_folder(printed.out).problems == ()


def test_two_runs_on_two_folders_go_together(printed, tmp_path):
    (printed.out / COMPARISON).unlink()
    made = []
    printed.print(tell=lambda step: made.append(printed.print(tmp_path / "autre").made))
    assert made == [5]
    assert verify_folder(printed.out).problems == ()
    assert verify_folder(tmp_path / "autre").problems == ()


def test_the_folder_of_another_campaign_is_refused_and_left_as_it_was(printed, tmp_path, capsys):
    other = printed.copy(tmp_path / "autre")
    other.edit("campagne.yml", "id: petite", "id: autre")
    before = read_folder(printed.out)
    assert report(other, printed.out) == 1
    assert refusal(capsys) == typography(
        f"{printed.out} : ce dossier contient les rapports d'une autre campagne, « petite »\n"
        "    → choisissez un autre dossier, ou videz celui-ci\n"
    )
    assert read_folder(printed.out) == before
    assert verify_folder(printed.out).problems == ()


def test_a_file_where_the_folder_should_be_is_refused(printed, capsys):
    file = printed.folder / "rapport.html"
    file.write_text("déjà là", encoding="utf-8")
    assert report(printed, file) == 1
    assert refusal(capsys) == typography(
        f"{file} : c'est un fichier, il faut un dossier\n    → changez de nom\n"
    )
    assert file.read_text("utf-8") == "déjà là"


@pytest.mark.parametrize("name", ["donnees", "services"])
def test_a_file_where_a_folder_of_ours_should_be_is_told(printed, tmp_path, capsys, name):
    out = tmp_path / "neuf"
    out.mkdir()
    (out / name).write_text("déjà là", encoding="utf-8")
    assert report(printed, out) == 1
    assert f"ce dossier contient déjà « {name} », qu'il faudrait remplacer" in plain_told(capsys)
    assert read_folder(out) == {name: "déjà là".encode()}


def test_a_refused_campaign_leaves_no_folder(tmp_path, capsys):
    small = write_small(tmp_path / "campagne")
    small.edit("campagne.yml", "instrument: instrument.yml", "instrument: absent.yml")
    assert report(small, small.out) == 1
    assert "absent.yml" in refusal(capsys)
    assert not small.out.exists()


def test_a_refused_campaign_leaves_the_reports_of_before(printed, capsys):
    before = read_folder(printed.out)
    printed.edit("reponses.csv", "Identifiant", "Autre chose")
    assert report(printed, printed.out) == 1
    assert "Identifiant" in refusal(capsys)
    assert read_folder(printed.out) == before
    assert verify_folder(printed.out).problems == ()


UNWRITTEN = typography("la page n'a pas pu être écrite : un dossier porte ce nom")
NO_RIGHTS = typography(
    "la page n'a pas pu être écrite : fichier ouvert ailleurs, ou droits manquants"
)


def in_the_way(path: Path) -> None:
    """A folder with something in it, where a file must go: nothing can replace it."""
    path.unlink(missing_ok=True)
    path.mkdir()
    (path / "a-garder.txt").write_text("déjà là", encoding="utf-8")


@pytest.mark.parametrize("name", ["services/02-chirurgie.html", COMPARISON])
def test_a_page_that_cannot_be_written_stops_no_other(printed, name):
    in_the_way(printed.out / name)
    printed.answer_otherwise(*SERVICES[3][:2])
    outcome = printed.print()
    assert [(page.page, typography(page.cause)) for page in outcome.failed] == [(name, UNWRITTEN)]
    assert (printed.out / name / "a-garder.txt").exists()
    assert not list(printed.out.rglob("*.part"))
    shutil.rmtree(printed.out / name)
    outcome = printed.print()
    assert (outcome.made, outcome.failed) == (1, [])
    assert verify_folder(printed.out).problems == ()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_pages_in_a_folder_without_rights_fail_alone(printed):
    (printed.out / "services" / "02-chirurgie.html").unlink()
    (printed.out / "services").chmod(0o555)
    try:
        outcome = printed.print()
    finally:
        (printed.out / "services").chmod(0o755)
    assert [typography(page.cause) for page in outcome.failed] == [NO_RIGHTS]


def test_what_a_person_keeps_beside_the_reports_stays(printed):
    """A note, a folder of their own, an archive: only pages come and go."""
    kept = ["lisez-moi.txt", "archives/2025.html", "services/plan.pdf", "donnees/notes.txt"]
    for name in kept:
        (printed.out / name).parent.mkdir(exist_ok=True)
        (printed.out / name).write_text("à moi", encoding="utf-8")
    printed.print(again=True)
    assert all((printed.out / name).read_text("utf-8") == "à moi" for name in kept)
    assert verify_folder(printed.out).problems == ()


@pytest.mark.parametrize("names", [[], ["notes.txt"]])
def test_a_refused_campaign_leaves_a_folder_as_it_was(tmp_path, names):
    small = write_small(tmp_path / "campagne")
    small.edit("campagne.yml", "instrument: instrument.yml", "instrument: absent.yml")
    small.out.mkdir()
    for name in names:
        (small.out / name).write_text("à moi", encoding="utf-8")
    with pytest.raises(Refused):
        small.print()
    assert [path.name for path in small.out.iterdir()] == names


def test_a_finished_folder_holds_what_it_says_and_nothing_else(printed):
    names = set(read_folder(printed.out))
    assert JOURNAL not in names
    assert names - {LOCK} == {
        INDEX,
        COMPARISON,
        MANIFEST,
        "donnees/resultats.sqlite",
        "donnees/scores.csv",
        "services/01-medecine.html",
        "services/02-chirurgie.html",
        "services/03-equipe-de-nuit.html",
        "services/04-medecine.html",
    }
