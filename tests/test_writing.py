"""A disk that is full, read-only or too small: told as what it is, nothing lost, nothing half done.

A small disk of its own where one can be mounted; elsewhere a limit on the size of files, which the
system enforces too.
"""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from qgdr_eval.press import verify_folder
from qgdr_eval.problems import Refused
from qgdr_eval.writing import Unwritable, append_whole, explain, written_whole
from tests.press.campaigns import DATE, Small, write_small

FULL = "il n'y a plus de place sur le disque"
TOO_LARGE = "le fichier dépasserait la taille permise sur ce disque"
BROKEN = "le disque n'accepte pas l'écriture"
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
from qgdr_eval.cli import main
main(sys.argv[1:])
"""


@dataclass(frozen=True)
class Disk:
    """A folder where no more than some bytes can be written, and what one is told then."""

    folder: Path
    size: int
    mounted: bool

    @property
    def told(self) -> tuple[str, ...]:
        return (FULL,) if self.mounted else (TOO_LARGE, BROKEN)

    def run(self, *arguments: object) -> tuple[int, str]:
        """The real command, in a process of its own; gives its code and all it said."""
        limit = -1 if self.mounted else self.size
        command = [sys.executable, "-c", LIMITED.format(size=limit), *map(str, arguments)]
        shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        told = (shown.stdout + shown.stderr).replace("\u202f", " ").replace("’", "'")
        # Without a disk of its own the limit reaches openpyxl's temporary files, which complain.
        assert not self.mounted or "Traceback" not in told
        assert "Erreur imprévue" not in told
        return shown.returncode, told

    def halves(self) -> list[Path]:
        return [*self.folder.rglob("*.part"), *self.folder.rglob("*-journal")]


def mounted(folder: Path, size: int) -> bool:
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A disk of as many bytes as the test asks, whole pages of the system's memory."""
    folder = tmp_path / "disque"
    folder.mkdir()
    there = mounted(folder, request.param)
    try:
        yield Disk(folder, request.param, there)
    finally:
        if there:
            subprocess.run(["umount", "-l", str(folder)], check=True)


KILO = 1024
STORED = 200 * KILO  # less than the results of the small campaign and its pages


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return write_small(tmp_path_factory.mktemp("petite") / "campagne")


@pytest.mark.parametrize("disk", [4 * KILO, 32 * KILO, 80 * KILO], indirect=True)
def test_results_that_do_not_fit_are_told_and_leave_nothing_half_written(disk, small):
    code, told = disk.run("report", small.file, "--out", disk.folder / "r", "--jobs", 0)
    assert code == 1
    assert any(cause in told for cause in disk.told), told
    assert disk.halves() == []


@pytest.mark.parametrize("disk", [400 * KILO], indirect=True)
def test_a_run_that_fills_the_disk_stops_and_goes_on_later(disk, small, tmp_path):
    """Pages do not fit beside the results: the run stops at once, what is made stays made."""
    if not disk.mounted:  # a limit by file stops no run half way: fill the disk that there is
        disk = Disk(disk.folder, 60 * KILO, False)
    out = disk.folder / "r"
    code, told = disk.run("report", small.file, "--out", out, "--date", DATE, "--jobs", 0)
    assert code == 1
    assert any(cause in told for cause in disk.told), told
    assert disk.halves() == []
    shutil.copytree(out, tmp_path / "r")
    assert small.print(tmp_path / "r").failed == []
    assert verify_folder(tmp_path / "r").problems == ()


COMMANDS = {
    "scores": lambda small, out: ["score", small.file, "--out", out / "scores.csv"],
    "scores of a workbook": lambda small, out: ["score", small.file, "--out", out / "s.xlsx"],
    "a grid": lambda small, out: ["grid", "epp_textures", "--out", out / "g.xlsx"],
    "the demonstration": lambda small, out: ["demo", out / "demo"],
    "the kit": lambda small, out: ["init", out / "kit"],
}


@pytest.mark.parametrize("disk", [4 * KILO], indirect=True)
@pytest.mark.parametrize("what", COMMANDS)
def test_every_command_that_writes_says_it(disk, small, what):
    code, told = disk.run(*COMMANDS[what](small, disk.folder))
    assert code == 1
    assert any(cause in told for cause in disk.told), told
    assert disk.halves() == []


@pytest.mark.parametrize("disk", [24 * KILO], indirect=True)
def test_a_plan_that_does_not_fit_keeps_the_one_there(disk):
    """The workbook of the team is there whole after a plan that could not be written."""
    code = (
        "import sys, resource\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({-1 if disk.mounted else disk.size},) * 2)\n"
        "from qgdr_eval.actions import make_actions, write_plan\n"
        "from qgdr_eval.problems import Refused\n"
        "import random, pathlib\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "rows = [{'id': 'A', 'action': 'Agir', 'state': 'à faire'}]\n"
        "write_plan(make_actions(rows), path)\n"
        "before = path.read_bytes()\n"
        "noise = random.Random(1)\n"
        "more = [{'id': str(n), 'action': str(noise.random()) * 9} for n in range(2000)]\n"
        "try: write_plan(make_actions(rows + more), path)\n"
        "except Refused as refused: print(refused)\n"
        "assert path.read_bytes() == before\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, str(disk.folder / "plan.xlsx")],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert any(cause in shown.stdout.replace("’", "'") for cause in disk.told)
    assert disk.halves() == []


def test_a_disk_that_is_read_only_is_told(tmp_path, small):
    folder = tmp_path / "lecture"
    folder.mkdir()
    if not mounted(folder, 64 * KILO):
        pytest.skip("no disk can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        disk = Disk(folder, -1, True)
        for asked in (["report", small.file, "--out", folder / "r", "--jobs", 0],
                      ["score", small.file, "--out", folder / "s.csv"],
                      ["demo", folder / "demo"]):  # fmt: skip
            code, told = disk.run(*asked)
            assert (code, "ce disque est en lecture seule" in told) == (1, True), told
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (errno.ENOSPC, FULL),
        (errno.EDQUOT, "votre quota sur ce disque est atteint"),
        (errno.EROFS, "ce disque est en lecture seule"),
        (errno.EACCES, "fichier ouvert ailleurs, ou droits manquants"),
        (errno.EBUSY, "un autre programme tient ce fichier"),
        (errno.ENAMETOOLONG, "ce nom est trop long pour ce disque"),
        (errno.EBADF, "lecture ou écriture impossible"),
    ],
)
def test_each_cause_is_said_as_what_it_is(number, what):
    assert explain(OSError(number, os.strerror(number)))[0] == what


def test_a_refusal_travels_from_a_worker(tmp_path):
    import pickle

    error = Unwritable(tmp_path, OSError(errno.ENOSPC, ""))
    assert FULL in str(pickle.loads(pickle.dumps(error))).replace("’", "'")


def test_a_file_is_there_whole_or_as_it_was(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("avant")

    def fail() -> None:
        with written_whole(path) as half:
            half.write_text("après")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]
    assert path.read_text() == "avant"


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path):
    (tmp_path / "page.html" / "dedans").mkdir(parents=True)
    with (
        pytest.raises(Refused, match="un dossier porte ce nom"),
        written_whole(tmp_path / "page.html") as half,
    ):
        half.write_text("page")
    assert not list(tmp_path.glob("*.part"))


def test_lines_are_added_one_after_the_other(tmp_path):
    path = tmp_path / "journal"
    assert [append_whole(path, line) for line in (b"un\n", b"deux\n", b"")] == [0, 3, 8]
    assert path.read_bytes() == b"un\ndeux\n"


@pytest.mark.parametrize("disk", [8 * KILO], indirect=True)
def test_a_line_that_does_not_fit_is_taken_back(disk):
    code = (
        "import resource, sys, pathlib\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({-1 if disk.mounted else disk.size},) * 2)\n"
        "from qgdr_eval.writing import append_whole\n"
        "from qgdr_eval.problems import Refused\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "append_whole(path, b'un\\n')\n"
        "try: append_whole(path, b'x' * 100_000)\n"
        "except Refused as refused: print(refused)\n"
        "assert path.read_bytes() == b'un\\n'\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, str(disk.folder / "journal")],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert any(cause in shown.stdout.replace("’", "'") for cause in disk.told)
