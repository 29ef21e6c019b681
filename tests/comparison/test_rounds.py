"""Every comparison of a campaign, from its files: which round is which, and what is not tested."""

import itertools
from pathlib import Path

import pandas as pd
import pytest

from qgdr_eval.campaigns.rounds import publish_rounds
from qgdr_eval.comparison import compare_to_reference, read_dimensions
from qgdr_eval.comparison.agreement import measure_agreement
from qgdr_eval.comparison.composition import COMPOSITION_COLUMNS
from qgdr_eval.comparison.evolution import EVOLUTION_COLUMNS, compare_campaigns
from qgdr_eval.comparison.rounds import AGREEMENT_COLUMNS, HISTORY_COLUMNS, compare_rounds
from qgdr_eval.comparison.self_team import BESIDE_COLUMNS
from qgdr_eval.comparison.unusual import FUNNEL_COLUMNS
from tests.rounds import AUDIT, GROUP, PEOPLE, PERSON, write_round

FRAMES = ["readings", "findings", "comparisons", "evolution", "agreement", "history", "gaps",
          "composition", "funnel"]  # fmt: skip
ONCE = ["OONO", "ONOO", "OOOA", "NOOO"] * 4


def compared(path: Path) -> dict[str, pd.DataFrame]:
    return compare_rounds(publish_rounds(path))


def test_a_campaign_alone_has_every_frame_and_six_are_empty(tmp_path) -> None:
    found = compared(write_round(tmp_path / "c", AUDIT, {"A": ONCE}))
    assert list(found) == FRAMES
    assert list(found["evolution"].columns) == [*EVOLUTION_COLUMNS, "period_before"]
    assert list(found["agreement"].columns) == AGREEMENT_COLUMNS
    assert list(found["history"].columns) == HISTORY_COLUMNS
    assert list(found["gaps"].columns) == BESIDE_COLUMNS
    assert list(found["composition"].columns) == COMPOSITION_COLUMNS
    assert list(found["funnel"].columns) == FUNNEL_COLUMNS
    assert all(found[name].empty for name in FRAMES[3:])


def test_readings_and_the_reference_are_those_of_the_campaign(tmp_path) -> None:
    rows = {name: ["1234", "4321", "2244"] * 4 for name in "ABC"}
    write_round(tmp_path / "avant", PEOPLE, {name: ["5555", "1111"] * 6 for name in "ABC"})
    path = write_round(tmp_path / "c", PEOPLE, rows, "earlier: ../avant/campagne.yml\n")
    rounds = publish_rounds(path)
    found = compare_rounds(rounds)
    pd.testing.assert_frame_equal(found["readings"], read_dimensions(rounds.published))
    reference = compare_to_reference(rounds.published)
    pd.testing.assert_frame_equal(found["comparisons"], reference.drop(columns="p"))
    assert not reference.empty


# Since the last time


def test_the_evolution_is_since_the_latest_round_not_the_first(tmp_path) -> None:
    write_round(tmp_path / "un", AUDIT, {"A": ["NNNN"] * 20}, period="2024")
    write_round(tmp_path / "deux", AUDIT, {"A": ["OOOO"] * 20}, period="2025")
    more = "earlier: [../un/campagne.yml, ../deux/campagne.yml]\n"
    found = compared(write_round(tmp_path / "trois", AUDIT, {"A": ["OOOO"] * 20}, more))
    assert set(found["evolution"]["period_before"]) == {"2025"}
    assert (found["evolution"]["difference"] == 0).all()
    assert set(found["evolution"]["verdict"]) == {"not_established"}


@pytest.mark.parametrize("matched", [False, True])
def test_the_evolution_is_that_of_the_two_campaigns(matched, tmp_path) -> None:
    write_round(tmp_path / "avant", AUDIT, {"A": ["ONNO", "NNOO"] * 10, "B": ONCE})
    more = f"earlier: {{campaign: ../avant/campagne.yml, same_records: {str(matched).lower()}}}\n"
    rounds = publish_rounds(
        write_round(tmp_path / "c", AUDIT, {"A": ["OONO", "OOOO"] * 10, "B": ONCE}, more)
    )
    (earlier,) = rounds.earlier
    found = compare_rounds(rounds)["evolution"]
    direct = compare_campaigns(earlier.published, rounds.published, earlier.pairs)
    pd.testing.assert_frame_equal(found.drop(columns="period_before"), direct)
    signed = found.query("service == 'A' and item == 'T2'").iloc[0]
    assert (signed["difference"], signed["verdict"]) == (100, "improved")
    assert signed["method"] == ("paired" if matched else "newcombe")


@pytest.mark.parametrize("instrument", [GROUP, PERSON], ids=["group", "person"])
def test_two_declared_positions_get_neither_interval_nor_verdict(instrument, tmp_path) -> None:
    write_round(tmp_path / "avant", instrument, {"A": ["1115"], "B": ["3.33"]})
    path = write_round(
        tmp_path / "c", instrument, {"A": ["5515"], "B": ["3333"]},
        "earlier: ../avant/campagne.yml\n",
    )  # fmt: skip
    found = compared(path)["evolution"]
    assert set(found["verdict"]) == {"declared", "not_compared"}
    assert found[["low", "high", "p"]].isna().all(axis=None)
    moved = found.set_index(["service", "dimension", "item"])["difference"]
    assert moved["A", "ecoute", ""] == 100
    assert moved["A", "suites", ""] == 0
    unseen = found.query("verdict == 'not_compared'")
    assert unseen[["service", "item"]].to_numpy().tolist() == [["B", "E2"]]
    assert unseen["difference"].isna().all()


# Every round


@pytest.mark.parametrize("order", list(itertools.permutations(["juin", "mars", "mai"])))
def test_the_history_keeps_the_order_of_the_rounds(order, tmp_path) -> None:
    """As they are written, whatever their names, the campaign itself last."""
    answers = {"juin": "OO", "mars": "ON", "mai": "NN"}
    for name in order:
        write_round(tmp_path / name, AUDIT, {"A": [answers[name] + "OO"] * 12}, period=name)
    listed = ", ".join(f"../{name}/campagne.yml" for name in order)
    path = write_round(tmp_path / "c", AUDIT, {"A": ONCE}, f"earlier: [{listed}]\n", period="fin")
    rows = compared(path)["history"].query("dimension == 'trace'")
    assert rows["round"].tolist() == [1, 2, 3, 4]
    assert rows["period"].tolist() == [*order, "fin"]
    scores = {"juin": 100, "mars": 50, "mai": 0}
    # Traçabilité now: 12 dated of 16, 12 signed of 16.
    assert rows["score"].tolist() == pytest.approx([*(scores[name] for name in order), 75])
    assert rows["n"].tolist() == [12, 12, 12, 16]


def test_a_service_is_in_the_rounds_it_took_part_in(tmp_path) -> None:
    write_round(tmp_path / "avant", AUDIT, {"A": ONCE, "Fermé": ONCE})
    path = write_round(
        tmp_path / "c", AUDIT, {"Nouveau": ONCE, "A": ONCE}, "earlier: ../avant/campagne.yml\n"
    )
    found = compared(path)
    rounds = found["history"].groupby("service")["round"].unique()
    assert {service: list(seen) for service, seen in rounds.items()} == {
        "A": [1, 2],
        "Nouveau": [2],
    }
    new = found["evolution"].query("service == 'Nouveau'")
    assert set(new["verdict"]) == {"not_compared"}
    assert new["score_before"].isna().all()


# Two auditors


@pytest.fixture(scope="module")
def two_auditors(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Of 50 records « Daté » makes the table 20, 5, 10, 15; « Signé » is yes twice everywhere."""
    folder = tmp_path_factory.mktemp("lectures")
    first = ["OOAO"] * 25 + ["NOAO"] * 25
    second = ["OOAO"] * 20 + ["NOAN"] * 5 + ["OOAO"] * 10 + ["NOAO"] * 15
    write_round(folder / "relecture", AUDIT, {"Petit": ["OOOO"] * 4, "A": second})
    more = "second_reader: ../relecture/campagne.yml\n"
    path = write_round(folder / "audit", AUDIT, {"Petit": ["OOOO"] * 14, "A": first}, more)
    return compared(path)["agreement"]


def test_agreement_by_r(two_auditors) -> None:
    """psych::cohen.kappa(matrix(c(20, 5, 10, 15), 2, byrow = TRUE)): .40 (.1511 – .6489)."""
    row = two_auditors.set_index("item").loc["T1"]
    assert row["n"] == 50
    assert row[["observed", "kappa", "low", "high"]].tolist() == pytest.approx(
        [0.70, 0.40, 0.15109229, 0.64890771], abs=1e-8
    )
    assert row[["positive", "negative"]].tolist() == pytest.approx([40 / 55, 30 / 45])


def test_what_has_no_kappa_says_why(two_auditors) -> None:
    rows = two_auditors.set_index("item")
    assert (rows.loc["T2", "reason"], rows.loc["T2", "observed"]) == ("one_category", 1)
    assert rows.loc["T2", ["kappa", "low", "high", "negative"]].isna().all()
    assert "I1" not in rows.index  # not applicable everywhere: no reading to compare


def test_all_criteria_together_are_the_sum_of_those_shown_and_come_first(two_auditors) -> None:
    assert two_auditors["item"].tolist() == ["", "T1", "T2", "I2"]
    both, first, second, neither = 20 + 50 + 45, 5 + 0 + 5, 10, 15
    expected = measure_agreement(both, first, second, neither)
    whole = two_auditors.iloc[0]
    assert (whole["n"], whole["kappa"]) == (150, expected.kappa)
    # R, 20,000 samples of the 50 records, set.seed(1): quantiles of kappa at 2.5 and 97.5 %.
    assert whole[["low", "high"]].tolist() == pytest.approx([0.3014756, 0.7189432], abs=0.02)
    assert whole["high"] - whole["low"] != pytest.approx(expected.high - expected.low, abs=0.01)


def test_a_service_read_too_little_by_the_second_auditor_is_absent(two_auditors) -> None:
    assert set(two_auditors["service"]) == {"A"}


# A group beside its team


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The gaps of services whose team is shown, is too small, or was not asked."""
    folder = tmp_path_factory.mktemp("groupe")
    team = ["4254", "3345", "5254", "2435"] * 5  # « Écoute »: 53,125
    asked = {"A": team, "Petit": team[:6], "Sans groupe": team}
    write_round(folder / "equipe", PEOPLE, asked, period="juin 2026")
    position = {"A": ["5533"], "Petit": ["5533"], "Seul": ["5533"]}
    more = "team: ../equipe/campagne.yml\n"
    return compared(write_round(folder / "groupe", GROUP, position, more))["gaps"]


def test_the_gap_is_what_the_group_declares_less_what_the_team_answers(beside) -> None:
    row = beside.set_index(["service", "dimension"]).loc[("A", "ecoute")]
    assert row[["own", "team", "difference", "n", "period"]].tolist() == [
        100, 53, 47, 20, "juin 2026"
    ]  # fmt: skip
    assert row["low"] < 47 < row["high"]
    assert row["verdict"] == "higher"
    assert beside.query("service == 'A' and dimension == 'suites'").iloc[0]["own"] == 50


def test_only_services_of_both_are_set_side_by_side_in_the_group_s_order(beside) -> None:
    assert list(dict.fromkeys(beside["service"])) == ["A", "Petit"]


def test_a_team_too_small_to_be_shown_gives_no_number(beside) -> None:
    hidden = beside.query("service == 'Petit'")
    assert set(hidden["verdict"]) == {"not_compared"}
    assert hidden[["own", "team", "difference", "low", "high", "n"]].isna().all(axis=None)


def test_no_figure_of_the_team_is_more_precise_than_its_page(beside) -> None:
    """More decimals would give back the spread of its answers, hence lone ones."""
    figures = beside[["own", "team", "difference", "low", "high"]].dropna()
    assert (figures == figures.round()).all(axis=None)
    assert "p" not in beside
