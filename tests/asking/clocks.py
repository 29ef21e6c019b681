"""A served form whose clock is what a file says: `python -m tests.asking.clocks FILE serve …`.

What runs is the command itself; only the clock of the day that Python reads is another. A
monotonic clock is not moved by who moves the clock.
"""

import datetime
import sys
import time
import types
from pathlib import Path

from qgdr_eval import cli
from qgdr_eval.asking.serve import start


def set_by(told):
    """Have this process believe the number of seconds that a file says."""

    def seconds():
        return float(told.read_text())

    class Moved(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(seconds(), tz)

    time.time, time.time_ns = seconds, lambda: int(seconds() * 10**9)
    start.datetime = types.SimpleNamespace(**{**vars(datetime), "datetime": Moved})


if __name__ == "__main__":
    set_by(Path(sys.argv[1]))
    cli.main(sys.argv[2:])
