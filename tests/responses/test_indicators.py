"""Tables of indicators: what is read, what is deduced, everything that is refused at once."""

import csv
import random
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.fictitious.indicators import write_demo_indicators
from qgdr_eval.problems import Refused
from qgdr_eval.responses.indicator_rows import read_number
from qgdr_eval.responses.indicators import (
    INDICATOR_COLUMNS,
    read_indicators,
    read_national,
    with_national,
)
from qgdr_eval.responses.periods import period_label, read_period

PROPORTION = {
    "indicateur": "Lettre remise",
    "famille": "pratiques",
    "pole": "Médecine",
    "service": "Cardiologie",
    "periode": "2026-01",
    "numerateur": "30",
    "denominateur": "40",
    "sens": "hausse",
    "cible": "80",
}
RATE = {
    **PROPORTION,
    "indicateur": "Chutes",
    "famille": "evenements indesirables",
    "numerateur": "6",
    "denominateur": "1 500",
    "par": "1000",
    "sens": "baisse",
    "cible": "3,5",
}


def write(folder: Path, *rows: dict[str, str], name: str = "indicateurs.csv") -> Path:
    headers = list(dict.fromkeys(key for row in rows for key in row))
    with (folder / name).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, headers, restval="", delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return folder / name


def read(folder: Path, *rows: dict[str, str]) -> pd.DataFrame:
    return read_indicators(write(folder, *rows))


def refused(folder: Path, *rows: dict[str, str]) -> list[str]:
    """What is said of a table: « ligne 3, colonne « x » : what → cure », without thin spaces."""
    with pytest.raises(Refused) as caught:
        read(folder, *rows)
    return [str(problem).replace("\u202f", " ") for problem in caught.value.problems]


def test_one_tidy_row_per_indicator_place_and_period(tmp_path):
    february = {**PROPORTION, "periode": "février 2026", "numerateur": "33", "commentaire": "grève"}
    indicators = read(tmp_path, february, PROPORTION, RATE)
    assert list(indicators.columns) == INDICATOR_COLUMNS
    assert indicators["period"].tolist() == ["2026-01", "2026-02", "2026-01"]
    assert indicators["label"].tolist() == ["janv.\u00a02026", "févr.\u00a02026", "janv.\u00a02026"]
    assert indicators["value"].tolist() == pytest.approx([75, 82.5, 4])
    assert indicators["kind"].tolist() == ["proportion", "proportion", "rate"]
    assert indicators["per"].tolist() == [100, 100, 1000]
    assert indicators["target"].tolist() == [80, 80, 3.5]
    assert indicators["direction"].tolist() == ["up", "up", "down"]
    assert indicators["family"].tolist() == ["practices", "practices", "adverse_events"]
    assert indicators["comment"].tolist() == ["", "grève", ""]


@pytest.mark.parametrize(
    ("amounts", "kind", "value"),
    [
        ({"numerateur": "3", "denominateur": "4"}, "proportion", 75),
        ({"numerateur": "3", "denominateur": "4", "par": "100"}, "proportion", 75),
        ({"numerateur": "3", "denominateur": "4", "par": "1000"}, "rate", 750),
        ({"numerateur": "9", "denominateur": "4", "par": "100", "type": "taux"}, "rate", 225),
        ({"numerateur": "3"}, "count", 3),
        ({"valeur": "3", "type": "comptage"}, "count", 3),
        ({"valeur": "3,5"}, "value", 3.5),
        ({"valeur": "−3,5"}, "value", -3.5),
        ({"valeur": "71,2", "denominateur": "31", "type": "Valeur"}, "value", 71.2),
        ({"numerateur": "0", "denominateur": "0"}, "proportion", float("nan")),
        ({"numerateur": "", "denominateur": "", "type": "taux", "par": "1000"}, "rate", None),
    ],
)
def test_the_kind_is_said_or_deduced_from_the_cells_that_are_filled(tmp_path, amounts, kind, value):
    common = {key: PROPORTION[key] for key in ("indicateur", "famille", "pole", "periode")}
    row = read(tmp_path, {**common, **amounts}).iloc[0]
    assert row["kind"] == kind
    assert row["value"] == pytest.approx(float("nan") if value is None else value, nan_ok=True)


def test_headers_may_have_accents_capitals_and_any_order(tmp_path):
    renamed = {
        "Pôle": "pole",
        "INDICATEUR": "indicateur",
        "Période": "periode",
        "Famille": "famille",
        "Dénominateur": "denominateur",
        "Numérateur": "numerateur",
    }
    row = {name: PROPORTION[key] for name, key in renamed.items()}
    assert read(tmp_path, row)["value"].tolist() == [75]


def test_a_workbook_reads_as_the_same_table(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(list(PROPORTION))
    book.active.append(list(PROPORTION.values()))
    book.active.append([*list(PROPORTION.values())[:4], pd.Timestamp("2026-02-01"), 31, 40, "", ""])
    book.save(tmp_path / "indicateurs.xlsx")
    indicators = read_indicators(tmp_path / "indicateurs.xlsx")
    again = read(tmp_path, PROPORTION, {**PROPORTION, "periode": "02/2026", "numerateur": "31"})
    pd.testing.assert_frame_equal(indicators, again)


def test_what_is_said_once_holds_for_the_whole_indicator(tmp_path):
    silent = {**PROPORTION, "periode": "2026-02", "sens": "", "cible": "", "famille": ""}
    indicators = read(tmp_path, PROPORTION, silent)
    assert indicators["target"].tolist() == [80, 80]
    assert indicators["direction"].tolist() == ["up", "up"]


def test_a_pole_may_have_its_own_target(tmp_path):
    elsewhere = {**PROPORTION, "pole": "Chirurgie", "cible": "90"}
    assert read(tmp_path, PROPORTION, elsewhere)["target"].tolist() == [80, 90]


def test_a_place_or_an_indicator_spelt_in_two_ways_is_one(tmp_path):
    other = {**PROPORTION, "pole": "MEDECINE", "indicateur": "lettre  remise", "periode": "2026-02"}
    indicators = read(tmp_path, PROPORTION, other)
    assert set(indicators["pole"]) == {"Médecine"}
    assert set(indicators["indicator"]) == {"Lettre remise"}


@pytest.mark.parametrize(
    ("text", "period", "label"),
    [
        ("2026-01", "2026-01", "janv. 2026"),
        ("01/2026", "2026-01", "janv. 2026"),
        ("Janvier 2026", "2026-01", "janv. 2026"),
        ("déc.-25", "2025-12", "déc. 2025"),
        ("2026-08-01", "2026-08", "août 2026"),
        ("01/08/2026", "2026-08", "août 2026"),
        ("2026-T1", "2026Q1", "T1 2026"),
        ("T4 2025", "2025Q4", "T4 2025"),
        ("2ème trimestre 2026", "2026Q2", "T2 2026"),
        ("2026", "2026", "2026"),
    ],
)
def test_periods_are_read_as_people_write_them(text, period, label):
    assert str(read_period(text)) == period
    assert period_label(read_period(text)).replace("\u00a0", " ") == label


@pytest.mark.parametrize("text", ["", "2026-13", "13/2026", "T5 2026", "jui 2026", "26", "hier"])
def test_what_is_no_period_is_not_guessed(text):
    assert read_period(text) is None


@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_numbers_come_back_whatever_their_spaces_and_comma(amount):
    written = f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",").replace("-", "\u2212")
    assert read_number(written) == pytest.approx(float(amount))


@pytest.mark.parametrize("text", ["1 23", "1,234.5", "12a", "5/8", "", "≥ 3", "1 2345"])
def test_what_is_no_number_is_not_guessed(text):
    assert read_number(text) != read_number(text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"numerateur": "41"}, "ligne 2, colonne « numérateur » : 41 sur 40 : plus que le tout"),
        ({"denominateur": "0"}, "colonne « dénominateur » : zéro, alors que le numérateur"),
        ({"numerateur": "-3"}, "« -3 » est négatif"),
        ({"denominateur": "-40"}, "« -40 » est négatif"),
        ({"numerateur": "3,5"}, "« 3,5 » n'est pas un nombre entier"),
        ({"numerateur": "beaucoup"}, "« beaucoup » n'est pas un nombre"),
        (
            {"denominateur": "", "type": "proportion"},
            "vide, alors qu'un indicateur de type « proportion »",
        ),
        ({"valeur": "75"}, "donnée en plus de ce qui la calcule"),
        ({"periode": "bientôt"}, "« bientôt » n'est pas une période"),
        ({"periode": ""}, "colonne « période » : cellule vide"),
        ({"pole": ""}, "colonne « pôle » : cellule vide"),
        ({"indicateur": ""}, "colonne « indicateur » : cellule vide"),
        ({"famille": ""}, "colonne « famille » : cellule vide"),
        ({"famille": "pratique"}, "vouliez-vous dire « pratiques » ?"),
        ({"sens": "haut"}, "vouliez-vous dire « hausse » ?"),
        ({"type": "taut"}, "vouliez-vous dire « taux » ?"),
        ({"type": "taux"}, "un taux a besoin de son multiplicateur"),
        ({"type": "proportion", "par": "1000"}, "« 1000 » ne convient pas"),
        ({"type": "taux", "par": "0"}, "« 0 » ne convient pas"),
        ({"type": "comptage"}, "un comptage n'a pas de dénominateur"),
        ({"type": "valeur"}, "une valeur n'a pas de numérateur"),
        ({"cible": "0,8"}, "« 0,8 » : fraction ou pourcentage ?"),
        ({"cible": "800"}, "« 800 » n'est pas un pourcentage"),
        ({"reference": "0,76"}, "« 0,76 » : fraction ou pourcentage ?"),
        ({"sens": ""}, "une cible, sans sens favorable"),
        ({"sens": "neutre"}, "une cible, sans sens favorable"),
    ],
)
def test_a_row_that_cannot_be_is_refused_where_it_stands(tmp_path, changes, said):
    problems = refused(tmp_path, {**PROPORTION, **changes})
    assert any(said in problem for problem in problems)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cible": "90"}, "« cible » : « 90 » ici, « 80 » à la ligne 2"),
        ({"sens": "baisse"}, "« sens » : « baisse » ici, « hausse » à la ligne 2"),
        ({"famille": "autre"}, "« famille » : « autre » ici, « pratiques » à la ligne 2"),
        ({"unite": "lits"}, "« unité » : « lits » ici, « dossiers » à la ligne 2"),
        ({"type": "taux"}, "« type » : « taux » ici, « proportion » à la ligne 2"),
        ({"periode": "2026-T2"}, "l'indicateur est à la fois mensuel et trimestriel"),
        ({"periode": "01/2026"}, "même lieu et même période qu'à la ligne 2"),
    ],
)
def test_an_indicator_does_not_change_from_row_to_row(tmp_path, changes, said):
    first = {**PROPORTION, "type": "proportion", "unite": "dossiers"}
    problems = refused(tmp_path, first, {**first, "periode": "2026-02", **changes})
    assert [problem for problem in problems if said in problem and "ligne 3" in problem]


def test_a_change_that_lasts_is_told_once(tmp_path):
    rows = [{**PROPORTION, "periode": f"2026-{month:02d}"} for month in range(1, 13)]
    late = [{**row, "cible": "90"} for row in rows[6:]]
    assert len(refused(tmp_path, *rows[:6], *late)) == 1


def test_a_facility_is_given_on_every_row_or_on_none(tmp_path):
    first = {**PROPORTION, "etablissement": "Hôpital fictif"}
    second = {**PROPORTION, "periode": "2026-02", "etablissement": ""}
    assert "l'établissement manque" in refused(tmp_path, first, second)[0]


def months(marked: range, **more: str) -> list[dict[str, str]]:
    """Fourteen months, those of ``marked`` in the baseline."""
    periods = [str(month) for month in pd.period_range("2025-01", periods=14, freq="M")]
    return [
        {**PROPORTION, "periode": period, "base": "oui" if rank in marked else "", **more}
        for rank, period in enumerate(periods)
    ]


def test_a_change_and_a_baseline_are_declared_on_their_rows(tmp_path):
    rows = months(range(10))
    rows[10]["changement"] = "Nouveau protocole"
    frame = read(tmp_path, *rows)
    assert frame["baseline"].tolist() == [True] * 10 + [False] * 4
    assert frame["change"].tolist() == [*[""] * 10, "Nouveau protocole", *[""] * 3]


def test_a_change_written_down_to_the_last_row_is_one_change(tmp_path):
    rows = [{**row, "changement": "Protocole B" if i > 9 else ""} for i, row in
            enumerate(months(range(0)))]  # fmt: skip
    other = [{**row, "service": "Gériatrie"} for row in rows]
    frame = read(tmp_path, *reversed(rows), *other)
    assert frame.loc[frame["change"] != "", "period"].tolist() == ["2025-11"] * 2


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (months(range(9)), "la base ne compte que 9 périodes avec des nombres"),
        ([*months(range(6)), *months(range(9, 14))[9:]], "même indicateur"),
        (
            [row for rank, row in enumerate(months(range(14))) if rank != 3]
            + [{**months(range(0))[3]}],
            "la base s'interrompt entre 2025-01 et 2026-02",
        ),
        (months(range(0), base="peut-être"), "n'est pas connu"),
        (
            [
                {**row, "numerateur": "", "denominateur": ""} if rank < 5 else row
                for rank, row in enumerate(months(range(10)))
            ],
            "la base ne compte que 5 périodes avec des nombres",
        ),
        (
            [
                {**row, "changement": "Protocole" if rank == 6 else ""}
                for rank, row in enumerate(months(range(12)))
            ],
            "la base ne compte que 6 périodes avec des nombres",
        ),
    ],
)
def test_a_baseline_that_cannot_be_read_against_is_refused(tmp_path, rows, told):
    assert any(told in problem.replace("\u202f", " ").replace("\xa0", " ").replace("’", "'")
               for problem in refused(tmp_path, *rows))  # fmt: skip


def test_an_unknown_header_is_told_with_the_nearest(tmp_path):
    row = {**PROPORTION, "denominatuer": "40"}
    (problem,) = refused(tmp_path, row)
    assert "colonne « denominatuer » : nom de colonne inconnu" in problem
    assert "vouliez-vous dire « dénominateur » ?" in problem


def test_missing_columns_are_all_told(tmp_path):
    problems = " ".join(refused(tmp_path, {"indicateur": "Chutes", "valeur": "3"}))
    assert all(f"colonne « {name} » : colonne absente" in problems
               for name in ("famille", "pôle", "période"))  # fmt: skip


def test_a_table_without_any_number_is_refused(tmp_path):
    row = {key: PROPORTION[key] for key in ("indicateur", "famille", "pole", "periode")}
    assert "aucune colonne ne porte de nombre" in refused(tmp_path, row)[0]


def test_all_problems_of_a_file_come_at_once_in_its_order(tmp_path):
    problems = refused(
        tmp_path,
        {**PROPORTION, "numerateur": "41"},
        {**PROPORTION, "periode": "demain"},
        {**RATE, "denominateur": "beaucoup"},
        {**RATE, "periode": "2026-02", "sens": "bas"},
    )
    assert [problem.split("ligne ")[1][0] for problem in problems] == ["2", "3", "4", "5"]


def test_the_order_of_the_rows_is_only_that_of_the_names(tmp_path):
    path = write_demo_indicators(tmp_path / "demo.csv")
    header, *rows = path.read_text("utf-8-sig").splitlines()
    random.Random(1).shuffle(rows)
    (tmp_path / "shuffled.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    shuffled = read_indicators(tmp_path / "shuffled.csv")
    keys = ["indicator", "pole", "service", "period"]
    for _, series in shuffled.groupby(keys[:3]):
        assert series["period"].is_monotonic_increasing
    sort = {"by": keys, "ignore_index": True}
    pd.testing.assert_frame_equal(
        shuffled.sort_values(**sort), read_indicators(path).sort_values(**sort)
    )


def test_the_demonstration_is_the_same_every_time_and_reads_without_a_word(tmp_path):
    one = write_demo_indicators(tmp_path / "un.csv")
    other = write_demo_indicators(tmp_path / "deux.csv")
    assert one.read_bytes() == other.read_bytes()
    assert one.read_bytes() != write_demo_indicators(tmp_path / "trois.csv", seed=1).read_bytes()
    indicators = read_indicators(one)
    assert indicators["indicator"].nunique() == 8
    assert set(indicators["family"]) == {
        "adverse_events", "complaints", "satisfaction", "practices"
    }  # fmt: skip
    assert set(indicators["kind"]) == {"proportion", "rate", "count", "value"}
    assert list(dict.fromkeys(indicators["pole"])) == [
        "Pôle Médecine",
        "Pôle Chirurgie et bloc",
        "Pôle Urgences et réanimation",
    ]
    months = indicators[indicators["frequency"] == "M"].groupby(["indicator", "pole", "service"])
    assert set(months["period"].nunique()) == {24}


def test_national_values_stand_beside_the_indicators_they_name(tmp_path):
    rows = [{"indicateur": "LETTRE REMISE", "valeur": "76,4", "source": "HAS", "année": "2024"}]
    national = read_national(write(tmp_path, *rows, name="national.csv"))
    indicators = with_national(read(tmp_path, PROPORTION, RATE), national, "national.csv")
    assert indicators["reference"].tolist() == pytest.approx([76.4, float("nan")], nan_ok=True)
    assert indicators["reference_source"].tolist() == ["HAS, 2024", ""]


def test_a_reference_of_the_table_stays_where_the_national_file_is_silent(tmp_path):
    national = pd.DataFrame(
        [["Chutes", 2.9, "", ""]], columns=["indicator", "value", "source", "year"]
    )
    read_ = read(tmp_path, {**PROPORTION, "reference": "70"}, RATE)
    assert with_national(read_, national, "n.csv")["reference"].tolist() == [70, 2.9]


def test_a_national_file_that_names_nothing_known_is_refused(tmp_path):
    national = pd.DataFrame(
        [["Lettres", 76, "", ""]], columns=["indicator", "value", "source", "year"]
    )
    with pytest.raises(Refused, match="Lettre remise"):
        with_national(read(tmp_path, PROPORTION), national, "national.csv")


def test_what_is_wrong_with_a_national_file_is_told_at_once(tmp_path):
    rows = [{"indicateur": "A", "valeur": "x"}, {"indicateur": "a", "valeur": ""}]
    with pytest.raises(Refused) as caught:
        read_national(write(tmp_path, *rows))
    said = [problem.what for problem in caught.value.problems]
    assert len(said) == 3
    assert "indicateur donné deux fois" in said


@pytest.mark.parametrize(
    ("weeks", "told"),
    [
        (3, ["« sem. 1 » n'est pas", "« sem. 2 » n'est pas", "« sem. 3 » n'est pas"]),
        (4, ["(de même « sem. 2 », « sem. 3 » et « sem. 4 » ; lignes 2 à 5)"]),
        (14, ["(de même « sem. 2 », « sem. 3 », « sem. 4 » et 10 autres ; lignes 2 à 15)"]),
    ],
)
def test_words_wrong_in_one_way_are_told_once_beside_other_faults(weeks, told, tmp_path):
    rows = [{**PROPORTION, "periode": f"sem. {week}"} for week in range(1, weeks + 1)]
    said = refused(tmp_path, *rows, {**PROPORTION, "numerateur": "50"})
    said = [one.replace("\xa0", " ") for one in said]
    assert len(said) == len(told) + 1
    assert all(words in one for words, one in zip(told, said, strict=False))
    assert "50 sur 40" in said[-1]
