"""What survey tools export, from ``qgdr new`` to the scores: shares equal to a plain count."""

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from qgdr_eval.tables.choices import line_of_choices
from tests.test_cli import run
from tests.test_new import (
    ANSWERS,
    CULTURE,
    EXPORTS,
    SERVICES,
    counted,
    labelled,
    labels,
    write_csv,
)

CODED = [f"--answer=A{code}={code}" for code in range(1, 6)]
Lines = list[list[str]]


def people() -> Iterator[list[str]]:
    """What SurveyMonkey writes of each return before its answers."""
    for rank in range(len(ANSWERS)):
        yield [str(11_000 + rank), "440", "10/05/2026 09:00:00", "192.0.2.7", "p@exemple.fr"]


TECHNICAL = ["Respondent ID", "Collector ID", "Start Date", "IP Address", "Email Address"]


def a_row_a_question() -> Lines:
    """SurveyMonkey: a matrix has its question above, and what is asked under it."""
    above = [*TECHNICAL, "Dans quel service travaillez-vous ?", "Êtes-vous d'accord ?"]
    below = [""] * 5 + ["Response", *(item.text for item in CULTURE.items)]
    rows = [[*who, row["service"], *row[CULTURE.codes]]
            for who, (_, row) in zip(people(), labelled().iterrows(), strict=True)]  # fmt: skip
    return [[*above, *[""] * (len(below) - len(above))], below, *rows]


def a_column_a_choice(ranks: bool = False, other: bool = False) -> Lines:
    """SurveyMonkey: each choice its column, with its text, or its rank, where it was chosen."""
    above, below, rows = [*TECHNICAL], [""] * 5, [*people()]
    asked = [("Quel est votre service ?", "service", dict(zip(SERVICES, SERVICES, strict=True)))]
    asked += [(item.text, item.code, labels(item.code)) for item in CULTURE.items]
    for text, code, known in asked:
        choices = [choice for key, choice in known.items() if key]
        below += [*choices, *(["Autre (veuillez préciser)"] if other else [])]
        above += [text, *[""] * (len(below) - len(above) - 1)]
        for cells, given in zip(rows, ANSWERS[code], strict=True):
            cells += [(str(rank) if ranks else choice) if known[given] == choice else ""
                      for rank, choice in enumerate(choices, start=1)]  # fmt: skip
            cells += [""] if other else []
    return [above, below, *rows]


def surveymonkey(path: Path) -> None:
    write_csv(path, a_row_a_question(), ",", "utf-8-sig")


def surveymonkey_choices(path: Path) -> None:
    write_csv(path, a_column_a_choice(), ",", "utf-8-sig")


def surveymonkey_ranks(path: Path) -> None:
    write_csv(path, a_column_a_choice(ranks=True, other=True), ",", "utf-8-sig")


def surveymonkey_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    for line in a_column_a_choice():
        book.active.append([cell or None for cell in line])
    book.save(path)


def limesurvey_codes(path: Path) -> None:
    """« Codes de réponse »: A1 to A5, in every scale."""
    headers = ["id", "submitdate", "lastpage", "startlanguage", "token", "ipaddr", "service",
               *(f"CULT[{code}]" for code in CULTURE.codes)]  # fmt: skip
    rows = [[str(rank + 1), "2026-10-05 10:00:00", "3", "fr", f"x{rank}y", "192.0.2.9",
             row["service"], *(code and f"A{code}" for code in row[CULTURE.codes])]
            for rank, (_, row) in enumerate(ANSWERS.iterrows())]  # fmt: skip
    write_csv(path, [headers, *rows], ",", "utf-8-sig")


STYLES: dict[str, tuple[Callable[[Path], None], str, list[str]]] = {
    **{tool: (*made, []) for tool, made in EXPORTS.items()},
    "surveymonkey": (surveymonkey, "Culture.csv", []),
    "surveymonkey_choices": (surveymonkey_choices, "Culture.csv", []),
    "surveymonkey_ranks": (surveymonkey_ranks, "Culture.csv", []),
    "surveymonkey_workbook": (surveymonkey_workbook, "Culture.xlsx", []),
    "limesurvey_codes": (limesurvey_codes, "results-survey42.csv", CODED),
}


def scores_of(capsys, folder: Path, export: Path, *options: str) -> pd.DataFrame:
    """From ``new`` through ``check`` to ``score``; the rows of questions, of each service."""
    campaign, scores = folder / "campagne.yml", folder / "scores.csv"
    for arguments in (
        ["new", folder, "--instrument", "culture_securite", "--answers", export,
         "--reversed", "as_worded", *options],
        ["check", folder],
        ["score", campaign, "--out", scores, "--draft"],
    ):  # fmt: skip
        code, out, err = run(capsys, *arguments)
        assert code == 0, out + err
    read = pd.read_csv(scores, sep=";", decimal=",", encoding="utf-8-sig", keep_default_na=False)
    items = read[(read["Code de la question"] != "") & (read["Service"] != "Tous les services")]
    return items.set_index(["Service", "Code de la question"])["Score (0 à 100)"]


@pytest.mark.parametrize("style", STYLES)
def test_the_scores_of_an_export_are_a_plain_count(style, tmp_path, capsys):
    write, name, options = STYLES[style]
    write(tmp_path / name)
    scores = scores_of(capsys, tmp_path / "essai", tmp_path / name, *options)
    assert len(scores) == len(SERVICES) * len(CULTURE.items)
    for (service, code), score in scores.items():
        assert float(str(score).replace(",", ".")) == pytest.approx(
            counted(service, code), abs=0.051
        ), (service, code)
    made = (tmp_path / "essai").rglob("*.csv")
    assert not any("@" in path.read_text("utf-8-sig", "replace") for path in made)


def test_one_team_without_a_column_of_services(tmp_path, capsys):
    rows = ANSWERS[CULTURE.codes].to_numpy().tolist()
    write_csv(tmp_path / "export.csv", [[*CULTURE.codes], *rows], ";", "utf-8")
    scores = scores_of(capsys, tmp_path / "essai", tmp_path / "export.csv",
                       "--team", "Équipe mobile", "--facility", "CH des Deux Rives")  # fmt: skip
    assert set(scores.index.get_level_values(0)) == {"Équipe mobile"}
    for (_, code), score in scores.items():
        given = ANSWERS[code][ANSWERS[code] != ""]
        item = next(item for item in CULTURE.items if item.code == code)
        share = 100 * given.isin(["1", "2"] if item.reversed else ["4", "5"]).mean()
        assert float(str(score).replace(",", ".")) == pytest.approx(share, abs=0.051)


# One column a choice, and what only looks so


HEADS = [["Id", "Avis ?", ""], ["", "Oui", "Non"]]


@pytest.mark.parametrize(
    ("rows", "rank"),
    [
        ([["1", "Oui", ""], ["2", "", "Non"]], 1),
        ([["1", "1", ""], ["2", "", "2"]], 1),
        ([["1", "Oui", "Non"], ["2", "", "Non"]], 0),  # several may be ticked
        ([["1", "Oui", ""], ["2", "", "peut-être"]], 0),
        ([["1", "4", "5"], ["2", "3", "1"]], 0),
        ([["1", "", ""]], 0),
    ],
)
def test_a_column_a_choice_is_known_by_what_it_holds(rows, rank):
    assert line_of_choices([*HEADS, *rows], 0) == rank


def test_a_first_return_beside_a_column_without_a_name_is_no_line_of_choices():
    lines = [["Service", "Site", ""], ["Bloc", "Nord", "RAS"], ["Urgences", "Nord", ""]]
    assert line_of_choices(lines, 0) == 0


def test_two_choices_ticked_far_below_are_no_single_answer(tmp_path, capsys):
    """The head of the file tells nothing of its end: no answer is dropped in silence."""
    lines = a_column_a_choice()
    both = next(i for i, text in enumerate(lines[1]) if text == labels("CS01")["1"])
    lines[-1][both], lines[-1][both + 1] = labels("CS01")["1"], labels("CS01")["2"]
    write_csv(tmp_path / "export.csv", lines, ",", "utf-8")
    code, out, _ = run(capsys, "new", tmp_path / "essai", "--instrument", "culture_securite",
                       "--answers", tmp_path / "export.csv", "--reversed", "as_worded")  # fmt: skip
    assert code == 1
    assert "--column CS01" in out
    assert "39 items sur 40" in out.replace("\u00a0", " ")


def test_the_number_of_questions_so_read_is_told(tmp_path, capsys):
    lines = [[*line[:1], *line[5:]] for line in a_column_a_choice()]  # nobody is named: a copy
    write_csv(tmp_path / "export.csv", lines, ",", "utf-8")
    scores_of(capsys, tmp_path / "essai", tmp_path / "export.csv")
    _, out, _ = run(capsys, "check", tmp_path / "essai")
    assert "41 questions lues sur plusieurs colonnes" in out.replace("\u00a0", " ")
