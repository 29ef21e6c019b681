"""``qgdr new``: from an export to a campaign that is read, without a file edited by hand."""

import csv
import io
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import yaml

from qgdr_eval import cli
from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.checking.check import check_path
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.responses.draft import Choices
from qgdr_eval.shipped import shipped
from qgdr_eval.starting import Export, start_campaign
from tests.test_cli import run

CULTURE = load_instrument("culture_securite")
SERVICES = ("Bloc opératoire", "Cardiologie", "Urgences")
ROWS = 45
NARROW = "\u202f"


def answers() -> pd.DataFrame:
    """Fifteen people a service, codes 1 to 5, a few blanks; one row a person."""
    random = np.random.default_rng(2026)
    frame = pd.DataFrame(
        {
            item.code: [
                "" if rare else str(code)
                for rare, code in zip(random.random(ROWS) < 0.03, random.integers(1, 6, ROWS),
                                      strict=True)
            ]
            for item in CULTURE.items
        }
    )  # fmt: skip
    return frame.assign(service=[SERVICES[row % 3] for row in range(ROWS)])


ANSWERS = answers()
Write = Callable[[Path], None]


def labels(code: str, instrument: Instrument = CULTURE) -> dict[str, str]:
    item = next(item for item in instrument.items if item.code == code)
    return {str(one.code): one.label for one in instrument.scale_of(item).options} | {"": ""}


def labelled() -> pd.DataFrame:
    return ANSWERS.assign(
        **{item.code: ANSWERS[item.code].map(labels(item.code)) for item in CULTURE.items}
    )


def write_csv(path: Path, rows: list[list[str]], separator: str, encoding: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding, "replace"))


def limesurvey(path: Path) -> None:
    """« Code et texte » with full answers, technical columns first."""
    frame = labelled()
    headers = ["id. ID de la réponse", "submitdate. Date de soumission", "lastpage. Dernière page",
               "G01Q01. Dans quel service travaillez-vous ?",
               *(f"CULT[{item.code}]. D'accord ? [{item.text}]" for item in CULTURE.items),
               "G09Q99. Commentaires"]  # fmt: skip
    rows = [
        [str(rank + 1), "2026-10-05 10:00:00", "3", row["service"],
         *(row[code] for code in CULTURE.codes), f"Madame {rank} dit que…"]
        for rank, (_, row) in enumerate(frame.iterrows())
    ]  # fmt: skip
    write_csv(path, [headers, *rows], ",", "utf-8-sig")


def google_forms(path: Path) -> None:
    """The questions as headers, in grids or alone, questions in another order."""
    frame = labelled()
    codes = CULTURE.codes[::-1]
    texts = {item.code: item.text for item in CULTURE.items}
    headers = ["Horodateur", "Adresse e-mail", "Quel est votre service ?",
               *(f"Êtes-vous d'accord ? [{texts[code]}]" for code in codes)]  # fmt: skip
    rows = [
        ["2026/10/05 10:00:00 AM UTC+2", f"p{rank}@exemple.fr", row["service"],
         *(row[code] for code in codes)]
        for rank, (_, row) in enumerate(frame.iterrows())
    ]  # fmt: skip
    write_csv(path, [headers, *rows], ",", "utf-8")


def microsoft_forms(path: Path) -> None:
    """A workbook; headers end with a no-break space, apostrophes are typographic."""
    frame, book = labelled(), openpyxl.Workbook()
    page = book.active
    page.append(["ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom",
                 "Votre service\u00a0",
                 *(item.text.replace("'", "’") + "\u00a0" for item in CULTURE.items)])  # fmt: skip
    for rank, (_, row) in enumerate(frame.iterrows()):
        page.append([rank + 1, "05/10/2026", "05/10/2026", "anonymous", None, row["service"],
                     *(row[code] or None for code in CULTURE.codes)])  # fmt: skip
    book.save(path)


def kobo(path: Path) -> None:
    """Paths of groups as headers, codes as answers."""
    headers = ["start", "end", "identite/service", *(f"culture/{code}" for code in CULTURE.codes),
               "_id", "_uuid", "_submission_time"]  # fmt: skip
    rows = [["2026-10-05", "2026-10-05", row["service"], *(row[code] for code in CULTURE.codes),
             str(1000 + rank), f"a{rank:04}", "2026-10-05"]
            for rank, (_, row) in enumerate(ANSWERS.iterrows())]  # fmt: skip
    write_csv(path, [headers, *rows], ";", "utf-8")


def redcap(path: Path) -> None:
    """Small letters everywhere."""
    headers = ["record_id", "service", *map(str.lower, CULTURE.codes), "culture_complete"]
    rows = [[str(rank + 1), row["service"], *(row[code] for code in CULTURE.codes), "2"]
            for rank, (_, row) in enumerate(ANSWERS.iterrows())]  # fmt: skip
    write_csv(path, [headers, *rows], ",", "utf-8")


def old_excel(path: Path) -> None:
    """Questions cut at 60 characters, answers « 4 - D'accord », Windows-1252."""
    headers = ["N°", "Unité de soins", *(item.text[:60] for item in CULTURE.items)]
    rows = [
        [str(rank + 1), row["service"],
         *(code and f"{code} - {labels(name)[code]}" for name, code in row[CULTURE.codes].items())]
        for rank, (_, row) in enumerate(ANSWERS.iterrows())
    ]  # fmt: skip
    write_csv(path, [headers, *rows], ";", "cp1252")


def qualtrics(path: Path) -> None:
    """Names such as « Q5_1 », then the questions, then what Qualtrics calls them."""
    frame = labelled()
    names = [f"Q5_{rank}" for rank in range(1, 41)]
    headers = ["StartDate", "ResponseId", "Q1", *names]
    texts = ["Start Date", "Response ID", "Dans quel service travaillez-vous ?",
             *(f"Êtes-vous d'accord ? - {item.text}" for item in CULTURE.items)]  # fmt: skip
    imports = [f'{{"ImportId":"{name}"}}' for name in headers]
    rows = [["2026-10-05", f"R_{rank}", row["service"], *(row[code] for code in CULTURE.codes)]
            for rank, (_, row) in enumerate(frame.iterrows())]  # fmt: skip
    write_csv(path, [headers, texts, imports, *rows], ",", "utf-8")


EXPORTS: dict[str, tuple[Write, str]] = {
    "limesurvey": (limesurvey, "results-survey123456.csv"),
    "google_forms": (google_forms, "Réponses au formulaire 1.csv"),
    "microsoft_forms": (microsoft_forms, "Culture (1-45).xlsx"),
    "kobo": (kobo, "culture.csv"),
    "redcap": (redcap, "DATA_2026-10-05.csv"),
    "qualtrics": (qualtrics, "culture_5 octobre 2026_10.00.csv"),
    "old_excel": (old_excel, "export.csv"),
}


@pytest.fixture
def started(tmp_path: Path):
    def start(tool: str, **choices):
        write, name = EXPORTS[tool]
        write(tmp_path / name)
        export = Export(tmp_path / name, "culture_securite",
                        Choices(**{"reversed": "as_worded", **choices}))  # fmt: skip
        return start_campaign(tmp_path / "Campagne 2026", export)

    return start


@pytest.mark.parametrize("tool", EXPORTS)
def test_an_export_is_read_and_counted_without_editing_a_file(started, tool):
    campaign = started(tool).files[0]
    verdict = check_path(campaign)
    assert verdict.accepted, str(verdict)
    scores = read_campaign(campaign).publish().scores
    rows = scores[(scores["item"] != "") & (scores["service"] != "") & (scores["stratum"] == "")]
    assert set(rows["service"]) == set(SERVICES)
    assert set(rows["status"]) == {"published"}
    for row in rows.itertuples():
        assert row.score == pytest.approx(counted(row.service, row.item)), (row.service, row.item)


def counted(service: str, code: str) -> float:
    """The share of favourable answers, counted by hand: 4 and 5, or 1 and 2."""
    item = next(item for item in CULTURE.items if item.code == code)
    given = ANSWERS[code][(ANSWERS["service"] == service) & (ANSWERS[code] != "")]
    return 100 * given.isin(["1", "2"] if item.reversed else ["4", "5"]).sum() / len(given)


def test_what_is_written_is_explained_and_nothing_personal_is_copied_into_it(started, tmp_path):
    files = started("limesurvey").files
    assert [path.name for path in files] == ["campagne.yml", "services.csv",
                                             "results-survey123456.csv"]  # fmt: skip
    text = files[0].read_text("utf-8")
    assert "Madame" not in text
    said = yaml.safe_load(text)
    assert said["id"] == "campagne_2026"
    assert said["columns"]["subject"] == "id. ID de la réponse"
    assert said["services"] == "services.csv"
    assert files[1].read_text("utf-8-sig").split() == [
        "Service;Effectif", "Bloc", "opératoire;", "Cardiologie;", "Urgences;"]  # fmt: skip
    assert files[2].read_bytes() == (tmp_path / files[2].name).read_bytes()


def test_check_prints_the_lines_to_paste(tmp_path):
    """A campaign written by hand, whose items are not under their codes."""
    google_forms(tmp_path / "export.csv")
    campaign = tmp_path / "campagne.yml"
    before, after = (
        'id: essai\ntitle: "Essai"\nperiod: "2026"\ninstrument: culture_securite\n'
        'responses: export.csv\ncolumns:\n  service: "Quel est votre service ?"\n',
        "\ncoding: {answers: labels, reversed: as_worded}\n",
    )
    campaign.write_text(before + after, "utf-8")
    verdict = check_path(campaign)
    assert not verdict.accepted
    said = str(verdict).splitlines()
    start = said.index("  items:")
    pasted = "\n".join(said[start : start + 1 + len(CULTURE.items)])
    campaign.write_text(before + pasted + after, "utf-8")
    verdict = check_path(campaign)
    assert verdict.accepted, str(verdict)


def test_nothing_there_is_written_over(started, tmp_path):
    folder = tmp_path / "Campagne 2026"
    first = started("kobo").files
    assert started("kobo").files == first
    for name in ("campagne.yml", "culture.csv"):
        (folder / name).write_text("à moi\n", "utf-8")
        with pytest.raises(Refused, match="existe déjà"):
            started("kobo")
        assert (folder / name).read_text("utf-8") == "à moi\n"
        (folder / name).unlink()
        started("kobo")


def test_head_counts_somebody_filled_stay(tmp_path):
    kobo(tmp_path / "culture.csv")
    export = Export(tmp_path / "culture.csv", "culture_securite", Choices(reversed="as_worded"))
    start_campaign(tmp_path, export)  # the answers stay where they are
    roster = tmp_path / "services.csv"
    roster.write_text("Service;Effectif\nUrgences;40\nCardiologie;\nBloc opératoire;\n", "utf-8")
    start_campaign(tmp_path, export, replace=True)
    assert "Urgences;40" in roster.read_text("utf-8")
    assert check_path(tmp_path / "campagne.yml").accepted
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "campagne.yml", "culture.csv", "services.csv"]  # fmt: skip


def test_what_is_doubtful_is_left_with_its_candidates_and_refused(tmp_path, capsys):
    frame = ANSWERS.rename(columns={"service": "Service", "CS07": "CS07[SQ001]"})
    frame = frame.assign(**{"CS07[SQ002]": frame["CS07[SQ001]"], "Unité": frame["Service"]})
    path = tmp_path / "export.csv"
    write_csv(path, [list(frame.columns), *frame.to_numpy().tolist()], ";", "utf-8")
    arguments = ["new", tmp_path / "essai", "--instrument", "culture_securite", "--answers", path]
    code, out, _ = run(capsys, *arguments)
    assert code == 1
    for said in ('--column CS07="…"', "« CS07[SQ001] » ou « CS07[SQ002] »", '--service "…"',
                 "« Service » ou « Unité »", "--reversed as_worded"):  # fmt: skip
        assert said in out
    text = (tmp_path / "essai" / "campagne.yml").read_text("utf-8")
    assert (
        '# à compléter : CS07: nom de sa colonne, peut-être "CS07[SQ001]" ou "CS07[SQ002]"' in text
    )
    assert "refusé" not in out
    assert "reste à compléter" in out
    assert out.count("as_worded") == 1  # said once
    code, out, _ = run(capsys, *arguments, "--replace", "--column", "CS07=CS07[SQ002]",
                       "--service", "Service", "--reversed", "as_worded",
                       "--title", "Essai", "--period", "octobre 2026")  # fmt: skip
    assert code == 0, out
    assert "45 réponses gardées, 3 services" in out.replace("\u00a0", " ")
    assert "Puis : qgdr report" in out


def test_the_next_command_can_be_copied_whatever_the_folder_is_called(tmp_path, capsys):
    export, folder = tmp_path / "export.csv", tmp_path / "l'unité : 3 %" / "ma campagne"
    kobo(export)
    with pytest.raises(SystemExit) as left:
        cli.main(["new", str(folder), "--instrument", "culture_securite",
                  "--answers", str(export), "--reversed", "as_worded"])  # fmt: skip
    out = capsys.readouterr().out
    assert not left.value.code, out
    *_, told = out.splitlines()
    asked = ["qgdr", "report", str(folder / "campagne.yml"), "--out", str(folder / "rapports")]
    assert shlex.split(told.removeprefix(f"Puis{NARROW}: ")) == asked
    taken_back = re.search(rf"«{NARROW}(qgdr retract .*){NARROW}»", out).group(1)
    asked = ["qgdr", "retract", str(folder / "campagne.yml"), "--reason", "…"]
    assert shlex.split(taken_back) == asked


def test_a_file_of_something_else_is_refused_and_nothing_is_written(tmp_path, capsys):
    export = tmp_path / "stocks.csv"
    write_csv(export, [["Produit", "Lot", "Quantité"], ["Gants", "A1", "40"]], ";", "utf-8")
    code, out, err = run(capsys, "new", tmp_path / "essai", "--instrument", "culture_securite",
                         "--answers", export)  # fmt: skip
    assert (code, out) == (1, "")
    said = "aucune question de « culture_securite » n'est reconnue : est-ce le bon fichier ?"
    assert said in err
    assert not (tmp_path / "essai").exists()


def test_only_answers_of_the_scale_are_shown(tmp_path, capsys):
    """A column nobody uses may hold names; so may one whose answers are not of the scale."""
    frame = ANSWERS.rename(columns={"service": "Service"}).assign(
        Nom=[f"Nom{rank}" for rank in range(ROWS)], CS07=[f"Prénom{rank}" for rank in range(ROWS)]
    )
    path = tmp_path / "export.csv"
    write_csv(path, [list(frame.columns), *frame.to_numpy().tolist()], ";", "utf-8")
    code, out, _ = run(capsys, "new", tmp_path / "essai", "--instrument", "culture_securite",
                       "--answers", path, "--reversed", "as_worded")  # fmt: skip
    said = out.partition("campagne.yml")[0]
    assert code == 1
    assert "Nom1" not in said
    assert "Prénom" not in said
    assert "CS07 ← « CS07 » : rien de son échelle" in said
    assert "Prénom" not in (tmp_path / "essai" / "campagne.yml").read_text("utf-8")


def test_a_service_named_like_a_formula_is_refused(tmp_path):
    frame = ANSWERS.assign(service="=cmd|' /C calc'!A0").rename(columns={"service": "Service"})
    path = tmp_path / "export.csv"
    write_csv(path, [list(frame.columns), *frame.to_numpy().tolist()], ";", "utf-8")
    export = Export(path, "culture_securite", Choices(reversed="as_worded"))
    with pytest.raises(Refused, match="prendrait ce nom pour une formule"):
        start_campaign(tmp_path / "essai", export)
    assert not (tmp_path / "essai").exists()


def test_an_instrument_of_ones_own_is_named_from_the_campaign(tmp_path):
    kobo(tmp_path / "culture.csv")
    own = tmp_path / "questions" / "instrument.yml"
    own.parent.mkdir()
    own.write_bytes((shipped("questionnaires") / "culture_securite/instrument.yml").read_bytes())
    export = Export(tmp_path / "culture.csv", str(own), Choices(reversed="as_worded"))
    started = start_campaign(tmp_path / "a" / "b", export)
    assert yaml.safe_load(started.files[0].read_text("utf-8"))["instrument"] == (
        "../../questions/instrument.yml"
    )
    assert check_path(started.files[0]).accepted


def test_on_a_terminal_the_doubts_are_asked(tmp_path, capsys, monkeypatch):
    frame = ANSWERS.rename(columns={"service": "Service", "CS07": "CS07[SQ001]"})
    frame = frame.assign(**{"CS07[SQ002]": frame["CS07[SQ001]"]})
    path = tmp_path / "export.csv"
    write_csv(path, [list(frame.columns), *frame.to_numpy().tolist()], ";", "utf-8")

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("9\n2\n1\n"))
    code, out, err = run(capsys, "new", tmp_path / "essai", "--instrument", "culture_securite",
                         "--answers", path)  # fmt: skip
    assert code == 0, out + err
    assert "Écrivez un numéro de 1 à 2." in out
    said = yaml.safe_load((tmp_path / "essai" / "campagne.yml").read_text("utf-8"))
    assert said["columns"]["items"] == {"CS07": "CS07[SQ002]"}
    assert said["coding"]["reversed"] == "as_worded"


def with_not_applicable(path: Path) -> None:
    """An export in which two people wrote « N/A » to the first question."""
    frame = ANSWERS.rename(columns={"service": "Service"})
    frame.loc[[0, 1], "CS01"] = "N/A"
    write_csv(path, [list(frame.columns), *frame.to_numpy().tolist()], ";", "utf-8")


def test_an_answer_may_be_said_to_be_an_empty_cell(tmp_path, capsys, monkeypatch):
    """Asked on a terminal, told by an option, or shown in the file as what may be written."""
    path = tmp_path / "export.csv"
    with_not_applicable(path)

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def coding(folder: str, *more: str) -> tuple[str, str, dict[str, object]]:
        _, out, _ = run(capsys, "new", tmp_path / folder, "--instrument", "culture_securite",
                        "--answers", path, "--reversed", "as_worded", *more)  # fmt: skip
        text = (tmp_path / folder / "campagne.yml").read_text("utf-8")
        return out, text, yaml.safe_load(text)["coding"]

    out, text, said = coding("fichier")
    assert "missing" not in said
    assert '« missing: ["N/A"] »' in text
    assert coding("option", "--answer", "N/A=vide")[2]["missing"] == ["N/A"]
    ways = len(CULTURE.scale_of(CULTURE.items[0]).answers)
    monkeypatch.setattr("sys.stdin", Terminal(f"{ways + 1}\n"))
    out, _, said = coding("terminal")
    assert said["missing"] == ["N/A"]
    shown = re.findall(r"^  (\d+)  (.*)$", out, re.MULTILINE)
    assert [rank for rank, _ in shown] == [str(rank) for rank in range(1, ways + 2)]
    assert all(not label[0].isdigit() for _, label in shown)  # no code beside the number
    assert "Numéro (Entrée : plus tard) : " in out


# What names people


@pytest.mark.parametrize("tool", ["google_forms", "microsoft_forms"])
def test_the_copy_of_the_answers_names_nobody(started, tool):
    made = started(tool)
    copy = made.files[-1].read_text("utf-8-sig")
    assert made.files[-1].suffix == ".csv"
    assert made.draft.nominative
    assert not any(name in copy for name in made.draft.nominative)
    assert "@exemple.fr" not in copy
    assert len(copy.splitlines()) == 1 + ROWS
    assert started(tool).files == made.files  # made again, it is the same


def test_columns_of_one_name_or_of_none_name_nobody_either(tmp_path):
    headers = ["Service", *CULTURE.codes, "Nom", "Nom", ""]
    rows = [[row["service"], *row[CULTURE.codes], "Martin", "Durand", "a@exemple.fr"]
            for _, row in ANSWERS.iterrows()]  # fmt: skip
    frame = [[*row[:-1], "" if rank else row[-1]] for rank, row in enumerate(rows)]
    write_csv(tmp_path / "export.csv", [[*headers, "E-mail"], *(
        [*row, "b@exemple.fr"] for row in frame)], ";", "cp1252")  # fmt: skip
    export = Export(tmp_path / "export.csv", "culture_securite", Choices(reversed="as_worded"))
    copy = start_campaign(tmp_path / "essai", export).files[-1].read_text("utf-8-sig")
    assert copy.splitlines()[0] == ";".join(["Service", *CULTURE.codes])
    assert not any(name in copy for name in ("Martin", "Durand", "@"))


def test_a_file_that_stays_where_it_is_is_said_to_name_people(tmp_path, capsys):
    google_forms(tmp_path / "export.csv")
    before = (tmp_path / "export.csv").read_bytes()
    code, out, _ = run(capsys, "new", tmp_path, "--instrument", "culture_securite",
                       "--answers", tmp_path / "export.csv", "--reversed", "as_worded")  # fmt: skip
    assert code == 0
    assert "colonne nominative laissée de côté : « Adresse e-mail »" in out
    assert "« export.csv » garde ces colonnes" in out
    assert (tmp_path / "export.csv").read_bytes() == before


# What the command says


@pytest.mark.parametrize("encoding", ["cp850", "mac-roman"])
def test_the_cure_of_an_encoding_is_an_option(encoding, tmp_path, capsys):
    rows = [["Pédiatrie", *row[CULTURE.codes]] for _, row in ANSWERS.iterrows()]
    path = tmp_path / "export.csv"
    write_csv(path, [["Service", *CULTURE.codes], *rows], ";", encoding)
    arguments = ["new", tmp_path / "essai", "--instrument", "culture_securite", "--answers", path,
                 "--reversed", "as_worded"]  # fmt: skip
    code, _, err = run(capsys, *arguments)
    assert code == 1
    assert f"« --encoding {encoding} » donne « Pédiatrie »" in err
    assert "{file" not in err
    code, out, _ = run(capsys, *arguments, "--encoding", encoding)
    assert code == 0, out


@pytest.mark.parametrize(
    ("option", "given"), [("--sheet", "Feuille 9"), ("--separator", "|"), ("--encoding", "utf-16")]
)
def test_a_wrong_option_is_told_as_an_option(option, given, tmp_path, capsys):
    kobo(tmp_path / "a.csv")
    microsoft_forms(tmp_path / "a.xlsx")
    path = tmp_path / ("a.xlsx" if option == "--sheet" else "a.csv")
    code, _, err = run(capsys, "new", tmp_path / "essai", "--instrument", "culture_securite",
                       "--answers", path, option, given)  # fmt: skip
    assert code == 1
    assert "Traceback" not in err
    assert "« encoding" not in err
    assert "« separator" not in err
    assert "« sheet" not in err


def test_one_facility_is_named_on_the_pages(tmp_path, capsys):
    kobo(tmp_path / "culture.csv")
    arguments = ["new", tmp_path / "essai", "--instrument", "culture_securite",
                 "--answers", tmp_path / "culture.csv", "--reversed", "as_worded"]  # fmt: skip
    _, out, _ = run(capsys, *arguments, "--title", "Enquête 2026")
    assert "établissement non nommé" in out
    _, out, _ = run(capsys, *arguments, "--facility", "CH des Deux Rives", "--replace")
    assert "établissement non nommé" not in out
    scores = read_campaign(tmp_path / "essai" / "campagne.yml").publish().scores
    assert set(scores["facility"]) == {"", "CH des Deux Rives"}
