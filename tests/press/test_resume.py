"""A run makes what is missing and nothing else, whatever stopped the one before."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from qgdr_eval.press import verify_folder
from qgdr_eval.press.folder import INDEX, JOURNAL, MANIFEST, RESULTS, SCORES
from qgdr_eval.press.pages import COMPARISON_NOTEBOOK, SERVICE_NOTEBOOK
from qgdr_eval.problems import Refused
from tests.press.campaigns import (
    DATE,
    SERVICES,
    Small,
    read_folder,
    without_seconds,
    write_small,
)
from tests.thorough import sampled

PAGES = {
    "01": "services/01-medecine.html",
    "02": "services/02-chirurgie.html",
    "night": "services/03-equipe-de-nuit.html",
    "04": "services/04-medecine.html",
    "side by side": "comparaison.html",
}
BY_SERVICE = PAGES.keys() - {"side by side"}
A = "Hôpital fictif A"
Moment = tuple[int, str, str, int]


def page(small: Small, which: str) -> Path:
    return small.out / PAGES[which]


def answers_of(service: str) -> Callable[[Small], None]:
    return lambda small: small.answer_otherwise(A, service)


def text(name: str, old: str, new: str) -> Callable[[Small], None]:
    return lambda small: small.edit(name, old, new)


def notebook(name: str, *lines: str, before: str = "masthead") -> Callable[[Small], object]:
    return lambda small: small.adapt(name, *lines, before=before)


def edit_by_hand(small: Small) -> None:
    page(small, "02").write_bytes(page(small, "02").read_bytes().replace(b"Chirurgie", b"Chir."))


def save_with_outputs(small: Small) -> None:
    """What JupyterLab leaves in a notebook that was run and saved."""
    path = small.adapt(SERVICE_NOTEBOOK)
    made = nbformat.read(path, as_version=4)
    for rank, cell in enumerate(cell for cell in made.cells if cell.cell_type == "code"):
        cell.execution_count = rank + 1
        cell.metadata["collapsed"] = False
        cell.outputs = [new_output("stream", text="déjà vu")]
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, path)


def write_module_beside(small: Small) -> None:
    small.adapt(SERVICE_NOTEBOOK)
    (small.folder / "notebooks" / "outils.py").write_text("SEUIL = 3\n")


NOTHING: tuple[str, ...] = ()
ALL = tuple(PAGES)
CHANGES = {
    "nothing": (None, NOTHING),
    # What is pooled over the campaign moves with them, and every interval that rests on it.
    "the answers of one service": (answers_of("Chirurgie"), ALL),
    "the answers of a hidden service": (answers_of("Équipe de nuit"), NOTHING),
    "the head count of one service": (
        text("services.csv", "Chirurgie;20", "Chirurgie;21"),
        ("02", "side by side"),
    ),
    "a head count no longer known": (
        text("services.csv", "Chirurgie;20", "Chirurgie;"),
        ("02", "side by side"),
    ),
    "a comment in the campaign file": (text("campagne.yml", "id: petite", "# moi\nid: petite"), ()),
    "the title": (text("campagne.yml", "Petite campagne", "Une campagne"), ALL),
    "the name of a dimension": (text("instrument.yml", "label: Écoute", "label: L'écoute"), ALL),
    "a page edited by hand": (edit_by_hand, ("02",)),
    "a page deleted": (lambda small: page(small, "04").unlink(), ("04",)),
    "the comparison deleted": (
        lambda small: page(small, "side by side").unlink(),
        ("side by side",),
    ),
    "the kit's notebooks copied": (notebook(SERVICE_NOTEBOOK), NOTHING),
    "the service notebook": (notebook(SERVICE_NOTEBOOK, "# à nous"), BY_SERVICE),
    "the comparison notebook": (notebook(COMPARISON_NOTEBOOK, "# à nous"), ("side by side",)),
    "a parameter added": (notebook(SERVICE_NOTEBOOK, "seuil = 3", before="parameters"), BY_SERVICE),
    "a notebook saved with its outputs": (save_with_outputs, NOTHING),
    "a module beside the notebooks": (write_module_beside, ALL),
}  # fmt: skip


def stamps(small: Small) -> dict[str, int]:
    return {
        which: (small.out / name).stat().st_mtime_ns
        for which, name in PAGES.items()
        if (small.out / name).exists()
    }


def remade(small: Small, **options: object) -> set[str]:
    """The pages a run makes, by what it tells and by what stands on disk."""
    before, told = stamps(small), []
    outcome = small.print(tell=told.append, **options)
    after = stamps(small)
    touched = {which for which in after if after[which] != before.get(which)}
    assert (outcome.made, outcome.standing) == (len(touched), len(after) - len(touched))
    assert [(step.done, step.total) for step in told] == [
        (rank, len(touched)) for rank in range(1, len(touched) + 1)
    ]
    assert outcome.failed == []
    assert verify_folder(small.out).problems == ()
    return touched


@pytest.mark.parametrize("what", CHANGES)
def test_only_the_pages_of_what_changed_are_made_again(printed, what):
    change, expected = CHANGES[what]
    if change is not None:
        change(printed)
    assert remade(printed) == set(expected)
    assert remade(printed) == set()


def test_other_external_values_are_on_every_page_that_shows_them(printed):
    printed.edit("reference.csv", "ecoute;60", "ecoute;61")
    shown = set(PAGES) - {"night"}
    assert shown <= remade(printed)


def test_asked_again_every_page_is_made(printed):
    before = read_folder(printed.out)
    assert remade(printed, again=True) == set(PAGES)
    assert without_seconds(read_folder(printed.out)) == without_seconds(before)


@pytest.mark.parametrize(
    ("date", "expected"), [("", set()), (DATE, set()), ("2026-04-01", set(PAGES))]
)
def test_a_page_keeps_its_date_until_another_is_asked(printed, date, expected):
    assert remade(printed, report_date=date) == expected
    shown = page(printed, "01").read_text("utf-8")
    assert ("1er avril 2026" if expected else "31 mars 2026") in shown


def test_a_changed_page_bears_today_beside_pages_that_keep_their_day(printed):
    printed.edit("services.csv", "Chirurgie;20", "Chirurgie;21")
    assert remade(printed, report_date="") == {"02", "side by side"}
    assert "31 mars 2026" in page(printed, "01").read_text("utf-8")
    assert "31 mars 2026" not in page(printed, "02").read_text("utf-8")


def test_a_parameter_given_another_value_makes_the_pages_of_its_notebook_again(printed):
    printed.adapt(SERVICE_NOTEBOOK, "seuil = 3", before="parameters")
    assert remade(printed) == BY_SERVICE
    assert remade(printed, parameters={"seuil": 3}) == set()
    assert remade(printed, parameters={"seuil": 4}) == BY_SERVICE


def test_a_service_that_left_has_no_page_any_more(printed):
    left = printed.keep(SERVICES[:-1])
    assert remade(left) == set(PAGES) - {"04"}  # of two services, nothing is pooled any more
    assert not page(printed, "04").exists()


def test_a_service_that_left_the_middle_has_no_page_any_more(printed):
    left = printed.keep((*SERVICES[:1], *SERVICES[2:]))
    left.print()
    assert verify_folder(left.out).problems == ()
    assert {path.name for path in (left.out / "services").iterdir()} == {
        "01-medecine.html",
        "02-equipe-de-nuit.html",
        "03-medecine.html",
    }


def test_pages_made_again_are_those_of_a_fresh_folder(printed, tmp_path):
    printed.answer_otherwise(A, "Chirurgie")
    printed.print()
    updated = read_folder(printed.out)
    printed.out.rename(tmp_path / "avant")
    printed.print()
    assert without_seconds(updated) == without_seconds(read_folder(printed.out))


def test_no_page_of_a_service_stays_half_written(printed):
    """What a killed run leaves of a page that nobody asks for any more: its journal names it."""
    half = page(printed, "04").with_name("04-medecine.html.part")
    page(printed, "04").rename(half)
    (printed.out / MANIFEST).rename(printed.out / JOURNAL)
    lines = (printed.out / JOURNAL).read_text("utf-8").splitlines(keepends=True)
    lines = [line for line in lines if "04-medecine" not in line]
    lines.insert(1, f'{{"ordered": ["{PAGES["04"]}"]}}\n')
    (printed.out / JOURNAL).write_text("".join(lines), encoding="utf-8")
    printed.keep(SERVICES[:-1]).print()
    assert not half.exists()


# What a crash leaves behind


@dataclass(frozen=True)
class Whole:
    """A campaign, and the folder of an uninterrupted run."""

    small: Small
    files: dict[str, object]


TEAMS = [("Hôpital fictif A", f"Équipe {rank}", 20 + rank, 11 + rank) for rank in range(4)]
MOMENTS = {  # worker processes; the operation on a file before which a run is killed, which time
    "a worker stores its results": (1, "sqlite3.connect", "resultats.sqlite.part", 1),
    "its scores are written": (0, "os.rename", "scores.csv.part", 1),
    "its journal begins": (0, "os.rename", "journal.jsonl.part", 1),
    "its third page is put away": (2, "os.rename", "services/*.part", 2),
    "its index is done": (0, "os.rename", "index.html.part", 2),
    "its journal is removed": (1, "os.remove", "journal.jsonl", 1),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    small = write_small(tmp_path_factory.mktemp("entiere") / "campagne", TEAMS)
    small.print()
    return Whole(small, without_seconds(read_folder(small.out)))


def halt(small: Small, out: Path, moment: Moment, sent: signal.Signals = signal.SIGKILL) -> int:
    """Run the real command until it is sent a signal; gives its exit code.

    It has ended when nobody can write to its outputs any more: its workers have left as well.
    """
    jobs, *operation = moment
    command = ["report", small.file, "--out", out, "--date", DATE, "--jobs", jobs]
    asked = [sent.name, *operation, *command]
    return subprocess.run(
        [sys.executable, "-m", "tests.press.halted", *map(str, asked)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=300,
    ).returncode


def finish(whole: Whole, out: Path) -> None:
    """Run again to the end, and find what an uninterrupted run gives."""
    whole.small.print(out)
    files = read_folder(out)
    assert not [name for name in files if name.endswith((".part", "-journal"))]
    assert JOURNAL not in files
    assert without_seconds(files) == whole.files
    assert verify_folder(out).problems == ()


@pytest.mark.parametrize("moment", sampled(MOMENTS, "a worker stores its results"))
def test_a_run_killed_at_any_moment_goes_on_to_the_same_bytes(whole, tmp_path, moment):
    assert halt(whole.small, tmp_path, MOMENTS[moment]) == -signal.SIGKILL
    finish(whole, tmp_path)


def test_a_run_killed_before_it_began_leaves_nothing(whole, tmp_path):
    out = tmp_path / "rapports"
    assert halt(whole.small, out, (2, "os.mkdir", "rapports/donnees", 1)) == -signal.SIGKILL
    assert not out.exists()


@pytest.fixture(scope="module")
def stopped(whole: Whole, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run stopped by Control and C while it made pages. To be copied."""
    out = tmp_path_factory.mktemp("arretee") / "rapports"
    at_the_fourth_page = (1, "os.rename", "services/*.part", 3)
    assert halt(whole.small, out, at_the_fourth_page, signal.SIGINT) == 130
    return out


def test_a_stopped_run_says_what_is_not_made_yet(stopped):
    assert "pas encore fait" in (stopped / INDEX).read_text("utf-8")
    with pytest.raises(Refused, match="la production s'est arrêtée avant la fin"):
        verify_folder(stopped)


def test_a_run_that_goes_on_makes_no_page_twice(whole, stopped, tmp_path):
    out = tmp_path / "rapports"
    shutil.copytree(stopped, out)
    standing = {path: path.stat().st_mtime_ns for path in (out / "services").glob("*.html")}
    outcome = whole.small.print(out)
    assert outcome.standing == 3
    assert outcome.standing + outcome.made == len(TEAMS) + 1
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in standing.items())


def shorten(path: Path, removed: int) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) - removed])


def lengthen(path: Path, added: bytes) -> None:
    path.write_bytes(path.read_bytes() + added)


def first_page(out: Path) -> Path:
    return sorted((out / "services").glob("*.html"))[0]


def leave_halves(out: Path) -> None:
    """What a kill leaves in the middle of writing, next to everything a run writes."""
    pages = [f"services/0{rank + 1}-equipe-{rank}.html" for rank in range(len(TEAMS))]
    missing = [page for page in pages if not (out / page).exists()]
    for name in (*missing, INDEX, JOURNAL, MANIFEST):
        (out / f"{name}.part").write_bytes(b"<html>")


def leave_half_results(out: Path) -> None:
    """A kill while results were being stored: SQLite leaves its own journal beside them."""
    results, scores = out / RESULTS, out / SCORES
    results.rename(results.with_name(results.name + ".part"))
    results.with_name(results.name + ".part-journal").write_bytes(b"\0" * 512)
    scores.rename(scores.with_name(f"{scores.name}.part"))
    (out / JOURNAL).unlink()


def leave_journal_and_manifest(out: Path) -> None:
    """A kill between the manifest and the journal's end."""
    shutil.copy(out / JOURNAL, out / f"{JOURNAL}.kept")
    lines = (out / JOURNAL).read_text("utf-8").splitlines()
    text = lines[0] + "\n" + ",\n".join(lines[1:]) + "\n]}\n"
    (out / MANIFEST).write_text(text, encoding="utf-8")
    (out / f"{JOURNAL}.kept").rename(out / JOURNAL)


CRASHES = {
    "the last line of the journal is cut short": lambda out: shorten(out / JOURNAL, 60),
    "the journal ends in zeros": lambda out: lengthen(out / JOURNAL, b"\0" * 4096),
    "the journal is empty": lambda out: (out / JOURNAL).write_bytes(b""),
    "the journal holds something else": lambda out: (out / JOURNAL).write_bytes(b"\xff\n5\n[]\n"),
    "the journal is gone": lambda out: (out / JOURNAL).unlink(),
    "the results are truncated": lambda out: shorten(out / RESULTS, 5000),
    "the results are empty": lambda out: (out / RESULTS).write_bytes(b""),
    "the scores are truncated": lambda out: shorten(out / SCORES, 50),
    "a page is truncated": lambda out: shorten(first_page(out), 1000),
    "a page is empty": lambda out: first_page(out).write_bytes(b""),
    "the index is gone": lambda out: (out / INDEX).unlink(),
    "halves of files": leave_halves,
    "half of the results": leave_half_results,
    "journal and manifest": leave_journal_and_manifest,
}  # fmt: skip


@pytest.mark.parametrize("crash", CRASHES)
def test_whatever_a_crash_leaves_the_next_run_completes(whole, stopped, tmp_path, crash):
    out = tmp_path / "rapports"
    shutil.copytree(stopped, out)
    CRASHES[crash](out)
    finish(whole, out)
