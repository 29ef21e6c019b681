"""What the documentation shows is what the kit does: its examples are run as they are written."""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from qgdr_eval.french import NARROW
from tests.thorough import thorough

pytestmark = thorough

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```.*$", re.MULTILINE)  # ends an expected output, as an empty line does
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def plain(text: str) -> str:
    """A text with spaces as they are typed, and « … » as doctest writes it."""
    return text.replace(NARROW, " ").replace("\N{NO-BREAK SPACE}", " ").replace("…", "...")


def run(command: str, folder: Path) -> str:
    """What a command of a page writes on the screen."""
    name, *arguments = shlex.split(command)
    if name == "cp":
        shutil.copy(*(folder / one for one in arguments))
        return ""
    assert name == "qgdr"
    program = [sys.executable, "-m", "qgdr_eval.cli", *arguments]
    done = subprocess.run(program, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
    assert not done.stderr, done.stderr.decode()
    return done.stdout.decode()


def test_the_life_of_an_answer_is_as_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    page = DOCS / "vie-d-une-reponse.md"
    text = FENCE.sub("", page.read_text("utf-8"))
    told = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    wrong: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    result = runner.run(told, out=wrong.append)
    assert result.attempted > 30
    assert not result.failed, "".join(wrong)


def test_the_tutorial_shows_what_its_commands_write(tmp_path: Path) -> None:
    blocks = CONSOLE.findall((DOCS / "tutoriel.md").read_text("utf-8"))
    commands = [command for block in blocks for command in COMMAND.findall(block)]
    assert len(commands) == 9
    for command, shown in commands:
        written = run(command, tmp_path)
        same = doctest.OutputChecker().check_output(plain(shown), plain(written), doctest.ELLIPSIS)
        assert same, f"$ {command}\n{written}"
