"""A group's page beside its team: a difference said in words, the interval of the team alone."""

import dataclasses
from pathlib import Path

import pytest

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.change_rows import pair_beside, pair_rows
from qgdr_eval.figures.changes import draw_changes
from qgdr_eval.reporting import open_report, position
from qgdr_eval.reporting.report import ServiceReport
from tests.figures.reading_figures import drawn
from tests.reading import Page, table_of, text_of, title_of
from tests.rounds import GROUP, PEOPLE, write_round

TABLE = "Le groupe et l'équipe, dimension par dimension"
TEAM = ["4254", "3345", "5254", "2435"] * 5  # both dimensions around the middle
LOWER = "l'équipe situe cette dimension plus bas que le groupe"
HIGHER = "l'équipe situe cette dimension plus haut que le groupe"


def opened(folder: Path, position_: str, team: list[str], of: str = "A") -> ServiceReport:
    """The report of the group of service A; ``of``: the service the team's answers are about."""
    write_round(folder / "equipe", PEOPLE, {of: team}, period="juin 2026")
    more = "team: ../equipe/campagne.yml\n"
    return open_report(str(write_round(folder / "groupe", GROUP, {"A": [position_]}, more)))


@pytest.mark.parametrize(
    ("declared", "title", "readings"),
    [
        ("5533", "L'équipe situe « Écoute » plus bas que le groupe", (LOWER, "écart non établi")),
        ("1133", "L'équipe situe « Écoute » plus haut que le groupe", (HIGHER, "écart non établi")),
        ("5551", "L'équipe situe deux dimensions plus bas que le groupe", (LOWER, LOWER)),
        (
            "5515",
            "L'équipe situe « Écoute » plus bas et « Suites » plus haut que le groupe",
            (LOWER, HIGHER),
        ),
        ("4233", "Aucun écart établi entre le groupe et l'équipe", ("écart non établi",) * 2),
    ],
)
def test_a_difference_is_said_in_words_where_the_position_is_out(
    declared, title, readings, tmp_path
) -> None:
    page = position.beside_team(opened(tmp_path, declared, TEAM))
    assert title_of(page) == title
    assert tuple(row["Lecture"] for row in table_of(page, TABLE).values()) == readings


def test_the_position_has_no_interval_and_the_team_has_its_own(tmp_path) -> None:
    report = opened(tmp_path, "5533", TEAM)
    page = position.beside_team(report)
    row = table_of(page, TABLE)["Écoute"]
    team = open_report(str(tmp_path / "equipe" / "campagne.yml"))
    shown = next(
        shown for dimension, shown, _ in team.scores.dimensions if dimension.id == "ecoute"
    )
    assert (row["Le groupe"], row["L'équipe"], row["Écart"]) == ("100/100", "53/100", "+47")
    assert row["Son intervalle"] == f"[{shown.low:.0f} ; {shown.high:.0f}]"
    assert "20 réponses, juin 2026" in text_of(page)
    assert "la position du groupe, qui n'a pas d'intervalle" in text_of(page)


def test_the_figure_is_the_team_s_with_the_position_of_the_group_as_its_mark(tmp_path) -> None:
    report = opened(tmp_path, "5533", [f"{row[:2]}55" for row in TEAM])
    rows = pair_rows(report.instrument, rows_of(report.gaps))
    lines = {row.id: row for row in rows}
    team = open_report(str(tmp_path / "equipe" / "campagne.yml"))
    shown = next(
        shown for dimension, shown, _ in team.scores.dimensions if dimension.id == "ecoute"
    )
    listened = lines["ecoute"]
    assert (*listened.band, listened.points[1]) == (shown.low, shown.high, shown.score)
    assert listened.points[0] == 100
    assert lines["suites"].hidden  # everybody said the same
    assert not lines["suites"].points
    beside = pair_beside(report.instrument, "la position du groupe", "l'équipe", "20 réponses")
    assert beside.names[0] == "la position du groupe"
    figure = draw_changes(rows, beside, narrow=False)
    (own,), (team,) = drawn(figure, "before:").values(), drawn(figure, "now:").values()
    assert own.get_path().get_extents().x0 < 100 < own.get_path().get_extents().x1
    assert team.get_offsets()[0][0] == shown.score
    band = drawn(figure, "band:")["ecoute"].get_bbox()
    assert (band.x0, band.x1) == (shown.low, shown.high)
    assert list(drawn(figure, "hidden:")) == ["suites"]


def test_what_the_team_puts_lower_has_its_levers_in_what_to_do(tmp_path) -> None:
    report = opened(tmp_path, "5533", TEAM)
    alone = dataclasses.replace(report, gaps=report.gaps.iloc[:0])
    for said in ("Faire un tour de table", "L'équipe situe cette dimension plus bas"):
        assert said in text_of(position.next_steps(report))
        assert said not in text_of(position.next_steps(alone))
    assert "demandez à l'équipe un exemple" in text_of(position.beside_team(report))


def test_a_team_too_small_to_be_shown_leaves_the_same_page_whatever_it_answered(tmp_path) -> None:
    pages = [
        str(position.beside_team(opened(tmp_path / str(rank), "5533", team)))
        for rank, team in enumerate((TEAM[:9], ["1115"] * 3))
    ]
    assert pages[0] == pages[1]
    assert title_of(pages[0]) == "Rien de l'équipe ne peut être montré à côté"
    assert not Page(pages[0]).tables
    assert "/100" not in text_of(pages[0])


def test_a_dimension_the_team_does_not_show_is_not_compared(tmp_path) -> None:
    """Everybody says 5: showing it would tell what each one answered."""
    page = position.beside_team(opened(tmp_path, "1133", [f"55{row[2:]}" for row in TEAM]))
    cells = table_of(page, TABLE)
    assert list(cells["Écoute"].values()) == ["–", "–", "–", "–", "non comparée"]
    assert cells["Suites"]["Lecture"] == "écart non établi"


@pytest.mark.parametrize("of", ["", "B"], ids=["no team named", "another service"])
def test_without_a_team_s_campaign_on_the_service_there_is_nothing(of, tmp_path) -> None:
    if of:
        report = opened(tmp_path, "5533", TEAM, of)
    else:
        report = open_report(str(write_round(tmp_path / "groupe", GROUP, {"A": ["5533"]})))
    assert str(position.beside_team(report)) == ""
