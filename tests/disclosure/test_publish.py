"""What a publication holds beside the scores: distributions, exclusions, reliability, the file."""

import dataclasses
import sqlite3

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.disclosure import open_published, publish, write_published
from qgdr_eval.disclosure.precision import round_ends
from qgdr_eval.disclosure.sheets import NUMBERS
from qgdr_eval.french import round_half_up
from qgdr_eval.instruments import Option, Scale
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.scores_file import export_scores
from qgdr_eval.reporting.scores_table import COLUMNS, write_scores
from tests.disclosure.campaigns import answers, campaign, instrument

EMPTY = pd.DataFrame(columns=["dimension", "score", "low", "high"])
OF_SCORES = ["low", "high", "wide_low", "wide_high"]
TEAMS = {"A": 12, "B": 14, "C": 4}
THREE = {"A": 12, "B": 14, "D": 11}


def made(rule="positive_share", unanimous=True, teams=TEAMS, **changes):
    rng = np.random.default_rng(1)
    values = {("F", name): rng.integers(1, 6, (n, 3)) for name, n in teams.items()}
    if unanimous:
        values["F", "A"][:, 0] = 4
    answered = answers(list(values), values)
    return publish(
        campaign(10), instrument(3, rule), dataclasses.replace(answered, **changes), EMPTY
    )


def test_a_distribution_where_all_answers_are_the_same_is_not_shown():
    shown = made(teams=THREE).of("F", "A").distributions.set_index("item")
    assert set(shown.loc["Q0", "status"]) == {"unanimous"}
    assert shown.loc["Q0", ["count", "share"]].isna().all(axis=None)
    assert set(shown.loc["Q1", "status"]) == {"published"}


def test_a_small_team_whose_spread_is_its_own_is_shown_by_side():
    """Fewer than three services shown: an interval rests on the team's own spread."""
    few, pooled = (
        made(unanimous=False, teams=teams).of("F", "A").distributions.query("item == 'Q1'")
        for teams in (TEAMS, THREE)
    )
    assert few["state"].tolist() == ["pole"] * 3 + ["not_applicable", "dont_know", "missing"]
    assert few["pole"].tolist()[:3] == ["negative", "neutral", "positive"]
    assert few["count"].sum() == 12
    assert pooled["state"].tolist()[:5] == ["option"] * 5
    by_pole = pooled.query("state == 'option'").groupby("pole")["count"].sum()
    assert few.query("state == 'pole'").set_index("pole")["count"].to_dict() == by_pole.to_dict()


def test_a_team_of_twenty_is_shown_by_option():
    alone = made(unanimous=False, teams={"A": 20}).of("F", "A").distributions
    assert set(alone["state"]) == {"option", "not_applicable", "dont_know", "missing"}


# What leaves the kit is as precise as the page prints it.


@pytest.mark.parametrize("rule", ["positive_share", "mean_0_100"])
def test_bounds_leave_as_whole_points(rule, tmp_path):
    published = made(rule, unanimous=False, teams=THREE)
    write_published(published, tmp_path / "r.sqlite")
    export_scores(published, tmp_path / "scores.csv")
    write_scores(published, tmp_path / "scores.xlsx")
    stored = open_published(tmp_path / "r.sqlite").scores
    workbook = pd.read_excel(tmp_path / "scores.xlsx").iloc[:, COLUMNS.index("à") - 1 :]
    tables = [pd.read_csv(tmp_path / "scores.csv")[OF_SCORES], workbook.iloc[:, :4]]
    for table in [*tables, stored[OF_SCORES]]:
        ends = table.to_numpy(float)
        assert np.array_equal(ends, np.rint(ends), equal_nan=True)
        expected = published.scores[OF_SCORES].map(round_half_up, na_action="ignore")
        assert np.allclose(ends, expected, equal_nan=True)
    exact = published.scores[OF_SCORES].to_numpy(float)
    assert not np.allclose(exact, np.rint(exact), equal_nan=True)  # what compares them is exact


def test_the_mean_of_people_s_means_leaves_as_whole_points(tmp_path):
    """With the scores of items it gives what the one who left a question empty said elsewhere."""
    published = made("mean_0_100", unanimous=False, teams=THREE)
    write_published(published, tmp_path / "r.sqlite")
    rows = open_published(tmp_path / "r.sqlite").scores.query("measure == 'mean_0_100'")
    wholes, items = rows.query("item == ''")["score"], rows.query("item != ''")["score"]
    assert np.array_equal(wholes, np.rint(wholes), equal_nan=True)
    assert not np.allclose(items, np.rint(items), equal_nan=True)


def test_what_is_compared_leaves_as_whole_points_without_its_p():
    rows = pd.DataFrame(
        {"dimension": "d", "item": ["", "Q0"], "measure": "mean_0_100", "difference": 3.4,
         "low": -1.5, "high": 8.26, "beyond": 2.2, "beyond_low": -0.6, "p": 0.04}
    )  # fmt: skip
    told = round_ends(rows, instrument(3, "mean_0_100"))
    assert told["low"].tolist() == [-2, -2]
    assert told["high"].tolist() == [8, 8]
    assert told["difference"].tolist() == [3, 3.4]  # a question's own comes from its distribution
    assert told["beyond"].tolist() == [2, 2.2]
    assert told["beyond_low"].tolist() == [-1, -1]
    assert told["p"].isna().all()
    of_records = instrument(3, "conformity").model_copy(update={"subject": "record"})
    assert round_ends(rows, of_records) is rows


def test_levels_leave_as_they_are():
    rows = pd.DataFrame({"dimension": ["d"], "low": [37.5], "high": [62.5]})
    assert round_ends(rows, instrument(3, "maturity"))["low"].tolist() == [37.5]


def test_a_share_leaves_the_answers_open_a_mean_does_not():
    """All answered 4: « 100 % favourable » leaves two options, « 75 points » tells each answer."""
    share = made("positive_share").of("F", "A").scores.query("item == 'Q0'").iloc[0]
    mean = made("mean_0_100").of("F", "A").scores
    assert (share["status"], share["score"]) == ("published", 100)
    assert set(mean.query("item == 'Q0'")["status"]) == {"suppressed"}
    assert set(mean.query("item == '' and measure == 'mean_0_100'")["status"]) == {"complementary"}
    assert set(mean.query("item == 'Q1'")["status"]) == {"published"}


def test_the_total_leaves_a_telling_row_out():
    """A says the same at Q0, B does not: the total of Q0 is B's, and says that A is not in it."""
    published = made("mean_0_100")
    scores = published.scores.query("item == 'Q0'").set_index("service")
    total = scores.loc[""].iloc[0]
    assert (total["status"], total["n_valid"]) == ("published", TEAMS["B"])
    assert total["score"] == scores.loc["B", "score"]
    told = published.attestation.query("what == 'total_row'")
    assert set(told["facility"]) == {"F", ""}
    assert set(told["reason"]) == {"hidden_there"}


@pytest.mark.parametrize(("large", "shown"), [(12, True), (11, False)])
def test_a_total_row_counts_half_of_the_respondents_at_least(large, shown):
    """12 all « 4 » and ``large`` others; under half of them, it would speak for the others."""
    values = {("F", "A"): np.full((12, 3), 4), ("F", "B"): np.tile([1, 4, 5], (20, 1))[:large]}
    values["F", "B"][0] = 3
    published = publish(
        campaign(10), instrument(3, "mean_0_100"), answers(list(values), values), EMPTY
    )
    total = published.of("F", "").scores.query("item == 'Q0'").iloc[0]
    assert (total["status"] == "published") == shown


def test_services_of_one_voice_are_not_given_back_by_their_total():
    """12 and 15 all « oui », one mixed of 14: 34 of 41, 82.93 %, gave both back."""
    no, yes = (
        Option(code=code, label=label, pole=pole)
        for code, label, pole in ((1, "Non", "negative"), (2, "Oui", "positive"))
    )
    scale = Scale(label="Oui ou non", options=(no, yes))
    asked = instrument(3).model_copy(update={"scales": {"accord": scale}})
    values = {("F", "A"): np.full((12, 3), 2), ("F", "B"): np.full((15, 3), 2)}
    values["F", "C"] = np.array([[2, 2, 1]] * 7 + [[1, 2, 2]] * 7)
    published = publish(campaign(10), asked, answers(list(values), values), EMPTY)
    rows = published.scores.query("item == 'Q0'").astype({"status": str}).set_index("service")
    assert rows.loc[["A", "B"], "status"].tolist() == ["suppressed"] * 2
    assert rows.loc[[""], "status"].tolist() == ["complementary"] * 2
    assert rows.loc[[""], NUMBERS].isna().all(axis=None)


def test_returns_set_aside_are_counted_for_shown_services_only():
    log = pd.DataFrame(
        [("F", "A", 5, "blank", "excluded", "", ""), ("F", "C", 9, "blank", "excluded", "", "")],
        columns=["facility", "service", "row", "reason", "action", "item", "given"],
    )
    published = made(exclusions=log)
    assert published.exclusions.to_dict("records") == [
        {"facility": "F", "service": "A", "reason": "blank", "action": "excluded", "count": 1}
    ]
    assert published.of("F", "").participation.iloc[0]["excluded"] == 1


def test_returns_that_are_flagged_and_kept_are_not_counted():
    """One person who answered « 4 » everywhere would be read off the only option always met."""
    log = pd.DataFrame(
        [("F", "A", "same_answer", "flagged"), ("F", "A", "duplicate", "excluded")],
        columns=["facility", "service", "reason", "action"],
    )
    told = made(exclusions=log).exclusions
    assert told[["reason", "count"]].to_numpy().tolist() == [["duplicate", 1]]


def test_reliability_rests_on_shown_services():
    """With the hidden team's answers replaced, no coefficient moves."""
    rng = np.random.default_rng(1)
    values = {("F", name): rng.integers(1, 6, (n, 3)) for name, n in TEAMS.items()}
    changed = {**values, ("F", "C"): np.full((3, 3), 1)}
    first, second = (
        publish(campaign(10), instrument(3), answers(list(one), one), EMPTY)
        for one in (values, changed)
    )
    pd.testing.assert_frame_equal(first.reliability, second.reliability)
    assert not {"rwgj_median", "icc1"} & set(first.reliability["measure"])  # two services only
    assert "alpha" in set(first.reliability["measure"])


def test_the_attestation_names_what_is_hidden():
    told = made(teams=THREE | {"C": 4}).attestation.query("facility == 'F'")
    assert {
        ("C", "group", "small"),
        ("", "total", "left_out"),
        ("A", "distribution", "unanimous"),
    } <= set(told[["service", "what", "reason"]].itertuples(index=False, name=None))


def test_published_results_come_back_from_disk_the_same(tmp_path):
    published, path = made(), tmp_path / "a#b ?50%20é.sqlite"
    write_published(published, path)
    back = open_published(path)
    assert (back.card, back.instrument) == (published.card, published.instrument)
    numbers = ["n", "score"]
    assert np.allclose(back.scores[numbers], published.scores[numbers], equal_nan=True)
    assert list(back.scores["status"]) == list(published.scores["status"].astype(str))
    again = tmp_path / "again.sqlite"
    write_published(published, again)
    assert again.read_bytes() == path.read_bytes()


def test_only_published_results_are_opened(tmp_path):
    (tmp_path / "texte.sqlite").write_text("rien")
    sqlite3.connect(tmp_path / "vide.sqlite").close()
    other = sqlite3.connect(tmp_path / "autre.sqlite")
    other.execute("create table heading (x)")
    other.execute("insert into heading values (1)")
    other.commit()
    other.close()
    for name in ("absent", "texte", "vide", "autre"):
        with pytest.raises(Refused, match="pas un fichier de résultats publiés"):
            open_published(tmp_path / f"{name}.sqlite")


def test_nothing_else_makes_published_results():
    with pytest.raises(TypeError):
        dataclasses.replace(made(), seal=None)
