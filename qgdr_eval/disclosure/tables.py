"""Who answered, how answers spread, what was set aside: the frames beside the scores."""

from collections import Counter
from collections.abc import Collection

import numpy as np
import pandas as pd

from qgdr_eval.disclosure.levels import Levels
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import AttestationRow, TurnoutRow
from qgdr_eval.instruments import Instrument
from qgdr_eval.responses import Answers
from qgdr_eval.scoring import Breakdown

PARTICIPATION_COLUMNS = list(TurnoutRow._fields)
KEY = ["facility", "service"]
ATTESTED = list(AttestationRow._fields)
ANSWERED = ("option", "pole")  # states of the distributions that are valid answers
FEWEST_POOLED = 3  # services shown, for a spread that is the campaign's
FEW_RESPONDENTS = 20  # beside their own spread, lone answers tell: docs/decisions/0004


def publish_participation(answers: Answers, levels: Levels, minimum: int) -> pd.DataFrame:
    """Respondents, people asked and response rate (0–100) of services, facilities, campaign.

    Columns `PARTICIPATION_COLUMNS`. ``left_out``: hidden services that the total does not count.
    A group under ``minimum`` shows nothing but its name and head count, which others know anyway.
    """
    tables = [
        breakdown.groups.assign(n=breakdown.sizes().astype(float)) for breakdown in levels.plain
    ]
    participation = pd.concat(tables, ignore_index=True).assign(
        excluded=_excluded(answers, levels), left_out=_left_out(levels)
    )
    hidden = participation["n"] < minimum
    participation["rate"] = 100 * participation["n"] / participation["head_count"]
    participation.loc[hidden, ["n", "rate", "excluded"]] = np.nan
    participation["status"] = np.where(hidden, "suppressed", "published")
    return participation[PARTICIPATION_COLUMNS]


def _excluded(answers: Answers, levels: Levels) -> np.ndarray:
    """Returns set aside, for each service then each total of the services it counts."""
    log = answers.exclusions
    aside = log[log["action"] == "excluded"].groupby(KEY, observed=True).size()
    services = levels.plain[0].groups
    counts = aside.reindex(pd.MultiIndex.from_frame(services[KEY]), fill_value=0).to_numpy(float)
    counted = counts * levels.members.counted
    by_facility = np.bincount(levels.totals_of, counted)
    return np.concatenate([counts, by_facility, [counted.sum()]])


def _left_out(levels: Levels) -> np.ndarray:
    """Services with answers that a total leaves out, counted for each total."""
    aside = ~levels.members.counted
    by_facility = np.bincount(levels.totals_of, aside)
    return np.concatenate([np.zeros(len(aside)), by_facility, [aside.sum()]]).astype(int)


def publish_exclusions(answers: Answers, participation: pd.DataFrame) -> pd.DataFrame:
    """Set-aside returns and unreadable cells of the services shown, counted by reason.

    Columns ``facility, service, reason, action, count``. Returns that were flagged and kept are not
    counted: where one person gave the same answer everywhere, the only option met at every question
    would be that person's.
    """
    published = participation["status"] == "published"
    shown = participation.loc[published & (participation["service"] != ""), KEY]
    aside = answers.exclusions[answers.exclusions["action"] != "flagged"]
    counts = aside.groupby([*KEY, "reason", "action"], observed=True).size()
    counted = counts.rename("count").reset_index().astype({"facility": str, "service": str})
    return shown.merge(counted, on=KEY)


def publish_distributions(
    distributions: pd.DataFrame,
    scores: pd.DataFrame,
    by_pole: Collection[tuple[str, str]] = (),
    *,
    protect: bool = True,
) -> pd.DataFrame:
    """Blank the distributions of hidden rows, and those where every answer is the same.

    When all valid answers are equal, showing the option tells what each person answered:
    ``unanimous`` rows say so without the option. Records, and what a group declares, need no such
    protection (``protect`` false): where none could be judged, what was said instead is shown.
    ``by_pole``: (facility, service) whose options are counted by pole, in rows of state ``pole``.
    """
    keys = [*KEY, "item"]
    items = (scores["item"] != "") & (scores["stratum"] == "") & (scores["service"] != "")
    rows = scores[items]
    status = dict(zip(zip(*map(rows.get, keys), strict=True), rows["status"], strict=True))
    given = _by_pole(distributions, by_pole)
    wanted = zip(*map(given.get, keys), strict=True)
    table = given.assign(status=[status.get(place, np.nan) for place in wanted])
    options = table["state"] == "option"
    largest = table["share"].where(options).groupby([table[key] for key in keys]).transform("max")
    equal = (largest > 100 - 1e-9) & (table["status"] == "published") & protect
    table.loc[equal, "status"] = "unanimous"
    aside = ~table["state"].isin(ANSWERED) & (table["status"] == "no_answer") & (not protect)
    table.loc[aside, "status"] = "published"
    table.loc[_one_side(table, rows, keys) & protect, "status"] = "complementary"
    table.loc[table["status"] != "published", ["count", "share"]] = np.nan
    return table


def _one_side(table: pd.DataFrame, scores: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Where answers are counted by side, those that are all on one that is not favourable.

    Such a side may hold one option, the middle one, and then says what everybody answered; were
    the other shown in that case, so would its absence.
    """
    sides = (table["state"] == "pole") & (table["status"] == "published")
    at = [table[key].astype(str) for key in keys]
    lone = table["share"].where(sides).groupby(at).transform("max") > 100 - 1e-9
    unmet = scores.loc[np.isclose(scores["score"].astype(float), 0), keys].astype(str)
    none = pd.MultiIndex.from_arrays(at).isin(pd.MultiIndex.from_frame(unmet))
    several = (sides & (table["pole"] != "positive")).groupby(at).transform("sum") > 1
    return sides & lone & none & several


def _by_pole(distributions: pd.DataFrame, places: Collection[tuple[str, str]]) -> pd.DataFrame:
    """The options of some services put together by pole, each where its first option stood."""
    if not places:
        return distributions
    options = distributions["state"] == "option"
    wanted = pd.MultiIndex.from_tuples([*places], names=KEY)
    inside = options & pd.MultiIndex.from_frame(distributions[KEY]).isin(wanted)
    summed = distributions[inside].groupby([*KEY, "item", "pole"], sort=False)
    first = summed["position"].idxmin()
    sides = distributions.loc[first].assign(state="pole", label="")
    sides[["count", "share"]] = summed[["count", "share"]].sum(min_count=1).to_numpy()
    return (
        pd.concat([distributions[~inside], sides]).sort_index(kind="stable").reset_index(drop=True)
    )


def own_spread(instrument: Instrument, services: Breakdown, minimum: int) -> list[tuple[str, str]]:
    """The services whose answers are shown by pole: few respondents, a spread that is their own.

    Where fewer than `FEWEST_POOLED` services are shown, an interval rests on the spread of the team
    itself; beside the options of a small team, it tells which lone answers are one person's.
    """
    sizes = services.sizes()
    if not instrument.of_people or (sizes >= minimum).sum() >= FEWEST_POOLED:
        return []
    few = services.groups[sizes < FEW_RESPONDENTS]
    return list(zip(few["facility"], few["service"], strict=True))


def attest(
    scores: pd.DataFrame,
    distributions: pd.DataFrame,
    participation: pd.DataFrame,
    left_out: np.ndarray,
) -> pd.DataFrame:
    """What was hidden and why, without a number that would tell more.

    Columns ``facility, service, what, reason, count``: ``what`` is a group, a total, rows of a
    total that leave a service out (``left_out``, of each facility then the campaign), rows,
    strata or distributions; ``count`` how many of them in that group.
    """
    people = rows_of(participation, TurnoutRow)
    small = [(group.facility, group.service) for group in people if group.status == "suppressed"]
    totals = [group for group in people if not group.service]
    sums = zip(totals[len(totals) - len(left_out) :], left_out.tolist(), strict=True)
    attested = [
        *((*place, "group", "small", 1) for place in small),
        *(
            (group.facility, group.service, "total", "left_out", group.left_out)
            for group in people
            if group.left_out > 0
        ),
        *(
            (total.facility, total.service, "total_row", "hidden_there", rows)
            for total, rows in sums
            if rows > 0
        ),
        *((*row, count) for row, count in _hidden_rows(scores, set(small)).items()),
        *((*row, count) for row, count in _unanimous(distributions).items()),
    ]
    return pd.DataFrame(attested, columns=ATTESTED).astype({"count": "int64"})


def _hidden_rows(scores: pd.DataFrame, small: set[tuple[str, str]]) -> Counter[tuple[str, ...]]:
    """How many rows of each group that is not ``small`` are hidden, by what they are and why.

    Strata of a group that shows some are not told: which ones are there is seen.
    """
    places = scores["facility"], scores["service"]
    split = (scores["stratum"] != "") & (scores["status"] == "published")
    seen = small.union(zip(*(names[split] for names in places), strict=True))
    hidden = scores["status"].isin(["suppressed", "complementary"])
    columns = (column[hidden] for column in (*places, scores["stratum"], scores["status"]))
    return Counter(
        (*place, "stratum_row" if stratum else "row", status)
        for *place, stratum, status in zip(*columns, strict=True)
        if tuple(place) not in (seen if stratum else small)
    )


def _unanimous(distributions: pd.DataFrame) -> Counter[tuple[str, ...]]:
    """How many items of each group were answered alike by everybody."""
    equal = distributions[distributions["status"] == "unanimous"]
    items = dict.fromkeys(zip(equal["facility"], equal["service"], equal["item"], strict=True))
    return Counter((*place, "distribution", "unanimous") for *place, _ in items)


def attest_strata(
    attested: pd.DataFrame, scores: pd.DataFrame, participation: pd.DataFrame, wanted: bool
) -> pd.DataFrame:
    """Add that the breakdown the campaign asked for is shown nowhere: no class, no number.

    One row for the campaign, one for each group shown: ``what`` "strata", ``reason`` "unseen".
    """
    if not wanted or (scores["stratum"] != "").any():
        return attested
    shown = participation.loc[participation["status"] == "published", KEY].astype(str)
    unseen = shown.assign(what="strata", reason="unseen", count=1)
    return pd.concat([attested, unseen], ignore_index=True)
