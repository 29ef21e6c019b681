"""The page of one person from the command line: theirs alone, and nothing of a small team."""

import stat
import sys
from pathlib import Path

import pytest

from qgdr_eval import cli
from qgdr_eval.campaigns.results import store_campaign
from qgdr_eval.press.folder import LOCK, RESULTS
from tests.reading import Page, plain, text_of
from tests.rounds import GROUP, PEOPLE, PERSON, write_round

TEAM = ["4254", "3345", "5254", "2435"] * 5
SAME = ["5533"] * 20  # everybody alike: nothing of it may be shown


def run(capsys, *arguments) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), plain(out), plain(err)


def both(folder: Path, own: dict[str, list[str]], team: list[str]) -> tuple[Path, Path]:
    """The campaigns of leaders, by service, and of the team of service A."""
    mine = write_round(folder / "moi", PERSON, own)
    return mine, write_round(folder / "equipe", PEOPLE, {"A": team})


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_page_is_written_and_nothing_else_is(capsys, tmp_path):
    own, team = both(tmp_path / "c", {"A": ["5533"]}, TEAM)
    before, out = files(tmp_path), tmp_path / "prive" / "page.html"
    code, told, err = run(capsys, "self", own, team, "--out", out, "--date", "2026-03-31")
    assert (code, err) == (0, "")
    assert "pour vous seul" in told
    assert files(tmp_path).keys() - before.keys() == {out}  # neither ledger nor register
    assert {path: content for path, content in files(tmp_path).items() if path != out} == before
    page = out.read_text("utf-8")
    assert "Page personnelle" in text_of(page)
    assert "31 mars 2026" in text_of(page)
    assert {"script", "link", "iframe"} & set(Page(page).tags) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_the_page_is_for_its_owner_alone(capsys, tmp_path):
    own, team = both(tmp_path, {"A": ["5533"]}, TEAM)
    assert run(capsys, "self", own, team, "--out", tmp_path / "page.html")[0] == 0
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o600


@pytest.mark.parametrize("under", ["", "services", "services/autre"])
@pytest.mark.parametrize("left", [LOCK, RESULTS], ids=["a run that was killed", "results"])
def test_it_never_enters_a_folder_that_others_are_given(left, under, capsys, tmp_path):
    own, team = both(tmp_path, {"A": ["5533"]}, TEAM)
    folder = tmp_path / "rapports"
    (folder / left).parent.mkdir(parents=True)
    if left == RESULTS:
        store_campaign(str(team), folder / RESULTS)
    else:
        (folder / LOCK).touch()
    out = folder / under / "page.html"
    code, told, err = run(capsys, "self", own, team, "--out", out, "--replace")
    assert (code, told) == (1, "")
    assert "ce dossier contient des rapports que d'autres reçoivent" in err
    assert not out.exists()


@pytest.mark.parametrize("team", [TEAM[:9], ["1115"] * 3, SAME])
def test_a_team_that_is_hidden_is_refused_and_said(team, capsys, tmp_path):
    own, theirs = both(tmp_path, {"A": ["5533"]}, team)
    code, told, err = run(capsys, "self", own, theirs, "--out", tmp_path / "page.html")
    assert (code, told) == (1, "")
    assert err.startswith("equipe : les résultats de l'équipe « A » ne sont pas montrés")
    assert "→ attendez d'autres réponses" in err
    assert "Traceback" not in err
    assert not (tmp_path / "page.html").exists()


def test_several_positions_are_never_guessed_between(capsys, tmp_path):
    own, team = both(tmp_path, {"B": ["1133"], "A": ["5533"]}, TEAM)
    out = tmp_path / "page.html"
    code, _, err = run(capsys, "self", own, team, "--out", out)
    assert code == 1
    assert "contient 2 positions" in err
    assert "« --service » : « B » et « A »" in err
    assert run(capsys, "self", own, team, "--out", out, "--service", "A")[0] == 0
    assert "100/100" in text_of(out.read_text("utf-8"))


@pytest.mark.parametrize(
    ("instruments", "out", "told"),
    [
        ((PEOPLE, PEOPLE), "page.html", "ne sont pas celles d'un responsable et de son équipe"),
        ((GROUP, PEOPLE), "page.html", "ne sont pas celles d'un responsable et de son équipe"),
        ((PERSON, PEOPLE), "page.pdf", "une page se termine par « .html »"),
        ((PERSON, PEOPLE), "deja.html", "ce fichier existe déjà"),
        ((PERSON, PEOPLE), "moi/campagne.yml", "une page se termine par « .html »"),
    ],
)
def test_what_cannot_be_written_is_told_with_its_cure(instruments, out, told, capsys, tmp_path):
    rows = {PEOPLE: TEAM, GROUP: ["5533"], PERSON: ["5533"]}
    own, team = (
        write_round(tmp_path / name, instrument, {"A": rows[instrument]})
        for name, instrument in zip(("moi", "equipe"), instruments, strict=True)
    )
    (tmp_path / "deja.html").write_text("", encoding="utf-8")
    before = files(tmp_path)
    code, said, err = run(capsys, "self", own, team, "--out", tmp_path / out)
    assert (code, said) == (1, "")
    assert told in err
    assert "\n    → " in err
    assert files(tmp_path) == before


@pytest.mark.parametrize("which", [0, 1])
def test_a_programme_or_a_missing_file_is_told(which, capsys, tmp_path):
    given = list(both(tmp_path, {"A": ["5533"]}, TEAM))
    given[which] = tmp_path / "nulle-part.yml"
    code, _, err = run(capsys, "self", *given, "--out", tmp_path / "page.html")
    assert code == 1
    assert "nulle-part.yml" in err
    given[which].write_text("id: p\ncampaigns: [a.yml]\n", encoding="utf-8")
    code, _, err = run(capsys, "self", *given, "--out", tmp_path / "page.html")
    assert code == 1
    assert "c'est un programme" in err
