"""`qgdr check` reads all that `qgdr report` reads, and tells whoever holds the answers."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from qgdr_eval import cli
from qgdr_eval.actions import read_plan
from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.checking.check import check_path
from qgdr_eval.instruments.referential import read_referential
from qgdr_eval.press import print_campaign, print_programme, verify_folder
from qgdr_eval.press.parameters import declared_parameters
from qgdr_eval.problems import Refused
from qgdr_eval.shipped import shipped

CASES = Path(__file__).parent / "responses" / "cases"


def plain(text: object) -> str:
    return str(text).replace("\u202f", " ").replace("\xa0", " ")


NO_HEAD_COUNT = (
    "campagne, services : aucun effectif n'est donné : pas de taux de participation, et des "
    "intervalles plus larges qu'il ne faut"
)


def all_told(path: Path) -> list[str]:
    return [plain(f"{one.where} : {one.what}") for one in check_path(path).problems]


def told(path: Path) -> list[str]:
    """What is told beside the head counts, which these small campaigns do not give."""
    return [one for one in all_told(path) if NO_HEAD_COUNT not in one]


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A small campaign, to be changed."""
    shutil.copytree(CASES / "categorie-de-deux-personnes", tmp_path / "essai")
    return tmp_path / "essai" / "campagne.yml"


def changed(campaign: Path, **keys: Any) -> Path:
    """The campaign with some keys more."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in keys.items()]
    kept = [line for line in campaign.read_text(encoding="utf-8").splitlines()
            if line.partition(":")[0] not in keys]  # fmt: skip
    campaign.write_text("\n".join([*kept, *lines, ""]), encoding="utf-8")
    return campaign


# Head counts


def test_head_counts_nobody_gave_are_told_with_what_is_lost(short: Path) -> None:
    services = [*map(str, read_campaign(short).answers.roster["service"])]
    assert NO_HEAD_COUNT in all_told(short)
    changed(short, services=services)
    assert NO_HEAD_COUNT in all_told(short)
    assert check_path(short).accepted
    changed(short, services=[{"service": services[0], "head_count": 400}, *services[1:]])
    assert NO_HEAD_COUNT not in all_told(short)


# Classes too small to be shown


def test_a_class_of_two_is_told_to_whoever_holds_the_answers(short: Path, tmp_path: Path) -> None:
    assert told(short) == [
        "campagne, répartition « profession » : « Psychologue » (2) : sous 10 réponses ; "
        "cette répartition ne sera montrée nulle part"
    ]
    print_campaign(short, tmp_path / "rapports", jobs=0, report_date="2026-11-01")
    pages = [page.read_text(encoding="utf-8") for page in (tmp_path / "rapports").rglob("*.html")]
    assert not any("Psychologue" in page for page in pages)
    assert sum("répartition n’est montrée nulle part" in page for page in pages) == 1
    named = "ne peuvent pas être montrés sans désigner quelqu’un"  # on the page of the service
    assert sum(named in page for page in pages) == 1
    assert verify_folder(tmp_path / "rapports").problems == ()


def with_professions(campaign: Path, *names: str) -> Path:
    """The campaign, its rows being given professions in turn, ten at a time for the first ones."""
    table = campaign.parent / "reponses.csv"
    head, *rows = table.read_text(encoding="utf-8-sig").splitlines()
    cells = [row.split(";") for row in rows]
    for at, row in enumerate(cells):
        row[1] = names[min(at // 20, len(names) - 1)]
    table.write_text("\n".join([head, *map(";".join, cells), ""]), encoding="utf-8")
    return campaign


def test_classes_that_are_large_enough_are_not_told(short: Path) -> None:
    assert told(with_professions(short, "Infirmier", "Médecin")) == []


def test_a_campaign_with_a_lower_minimum_tells_fewer_classes(short: Path) -> None:
    with_professions(short, "A", "B", "C", "D")  # 20, 20, 20, 2
    assert "« D » (2) : sous 10 réponses" in told(short)[0]
    text = short.parent / "reponses.csv"
    text.write_text(text.read_text("utf-8").replace(";D;", ";C;"), encoding="utf-8")
    assert told(changed(short, disclosure={"minimum": 5})) == []


def test_every_small_class_is_named_with_its_number(short: Path) -> None:
    lines = (short.parent / "reponses.csv").read_text("utf-8-sig").splitlines()
    lines[1] = lines[1].replace("Infirmier", "Sage-femme")
    (short.parent / "reponses.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    [warning] = told(short)
    assert "« Psychologue » (2) et « Sage-femme » (1)" in warning


# Programmes


def test_a_programme_of_indicators_alone_is_a_programme(tmp_path: Path) -> None:
    shutil.copytree(CASES / "programme-sans-campagne", tmp_path / "p")
    path = tmp_path / "p" / "programme.yml"
    verdict = check_path(path)
    assert verdict.accepted
    assert plain(verdict.summary[0]) == "indicateurs.csv : 9 valeurs"
    outcome = print_programme(path, tmp_path / "r", jobs=0, report_date="2026-11-01")
    assert (outcome.made, outcome.failed) == (1, [])
    assert verify_folder(tmp_path / "r").problems == ()
    assert "campagne" not in re.sub("<style.*?</style>", "", index(tmp_path / "r"), flags=re.S)


def index(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("keys", ["plan: plan.csv\n", "indicators: i.csv\nplan: plan.csv\n"])
def test_a_plan_may_make_a_programme(keys: str, tmp_path: Path) -> None:
    shutil.copy(CASES / "programme-sans-campagne" / "indicateurs.csv", tmp_path / "i.csv")
    (tmp_path / "plan.csv").write_text("Identifiant;Action;État\n", encoding="utf-8")
    (tmp_path / "programme.yml").write_text(f"id: p\ntitle: P\nperiod: '2026'\n{keys}", "utf-8")
    assert "questionnaire" not in plain(check_path(tmp_path / "programme.yml"))


def test_a_programme_that_follows_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.yml").write_text("id: p\ntitle: P\nperiod: '2026'\ncampaigns: []\n", "utf-8")
    assert told(tmp_path / "p.yml") == ["p.yml, ligne 1 : ce programme ne suit rien"]


def test_one_wrong_word_is_told_once_with_its_rows() -> None:
    assert told(CASES / "indicateur-mot-repete" / "programme.yml") == [
        "indicateurs.csv, ligne 2, colonne « famille » : "
        "« recommandation » n'est pas connu (lignes 2 à 37)",
        "indicateurs.csv, ligne 38, colonne « numérateur » : 41 sur 40 : plus que le tout",
    ]


# What only the report used to read


def with_notebook(campaign: Path) -> Path:
    (campaign.parent / "notebooks").mkdir()
    source = json.loads((shipped("notebooks") / "20_service.ipynb").read_text(encoding="utf-8"))
    source["cells"] = source["cells"][:1]
    text = json.dumps(source)
    (campaign.parent / "notebooks" / "20_service.ipynb").write_text(text, encoding="utf-8")
    return campaign


def test_a_notebook_beside_a_campaign_is_read(short: Path) -> None:
    assert any("aucune cellule ne porte" in one for one in told(with_notebook(short)))


@pytest.mark.parametrize("key", ["earlier", "second_reader"])
def test_campaigns_a_campaign_names_are_read(key: str, short: Path) -> None:
    shutil.copytree(short.parent, short.parent / "avant")
    (short.parent / "avant" / "reponses.csv").write_text("Service;E1\nBloc;4\n", encoding="utf-8")
    problems = told(changed(short, **{key: "avant/campagne.yml"}))
    assert any(one.startswith("avant/reponses.csv") for one in problems)


def test_national_values_of_no_indicator_are_told(tmp_path: Path) -> None:
    shutil.copytree(CASES / "programme-sans-campagne", tmp_path / "p")
    (tmp_path / "p" / "national.csv").write_text("indicateur;valeur\nAutre;4\n", encoding="utf-8")
    path = tmp_path / "p" / "programme.yml"
    path.write_text(path.read_text("utf-8") + "\nnational: national.csv\n", encoding="utf-8")
    assert any("aucun de ces indicateurs n'est dans le tableau" in one for one in told(path))


# Files that are elsewhere, or no files


def test_files_outside_the_folder_are_named(short: Path, tmp_path: Path) -> None:
    with_professions(short, "Infirmier", "Médecin")
    shutil.move(short.parent / "reponses.csv", tmp_path / "ailleurs.csv")
    assert told(changed(short, responses="../ailleurs.csv")) == [
        f"campagne.yml : lu hors de ce dossier : « {(tmp_path / 'ailleurs.csv').resolve()} »"
    ]


@pytest.mark.parametrize("name", ["reponses.csv", "campagne.yml", "instrument.yml", "services.csv"])
def test_a_pipe_is_refused_and_not_waited_for(name: str, short: Path) -> None:
    if name == "services.csv":
        changed(short, services=name)
    (short.parent / name).unlink(missing_ok=True)
    os.mkfifo(short.parent / name)
    assert not check_path(short).accepted


@pytest.mark.parametrize("key", ["responses", "services", "plan", "earlier", "instrument"])
def test_a_name_no_system_accepts_is_refused(key: str, short: Path) -> None:
    verdict = check_path(changed(short, **{key: "x" * 300}))
    assert not verdict.accepted


# Damaged files


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("2100/plan.xlsx", read_plan),
        ("1169/referentiel.xlsx", read_referential),
        ("918/referentiel.xlsx", read_referential),
        ("93/carnet.ipynb", declared_parameters),
    ],
)
def test_a_damaged_file_is_refused_with_its_name_and_a_cure(name: str, read: Any) -> None:
    with pytest.raises(Refused) as refused:
        read(CASES / "entrees-abimees" / name)
    [problem] = refused.value.problems
    assert problem.file == Path(name).name
    assert problem.what
    assert problem.cure


def test_a_cell_far_away_is_named() -> None:
    with pytest.raises(Refused, match="loin des autres, «\u202fKN60000\u202f»"):
        read_plan(CASES / "entrees-abimees" / "2100" / "plan.xlsx")


def test_a_damaged_campaign_is_refused() -> None:
    verdict = check_path(CASES / "entrees-abimees" / "1091" / "campagne.yml")
    assert [plain(one.what) for one in verdict.problems] == ["nom de fichier impossible"]


def test_a_breakdown_shown_nowhere_is_told_by_the_scores_too(short: Path, tmp_path: Path, capsys):
    def scored() -> str:
        with pytest.raises(SystemExit) as left:
            cli.main(
                ["score", str(short), "--out", str(tmp_path / "s.csv"), "--draft", "--replace"]
            )
        assert not left.value.code
        return plain(capsys.readouterr().out)

    said = "Résultats par catégorie de répondants : cette répartition n'est montrée nulle part."
    assert said in scored()
    with_professions(short, "Infirmier", "Médecin")
    assert said not in scored()


def test_empty_cells_are_a_class_too(short: Path) -> None:
    with_professions(short, "Infirmier", "Médecin", "Médecin", "")
    assert "cellule vide (2) : sous 10 réponses" in told(short)[0]


def test_many_small_classes_are_not_all_named(short: Path) -> None:
    with_professions(short, "A", "B")
    table = short.parent / "reponses.csv"
    head, *rows = table.read_text("utf-8").splitlines()
    cells = [row.split(";") for row in rows]
    for rank, row in enumerate(cells):
        row[1] = f"métier {rank}"
    table.write_text("\n".join([head, *map(";".join, cells), ""]), encoding="utf-8")
    [warning] = told(short)
    assert "et 54 autres" in warning
