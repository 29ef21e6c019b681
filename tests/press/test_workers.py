"""A page that cannot be made stops no other, whatever its notebook does to the worker."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from html import unescape
from pathlib import Path

import pytest

from qgdr_eval import cli
from qgdr_eval.french import typography
from qgdr_eval.press import verify_folder
from qgdr_eval.press.folder import INDEX
from qgdr_eval.press.pages import SERVICE_NOTEBOOK
from tests.press.campaigns import DATE, Small, write_small
from tests.thorough import sampled, thorough

# What the notebook does for each service that the file of faults names.
SABOTAGE = """
import json, os, signal, sys, warnings
from pathlib import Path
fault = json.loads(Path({faults!r}).read_text("utf-8")).get(service)
if fault == "raise":
    raise RuntimeError("panne voulue")
if fault == "interrupt":
    raise KeyboardInterrupt
if fault == "leave":
    warnings.simplefilter("ignore")  # IPython would rather have one close the window
    sys.exit(0)
if fault == "exit":
    os._exit(1)
if fault == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
if fault == "other":
    report = open_report(campaign, facility, "Équipe 1")
"""
STOPPED = "le processus qui préparait la page s'est arrêté, deux fois"
CELL = "la cellule 4 du carnet 20_service.ipynb s'est arrêtée"
FAULTS = {
    "Équipe 2": ("raise", f"{CELL} (RuntimeError : panne voulue)"),
    "Équipe 3": ("exit", STOPPED),
    "Équipe 4": ("kill", STOPPED),
    "Équipe 5": ("other", "la page obtenue est celle de « Équipe 1, Hôpital fictif A »"),
}
BEFORE = f'<p data-results="{"0" * 64}">une page que nul journal ne nomme</p>'  # of a killed run
TEAMS = [("Hôpital fictif A", f"Équipe {rank}", 20 + rank, 11 + rank) for rank in range(1, 7)]


def sabotaged(folder: Path, teams=TEAMS) -> Small:
    """A small campaign whose notebook does harm for the services its file of faults names."""
    small = write_small(folder / "campagne", teams)
    faults = folder / "pannes.json"
    small.adapt(SERVICE_NOTEBOOK, SABOTAGE.format(faults=str(faults)))
    return small


def inflict(folder: Path, faults: dict[str, str]) -> None:
    (folder / "pannes.json").write_text(json.dumps(faults), encoding="utf-8")


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


def plain(text: str) -> str:
    """A text without the spaces that do not break."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def page_of(small: Small, service: str) -> Path:
    rank = int(service.removeprefix("Équipe "))
    return small.out / "services" / f"{rank:02d}-equipe-{rank}.html"


def states(small: Small) -> dict[str, str]:
    """What the index says of each service."""
    index = plain(unescape((small.out / INDEX).read_text("utf-8")))
    entries = re.findall(r"<(?:a href=[^>]*|span)>([^<]+)</(?:a|span)>\s*<p>(.*?)</p>", index)
    return dict(entries)


def test_each_failure_is_told_and_the_other_pages_come_out(tmp_path, capfd):
    small = sabotaged(tmp_path)
    inflict(tmp_path, {service: fault for service, (fault, _) in FAULTS.items()})
    for service in FAULTS:
        page_of(small, service).parent.mkdir(parents=True, exist_ok=True)
        page_of(small, service).write_text(BEFORE, encoding="utf-8")
    command = ("report", small.file, "--out", small.out, "--date", DATE, "--own-notebooks")

    assert run(*command, "--jobs", 2) == 1
    shown = plain("".join(capfd.readouterr()))
    for service, (_, cause) in FAULTS.items():
        assert f"\nEn échec : {service} : {cause}\n" in shown
        assert states(small)[service] == f"en échec : {cause}"
        assert not page_of(small, service).exists()
    assert "\n3 pages faites, 4 en échec\n" in shown
    for service in ("Équipe 1", "Équipe 6"):
        assert states(small)[service].startswith("prêt, ")
        assert page_of(small, service).exists()
    assert verify_folder(small.out).problems == ()

    inflict(tmp_path, {"Équipe 1": "raise"})  # it stands, and is not made again
    assert run(*command, "--jobs", 0) == 0
    assert "\n4 pages faites, 3 pages inchangées\n" in plain(capfd.readouterr().out)
    assert all(state.startswith("prêt, ") for state in states(small).values())
    assert verify_folder(small.out).problems == ()


@thorough
def test_a_worker_that_dies_while_a_page_is_being_put_away_stops_no_other(tmp_path):
    """The process dies between two answers: nothing is in hand, the next page is given to it."""
    small = sabotaged(tmp_path, TEAMS[:3])
    inflict(tmp_path, {"Équipe 1": "exit"})
    outcome = small.print(jobs=1, tell=lambda step: time.sleep(1))
    assert [(page.service, page.cause) for page in outcome.failed] == [("Équipe 1", STOPPED)]
    assert outcome.made == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("interrupt", "KeyboardInterrupt"),
        ("leave", "SystemExit"),  # fails today: « erreur imprévue (CellFailed) »
    ],
)
def test_a_notebook_that_asks_to_stop_fails_by_itself(tmp_path, fault, error):
    small = sabotaged(tmp_path, TEAMS[:2])
    inflict(tmp_path, {"Équipe 2": fault})
    outcome = small.print()
    assert [page.service for page in outcome.failed] == ["Équipe 2"]
    assert re.search(rf"carnet 20_service\.ipynb .*\b{error}\b", outcome.failed[0].cause)


def test_the_comparison_may_fail_alone(tmp_path):
    small = write_small(tmp_path / "campagne", TEAMS[:2])
    small.adapt("40_comparaison.ipynb", "1 / 0")
    outcome = small.print()
    assert [(page.page, page.cause) for page in outcome.failed] == [
        (
            "comparaison.html",
            typography(
                "la cellule 4 du carnet 40_comparaison.ipynb s'est arrêtée"
                " (ZeroDivisionError : division by zero)"
            ),
        )
    ]
    index = (small.out / INDEX).read_text("utf-8")
    assert 'href="comparaison.html"' not in index
    assert typography("Les services côte à côte : en échec") in index
    assert verify_folder(small.out).problems == ()


# Called from a script

CALL = """
import sys
from qgdr_eval.press import print_campaign
{guard}print_campaign(sys.argv[1], sys.argv[2], jobs=2, report_date="2026-03-31")
"""


def run_script(tmp_path: Path, small: Small, guard: str, *, typed: bool = False) -> tuple[int, str]:
    """A script somebody wrote, in a file or typed at Python's input; its code and what it says."""
    script = tmp_path / "mes_rapports.py"
    script.write_text(CALL.format(guard=guard), encoding="utf-8")
    command = [sys.executable, "-" if typed else str(script), str(small.file), str(small.out)]
    shown = subprocess.run(
        command,
        input=script.read_text("utf-8") if typed else "",
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    return shown.returncode, plain(shown.stdout + shown.stderr)


def test_a_script_without_a_guard_is_told_what_it_lacks(tmp_path):
    small = write_small(tmp_path / "campagne", TEAMS[:1])
    code, told = run_script(tmp_path, small, "")
    assert code == 1
    assert "mes_rapports.py : ce programme est relu par chaque processus de travail" in told
    assert 'mettez l\'appel sous « if __name__ == "__main__": »' in told
    assert told.count("Traceback") == 1  # that of the script itself, which lets the refusal go
    assert "libérez de la mémoire" not in told
    assert not small.out.exists()


@thorough
def test_pages_alone_are_told_the_same(tmp_path):
    """The results stand already: the first workers to start are those of the pages."""
    small = write_small(tmp_path / "campagne", TEAMS[:1])
    small.print()
    (small.out / "comparaison.html").unlink()
    code, told = run_script(tmp_path, small, "")
    assert code == 1
    assert "mes_rapports.py : ce programme est relu" in told
    assert small.print().failed == []


def test_a_program_typed_in_is_told_too(tmp_path):
    small = write_small(tmp_path / "campagne", TEAMS[:1])
    code, told = run_script(tmp_path, small, "", typed=True)
    assert (code, "ce programme est relu par chaque processus" in told) == (1, True)


def test_a_script_with_a_guard_prints(tmp_path):
    small = write_small(tmp_path / "campagne", TEAMS[:1])
    guard = 'if __name__ == "__main__": '
    assert run_script(tmp_path, small, guard) == (0, "")
    assert verify_folder(small.out).problems == ()


def test_a_worker_that_cannot_get_ready_says_why(tmp_path):
    """A library that workers alone load is damaged: it is told once, not page by page."""
    small = write_small(tmp_path / "campagne", TEAMS[:2])
    broken = tmp_path / "abîmé" / "nbconvert"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text('raise ImportError("nbconvert est abîmé")\n', "utf-8")
    asked = ["report", small.file, "--out", small.out, "--date", DATE, "--jobs", 2]
    paths = [str(broken.parent), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", "qgdr_eval.cli", *map(str, asked)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    told = plain(done.stderr)
    assert "n'a pas pu se préparer (ImportError : nbconvert est abîmé)" in told
    assert "réinstallez le kit" in told
    assert "Traceback" not in told


# Interrupted while workers start: Ctrl-C reaches every process of the terminal at once.

CTRL_C = """
import os, signal, sys

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == {moment!r}:
            sys.meta_path.remove(self)
            try:
                open({once!r}, "x").close()
            except FileExistsError:
                return
            os.killpg(0, signal.SIGINT)

if "--multiprocessing-fork" in sys.orig_argv:
    sys.meta_path.insert(0, Watch())
else:  # a runner in the background may have it ignored
    signal.signal(signal.SIGINT, signal.default_int_handler)
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows has no mask")
@pytest.mark.parametrize(
    "moment", sampled(["multiprocessing.spawn", "qgdr_eval", "numpy"], "numpy")
)
def test_a_command_interrupted_while_its_workers_load_says_it_in_a_word(tmp_path, moment):
    """A worker itself sends the signal to all, just before it imports a module."""
    small = write_small(tmp_path / "campagne", TEAMS[:1])
    watch = CTRL_C.format(moment=moment, once=str(tmp_path / "once"))
    (tmp_path / "sitecustomize.py").write_text(watch, "utf-8")
    asked = ["report", small.file, "--out", small.out, "--date", DATE, "--jobs", 2]
    paths = [str(tmp_path), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", "qgdr_eval.cli", *map(str, asked)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,  # a group of its own, as a terminal gives it
        capture_output=True,
        text=True,
        check=False,
    )
    assert (tmp_path / "once").exists()
    assert (done.returncode, done.stderr.strip()) == (130, "Interrompu.")
