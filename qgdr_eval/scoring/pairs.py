"""The same records audited twice: which criteria they gained, and which they lost.

When both rounds of an audit look at the same records, the records that changed say more than two
percentages side by side. Only records are matched: to link what one person answered in two
campaigns would tell who they are.
"""

import numpy as np
import pandas as pd

from qgdr_eval.frames import PairRow
from qgdr_eval.instruments import Instrument, Item
from qgdr_eval.scoring.coding import MISSING, Coded
from qgdr_eval.scoring.rules import RULES

PLACE = ["facility", "service"]
KEY = [*PLACE, "subject"]
PAIR_COLUMNS = list(PairRow._fields)


def yes_no_items(instrument: Instrument) -> list[str]:
    """Codes of the items whose score is a share of yes: two options, worth 0 and 1.

    >>> from qgdr_eval.instruments import load_instrument
    >>> yes_no_items(load_instrument("culture_securite"))
    []
    """
    return [item.code for item in instrument.items if _is_share_of_yes(instrument, item)]


def pair_records(
    earlier: pd.DataFrame, later: pd.DataFrame, coded_earlier: Coded, coded_later: Coded
) -> pd.DataFrame:
    """Count, for each service and yes/no criterion, what became of the records seen twice.

    Records are matched by ``subject`` within their facility and service; a pair counts where the
    criterion is yes or no in both rounds. Whether they may be is asked before, see
    `qgdr_eval.responses.twice.refuse_unmatched`.

    Args:
        earlier, later: responses frames of the two rounds.
        coded_earlier, coded_later: the same, coded by `code_answers`; the versions of the
            instrument may differ, criteria that only one of them has are left out.

    Returns:
        `PAIR_COLUMNS`, one row per service of the later round and criterion of its instrument.
        ``both``: yes twice; ``gained``: no then yes; ``lost``: yes then no; ``neither``: no twice;
        ``n_pairs``: the four together; ``unpaired``: records with a yes or a no in one round only.
    """
    services = later.groupby(PLACE, observed=True).size().index
    records = _matched(earlier, later, services)
    rows_before, rows_after = _rows_of_items(coded_earlier), _rows_of_items(coded_later)
    tables = {
        item: _count(
            records["service"].to_numpy(),
            _states(coded_earlier, rows_before[item], records["before"]),
            _states(coded_later, rows_after[item], records["after"]),
            len(services),
        )
        for item in rows_after
        if item in rows_before
    }
    return _stack(tables, services)


def judged_twice(
    earlier: pd.DataFrame, later: pd.DataFrame, coded_earlier: Coded, coded_later: Coded
) -> pd.DataFrame:
    """Every criterion of a record that is yes or no in both readings, as `pair_records` pairs them.

    Columns facility, service, ``record`` (its rank), item, ``cell``: 0 no twice, 1 yes at first
    only, 2 yes then only, 3 yes twice.
    """
    services = later.groupby(PLACE, observed=True).size().index
    records = _matched(earlier, later, services)
    places = services.to_frame(index=False).astype(str).iloc[records["service"]]
    rows_before, rows_after = _rows_of_items(coded_earlier), _rows_of_items(coded_later)
    tables = [pd.DataFrame(columns=[*PLACE, "record", "item", "cell"])]
    for item in rows_after.keys() & rows_before.keys():
        before = _states(coded_earlier, rows_before[item], records["before"])
        after = _states(coded_later, rows_after[item], records["after"])
        judged = (before < 2) & (after < 2)
        cells = 2 * after[judged].astype(int) + before[judged]
        record = np.flatnonzero(judged)
        tables.append(places[judged].assign(record=record, item=item, cell=cells))
    return pd.concat(tables[len(tables) > 1 :], ignore_index=True)


def _is_share_of_yes(instrument: Instrument, item: Item) -> bool:
    rule = RULES[instrument.dimension(item.dimension).rule]
    values = rule.values(item, instrument.scale_of(item))
    return rule.combine in ("items", "subjects") and values.tolist() == [0, 1]


def _rows_of_items(coded: Coded) -> dict[str, int]:
    codes = coded.instrument.codes
    return {item: codes.index(item) for item in yes_no_items(coded.instrument)}


def _matched(earlier: pd.DataFrame, later: pd.DataFrame, services: pd.MultiIndex) -> pd.DataFrame:
    """Every record of either round: its ``service``'s rank, its row ``before`` and ``after``.

    A row is −1 in the round that does not have the record.
    """
    before, after = (
        responses[KEY]
        .assign(**{side: np.arange(len(responses))})
        .dropna(subset=PLACE)
        .astype(dict.fromkeys(KEY, str))
        for responses, side in ((earlier, "before"), (later, "after"))
    )
    records = before.merge(after, on=KEY, how="outer")
    records["service"] = services.get_indexer(pd.MultiIndex.from_frame(records[PLACE]))
    known = records[records["service"] >= 0]
    return known.fillna({"before": -1, "after": -1}).astype({"before": int, "after": int})


def _states(coded: Coded, row: int, subjects: pd.Series) -> np.ndarray:
    return np.append(coded.states[row], MISSING)[subjects]


def _count(
    service: np.ndarray, before: np.ndarray, after: np.ndarray, services: int
) -> dict[str, np.ndarray]:
    """The fourfold table of one criterion in each service, and the records out of it."""
    seen_before, seen_after = before < 2, after < 2
    pair = seen_before & seen_after
    cells = 4 * service[pair] + 2 * after[pair] + before[pair]
    neither, lost, gained, both = np.bincount(cells, minlength=4 * services).reshape(-1, 4).T
    return {
        "both": both,
        "gained": gained,
        "lost": lost,
        "neither": neither,
        "n_pairs": both + gained + lost + neither,
        "unpaired": np.bincount(service[seen_before ^ seen_after], minlength=services),
    }


def _stack(tables: dict[str, dict[str, np.ndarray]], services: pd.MultiIndex) -> pd.DataFrame:
    frames = [
        services.to_frame(index=False).assign(item=item, **counts)
        for item, counts in tables.items()
    ]
    if not frames:
        return pd.DataFrame(columns=PAIR_COLUMNS)
    stacked = pd.concat(frames)[PAIR_COLUMNS]
    return stacked.sort_index(kind="stable").reset_index(drop=True)
