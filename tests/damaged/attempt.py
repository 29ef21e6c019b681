"""One damaged input, read: refused in French, read after all, or a fault of ours."""

import resource
import shutil
import signal
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import FrameType

from qgdr_eval.problems import Refused
from tests.damaged.damage import damage_file
from tests.damaged.world import READINGS

LONGEST = 5  # seconds of processor, whatever else the machine is doing
HUGE = 2**30  # bytes a process may come to hold
SHARES = {"campaign": 5, "workbook": 3, "plan": 3, "referential": 3}  # the others count once


class TooLong(BaseException):
    """Not an `Exception`: no reader of damaged files may swallow it."""


@dataclass(frozen=True)
class Attempt:
    """``fault``: what went wrong, "" when the input was refused or read."""

    seed: int
    reading: str
    file: str
    refused: bool
    seconds: float
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.seed} ({self.reading}, {self.file}, {self.seconds:.1f} s) : {self.fault}"


def attempt(seed: int, world: Path) -> Attempt:
    """Damage a copy of some files and read them."""
    random = Random(seed)
    reading = random.choice([name for name in READINGS for _ in range(SHARES.get(name, 1))])
    copied, damaged, read = READINGS[reading]
    file = random.choice(damaged)
    with tempfile.TemporaryDirectory() as folder:
        for name in copied:
            copy = shutil.copytree if (world / name).is_dir() else shutil.copy
            copy(world / name, Path(folder) / name)
        damage_file(Path(folder) / file, random)
        began = time.process_time()
        refused, fault = _read(lambda: read(Path(folder)))
        return Attempt(seed, reading, file, refused, time.process_time() - began, fault)


def _read(read: object) -> tuple[bool, str]:
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        verdict = read()  # type: ignore[operator]
        return not getattr(verdict, "accepted", True), ""
    except Refused as refused:
        right = all(one.file and one.what and one.cure for one in refused.problems)
        return True, "" if right and refused.problems else "a refusal without file, what or cure"
    except TooLong:
        return False, f"over {LONGEST} s\n{traceback.format_exc(limit=-3)}"
    except BaseException:
        return False, traceback.format_exc(limit=-4)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooLong


def peak() -> int:
    """Bytes this process has come to hold."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
