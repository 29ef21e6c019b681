"""Who answered at each round, and when that has moved enough to be told."""

from collections import namedtuple
from pathlib import Path

import pytest

from qgdr_eval.campaigns.rounds import publish_rounds
from qgdr_eval.comparison.composition import Moved, moved_by_a_quarter
from qgdr_eval.comparison.rounds import compare_rounds, rounds_series
from qgdr_eval.comparison.sure import how_sure
from qgdr_eval.disclosure.rows import rows_of
from tests.rounds import PEOPLE, write_round

NAN = float("nan")
Row = namedtuple("Row", "round stratum head_count n")
Gap = namedtuple("Gap", "verdict low high campaign_verdict")
TEAM = ["4254", "3345", "5254", "2435"] * 5


def heads(before: float, now: float) -> list[Row]:
    return [Row(1, "", before, 10), Row(2, "", now, 10)]


def shares(before: dict[str, int], now: dict[str, int]) -> list[Row]:
    """Rounds of twenty answers, so many of each stratum."""
    return [
        Row(rank, name, NAN, n)
        for rank, counts in enumerate((before, now), start=1)
        for name, n in {"": 20, **counts}.items()
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (heads(12, 27), [Moved("", 12, 27)]),
        (heads(20, 25), [Moved("", 20, 25)]),  # a quarter exactly
        (heads(20, 24), []),
        (heads(20, 15), [Moved("", 20, 15)]),
        (heads(20, 16), []),
        (heads(NAN, 40), []),
        (heads(40, NAN), []),
        (shares({"m=A": 10, "m=B": 10}, {"m=A": 14, "m=B": 6}), []),
        (shares({"m=A": 10, "m=B": 10}, {"m=A": 15, "m=B": 5}), [Moved("m=B", 50, 25)]),
        (shares({"m=A": 12}, {"m=B": 12}), []),  # neither is shown twice
        ([Row(2, "", 40, 10)], []),  # the service is new
        ([Row(1, "", 12, 10), Row(3, "", 40, 10)], []),  # it was not there the time before
        ([], []),
    ],
)  # fmt: skip
def test_what_moved_by_a_quarter_is_told(rows, told):
    assert moved_by_a_quarter(rows) == told


def test_each_variable_is_told_once_by_the_share_that_moved_most():
    rows = shares({"m=A": 2, "m=B": 10, "m=C": 8}, {"m=A": 12, "m=B": 5, "m=C": 3})
    assert moved_by_a_quarter(rows) == [Moved("m=A", 10, 60)]


@pytest.mark.parametrize(
    ("verdict", "low", "high", "together", "sure"),
    [
        ("improved", 2, 14, "improved", "established"),
        ("worsened", -14, -2, "not_established", "established"),
        ("higher", 2, 14, "not_established", "established"),
        ("not_established", 2, 14, "not_established", "to_confirm"),
        ("not_established", -14, -2, "not_established", "to_confirm"),
        ("not_established", -2, 14, "improved", "to_confirm"),
        ("not_established", -2, 14, "not_established", "cannot_conclude"),
        ("not_established", 0, 14, "not_established", "cannot_conclude"),
        ("not_compared", NAN, NAN, "not_compared", "not_compared"),
        ("declared", NAN, NAN, "declared", "declared"),
    ],
)
def test_how_sure_a_difference_is(verdict, low, high, together, sure):
    assert how_sure(Gap(verdict, low, high, together)) == sure


def asked(folder: Path, heads: int, rows: list[str], instrument: str = PEOPLE, more="") -> Path:
    """A round of service A, to which so many people belong."""
    folder.mkdir(parents=True)
    (folder / "services.csv").write_text(
        f"établissement;service;effectif\nHôpital fictif;A;{heads}\n", encoding="utf-8"
    )
    return write_round(folder, instrument, {"A": rows}, f"services: services.csv\n{more}")


def test_rounds_remember_head_counts_and_answers_of_what_is_shown(tmp_path):
    asked(tmp_path / "un", 30, TEAM)
    path = asked(tmp_path / "deux", 45, TEAM + TEAM, more="earlier: ../un/campagne.yml\n")
    rows = compare_rounds(publish_rounds(path))["composition"]
    assert rows[["round", "head_count", "n"]].to_numpy().tolist() == [[1, 30, 20], [2, 45, 40]]
    assert set(rows["version"]) == {"1.0.0"}


def by_job(path: Path, nurses: int) -> None:
    """Say that nurses gave the first answers of a campaign, and aides the others."""
    file = path.parent / "reponses.csv"
    head, *rows = file.read_text("utf-8").splitlines()
    jobs = [f"{row};{'IDE' if rank < nurses else 'AS'}" for rank, row in enumerate(rows)]
    file.write_text("\n".join([f"{head};Métier", *jobs]), encoding="utf-8")
    told = path.read_text("utf-8").replace("columns: {", "columns: {strata: {metier: Métier}, ")
    path.write_text(told, encoding="utf-8")


def test_the_share_of_a_trade_is_told_when_both_rounds_show_it(tmp_path):
    by_job(asked(tmp_path / "un", 100, TEAM + TEAM), 20)
    path = asked(tmp_path / "deux", 100, TEAM * 3, more="earlier: ../un/campagne.yml\n")
    by_job(path, 48)
    rows = rows_of(compare_rounds(publish_rounds(path))["composition"])
    (moved,) = moved_by_a_quarter(rows)
    assert moved == Moved("metier=IDE", 50, 80) or moved == Moved("metier=AS", 50, 20)


def test_a_trade_too_small_to_be_shown_is_told_in_neither_round(tmp_path):
    by_job(asked(tmp_path / "un", 100, TEAM + TEAM), 20)
    path = asked(tmp_path / "deux", 100, TEAM + TEAM, more="earlier: ../un/campagne.yml\n")
    by_job(path, 37)
    rows = rows_of(compare_rounds(publish_rounds(path))["composition"])
    assert {row.stratum for row in rows if row.round == 2} == {""}
    assert moved_by_a_quarter(rows) == []


def test_a_round_too_small_to_be_shown_tells_nothing_of_who_answered(tmp_path):
    asked(tmp_path / "un", 12, TEAM[:5])
    path = asked(tmp_path / "deux", 45, TEAM, more="earlier: ../un/campagne.yml\n")
    rows = compare_rounds(publish_rounds(path))["composition"]
    assert rows.loc[rows["round"] == 1, ["head_count", "n"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        (lambda text: text, {"ecoute": [1, 1], "suites": [1, 1]}),
        (lambda text: text.replace("1.0.0", "2.0.0"), {"ecoute": [1, 2], "suites": [1, 2]}),
        (
            lambda text: text.replace(", reversed: true", ""),
            {"ecoute": [1, 1], "suites": [1, 2]},
        ),
        (
            lambda text: text.replace(
                "On est écouté, rule: mean_0_100", "On est écouté, rule: positive_share"
            ),
            {"ecoute": [1, 2], "suites": [1, 1]},
        ),
        (lambda text: text.replace("label: Écoute", "label: L'écoute"),
         {"ecoute": [1, 1], "suites": [1, 1]}),
    ],
    ids=["nothing", "version", "question", "rule", "name alone"],
)  # fmt: skip
def test_another_version_or_another_measure_begins_a_part(changed, parts, tmp_path):
    asked(tmp_path / "un", 30, TEAM)
    path = asked(tmp_path / "deux", 30, TEAM, changed(PEOPLE), "earlier: ../un/campagne.yml\n")
    rows = compare_rounds(publish_rounds(path))["history"]
    assert {
        dimension: own["part"].tolist() for dimension, own in rows.groupby("dimension")
    } == parts


History = namedtuple("History", "round period version part score status")


@pytest.mark.parametrize(
    ("version", "part", "told"),
    [
        ("1.0.0", 1, []),
        ("2.0.0", 2, ["questionnaire, version 2.0.0"]),
        ("1.0.0", 2, ["questions ou calcul changés"]),
    ],
)
def test_a_run_chart_of_rounds_is_cut_where_a_part_begins(version, part, told):
    rows = [
        History(rank, f"tour {rank}", "1.0.0" if rank < 12 else version, 1 if rank < 12 else part,
                50.0 + rank % 3, "published")
        for rank in range(24)
    ]  # fmt: skip
    series = rounds_series(rows, "Écoute")
    assert [change for _, _, change in series.changes] == told
    assert series.points["part"].nunique() == 1 + len(told)
