"""``qgdr`` as users run it, but for a signal it gets just before it touches a chosen file.

``python -m tests.press.halted SIGKILL os.rename services/*.part 4 report …`` dies when it is about
to put its fourth page in place. Python names each operation on a file before doing it (audit
events); whichever process gets there, the command or its worker, the command gets the signal.
"""

import itertools
import os
import signal
import sys
from pathlib import Path
from typing import Any

from qgdr_eval import cli


def halt(name: str, event: str, file: str, nth: str) -> None:
    """Have a signal sent to the command the ``nth`` time that this process is about to do so."""
    command = os.getpid() if __name__ == "__main__" else os.getppid()
    times = itertools.count(1)

    def watch(seen: str, details: tuple[Any, ...]) -> None:
        reached = seen == event and Path(str(details[0])).match(file)
        if reached and next(times) == int(nth):
            os.kill(command, signal.Signals[name])

    sys.addaudithook(watch)


if __name__ in ("__main__", "__mp_main__"):  # the command, or a worker of its own
    halt(*sys.argv[1:5])

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a runner may have it ignored
    cli.main(sys.argv[5:])
