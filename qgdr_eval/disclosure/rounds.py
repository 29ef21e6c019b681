"""A campaign and those it is related to: earlier ones, a second reading, the team's answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.registration import Registration
from qgdr_eval.responses.grids import NOTE_COLUMNS
from qgdr_eval.responses.roster import KIND_COLUMNS


@dataclass(frozen=True)
class Earlier:
    """An earlier campaign; ``pairs``: records seen in both, when they are the same ones."""

    published: Published
    pairs: pd.DataFrame | None


@dataclass(frozen=True)
class Rounds:
    """A campaign after disclosure with what it may be compared to.

    ``earlier``: campaigns before it, the oldest first; ``second``: records read by a second
    auditor too, ``lost`` being those that only the first calls met, ``kappa_low`` and
    ``kappa_high`` the interval over all criteria shown of the service. ``notes``: what a group or a
    person wrote down for themselves; free words of respondents, or about records, are never here.
    ``evaluated``: ratings, 1 to 4, that HAS gave before, by what they are about, and what they are.
    ``registered``: what the registers of its campaigns of people know, or must be told, of it.
    ``team``: what the team answers, beside what its group declares. ``kinds``: of what kind each
    service is, ``facility, service, kind``, of those whose roster says it.
    """

    published: Published
    earlier: tuple[Earlier, ...] = ()
    second: pd.DataFrame | None = None
    notes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=NOTE_COLUMNS))
    registered: tuple[Registration, ...] = ()
    evaluated: tuple[str, Mapping[str, float]] | None = None
    team: Published | None = None
    kinds: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=KIND_COLUMNS))
