"""`qgdr aggregate`, `qgdr merge`, `qgdr check`: what a technician reads, and exit codes."""

import json
from pathlib import Path

import pytest

from qgdr_eval import cli
from qgdr_eval.fictitious import write_demo
from qgdr_eval.region import STORED, Sent
from tests.region.files import Country, settle, tamper

Told = pytest.CaptureFixture[str]


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([str(one) for one in arguments])
    return int(left.value.code or 0)


@pytest.fixture
def country(tmp_path: Path) -> Country:
    return settle(tmp_path / "region", 6)


def merge(country: Country, *more: str) -> int:
    out = country.folder.parent / "pages"
    return run("merge", country.region, *country.files, "--out", out, *more)


def test_from_a_campaign_to_the_page_of_its_region(tmp_path: Path, capsys: Told) -> None:
    campaign = write_demo(tmp_path / "essai")
    sent, key = tmp_path / "essai.json", tmp_path / "essai.key"
    assert run("aggregate", campaign, "--out", sent, "--sign-key", key) == 0
    public = capsys.readouterr().out.split()[-1]
    read = Sent.read(sent.read_bytes())
    names = json.dumps([one.name for one in read.facilities], ensure_ascii=False)
    region = tmp_path / "region.yml"
    region.write_text(
        "id: essai\ntitle: Essai\nperiod: 2026\ninstrument: culture_securite\n"
        f"versions: [{read.version}]\nsince: 2020-01-01\nuntil: 2099-12-31\nkeys:\n"
        f"  - {{key: {public}, facilities: {names}}}\n",
        encoding="utf-8",
    )
    assert run("merge", region, sent, "--out", tmp_path / "pages") == 0
    assert "1\xa0fichier réuni, 0\xa0fichier écarté" in capsys.readouterr().out
    page = (tmp_path / "pages" / "region.html").read_text("utf-8")
    assert read.facilities[0].name.replace("'", "’") in page
    assert "il faut au moins 10 établissements" in page


def test_a_file_set_aside_stops_nothing_and_is_told(country: Country, capsys: Told) -> None:
    tamper(country, 3)
    assert merge(country) == 0
    told = capsys.readouterr().err
    assert "03.json" in told
    assert "5\xa0fichiers réunis, 1\xa0fichier écarté" in told
    pages = country.folder.parent / "pages"
    assert "03.json" in (pages / "region.html").read_text("utf-8")
    assert len(list((pages / "etablissements").iterdir())) == 5


def test_strict_leaves_with_one_when_a_file_is_set_aside(country: Country) -> None:
    assert merge(country, "--strict") == 0
    tamper(country, 3)
    assert merge(country, "--strict") == 1


def test_who_is_no_more_merged_loses_its_page(country: Country) -> None:
    merge(country)
    country.file(5).unlink()
    merge(country)
    assert len(list((country.folder.parent / "pages" / "etablissements").iterdir())) == 5


def test_pages_go_into_no_folder_of_others(country: Country, capsys: Told) -> None:
    out = country.folder.parent / "pages"
    out.mkdir()
    (out / "notes.txt").write_text("les miennes")
    assert merge(country) == 1
    assert "notes.txt" in capsys.readouterr().err
    assert not (out / STORED).exists()


def test_the_same_files_give_the_same_pages(country: Country) -> None:
    out = country.folder.parent / "pages"
    merge(country, "--date", "2026-11-16")
    first = {path: path.read_bytes() for path in out.rglob("*.*")}
    merge(country, "--date", "2026-11-16")
    assert {path: path.read_bytes() for path in out.rglob("*.*")} == first


def test_check_reads_a_region(country: Country, capsys: Told) -> None:
    assert run("check", country.region) == 0
    assert "6\xa0établissements" in capsys.readouterr().out
