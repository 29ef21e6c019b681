"""``python -m tests.damaged [HOW MANY [FIRST SEED]]``: faults are printed with their seed."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.damaged.attempt import HUGE, attempt, peak
from tests.damaged.world import write_world


def main(wanted: int = 10_000, first: int = 0) -> int:
    """Try them all; the exit code is 1 when one was not refused or read in time and memory."""
    faults, refused = 0, Counter[str]()
    with tempfile.TemporaryDirectory() as world:
        write_world(Path(world))
        for seed in range(first, first + wanted):
            tried = attempt(seed, Path(world))
            refused[tried.reading] += tried.refused
            if (seed + 1) % 500 == 0:
                print(f"… {seed + 1}", flush=True)
            if tried.fault:
                faults += 1
                print(tried, flush=True)
            elif tried.seconds > 2:
                print(f"slow: {tried}", flush=True)
    print(f"{wanted} inputs, {refused.total()} refused {dict(refused)}, {faults} faults, "
          f"{peak() / 2**20:.0f} MB at most")  # fmt: skip
    return 1 if faults or peak() > HUGE else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
