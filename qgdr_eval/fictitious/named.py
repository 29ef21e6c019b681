"""The one place where « demo » has a meaning: a name that stands for files nobody has."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from qgdr_eval.fictitious.culture import write_demo
from qgdr_eval.fictitious.indicators import write_demo_indicators
from qgdr_eval.fictitious.plan import write_demo_plan
from qgdr_eval.fictitious.positions import write_demo_position
from qgdr_eval.fictitious.programme import write_demo_programme
from qgdr_eval.fictitious.rounds import write_demo_audit, write_demo_self, write_demo_team


def _indicators(folder: Path) -> Path:
    return write_demo_indicators(folder / "indicateurs-fictifs.csv")


def _plan(folder: Path) -> Path:
    write_demo_plan(path := folder / "plan de démonstration.xlsx")
    return path


WRITERS: dict[str, dict[str, Callable[[Path], Path]]] = {
    "campaign": {
        "demo": write_demo,
        "demo_audit": write_demo_audit,
        "demo_team": write_demo_team,
        "demo_self": write_demo_self,
    },
    "position": {"demo": partial(write_demo_position, instrument_id="politique_qgdr")},
    "indicators": {"demo": _indicators},
    "plan": {"demo": _plan},
    "programme": {"demo": write_demo_programme},
}


def is_fictitious(source: str, kind: str) -> bool:
    """Whether a name stands for a demonstration of this kind, rather than for a file.

    >>> is_fictitious("demo_audit", "campaign"), is_fictitious("campagne.yml", "campaign")
    (True, False)
    """
    return source in WRITERS[kind]


@contextmanager
def file_of(source: str, kind: str) -> Iterator[Path]:
    """The file a name stands for; a demonstration is written for as long as it is read.

    ``kind``: ``campaign``, ``position``, ``indicators``, ``plan`` or ``programme``.

    >>> with file_of("demo", "indicators") as path:
    ...     path.name, path.exists()
    ('indicateurs-fictifs.csv', True)
    >>> path.exists()
    False
    """
    if not is_fictitious(source, kind):
        yield Path(source)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield WRITERS[kind][source](Path(folder))


def lasting_file(source: str, kind: str = "campaign") -> Path:
    """The file a name stands for, to work in: a demonstration lasts as long as this process.

    >>> path = lasting_file("demo_audit")
    >>> path.exists(), lasting_file("campagne.yml").name
    (True, 'campagne.yml')
    """
    if not is_fictitious(source, kind):
        return Path(source)
    folder = tempfile.mkdtemp(prefix="qgdr-demo-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return WRITERS[kind][source](Path(folder))
