"""The groups a campaign is looked at by: services, facility totals, the campaign, and strata."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from qgdr_eval.disclosure.members import Members, choose_members
from qgdr_eval.responses import Answers
from qgdr_eval.scoring import Breakdown, by_service, by_stratum, totals


@dataclass(frozen=True)
class Levels:
    """``plain``: services, facilities, campaign; ``split``: the same three by each variable.

    ``totals_of``: for each service the rank of its facility among the facility totals.
    """

    plain: list[Breakdown]
    split: dict[str, list[Breakdown]]
    members: Members
    totals_of: np.ndarray

    @property
    def breakdowns(self) -> list[Breakdown]:
        """Every breakdown, in the order their rows are stacked in the scores frame."""
        return [*self.plain, *(table for three in self.split.values() for table in three)]


def break_down(
    answers: Answers,
    strata: Iterable[str],
    minimum: int,
    *,
    census: bool = False,
    dated: np.ndarray | None = None,
    counted: str = "head_count",
) -> Levels:
    """Group the respondents, leaving out of each total the hidden services it would give away.

    ``census``: those who answered are all there are, whatever the roster says. ``dated``: see
    `choose_members`. ``counted``: the column of the roster that says how many there were.
    """
    services = by_service(answers.responses, answers.roster, counted)
    if census:
        services = _all_there(services)
    facilities = services.groups["facility"].to_numpy()
    members = choose_members(facilities, services.sizes(), minimum, dated)
    plain = [
        services,
        totals(services, "facility", members.counted),
        totals(services, "campaign", members.counted),
    ]
    ranks = {name: rank for rank, name in enumerate(plain[1].groups["facility"])}
    return Levels(
        plain,
        {
            variable: [
                _all_there(table) if census else table
                for table in (by_stratum(whole, answers.responses, variable) for whole in plain)
            ]
            for variable in strata
        },
        members,
        np.array([ranks[facility] for facility in facilities]),
    )


def _all_there(breakdown: Breakdown) -> Breakdown:
    """The same groups, their head count being the number of those who answered."""
    counted = breakdown.groups.assign(head_count=breakdown.sizes().astype(float))
    return replace(breakdown, groups=counted)
