"""One edition from the command line."""

from pathlib import Path

import pytest

from qgdr_eval.cli import main
from tests.editions.documents import title_of, words_of
from tests.press.campaigns import Small, write_small
from tests.reading import plain


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return write_small(tmp_path / "campagne")


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


def edition(small: Small, out: Path, *more: object) -> int:
    return run("edition", small.file, "--edition", "une_page", "--out", out, *more)


def test_it_is_written_of_the_service_that_is_named(small, tmp_path, capsys):
    out = tmp_path / "reunion.pdf"
    place = ("--facility", "EHPAD fictif", "--service", "Médecine", "--date", "2026-03-31")
    assert edition(small, out, *place) == 0
    assert "Une page pour la réunion d'équipe" in plain(capsys.readouterr().out)
    document = out.read_bytes()
    assert "Médecine – EHPAD fictif" in title_of(document)
    assert "31 mars 2026" in words_of(document)


def test_what_was_not_published_is_a_draft(small, tmp_path, capsys):
    out = tmp_path / "reunion.pdf"
    assert edition(small, out) == 0
    assert "brouillon" in capsys.readouterr().out
    assert "Brouillon, à ne pas diffuser" in words_of(out.read_bytes())
    small.print()
    assert edition(small, out, "--replace") == 0
    assert "brouillon" not in capsys.readouterr().out
    assert "Brouillon" not in words_of(out.read_bytes())


@pytest.mark.parametrize(
    ("name", "said"), [("reunion.txt", "une édition est un PDF"), ("ici.pdf", "existe déjà")]
)
def test_a_file_it_may_not_write_is_refused(small, tmp_path, capsys, name, said):
    (tmp_path / "ici.pdf").write_bytes(b"autre")
    assert edition(small, tmp_path / name) == 1
    assert said in plain(capsys.readouterr().err)
    assert (tmp_path / "ici.pdf").read_bytes() == b"autre"


def test_a_campaign_is_printed_with_its_editions(small, tmp_path, capsys):
    out = tmp_path / "rapports"
    asked = ("--editions", "affiche, une_page", "--jobs", "0")
    assert run("report", small.file, "--out", out, *asked) == 0
    assert len(list(out.glob("editions/*/*.pdf"))) == 8
    assert run("verify", out) == 0
