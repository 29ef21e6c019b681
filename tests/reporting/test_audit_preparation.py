"""Before an audit: honest sizes, a draw that can be made again, a grid that is never lost."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml

from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.audit import preparation
from qgdr_eval.reporting.audit.preparation import draw, drawn, prepare_grid, sample_sizes
from tests.reading import Page, plain, table_of, text_of
from tests.rounds import AUDIT

SIZES = "Ce qu'un nombre de dossiers permet de conclure"
SPEC = Path(__file__).parents[1] / "spec" / "19_taille_echantillon.yml"
HOSTILE = "<script>alert(1)</script> & « l'équipe »"
ROWS = [("Hôpital fictif", service, f"{service[0]}{rank:02d}")
        for service, n in (("Médecine", 30), ("Chirurgie", 10)) for rank in range(n)]  # fmt: skip


def written(folder: Path, rows=ROWS, columns=("Établissement", "Service", "Dossier")) -> str:
    path = folder / "dossiers.csv"
    pd.DataFrame(rows, columns=list(columns)).to_csv(path, sep=";", index=False)
    return str(path)


def subjects(records: pd.DataFrame) -> list[str]:
    return records["subject"].tolist()


# How many


def test_sizes_are_those_of_the_method() -> None:
    """The same numbers as the worked lines, which statsmodels gives too."""
    told = {
        line["n"]: (line["above"], line["below"])
        for line in yaml.safe_load(SPEC.read_text("utf-8"))["lines"]
        if line["population"] == "–"
    }
    rows = table_of(sample_sizes(), SIZES)
    assert list(rows) == [str(n) for n in preparation.SIZES]
    for n in map(int, rows):
        above, below = told[n]
        wanted = "jamais" if above == "jamais" else f"dès {above} conformes"
        assert rows[str(n)]["Au-dessus de 80 %"] == wanted
        assert rows[str(n)]["Au-dessous de 80 %"] == f"jusqu'à {below} conformes"


def test_ten_records_never_show_that_a_target_is_passed() -> None:
    for target in (75, 80, 90):
        assert table_of(sample_sizes(target), SIZES)["10"][f"Au-dessus de {target} %"] == "jamais"


def test_the_precision_is_that_of_the_hardest_share() -> None:
    """Half of Wilson's interval at 50 %: 50 · z / √(n + z²), 16,8 points for 30 records."""
    rows = table_of(sample_sizes(), SIZES)
    assert {n: row["Précision"] for n, row in rows.items()} == {
        str(n): f"± {round(50 * 1.96 / (n + 1.96**2) ** 0.5)} points" for n in preparation.SIZES
    }


def test_a_known_period_needs_fewer_records_and_no_more_than_it_has() -> None:
    page = sample_sizes(80, 40)
    rows = table_of(page, SIZES)
    assert list(rows) == ["10", "20", "30", "40"]
    assert rows["30"]["Au-dessus de 80 %"] == "dès 27 conformes"
    assert rows["40"] == {  # all of them are read: 32 of 40 is 80 % exactly
        "Au-dessus de 80 %": "dès 33 conformes",
        "Au-dessous de 80 %": "jusqu'à 31 conformes",
        "Précision": "± 0 points",
    }
    assert "pour les seuls 40 dossiers de la période" in text_of(page)
    assert "de la période" not in text_of(sample_sizes())


# Which ones


def test_the_same_list_and_the_same_seed_draw_the_same_records(tmp_path) -> None:
    path = written(tmp_path)
    first, again = draw(path, 12, 2026), draw(path, 12, 2026)
    pd.testing.assert_frame_equal(first, again)
    assert len(set(subjects(first))) == 12
    assert set(subjects(first)) <= {subject for _, _, subject in ROWS}
    assert subjects(draw(path, 12, 2027)) != subjects(first)


def test_the_order_of_the_list_does_not_matter(tmp_path) -> None:
    (tmp_path / "autre").mkdir()
    first = draw(written(tmp_path), 12, 2026)
    other = draw(written(tmp_path / "autre", ROWS[::-1]), 12, 2026)
    assert subjects(other) == subjects(first)


def test_one_more_record_keeps_those_drawn(tmp_path) -> None:
    path = written(tmp_path)
    assert subjects(draw(path, 13, 2026))[:12] == subjects(draw(path, 12, 2026))


@pytest.mark.parametrize(("n", "medicine", "surgery"), [(4, 3, 1), (20, 15, 5), (40, 30, 10)])
def test_a_draw_by_service_follows_their_sizes(n, medicine, surgery, tmp_path) -> None:
    drawn_ = draw(written(tmp_path), n, 7, by_service=True)
    counts = drawn_["service"].value_counts()
    assert (counts["Médecine"], counts["Chirurgie"]) == (medicine, surgery)


def test_a_spreadsheet_is_a_list_too(tmp_path) -> None:
    path = tmp_path / "dossiers.xlsx"
    pd.DataFrame(ROWS, columns=["Établissement", "Service", "Dossier"]).to_excel(path, index=False)
    assert subjects(draw(str(path), 5, 1)) == subjects(draw(written(tmp_path), 5, 1))


def test_other_columns_of_the_list_are_left_there(tmp_path) -> None:
    path = written(tmp_path, [(*row, "M. X") for row in ROWS],
                   ("Établissement", "Service", "Dossier", "Nom"))  # fmt: skip
    assert list(draw(path, 5, 1).columns) == ["facility", "service", "subject"]


def test_without_a_list_nothing_is_drawn() -> None:
    nothing = draw("", 30, 2026)
    assert nothing.empty
    assert str(drawn(nothing, 2026)) == ""


@pytest.mark.parametrize(
    ("rows", "columns", "n", "said"),
    [
        ([("A", "1")], ("Service", "Numéro"), 1, "aucune colonne « Dossier »"),
        ([("A", "1")], ("Service", "Dossier"), 2, "dans une liste de 1"),
        ([("A", "1"), ("A", "1")], ("Service", "Dossier"), 1, "en double"),
        ([("A", "1"), ("A", "")], ("Service", "Dossier"), 1, "sans valeur"),
    ],
)
def test_a_list_that_cannot_be_drawn_from_is_refused(rows, columns, n, said, tmp_path) -> None:
    with pytest.raises(Refused) as refused:
        draw(written(tmp_path, rows, columns), n, 2026)
    assert said in plain(str(refused.value))


def test_a_list_that_is_not_there_is_refused_by_name(tmp_path) -> None:
    with pytest.raises(Refused, match=r"absente\.csv"):
        draw(str(tmp_path / "absente.csv"), 3, 1)


def test_records_are_listed_in_the_order_to_read_them(tmp_path) -> None:
    records = draw(written(tmp_path), 12, 2026)
    page = drawn(records, 2026)
    ((caption, columns, rows),) = Page(str(page)).tables
    assert caption == "12 dossiers tirés au sort, graine 2026"
    assert columns == ["Ordre", "Établissement", "Service", "Dossier"]
    assert [row[0] for row in rows] == [str(rank) for rank in range(1, 13)]
    assert [row[3] for row in rows] == subjects(records)


def test_hostile_records_stay_texts(tmp_path) -> None:
    records = draw(written(tmp_path, [(HOSTILE, "1")], ("Service", "Dossier")), 1, 1)
    page = str(drawn(records, 1))
    assert plain(HOSTILE) in text_of(page)
    assert "script" not in Page(page).tags


# The grid to fill


@pytest.fixture
def grille(tmp_path):
    (tmp_path / "instrument.yml").write_text(AUDIT, encoding="utf-8")
    return load_instrument("instrument.yml", beside=tmp_path)


def test_no_grid_is_written_unless_it_is_asked_for(grille, tmp_path) -> None:
    before = sorted(tmp_path.iterdir())
    assert prepare_grid(grille, draw("", 30, 1), "") is None  # a notebook shows nothing of it
    assert sorted(tmp_path.iterdir()) == before


def test_the_grid_has_a_column_for_each_record_drawn(grille, tmp_path) -> None:
    records = draw(written(tmp_path), 6, 2026)
    path = tmp_path / "grille.xlsx"
    assert plain(prepare_grid(grille, records, str(path))) == ("Grille à remplir : grille.xlsx")
    page = openpyxl.load_workbook(path).active
    lines = {row[0]: list(row[2:]) for row in page.iter_rows(values_only=True)}
    assert lines["Dossier"] == subjects(records)
    assert lines["Service"] == records["service"].tolist()
    assert all(lines[code] == [None] * 6 for code in ("T1", "T2", "I1", "I2"))


def test_a_grid_once_filled_is_a_campaign(grille, tmp_path) -> None:
    """Draw, prepare, fill, publish: the whole way, twelve records of which nine are dated."""
    records = draw(written(tmp_path, ROWS[:30]), 12, 2026)
    path = tmp_path / "grille.xlsx"
    prepare_grid(grille, records, str(path))
    book = openpyxl.load_workbook(path)
    for row in book.active.iter_rows():
        if row[0].value in grille.codes:
            for rank, cell in enumerate(row[2:14]):
                cell.value = "Non" if row[0].value == "T1" and rank >= 9 else "Oui"
    book.save(path)
    (tmp_path / "campagne.yml").write_text(
        "id: essai\ntitle: Essai\nperiod: '2026'\ninstrument: instrument.yml\n"
        "responses: {file: grille.xlsx, layout: grid}\n"
        "columns: {facility: Établissement, service: Service, subject: Dossier}\n"
        "coding: {answers: labels, reversed: as_worded}\n",
        encoding="utf-8",
    )
    scores = read_campaign(tmp_path / "campagne.yml").publish().scores
    dated = scores[(scores["item"] == "T1") & (scores["service"] == "Médecine")].iloc[0]
    assert (dated["n_valid"], dated["score"]) == (12, 75)


def test_a_grid_perhaps_filled_is_never_overwritten(grille, tmp_path) -> None:
    path = tmp_path / "grille.xlsx"
    path.write_bytes(b"une grille remplie")
    with pytest.raises(Refused, match="existe déjà"):
        prepare_grid(grille, draw(written(tmp_path), 6, 2026), str(path))
    assert path.read_bytes() == b"une grille remplie"


def test_without_a_draw_the_grid_has_thirty_columns_to_number(grille, tmp_path) -> None:
    path = tmp_path / "grille.xlsx"
    prepare_grid(grille, draw("", 30, 1), str(path))
    assert openpyxl.load_workbook(path).active.max_column == 32


def test_a_grid_is_a_workbook(grille, tmp_path) -> None:
    with pytest.raises(Refused, match="classeur"):
        prepare_grid(grille, draw("", 30, 1), str(tmp_path / "grille.csv"))
    assert not (tmp_path / "grille.csv").exists()
