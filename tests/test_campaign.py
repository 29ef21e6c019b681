"""From a campaign file to a folder of pages, as a consultant runs it."""

import csv
import filecmp
import re
import shutil
from pathlib import Path

import pytest

from qgdr_eval import cli
from qgdr_eval.press import print_campaign
from qgdr_eval.press.folder import MANIFEST, SCORES
from qgdr_eval.press.pages import SERVICE_NOTEBOOK
from qgdr_eval.shipped import shipped
from qgdr_eval.writing import slug
from tests.conftest import HOSTILE, LONG, SERVICES
from tests.reading import Page, plain, text_of

DATE = "2026-03-31"
IN_THIS_PROCESS = ("--date", DATE, "--jobs", 0)


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def folder(campaign_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rapports")
    assert run("report", campaign_file, "--out", out, "--date", DATE) == 0
    return out


def pages(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.html"))
    }


def test_one_page_per_service_the_comparison_and_the_index(folder):
    names = list(pages(folder))
    assert len([name for name in names if name.startswith("services")]) == len(SERVICES)
    assert {"index.html", "comparaison.html"} <= set(names)
    assert not list(folder.rglob("*.part"))


def test_the_index_leads_to_every_page_and_nowhere_else(folder):
    links = Page(pages(folder)["index.html"]).links
    assert {href for href, _ in links} == set(pages(folder)) - {"index.html"}


def test_each_page_is_of_its_own_service(folder):
    for (facility, service, *_), (_, page) in zip(
        SERVICES,
        [one for one in pages(folder).items() if one[0].startswith("services")],
        strict=True,
    ):
        assert Page(page).texts["h1"] == [plain(service)]
        assert plain(facility) in text_of(page)


def test_the_same_campaign_twice_gives_the_same_bytes(folder, campaign_file, tmp_path):
    assert run("report", campaign_file, "--out", tmp_path, "--date", DATE, "--jobs", 1) == 0
    first, again = (
        sorted(p.relative_to(d) for d_ in [d] for p in d.rglob("*") if p.is_file())
        for d in (folder, tmp_path)
    )
    assert first == again
    _, different, unread = filecmp.cmpfiles(folder, tmp_path, map(str, first), shallow=False)
    assert (different, unread) == ([MANIFEST], [])  # which also says how long each page took


def test_hostile_names_stay_text(folder):
    for page in pages(folder).values():
        assert "<script" not in page
    assert LONG[:40] in " ".join(pages(folder).values())
    assert all(len(path.name) < 80 for path in folder.rglob("*"))


def test_a_hidden_service_leaves_no_number_in_the_exported_scores(folder):
    with (folder / SCORES).open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["service"] == "Équipe de nuit"]
    assert rows
    assert {row[key] for row in rows for key in ("n", "n_valid", "score", "low", "high")} == {""}


def test_pages_do_not_depend_on_the_answers_of_a_hidden_service(folder, campaign_file, tmp_path):
    """Four other people with opposite answers in « Équipe de nuit »: every page stays the same.

    Only the fingerprint of all answers changes; no figure of five people, not even their number,
    reaches a page, a table or the totals.
    """
    changed = tmp_path / "campagne"
    shutil.copytree(campaign_file.parent, changed)
    table = changed / "reponses.csv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    theirs = [line for line in lines if ";Équipe de nuit;" in line]
    others = [line for line in lines if line not in theirs]
    swapped = [_opposite(line) for line in theirs[:-1]]
    table.write_text("".join(others + swapped), encoding="utf-8")
    assert (
        run(
            "report",
            changed / "campagne.yml",
            "--out",
            tmp_path / "out",
            "--date",
            DATE,
            "--jobs",
            0,
        )
        == 0
    )
    assert _without_digest(pages(tmp_path / "out")) == _without_digest(pages(folder))


def _opposite(line: str) -> str:
    pairs = [("Pas du tout d'accord", "Tout à fait d'accord"), ("Jamais", "Toujours")]
    for one, other in pairs:
        line = line.replace(one, "§").replace(other, one).replace("§", other)
    return line


def _without_digest(texts: dict[str, str]) -> dict[str, str]:
    return {name: re.sub(r"[0-9a-f]{8,64}", "", text) for name, text in texts.items()}


def test_pages_say_how_they_were_made(folder):
    for name, page in pages(folder).items():
        if name != "index.html":
            assert re.search(r"[0-9a-f]{64}", page), name
            assert "culture_securite" in page
            assert "31 mars 2026" in page


def test_a_failing_service_stops_no_other(folder, campaign_file, tmp_path):
    """A notebook adapted beside the campaign that breaks for one service: its cause is told."""
    own = tmp_path / "campagne"
    shutil.copytree(campaign_file.parent, own)
    shutil.copytree(shipped("notebooks"), own / "notebooks")
    broken = own / "notebooks" / SERVICE_NOTEBOOK
    line = '"team.masthead(report, report_date)"'
    wrong = "assert (facility, service) != ('EHPAD fictif', 'Médecine')"
    assert line in broken.read_text("utf-8")
    broken.write_text(
        broken.read_text("utf-8").replace(line, f'"{wrong}\\n",\n    {line}'), encoding="utf-8"
    )
    out = tmp_path / "out"
    shutil.copytree(folder, out)
    old = out / "services" / "04-medecine.html"
    assert old.exists()
    failed = print_campaign(
        own / "campagne.yml", out, report_date=DATE, own_notebooks=True, jobs=0
    ).failed
    assert [(page.facility, page.service) for page in failed] == [("EHPAD fictif", "Médecine")]
    assert "AssertionError" in failed[0].cause
    assert not old.exists()
    assert "en échec" in (out / "index.html").read_text("utf-8")
    assert len(list((out / "services").glob("*.html"))) == len(SERVICES) - 1


def test_no_page_of_an_earlier_run_stays(folder, campaign_file, tmp_path):
    """A team shown once, then renamed or hidden: its old page must not stay beside the new one.

    The manifest names it; a file that nothing of ours names is somebody's, and stays.
    """
    out = tmp_path / "out"
    shutil.copytree(folder, out)
    old, theirs = out / "services" / "77-ancien.html", out / "services" / "78-notes.html"
    first = sorted((out / "services").glob("*.html"))[0]
    shutil.copy(first, old)
    theirs.write_text("somebody's notes")
    lines = (out / MANIFEST).read_text("utf-8").splitlines(keepends=True)
    line = next(line for line in lines if first.name in line)
    lines.insert(1, line.replace(first.name, old.name).rstrip(",\n") + ",\n")
    (out / MANIFEST).write_text("".join(lines), encoding="utf-8")
    assert run("report", campaign_file, "--out", out, *IN_THIS_PROCESS) == 0
    assert theirs.read_text() == "somebody's notes"
    theirs.unlink()
    assert pages(out) == pages(folder)


def test_the_folder_of_another_campaign_is_left_alone(folder, campaign_file, tmp_path):
    other = tmp_path / "campagne"
    shutil.copytree(campaign_file.parent, other)
    file = other / "campagne.yml"
    file.write_text(file.read_text("utf-8").replace("id: essai", "id: autre"), encoding="utf-8")
    assert run("report", file, "--out", folder, *IN_THIS_PROCESS) == 1
    assert len(pages(folder)) == len(SERVICES) + 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Médecine / Gériatrie", "medecine-geriatrie"),
        ("../../etc/passwd", "etc-passwd"),
        ("🙂", "service"),
        ("", "service"),
        ("CON", "con"),
        ("a" * 300, "a" * 60),
        (HOSTILE, None),
    ],
)
def test_a_slug_is_short_plain_and_no_path(name, expected):
    made = slug(name)
    assert re.fullmatch(r"[a-z0-9-]{1,60}", made)
    assert expected in (None, made)
