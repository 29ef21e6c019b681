"""The frames of the demonstration are what their row types say: columns, types and words."""

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import pandas as pd
import pytest

from qgdr_eval import frames
from qgdr_eval.disclosure import open_published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.responses.indicators import NATIONAL_HEADERS
from tests.opened import Opened

ROOT = Path(__file__).parents[2]
REPORTS = ("team_report", "audit_report", "pair_report", "position_report", "risk_report")
OF_A_CAMPAIGN = {
    "scores": frames.ScoreRow,
    "distributions": frames.DistributionRow,
    "participation": frames.TurnoutRow,
    "exclusions": frames.ExclusionRow,
    "reliability": frames.ReliabilityRow,
    "references": frames.ReferenceRow,
    "attestation": frames.AttestationRow,
    "spread": frames.SpreadRow,
}
OF_A_REPORT = {
    "readings": frames.ReadingRow,
    "findings": frames.FindingRow,
    "comparisons": frames.ComparisonRow,
    "evolution": frames.EvolutionRow,
    "agreement": frames.AgreementRow,
    "history": frames.HistoryRow,
    "notes": frames.NoteRow,
    "promises": frames.LoopRow,
    "gaps": frames.GapRow,
    "funnel": frames.FunnelRow,
}
OF_A_PLAN = {
    "own": frames.ActionRow,
    "followed": frames.FollowedRow,
    "loop": frames.LoopRow,
    "proposals": frames.ActionRow,
}


def opened_frames(opened: Opened) -> Iterator[tuple[str, pd.DataFrame, type[NamedTuple]]]:
    """Every frame that pages read, with the type its rows have."""
    reports = opened.named([*REPORTS, "plan_report", "dashboard_report", "stored_results"])
    published = open_published(reports["stored_results"])
    wholes = {"whole": published} | {name: reports[name].published for name in REPORTS}
    for name, whole in wholes.items():
        for frame, row in OF_A_CAMPAIGN.items():
            yield f"{name}.{frame}", getattr(whole, frame), row
    for name in REPORTS:
        for frame, row in OF_A_REPORT.items():
            yield f"{name}.{frame}", getattr(reports[name], frame), row
    for frame, row in OF_A_PLAN.items():
        yield f"plan.{frame}", getattr(reports["plan_report"], frame), row
    for series in reports["dashboard_report"].series:
        yield f"{series.indicator}.points", series.points, frames.PointRow
        yield f"{series.indicator}.signals", series.signals, frames.SignalRow


def ill_typed(row: NamedTuple) -> list[tuple[str, Any]]:
    """The values of a row that are not what its type says."""
    hints = get_type_hints(type(row))
    return [(name, value) for name, value in row._asdict().items() if not fits(value, hints[name])]


def fits(value: object, hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if hint is bool:
        return value in (0, 1)  # as SQLite keeps them
    return isinstance(value, int | float if hint is float else hint)


def test_every_frame_is_what_its_row_type_says(opened_reports):
    seen = set()
    for name, frame, row in opened_frames(opened_reports):
        assert tuple(frame) == row._fields, name
        made = rows_of(frame, row)
        assert [(name, *found) for one in made for found in ill_typed(one)] == []
        seen |= {row} if made else set()
    unseen = {one for rows in (OF_A_CAMPAIGN, OF_A_REPORT, OF_A_PLAN) for one in rows.values()}
    # The demonstration has no external values, and these teams wrote no note.
    assert unseen - seen == {frames.ReferenceRow, frames.NoteRow}


def test_a_frame_that_lacks_a_column_of_its_row_type_is_refused():
    with pytest.raises(KeyError, match="kind"):
        rows_of(pd.DataFrame({"facility": ["CH"], "service": ["Bloc"]}), frames.KindRow)


def test_rows_that_hold_more_begin_as_those_they_are_made_of():
    for longer, row in (
        (frames.PublishedIndicatorRow, frames.IndicatorRow),
        (frames.SaidFindingRow, frames.FindingRow),
    ):
        hints, own = get_type_hints(longer), get_type_hints(row)
        assert longer._fields[: len(row._fields)] == row._fields
        assert {name: hints[name] for name in own} == own


def test_national_values_have_the_columns_their_file_names():
    assert frames.NationalRow._fields == tuple(NATIONAL_HEADERS)


def test_the_tables_of_the_reference_are_those_of_the_row_types():
    page = runpy.run_path(str(ROOT / "docs" / "generate_frames.py"))
    written = (ROOT / "docs" / "frames.md").read_text(encoding="utf-8")
    assert written == page["render"](), "run: python docs/generate_frames.py"
