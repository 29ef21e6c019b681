"""Tables as tools and people really leave them: what is read, what is said, what is refused.

The folders of ``cases/`` were met as they stand; the tables written here are of their kind.
"""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import Answers, Campaign, load_campaign, read_answers
from qgdr_eval.responses.roster import read_roster
from qgdr_eval.tables.file import TableFile

CASES = Path(__file__).parent / "cases"
WORDS = ["Pas du tout d'accord", "Pas d'accord", "Ni d'accord ni pas d'accord", "D'accord"]
ITEMS = ["E1", "E2", "E3", "E4"]


def plain_spaces(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def case(name: str, **changes: Any) -> Answers:
    folder = CASES / name
    campaign = load_campaign(folder / "campagne.yml").model_copy(update=changes)
    return read_answers(campaign, load_instrument(campaign.instrument, folder), folder)


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [plain_spaces(f"{problem.where} : {problem.what}") for problem in problems]


def short_instrument() -> Instrument:
    """Four questions on an agreement scale of five, none reversed."""
    return load_instrument(CASES / "trois-lignes-de-titres")


def a_campaign(**changes: Any) -> Campaign:
    given = {"id": "essai", "title": "Essai", "period": "2026", "instrument": "instrument.yml"}
    given |= {"responses": "reponses.csv", "columns": {"service": "Service"}}
    return Campaign.model_validate(
        given | {"coding": {"answers": "labels", "reversed": "as_worded"}} | changes
    )


def answers_in(folder: Path, lines: list[list[str]], **changes: Any) -> Answers:
    """The answers of a table given line by line, the names of its columns among them."""
    text = "".join(";".join(cells) + "\r\n" for cells in lines)
    (folder / "reponses.csv").write_text(text, encoding="utf-8")
    return read_answers(a_campaign(**changes), short_instrument(), folder)


def twelve(width: int = 5) -> list[list[str]]:
    """Twelve returns of two services, six each."""
    return [
        [["Bloc", "Accueil"][i % 2], *(WORDS[(i + j) % 4] for j in range(4))] + [""] * (width - 5)
        for i in range(12)
    ]


HEAD = ["Service", *ITEMS]


# Titles above and under the names


def test_three_lines_of_titles_are_no_returns() -> None:
    answers = case("trois-lignes-de-titres")
    assert answers.roster["service"].tolist() == ["Cardiologie", "Gériatrie"]
    assert len(answers.responses) == 24
    assert answers.exclusions.empty
    assert "lignes 2 et 3 : des titres, pas des réponses" in "\n".join(told(answers.warnings))


def test_what_is_asked_may_stand_under_the_question(tmp_path: Path) -> None:
    above, names = ["Service", "Êtes-vous d'accord ?", "", "", ""], ["Response", *ITEMS]
    answers = answers_in(tmp_path, [above, names, *twelve()])
    assert answers.digest == answers_in(tmp_path, [HEAD, *twelve()]).digest


TITLES = {
    "a title alone": ([["Enquête culture 2026"]], []),
    "a title and empty cells": ([["Enquête culture 2026", "", "", "", ""]], []),
    "title, date and an empty line": (
        [["Enquête 2026", "", "", "", ""], ["Export du", "3 octobre", "", "", ""], [""] * 5],
        [],
    ),
    "empty first lines": ([[""] * 5, [""] * 5], []),
    "codes, then texts": (
        [],
        [["Votre service ?", "On s'aide", "On s'écoute", "On se parle", "On se soutient"]],
    ),
    "texts, then identifiers": (
        [],
        [
            ["Votre service ?", "On s'aide", "On s'écoute", "On se parle", "On se soutient"],
            ['"{""ImportId"":""QID1""}"', *(f'"{{""ImportId"":""QID2_{i}""}}"' for i in range(4))],
        ],
    ),
    "a line of units": ([], [["", "de 1 à 5", "de 1 à 5", "de 1 à 5", "de 1 à 5"]]),
    "the kind of each answer": ([], [["Open-Ended Response", *["Response"] * 4]]),
}


@pytest.mark.parametrize("kind", TITLES)
def test_titles_around_the_names_change_nothing(kind: str, tmp_path: Path) -> None:
    above, under = TITLES[kind]
    answers = answers_in(tmp_path, [*above, HEAD, *under, *twelve()])
    plain = answers_in(tmp_path, [HEAD, *twelve()])
    assert answers.digest == plain.digest
    assert answers.roster.equals(plain.roster)
    assert answers.warnings
    assert plain.warnings == ()


def test_rows_keep_the_numbers_they_have_in_the_file(tmp_path: Path) -> None:
    rows = twelve()
    rows[3][1] = "Oui et non"
    answers = answers_in(tmp_path, [["Enquête 2026"], [""], HEAD, ["Q", *"abcd"], *rows])
    assert answers.exclusions["at"].tolist() == ["8"]  # title, blank, names, texts, then the 4th


def test_a_workbook_may_have_a_title_above_its_names(tmp_path: Path) -> None:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (["Enquête culture 2026"], [], HEAD, *twelve()):
        book.active.append(row)
    book.save(stream)
    (tmp_path / "reponses.xlsx").write_bytes(stream.getvalue())
    given = a_campaign(responses="reponses.xlsx")
    assert len(read_answers(given, short_instrument(), tmp_path).responses) == 12


def test_a_first_return_that_cannot_be_read_is_no_title_when_others_can_not(tmp_path: Path) -> None:
    rows = [[service, *["Jamais"] * 4] for service, *_ in twelve()]
    with pytest.raises(Refused, match=r"100\D*% des réponses sont illisibles"):
        answers_in(tmp_path, [HEAD, *rows])


# Totals


def test_a_total_beside_the_records_of_a_grid_is_no_record() -> None:
    answers = case("grille-colonne-de-total")
    assert len(answers.responses) == 12
    asked = [item.code for item in load_instrument("epp_hygiene_mains").items if not item.since]
    assert (answers.responses[asked] == 1).all(axis=None)
    # « Oui » everywhere is a contradiction too, bare hands and gloves: told beside. A criterion
    # that the grid has had since is told as well.
    beside = ("ce qui l'exclut", "lus comme non demandés")
    [warning] = [one for one in told(answers.warnings) if not any(text in one for text in beside)]
    assert warning.startswith("grille.xlsx : colonne O : « Total », un total")


def grid_with(folder: Path, subject: str, title: str, cell: Any) -> Answers:
    """The grid of the case with other words over its last column, and another cell in it."""
    book = openpyxl.load_workbook(CASES / "grille-colonne-de-total" / "grille.xlsx")
    page = book["Grille"]
    page["O5"], page["O6"] = subject, title
    for line in range(7, page.max_row + 1):
        if page.cell(line, 15).value is not None:
            page.cell(line, 15).value = cell
    book.save(folder / "grille.xlsx")
    campaign = load_campaign(CASES / "grille-colonne-de-total" / "campagne.yml")
    return read_answers(campaign, load_instrument(campaign.instrument), folder)


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("TOTAL", "Réponse"),
        ("", "Nombre de Non"),
        ("", "Taux de conformité"),
        ("% conforme", ""),
        ("Moyenne", ""),
        ("Synthèse", "Réponse"),
        ("", "Nb de oui"),
        ("Total général", ""),
    ],
)
def test_a_total_is_known_by_its_name(subject: str, title: str, tmp_path: Path) -> None:
    answers = grid_with(tmp_path, subject, title, 1)
    assert len(answers.responses) == 12
    assert any("un total et non une réponse" in one for one in told(answers.warnings))


@pytest.mark.parametrize("cell", ["Oui", "RAS", "à revoir avec l'équipe"])
@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Conclusion", "Réponse"),
        ("", "Commentaires"),
        ("OBSERVATIONS", ""),
        ("", "Remarque"),
        ("Actions correctives", ""),
        ("", "Actions à mener"),
        ("", "Axes d'amélioration"),
    ],
)
def test_remarks_beside_the_records_of_a_grid_are_no_record(
    subject: str, title: str, cell: str, tmp_path: Path
) -> None:
    answers = grid_with(tmp_path, subject, title, cell)
    assert len(answers.responses) == 12
    assert answers.exclusions.empty
    assert any("colonne O" in one and "des remarques" in one for one in told(answers.warnings))


def test_records_titled_as_remarks_are_all_read(tmp_path: Path) -> None:
    answers = grid_with(tmp_path, "Observation 13", "Observation", "Oui")
    assert len(answers.responses) == 13


@pytest.mark.parametrize(("cell", "why"), [(0, "« Non » counted"), (12, "« Oui » counted")])
def test_counts_under_no_name_are_refused_and_pointed_at(
    cell: int, why: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        grid_with(tmp_path, "", "", cell)
    assert any(
        one.startswith("grille.xlsx, colonne O : des nombres qui ne sont pas des réponses")
        for one in told(refused.value.problems)
    )


@pytest.mark.parametrize(
    "name", ["Total", "TOTAL", "Total général", "Total Bloc", "Bloc Total", "Moyenne", "Sous-total"]
)
@pytest.mark.parametrize("cells", [["4"] * 4, ["48"] * 4, ["3,4"] * 4, [""] * 4])
def test_a_total_at_the_foot_is_no_return(name: str, cells: list[str], tmp_path: Path) -> None:
    answers = answers_in(tmp_path, [HEAD, *twelve(), [name, *cells]])
    assert answers.digest == answers_in(tmp_path, [HEAD, *twelve()]).digest


@pytest.mark.parametrize("cells", [["48", "44", "40", "36"], ["3,4", "2,9", "3,1", "3,3"]])
def test_sums_under_the_name_of_a_service_are_refused(cells: list[str], tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        answers_in(tmp_path, [HEAD, *twelve(), ["Bloc", *cells]])
    assert told(refused.value.problems)[0].startswith("reponses.csv, ligne 14 : des nombres qui")


@pytest.mark.parametrize(
    "foot",
    [
        ["Exporté le 12/10/2026 par Mme X", "", "", "", ""],
        ["Date d'export : 12/10/2026"],
        ["Export du", "12/10/2026"],
        ["Page 1/1"],
        ["Fichier généré le 3 octobre"],
    ],
)
def test_the_foot_of_an_export_is_no_return(foot: list[str], tmp_path: Path) -> None:
    answers = answers_in(tmp_path, [HEAD, *twelve(), [""] * 5, foot])
    plain = answers_in(tmp_path, [HEAD, *twelve()])
    assert answers.digest == plain.digest
    assert answers.exclusions["at"].tolist() == ["14"]  # the empty line, not the foot
    assert any(
        f"ligne 15 : « {foot[0]} », le pied de l'export" in one for one in told(answers.warnings)
    )


@pytest.mark.parametrize("service", ["Impression", "Édition", "Export", "Page", "Générale"])
def test_a_service_is_no_foot(service: str, tmp_path: Path) -> None:
    answers = answers_in(tmp_path, [HEAD, *twelve(), [service, "D'accord", "D'accord"]])
    assert len(answers.responses) == 13


@pytest.mark.parametrize("width", [5, 6])
def test_names_repeated_between_two_exports_are_no_return(width: int, tmp_path: Path) -> None:
    head = [*HEAD, "Ville"][:width]
    rows = twelve(width)
    answers = answers_in(tmp_path, [head, *rows[:6], head, *rows[6:]])
    assert answers.digest == answers_in(tmp_path, [head, *rows]).digest
    assert answers.exclusions.empty
    assert any("ligne 8 : les noms des colonnes" in one for one in told(answers.warnings))


def test_a_place_of_the_roster_is_no_total(tmp_path: Path) -> None:
    rows = [["Synthèse", *cells] for _, *cells in twelve()[:3]] + twelve()
    services = [{"service": name} for name in ("Bloc", "Accueil", "Synthèse")]
    answers = answers_in(tmp_path, [HEAD, *rows], services=services)
    assert len(answers.responses) == 15


# Places


@pytest.mark.parametrize("name", ["N/A", "(vide)", "Tous", "Total", "Service de test"])
def test_a_place_without_answers_that_no_roster_names_is_none(name: str, tmp_path: Path) -> None:
    answers = answers_in(tmp_path, [HEAD, *twelve(), [name, "", "", "", ""]])
    assert answers.roster["service"].tolist() == ["Bloc", "Accueil"]


def test_a_service_of_the_roster_stays_without_answers(tmp_path: Path) -> None:
    services = [{"service": name, "head_count": 9} for name in ("Bloc", "Accueil", "Nuit")]
    answers = answers_in(tmp_path, [HEAD, *twelve()], services=services)
    assert answers.roster["service"].tolist() == ["Bloc", "Accueil", "Nuit"]
    assert answers.roster["head_count"].tolist() == [9, 9, 9]


@pytest.mark.parametrize("name", ["TEST", "test", "Essai", "Test 2", "Service de test", "essais"])
def test_a_service_named_as_a_trial_is_told(name: str, tmp_path: Path) -> None:
    lines = [HEAD, *twelve(), [name, *WORDS]]
    warnings = told(answers_in(tmp_path, lines).warnings)
    assert f"reponses.csv : un service nommé « {name} » : un essai ?" in warnings


@pytest.mark.parametrize("name", ["Essais cliniques", "Laboratoire de tests", "Testament"])
def test_a_service_with_a_word_of_trials_is_one(name: str, tmp_path: Path) -> None:
    assert answers_in(tmp_path, [HEAD, *twelve(), [name, *WORDS]]).warnings == ()


# Columns nobody asked for


def test_unused_columns_may_bear_one_name() -> None:
    answers = case("entete-double-sans-emploi")
    assert len(answers.responses) == 24
    assert "2 colonnes ignorées : « Commentaire » et « Commentaire »" in told(answers.warnings)[0]


def test_a_name_is_as_long_as_the_file_makes_it() -> None:
    assert len(case("entete-de-plus-de-300-caracteres").responses) == 24


@pytest.mark.parametrize("extra", [["", ""], ["Autre", "Autre"], ["Autre", "autre "], ["x" * 9000]])
def test_unused_columns_may_be_named_in_any_way(extra: list[str], tmp_path: Path) -> None:
    rows = [[*row, *["un mot"] * len(extra)] for row in twelve()]
    answers = answers_in(tmp_path, [[*HEAD, *extra], *rows])
    assert answers.digest == answers_in(tmp_path, [HEAD, *twelve()]).digest


@pytest.mark.parametrize("name", ["Service", "E2"])
def test_a_name_borne_twice_is_refused_when_it_is_used(name: str, tmp_path: Path) -> None:
    rows = [[*row, "Bloc"] for row in twelve()]
    with pytest.raises(Refused) as refused:
        answers_in(tmp_path, [[*HEAD, name], *rows])
    first = HEAD.index(name) + 1
    assert f"porté par 2 colonnes (rangs {first} et 6)" in told(refused.value.problems)[0]


@pytest.mark.parametrize("name", ["Service", "E1"])
def test_an_empty_column_of_a_used_name_is_refused_too(name: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        answers_in(tmp_path, [[*HEAD, name], *twelve(6)])
    first = HEAD.index(name) + 1
    assert f"porté par 2 colonnes (rangs {first} et 6)" in told(refused.value.problems)[0]


@pytest.mark.parametrize(("name", "kept"), [("e1", "E1"), ("service", "Service"), ("É2", "E2")])
def test_a_column_named_almost_as_a_used_one_is_told(name: str, kept: str, tmp_path: Path) -> None:
    rows = [[*row, "D'accord"] for row in twelve()]
    [warning] = answers_in(tmp_path, [[*HEAD, name], *rows]).warnings
    assert told((warning,)) == [
        f"reponses.csv, ligne 1, colonne « {name} » : presque le nom de la colonne « {kept} », "
        "qui seule est lue"
    ]
    assert "vérifiez laquelle" in warning.cure


def test_an_empty_column_named_almost_as_a_used_one_loses_nothing(tmp_path: Path) -> None:
    [warning] = told(answers_in(tmp_path, [[*HEAD, "e1"], *twelve(6)]).warnings)
    assert "1 colonne ignorée" in warning


@pytest.mark.parametrize("last", ["Total;21", "TOTAL GÉNÉRAL;", "Ensemble des services;21"])
def test_the_total_of_a_roster_is_no_service(last: str, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(f"service;effectif\nBloc;12\nNuit;9\n{last}\n", "utf-8")
    with pytest.raises(Refused) as refused:
        read_roster(TableFile(file="s.csv"), tmp_path)
    assert told(refused.value.problems) == [
        f"s.csv, ligne 4, service « {last.partition(';')[0]} » : un total n'est pas un service"
    ]


def test_the_files_of_one_team_need_no_column_of_services() -> None:
    answers = case("equipe-seule-sans-colonne")
    assert answers.roster["service"].tolist() == ["Équipe mobile"]
    assert set(answers.responses["service"]) == {"Équipe mobile"}
    assert len(answers.responses) == 14


ONE = [{"service": "Équipe mobile", "head_count": 16}]


def without_service(lines: list[list[str]]) -> list[list[str]]:
    return [cells[1:] for cells in lines]


@pytest.mark.parametrize("columns", [{}, {"items": {"E1": "E1"}}, {"strata": {"metier": "Métier"}}])
def test_one_team_may_name_its_other_columns(columns: dict[str, Any], tmp_path: Path) -> None:
    lines = without_service([[*HEAD, "Métier"], *[[*row, "IDE"] for row in twelve()]])
    answers = answers_in(tmp_path, lines, columns=columns, services=ONE)
    assert answers.roster["service"].tolist() == ["Équipe mobile"]
    assert len(answers.responses) == 12


def test_one_team_may_be_listed_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("service;effectif\nÉquipe mobile;16\n", encoding="utf-8")
    answers = answers_in(tmp_path, without_service([HEAD, *twelve()]), columns={}, services="s.csv")
    assert len(answers.responses) == 12


@pytest.mark.parametrize(
    ("services", "lines", "why"),
    [
        ([*ONE, {"service": "Bloc"}], without_service([HEAD, *twelve()]), "n'en a pas un seul"),
        (ONE, [HEAD, *twelve()], "la colonne « Service » n'est pas employée"),
        (ONE, [HEAD, *twelve()], "« columns: {service: Service} »"),
    ],
)
def test_several_services_need_their_column(
    services: list[dict[str, Any]], lines: list[list[str]], why: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        answers_in(tmp_path, lines, columns={}, services=services)
    assert why in plain_spaces(str(refused.value))


# Answers in the words of their own scale


def test_a_label_is_read_in_its_own_scale() -> None:
    answers = case("libelle-de-deux-echelles").responses
    assert answers["M1"].value_counts().to_dict() == {4: 8, 6: 4}  # (8 × 50 + 4 × 83,33) ÷ 12
    assert answers["E1"].value_counts().to_dict() == {3: 6, 4: 6}


@pytest.mark.parametrize(
    ("labels", "code"),
    [({"Pas d'accord": 1}, 2), ({"  pas d’accord ": 5}, 2), ({"D'accord": 3}, 4)],
)
def test_another_code_for_a_word_of_the_scale_is_refused(
    labels: dict[str, int], code: int, tmp_path: Path
) -> None:
    coding = {"answers": "labels", "reversed": "as_worded", "labels": labels}
    with pytest.raises(Refused) as refused:
        answers_in(tmp_path, [HEAD, *twelve()], coding=coding)
    assert f"mais vaut {code} dans l'échelle" in plain_spaces(str(refused.value))


def test_a_code_may_be_given_another_meaning(tmp_path: Path) -> None:
    rows = [[service, *[str(WORDS.index(one)) for one in cells]] for service, *cells in twelve()]
    labels = {str(code - 1): code for code in range(1, 6)}
    coding = {"answers": "codes", "reversed": "as_worded", "labels": labels}
    answers = answers_in(tmp_path, [HEAD, *rows], coding=coding)
    assert answers.digest == answers_in(tmp_path, [HEAD, *twelve()]).digest


# Boxes


def test_an_empty_box_may_be_a_box_that_was_not_ticked() -> None:
    answers = case("case-non-cochee")
    assert answers.roster["service"].tolist() == ["Cardiologie", "Gériatrie"]
    assert answers.responses.groupby("service", observed=True).size().tolist() == [12, 12]
    assert answers.responses["E1"].mean() == pytest.approx(2 / 3)


def boxes(folder: Path, cells: list[list[str]], labels: dict[str, int]) -> Answers:
    instrument = load_instrument(CASES / "case-non-cochee")
    lines = [HEAD, *[["Bloc", *row] for row in cells]]
    text = "".join(";".join(line) + "\n" for line in lines)
    (folder / "reponses.csv").write_text(text, encoding="utf-8")
    coding = {"answers": "labels", "reversed": "as_worded", "labels": labels}
    return read_answers(a_campaign(coding=coding), instrument, folder)


@pytest.mark.parametrize("ticked", ["Oui", "1", "X", "x", "VRAI", "On s'aide"])
def test_what_a_ticked_box_holds_is_said(ticked: str, tmp_path: Path) -> None:
    labels = {"": 0, "x": 1, "vrai": 1, "On s'aide": 1}
    answers = boxes(tmp_path, [[ticked, "", ticked, ""], ["", "", "", ""]], labels)
    assert answers.responses[ITEMS].to_numpy().tolist() == [[1, 0, 1, 0], [0, 0, 0, 0]]


def test_an_empty_line_is_no_return_of_empty_boxes(tmp_path: Path) -> None:
    lines = [["Oui"] * 4, [""] * 4, ["Oui"] * 4]
    text = "".join(";".join(line) + "\n" for line in [ITEMS, *lines])
    (tmp_path / "reponses.csv").write_text(text, encoding="utf-8")
    coding = {"answers": "labels", "reversed": "as_worded", "labels": {"": 0}}
    given = a_campaign(columns={}, services=ONE, coding=coding)
    answers = read_answers(given, load_instrument(CASES / "case-non-cochee"), tmp_path)
    assert len(answers.responses) == 2
    assert answers.exclusions["reason"].tolist() == ["empty_row"]


def test_an_empty_cell_is_no_answer_on_a_longer_scale(tmp_path: Path) -> None:
    coding = {"answers": "labels", "reversed": "as_worded", "labels": {"": 1}}
    with pytest.raises(Refused, match="une case vide ne vaut"):
        answers_in(tmp_path, [HEAD, *twelve()], coding=coding)


# Ends of a scale nobody chose


@pytest.mark.parametrize(
    ("low", "high", "unmet"), [(1, 4, "5"), (2, 5, "1"), (2, 4, "1 ou 5"), (1, 5, "")]
)
def test_an_end_nobody_chose_is_questioned(low: int, high: int, unmet: str, tmp_path: Path) -> None:
    codes = [str(code) for code in range(low, high + 1)]
    rows = [["Bloc", *[codes[(i + j) % len(codes)] for j in range(4)]] for i in range(12)]
    coding = {"answers": "codes", "reversed": "as_worded"}
    warnings = told(answers_in(tmp_path, [HEAD, *rows], coding=coding).warnings)
    assert warnings == [
        f"reponses.csv, échelle « reponse » : aucune des 48 réponses n'est {unmet}, "
        "alors que l'échelle va de 1 à 5"
    ] * bool(unmet)


def test_words_say_which_answer_they_are(tmp_path: Path) -> None:
    assert answers_in(tmp_path, [HEAD, *twelve()]).warnings == ()  # « Tout à fait » never given


# Encodings


def encoded(folder: Path, content: bytes, **changes: Any) -> Answers:
    (folder / "reponses.csv").write_bytes(content)
    return read_answers(a_campaign(**changes), short_instrument(), folder)


def with_services(*names: str) -> str:
    rows = [[names[i % len(names)], *cells] for i, (_, *cells) in enumerate(twelve())]
    return "".join(";".join(line) + "\r\n" for line in [HEAD, *rows])


def test_a_dos_file_is_not_read_as_windows_text() -> None:
    with pytest.raises(Refused) as refused:
        case("csv-dos")
    text = plain_spaces(str(refused.value))
    assert "« P‚diatrie » et « R‚animation »" in text
    assert "« encoding: cp850 » donne « Pédiatrie » et « Réanimation »" in text


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "mac-roman"])
@pytest.mark.parametrize(
    "name", ["Pédiatrie", "Qualité", "Hôpital", "Gériatrie aiguë", "Évaluation", "Soins à domicile"]
)
def test_accents_of_another_machine_are_asked_about(
    encoding: str, name: str, tmp_path: Path
) -> None:
    content = with_services(name, "Bloc").encode(encoding)
    with pytest.raises(Refused) as refused:
        encoded(tmp_path, content)
    assert f"donne « {name} »" in plain_spaces(str(refused.value)).replace(".", ""), refused.value
    answers = encoded(tmp_path, content, responses={"file": "reponses.csv", "encoding": encoding})
    assert answers.roster["service"].tolist() == [name, "Bloc"]


@pytest.mark.parametrize(
    "name",
    ["Pédiatrie – l’équipe…", "Cœur « A »", "Soignant·e·s", "Müller", "Œil", "ÉLÈVES", "N°5"],
)
def test_windows_accents_are_read_without_a_word(name: str, tmp_path: Path) -> None:
    answers = encoded(tmp_path, with_services(name, "Bloc").encode("cp1252"))
    assert answers.roster["service"].tolist() == [name, "Bloc"]
    assert answers.warnings == ()


@pytest.mark.parametrize(
    "name",
    [
        "Pédiatrie".encode().decode("cp1252"),
        "Pédiatrie".encode().decode("mac-roman"),
        "Pédiatrie".encode().decode("cp850"),
        "P\ufffddiatrie",
        "Pédiatrie".encode("utf-7").decode(),
        "P&eacute;diatrie",
        "P&#233;diatrie",
        "P?diatrie",
        "?quipe mobile",
        "Accueil de l'?tage",
    ],
)
def test_names_converted_once_too_often_are_refused(name: str, tmp_path: Path) -> None:
    content = ("\ufeff" + with_services("Bloc").replace("Bloc", f'"{name}"')).encode()
    with pytest.raises(Refused) as refused:
        encoded(tmp_path, content)
    assert f"perdus en route : « {name} »" in plain_spaces(str(refused.value))


@pytest.mark.parametrize("name", ["Urgences ?", "Autre ? Lequel", "Bloc (lequel ?)"])
def test_a_question_mark_after_a_word_is_no_lost_letter(name: str, tmp_path: Path) -> None:
    answers = encoded(tmp_path, with_services(name, "Bloc").encode())
    assert answers.roster["service"].tolist() == [name, "Bloc"]


@pytest.mark.parametrize("name", ["Infirmi?re", "Aide-soignant?e"])
def test_a_class_that_lost_its_accents_is_refused(name: str, tmp_path: Path) -> None:
    rows = [[*row, name] for row in twelve()]
    columns = {"service": "Service", "strata": {"profession": "Métier"}}
    with pytest.raises(Refused, match="perdus en route"):
        answers_in(tmp_path, [[*HEAD, "Métier"], *rows], columns=columns)


# Rows that are shorter than the names


def test_short_rows_are_told_with_their_lines(tmp_path: Path) -> None:
    rows = twelve(7)
    rows[2], rows[7] = rows[2][:5], rows[7][:4]
    answers = answers_in(tmp_path, [[*HEAD, "Autre", "Fin"], *rows])
    assert "moins de 7 cellules, une par colonne : lignes 4 et 9" in told(answers.warnings)[0]
    assert len(answers.responses) == 12


def test_a_row_cut_by_a_line_break_is_refused(tmp_path: Path) -> None:
    lines = [["Remarque", *HEAD], *[["bien", *row] for row in twelve()]]
    lines[8:9] = [lines[8][:3], ["la suite", *lines[8][3:]]]
    with pytest.raises(Refused, match=r"coupe cette réponse en deux \(lignes 9 et 10\)"):
        answers_in(tmp_path, lines)


def test_a_text_of_any_length_is_read(tmp_path: Path) -> None:
    rows = [[*row, ""] for row in twelve()]
    rows[3][5] = "mot " * 50_000
    answers = answers_in(tmp_path, [[*HEAD, "Remarque"], *rows])
    assert answers.digest == answers_in(tmp_path, [HEAD, *twelve()]).digest


def test_a_line_of_separators_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"20\D004\D?colonnes, 16\D384 au plus"):
        answers_in(tmp_path, [[*HEAD, *[""] * 19_999], *twelve()])


def test_the_empty_end_of_rows_may_be_left_out(tmp_path: Path) -> None:
    answers = answers_in(tmp_path, [[*HEAD, "Autre"], *twelve()])
    assert answers.digest == answers_in(tmp_path, [HEAD, *twelve()]).digest


# Codes of survey tools


@pytest.mark.parametrize(
    "codes",
    [
        ["CULT[CS01]", "CULT[CS02]", "CULT[CS03]", "CULT[CS04]"],
        ["culture/E1", "culture/E2", "culture/E3", "culture/E4"],
        ["Q1.1", "Q1.2", "Q1.3", "Q1.4"],
        ["Q1:a", "Q1:b", "Q1:c", "Q1:d"],
        ["G01Q02[SQ001]", "G01Q02[SQ002]", "QID2_1", "Q-4"],
    ],
)
def test_items_may_bear_the_codes_of_survey_tools(codes: list[str], tmp_path: Path) -> None:
    text = (CASES / "trois-lignes-de-titres" / "instrument.yml").read_text(encoding="utf-8")
    for plain, code in zip(ITEMS, codes, strict=True):
        text = text.replace(f"code: {plain},", f'code: "{code}",')
    (tmp_path / "instrument.yml").write_text(text, encoding="utf-8")
    rows = "".join(";".join(line) + "\n" for line in [["Service", *codes], *twelve()])
    (tmp_path / "reponses.csv").write_text(rows, encoding="utf-8")
    answers = read_answers(a_campaign(), load_instrument(tmp_path), tmp_path)
    assert list(answers.responses.columns[4:]) == codes
    assert answers.responses.notna().all(axis=None)


# Names written in several ways, and codes that are no names


def warnings_of(answers: Answers) -> list[str]:
    return [plain_spaces(f"{one.place} : {one.what}") for one in answers.warnings]


def test_classes_written_in_two_ways_are_told_once(tmp_path: Path) -> None:
    classes = ["Infirmier", "infirmier", "Médecin", "MEDECIN", "Cadre"]
    rows = [[*row, classes[i % 5]] for i, row in enumerate(twelve())]
    columns = {"service": "Service", "strata": {"profession": "Métier"}}
    answers = answers_in(tmp_path, [[*HEAD, "Métier"], *rows], columns=columns)
    assert warnings_of(answers) == [
        "répartition « profession » : même nom écrit de plusieurs façons, compté ensemble : "
        "« Infirmier » et « infirmier » ; « Médecin » et « MEDECIN »"
    ]
    assert len(answers.responses["profession"].cat.categories) == 3


@pytest.mark.parametrize("services", [None, ["Bloc", "Accueil"]])
def test_services_written_in_two_ways_are_told_once(services: Any, tmp_path: Path) -> None:
    rows = twelve()
    rows[4][0], rows[5][0] = "BLOC", "accueil"
    said = {} if services is None else {"services": services}
    answers = answers_in(tmp_path, [HEAD, *rows], **said)
    assert warnings_of(answers) == [
        "services : même nom écrit de plusieurs façons, compté ensemble : "
        "« Bloc » et « BLOC » ; « Accueil » et « accueil »"
    ]
    assert answers.roster["service"].tolist() == ["Bloc", "Accueil"]


def renamed(names: list[str]) -> list[list[str]]:
    return [[names[i % len(names)], *row[1:]] for i, row in enumerate(twelve())]


@pytest.mark.parametrize(
    "names", [["1", "2"], ["01", "02"], ["A1", "A2", "A3"], ["SQ001", "SQ002"]]
)
def test_services_named_by_codes_are_told(names: list[str], tmp_path: Path) -> None:
    [warning] = answers_in(tmp_path, [HEAD, *renamed(names)]).warnings
    assert "ce sont des codes, pas des noms" in warning.what
    assert f"« {names[0]} »" in plain_spaces(warning.what)
    assert "« code »" in plain_spaces(warning.cure)


@pytest.mark.parametrize("names", [["Unité 1", "Unité 2"], ["1", "Bloc"], ["Bloc A1", "Bloc A2"]])
def test_names_that_hold_a_number_are_names(names: list[str], tmp_path: Path) -> None:
    assert not answers_in(tmp_path, [HEAD, *renamed(names)]).warnings


def test_a_roster_gives_the_names_of_codes(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        "code;service;effectif\n2;Accueil;9\n1;Bloc opératoire;12\n3;Nuit;4\n", encoding="utf-8"
    )
    answers = answers_in(tmp_path, [HEAD, *renamed(["1", "2"])], services="s.csv")
    assert not answers.warnings
    assert answers.responses["service"].value_counts().to_dict() == {
        "Accueil": 6, "Bloc opératoire": 6, "Nuit": 0}  # fmt: skip
    assert answers.roster.columns.tolist() == ["facility", "service", "head_count", "population"]


def test_a_code_of_two_services_is_none(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("code;service\n1;Accueil\n1;Bloc\n2;Nuit\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        answers_in(tmp_path, [HEAD, *renamed(["1", "2"])], services="s.csv")
    assert "service « 1 » : service absent de la liste" in told(refused.value.problems)[0]


def test_a_name_wins_over_the_code_of_another(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("code;service\nBloc;Accueil\n;Bloc\n", encoding="utf-8")
    answers = answers_in(tmp_path, [HEAD, *renamed(["Bloc"])], services="s.csv")
    assert answers.responses["service"].value_counts().to_dict() == {"Bloc": 12, "Accueil": 0}


# What is said, in numbers that agree


def test_a_used_name_borne_twice_is_said_once(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        answers_in(tmp_path, [[*HEAD, "E2"], *[[*row, "Bloc"] for row in twelve()]])
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize(
    ("extra", "cure"),
    [
        (["Note"], "rien à faire si elle ne porte pas de réponse"),
        (["Note", "Avis"], "rien à faire si elles ne portent pas de réponses"),
    ],
)
def test_ignored_columns_are_told_in_the_right_number(
    extra: list[str], cure: str, tmp_path: Path
) -> None:
    rows = [[*row, *["x"] * len(extra)] for row in twelve()]
    [warning] = answers_in(tmp_path, [[*HEAD, *extra], *rows]).warnings
    assert warning.cure == cure


def test_two_totals_are_told_in_the_plural(tmp_path: Path) -> None:
    foot = [["Total", "1", "1", "1", "1"], ["Moyenne", "1", "1", "1", "1"]]
    [warning] = answers_in(tmp_path, [HEAD, *twelve(), *foot]).warnings
    assert plain_spaces(warning.what) == (
        "lignes 14 et 15 : « Total » et « Moyenne », des totaux et non des réponses ; non comptés"
    )


# A line of ranks, a place that is not employed, a team given in one way or another


@pytest.mark.parametrize("answers", ["labels", "codes"])
def test_a_line_that_numbers_the_columns_is_no_return(answers: str, tmp_path: Path) -> None:
    rows = twelve()
    if answers == "codes":
        rows = [[row[0], *(str(WORDS.index(word) + 1) for word in row[1:])] for row in rows]
    coding = {"answers": answers, "reversed": "as_worded"}
    read = answers_in(tmp_path, [HEAD, ["1", "2", "3", "4", "5"], *rows], coding=coding)
    assert read.digest == answers_in(tmp_path, [HEAD, *rows], coding=coding).digest
    assert "ligne 2 : un titre, pas une réponse" in told(read.warnings)[0]


def test_a_return_of_answers_that_follow_one_another_is_read(tmp_path: Path) -> None:
    rows = [["1", "2", "3", "4", "5"], ["2", "5", "4", "3", "2"], ["1", "1", "1", "2", "2"]]
    answers = answers_in(tmp_path, [HEAD, *rows], coding={"reversed": "as_worded"})
    assert len(answers.responses) == 3


@pytest.mark.parametrize("header", ["Unité", "Pôle", "Dans quel service travaillez-vous ?"])
def test_a_place_nobody_employs_is_told_where_all_is_of_one_team(
    header: str, tmp_path: Path
) -> None:
    answers = answers_in(tmp_path, [[header, *ITEMS], *twelve()], columns={}, services=ONE)
    assert any("elle semble dire le service" in one for one in told(answers.warnings))
    same = [["Bloc", *row[1:]] for row in twelve()]
    answers = answers_in(tmp_path, [[header, *ITEMS], *same], columns={}, services=ONE)
    assert not any("elle semble dire le service" in one for one in told(answers.warnings))


def test_one_team_may_be_written_without_a_list(tmp_path: Path) -> None:
    lines = without_service([HEAD, *twelve()])
    answers = answers_in(tmp_path, lines, columns={}, services=ONE[0])
    assert answers.roster["service"].tolist() == ["Équipe mobile"]
    with pytest.raises(Refused) as refused:
        answers_in(tmp_path, lines, columns={}, services="Équipe mobile")
    assert "« services: [Équipe mobile] »" in plain_spaces(str(refused.value))


@pytest.mark.parametrize("title", ["Bilan", "Décision", "Verdict", "Résumé"])
def test_a_verdict_beside_the_records_of_a_grid_is_no_record(title: str, tmp_path: Path) -> None:
    assert len(grid_with(tmp_path, title, "", "Oui").responses) == 12
