"""Files to start from: a whole fictitious programme, the same bytes whenever it is written."""

import re
import zipfile
from pathlib import Path

import pytest

from qgdr_eval.actions import read_plan
from qgdr_eval.campaigns.programme import load_programme
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.fictitious.culture import HOSPITAL
from qgdr_eval.fictitious.programme import HELD, PROMISED
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.report import open_report
from qgdr_eval.responses import load_campaign
from qgdr_eval.starting import start_demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """To be read, never changed."""
    folder = tmp_path_factory.mktemp("essai")
    start_demo(folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_demonstration_is_the_same_each_time(demo, tmp_path):
    written = start_demo(tmp_path)
    assert files(tmp_path) == files(demo)
    assert {path.relative_to(tmp_path).as_posix() for path in written} == set(files(demo))
    assert start_demo(tmp_path) == written


def test_its_workbook_does_not_say_when_it_was_written(demo):
    """Two moments a second apart would give two files, and the second demo would be refused."""
    with zipfile.ZipFile(demo / "plan.xlsx") as book:
        assert {part.date_time for part in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = book.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", properties)) == {"2026-01-01T00:00:00Z"}
    assert len(read_plan(demo / "plan.xlsx").actions) > len(PROMISED)


def test_everything_the_programme_names_is_there_and_said(demo):
    programme = load_programme(demo / "programme.yml")
    ids = [load_campaign(demo / name).id for name in programme.campaigns]
    assert len(set(ids)) == len(ids) == 9
    read_me = (demo / "LISEZMOI.txt").read_text("utf-8")
    for name in {name.split("/")[0] for name in files(demo)} - {"LISEZMOI.txt"}:
        assert name in read_me, name


@pytest.mark.parametrize(("name", "promised"), [*zip(HELD, PROMISED, strict=True)])
def test_what_was_promised_is_measured_by_the_second_round(demo, name, promised):
    report = open_report(str(demo / name / "campagne.yml"), HOSPITAL, promised["service"])
    (row,) = rows_of(report.promises)
    assert row.id == promised["id"]
    assert bool(row.done)
    assert row.verdict in ("improved", "not_established")


def test_what_somebody_changed_is_never_lost(tmp_path):
    start_demo(tmp_path)
    changed = [tmp_path / "programme.yml", tmp_path / "leadership" / "2026" / "campagne.yml"]
    for path in changed:
        path.write_text("id: la_mienne\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        start_demo(tmp_path)
    assert {problem.file for problem in refused.value.problems} == set(map(str, changed))
    assert all(path.read_text("utf-8") == "id: la_mienne\n" for path in changed)
    start_demo(tmp_path, replace=True)
    assert load_programme(tmp_path / "programme.yml").id == "programme_demonstration"
