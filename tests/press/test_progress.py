"""A run tells how far it is: lines in a log, a bar on a terminal, callable from a notebook."""

import os
import re
import subprocess
import sys

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from qgdr_eval.press.progress import Step, duration, pace, print_line, show_progress

TELL = (
    "from qgdr_eval.press.progress import Step, show_progress\n"
    "with show_progress() as tell:\n"
    "    tell(Step(1, 3, 'Cardiologie', elapsed=0.6))\n"
    "    tell(Step(2, 3, 'Urgences', 'une raison', 0.7))\n"
    "    tell(Step(3, 3, 'Pharmacie', elapsed=0.8))\n"
)


def test_a_log_gets_one_plain_line_a_page(capsys):
    with show_progress() as tell:
        assert tell is print_line
        tell(Step(1, 2, "Cardiologie"))
        tell(Step(2, 2, "Urgences", "une raison"))
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["[1/2] Cardiologie", "[2/2] Urgences\u202f: en échec, une raison"]


def test_a_line_says_how_long_the_others_may_take(capsys):
    print_line(Step(2, 6, "Cardiologie – Hôpital fictif", elapsed=30))
    print_line(Step(6, 6, "Cardiologie – EHPAD fictif", elapsed=90))
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "[2/6] Cardiologie – Hôpital fictif (reste 1\u00a0min 00\u00a0s)",
        "[6/6] Cardiologie – EHPAD fictif",
    ]


def test_a_page_is_named_with_its_facility_and_its_campaign(printed):
    """Two services are called « Médecine »; several campaigns of a programme have both."""
    told: list[Step] = []
    printed.print(again=True, tell=told.append)
    titles = {step.title for step in told}
    assert titles >= {
        "Médecine – Hôpital fictif A – Petite campagne",
        "Médecine – EHPAD fictif – Petite campagne",
    }
    assert len(titles) == len(told) == 5
    assert [step.elapsed for step in told] == sorted(step.elapsed for step in told)
    assert told[0].elapsed > 0


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminal")
def test_a_terminal_gets_a_bar_with_counts_rate_and_time_left():
    import pty

    parent, child = pty.openpty()
    import fcntl
    import struct
    import termios

    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    run = subprocess.run([sys.executable, "-c", TELL], stdout=child, check=True)
    os.close(child)
    shown = os.read(parent, 100_000).decode()
    os.close(parent)
    assert run.returncode == 0
    assert "1/3" in shown
    assert re.search(r"pages? par seconde, reste", shown)
    assert "Urgences\u202f: en échec, une raison" in shown
    assert "3/3" in shown


def test_a_notebook_can_call_it(tmp_path):
    notebook = new_notebook(cells=[new_code_cell(TELL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, tmp_path / "appel.ipynb")
    run = papermill.execute_notebook(str(tmp_path / "appel.ipynb"), None, progress_bar=False)
    told = "".join(output.get("text", "") for output in run.cells[0].outputs)
    assert "3/3" in told
    assert {output.name for output in run.cells[0].outputs} == {"stdout"}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0\u00a0s"), (59, "59\u00a0s"), (60, "1\u00a0min 00\u00a0s"),
     (3599, "59\u00a0min 59\u00a0s"), (3600, "1\u00a0h 00\u00a0min")],
)  # fmt: skip
def test_a_duration_is_said_as_one_says_it(seconds, said):
    assert duration(seconds) == said


def test_the_end_has_no_time_left_and_the_start_no_rate():
    assert pace(Step(0, 9, "", elapsed=3)) == ""
    assert pace(Step(3, 9, "")) == ""
    assert "reste" not in pace(Step(9, 9, "", elapsed=3))
