"""Results by profession: at the nearest level that shows several, or a sentence that says why."""

import csv
import random
from pathlib import Path

import pytest

from qgdr_eval.reporting import ServiceReport, open_report, team
from qgdr_eval.reporting.team.professions import split_of
from tests.reading import Page, plain
from tests.rounds import PEOPLE

HEAD = (
    "id: essai\ntitle: Essai\nperiod: 2026\ninstrument: instrument.yml\nresponses: r.csv\n"
    "coding: {answers: codes, reversed: as_worded}\n"
)
COLUMNS = "columns:\n  facility: Site\n  service: Service\n  strata: {metier: Métier}\n"
Heads = dict[str, dict[str, int]]  # by service, how many of each profession answered


def asked(folder: Path, heads: Heads) -> Path:
    """A campaign of one facility, in which so many of each profession answered, at random."""
    draw = random.Random(3)
    rows = [
        ["Hôpital", service, name, *(str(draw.randint(1, 5)) for _ in range(4))]
        for service, professions in heads.items()
        for name, n in professions.items()
        for _ in range(n)
    ]
    (folder / "instrument.yml").write_text(PEOPLE, encoding="utf-8")
    with (folder / "r.csv").open("w", encoding="utf-8", newline="") as stream:
        lines = [["Site", "Service", "Métier", "E1", "E2", "S1", "S2"], *rows]
        csv.writer(stream, delimiter=";").writerows(lines)
    roster = "".join(
        f"  - {{facility: Hôpital, service: {name}, head_count: {sum(found.values()) + 3}}}\n"
        for name, found in heads.items()
    )
    path = folder / "campagne.yml"
    path.write_text(f"{HEAD}{COLUMNS}services:\n{roster}", encoding="utf-8")
    return path


LARGE = {"Infirmiers": 24, "Médecins": 21}
LEVELS = {  # whoever answered in two services: where service A reads its professions
    "both are large": ({"A": LARGE, "B": LARGE}, "dans ce service"),
    "none of the service, several together": (
        {"A": {"Infirmiers": 16, "Médecins": 6}, "B": {"Infirmiers": 9, "Médecins": 15}},
        "dans l'établissement, services affichés ensemble",
    ),
    "nowhere": ({"A": {"Infirmiers": 16, "Médecins": 2}, "B": {"Infirmiers": 20}}, ""),
}


def opened(folder: Path, heads: Heads, service: str = "A") -> ServiceReport:
    return open_report(str(asked(folder, heads)), service=service)


@pytest.mark.parametrize("case", LEVELS)
def test_professions_are_read_at_the_nearest_level_that_shows_several(
    tmp_path: Path, case: str
) -> None:
    heads, where = LEVELS[case]
    report = opened(tmp_path, heads)
    split = split_of(report.published, report.strata)
    assert split is not None
    assert split.where == where
    page = Page(team.professions(report))
    assert bool(page.words) == bool(where)
    hidden = plain(Page(team.participation(report)).words)
    told = "ne peuvent pas être montrés sans désigner quelqu'un" in hidden
    assert told == (not where)


def test_each_score_stands_beside_its_interval_and_nothing_is_compared(tmp_path: Path) -> None:
    report = opened(tmp_path, {"A": LARGE, "B": LARGE})
    ((_, columns, rows),) = Page(team.professions(report)).tables
    assert columns == ["Dimension", "Infirmiers (24)", "Médecins (21)"]
    assert [row[0] for row in rows] == ["Écoute", "Suites"]  # as the questionnaire has them
    shown = report.published.scores
    for row, dimension in zip(rows, ("ecoute", "suites"), strict=True):
        for cell, name in zip(row[1:], ("Infirmiers", "Médecins"), strict=True):
            (score,) = shown[
                (shown["stratum"] == f"metier={name}")
                & (shown["dimension"] == dimension)
                & (shown["item"] == "")
                & (shown["measure"] == "mean_0_100")
            ].itertuples()
            low, high = round(score.low), round(score.high)
            assert plain(cell) == f"{round(score.score)}/100 [{low} ; {high}]"


def test_a_hidden_service_says_nothing_of_professions(tmp_path: Path) -> None:
    report = opened(tmp_path, {"A": {"Infirmiers": 4}, "B": LARGE, "C": LARGE})
    assert report.hidden
    assert not team.professions(report)


def test_a_campaign_that_did_not_ask_says_nothing(tmp_path: Path) -> None:
    path = asked(tmp_path, {"A": LARGE, "B": LARGE})
    text = path.read_text("utf-8").replace("  strata: {metier: Métier}\n", "")
    path.write_text(text, encoding="utf-8")
    report = open_report(str(path), service="A")
    assert not team.professions(report)
    assert "metier" not in Page(team.participation(report)).words
