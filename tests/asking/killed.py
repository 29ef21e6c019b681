"""Keep answers until killed, many times over: what was acknowledged is in the file, once.

``python -m tests.asking.killed campagne.yml 30`` prints how many answers were acknowledged.
"""

import os
import random
import select
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path

from qgdr_eval.asking.widget.cell import open_entry, reply_to

CODES = ["0", "1", "8", "9"]


def keep(entry, acknowledged: int, life: int) -> None:
    """Keep one answer after the other; each is told to the pipe once it is acknowledged."""
    draw = random.Random(life)
    items = entry.asked.instrument.codes
    for number in range(10_000):
        record, item, code = f"D{draw.randrange(5)}", draw.choice(items), draw.choice(CODES)
        message = {"id": number, "do": "keep", "where": {"service": "Nuit", "subject": record},
                   "answers": {item: code}, "reasons": {item: f"vie {life}"}}  # fmt: skip
        if reply_to(entry, message)["done"]:
            os.write(acknowledged, f"{record};{item};{code}\n".encode())


def killed(path: Path, life: int) -> list[str]:
    """What a process acknowledged before it was killed, at a random moment after its first."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        keep(open_entry(path), writing, life)
        os._exit(0)
    os.close(writing)
    select.select([reading], [], [])  # however busy the machine, something was acknowledged
    time.sleep(random.Random(-life).uniform(0, 0.2))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        return pipe.read().splitlines()


def main() -> None:
    path, lives = Path(sys.argv[1]), int(sys.argv[2])
    known: dict[tuple[str, str], str] = {}
    total = 0
    for life in range(1, lives + 1):
        told = killed(path, life)
        total += len(told)
        changed = defaultdict(set)
        for line in told:
            record, item, code = line.split(";")
            known[record, item] = code
            changed[record, item].add(code)
        rows = open_entry(path).entries.all()
        assert len({row.key for row in rows}) == len(rows)
        found = {(row.subject, item): str(code) for row in rows
                 for item, code in row.answers.items()}  # fmt: skip
        # The last answer may be kept and not acknowledged: the kill came between the two.
        unlike = [key for key, code in known.items() if found.get(key) != code]
        assert len(unlike) <= 1, unlike
        assert all(key in found for key in known)
        known = found
    sys.stdout.write(f"{total}\n")


if __name__ == "__main__":
    main()
