"""A campaign, those before it and its second auditor: what is read, refused, kept hidden."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from qgdr_eval.campaigns.results import write_results
from qgdr_eval.campaigns.rounds import publish_rounds
from qgdr_eval.comparison.rounds import compare_rounds
from qgdr_eval.disclosure.pairs import NUMBERS
from qgdr_eval.problems import Refused
from qgdr_eval.responses import load_campaign
from tests.rounds import AUDIT, GROUP, PEOPLE, PERSON, write_round

BEFORE, NOW = "../avant/campagne.yml", "../maintenant/campagne.yml"
ONCE = ["OONO", "ONOO", "OOOA", "NOOO"] * 4  # sixteen records
SECRET = "le docteur du lundi"


def shown(pairs: pd.DataFrame, service: str, item: str) -> list[float]:
    """The numbers of one criterion: both, gained, lost, neither, matched, unmatched."""
    rows = pairs[(pairs["service"] == service) & (pairs["item"] == item)]
    return rows[NUMBERS].iloc[0].tolist()


def problems_of(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        publish_rounds(path)
    return str(refused.value)


# What a campaign may name


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a.yml", [("a.yml", False)]),
        ("[a.yml, b.yml]", [("a.yml", False), ("b.yml", False)]),
        ("{campaign: a.yml, same_records: true}", [("a.yml", True)]),
        ("[a.yml, {campaign: b.yml, same_records: true}]", [("a.yml", False), ("b.yml", True)]),
        ("[]", []),
    ],
)
def test_earlier_campaigns_are_a_file_a_list_or_what_they_share(given, expected, tmp_path) -> None:
    path = write_round(tmp_path / "c", AUDIT, {"A": ONCE}, f"earlier: {given}\n")
    read = load_campaign(path).earlier
    assert [(one.campaign, one.same_records) for one in read] == expected


@pytest.mark.parametrize(
    "given", ["{same_records: true}", "{campaign: a.yml, paired: true}", "[[a.yml]]", "''"]
)
def test_another_shape_is_refused_at_its_line(given, tmp_path) -> None:
    path = write_round(tmp_path / "c", AUDIT, {"A": ONCE}, f"earlier: {given}\n")
    with pytest.raises(Refused) as refused:
        load_campaign(path)
    assert {problem.line for problem in refused.value.problems} == {8}


def test_the_oldest_comes_first_as_it_is_written(tmp_path) -> None:
    for name in ("zero", "un", "deux"):
        write_round(tmp_path / name, AUDIT, {"A": ONCE}, period=f"tour {name}")
    more = "earlier: [../zero/campagne.yml, ../un/campagne.yml, ../deux/campagne.yml]\n"
    rounds = publish_rounds(write_round(tmp_path / "trois", AUDIT, {"A": ONCE}, more))
    assert [one.published.card.id for one in rounds.earlier] == ["zero", "un", "deux"]
    assert [one.published.card.period for one in rounds.earlier] == [
        "tour zero", "tour un", "tour deux"
    ]  # fmt: skip
    assert rounds.published.card.id == "trois"


def test_a_campaign_alone_has_neither_earlier_ones_nor_a_second_reading(tmp_path) -> None:
    rounds = publish_rounds(write_round(tmp_path / "c", AUDIT, {"A": ONCE}))
    assert (rounds.earlier, rounds.second, rounds.notes.empty) == ((), None, True)


# The same records


def test_records_are_matched_only_when_the_campaign_says_they_are_the_same(tmp_path) -> None:
    before = ["OOOO"] * 7 + ["ONOO"] * 5 + ["OAOO"] * 2 + ["OOOO"] * 3
    now = ["OOOO"] * 4 + ["ONOO"] * 3 + ["OOOO"] * 3 + ["ONOO"] * 2 + ["OOOO"] * 2
    write_round(tmp_path / "avant", AUDIT, {"A": before})
    said = f"earlier: {{campaign: {BEFORE}, same_records: true}}\n"
    (earlier,) = publish_rounds(write_round(tmp_path / "lies", AUDIT, {"A": now}, said)).earlier
    # Of T2: 7 yes before (4 stay, 3 lost), 5 no before (3 gain, 2 stay); 2 had no answer before
    # and one now, 3 are not there any more.
    assert earlier.pairs is not None
    assert shown(earlier.pairs, "A", "T2") == [4, 3, 3, 2, 12, 5]
    (apart,) = publish_rounds(
        write_round(tmp_path / "separes", AUDIT, {"A": now}, f"earlier: {BEFORE}\n")
    ).earlier
    assert apart.pairs is None


def test_the_first_auditor_is_the_campaign_and_the_second_the_other(tmp_path) -> None:
    first = ["ONOO"] * 10 + ["OOOO"] * 2 + ["NOOO"] * 3
    second = ["ONOO"] * 4 + ["ONNO"] * 6 + ["OOOO"] * 2 + ["OOOO"] * 3
    write_round(tmp_path / "relecture", AUDIT, {"A": second})
    more = "second_reader: ../relecture/campagne.yml\n"
    pairs = publish_rounds(write_round(tmp_path / "audit", AUDIT, {"A": first}, more)).second
    assert pairs is not None
    assert shown(pairs, "A", "I1") == [9, 0, 6, 0, 15, 0]  # lost: the first alone says yes
    assert shown(pairs, "A", "T1") == [12, 3, 0, 0, 15, 0]  # gained: the second alone does


@pytest.mark.parametrize(("ours", "theirs"), [(10, 12), (12, 10)])
def test_matched_records_follow_the_stricter_of_both_campaigns(ours, theirs, tmp_path) -> None:
    """Eleven records read by both: enough for one campaign, not for the other."""
    read_once = {"A": [*ONCE[:11], "RRRR", "RRRR"]}
    write_round(tmp_path / "avant", AUDIT, read_once, f"disclosure: {{minimum: {theirs}}}\n")
    more = f"second_reader: {BEFORE}\ndisclosure: {{minimum: {ours}}}\n"
    more += f"earlier: {{campaign: {BEFORE}, same_records: true}}\n"
    rounds = publish_rounds(write_round(tmp_path / "maintenant", AUDIT, {"A": ONCE[:14]}, more))
    for pairs in (rounds.second, rounds.earlier[0].pairs):
        assert pairs is not None
        assert set(pairs["status"]) == {"suppressed"}
        assert pairs[NUMBERS].isna().all(axis=None)


# What is refused


@pytest.mark.parametrize("key", ["earlier", "second_reader"])
def test_a_campaign_made_with_another_instrument_is_refused(key, tmp_path) -> None:
    write_round(tmp_path / "avant", AUDIT.replace("id: grille", "id: autre"), {"A": ONCE})
    path = write_round(tmp_path / "maintenant", AUDIT, {"A": ONCE}, f"{key}: {BEFORE}\n")
    said = problems_of(path).replace("\u202f", " ")
    assert "« autre », celle-ci avec « grille »" in said
    assert "même instrument" in said


def test_another_version_of_the_instrument_is_the_same_instrument(tmp_path) -> None:
    write_round(tmp_path / "avant", AUDIT.replace("1.0.0", "0.9.0"), {"A": ONCE})
    path = write_round(tmp_path / "maintenant", AUDIT, {"A": ONCE}, f"earlier: {BEFORE}\n")
    (earlier,) = publish_rounds(path).earlier
    assert earlier.published.instrument.version == "0.9.0"


@pytest.mark.parametrize("key", ["earlier", "second_reader"])
def test_a_file_that_is_not_there_is_refused_by_name(key, tmp_path) -> None:
    path = write_round(tmp_path / "c", AUDIT, {"A": ONCE}, f"{key}: ../absente.yml\n")
    assert "absente.yml" in problems_of(path)


@pytest.mark.parametrize(
    "more",
    [f"second_reader: {BEFORE}\n", f"earlier: {{campaign: {BEFORE}, same_records: true}}\n"],
    ids=["second reader", "same records"],
)
@pytest.mark.parametrize("without", ["first", "second"])
def test_records_without_identifiers_are_not_matched(more, without, tmp_path) -> None:
    write_round(tmp_path / "avant", AUDIT, {"A": ONCE}, identified=without != "second")
    path = write_round(
        tmp_path / "maintenant", AUDIT, {"A": ONCE}, more, identified=without != "first"
    )
    assert "sans identifiant" in problems_of(path)


@pytest.mark.parametrize("instrument", [PEOPLE, GROUP], ids=["respondents", "groups"])
@pytest.mark.parametrize(
    "more",
    [f"second_reader: {BEFORE}\n", f"earlier: {{campaign: {BEFORE}, same_records: true}}\n"],
    ids=["second reader", "same records"],
)
def test_people_are_never_matched(instrument, more, tmp_path) -> None:
    """To link what one person answered twice would tell who they are."""
    rows = {"A": ["1234", "4321"] * 6}
    write_round(tmp_path / "avant", instrument, rows)
    path = write_round(tmp_path / "maintenant", instrument, rows, more)
    assert "ne se rapprochent pas" in problems_of(path)


def test_every_problem_of_an_earlier_campaign_is_told_at_once(tmp_path) -> None:
    write_round(tmp_path / "avant", AUDIT, {"A": ONCE}, "couleur: rouge\nreference: ailleurs\n")
    path = write_round(tmp_path / "maintenant", AUDIT, {"A": ONCE}, f"earlier: {BEFORE}\n")
    with pytest.raises(Refused) as refused:
        publish_rounds(path)
    assert [problem.line for problem in refused.value.problems] == [8, 9]
    assert {problem.file for problem in refused.value.problems} == {BEFORE}  # not ours


TEAM = "team: ../equipe/campagne.yml\n"
ROWS = {AUDIT: ["OONO"] * 12, PEOPLE: ["1234", "4321"] * 6, GROUP: ["1234"], PERSON: ["1234"]}
NAMES = {AUDIT: "audit", PEOPLE: "equipe", GROUP: "groupe", PERSON: "soi"}


@pytest.mark.parametrize("instrument", [AUDIT, PEOPLE, PERSON], ids=NAMES.get)
def test_a_team_is_set_beside_a_group_and_nobody_else(instrument, tmp_path) -> None:
    write_round(tmp_path / "equipe", PEOPLE, {"A": ROWS[PEOPLE]})
    path = write_round(tmp_path / "c", instrument, {"A": ROWS[instrument]}, TEAM)
    assert "ne se donne qu'à la position d'un groupe" in problems_of(path)


@pytest.mark.parametrize(
    "other",
    [AUDIT, GROUP, PERSON, PEOPLE.replace("ecoute", "autre").replace("suites", "suivi")],
    ids=["audit", "group", "person", "other dimensions"],
)
def test_only_a_team_on_the_same_dimensions_is_set_beside_a_group(other, tmp_path) -> None:
    write_round(tmp_path / "equipe", other, {"A": ROWS.get(other, ROWS[PEOPLE])})
    path = write_round(tmp_path / "c", GROUP, {"A": ROWS[GROUP]}, TEAM)
    assert "l'équipe répond sur les mêmes dimensions" in problems_of(path)


def test_every_problem_of_the_team_s_campaign_is_told_at_once(tmp_path) -> None:
    write_round(tmp_path / "equipe", PEOPLE, {"A": ROWS[PEOPLE]}, "couleur: rouge\nplan: 3\n")
    path = write_round(tmp_path / "c", GROUP, {"A": ROWS[GROUP]}, TEAM)
    with pytest.raises(Refused) as refused:
        publish_rounds(path)
    assert {problem.file for problem in refused.value.problems} == {"../equipe/campagne.yml"}
    assert "couleur" in str(refused.value)


# What stays hidden


@pytest.fixture(scope="module")
def hidden_once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """Each service is too small in one of the two rounds, or in none; the records are the same."""
    folder = tmp_path_factory.mktemp("rounds")
    many, few = ONCE, ONCE[:6]
    write_round(folder / "avant", AUDIT, {"Avant": few, "Après": many, "Deux fois": many})
    more = f"second_reader: {BEFORE}\nearlier: {{campaign: {BEFORE}, same_records: true}}\n"
    now = {"Avant": many, "Après": few, "Deux fois": many}
    return compare_rounds(publish_rounds(write_round(folder / "maintenant", AUDIT, now, more)))


@pytest.mark.parametrize("service", ["Avant", "Après"])
def test_a_service_hidden_in_one_round_is_not_compared(hidden_once, service) -> None:
    rows = hidden_once["evolution"].query("service == @service")
    assert set(rows["verdict"]) == {"not_compared"}
    assert rows[["difference", "low", "high", "p"]].isna().all(axis=None)
    side = ["score_before", "n_before"] if service == "Avant" else ["score", "n"]
    assert rows[side].isna().all(axis=None)
    assert not rows["five_points"].any()


@pytest.mark.parametrize("service", ["Avant", "Après"])
def test_a_service_hidden_in_one_round_has_no_agreement(hidden_once, service) -> None:
    assert set(hidden_once["agreement"]["service"]) == {"Deux fois"}
    assert service not in set(hidden_once["agreement"]["service"])


@pytest.mark.parametrize(("service", "hidden"), [("Avant", 1), ("Après", 2)])
def test_the_round_where_a_service_is_hidden_has_no_number(hidden_once, service, hidden) -> None:
    rows = hidden_once["history"].query("service == @service")
    masked = rows["round"] == hidden
    assert masked.sum() == 2
    assert set(rows.loc[masked, "status"]) == {"suppressed"}
    assert rows.loc[masked, ["n", "score", "low", "high"]].isna().all(axis=None)
    assert rows.loc[~masked, ["n", "score", "low", "high"]].notna().all(axis=None)


def test_a_service_shown_in_both_rounds_is_compared(hidden_once) -> None:
    rows = hidden_once["evolution"].query("service == 'Deux fois'")
    assert set(rows["verdict"]) == {"not_established"}
    assert (rows["difference"] == 0).all()


def test_a_service_of_an_earlier_campaign_alone_is_in_no_frame(tmp_path) -> None:
    write_round(tmp_path / "avant", AUDIT, {"A": ONCE, "Fermé": ONCE})
    more = f"earlier: {{campaign: {BEFORE}, same_records: true}}\nsecond_reader: {BEFORE}\n"
    path = write_round(tmp_path / "maintenant", AUDIT, {"A": ONCE}, more)
    for name, frame in compare_rounds(publish_rounds(path)).items():
        assert "Fermé" not in set(frame["service"]), name


# Notes


def stored_bytes(path: Path, results: Path) -> bytes:
    write_results(publish_rounds(path), results)
    return results.read_bytes()


@pytest.mark.parametrize("instrument", [GROUP, PERSON], ids=["group", "person"])
def test_notes_of_those_who_speak_for_themselves_are_kept(instrument, tmp_path) -> None:
    path = write_round(tmp_path / "c", instrument, {"A": ["1234"]}, notes={"notes:suites": SECRET})
    notes = publish_rounds(path).notes
    assert notes.drop(columns=["facility", "item"]).to_numpy().tolist() == [["A", "suites", SECRET]]
    assert SECRET.encode() in stored_bytes(path, tmp_path / "resultats.sqlite")


@pytest.mark.parametrize(
    ("instrument", "rows", "dimension"),
    [(PEOPLE, ["1234", "4321"] * 6, "suites"), (AUDIT, ONCE, "trace")],
    ids=["respondents", "records"],
)
def test_free_words_of_respondents_or_about_records_are_refused(
    instrument, rows, dimension, tmp_path
) -> None:
    header = f"notes:{dimension}"
    path = write_round(tmp_path / "c", instrument, {"A": rows}, notes={header: SECRET})
    assert "notes libres" in problems_of(path)
    blank = write_round(tmp_path / "v", instrument, {"A": rows}, notes={header: ""})
    assert publish_rounds(blank).notes.empty


@pytest.mark.parametrize(
    ("instrument", "rows"),
    [(PEOPLE, ["1234", "4321"] * 6), (AUDIT, ONCE)],
    ids=["respondents", "records"],
)
def test_a_column_of_free_words_under_another_name_is_stored_nowhere(
    instrument, rows, tmp_path
) -> None:
    path = write_round(tmp_path / "c", instrument, {"A": rows}, notes={"Commentaire": SECRET})
    assert publish_rounds(path).notes.empty
    assert SECRET.encode() not in stored_bytes(path, tmp_path / "resultats.sqlite")


def test_notes_of_an_earlier_campaign_stay_with_it(tmp_path) -> None:
    write_round(tmp_path / "avant", GROUP, {"A": ["1234"]}, notes={"notes:suites": SECRET})
    path = write_round(
        tmp_path / "maintenant",
        GROUP,
        {"A": ["1234"], "B": ["2222"]},
        f"earlier: {BEFORE}\n",
        notes={"notes:ecoute": "à reprendre"},
    )
    results = tmp_path / "resultats.sqlite"
    assert SECRET.encode() not in stored_bytes(path, results)
    with closing(sqlite3.connect(results)) as connection:
        held = connection.execute("select service, dimension, text from notes_frame").fetchall()
    assert held == [("A", "ecoute", "à reprendre"), ("B", "ecoute", "à reprendre")]
