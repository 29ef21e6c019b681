"""Which services stand where few do, beside all those of a campaign and those of their kind.

Whether a service *differs from the others* is another question, with another answer: see
`qgdr_eval.comparison.reference`. Many teams differ; few are unusual.

The examples read ``campaign_report``: `qgdr demo essai` writes a campaign, and
``open_campaign("essai/campagne.yml")`` of `qgdr_eval.reporting` opens it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qgdr_eval.comparison.funnel import FEWEST, Funnel, fit_funnel, usual_rule
from qgdr_eval.comparison.shrinkage import steady
from qgdr_eval.disclosure import Published
from qgdr_eval.frames import FunnelRow
from qgdr_eval.responses.roster import KIND_COLUMNS
from qgdr_eval.scoring import RULES

FUNNEL_COLUMNS = list(FunnelRow._fields)
NO_KIND = pd.DataFrame(columns=KIND_COLUMNS)
LEVELS = (0.95, 0.998)


@dataclass(frozen=True)
class Curves:
    """The limits of a funnel at each number of people, from 0 to 100.

    ``ends``: (lowest, highest) at 95 %, then at 99.8 %.
    """

    people: tuple[float, ...]
    ends: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]


def find_unusual(published: Published, kinds: pd.DataFrame = NO_KIND) -> pd.DataFrame:
    """Where each service stands among all services shown, and among those of its kind.

    A funnel for each dimension of people, under the two conditions that it means something: eight
    services shown, and a deviation between people pooled over them (see `fit_funnel`). ``kinds``:
    ``facility, service, kind``; a kind has its own funnel when eight of its services are shown.
    Returns `FUNNEL_COLUMNS`, points on 0–100, services in the campaign's order:

    - ``standing``: within the limits (``usual``), or beyond those at 95 % or at 99.8 %;
      ``by_usual_rule``: the same by the rule of CQC and SHMI, for who must reproduce it;
    - ``gap``: the smallest true distance to the centre that a service of this size shows four
      times in five;
    - ``steadied``, ``low``, ``high``: the score pulled to the centre as much as it is unsure, and
      its 95 % interval (`steady`); ``reliability``, from 0 to 1, and ``needed``, the people that
      would bring it to .70.

    >>> rows = find_unusual(campaign_report.published)
    >>> set(rows["standing"]) <= {"usual", "low", "high", "very_low", "very_high"}
    True
    """
    deviations = _deviations(published)
    rows = _scores(published)
    found = [
        _stand(inside, kind, deviations[str(dimension)])
        for dimension, every in rows.groupby("dimension", sort=False)
        if deviations.get(str(dimension), 0) > 0
        for kind, inside in _groups(every, kinds)
    ]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=FUNNEL_COLUMNS)


def curves_of(row: FunnelRow, people: np.ndarray) -> Curves:
    """The limits of the funnel that a row was read in, at these numbers of people."""
    funnel = Funnel(row.centre, row.between, row.within, int(row.services))
    ends = (funnel.limits(people, level) for level in LEVELS)
    return Curves(
        tuple(people.tolist()),
        tuple((tuple(low.tolist()), tuple(high.tolist())) for low, high in ends),
    )


def _deviations(published: Published) -> dict[str, float]:
    """Between people of one service, by dimension; none where scores are no mean of people."""
    means = {
        dimension.id
        for dimension in published.instrument.dimensions
        if RULES[dimension.rule].combine in ("items", "subjects")
    }
    rows = published.spread[published.spread["item"] == ""]
    pairs = zip(rows["dimension"].astype(str), rows["deviation"].astype(float), strict=True)
    return {id: deviation for id, deviation in pairs if id in means}


def _scores(published: Published) -> pd.DataFrame:
    rows = published.dimension_scores()
    rows = rows[(rows["service"] != "") & (rows["status"] == "published")]
    return rows.astype({"facility": str, "service": str, "dimension": str})


def _groups(rows: pd.DataFrame, kinds: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """All services, then those of each kind, where there are enough of them."""
    if len(rows) < FEWEST:
        return
    yield "", rows
    told = rows.merge(kinds, on=["facility", "service"])
    for kind, inside in told.groupby("kind", sort=False):
        if len(inside) >= FEWEST:
            yield str(kind), inside


def _stand(rows: pd.DataFrame, kind: str, within: float) -> pd.DataFrame:
    """Rounded as pages print it: nothing of a score can be taken back from what is beside it."""
    score, people = rows["score"].to_numpy(float), rows["n_valid"].to_numpy(float)
    funnel = fit_funnel(score, people, within)
    steadied = steady(score, people, within)
    assert funnel is not None  # `_groups` gives enough services
    return rows.assign(
        kind=kind,
        centre=round(funnel.centre, 1),
        between=round(funnel.between, 1),
        within=within,
        services=len(rows),
        standing=funnel.position(score, people),
        by_usual_rule=usual_rule(score, people, within).position(score, people),
        gap=np.round(funnel.smallest_gap(people), 1),
        steadied=np.round(steadied.score, 1),
        low=steadied.low,
        high=steadied.high,
        reliability=np.round(steadied.reliability, 2),
        needed=np.ceil(steadied.needed),
    )[FUNNEL_COLUMNS]
