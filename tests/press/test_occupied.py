"""Files of somebody else where reports are to be written: none is written over, none removed."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from qgdr_eval.press.folder import COMPARISON, INDEX, JOURNAL, LOCK, MANIFEST, RESULTS, SCORES
from qgdr_eval.problems import Refused
from tests.press.campaigns import Small, read_folder, write_small
from tests.press.programmes import SmallProgramme, write_small_programme

FIRST, SECOND = "services/01-medecine.html", "services/02-chirurgie.html"
THEIRS = "<!DOCTYPE html><h1>Le site du service</h1>"
IN_THE_WAY = [
    INDEX,
    COMPARISON,
    FIRST,
    f"{INDEX}.part",
    RESULTS,
    SCORES,
    MANIFEST,
    JOURNAL,
    LOCK,
    f"{SCORES}.part",
    f"{SECOND}.part",
]
ABOVE = [
    INDEX,
    "etablissements/01-hopital-fictif.html",
    "poles/01-pole-medecine.html",
    "plans/02-pole-medecine.html",
    "donnees/programme.json",
    f"equipes/{INDEX}",
    "equipes/services/01-medecine.html",
    "dossiers/donnees/scores.csv",
]
BESIDE = [
    "notes.html",
    "index.htm",
    "brouillon.part",
    "services/01-medecine-2025.html",
    "services/archives/01-medecine.html",
    "services/01-medecine.html.bak",
    "services/01-medecine.part",
    "plans/plan.pdf",
    "donnees/reponses.csv",
    "donnees/scores.xlsx",
    "fichiers/index.html",
]


def put(out: Path, names: Iterable[str], text: str = THEIRS) -> dict[str, bytes]:
    """Files of somebody else; gives the folder as it is then."""
    for name in names:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    return read_folder(out)


def refused(small: Small | SmallProgramme, out: Path) -> str:
    with pytest.raises(Refused) as told:
        small.print(out)
    return str(told.value).replace("\u202f", " ")


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return write_small(tmp_path / "campagne")


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_a_file_that_would_be_written_over_stops_the_run(small, name):
    before = put(small.out, [name, "notes.txt"])
    for _ in range(2):  # what is refused once leaves nothing that lets it pass the next time
        told = refused(small, small.out)
        assert f"« {name} »" in told
        assert "choisissez un autre dossier" in told
        assert read_folder(small.out) == before


def test_every_file_in_the_way_is_told_at_once(small):
    put(small.out, [INDEX, SCORES])
    assert f"« {INDEX} », « {SCORES} »" in refused(small, small.out)
    (small.out / INDEX).unlink()
    (small.out / SCORES).unlink()
    put(small.out, [FIRST, SECOND])
    assert f"« {FIRST} », « {SECOND} »" in refused(small, small.out)


def test_files_that_are_not_in_the_way_are_left_alone(small):
    before = put(small.out, BESIDE)
    assert small.print().failed == []
    small.print(again=True)
    assert before.items() <= read_folder(small.out).items()


def test_a_folder_that_has_the_name_of_a_page_stops_the_run(small):
    before = put(small.out, [f"{FIRST}/a-garder.txt"])
    assert f"« {FIRST} »" in refused(small, small.out)
    assert read_folder(small.out) == before


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a right of their own there")
@pytest.mark.parametrize("name", [INDEX, FIRST, LOCK, f"{INDEX}.part"])
@pytest.mark.parametrize("there", [True, False])
def test_a_link_to_a_file_elsewhere_stops_the_run(small, tmp_path, name, there):
    target = tmp_path / "ailleurs.html"
    if there:
        target.write_text(THEIRS, encoding="utf-8")
    (small.out / name).parent.mkdir(parents=True)
    (small.out / name).symlink_to(target)
    assert f"« {name} »" in refused(small, small.out)
    assert (small.out / name).is_symlink()
    assert target.exists() == there
    assert not there or target.read_text("utf-8") == THEIRS


def test_a_page_of_theirs_among_ours_is_not_written_over(printed):
    """The folder is ours, the file is not: no manifest names it, and it has no stamp of ours."""
    other = printed.keep((*printed.services, ("EHPAD fictif", "Unité", 20, 12)))
    theirs = "services/05-unite.html"
    before = put(printed.out, [theirs])
    with pytest.raises(Refused, match="05-unite"):
        other.print()
    after = read_folder(printed.out)
    assert {name: after[name] for name in before if not name.startswith("donnees/")} == {
        name: content for name, content in before.items() if not name.startswith("donnees/")
    }
    (printed.out / theirs).unlink()
    assert other.print().failed == []


def test_a_folder_copied_elsewhere_goes_on(printed, tmp_path):
    copied = tmp_path / "copie"
    shutil.copytree(printed.out, copied)
    (copied / LOCK).unlink(missing_ok=True)  # an archive may leave an empty file out
    assert printed.print(copied).made == 0


@pytest.mark.parametrize("left", [LOCK, RESULTS, MANIFEST])
def test_one_mark_of_ours_is_enough_to_go_on(printed, left):
    """A run killed early leaves its lock; the page that opens the folder may be there already."""
    for path in (printed.out / "donnees").iterdir():
        if path != printed.out / left:
            path.unlink()
    assert printed.print().failed == []


def test_only_pages_have_a_record_that_can_have_them_removed(printed, tmp_path):
    """A manifest somebody wrote names files outside of the folder, or that are no pages."""
    lost = tmp_path / "precieux.html"
    lost.write_text(THEIRS, encoding="utf-8")
    kept = put(printed.out, ["services/notes.html", "autre/01-medecine.html"])
    manifest = printed.out / MANIFEST
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    line = next(line for line in lines if FIRST in line).rstrip(",\n")
    for name in ("../precieux.html", "services/notes.html", "autre/01-medecine.html", str(lost),
                 "services/../../precieux.html", "reponses.csv"):  # fmt: skip
        lines.insert(1, line.replace(FIRST, name) + ",\n")
    manifest.write_text("".join(lines), encoding="utf-8")
    printed.print()
    assert lost.exists()
    assert all((printed.out / name).exists() for name in kept if not name.startswith("donnees/"))


@pytest.mark.parametrize("name", ABOVE)
def test_a_file_in_the_way_of_a_programme_stops_the_run(tmp_path, name):
    small = write_small_programme(tmp_path / "programme")
    before = put(small.out, [name, "equipes/notes.txt"])
    told = refused(small, small.out)
    assert Path(name).name in told
    assert before.items() <= read_folder(small.out).items()
    assert before == read_folder(small.out) or name.startswith("etablissements")
    assert not (small.out / "donnees" / "verrou").exists()


def test_a_programme_is_printed_around_its_own_files(tmp_path):
    small = write_small_programme(tmp_path / "rapports" / "fichiers")
    before = put(small.folder.parent, ["equipes/notes.txt", "plans/plan.html"])
    assert small.print(small.folder.parent).failed == []
    assert before.items() <= read_folder(small.folder.parent).items()
