"""Whose notebooks may run: the kit's always, those beside a campaign once somebody said so.

A notebook is a program. One that came in a folder somebody sent would run with the rights of
whoever prints the campaign, so it waits for a word. That word is kept outside the folder, where
whoever made it cannot write, and holds for these very files: one changed character asks again.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from platformdirs import user_config_path

from qgdr_eval.fingerprint import of_file, of_values
from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.shipped import shipped

MADE_BY_RUNNING = {"__pycache__", ".ipynb_checkpoints"}


def settle_trust(wanted: Mapping[Path, Iterable[str]], *, accepted: bool) -> None:
    """Let the notebooks that a run would take from its own folders run, or refuse them by name.

    Args:
        wanted: for each folder of a campaign or a programme, the names of the notebooks of a run.
        accepted: whoever runs it says they read them: remembered on this machine where it can be.

    Raises:
        Refused: naming each notebook, unless it is the kit's, accepted, or was once.
    """
    trusted = _read_trusted()
    unknown = {
        folder: found
        for folder, names in wanted.items()
        if (found := own_notebooks(folder, names)) and _of_tree(folder / "notebooks") not in trusted
    }
    if accepted and unknown:
        _remember(trusted | {_of_tree(folder / "notebooks") for folder in unknown})
    if accepted:
        return
    what = "ce carnet, trouvé à côté de la campagne, exécuterait son code sur ce poste"
    cure = f"s'il est de vous, ou si vous l'avez lu, ajoutez {quote('--own-notebooks')}"
    refuse_errors(
        Problem(path.as_posix(), None, "", what, f"{cure} ; sinon, retirez-le")
        for found in unknown.values()
        for path in found
    )


def own_notebooks(folder: Path, names: Iterable[str]) -> list[Path]:
    """The notebooks that a run would take from a folder; none when it holds mere copies of ours.

    A copy of ours beside any other file is not: Python may import that file for a library.

    >>> own_notebooks(Path("nowhere"), ["20_service.ipynb"])
    []
    """
    beside = folder / "notebooks"
    found = [beside / name for name in names if (beside / name).is_file()]
    return [] if not found or _files_of(beside) <= _of_the_kit() else found


def _files_of(folder: Path) -> frozenset[tuple[str, str]]:
    """Name and fingerprint of every file under a folder, what running leaves there apart."""
    return frozenset(
        (path.relative_to(folder).as_posix(), of_file(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not MADE_BY_RUNNING & set(path.parts)
    )


@cache
def _of_the_kit() -> frozenset[tuple[str, str]]:
    return _files_of(shipped("notebooks"))


def _of_tree(folder: Path) -> str:
    return of_values(sorted(_files_of(folder)))


def _remembered_in() -> Path:
    return user_config_path("qgdr-eval", appauthor=False) / "carnets.json"


def _read_trusted() -> frozenset[str]:
    with suppress(OSError, ValueError):
        return frozenset(map(str, json.loads(_remembered_in().read_text("utf-8"))))
    return frozenset()


def _remember(trusted: frozenset[str]) -> None:
    """Where nothing can be kept, on a locked workstation, the same word is asked each time."""
    with suppress(OSError):
        _remembered_in().parent.mkdir(parents=True, exist_ok=True)
        _remembered_in().write_text(json.dumps(sorted(trusted)), encoding="utf-8")
