"""Where the plan stands: what is open, late, done, measured, and who serves which aim."""

import datetime
from collections.abc import Iterable, Sequence

import pandas as pd

from qgdr_eval.actions.check import NOUNS, ancestors_of, missing_of
from qgdr_eval.actions.model import (
    ABANDONED,
    DONE,
    EVALUATED,
    OPEN,
    PLACE,
    TO_DO,
    make_actions,
    read_date,
    records_of,
)
from qgdr_eval.frames import FollowedRow
from qgdr_eval.french import listed

FLAGS = ["open", "late", "done", "evaluated", "done_not_evaluated", "abandoned", "incomplete"]
INHERITED = (
    "origin",
    "facility",
    "dimension",
    "item",
    "finding",
    "objective",
    "action",
    "priority",
    "indicator",
    "target",
    "method",
    "campaign",
)


def follow(actions: pd.DataFrame, on: datetime.date) -> pd.DataFrame:
    """What may be said of each action on a day, in the plan's order.

    Returns:
        ``id``, the place, ``state``, then booleans: ``open`` (à faire, en cours); ``late``, open
        with a due date before ``on``; ``done`` (réalisé, évalué); ``evaluated``, évalué with its
        result and its date; ``done_not_evaluated``, done without them: the check of the PDCA
        cycle is missing; ``abandoned``; ``incomplete``, a pilot, a due date, an indicator, a
        result or its date still to fill in. ``missing`` names them in French. ``days_late`` is 0
        when the action is not late.

    >>> plan = make_actions([{"id": "A", "state": "en cours", "due": "2026-09-30"}])
    >>> follow(plan, datetime.date(2026, 11, 16))[["late", "days_late", "missing"]].values.tolist()
    [[True, 47, 'pilote et indicateur']]
    """
    columns = list(FollowedRow._fields)
    rows = [{**row, **_flags(row, on)} for row in records_of(actions)]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(FLAGS, bool))


def _flags(row: dict[str, str], on: datetime.date) -> dict[str, str | bool | int]:
    due, missing = read_date(row["due"]), missing_of(row)
    late = row["state"] in OPEN and due is not None and due < on.isoformat()
    done = row["state"] in (DONE, EVALUATED)
    evaluated = row["state"] == EVALUATED and not missing
    return {
        "open": row["state"] in OPEN,
        "late": late,
        "done": done,
        "evaluated": evaluated,
        "done_not_evaluated": done and not evaluated,
        "abandoned": row["state"] == ABANDONED,
        "incomplete": bool(missing),
        "missing": listed(NOUNS[name] for name in missing),
        "days_late": (on - datetime.date.fromisoformat(due)).days if late and due else 0,
    }


def count_actions(followed: pd.DataFrame, by: Sequence[str] = PLACE) -> pd.DataFrame:
    """How many actions there are of each kind, place by place, in the plan's order.

    ``followed``: what `follow` returned; ``by``: the columns that make a place. Columns: ``by``,
    ``actions``, then one count for each flag of `FLAGS`.

    >>> plan = make_actions([{"id": "A", "service": "Bloc", "state": "à faire"},
    ...                      {"id": "B", "service": "Bloc", "state": "abandonné"}])
    >>> followed = follow(plan, datetime.date(2026, 11, 16))
    >>> count_actions(followed, by=["service"])[["service", "actions", "open"]].values.tolist()
    [['Bloc', 2, 1]]
    """
    groups = followed.assign(actions=1).groupby(list(by), sort=False, dropna=False)
    return groups[["actions", *FLAGS]].sum().astype(int).reset_index()


def decline(actions: pd.DataFrame, id: str, to: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """The plan with an action declined to pôles ((pôle, "")) and services ((pôle, service)).

    Each new action keeps the facility, finding, objective, action, indicator, target and method
    of its parent, which is the pôle's own action when there is one. It is to do, and its pilot
    and dates are left for its level to decide. A place that already has its own is left alone.
    Raises ``KeyError`` for an unknown id.

    >>> plan = make_actions([{"id": "P1", "objective": "Mieux transmettre"}])
    >>> plan = decline(plan, "P1", [("Médecine", ""), ("Médecine", "Cardiologie")])
    >>> plan[["id", "parent"]].to_numpy().tolist()
    [['P1', ''], ['P1.1', 'P1'], ['P1.1.1', 'P1.1']]
    """
    rows = records_of(actions)
    if id not in {row["id"] for row in rows}:
        raise KeyError(id)
    for pole, service in to:
        above = _child(rows, id, pole, "") if service else None
        parent = above or next(row for row in rows if row["id"] == id)
        if _child(rows, parent["id"], pole, service) is None:
            rows.append(_declined(rows, parent, pole, service))
    return make_actions(rows, list(actions))


def _child(
    rows: list[dict[str, str]], parent: str, pole: str, service: str
) -> dict[str, str] | None:
    wanted = (parent, pole, service)
    found = (row for row in rows if (row["parent"], row["pole"], row["service"]) == wanted)
    return next(found, None)


def _declined(
    rows: list[dict[str, str]], parent: dict[str, str], pole: str, service: str
) -> dict[str, str]:
    ids = {row["id"] for row in rows}
    free = (f"{parent['id']}.{rank}" for rank in range(1, len(ids) + 2))
    return {name: parent[name] for name in INHERITED} | {
        "id": next(id for id in free if id not in ids),
        "pole": pole,
        "service": service,
        "state": TO_DO,
        "progress": "0",
        "parent": parent["id"],
    }


def plan_of(
    actions: pd.DataFrame, facility: str = "", pole: str = "", service: str = ""
) -> pd.DataFrame:
    """The plan of one level: its own actions and those they are declined from, in order.

    An empty name takes every one: ``plan_of(actions, pole="Médecine")`` is what the pôle and its
    services do, with the actions of the facility that they serve.

    >>> plan = make_actions([{"id": "P1"}, {"id": "P1.1", "pole": "Médecine", "parent": "P1"},
    ...                      {"id": "P2", "pole": "Chirurgie"}])
    >>> plan_of(plan, pole="Médecine")["id"].tolist()
    ['P1', 'P1.1']
    """
    own = belongs(actions, facility, pole, service)
    parents = dict(zip(actions["id"], actions["parent"], strict=True))
    served = {above for id in actions["id"][own] for above in ancestors_of(parents, id)}
    return actions[own | actions["id"].isin(served)].reset_index(drop=True)


def belongs(
    actions: pd.DataFrame, facility: str = "", pole: str = "", service: str = ""
) -> pd.Series:
    """Which actions are of a place itself, an empty name taking every one."""
    wanted = zip(PLACE, (facility, pole, service), strict=True)
    fits = [actions[name] == value for name, value in wanted if value]
    return pd.concat([pd.Series(True, actions.index), *fits], axis=1).all(axis=1)
