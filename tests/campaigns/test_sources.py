"""No file a campaign is read from is ever written over, whatever key names it."""

import os
import shutil
from pathlib import Path

import pytest

from qgdr_eval import cli
from qgdr_eval.actions import make_actions, write_plan
from qgdr_eval.campaigns.programme import Programme, load_programme
from qgdr_eval.campaigns.sources import campaign_sources, programme_sources, refuse_overwriting
from qgdr_eval.fictitious.programme import write_demo_programme
from qgdr_eval.press.results import source_fingerprints
from qgdr_eval.problems import Refused
from qgdr_eval.responses.campaign import Campaign
from tests.rounds import AUDIT, write_round

ROWS = ["ONNO", "NNOO", "ONON"] * 4
SERVICES = "établissement;service;effectif\nHôpital fictif;Médecine;40\n"
REFERENCE = "dimension;score\ntrace;60\nidentite;70\n"
OWN = ("campaign", "instrument", "responses")
EVERY = (*OWN, "services", "reference", "evaluation", "plan")
BEFORE, SECOND = "../avant/campagne.yml", "../relecture/campagne.yml"
TEAM = "../equipe/campagne.yml"
LONG_BEFORE = "../jadis/campagne.yml"
FILES = {
    "campaign": "campagne.yml",
    "instrument": "instrument.yml",
    "responses": "reponses.csv",
    "services": "services.csv",
    "reference": "reference.csv",
    "evaluation": "evaluation.csv",
    "plan": "plan.csv",
}
NOT_A_FILE = {"asking", "id", "title", "period", "columns", "coding", "disclosure"}


def write_full(folder: Path, more: str = "") -> Path:
    """A campaign that has every key a file may stand under."""
    keys = (
        "services: services.csv\nplan: plan.csv\nevaluation: evaluation.csv\n"
        "reference: {file: reference.csv, label: Ailleurs, source: tests}\n"
    )
    path = write_round(folder, AUDIT, {"Médecine": ROWS}, keys + more)
    (folder / "services.csv").write_text(SERVICES, encoding="utf-8")
    (folder / "reference.csv").write_text(REFERENCE, encoding="utf-8")
    (folder / "evaluation.csv").write_text("", encoding="utf-8")
    actions = [{"id": "A1", "action": "Relire", "state": "à faire"}]
    write_plan(make_actions(actions), folder / "plan.csv")
    return path


@pytest.fixture(scope="module")
def related(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign with all its relatives: an earlier one that has one too, others beside."""
    base = tmp_path_factory.mktemp("parents")
    write_full(base / "jadis")
    write_full(base / "avant", f"earlier: {LONG_BEFORE}\n")
    write_full(base / "relecture")
    write_full(base / "equipe")
    beside = f"second_reader: {SECOND}\nteam: {TEAM}\n"
    return write_full(base / "c", f"earlier: {BEFORE}\n{beside}")


@pytest.fixture
def campaign(related: Path, tmp_path: Path) -> Path:
    """The same, to be changed at will."""
    shutil.copytree(related.parents[1], tmp_path / "copie")
    return tmp_path / "copie" / "c" / "campagne.yml"


def keys() -> list[tuple[str, str]]:
    """Each file with where it is from the campaign's folder."""
    relatives = {"": ".", f"{BEFORE}:": "../avant", f"{SECOND}:": "../relecture",
                 f"{TEAM}:": "../equipe",
                 f"{BEFORE}:{LONG_BEFORE}:": "../jadis"}  # fmt: skip
    return [
        (f"{prefix}{key}", f"{folder}/{FILES[key]}")
        for prefix, folder in relatives.items()
        for key in EVERY
    ]


def test_every_key_that_may_name_a_file_is_in_the_list(related):
    """A key added to campaigns or programmes one day fails here until somebody decides."""
    known = {*EVERY, "earlier", "second_reader", "team"} - {"campaign"}
    assert set(Campaign.model_fields) - NOT_A_FILE == known
    assert set(Programme.model_fields) - NOT_A_FILE == {
        "campaigns",
        "indicators",
        "national",
        "plan",
    }
    sources = campaign_sources(related)
    registers = {key: path for key, path in sources.items() if key.endswith("publications")}
    assert {path.parent.name for path in registers.values()} == {"publications"}
    assert len(registers) == len(keys()) / len(EVERY)
    files = {key: path.resolve() for key, path in sources.items() if key not in registers}
    assert files == {key: (related.parent / name).resolve() for key, name in keys()}


def test_the_press_takes_its_fingerprints_from_the_same_list(related):
    there = {key for key, path in campaign_sources(related).items() if path.is_file()}
    assert set(source_fingerprints(related)) == there
    assert {key for key, _ in keys()} == there


def score(campaign: Path, out: Path, *more: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["score", str(campaign), "--out", str(out), *more])
    return int(left.value.code or 0)


@pytest.mark.parametrize("key", keys(), ids=[key for key, _ in keys()])
def test_scores_never_replace_a_file_the_campaign_is_read_from(related, key, capsys):
    _, name = key
    target = related.parent / name
    before = target.read_bytes()
    assert score(related, target, "--replace") == 1
    assert "ce fichier sert à la campagne" in capsys.readouterr().err.replace("\u202f", " ")
    assert target.read_bytes() == before


def test_another_way_to_the_same_file_is_the_same_file(campaign, tmp_path):
    answers = campaign.parents[1] / "avant" / "reponses.csv"
    (tmp_path / "lien.csv").symlink_to(answers)
    os.link(answers, tmp_path / "double.csv")
    spelled = campaign.parent / ".." / "avant" / ".." / "avant" / "reponses.csv"
    for out in (spelled, tmp_path / "lien.csv", tmp_path / "double.csv"):
        with pytest.raises(Refused, match="sert à la campagne"):
            refuse_overwriting(campaign, out, replace=True)


def test_a_file_that_is_only_named_is_not_written_either(campaign):
    """The plan somebody means to write there: scores under its name would be read as a plan."""
    (campaign.parent / "plan.csv").unlink()
    with pytest.raises(Refused, match="sert à la campagne"):
        refuse_overwriting(campaign, campaign.parent / "plan.csv")


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """The fictitious programme, to be changed at will."""
    return write_demo_programme(tmp_path / "programme")


def test_scores_never_replace_a_file_of_another_campaign_of_the_programme(programme, capsys):
    campaign = programme.parent / load_programme(programme).campaigns[0]
    ours = {path.resolve() for path in campaign_sources(campaign).values()}
    tables = [path for path in programme_sources(programme).values() if path.suffix == ".csv"]
    others = [path for path in tables if path.is_file() and path.resolve() not in ours]
    assert len({path.parent for path in others}) > 2
    for target in others:
        before = target.read_bytes()
        assert score(campaign, target, "--replace") == 1
        assert "sert au programme" in capsys.readouterr().err
        assert target.read_bytes() == before


def test_a_programme_somebody_is_at_work_on_keeps_its_files_too(programme):
    campaign = programme.parent / load_programme(programme).campaigns[0]
    plan = programme.parent / str(load_programme(programme).plan)
    (programme.parent / str(load_programme(programme).indicators)).unlink()
    with pytest.raises(Refused, match="sert au programme"):
        refuse_overwriting(campaign, plan, replace=True)


@pytest.mark.parametrize("name", ["notes.csv", "scores.xlsx"])
def test_any_other_file_is_replaced_on_demand_only(related, tmp_path, capsys, name):
    out = tmp_path / name
    out.write_text("à moi", encoding="utf-8")
    assert score(related, out) == 1
    told = capsys.readouterr().err.replace("\u202f", " ")
    assert "ce fichier existe déjà" in told
    assert "« --replace »" in told
    assert out.read_text("utf-8") == "à moi"
    assert score(related, out, "--replace") == 0
    assert b"\xc3\xa0 moi" not in out.read_bytes()


def test_a_relative_that_cannot_be_read_is_still_in_the_list(campaign):
    old = campaign.parents[1] / "jadis" / "campagne.yml"
    old.write_text("id: [\n", encoding="utf-8")
    named = f"{BEFORE}:{LONG_BEFORE}:campaign"
    assert campaign_sources(campaign)[named].resolve() == old
    old.unlink()
    assert named in campaign_sources(campaign)


def test_campaigns_that_name_each_other_end(campaign):
    before = campaign.parents[1] / "avant" / "campagne.yml"
    before.write_text(
        before.read_text("utf-8").replace(LONG_BEFORE, "../c/campagne.yml"), encoding="utf-8"
    )
    assert f"{BEFORE}:responses" in campaign_sources(campaign)


def test_every_file_of_the_demonstration_is_a_source_but_what_only_explains_it(tmp_path):
    """A programme names all that was written but the texts that say how to use it."""
    sources = programme_sources(write_demo_programme(tmp_path))
    listed = {path.resolve() for path in sources.values()}
    written = {path.resolve() for path in tmp_path.rglob("*") if path.is_file()}
    secrets = {path for path in written - listed if path.parent.name == "publications"}
    assert {path.suffix for path in secrets} == {".cle"}
    assert {path.suffix for path in written - listed - secrets} <= {".txt", ".md"}
