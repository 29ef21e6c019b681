"""Wrong codes, limited all together: no address is kept to limit them one by one."""

import time
from dataclasses import dataclass, field

MANY = 30  # wrong codes in a row
RECOVERED = 0.5  # a second: one more every two seconds


@dataclass
class Attempts:
    """A bucket of attempts for everybody. A right code never takes from it.

    >>> attempts = Attempts()
    >>> [attempts.too_many() for _ in range(MANY + 1)][-2:]
    [False, True]
    """

    left: float = MANY
    since: float = field(default_factory=time.monotonic)

    def too_many(self) -> bool:
        """Count one more wrong code; whether there were too many."""
        now = time.monotonic()
        self.left = min(MANY, self.left + (now - self.since) * RECOVERED)
        self.since = now
        if self.left < 1:
            return True
        self.left -= 1
        return False
