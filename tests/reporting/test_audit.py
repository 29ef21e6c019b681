"""The pages of an audit: their figures are those published, and no score is made of nothing."""

import re
from pathlib import Path

import pytest
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from qgdr_eval.campaigns.results import store_campaign
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.french import count, interval, number, percent
from qgdr_eval.reporting import audit
from qgdr_eval.reporting.audit.sections import MEASURES
from qgdr_eval.reporting.report import ServiceReport, open_report
from qgdr_eval.reporting.team import sections
from tests.reading import Page, plain, table_of, text_of, title_of
from tests.rounds import AUDIT, SURVEY, write_round

OVERALL = "Trois scores d'ensemble, à ne pas confondre"
HOSTILE = "<script>alert(1)</script> & « l'équipe »"
# Twenty records. Daté: 18 yes, 2 no. Signé: 10 yes, 2 no, 8 not applicable. Bracelet (critical):
# 19 yes, 1 not recorded. Photo: 19 yes, 1 no. Conform on all that applies: 16 of the 19 complete
# records; the last one is incomplete, and has a no: 16 of 20 for sure.
TWENTY = ["OAOO"] * 8 + ["OOOO"] * 8 + ["ONOO"] * 2 + ["NOON", "NORO"]
TEXTS = {"T1": "Le dossier est daté", "T2": "Le dossier est signé",
         "I1": "Le bracelet est vérifié (critique)", "I2": "La photo est à jour"}  # fmt: skip


def audited(folder: Path, rows: list[str], more: str = "", instrument: str = AUDIT):
    path = write_round(folder / "audit", instrument, {"A": rows}, more)
    return open_report(str(path))


def criteria_of(report: ServiceReport) -> dict[str, dict[str, str]]:
    """Every criterion of every dimension, as the page's tables give it."""
    page = audit.criteria(report)
    found = {}
    for dimension in report.instrument.dimensions:
        found |= table_of(page, plain(f"Les critères en chiffres : {dimension.label}"))
    return found


def official(met: int, n: int) -> str:
    """HAS's interval by trying every whole percent, and its class before 80 %."""
    low = min(range(101), key=lambda p: abs(binom.sf(met - 1, n, p / 100) - 0.025))
    high = min(range(100), key=lambda p: abs(binom.cdf(met, n, p / 100) - 0.025))
    if met in (0, n):
        low = high = 100 * met // n
    klass = "A" if low > 80 else "C" if high < 80 else "B"
    return f"[{low} ; {high}] {klass}"


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> ServiceReport:
    return audited(tmp_path_factory.mktemp("vingt"), TWENTY)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> list[ServiceReport]:
    results = tmp_path_factory.mktemp("demo") / "resultats.sqlite"
    places = store_campaign("demo_audit", results).published.services
    return [open_report(str(results), *place) for place in places]


# The whole grid


def test_three_scores_by_hand(twenty) -> None:
    found = table_of(audit.overall(twenty), OVERALL)
    assert [(row["Grille"], row["Dossiers"]) for row in found.values()] == [
        ("92 %", "20"),  # (90 + 83,3 + 100 + 95) ÷ 4
        ("93 %", "20"),  # 66 yes out of 71 yes and no
        ("84 %", "19"),  # 16 complete records of 19
    ]
    assert list(found) == ["Moyenne des critères", "Mise en commun", "Tout ou rien"]
    low, high = proportion_confint(16, 19, method="wilson")
    assert found["Tout ou rien"]["Intervalle à 95 %"] == plain(interval(100 * low, 100 * high))


def test_the_title_counts_records_never_a_percentage(twenty) -> None:
    title = title_of(audit.overall(twenty))
    assert title == "La grille entière : tous les critères réunis dans 16 cas sur 19"


def test_the_official_interval_stands_beside_ours(twenty) -> None:
    said = text_of(audit.overall(twenty))
    ends, klass = official(16, 19).rsplit(" ", 1)
    assert f"le tout ou rien donnerait {ends}, classe {klass} devant l'objectif de 80 %" in said


def test_no_official_interval_of_the_grid_on_fewer_than_ten_complete_records(tmp_path) -> None:
    for complete, told in ((10, True), (9, False)):
        rows = ["OOOO"] * complete + ["OORO"] * 5
        said = text_of(audit.overall(audited(tmp_path / str(complete), rows)))
        assert ("le tout ou rien donnerait" in said) is told


def test_figures_of_the_grid_are_those_published(demo) -> None:
    for report in demo:
        found = list(table_of(audit.overall(report), OVERALL).values())
        rows = rows_of(report.published.scores, dimension="", item="", stratum="")
        rows = [row for row in rows if row.measure in MEASURES]
        assert len(found) == len(rows) == 3
        for cells, row in zip(found, rows, strict=True):
            assert cells["Grille"] == plain(percent(row.score))
            assert cells["Intervalle à 95 %"] == plain(interval(row.low, row.high))
            assert cells["Dossiers"] == number(row.n_valid)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (TWENTY, "Avec 1 dossier incomplet, sur 20 en tout, il serait de 80 % : chacun d'eux a un"),
        (["OOOO"] * 12 + ["NOOO"] * 4 + ["OORO"] * 3 + ["NORO"], "il irait de 60 % à 75 %."),
        (["OORO"] * 9 + ["NORO"] * 3, "Aucun ne l'est, il irait de 0 % à 75 %."),
        (
            ["OOOO"] * 6 + ["NORO"] * 8 + ["OORO"],
            "il irait de 40 % à 47 % : les dossiers complets ne ressemblent pas aux autres",
        ),
    ],
)
def test_incomplete_records_leave_two_bounds(rows, told, tmp_path) -> None:
    """Of 20, 12 meet all and 3 might; of 15, 6 meet all and 1 might, 6 of 6 complete ones do."""
    said = text_of(audit.overall(audited(tmp_path, rows)))
    assert "seuls les dossiers complets comptent" in said
    assert told in said


def test_complete_records_alone_have_no_bounds(tmp_path) -> None:
    said = text_of(audit.overall(audited(tmp_path, ["OOOO"] * 9 + ["NOAO"] * 9)))
    assert "incomplet" not in said


# Criterion by criterion


def test_criteria_by_hand(twenty) -> None:
    found = criteria_of(twenty)
    assert [list(found[TEXTS[code]].values())[:4] for code in TEXTS] == [
        ["18", "2", "aucun", "90 %"],
        ["10", "2", "8 non applicables", "83 %"],
        ["19", "0", "1 non renseigné", "100 %"],
        ["19", "1", "aucun", "95 %"],
    ]


@pytest.mark.parametrize(
    ("code", "met", "n"), [("T1", 18, 20), ("T2", 10, 12), ("I1", 19, 19), ("I2", 19, 20)]
)
def test_both_intervals_and_the_class_of_a_criterion(twenty, code, met, n) -> None:
    cells = criteria_of(twenty)[TEXTS[code]]
    low, high = proportion_confint(met, n, method="wilson")
    assert cells["Intervalle à 95 %"] == plain(interval(100 * low, 100 * high))
    assert f"{cells['À la façon de la HAS']} {cells['Classe']}" == official(met, n)


def test_figures_of_criteria_are_those_published(demo) -> None:
    for report in demo:
        found = criteria_of(report)
        assert len(found) == len(report.instrument.items)
        for dimension in report.instrument.dimensions:
            items = report.instrument.items_of(dimension.id)
            for item, row in zip(items, report.scores.of_items(dimension), strict=True):
                text = f"{item.text} (critique)" if item.critical else item.text
                cells = found[plain(text)]
                if row.status != "published":
                    assert (cells["Oui"], cells["Non"]) == ("–", "–")
                    continue
                met, unmet = int(cells["Oui"]), int(cells["Non"])
                assert met + unmet == row.n_valid
                assert 100 * met / (met + unmet) == pytest.approx(row.score)
                assert cells["Conformité"] == plain(percent(row.score))
                aside = sum(int(n) for n in re.findall(r"\d+", cells["Hors calcul"]))
                assert met + unmet + aside == report.n


def test_a_criterion_that_seldom_applies_is_pointed_out(tmp_path) -> None:
    """Not from 30 % exactly: 3 of 10 do not, 4 of 10 do."""
    rows = ["OAOA"] * 3 + ["OOOA"] + ["OOOO"] * 6
    said = text_of(audit.criteria(audited(tmp_path, rows)))
    assert f"« La photo est à jour » : {plain(count(4, 'dossier'))} sur 10" in said
    assert "« Le dossier est signé » :" not in said


# What could not be judged


def numbers_of(cells: dict[str, str]) -> str:
    """A row without the records left out of it."""
    return " ".join(text for name, text in cells.items() if name != "Hors calcul")


def test_a_criterion_that_never_applies_has_no_score(tmp_path) -> None:
    report = audited(tmp_path, ["AONO"] * 7 + ["ROOO"] * 5)
    cells = criteria_of(report)[TEXTS["T1"]]
    assert cells["Conformité"] == "aucune réponse valide"
    assert cells["Hors calcul"] == "7 non applicables, 5 non renseignés"
    assert not re.search(r"\d", numbers_of(cells))
    assert "« Le dossier est daté » : 7 dossiers sur 12" in text_of(audit.criteria(report))


def test_a_dimension_that_never_applies_has_no_score(tmp_path) -> None:
    report = audited(tmp_path, ["AAOO"] * 10 + ["AAON"] * 2)
    page = audit.criteria(report)
    assert "Traçabilité aucune réponse valide" in text_of(page)
    assert Page(page).texts["p.finding"].count("aucune réponse valide") == 1
    profile = table_of(sections.profile(report), "Le profil en chiffres")["Traçabilité"]
    assert profile == {
        "Score": "–",
        "Intervalle à 95 %": "–",
        "Dossiers": "–",
        "Lecture": "aucune réponse valide",
    }
    grid = table_of(audit.overall(report), OVERALL)
    assert grid["Moyenne des critères"]["Grille"] == "92 %"  # (100 + 10 ÷ 12) ÷ 2, of two criteria


@pytest.mark.parametrize("row", ["AAAA", "RRRR", "ARAR"])
def test_a_grid_that_never_applies_has_no_score(row, tmp_path) -> None:
    report = audited(tmp_path, [row] * 12)
    page = "".join(
        str(section(report))
        for section in (sections.message, audit.overall, sections.profile, audit.criteria)
    )
    shown = text_of(page).replace("L'essentiel", "")
    for said in ("0 %", "100 %"):
        assert said not in shown.replace("objectif de 80 %", "").replace("à 95 %", "")
    assert title_of(audit.overall(report)) == "La grille entière"
    assert {row["Grille"] for row in table_of(audit.overall(report), OVERALL).values()} == {
        "aucune réponse valide"
    }
    assert "Aucune réponse valide n'a été donnée" in shown
    assert "point fort" not in text_of(sections.profile(report))


def test_nothing_read_is_not_an_instrument_without_thresholds(tmp_path) -> None:
    said = text_of(sections.limits(audited(tmp_path, ["AAAA"] * 12)))
    assert "ne fixe pas de seuil" not in said
    assert "Traçabilité : non affichée." in said


# Critical criteria


def test_a_critical_criterion_is_named_with_its_records(tmp_path) -> None:
    report = audited(tmp_path, ["OOOO"] * 19 + ["OONO"])
    assert "1 non sur 20 « Le bracelet est vérifié »" in text_of(audit.next_steps(report))
    assert "Il est dans « Que faire maintenant »." in text_of(audit.overall(report))


def test_critical_criteria_always_met_are_told_so(twenty) -> None:
    said = text_of(audit.overall(twenty))
    assert "Aucun écart trouvé sur le critère critique de la grille" in said
    assert 'class="sentences"' not in str(audit.overall(twenty))


@pytest.mark.parametrize("mark", ["A", "R"])
def test_a_critical_criterion_never_judged_is_no_good_news(mark, tmp_path) -> None:
    said = text_of(audit.overall(audited(tmp_path, [f"OO{mark}O"] * 12)))
    assert "Aucun dossier n'a permis de juger le critère critique" in said
    assert "Aucun écart trouvé" not in said


def test_every_criterion_missed_is_listed(demo) -> None:
    for report in demo:
        missed = [
            item.text
            for dimension in report.instrument.dimensions
            for item, row in zip(
                report.instrument.items_of(dimension.id),
                report.scores.of_items(dimension),
                strict=True,
            )
            if item.critical and row.score < 100
        ]
        first = Page(audit.next_steps(report)).texts["p.name"]
        others = Page(audit.overall(report)).texts.get("ul.sentences strong", [])
        named = [f"« {plain(text)} »" for text in missed]
        assert missed
        assert sorted([name for name in first if name in named]) == sorted(
            name for name in named if name[2:-2] not in others
        )
        assert len(others) == max(0, len(missed) - 3)


def test_a_grid_capped_everywhere_is_led_by_its_critical_criteria(tmp_path) -> None:
    """Both dimensions miss a critical criterion once: neither is a strength, and it is said."""
    dated = "text: Le dossier est daté, dimension: trace, scale: oui_non"
    critical = AUDIT.replace(dated, f"{dated}, critical: true")
    report = audited(tmp_path, ["OOOO"] * 39 + ["NONO"], instrument=critical)
    assert set(report.readings["verdict"]) == {"capped"}
    assert "Deux critères critiques ne sont pas conformes" in text_of(sections.message(report))
    assert "ne fixe pas de seuil" not in text_of(sections.limits(report))


# Two auditors


@pytest.fixture(scope="module")
def read_twice(tmp_path_factory: pytest.TempPathFactory) -> ServiceReport:
    """« Daté » makes the table 20 5 10 15, « Signé » is yes twice, « Photo » differs 5 times."""
    folder = tmp_path_factory.mktemp("deux")
    first = ["OOAO"] * 25 + ["NOAO"] * 25
    second = ["OOAO"] * 20 + ["NOAN"] * 5 + ["OOAO"] * 10 + ["NOAO"] * 15
    write_round(folder / "relecture", AUDIT, {"A": second})
    return audited(folder, first, "second_reader: ../relecture/campagne.yml\n")


def test_kappa_by_r(read_twice) -> None:
    """psych::cohen.kappa(matrix(c(20, 5, 10, 15), 2, byrow = TRUE)): .40 (.15 – .65)."""
    page = audit.agreement(read_twice)
    assert table_of(page, "Critère par critère")["Le dossier est daté"] == {
        "Lectures": "50",
        "Accord": "70 %",
        "Kappa": "0,40",
        "Intervalle à 95 %": "[0,15 ; 0,65]",
        "Accord sur oui": "73 %",
        "Accord sur non": "67 %",
    }


def test_what_has_no_kappa_has_a_dash_and_no_zero(read_twice) -> None:
    cells = table_of(audit.agreement(read_twice), "Critère par critère")["Le dossier est signé"]
    assert cells == {
        "Lectures": "50",
        "Accord": "100 %",
        "Kappa": "–",
        "Intervalle à 95 %": "–",
        "Accord sur oui": "100 %",
        "Accord sur non": "–",
    }


def test_all_criteria_together_lead_and_poor_agreement_is_named(read_twice) -> None:
    page = audit.agreement(read_twice)
    whole = table_of(page, "Deux auditeurs, les mêmes dossiers")["Tous les critères ensemble"]
    assert (whole["Lectures"], whole["Accord"]) == ("150", "87 %")  # 130 of 150
    assert title_of(page) == "Deux auditeurs d'accord 87 fois sur 100"
    said = text_of(page)
    assert "À relire ensemble" in said
    assert said.count("« Le dossier est daté »") == 1
    assert "« La photo est à jour »" not in said  # 90 % of agreement


def test_one_auditor_alone_has_no_agreement(twenty) -> None:
    assert str(audit.agreement(twenty)) == ""


# What an audit page never does


def test_a_hidden_service_shows_nothing_but_its_criteria(tmp_path) -> None:
    rows = ["OOOO"] * 5 + ["NNNN"] * 4
    write_round(tmp_path / "relecture", AUDIT, {"A": rows})
    report = audited(tmp_path, rows, "second_reader: ../relecture/campagne.yml\n")
    assert report.hidden
    assert str(audit.overall(report)) == str(audit.agreement(report)) == ""
    page = audit.criteria(report)
    assert not Page(str(page)).tables
    assert "Le bracelet est vérifié" in text_of(page)
    assert not re.search(r"\d", text_of(page))


@pytest.mark.parametrize("rule", ["mean_0_100", "positive_share"])
def test_a_grid_that_is_rated_is_not_told_in_yes_and_no(rule, tmp_path) -> None:
    """Records may be rated from 1 to 5: half the points is not « six yes, six no »."""
    rated = SURVEY.format(id="cote", subject="record").replace("mean_0_100", rule)
    report = audited(tmp_path, ["5432", "1234"] * 6, instrument=rated)
    assert str(audit.overall(report)) == ""
    captions = {caption for caption, _, _ in Page(str(audit.criteria(report))).tables}
    assert captions == {"Les questions en chiffres : Écoute", "Les questions en chiffres : Suites"}
    assert "À la façon de la HAS" not in text_of(audit.criteria(report))


def test_hostile_texts_stay_texts(tmp_path) -> None:
    hostile = AUDIT.replace("Le bracelet est vérifié", f'"{HOSTILE}"').replace(
        "label: Traçabilité", f'label: "{HOSTILE}"'
    )
    rows = ["OAOO"] * 8 + ["NONO"] * 6
    write_round(tmp_path / "relecture", hostile, {HOSTILE: rows[::-1]})
    path = write_round(
        tmp_path / "audit", hostile, {HOSTILE: rows}, "second_reader: ../relecture/campagne.yml\n"
    )
    report = open_report(str(path))
    for section in (audit.next_steps, audit.criteria, audit.agreement):
        page = str(section(report))
        assert plain(HOSTILE) in text_of(page)
        assert "<script" not in page + str(audit.overall(report))
        assert "script" not in Page(page).tags


def test_each_section_carries_the_fingerprint_of_its_report(read_twice) -> None:
    for section in (audit.overall, audit.criteria, audit.agreement):
        page = str(section(read_twice))
        assert page.lstrip().startswith(f'<section data-results="{read_twice.fingerprint}"')


# What the first page says first


def test_critical_criteria_come_first_and_are_counted(tmp_path) -> None:
    report = audited(tmp_path, ["OONO"] * 3 + ["OOOO"] * 17)
    said = text_of(audit.next_steps(report))
    first, strong = said.index("Critères critiques, d'abord"), said.index("Points forts établis")
    assert first < strong
    assert "3 non sur 20 « Le bracelet est vérifié »" in said[first:strong]
    (label,) = (one.label for one in report.instrument.dimensions if one.id == critical_of(report))
    assert f"{label} · critère critique" in said[first:strong]


def critical_of(report: ServiceReport) -> str:
    return next(item.dimension for item in report.instrument.items if item.critical)


def test_the_levers_of_a_missed_critical_criterion_are_not_folded(tmp_path) -> None:
    levers = AUDIT.replace("bonne personne", "bonne personne, levers: [Vérifier à deux]")
    report = audited(tmp_path, ["OONO"] + ["OOOO"] * 19, instrument=levers)
    shown = str(audit.next_steps(report))
    assert "<li>Vérifier à deux</li>" in shown
    assert "<details" not in shown


def test_no_critical_criterion_missed_is_not_told(twenty) -> None:
    assert "Critères critiques" not in text_of(audit.next_steps(twenty))


def test_a_criterion_wholly_under_the_objective_is_named_by_itself(tmp_path) -> None:
    """Signé: 3 of 20, while its dimension also holds Daté, 20 of 20."""
    report = audited(tmp_path, ["OOOO"] * 3 + ["ONOO"] * 17)
    low, high = proportion_confint(3, 20, method="wilson")
    assert high < 0.8
    said = text_of(audit.next_steps(report))
    assert f"15 % {plain(interval(100 * low, 100 * high))} « Le dossier est signé »" in said
    assert "critère nettement sous l'objectif de 80 %" in said
