"""Files to start from: a fictitious campaign, or the kit's questionnaires and notebooks."""

import tempfile
from pathlib import Path

from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.demo_programme import write_demo_programme
from qgdr_eval.shipped import shipped
from qgdr_eval.writing import written_whole


def start_demo(folder: Path, *, replace: bool = False) -> list[Path]:
    """Write the fictitious programme into a folder; returns the files written.

    Raises:
        Refused: files of these names exist with another content and ``replace`` is off.
    """
    with tempfile.TemporaryDirectory() as fresh:
        write_demo_programme(Path(fresh))
        return _copy(Path(fresh), folder, replace)


def start_project(folder: Path, *, replace: bool = False) -> list[Path]:
    """Copy the kit's questionnaires and notebooks into a folder; returns the files written.

    Raises:
        Refused: files of these names exist with another content and ``replace`` is off.
    """
    written: list[Path] = []
    for name in ("questionnaires", "notebooks"):
        written += _copy(shipped(name), folder / name, replace)
    return written


def _copy(source: Path, folder: Path, replace: bool) -> list[Path]:
    """Copy a tree; nothing is written when a file somebody changed would be lost."""
    files = {
        path.relative_to(source): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }
    changed = [name for name, content in files.items() if _differs(folder / name, content)]
    if changed and not replace:
        raise Refused(
            [
                Problem(
                    str(folder / name),
                    None,
                    "",
                    "ce fichier existe déjà, avec un autre contenu",
                    f"choisissez un autre dossier, ou {quote('--replace')} pour le remplacer",
                )
                for name in changed
            ]
        )
    for name, content in files.items():
        with written_whole(folder / name) as half:
            half.write_bytes(content)
    return [folder / name for name in files]


def _differs(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() != content
