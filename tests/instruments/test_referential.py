"""A referential keyed in a workbook becomes an instrument that holds, or is refused with a cure."""

import datetime
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qgdr_eval.checking.check import check_path
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.instruments.referential import Referential, read_referential, write_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.responses.grids import write_grid
from tests.thorough import examples

TITLES = ["Chapitre", "Thématique", "Objectif", "N° critère", "Critère", "Impératif"]
ONE, TWO = "Chapitre 1 – La personne", "Chapitre 2 – Les équipes"
ROWS = [
    [ONE, "Écoute", "Objectif 1.1 – Écouter", "1.1.1", "La personne est écoutée.", "non"],
    [ONE, "Écoute", "Objectif 1.1 – Écouter", "1.1.2", "La personne est saluée.", "oui"],
    [ONE, "Écoute", "Objectif 1.2 – Répondre", "1.2.1", "Une réponse est donnée.", "Standard"],
    [TWO, "Accueil", "Objectif 2.1 – Former", "2.1.1", "Les équipes sont formées.", "Impératif"],
    [TWO, "Accueil", "Objectif 2.1 – Former", "2.1.2", "Le plan est suivi.", "Non"],
]
Cells = list[list[Any]]


def a_workbook(path: Path, rows: Cells, titles: list[Any] = TITLES) -> Path:
    book = openpyxl.Workbook()
    for row in [titles, *rows]:
        book.active.append(row)
    book.save(path)
    return path


def read(folder: Path, rows: Cells, titles: list[Any] = TITLES) -> Referential:
    return read_referential(a_workbook(folder / "r.xlsx", rows, titles))


def instrument_of(folder: Path, referential: Referential) -> Instrument:
    path = write_instrument(referential, folder)
    verdict = check_path(path)
    assert verdict.accepted, str(verdict)
    return load_instrument(path)


def changed(line: int, column: str, value: Any) -> Cells:
    """The rows with one cell of a line of the workbook (titles are line 1) replaced."""
    rows = [list(row) for row in ROWS]
    rows[line - 2][TITLES.index(column)] = value
    return rows


def said(problems: Any) -> str:
    text = "".join(f"{problem}\n" for problem in problems)
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_small_referential_becomes_an_instrument(tmp_path: Path) -> None:
    referential = read(tmp_path, ROWS)
    assert referential["warnings"] == ()
    instrument = instrument_of(tmp_path, referential)
    assert instrument.subject == "group"
    assert [(one.id, one.label, one.part) for one in instrument.dimensions] == [
        ("objectif_1_1", "Objectif 1.1 – Écouter", ONE),
        ("objectif_1_2", "Objectif 1.2 – Répondre", ONE),
        ("objectif_2_1", "Objectif 2.1 – Former", TWO),
    ]
    assert {one.rule for one in instrument.dimensions} == {"rating_1_4"}
    assert [(one.code, one.text, one.dimension, one.critical) for one in instrument.items] == [
        ("C1.1.1", "La personne est écoutée.", "objectif_1_1", False),
        ("C1.1.2", "La personne est saluée.", "objectif_1_1", True),
        ("C1.2.1", "Une réponse est donnée.", "objectif_1_2", False),
        ("C2.1.1", "Les équipes sont formées.", "objectif_2_1", True),
        ("C2.1.2", "Le plan est suivi.", "objectif_2_1", False),
    ]
    # NC (8) is to be justified, and is pointed out on an imperative criterion; RI (9) is
    # admitted in chapter 1 alone
    assert [one.forbidden for one in instrument.items] == [(), (), (), (9,), (9,)]
    assert [one.justify for one in instrument.items] == [(8,), (), (8,), (), (8,)]
    assert [one.unusual for one in instrument.items] == [(), (8,), (), (8,), ()]
    assert [one.official for one in instrument.items] == [row[3] for row in ROWS]
    assert [one.official for one in instrument.dimensions] == [
        "objectif 1.1", "objectif 1.2", "objectif 2.1",
    ]  # fmt: skip
    [scale] = instrument.scales.values()
    assert [(one.code, one.label) for one in scale.options] == [
        (1, "1"),
        (2, "2"),
        (3, "3"),
        (4, "4"),
        (5, "*"),
    ]
    assert [(one.code, one.label) for one in (*scale.not_applicable, *scale.dont_know)] == [
        (8, "NC"),
        (9, "RI"),
    ]


IMPERATIVE = [
    *(f"2.2.{i}" for i in range(1, 8)), "3.6.2", "3.11.1", "3.11.2", "3.12.1", "3.12.2", "3.12.3",
    "3.13.1", "3.13.2", "3.13.3", "3.14.1", "3.14.2",
]  # fmt: skip
LONG = {"2.2": 7, "3.6": 2, "3.11": 2, "3.12": 3, "3.13": 3, "3.14": 2}  # 19 criteria


def full_size() -> Cells:
    """3 chapters, 42 objectives (17, 10 and 15), 157 criteria of which 18 imperative."""
    rows: Cells = []
    objectives = [
        f"{chapter}.{i}" for chapter, n in ((1, 17), (2, 10), (3, 15)) for i in range(1, n + 1)
    ]
    short = [number for number in objectives if number not in LONG]
    sizes = LONG | {number: 4 if i < 30 else 3 for i, number in enumerate(short)}  # 138 more
    for number in objectives:
        for k in range(1, sizes[number] + 1):
            chapter, _, rank = number.partition(".")
            places = f"Chapitre {chapter}", f"Thème {chapter}.{int(rank) % 3}", f"Objectif {number}"
            required = "impératif" if f"{number}.{k}" in IMPERATIVE else "standard"
            text = f"Critère inventé n° {len(rows) + 1}, pour l'essai."
            rows.append([*places, f"{number}.{k}", text, required])
    return rows


def test_a_referential_of_official_size(tmp_path: Path) -> None:
    rows = full_size()
    assert len({row[0] for row in rows}) == 3
    referential = read(tmp_path, rows)
    assert referential["warnings"] == ()
    instrument = instrument_of(tmp_path, referential)
    assert len(instrument.dimensions) == 42
    assert len(instrument.items) == 157
    assert [one.official for one in instrument.items if one.critical] == IMPERATIVE
    assert len({one.part for one in instrument.dimensions}) == 3
    without_ri = {one.code for one in instrument.items if 9 in one.forbidden}
    assert without_ri == {f"C{row[3]}" for row in rows if not row[0].startswith("Chapitre 1")}
    assert not any(8 in one.forbidden for one in instrument.items)
    unusual = [one.official for one in instrument.items if one.unusual]
    assert unusual == [number for number in IMPERATIVE if number != "3.6.2"]


def rated(folder: Path, answers: dict[str, str]) -> tuple[Any, ...]:
    """The warnings of a campaign on the full referential: 4 everywhere but where told."""
    write_instrument(read(folder, full_size()), folder)
    codes = [f"C{row[3]}" for row in full_size()]
    given = dict.fromkeys(["Service", *codes], "4") | {"Service": "Foyer", "C1.2.1": "*"}
    given |= answers
    sheet = "\n".join(";".join(line) for line in zip(*given.items(), strict=True))
    (folder / "reponses.csv").write_text(sheet + "\n", encoding="utf-8")
    campaign = {
        "id": "essai", "title": "Essai", "period": "mars 2026", "services": ["Foyer"],
        "instrument": "questionnaires/referentiel_essms/instrument.yml",
        "responses": "reponses.csv", "columns": {"service": "Service"},
        "coding": {"reversed": "as_worded"},
    }  # fmt: skip
    (folder / "campagne.yml").write_text(json.dumps(campaign), encoding="utf-8")
    verdict = check_path(folder / "campagne.yml")
    assert verdict.accepted, str(verdict)
    return tuple(one for one in verdict.problems if "effectif" not in one.what)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, ""),
        (
            {"C3.6.2": "NC"},
            "« NC » sans justification écrite : C3.6.2\n"
            "    → écrivez pourquoi dans une colonne « notes:C3.6.2 », ou dans le bloc-notes de sa "
            "dimension\n",
        ),
        ({"C3.6.2": "NC", "notes:C3.6.2": "Aucun médicament ici."}, ""),
        ({"C1.1.1": "NC", "notes:objectif_1_1": "Le service n'accueille pas."}, ""),
        (
            {"C1.1.1": "NC", "C2.1.1": "NC"},
            "« NC » sans justification écrite : C1.1.1 et C2.1.1\n"
            "    → écrivez pourquoi dans une colonne « notes:C1.1.1 », ou dans le bloc-notes de sa "
            "dimension\n",
        ),
        (
            {"C2.2.1": "NC"},
            "colonne « C2.2.1 » : à vérifier : « NC » est exceptionnel sur un critère impératif\n"
            "    → cotez-le s'il vous concerne ; sinon, écrivez pourquoi dans une colonne "
            "« notes:C2.2.1 »\n",
        ),
        (
            {"C2.2.1": "NC", "notes:C2.2.1": "Milieu ouvert."},
            "colonne « C2.2.1 » : à vérifier : « NC » est exceptionnel sur un critère impératif\n"
            "    → relisez le motif écrit dans « notes:C2.2.1 » : il est imprimé\n",
        ),
    ],
)
def test_nc_is_accepted_pointed_out_and_explained(
    answers: dict[str, str], told: str, tmp_path: Path
) -> None:
    found = said(rated(tmp_path, answers))
    assert found.endswith(told) if told else found == ""
    assert found.count("→") == bool(told)


CONCERNED = ["Tous ESSMS", "EHPAD, SAD mixte", "SAD mixte", "Tous sauf EHPAD", None]


def for_structure(folder: Path, structure: str) -> Referential:
    rows = [[*row, cell] for row, cell in zip(ROWS, CONCERNED, strict=True)]
    path = a_workbook(folder / "r.xlsx", rows, [*TITLES, "ESSMS concernés"])
    return read_referential(path, structure=structure)


@pytest.mark.parametrize(
    ("structure", "kept"),
    [
        ("", ["1.1.1", "1.1.2", "1.2.1", "2.1.1", "2.1.2"]),
        ("EHPAD", ["1.1.1", "1.1.2", "2.1.2"]),
        ("ehpad", ["1.1.1", "1.1.2", "2.1.2"]),
        ("SAD mixte", ["1.1.1", "1.1.2", "1.2.1", "2.1.1", "2.1.2"]),
    ],
)
def test_criteria_are_kept_by_structure(structure: str, kept: list[str], tmp_path: Path) -> None:
    found = for_structure(tmp_path, structure)
    assert [one["number"] for one in found["criteria"]] == kept
    assert {*kept, *found["set_aside"]} == {row[3] for row in ROWS}
    instrument = instrument_of(tmp_path, found)
    assert (f"Gardés pour « {structure} »" in instrument.source) == bool(structure)


def test_a_structure_nobody_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        for_structure(tmp_path, "EHPADD")
    assert said(refused.value.problems) == (
        "r.xlsx, colonne « ESSMS concernés » : structure « EHPADD » inconnue\n"
        "    → vouliez-vous dire « EHPAD » ?\n"
    )
    with pytest.raises(Refused, match="ajoutez la colonne"):
        read_referential(a_workbook(tmp_path / "s.xlsx", ROWS), structure="EHPAD")


@settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.permutations(range(len(TITLES))))
def test_columns_come_in_any_order(order: list[int], tmp_path: Path) -> None:
    shuffled = [[row[i] for i in order] for row in ROWS]
    assert read(tmp_path, shuffled, [TITLES[i] for i in order]) == read(tmp_path, ROWS)


@pytest.mark.parametrize(
    "titles",
    [
        ["CHAPITRES", "Thème", "Objectifs", "Numéro", "Libellé", "Exigence"],
        ["chapitre ", "thematique", "objectif", "n°", "Critères", "Impératif (oui/non)"],
        ["Chapitre", "Thématique", "Objectif", "N° du critère", "Intitulé", "Niveau d'exigence"],
        ["Chapitre", "Thématique", "Objectif", "Nº critère", "Critère / libellé", "Type"],
        [
            "Chapitre",
            "Thématique",
            "Objectif",
            "Code\ncritère",
            "Libellé du critère",
            "Standard / impératif",
        ],
    ],
)
def test_titles_have_synonyms(titles: list[str], tmp_path: Path) -> None:
    assert read(tmp_path, ROWS, titles)["criteria"] == read(tmp_path, ROWS)["criteria"]


@pytest.mark.parametrize(
    ("given", "imperative"),
    [
        *[(given, True) for given in ("OUI", "x", "Exigence impérative", True, 1)],
        *[(given, False) for given in ("NON", "Critère standard", False, 0)],
    ],
)
def test_a_requirement_has_spellings(given: Any, imperative: bool, tmp_path: Path) -> None:
    [first, *_] = read(tmp_path, changed(2, "Impératif", given))["criteria"]
    assert first["imperative"] is imperative


def test_titles_and_lines_above_or_between_do_not_matter(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Lisez-moi"])
    page = book.create_sheet("Critères")
    for row in [["Notre référentiel"], [], ["", "Version reçue en mars"], TITLES, *ROWS[:3]]:
        page.append(row)
    page.append([])
    page.append([TWO])
    for row in ROWS[3:]:
        page.append(row)
    book.save(tmp_path / "r.xlsx")
    found = read_referential(tmp_path / "r.xlsx")
    assert [one["number"] for one in found["criteria"]] == [row[3] for row in ROWS]
    assert [one["row"] for one in found["criteria"]] == [5, 6, 7, 10, 11]
    assert found["warnings"] == ()


def merged(path: Path) -> Path:
    """The small referential with its places merged, as people lay it out."""
    book = openpyxl.Workbook()
    page = book.active
    for row in [TITLES, *ROWS]:
        page.append(row)
    for cells in ("A2:A4", "A5:A6", "B2:B4", "B5:B6", "C2:C3", "C5:C6"):
        page.merge_cells(cells)
    book.save(path)
    return path


def test_merged_places_are_filled_down(tmp_path: Path) -> None:
    assert openpyxl.load_workbook(merged(tmp_path / "m.xlsx")).active["A3"].value is None
    found = read_referential(tmp_path / "m.xlsx")
    assert found["criteria"] == read(tmp_path, ROWS)["criteria"]
    assert found["warnings"] == ()


def test_empty_places_are_filled_down_and_told(tmp_path: Path) -> None:
    rows = changed(3, "Objectif", None)
    rows[1][0] = None
    found = read(tmp_path, rows)
    assert found["criteria"] == read(tmp_path, ROWS)["criteria"]
    assert said(found["warnings"]) == (
        "r.xlsx, ligne 3, colonne « chapitre » : à vérifier : cellule vide, lue comme celle du "
        "dessus : ligne 3\n    → complétez la si c'est faux\n".replace(
            "complétez la", "complétez-la"
        )
        + "r.xlsx, ligne 3, colonne « objectif » : à vérifier : cellule vide, lue comme celle du "
        "dessus : ligne 3\n    → complétez-la si c'est faux\n"
    )


def test_a_new_chapter_ends_what_stood_under_the_one_before(tmp_path: Path) -> None:
    rows = changed(5, "Objectif", None)
    with pytest.raises(Refused) as refused:
        read(tmp_path, rows)
    assert said(refused.value.problems).startswith(
        "r.xlsx, ligne 5, colonne « objectif » : cellule vide : ligne 5\n"
        "    → écrivez-y ce qui manque\n"
    )


def test_without_objectives_a_dimension_is_a_theme(tmp_path: Path) -> None:
    rows = [[*row[:2], *row[3:]] for row in ROWS]
    instrument = instrument_of(tmp_path, read(tmp_path, rows, [*TITLES[:2], *TITLES[3:]]))
    assert [(one.id, one.label) for one in instrument.dimensions] == [
        ("thematique_1", "Écoute"),  # numbers 1.1.1 and 1.2.1 give it no number of its own
        ("thematique_2", "Accueil"),
    ]


def test_the_same_objective_under_two_chapters_is_two_dimensions(tmp_path: Path) -> None:
    rows = [[*row[:2], "Améliorer", str(i), *row[4:]] for i, row in enumerate(ROWS, start=1)]
    instrument = instrument_of(tmp_path, read(tmp_path, rows))
    assert [(one.id, one.part) for one in instrument.dimensions] == [
        ("objectif_1", ONE),
        ("objectif_2", TWO),
    ]
    assert instrument.codes == ["C1", "C2", "C3", "C4", "C5"]


def test_elements_stand_under_their_criterion(tmp_path: Path) -> None:
    rows = [
        [*ROWS[0], "Premier élément : \n« oui »", "Tous"],
        [None] * 6 + ["# second\u2028élément"],
        [*ROWS[3], None, None],
    ]
    found = read(tmp_path, rows, [*TITLES, "Éléments d'évaluation", "ESSMS concernés"])
    elements = ("Premier élément : « oui »", "# second élément")
    assert found["criteria"][0]["elements"] == [*elements]
    text = write_instrument(found, tmp_path).read_text(encoding="utf-8")
    assert "  # ESSMS concernés : Tous\n" in text
    instrument = instrument_of(tmp_path, found)
    assert [one.elements for one in instrument.items] == [elements, ()]
    write_grid(instrument, tmp_path / "g.xlsx", 1)
    lines = [
        str(line[1].value) for line in openpyxl.load_workbook(tmp_path / "g.xlsx").worksheets[0]
    ]
    assert any(all(f"– {one}" in said([line]) for one in elements) for line in lines)


HOSTILE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=40
).filter(lambda text: not openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.search(text))


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=HOSTILE, place=HOSTILE)
@example(text="\x85\x7f", place="\x85\x7f")  # a blank, then what cannot be seen
def test_any_text_is_kept_as_it_reads(text: str, place: str, tmp_path: Path) -> None:
    rows = changed(2, "Critère", f"a{text}")
    rows[0][2] = rows[1][2] = f"o{place}"
    found = read(tmp_path, rows)
    write_instrument(found, tmp_path, replace=True)
    instrument = load_instrument(tmp_path / "questionnaires" / "referentiel_essms")
    assert instrument.items[0].text == found["criteria"][0]["text"]
    assert instrument.dimensions[0].label == found["criteria"][0]["objective"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+ de temps", "- un tiret", "@tous", "*", "oui: non", '"']
)
def test_signs_and_formulas_are_texts(text: str, tmp_path: Path) -> None:
    found = read(tmp_path, changed(2, "Critère", text))
    assert instrument_of(tmp_path, found).items[0].text == text


def test_a_formula_counts_for_its_saved_result(tmp_path: Path) -> None:
    a_workbook(tmp_path / "sans.xlsx", changed(2, "N° critère", "=1+6"))
    with pytest.raises(Refused, match="numéro illisible"):
        read_referential(tmp_path / "sans.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "sans.xlsx") as source,
        zipfile.ZipFile(tmp_path / "r.xlsx", "w") as saved,
    ):
        for name in source.namelist():
            content = source.read(name)
            saved.writestr(name, content.replace(b"</f><v />", b"</f><v>7</v>"))
    assert read_referential(tmp_path / "r.xlsx")["criteria"][0]["number"] == "7"


REFUSED: dict[str, tuple[Cells, list[Any], str]] = {
    "columns_missing": (
        [row[1:2] + row[4:5] for row in ROWS],
        ["Thématique", "Critère"],
        "r.xlsx, ligne 1, colonne « chapitre » : colonne absente\n    → ajoutez-la\n"
        "r.xlsx, ligne 1, colonne « n° critère » : colonne absente\n    → ajoutez-la\n"
        "r.xlsx, ligne 1, colonne « impératif » : colonne absente\n    → ajoutez-la\n",
    ),
    "column_misspelt": (
        ROWS,
        [*TITLES[:5], "Imperratif"],
        "r.xlsx, ligne 1, colonne « impératif » : colonne absente\n"
        "    → vouliez-vous dire « Imperratif » ?\n",
    ),
    "no_theme_nor_objective": (
        [[row[0], *row[3:]] for row in ROWS],
        [TITLES[0], *TITLES[3:]],
        "r.xlsx, ligne 1, colonne « objectif » : colonne absente\n    → ajoutez-la\n",
    ),
    "columns_alike": (
        [[*row, row[4]] for row in ROWS],
        [*TITLES, "Libellé"],
        "r.xlsx, ligne 1 : les colonnes « Critère » et « Libellé » disent la même chose\n"
        "    → gardez-en une seule, ou renommez les autres\n",
    ),
    "no_titles": (
        ROWS,
        ["a", "b", "c", "d", "e", "f"],
        "r.xlsx : aucune ligne de titres reconnue\n    → écrivez « chapitre », « thématique », "
        "« objectif », « n° critère », « critère » et « impératif »\n",
    ),
    "no_criterion": (
        [],
        TITLES,
        "r.xlsx : aucun critère sous les titres\n    → vérifiez la feuille\n",
    ),
    "blank_criterion": (
        changed(3, "Critère", "  "),
        TITLES,
        "r.xlsx, ligne 3, colonne « critère » : critère vide\n"
        "    → écrivez-le, ou supprimez la ligne\n",
    ),
    "number_twice": (
        changed(4, "N° critère", "Critère 1.1.1"),
        TITLES,
        "r.xlsx, ligne 4, colonne « n° critère » : le numéro 1.1.1 est déjà à la ligne 2\n"
        "    → corrigez l'un des deux ; hors du format Texte, 1.10 devient 1.1\n",
    ),
    "number_unreadable": (
        changed(4, "N° critère", "1.2.1 bis"),
        TITLES,
        "r.xlsx, ligne 4, colonne « n° critère » : numéro illisible : « 1.2.1 bis »\n"
        "    → écrivez-le comme 1.1.1, dans une colonne au format Texte\n",
    ),
    "number_become_a_date": (
        changed(4, "N° critère", datetime.datetime(2001, 2, 1)),
        TITLES,
        "r.xlsx, ligne 4, colonne « n° critère » : numéro illisible : « 01/02/2001 »\n"
        "    → écrivez-le comme 1.1.1, dans une colonne au format Texte\n",
    ),
    "number_empty": (
        changed(4, "N° critère", None),
        TITLES,
        "r.xlsx, ligne 4, colonne « n° critère » : numéro vide\n"
        "    → écrivez-le comme 1.1.1, dans une colonne au format Texte\n",
    ),
    "requirements_unreadable": (
        [[*row[:5], given] for row, given in zip(ROWS, ["non", "?", None, "?", ""], strict=True)],
        TITLES,
        "r.xlsx, ligne 3, colonne « impératif » : « ? » n'est ni oui ni non : lignes 3 et 5\n"
        "    → écrivez oui (impératif) ou non (standard) sur chaque ligne\n"
        "r.xlsx, ligne 4, colonne « impératif » : cellule vide : lignes 4 et 6\n"
        "    → écrivez oui (impératif) ou non (standard) sur chaque ligne\n",
    ),
    "chapter_never_said": (
        [[None, *row[1:]] for row in ROWS],
        TITLES,
        "r.xlsx, ligne 2, colonne « chapitre » : cellule vide : lignes 2, 3, 4, 5 et 6\n"
        "    → écrivez-y ce qui manque\n",
    ),
    "text_too_long": (
        changed(2, "Critère", "mot " * 600),
        TITLES,
        "r.xlsx, ligne 2, colonne « critère » : texte de plus de 1900 caractères\n"
        "    → gardez le libellé seul\n",
    ),
    "all_at_once": (
        [
            [ONE, "Écoute", "Écouter", "a", None, "oui"],
            [ONE, "Écoute", "Écouter", "1.1", "Un", "peut-être"],
            [ONE, "Écoute", "Écouter", "1.1", "Deux", "non"],
        ],
        TITLES,
        "r.xlsx, ligne 2, colonne « n° critère » : numéro illisible : « a »\n"
        "    → écrivez-le comme 1.1.1, dans une colonne au format Texte\n"
        "r.xlsx, ligne 2, colonne « critère » : critère vide\n"
        "    → écrivez-le, ou supprimez la ligne\n"
        "r.xlsx, ligne 3, colonne « impératif » : « peut-être » n'est ni oui ni non : ligne 3\n"
        "    → écrivez oui (impératif) ou non (standard) sur chaque ligne\n"
        "r.xlsx, ligne 4, colonne « n° critère » : le numéro 1.1 est déjà à la ligne 3\n"
        "    → corrigez l'un des deux ; hors du format Texte, 1.10 devient 1.1\n",
    ),
}


@pytest.mark.parametrize("failure", REFUSED)
def test_a_broken_referential_is_refused(failure: str, tmp_path: Path) -> None:
    rows, titles, expected = REFUSED[failure]
    with pytest.raises(Refused) as refused:
        read(tmp_path, rows, titles)
    assert said(refused.value.problems) == expected


def test_many_lines_are_named_in_one_message(tmp_path: Path) -> None:
    rows = [[ONE, "Écoute", "Écouter", str(i), f"Critère {i}.", None] for i in range(1, 31)]
    with pytest.raises(Refused) as refused:
        read(tmp_path, rows)
    [problem] = refused.value.problems
    assert "lignes 2, 3, 4, 5, 6, 7, 8, 9… (30 lignes en tout)" in said([problem])


@pytest.mark.parametrize("content", [b"", b"Chapitre;Crit\xe8re\n", b"PK\x03\x04 abc"])
def test_another_file_than_a_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "r.xlsx").write_bytes(content)
    with pytest.raises(Refused, match="ce n'est pas un classeur Excel lisible"):
        read_referential(tmp_path / "r.xlsx")


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(a_workbook(tmp_path / "r.xlsx", ROWS), "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/image1.png", bytes(60 * 2**20))
    with pytest.raises(Refused, match="le classeur gonfle sans raison en s'ouvrant"):
        read_referential(tmp_path / "r.xlsx")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="fichier introuvable"):
        read_referential(tmp_path / "r.xlsx")
    with pytest.raises(Refused, match="fichier introuvable"):
        read_referential(tmp_path)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "r.xlsx")
    with pytest.raises(Refused, match="aucune ligne de titres reconnue"):
        read_referential(tmp_path / "r.xlsx")


def test_more_than_three_chapters_is_doubtful(tmp_path: Path) -> None:
    rows = [
        [f"Partie {letter}", "T", f"Objectif {letter}", str(i), f"Critère {letter}.", "non"]
        for i, letter in enumerate("abcde", start=1)
    ]
    assert said(read(tmp_path, rows)["warnings"]) == (
        "r.xlsx, colonne « chapitre » : à vérifier : 5 chapitres au lieu de 3, dont « Partie a », "
        "« Partie b », « Partie c » et « Partie d »\n"
        "    → vérifiez que chaque chapitre est écrit partout de la même façon\n"
    )


def test_a_number_of_another_chapter_is_doubtful(tmp_path: Path) -> None:
    found = read(tmp_path, changed(5, "N° critère", "3.1.1"))
    assert said(found["warnings"]) == (
        "r.xlsx, ligne 5, colonne « n° critère » : à vérifier : le numéro ne commence pas par "
        "celui du chapitre : ligne 5\n"
        "    → vérifiez le chapitre : RI n'est admis que dans le premier\n"
    )


def test_two_criteria_of_one_text_are_told_apart(tmp_path: Path) -> None:
    found = read(tmp_path, changed(5, "Critère", "La personne est ÉCOUTÉE."))
    assert said(found["warnings"]) == (
        "r.xlsx, ligne 5, colonne « critère » : à vérifier : même texte qu'un critère précédent : "
        "ligne 5\n    → le numéro est ajouté au texte ; si c'est un doublon, supprimez la ligne\n"
    )
    texts = [item.text for item in instrument_of(tmp_path, found).items]
    assert texts[3] == "La personne est ÉCOUTÉE. (critère 2.1.1)"


def test_chapters_without_number_are_counted(tmp_path: Path) -> None:
    rows = [[row[0].partition(" – ")[2], *row[1:]] for row in ROWS]
    items = instrument_of(tmp_path, read(tmp_path, rows)).items
    assert [9 in one.forbidden for one in items] == [False, False, False, True, True]


def test_a_file_already_there_is_kept(tmp_path: Path) -> None:
    path = write_instrument(read(tmp_path, ROWS), tmp_path)
    assert path == tmp_path / "questionnaires" / "referentiel_essms" / "instrument.yml"
    before = path.read_bytes()
    other = read(tmp_path, ROWS[:2])
    with pytest.raises(Refused, match="ce fichier existe déjà, avec un autre contenu"):
        write_instrument(other, tmp_path)
    assert path.read_bytes() == before
    write_instrument(read(tmp_path, ROWS), tmp_path)  # the same content disturbs nobody
    write_instrument(other, tmp_path, replace=True)
    assert len(load_instrument(path).items) == 2


def test_an_id_names_the_folder(tmp_path: Path) -> None:
    referential = read(tmp_path, ROWS)
    path = write_instrument(referential, tmp_path, id="essms_2026")
    assert load_instrument("essms_2026", beside=tmp_path) == load_instrument(path)
    with pytest.raises(Refused, match="n'a pas la forme d'un nom court"):
        write_instrument(referential, tmp_path, id="../ailleurs")
