"""The rows of a figure of changes, from published frames: rounds of a service, or two views of it.

The examples read ``audit_report`` and ``pair_report``: `qgdr demo essai` writes both campaigns.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from qgdr_eval.comparison.composition import moved_by_a_quarter
from qgdr_eval.comparison.overall import OVERALL
from qgdr_eval.comparison.sure import how_sure
from qgdr_eval.figures.changes import NAN, Beside, Change
from qgdr_eval.figures.words import hidden_words, top_label
from qgdr_eval.frames import (
    ChangedRow,
    CompositionRow,
    EvolutionRow,
    GapRow,
    HistoryRow,
    SelfGapRow,
)
from qgdr_eval.french import signed, typography
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.wording.changes import (
    NOT_COMPARED,
    NOT_SHOWN_BEFORE,
    composition_words,
    measure_words,
    version_words,
)
from qgdr_eval.wording.difference import changed_notices
from qgdr_eval.wording.levels import axis_levels
from qgdr_eval.wording.reference import interval_of
from qgdr_eval.wording.scores import short_words

SIDES = {"improved": "strength", "worsened": "priority"}
TOGETHER = "Toutes les dimensions ensemble"


def round_rows(
    instrument: Instrument, evolution: Sequence[EvolutionRow], history: Sequence[HistoryRow]
) -> list[Change]:
    """One row a dimension: its score at every round, and what moved since the one before.

    ``evolution``, ``history``: rows of these frames of one service. A last row is the test of all
    dimensions together, where there is one.

    >>> from qgdr_eval.disclosure.rows import rows_of
    >>> rows = round_rows(audit_report.instrument, rows_of(audit_report.evolution, EvolutionRow),
    ...                   rows_of(audit_report.history, HistoryRow))
    >>> {len(row.points) for row in rows}
    {2}
    """
    moved = {row.dimension: row for row in evolution if row.item == "" and row.measure != OVERALL}
    last = max((row.round for row in history), default=0)
    ranks = sorted({row.round for row in history} | {last - 1})
    rows = [
        _round_row(dimension, instrument, moved[dimension.id], history, ranks)
        for dimension in instrument.dimensions
        if dimension.id in moved
    ]
    together = [row for row in evolution if row.measure == OVERALL]
    return rows + [Change(OVERALL, TOGETHER, **_difference(row)) for row in together]


def _round_row(
    dimension: Dimension,
    instrument: Instrument,
    moved: EvolutionRow,
    history: Sequence[HistoryRow],
    ranks: Sequence[float],
) -> Change:
    own = {row.round: row for row in history if row.dimension == dimension.id}
    scores = [_score(own.get(rank)) for rank in ranks]
    if len(scores) == 2:  # of records seen twice, both are those of the pairs
        scores = [_known(moved.score_before, scores[0]), _known(moved.score, scores[1])]
    shown = [score for score in scores if score == score]
    ends = (shown[0], shown[-1]) if shown else ()
    before_last = scores[-2] if len(scores) > 1 else NAN
    hidden = hidden_words(own[ranks[-1]].status) if scores[-1] != scores[-1] else ""
    return Change(
        dimension.id,
        dimension.label,
        tuple(scores),
        tuple(short_words(end, dimension, instrument) for end in ends) or ("", ""),  # type: ignore[arg-type]
        _cuts(own, ranks),
        instead="" if hidden else NOT_COMPARED if before_last == before_last else NOT_SHOWN_BEFORE,
        hidden=hidden,
        **_difference(moved),
    )


def _score(row: HistoryRow | None) -> float:
    return NAN if row is None or row.status != "published" else float(row.score)


def _known(value: float, otherwise: float) -> float:
    return value if value == value else otherwise


def _cuts(own: dict[float, HistoryRow], ranks: Sequence[float]) -> tuple[int, ...]:
    """The ranks of the rounds that do not measure what the round before did."""
    parts = [own[rank].part if rank in own else None for rank in ranks]
    return tuple(
        rank
        for rank in range(1, len(parts))
        if None not in parts[rank - 1 : rank + 1] and parts[rank] != parts[rank - 1]
    )


def _difference(row: EvolutionRow | GapRow | SelfGapRow) -> dict[str, Any]:
    if row.difference != row.difference or row.verdict == "not_compared":
        return {}
    sampled = row.low == row.low
    return {
        "difference": row.difference,
        "low": row.low,
        "high": row.high,
        "sure": how_sure(row),
        "side": SIDES.get(row.verdict, "between"),
        "shown": signed(row.difference),
        "ends": interval_of(row.low, row.high) if sampled else "",
    }


def round_beside(
    instrument: Instrument,
    rows: Sequence[Change],
    history: Sequence[HistoryRow],
    composition: Sequence[CompositionRow] = (),
    changed: Sequence[ChangedRow] = (),
) -> Beside:
    """What stands around `round_rows`: the names of the rounds, and what changed in between."""
    periods = {row.round: row.period for row in history}
    ranks = sorted(periods)
    first, last = periods[ranks[0]], periods[ranks[-1]]
    several = any(len(row.points) > 2 for row in rows)
    names = (first, last) if several else (f"avant : {first}", f"maintenant : {last}")
    before = periods.get(ranks[-1] - 1, first)
    return Beside(
        pair=False,
        names=(typography(names[0]), typography(names[1])),
        heads=(
            "Score à chaque tour, même échelle" if several else "Score",
            typography(f"Écart, en points, depuis : {before}" if several else "Écart, en points"),
        ),
        sides=("en recul", "en progrès"),
        axis=_axis(instrument),
        notices=tuple(notices(instrument, history, composition, changed)),
    )


def _axis(instrument: Instrument) -> dict[float, str]:
    """The levels, or both ends and the middle: the marks of the profile are not read here."""
    dimensions = instrument.dimensions
    ends = {0.0: "0", 50.0: "50", 100.0: top_label(dimensions)}
    return axis_levels(dimensions, instrument) or ends


def notices(
    instrument: Instrument,
    history: Sequence[HistoryRow],
    composition: Sequence[CompositionRow],
    changed: Sequence[ChangedRow] = (),
) -> list[str]:
    """What a reader must know before any difference: who answers, or what is asked, changed."""
    last = max((row.round for row in history), default=0)
    asked = [row for row in changed if row.round == last]
    people = moved_by_a_quarter(composition) if instrument.of_people else []
    versions = list(dict.fromkeys((row.round, row.version) for row in history))
    steps = [
        version_words(before, now) for (_, before), (_, now) in pairwise(versions) if before != now
    ]
    anew = [
        dimension.label
        for dimension in instrument.dimensions
        if _measured_anew([row for row in history if row.dimension == dimension.id])
    ]
    said = [composition_words(people), *steps, measure_words(anew) if anew else ""]
    said += changed_notices(instrument, asked)
    return [line for line in said if line]


def _measured_anew(rows: Sequence[HistoryRow]) -> bool:
    """Whether a dimension began another part in one same version."""
    return any(
        before.part != now.part and before.version == now.version for before, now in pairwise(rows)
    )


def pair_rows(instrument: Instrument, gaps: Sequence[GapRow | SelfGapRow]) -> list[Change]:
    """One row a dimension: one's own position, the team's score, and the gap of both.

    ``gaps``: rows of a gaps frame, of a leader or of a group.

    >>> from qgdr_eval.disclosure.rows import rows_of
    >>> gaps = rows_of(pair_report.gaps, GapRow)
    >>> pair_rows(pair_report.instrument, gaps)[0].points == (gaps[0].own, gaps[0].team)
    True
    """
    return [_pair_row(instrument.dimension(gap.dimension), instrument, gap) for gap in gaps]


def _pair_row(dimension: Dimension, instrument: Instrument, gap: GapRow | SelfGapRow) -> Change:
    if gap.verdict == "not_compared":
        return Change(dimension.id, dimension.label, hidden=hidden_words("suppressed"))
    own, team = (short_words(value, dimension, instrument) for value in (gap.own, gap.team))
    return Change(
        dimension.id,
        dimension.label,
        (gap.own, gap.team),
        (own, team),
        band=(gap.own - gap.high, gap.own - gap.low),
        **_difference(gap),
    )


def pair_beside(instrument: Instrument, own: str, team: str, people: str) -> Beside:
    """What stands around `pair_rows`; ``own``, ``team``: whose points; ``people``: how many."""
    return Beside(
        pair=True,
        names=(typography(own), typography(f"{team} ({people})" if people else team)),
        heads=("Score", typography(f"Écart, en points : {own} moins {team}")),
        sides=("plus bas", "plus haut"),
        axis=_axis(instrument),
        band=typography("son intervalle à 95 %"),
    )
