"""What the minutes of a workshop may show: what its screens showed, and what was agreed."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

from qgdr_eval.fingerprint import of_values
from qgdr_eval.workshop import Agreement, Kept, Topic
from qgdr_eval.workshop.session import ROUNDS, Round


@dataclass(frozen=True)
class Debated:
    """A question as its minutes say it.

    ``rounds``: the closed ones by name; one that is still open is not in the minutes.
    """

    topic: Topic
    rounds: tuple[tuple[str, Round], ...]
    agreement: Agreement | None

    @property
    def counted(self) -> list[tuple[str, Mapping[int, int]]]:
        """The rounds whose votes may be shown by answer, by name."""
        both = ((name, one.counts) for name, one in self.rounds)
        return [(name, counts) for name, counts in both if counts is not None]

    @property
    def answer(self) -> str:
        """The label of the common answer, "" without one."""
        code = self.agreement.answer if self.agreement else None
        return "" if code is None else dict(self.topic.answers)[code]


@dataclass(frozen=True)
class Minutes:
    """What the minutes of a workshop may show. ``report_date``: ISO day of the page."""

    kept: Kept
    report_date: str

    @property
    def facility(self) -> str:
        """The facility of the team."""
        return self.kept.facility

    @property
    def service(self) -> str:
        """The team."""
        return self.kept.service

    @cached_property
    def questions(self) -> tuple[Debated, ...]:
        """The questions of the workshop, in the order of the debate."""
        states = self.kept.session.states
        return tuple(
            Debated(topic, tuple(zip(ROUNDS, state.ended, strict=False)), state.agreement)
            for topic, state in ((topic, states[topic.item]) for topic in self.kept.topics)
        )

    @property
    def debated(self) -> list[Debated]:
        """The questions that were put to the vote."""
        return [one for one in self.questions if one.rounds]

    @property
    def actions(self) -> list[Debated]:
        """The questions on which an action was decided."""
        return [one for one in self.questions if one.agreement and one.agreement.action]

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of all the page shows."""
        shown = [
            (asdict(one.topic), [(name, each.words) for name, each in one.rounds],
             [(name, sorted(counts.items())) for name, counts in one.counted],
             asdict(one.agreement) if one.agreement else None)
            for one in self.questions
        ]  # fmt: skip
        kept = self.kept
        card = (kept.campaign, kept.title, kept.period, kept.results, kept.days)
        return of_values(kept.facility, kept.service, self.report_date, *card, shown)


def open_minutes(kept: Kept, report_date: str = "") -> Minutes:
    """Open what the minutes of a workshop may show, as far as it went.

    ``report_date``: an ISO date, today when empty.

    >>> from tempfile import TemporaryDirectory
    >>> from pathlib import Path
    >>> from qgdr_eval.workshop import Journal, open_debate
    >>> with TemporaryDirectory() as folder:
    ...     kept = Journal(Path(folder, "atelier.json"), open_debate(stored_results)).kept
    >>> minutes = open_minutes(kept, "2026-11-16")
    >>> len(minutes.questions), minutes.debated
    (5, [])
    """
    return Minutes(kept, report_date or datetime.date.today().isoformat())
