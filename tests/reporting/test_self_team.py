"""A leader's own page: gaps as published, the team's interval, and nothing of a small team."""

from pathlib import Path

import pytest

from qgdr_eval.campaigns.results import store_campaign
from qgdr_eval.french import signed
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import self_and_team
from qgdr_eval.reporting.self_and_team.sections import Pair, open_pair
from tests.reading import Page, plain, table_of, text_of, title_of
from tests.rounds import AUDIT, GROUP, PEOPLE, PERSON, write_round

TABLE = "Vous et l'équipe, en points"
HOSTILE = "<script>alert(1)</script> & « l'équipe »"
TEAM = ["4254", "3345", "5254", "2435"] * 5  # both dimensions around the middle


def pair(folder: Path, own: str, team: list[str], service: str = "A") -> Pair:
    """``own``: the four answers of the leader; the third and fourth are about « Suites »."""
    mine = write_round(folder / "moi", PERSON, {service: [own]})
    theirs = write_round(folder / "equipe", PEOPLE, {service: team})
    return open_pair(str(mine), str(theirs))


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """The leader is sure to be listened to (100), and sees suites as the team does."""
    return pair(tmp_path_factory.mktemp("soi"), "5533", TEAM)


def test_gaps_by_hand(apart) -> None:
    rows = table_of(self_and_team.gaps(apart), TABLE)
    # Écoute of the team: means of (4, 2) (3, 3) (5, 2) (2, 4), on 1 to 5: 53,125.
    assert rows["Écoute"]["Vous"] == "100/100"
    assert rows["Écoute"]["L'équipe"] == "53/100"
    assert rows["Écoute"]["Écart"] == "+47"
    assert rows["Écoute"]["Lecture"] == "vous vous voyez plus favorablement"


def test_the_interval_is_the_team_s_own(apart) -> None:
    rows = table_of(self_and_team.gaps(apart), TABLE)
    for dimension, row, _ in apart.team.scores.dimensions:
        mine = next(own for own in apart.gaps if own.dimension == dimension.id).own
        ends = f"[{signed(mine - row.high)} ; {signed(mine - row.low)}]"
        assert rows[dimension.label]["Intervalle à 95 %"] == ends


@pytest.mark.parametrize(
    ("own", "title", "levers"),
    [
        ("5533", "Un écart établi sur « Écoute »", ["Faire un tour de table"]),
        ("1133", "Un écart établi sur « Écoute »", []),
        (
            "5551",
            "Un écart établi sur « Écoute » et « Suites »",
            ["Faire un tour de table", "Dire ce qui a changé"],
        ),
        ("4233", "Aucun écart établi entre vous et l'équipe", []),
    ],
)
def test_levers_are_for_what_one_sees_more_favourably(own, title, levers, tmp_path) -> None:
    page = self_and_team.gaps(pair(tmp_path, own, TEAM))
    assert title_of(page) == title
    for lever in ("Faire un tour de table", "Dire ce qui a changé"):
        assert (lever in text_of(page)) == (lever in levers)


def test_no_gap_is_called_a_fault(apart) -> None:
    said = text_of(self_and_team.gaps(apart))
    assert "un écart est un sujet de conversation, pas une faute" in said
    assert "Page personnelle." in text_of(self_and_team.masthead(apart, "2026-03-31"))
    assert "pour vous seul" in text_of(self_and_team.masthead(apart, "2026-03-31"))


def test_the_masthead_tells_whose_team_and_how_many(apart) -> None:
    page = str(self_and_team.masthead(apart, "2026-03-31"))
    assert 'data-service="A" data-n="20"' in page
    assert "31 mars 2026" in text_of(page)


# A team too small to be shown


def test_a_small_team_shows_nothing(tmp_path) -> None:
    small = pair(tmp_path, "5533", TEAM[:9])
    page = self_and_team.gaps(small)
    assert title_of(page) == "L'équipe compte trop peu de réponses pour être montrée"
    assert not Page(str(page)).tables
    assert "/100" not in text_of(page)
    masthead = str(self_and_team.masthead(small, "2026-03-31"))
    assert 'data-n=""' in masthead
    assert "Réponses de l'équipe" not in text_of(masthead)


def test_the_page_of_a_small_team_is_the_same_whatever_it_answered(tmp_path) -> None:
    pages = []
    for rank, team in enumerate((TEAM[:9], ["1115"] * 3)):
        small = pair(tmp_path / str(rank), "5533", team)
        parts = self_and_team.gaps(small), self_and_team.masthead(small, "2026-03-31")
        pages.append("".join(map(str, parts)))
    assert pages[0] == pages[1]


def test_a_dimension_the_team_does_not_show_is_not_compared(tmp_path) -> None:
    """Everybody says 5: showing it would tell what each one answered."""
    page = self_and_team.gaps(pair(tmp_path, "1133", [f"55{row[2:]}" for row in TEAM]))
    cells = table_of(page, TABLE)
    assert list(cells["Écoute"].values()) == ["–", "–", "–", "–", "non comparé"]
    assert cells["Suites"]["Lecture"] == "écart non établi"


# What is no pair


ROWS = {"person": ["5533"], "respondent": TEAM, "group": ["5533"], "record": ["OONO"] * 12}
BY = {"person": PERSON, "respondent": PEOPLE, "group": GROUP, "record": AUDIT}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The stored results of a campaign of each subject."""
    folder = tmp_path_factory.mktemp("resultats")
    paths = {subject: folder / f"{subject}.sqlite" for subject in BY}
    for subject, path in paths.items():
        file = write_round(folder / subject, BY[subject], {"A": ROWS[subject]})
        store_campaign(str(file), path)
    return {subject: str(path) for subject, path in paths.items()}


def test_stored_results_of_a_person_and_a_team_make_a_pair(stored) -> None:
    assert open_pair(stored["person"], stored["respondent"]).gaps


@pytest.mark.parametrize(
    ("own", "team"),
    [
        (own, team)
        for own in BY
        for team in BY
        if (own, team) != ("person", "respondent")
    ],
)  # fmt: skip
def test_only_a_person_beside_a_team_makes_a_pair(own, team, stored) -> None:
    """One person beside another would be shown to them; a team beside a team is no one's page."""
    with pytest.raises(Refused, match="responsable et de son équipe"):
        open_pair(stored[own], stored[team])


def test_other_dimensions_are_no_pair(tmp_path) -> None:
    other = PEOPLE.replace("ecoute", "autre").replace("suites", "suivi")
    mine = write_round(tmp_path / "moi", PERSON, {"A": ["5533"]})
    theirs = write_round(tmp_path / "equipe", other, {"A": TEAM})
    with pytest.raises(Refused, match="responsable et de son équipe"):
        open_pair(str(mine), str(theirs))


def test_a_service_without_a_team_is_told(tmp_path) -> None:
    mine = write_round(tmp_path / "moi", PERSON, {"A": ["5533"]})
    theirs = write_round(tmp_path / "equipe", PEOPLE, {"B": TEAM})
    with pytest.raises(Refused, match="absent de la campagne"):
        open_pair(str(mine), str(theirs))


def test_each_person_sees_their_own_service_only(tmp_path) -> None:
    mine = write_round(tmp_path / "moi", PERSON, {"A": ["5533"], "B": ["1133"]})
    theirs = write_round(tmp_path / "equipe", PEOPLE, {"A": TEAM, "B": TEAM})
    found = open_pair(str(mine), str(theirs), service="B")
    assert (found.own.service, found.team.service) == ("B", "B")
    assert table_of(self_and_team.gaps(found), TABLE)["Écoute"]["Vous"] == "0/100"


def test_the_demonstration_is_a_pair() -> None:
    demo = open_pair("demo_self", "demo_team")
    assert (demo.own.instrument.subject, demo.team.instrument.subject) == ("person", "respondent")
    assert len(table_of(self_and_team.gaps(demo), TABLE)) == 7


def test_hostile_names_stay_texts(tmp_path) -> None:
    hostile = pair(tmp_path, "5533", TEAM, service=HOSTILE)
    page = str(self_and_team.masthead(hostile, "2026-03-31")) + str(self_and_team.gaps(hostile))
    assert plain(HOSTILE) in text_of(page)
    assert "script" not in Page(page).tags
