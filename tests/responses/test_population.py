"""How many records an audit was drawn from: a column of its own, never the staff."""

from pathlib import Path

import pytest

from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.problems import Refused
from tests.rounds import AUDIT, FACILITY, write_round

HEADERS = ["dossiers", "Dossiers", "population"]


def audited(folder: Path, roster: str, more: str = "services: services.csv\n") -> Path:
    """Ten records of service A: nine dated, all met otherwise."""
    path = write_round(folder, AUDIT, {"A": ["OOOO"] * 9 + ["NOOO"]}, more)
    header, *lines = roster.splitlines()
    placed = [f"établissement;{header}", *(f"{FACILITY};{line}" for line in lines)]
    (folder / "services.csv").write_text("\n".join(placed), encoding="utf-8")
    return path


def dated(path: Path) -> list[float]:
    scores = read_campaign(path).publish().scores
    row = scores[(scores["item"] == "T1") & (scores["service"] == "A")].iloc[0]
    return row[["low", "high"]].tolist()


@pytest.mark.parametrize("header", HEADERS)
def test_the_records_drawn_from_bound_a_criterion(header: str, tmp_path: Path) -> None:
    """9 of 10 drawn from 12: 9 to 11 of 12, a met and a missed one being seen (R's phyper)."""
    path = audited(tmp_path / "c", f"service;{header}\nA;12\n")
    assert dated(path) == pytest.approx([100 * 9 / 12, 100 * 11 / 12])


def test_it_may_stand_in_the_campaign_itself(tmp_path: Path) -> None:
    here = f"services: [{{facility: {FACILITY}, service: A, population: 10}}]\n"
    path = audited(tmp_path / "c", "service", here)
    assert dated(path) == pytest.approx([90, 90])


def test_the_staff_bounds_nothing(tmp_path: Path) -> None:
    few, none = (
        audited(tmp_path / name, text)
        for name, text in (("few", "service;effectif\nA;4\n"), ("none", "service\nA\n"))
    )
    assert dated(few) == dated(none)


def test_more_records_than_there_were_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_campaign(audited(tmp_path / "c", "service;dossiers\nA;8\n")).publish()
    said = str(refused.value).replace("\u202f", " ").replace("\xa0", " ")
    assert "10 dossiers lus, tirés de 8 dossiers" in said
    assert "colonne « dossiers »" in said


def test_a_number_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="le nombre de dossiers"):
        read_campaign(audited(tmp_path / "c", "service;dossiers\nA;beaucoup\n")).publish()
