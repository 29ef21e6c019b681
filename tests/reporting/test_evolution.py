"""Since the last time: nothing is said to have improved unless it is established."""

import re
from pathlib import Path

import pytest

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.change_rows import round_rows
from qgdr_eval.figures.changes import Beside, draw_changes
from qgdr_eval.frames import EvolutionRow, HistoryRow
from qgdr_eval.french import number, signed
from qgdr_eval.reporting import position
from qgdr_eval.reporting.report import ServiceReport, open_report
from qgdr_eval.reporting.team import evolution
from tests.reading import Page, plain, table_of, text_of, title_of
from tests.rounds import AUDIT, GROUP, PEOPLE, write_round

WHOLES, CRITERIA = "Les dimensions, en points", "Critère par critère, en points"
QUESTIONS, ROUNDS = "Question par question, en points", "Tour par tour"
HOSTILE = "<script>alert(1)</script> & « l'équipe »"
CLAIMS = ("amélioré, établi", "dégradé, établi")
NOTHING = "Depuis la dernière fois, aucun écart n'est établi"


def two_rounds(
    folder: Path,
    before: list[str],
    now: list[str],
    instrument: str = AUDIT,
    same_records: bool = False,
) -> ServiceReport:
    write_round(folder / "avant", instrument, {"A": before}, period="printemps")
    more = (
        f"earlier: {{campaign: ../avant/campagne.yml, same_records: {str(same_records).lower()}}}\n"
    )
    path = write_round(folder / "c", instrument, {"A": now}, more, period="automne")
    return open_report(str(path))


def dated(yes: int, n: int) -> list[str]:
    """Records of which so many are dated, and everything else is met."""
    return ["OOOO"] * yes + ["NOOO"] * (n - yes)


def readings_of(page: object) -> list[str]:
    """What each row of every table claims."""
    return [
        row[columns.index("Lecture")]
        for _, columns, rows in Page(str(page)).tables
        if "Lecture" in columns
        for row in rows
    ]


# Figures


def test_a_published_difference_is_written_as_published(tmp_path) -> None:
    """Newcombe, Stat Med 1998;17:873, table II: 56/70 − 48/80 is .20, from .0524 to .3339."""
    report = two_rounds(tmp_path, dated(48, 80), dated(56, 70))
    cells = table_of(evolution.since(report), CRITERIA)["Le dossier est daté"]
    assert cells == {
        "Avant": "60 % (80)",
        "Maintenant": "80 % (70)",
        "Écart": "+20",
        "Intervalle à 95 %": "[+5 ; +33]",
        "Lecture": "amélioré, établi",
    }


def test_figures_are_those_compared(tmp_path) -> None:
    report = two_rounds(tmp_path, ["OONO", "NONA"] * 12, ["OOOO", "NORO", "ONNA"] * 8)
    page = evolution.since(report)
    items = {item.code: item.text for item in report.instrument.items}
    rows = rows_of(report.evolution)
    assert len(rows) == 6
    for row in rows:
        name = items.get(row.item) or report.instrument.dimension(row.dimension).label
        name += " (critique)" * (row.item == "I1")
        cells = table_of(page, CRITERIA if row.item else WHOLES)[name]
        assert cells["Avant"] == f"{number(row.score_before)} % ({number(row.n_before)})"
        assert cells["Maintenant"] == f"{number(row.score)} % ({number(row.n)})"
        assert cells["Écart"] == signed(row.difference)
        ends = f"[{signed(row.low)} ; {signed(row.high)}]"
        assert cells["Intervalle à 95 %"] == ends
        assert (cells["Lecture"] in CLAIMS) == (row.verdict in ("improved", "worsened"))


def test_both_periods_are_told(tmp_path) -> None:
    said = text_of(evolution.since(two_rounds(tmp_path, dated(20, 20), dated(20, 20))))
    assert "Avant : printemps. Maintenant : automne." in said


# Claims


def test_noise_is_no_improvement(tmp_path) -> None:
    """15 then 18 records of 20: fifteen points, and nothing is established."""
    page = evolution.since(two_rounds(tmp_path, dated(15, 20), dated(18, 20)))
    assert table_of(page, CRITERIA)["Le dossier est daté"]["Écart"] == "+15"
    assert set(readings_of(page)) == {"écart non établi"}
    assert title_of(page) == NOTHING


def test_a_gap_lost_among_the_others_is_told_apart_and_not_claimed(tmp_path) -> None:
    """60 % of 80 then 77 % of 70: the interval leaves zero out, the four together do not."""
    report = two_rounds(tmp_path, dated(48, 80), dated(54, 70))
    page = evolution.since(report)
    cells = table_of(page, CRITERIA)["Le dossier est daté"]
    assert re.fullmatch(r"\[\+\d+ ; \+\d+\]", cells["Intervalle à 95 %"])
    row = next(row for row in rows_of(report.evolution) if row.item and row.p_alone < 0.05)
    assert cells["Lecture"] == (
        "écart non établi, toutes comparaisons prises ensemble "
        f"(seul, p = {number(row.p_alone, 3)} ; parmi les 4, p = {number(row.p, 2)})"
    )
    assert not set(readings_of(page)) & set(CLAIMS)
    assert title_of(page) == NOTHING


def test_five_records_gained_and_none_lost_are_told_with_both_p(tmp_path) -> None:
    """Mid-p of 5 and 0 is 2 ÷ 2⁶ = .03125; three other criteria that did not move make it .125."""
    report = two_rounds(tmp_path, dated(15, 20), dated(20, 20), same_records=True)
    cells = table_of(evolution.since(report), CRITERIA)["Le dossier est daté"]
    assert cells["Lecture"] == (
        "écart non établi, toutes comparaisons prises ensemble "
        "(seul, p = 0,031 ; parmi les 4, p = 0,13)"
    )


@pytest.mark.parametrize(
    ("before", "now", "title"),
    [
        (dated(4, 20), dated(20, 20), "un critère amélioré et une dimension améliorée"),
        (dated(20, 20), dated(4, 20), "un critère dégradé et une dimension dégradée"),
        (
            ["NNOO"] * 20,
            ["OOOO"] * 20,
            "deux critères améliorés et une dimension améliorée",
        ),
        (
            ["NOOO"] * 20,
            ["ONNN"] * 20,
            "un critère amélioré, trois critères dégradés et une dimension dégradée",
        ),
    ],
)
def test_the_title_counts_what_is_established(before, now, title, tmp_path) -> None:
    page = evolution.since(two_rounds(tmp_path, before, now))
    assert title_of(page) == f"Depuis la dernière fois : {title}"
    assert counted_in(title) == {
        (name, claim.split(",")[0]): n
        for name, caption in (("critère", CRITERIA), ("dimension", WHOLES))
        for claim in CLAIMS
        if (n := [row["Lecture"] for row in table_of(page, caption).values()].count(claim))
    }


def counted_in(title: str) -> dict[tuple[str, str], int]:
    """How many of each a title counts: « deux critères améliorés » is (critère, amélioré): 2."""
    numbers = {"un": 1, "une": 1, "deux": 2, "trois": 3}
    return {
        (name, said): numbers[n]
        for n, name, said in re.findall(
            r"(\w+) (critère|dimension)s? (amélioré|dégradé)e?s?", title
        )
    }


def test_the_title_of_an_audit_does_not_hide_a_dimension_established_without_its_criteria(
    tmp_path,
) -> None:
    """Half of the criteria gain a little each: none by itself, their dimension surely."""
    before = ["ONOO", "NOOO", "OOOO", "NNOO"] * 8
    now = ["OOOO", "OOOO", "OOOO", "NOOO", "ONOO", "OOOO", "OOOO", "OOOO"] * 4
    report = two_rounds(tmp_path, before, now)
    page = evolution.since(report)
    wholes = [row["Lecture"] for row in table_of(page, WHOLES).values()]
    established = set(readings_of(page)) & set(CLAIMS)
    assert wholes[0] == CLAIMS[0]
    assert established
    assert title_of(page) != NOTHING


def people(*answers: str) -> list[str]:
    return [answer for answer in answers for _ in range(10)]


def test_the_title_of_a_survey_counts_dimensions_then_questions(tmp_path) -> None:
    before, now = people("1151", "2215", "1122"), people("5551", "4415", "5522")
    report = two_rounds(tmp_path, before, now, PEOPLE)
    assert title_of(evolution.since(report)) == (
        "Depuis la dernière fois : une dimension améliorée et deux questions améliorées"
    )


def test_the_title_of_a_survey_does_not_hide_a_question_established_alone(tmp_path) -> None:
    """One question gains what the other loses: the dimension stays, both questions moved."""
    report = two_rounds(tmp_path, people("1542", "2451"), people("5142", "4251"), PEOPLE)
    page = evolution.since(report)
    assert {row["Lecture"] for row in table_of(page, WHOLES).values()} == {"écart non établi"}
    assert title_of(page) == (
        "Depuis la dernière fois : une question améliorée et une question dégradée"
    )


# What is not compared


def test_without_an_earlier_campaign_there_is_nothing(tmp_path) -> None:
    report = open_report(str(write_round(tmp_path / "c", AUDIT, {"A": dated(10, 20)})))
    assert str(evolution.since(report)) == ""


def test_a_hidden_service_shows_nothing_of_either_round(tmp_path) -> None:
    report = two_rounds(tmp_path, dated(10, 20), dated(5, 9))
    assert report.hidden
    assert str(evolution.since(report)) == ""


def test_a_service_hidden_the_time_before_is_not_compared(tmp_path) -> None:
    page = evolution.since(two_rounds(tmp_path, dated(5, 9), dated(10, 20)))
    assert set(readings_of(page)) == {"non comparé"}
    cells = table_of(page, CRITERIA)["Le dossier est daté"]
    assert [cells[name] for name in list(cells)[:4]] == ["–"] * 4
    assert title_of(page) == NOTHING


def test_a_criterion_that_never_applied_before_is_not_compared(tmp_path) -> None:
    page = evolution.since(two_rounds(tmp_path, ["AOOO"] * 20, ["OOOO"] * 20))
    cells = table_of(page, CRITERIA)["Le dossier est daté"]
    assert list(cells.values()) == ["–", "–", "–", "–", "non comparé"]


def test_two_declared_positions_are_neither_tested_nor_judged(tmp_path) -> None:
    page = evolution.since(two_rounds(tmp_path, ["1111"], ["5555"], GROUP))
    wholes = table_of(page, WHOLES)
    assert wholes["Écoute"]["Écart"] == "+100"
    assert wholes["Écoute"]["Intervalle à 95 %"] == "–"
    assert set(readings_of(page)) == {"deux positions déclarées"}
    assert title_of(page) == NOTHING


# Words that follow the method


@pytest.mark.parametrize(
    ("same_records", "said", "unsaid"),
    [(True, "test de McNemar", "deux tirages"), (False, "deux tirages", "McNemar")],
)
def test_the_method_told_is_the_one_used(same_records, said, unsaid, tmp_path) -> None:
    report = two_rounds(tmp_path, dated(10, 20), dated(15, 20), same_records=same_records)
    page = text_of(evolution.since(report))
    assert said in page
    assert unsaid not in page


def test_people_are_told_in_answers_and_questions(tmp_path) -> None:
    page = evolution.since(two_rounds(tmp_path, people("1155"), people("2155"), PEOPLE))
    assert "Entre parenthèses, le nombre de réponses" in text_of(page)
    assert "AHRQ" in text_of(page)
    assert next(iter(table_of(page, QUESTIONS))) == "On écoute les remarques"


# Every round


def rounds_of(page: object) -> list[list[str]]:
    """The rows of the table of rounds; a row of one cell heads a dimension."""
    return next((rows for caption, _, rows in Page(str(page)).tables if caption == ROUNDS), [])


def after(folder: Path, rounds: dict[str, list[str]], now: list[str]) -> ServiceReport:
    """A campaign after others, in that order; each is named and told by its period."""
    for name, records in rounds.items():
        write_round(folder / name, AUDIT, {"A": records}, period=name)
    listed = ", ".join(f"../{name}/campagne.yml" for name in rounds)
    path = write_round(folder / "c", AUDIT, {"A": now}, f"earlier: [{listed}]\n", period="fin")
    return open_report(str(path))


@pytest.mark.parametrize("order", [("ete", "hiver"), ("hiver", "ete")])
def test_from_three_rounds_on_all_of_them_are_shown_in_their_order(order, tmp_path) -> None:
    yes = {"ete": 10, "hiver": 20}
    report = after(tmp_path, {name: dated(yes[name], 20) for name in order}, dated(15, 20))
    shares = {"ete": "75 %", "hiver": "100 %", "fin": "88 %"}
    rows = rounds_of(evolution.since(report))
    assert rows[0] == ["Traçabilité"]
    assert [row[:2] for row in rows[1:4]] == [[name, shares[name]] for name in (*order, "fin")]
    assert rows[4] == ["Identité"]
    assert [row[1] for row in rows[5:]] == ["100 %"] * 3
    assert all(re.fullmatch(r"\[\d+ ; \d+\]", row[2]) for row in rows if len(row) > 1)
    assert all(row[3] == "20" for row in rows if len(row) > 1)


def test_a_round_where_the_service_was_hidden_has_no_number(tmp_path) -> None:
    report = after(tmp_path, {"un": dated(3, 9), "deux": dated(10, 20)}, dated(15, 20))
    rows = rounds_of(evolution.since(report))
    assert rows[1] == ["un", "effectif insuffisant, ou réponses toutes semblables", "–", "–"]
    assert rows[2][:2] == ["deux", "75 %"]


def test_two_rounds_need_no_table_of_rounds(tmp_path) -> None:
    page = evolution.since(two_rounds(tmp_path, dated(10, 20), dated(15, 20)))
    assert rounds_of(page) == []


def test_hostile_texts_stay_texts(tmp_path) -> None:
    hostile = AUDIT.replace("Le bracelet est vérifié", f'"{HOSTILE}"').replace(
        "label: Traçabilité", f'label: "{HOSTILE}"'
    )
    period = HOSTILE.replace("'", "''")
    for name in ("un", "deux"):
        write_round(tmp_path / name, hostile, {"A": dated(10, 20)}, period=period)
    more = "earlier: [../un/campagne.yml, ../deux/campagne.yml]\n"
    path = write_round(tmp_path / "c", hostile, {"A": dated(15, 20)}, more, period=period)
    page = str(evolution.since(open_report(str(path))))
    assert text_of(page).count(plain(HOSTILE)) >= 5
    assert "script" not in Page(page).tags


# What is drawn


def asked(folder: Path, heads: int, rows: list[str], instrument: str = PEOPLE, more="") -> Path:
    """A round of service A, to which so many people belong."""
    folder.mkdir(parents=True)
    (folder / "services.csv").write_text(
        f"établissement;service;effectif\nHôpital fictif;A;{heads}\n", encoding="utf-8"
    )
    more = f"services: services.csv\n{more}"
    return write_round(folder, instrument, {"A": rows}, more, period=folder.name)


def drawing_of(page: object) -> str:
    """What the wide figure writes and says, as one line."""
    return " ".join(plain(" ".join(re.findall(r">([^<>]+)<", str(page)))).split())


@pytest.mark.parametrize(
    ("heads", "told"),
    [((30, 60), "effectif 30 → 60"), ((40, 50), "effectif 40 → 50"), ((40, 49), "")],
)
def test_a_head_count_that_moved_by_a_quarter_is_written_on_the_figure(heads, told, tmp_path):
    asked(tmp_path / "un", heads[0], people("4254", "3345"))
    more = "earlier: ../un/campagne.yml\n"
    path = asked(tmp_path / "deux", heads[1], people("4254", "3345"), more=more)
    page = evolution.since(open_report(str(path)))
    written = drawing_of(page)
    assert ("Qui répond a changé" in written) == bool(told)
    assert ("ne sont plus tout à fait les mêmes" in text_of(page)) == bool(told)
    assert told in written


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_another_version_breaks_the_line_and_says_so(version, tmp_path):
    asked(tmp_path / "un", 40, people("4254", "3345"))
    changed = PEOPLE.replace("version: 1.0.0", f"version: {version}")
    more = "earlier: ../un/campagne.yml\n"
    path = asked(tmp_path / "deux", 40, people("4254", "3345"), changed, more)
    page = evolution.since(open_report(str(path)))
    broken = version != "1.0.0"
    assert ("version 1.0.0 → 2.0.0, le trait est coupé" in drawing_of(page)) == broken
    assert ("le trait y est coupé" in text_of(page)) == broken
    cells = table_of(page, WHOLES)["Écoute"]
    assert cells["Lecture"] == "écart non établi"  # its questions are the same: still compared


def test_a_question_asked_otherwise_is_not_compared_and_is_named(tmp_path):
    asked(tmp_path / "un", 40, people("4254", "3345"))
    changed = PEOPLE.replace(", reversed: true", "")
    more = "earlier: ../un/campagne.yml\n"
    path = asked(tmp_path / "deux", 40, people("4254", "3345"), changed, more)
    page = evolution.since(open_report(str(path)))
    assert "« Suites » : questions ou calcul changés, le trait est coupé." in drawing_of(page)
    assert table_of(page, WHOLES)["Suites"]["Lecture"] == "non comparé"


REWORDED = PEOPLE.replace("On demande les avis", "On demande son avis à chacun")


def test_a_reworded_question_is_compared_with_caution_and_says_why(tmp_path):
    asked(tmp_path / "un", 60, people("1151", "2215", "1122"))
    more = "earlier: ../un/campagne.yml\n"
    path = asked(tmp_path / "deux", 60, people("5551", "4415", "5522"), REWORDED, more)
    page = evolution.since(open_report(str(path)))
    reason = "À lire avec prudence : « Écoute » (1 question reformulée)."
    assert reason in text_of(page)
    assert reason in drawing_of(page)
    assert "le trait est coupé" not in drawing_of(page)
    assert table_of(page, WHOLES)["Écoute"]["Lecture"] == "amélioré, établi ; à lire avec prudence"
    assert "prudence" not in table_of(page, WHOLES)["Suites"]["Lecture"]
    assert title_of(page).endswith(", à lire avec prudence")
    both = table_of(page, "Les questions qui ont changé")["On demande les avis"]
    assert list(both.values()) == ["On demande son avis à chacun", "reformulée"]


def test_a_broken_dimension_draws_a_broken_line_and_says_what_broke_it(tmp_path):
    asked(tmp_path / "un", 40, people("4254", "3345"))
    less = PEOPLE.replace(PEOPLE[PEOPLE.index("  - {code: S2") :], "")
    more = "earlier: ../un/campagne.yml\n"
    path = asked(tmp_path / "deux", 40, people("425", "334"), less, more)
    report = open_report(str(path))
    page = evolution.since(report)
    for said in (text_of(page), drawing_of(page)):
        assert "Non comparé : « Suites » (1 question retirée)." in said
    rows = round_rows(
        report.instrument,
        rows_of(report.evolution, EvolutionRow),
        rows_of(report.history, HistoryRow),
    )
    figure = draw_changes(rows, Beside(False, ("", ""), ("", ""), ("", ""), {}), False)
    broken = [str(one.get_gid()) for one in figure.findobj()]
    assert [name for name in broken if name.startswith("break:")] == ["break:suites:1"]
    assert "le questionnaire ou le calcul a changé" in drawing_of(page)
    assert table_of(page, WHOLES)["Suites"]["Lecture"] == "non comparé"


def test_rounds_that_ask_the_same_store_nothing_more_and_say_nothing_more(tmp_path):
    report = two_rounds(tmp_path, people("1151"), people("5551"), PEOPLE)
    assert report.changed.empty
    assert "ont changé" not in text_of(evolution.since(report))


def test_a_position_that_can_no_longer_be_compared_says_why(tmp_path):
    changed = GROUP.replace("mean_0_100", "positive_share").replace("On demande", "Demande-t-on")
    write_round(tmp_path / "un", GROUP, {"A": ["1111"]}, period="un")
    path = write_round(
        tmp_path / "deux", changed, {"A": ["5555"]}, "earlier: ../un/campagne.yml\n", period="deux"
    )
    page = text_of(position.since(open_report(str(path))))
    assert "rien ne se compare" in page
    assert "« Suites » (autre règle de calcul)" in page


def test_the_figure_has_the_numbers_of_its_table(tmp_path):
    report = two_rounds(tmp_path, people("1151", "2215", "1122"), people("5551", "4415", "5522"),
                        PEOPLE)  # fmt: skip
    page = evolution.since(report)
    written = drawing_of(page)
    for name, cells in table_of(page, WHOLES).items():
        assert name in written
        assert cells["Écart"] in written
        assert cells["Intervalle à 95 %"] in written


def test_a_service_hidden_the_time_before_draws_its_last_score_only(tmp_path):
    page = evolution.since(two_rounds(tmp_path, dated(5, 9), dated(10, 20)))
    assert "non montré avant" in drawing_of(page)
