"""What a publication holds beside the scores: distributions, exclusions, reliability, the file."""

import dataclasses
import sqlite3

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.disclosure import open_published, publish, write_published
from qgdr_eval.disclosure.sheets import NUMBERS
from qgdr_eval.instruments import Option, Scale
from qgdr_eval.problems import Refused
from tests.disclosure.campaigns import answers, campaign, instrument

EMPTY = pd.DataFrame(columns=["dimension", "score", "low", "high"])
TEAMS = {"A": 12, "B": 14, "C": 4}


def made(rule="positive_share", unanimous=True, **changes):
    rng = np.random.default_rng(1)
    values = {("F", name): rng.integers(1, 6, (n, 3)) for name, n in TEAMS.items()}
    if unanimous:
        values["F", "A"][:, 0] = 4
    answered = answers(list(values), values)
    return publish(
        campaign(10), instrument(3, rule), dataclasses.replace(answered, **changes), EMPTY
    )


def test_a_distribution_where_all_answers_are_the_same_is_not_shown():
    shown = made().of("F", "A").distributions.set_index("item")
    assert set(shown.loc["Q0", "status"]) == {"unanimous"}
    assert shown.loc["Q0", ["count", "share"]].isna().all(axis=None)
    assert set(shown.loc["Q1", "status"]) == {"published"}


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
    told = made().attestation.query("facility == 'F'")
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
    numbers = ["n", "score", "low", "high"]
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
