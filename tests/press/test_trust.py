"""A notebook that came beside a campaign runs nothing before somebody said that it may."""

import json
from pathlib import Path

import pytest

from qgdr_eval import cli
from qgdr_eval.french import typography
from qgdr_eval.press.pages import COMPARISON_NOTEBOOK, PARTS, SERVICE_NOTEBOOK
from qgdr_eval.press.trust import own_notebooks
from qgdr_eval.problems import Refused
from tests.press.campaigns import Small
from tests.press.programmes import write_small_programme

ALL = (SERVICE_NOTEBOOK, COMPARISON_NOTEBOOK, *(part.notebook for part in PARTS))
ABOVE = ("60_synthese.ipynb", "35_tableau_de_bord.ipynb", "50_plan_actions.ipynb")


def leave_a_trace(small: Small, trace: Path) -> Path:
    """An adapted notebook whose code can be seen to have run."""
    return small.adapt(SERVICE_NOTEBOOK, f"import pathlib; pathlib.Path({str(trace)!r}).touch()")


def refused(small: Small) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        small.print(own_notebooks=False)
    return [(problem.file, problem.cure) for problem in caught.value.problems]


def test_a_notebook_of_somebody_else_is_named_and_does_not_run(printed, tmp_path):
    notebook = leave_a_trace(printed, tmp_path / "trace")
    (told, cure), *others = refused(printed)
    assert told == notebook.as_posix()
    assert [name for name, _ in others] == [
        notebook.with_name(name).as_posix() for name in ALL if name != SERVICE_NOTEBOOK
    ]
    assert "--own-notebooks" in cure
    assert not (tmp_path / "trace").exists()


def test_once_accepted_it_runs_and_is_not_asked_again(printed, tmp_path):
    leave_a_trace(printed, tmp_path / "trace")
    assert printed.print(own_notebooks=True).failed == []
    assert (tmp_path / "trace").exists()
    assert printed.print(own_notebooks=False).failed == []


@pytest.mark.parametrize(
    "change",
    [
        lambda beside: (beside / SERVICE_NOTEBOOK).write_text(
            (beside / SERVICE_NOTEBOOK).read_text("utf-8") + "\n", "utf-8"
        ),
        lambda beside: (beside / "outils.py").write_text("import os\n"),
        lambda beside: (beside / "pandas").mkdir() or (beside / "pandas/__init__.py").touch(),
    ],
    ids=["one character", "a module added", "a folder that looks like a library"],
)
def test_what_was_accepted_are_these_very_files(printed, change):
    printed.adapt(SERVICE_NOTEBOOK, "# à nous")
    printed.print(own_notebooks=True)
    change(printed.folder / "notebooks")
    assert refused(printed)


def test_what_running_leaves_behind_asks_nothing(printed):
    printed.adapt(SERVICE_NOTEBOOK, "# à nous")
    printed.print(own_notebooks=True)
    for left in ("__pycache__/outils.cpython-311.pyc", ".ipynb_checkpoints/20-checkpoint.ipynb"):
        path = printed.folder / "notebooks" / left
        path.parent.mkdir()
        path.write_text("{}")
    assert printed.print(own_notebooks=False).failed == []


def test_copies_of_ours_need_no_word(printed):
    notebook = printed.adapt(SERVICE_NOTEBOOK, "# à nous")
    ours = Path(__file__).parents[2] / "notebooks" / SERVICE_NOTEBOOK
    notebook.write_bytes(ours.read_bytes())
    assert own_notebooks(printed.folder, ALL) == []
    (printed.folder / "notebooks" / "json.py").write_text("raise SystemExit")
    assert [path.name for path in own_notebooks(printed.folder, ALL)] == [*ALL]


@pytest.mark.parametrize("kept", ["{", '{"a": 1}', "[1, null]"], ids=["cut", "not a list", "odd"])
def test_a_damaged_memory_accepts_nothing(printed, config, kept):
    printed.adapt(SERVICE_NOTEBOOK, "# à nous")
    (config / "qgdr-eval").mkdir()
    (config / "qgdr-eval/carnets.json").write_text(kept)
    assert refused(printed)


def test_a_machine_that_keeps_nothing_still_prints(printed, config):
    printed.adapt(SERVICE_NOTEBOOK, "# à nous")
    (config / "qgdr-eval").write_text("a file where the folder should be")
    assert printed.print(own_notebooks=True).failed == []
    assert refused(printed)


def test_the_memory_holds_fingerprints_only(printed, config):
    printed.print(own_notebooks=True)
    assert list(config.iterdir()) == []  # nothing to accept, nothing written
    printed.adapt(SERVICE_NOTEBOOK, "# à nous")
    printed.print(own_notebooks=True)
    kept = json.loads((config / "qgdr-eval/carnets.json").read_text())
    assert [len(fingerprint) for fingerprint in kept] == [64]


def test_the_command_line(printed, capsys):
    printed.adapt(SERVICE_NOTEBOOK, "# à nous")
    command = ["report", str(printed.file), "--out", str(printed.out), "--jobs", "0"]
    codes = []
    for options in ([], ["--own-notebooks"], []):
        with pytest.raises(SystemExit) as left:
            cli.main([*command, *options])
        codes.append(left.value.code)
    assert codes == [1, 0, 0]
    told = capsys.readouterr().err
    assert typography("exécuterait son code sur ce poste") in told
    assert SERVICE_NOTEBOOK in told


def test_a_programme_names_those_of_its_own_folder_and_of_its_campaigns(tmp_path):
    small = write_small_programme(tmp_path / "programme")
    Small(small.folder).adapt("60_synthese.ipynb", "# à nous")
    small.survey.adapt(SERVICE_NOTEBOOK, "# à nous")
    with pytest.raises(Refused) as caught:
        small.print(own_notebooks=False)
    told = [Path(problem.file) for problem in caught.value.problems]
    assert [(path.parent.parent.name, path.name) for path in told] == [
        *(("programme", name) for name in ABOVE),
        *(("equipes", name) for name in ALL),
    ]
    assert not small.out.exists()
