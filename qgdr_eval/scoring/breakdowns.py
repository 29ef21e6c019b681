"""Which subject belongs to which group: services, facility totals, the campaign, strata."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

GROUP = ["facility", "service", "stratum"]


@dataclass(frozen=True)
class Breakdown:
    """Groups that do not overlap, and the group of each subject.

    ``groups``: one row per group, columns ``facility, service, stratum`` ("" for all) and
    ``head_count`` (people asked, NaN when not known). ``codes``: for each subject the rank of its
    group, −1 when it is in none.

    >>> groups = pd.DataFrame({"facility": "EHPAD", "service": ["Jour", "Nuit"], "stratum": "",
    ...                        "head_count": [4.0, np.nan]})
    >>> Breakdown(groups, np.array([0, 0, 1, -1])).sizes().tolist()
    [2, 1]
    """

    groups: pd.DataFrame
    codes: np.ndarray

    def sizes(self) -> np.ndarray:
        """Subjects per group."""
        return np.bincount(self.codes_or_last, minlength=len(self.groups) + 1)[:-1]

    @cached_property
    def codes_or_last(self) -> np.ndarray:
        """``codes`` with subjects in no group sent to one group more, for sums that drop it.

        Of the type NumPy indexes with, which spares it a conversion at each use.
        """
        return np.where(self.codes >= 0, self.codes, len(self.groups)).astype(np.intp)


def by_service(
    responses: pd.DataFrame, roster: pd.DataFrame, counted: str = "head_count"
) -> Breakdown:
    """One group per service of the roster, in its order, those without answers included.

    ``counted``: the column of the roster that says how many there were to ask, or to draw from.

    >>> responses = pd.DataFrame({"facility": "EHPAD", "service": ["Nuit", "Jour", "Nuit"]})
    >>> roster = pd.DataFrame({"facility": "EHPAD", "service": ["Jour", "Nuit", "Soir"]})
    >>> by_service(responses.astype("category"), roster).sizes().tolist()
    [1, 2, 0]
    """
    facilities, services = responses["facility"].cat, responses["service"].cat
    shape = len(facilities.categories) + 1, len(services.categories) + 1
    ranks = np.full(shape, -1, dtype=np.int32)
    at = (
        facilities.categories.get_indexer(roster["facility"].astype(str)),
        services.categories.get_indexer(roster["service"].astype(str)),
    )
    ranks[at] = np.arange(len(roster))
    ranks[-1, :] = ranks[:, -1] = -1  # names unknown to the other side, coded −1
    codes = ranks[facilities.codes.to_numpy(), services.codes.to_numpy()]
    unknown = pd.Series(np.nan, roster.index)
    return Breakdown(_groups(roster, roster.get(counted, unknown)), codes)


def totals(services: Breakdown, level: str, members: np.ndarray) -> Breakdown:
    """Sum services up to their ``facility`` or to the whole ``campaign``.

    ``members``: for each service whether it counts in its total. A head count is given only when
    every member has one.

    ``level``: ``facility`` or ``campaign``.

    >>> groups = pd.DataFrame({"facility": "EHPAD", "service": ["Jour", "Nuit"], "stratum": "",
    ...                        "head_count": [4.0, 3.0]})
    >>> services = Breakdown(groups, np.array([0, 0, 1]))
    >>> whole = totals(services, "campaign", np.array([True, True]))
    >>> whole.sizes().tolist(), whole.groups["head_count"].tolist()
    ([3], [7.0])
    """
    names = services.groups["facility"].astype(str).to_numpy()
    names = names if level == "facility" else np.full(len(names), "")
    rank, labels = pd.factorize(names)
    rank = np.where(members, rank, -1).astype(np.int32)
    heads = services.groups["head_count"].to_numpy(dtype=float)
    counted = np.bincount(rank[members], weights=heads[members], minlength=len(labels))
    groups = pd.DataFrame({"facility": labels, "service": "", "head_count": counted})
    return Breakdown(_groups(groups, groups["head_count"]), _passed_on(rank, services.codes))


def by_stratum(whole: Breakdown, responses: pd.DataFrame, variable: str) -> Breakdown:
    """Split each group of a breakdown by a stratum variable.

    Strata are named ``variable=value``; subjects without a value, if any, form ``variable=``.

    >>> groups = pd.DataFrame({"facility": "EHPAD", "service": ["Nuit"], "stratum": "",
    ...                        "head_count": [3.0]})
    >>> people = pd.DataFrame({"profession": ["AS", "IDE", "AS"]})
    >>> split = by_stratum(Breakdown(groups, np.array([0, 0, 0])), people, "profession")
    >>> dict(zip(split.groups["stratum"], split.sizes().tolist(), strict=True))
    {'profession=AS': 2, 'profession=IDE': 1}
    """
    values = responses[variable].astype("category").cat
    names = [*map(str, values.categories), *([""] if (values.codes < 0).any() else [])]
    ranks = np.where(values.codes >= 0, values.codes, len(names) - 1)
    codes = np.where(whole.codes >= 0, whole.codes * len(names) + ranks, -1).astype(np.int32)
    groups = whole.groups.loc[whole.groups.index.repeat(len(names))].reset_index(drop=True)
    strata = np.tile(np.array([f"{variable}={name}" for name in names], object), len(whole.groups))
    return Breakdown(groups.assign(stratum=strata, head_count=np.nan), codes)


def _groups(names: pd.DataFrame, head_count: Sequence[float] | pd.Series) -> pd.DataFrame:
    heads = pd.to_numeric(pd.Series(head_count)).astype("Float64").to_numpy(float, na_value=np.nan)
    return pd.DataFrame(
        {
            "facility": names["facility"].astype(str).to_numpy(),
            "service": names["service"].astype(str).to_numpy(),
            "stratum": "",
            "head_count": heads,
        }
    )


def _passed_on(rank: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return np.append(rank, np.int32(-1))[codes]
