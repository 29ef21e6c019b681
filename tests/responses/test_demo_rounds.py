"""Fictitious rounds: the same bytes each time, accepted, and holding what was put in them."""

from pathlib import Path

import pandas as pd
import pytest

from qgdr_eval.campaigns.rounds import publish_rounds
from qgdr_eval.checking.check import check_path
from qgdr_eval.comparison.overall import OVERALL
from qgdr_eval.comparison.rounds import compare_rounds
from qgdr_eval.disclosure.rounds import Rounds
from qgdr_eval.fictitious.culture import HOSPITAL
from qgdr_eval.fictitious.rounds import (
    AUDITS,
    DIFFERENT,
    READ_TWICE,
    SECOND_READER,
    SURVEYS,
    write_demo_audit,
    write_demo_rounds,
    write_demo_self,
    write_demo_team,
)
from qgdr_eval.responses import load_campaign

FOLDERS = [one.folder for one in (*SURVEYS, *AUDITS, SECOND_READER)]


def read_folder(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tours")
    paths = write_demo_rounds(folder)
    assert [path.relative_to(folder).as_posix() for path in paths] == [
        f"{name}/campagne.yml" for name in FOLDERS
    ]
    return folder


@pytest.fixture(scope="module")
def rounds(written: Path) -> dict[str, Rounds]:
    names = [name for name in FOLDERS if load_campaign(written / name / "campagne.yml").earlier]
    return {name: publish_rounds(written / name / "campagne.yml") for name in names}


@pytest.fixture(scope="module")
def evolutions(rounds: dict[str, Rounds]) -> dict[str, pd.DataFrame]:
    return {name: compare_rounds(one)["evolution"] for name, one in rounds.items()}


@pytest.mark.parametrize(
    "write", [write_demo_rounds, write_demo_audit, write_demo_team, write_demo_self]
)
def test_the_same_bytes_each_time(write, tmp_path) -> None:
    write(tmp_path / "un")
    write(tmp_path / "deux")
    assert read_folder(tmp_path / "un") == read_folder(tmp_path / "deux")


@pytest.mark.parametrize("name", FOLDERS)
def test_every_campaign_is_accepted(name, written) -> None:
    verdict = check_path(written / name / "campagne.yml")
    assert verdict.accepted, str(verdict)


def test_the_leader_s_own_position_is_accepted(tmp_path) -> None:
    verdict = check_path(write_demo_self(tmp_path))
    assert (verdict.accepted, verdict.problems) == (True, ()), str(verdict)


@pytest.mark.parametrize("name", FOLDERS)
def test_every_campaign_says_it_is_fictitious(name, written) -> None:
    text = (written / name / "campagne.yml").read_text("utf-8")
    assert "(données fictives)" in load_campaign(written / name / "campagne.yml").title
    assert text.startswith("# Données fictives")
    table = next(path for path in (written / name).glob("*.csv") if path.stem != "services")
    assert set(pd.read_csv(table, sep=";", encoding="utf-8-sig")["Établissement"]) == {HOSPITAL}


def test_the_demonstration_of_an_audit_is_the_second_of_these_rounds(written, tmp_path) -> None:
    path = write_demo_audit(tmp_path)
    assert path == tmp_path / "medicament" / "tour-2" / "campagne.yml"
    everything = read_folder(written)
    assert read_folder(tmp_path) == {
        name: content for name, content in everything.items() if name.startswith("medicament/")
    }


# What was put in them is found


def verdicts(evolution: pd.DataFrame, column: str, code: str) -> dict[str, str]:
    whole = evolution if column == "item" else evolution[evolution["item"] == ""]
    rows = whole[whole[column] == code]
    return dict(zip(rows["service"], rows["verdict"], strict=True))


def moved(evolution: pd.DataFrame) -> pd.DataFrame:
    """What is said to have improved or worsened."""
    return evolution[evolution["verdict"].isin(["improved", "worsened"])]


def test_the_copied_prescription_improved_everywhere(evolutions) -> None:
    """PR05: from 50 % to 95 %."""
    evolution = evolutions["medicament/tour-2"]
    assert set(verdicts(evolution, "item", "PR05").values()) == {"improved"}
    rows = evolution[evolution["item"] == "PR05"]
    assert ((rows["low"] < 45) & (rows["high"] > 45)).all()


def test_a_gain_of_ten_points_is_not_claimed_on_forty_records(evolutions) -> None:
    """AP04: from 55 % to 65 %; real, and too small to be established."""
    found = verdicts(evolutions["medicament/tour-2"], "item", "AP04")
    assert set(found.values()) == {"not_established"}


def test_no_other_criterion_of_medicines_is_said_to_have_moved(evolutions) -> None:
    evolution = evolutions["medicament/tour-2"]
    moved = evolution[
        (evolution["item"] != "") & evolution["verdict"].isin(["improved", "worsened"])
    ]
    assert set(moved["item"]) == {"PR05"}


def test_hands_after_contact_improved_where_enough_was_seen(evolutions) -> None:
    """MO04: from 50 % to 85 %, of two observations in seven; nothing else of hands moved."""
    evolution = evolutions["hygiene/tour-2"]
    rows = evolution[evolution["item"] == "MO04"]
    assert (rows["difference"] > 0).all()
    assert "improved" in set(rows["verdict"])
    assert set(rows["verdict"]) <= {"improved", "not_established"}
    moved = evolution[
        (evolution["item"] != "") & evolution["verdict"].isin(["improved", "worsened"])
    ]
    assert set(moved["item"]) == {"MO04"}


def test_presence_improved_and_no_other_dimension_of_leadership(evolutions) -> None:
    """Presence in the field: from −0.7 to +0.4 standard deviation; recognition stayed low."""
    evolution = evolutions["leadership/2026"]
    presence = verdicts(evolution, "dimension", "presence_terrain")
    assert list(presence.values()).count("improved") >= 3
    assert "worsened" not in presence.values()
    moved = evolution[
        (evolution["item"] == "")
        & (evolution["measure"] != OVERALL)
        & evolution["verdict"].isin(["improved", "worsened"])
    ]
    assert set(moved["dimension"]) == {"presence_terrain"}


def test_structure_lacks_and_nothing_else(written) -> None:
    """Shortell: the structural dimension is 0.9 standard deviation low, the others are high."""
    readings = compare_rounds(publish_rounds(written / "shortell" / "campagne.yml"))["readings"]
    services = readings[readings["service"] != ""]
    lacking = services[services["band"] == "priority"]
    assert set(lacking["dimension"]) == {"structurelle"}
    assert set(lacking["service"]) == set(services["service"])


def test_two_auditors_differ_as_often_as_was_planted(rounds) -> None:
    pairs = rounds["medicament/tour-2"].second
    assert pairs is not None
    shown = pairs[pairs["status"] == "published"]
    assert shown.groupby("service")["n_pairs"].max().tolist() == [READ_TWICE] * 3
    apart = (shown["gained"] + shown["lost"]).sum() / shown["n_pairs"].sum()
    # About 900 readings: three standard errors are 2.6 points.
    assert apart == pytest.approx(DIFFERENT, abs=0.026)
