"""What rows of several frames have in common, for what is said of any of them."""

from typing import Protocol


class Scored(Protocol):
    """A row with a score, 0 to 100, and the ends of its interval."""

    @property
    def score(self) -> float:
        """The score, NaN where it is not shown."""

    @property
    def low(self) -> float:
        """The lower end."""

    @property
    def high(self) -> float:
        """The higher end."""


class Placed(Protocol):
    """A row of a plan, or of what is counted in it, with its place."""

    @property
    def facility(self) -> str:
        """The facility."""

    @property
    def pole(self) -> str:
        """The pôle, "" of a facility's own."""

    @property
    def service(self) -> str:
        """The service, "" of a pôle's own."""


class Apart(Protocol):
    """A row with a difference, in points, the ends of its interval and what it allows to say."""

    @property
    def difference(self) -> float:
        """The difference, NaN where nothing is compared."""

    @property
    def low(self) -> float:
        """The lower end."""

    @property
    def high(self) -> float:
        """The higher end."""

    @property
    def verdict(self) -> str:
        """What it allows to say."""
