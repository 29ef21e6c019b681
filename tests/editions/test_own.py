"""An edition of somebody's own: its logo, its mistakes said in French, all of them at once."""

import shutil
from pathlib import Path

import pytest

from qgdr_eval.editions import open_edition, print_edition
from qgdr_eval.problems import Refused
from tests.editions.documents import structure_of, words_of
from tests.reading import plain

DAY = "2026-11-16"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/>'
    "</svg>"
)
BAD = """
id: Affiche
title: Affiche de la région
reader: les équipes
subjects: [respondent, record]
parts: [messages, profil]
most: {questions: 3}
sheets: beaucoup
couleur: bleu
logo: {file: absent.svg}
words:
  what: {respondent: "Ce que l'équipe a répondu."}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the poster, to be changed at will."""
    return Path(shutil.copytree(open_edition("affiche").folder, tmp_path / "affiche_region"))


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        open_edition(str(folder))
    return [plain(problem) for problem in refused.value.problems]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_region_writes_its_own_words_with_its_logo(own, team):
    (own / "logo.svg").write_text(LOGO, encoding="utf-8")
    edit(
        own / "edition.yml", "sheets: 1", 'sheets: 1\nlogo: {file: logo.svg, alternative: "Région"}'
    )
    edit(own / "edition.yml", "next: Ce que nous faisons", "next: Nos engagements")
    document = print_edition(team, open_edition(str(own)), DAY)
    assert "Nos engagements" in words_of(document)
    assert ("Figure", "Région") in structure_of(document)


def test_every_mistake_is_said_at_once_and_in_french(own):
    (own / "edition.yml").write_text(BAD, encoding="utf-8")
    edit(own / "edition.typ", "#import", '#import "@preview/cetz:0.3.0"\n#import')
    told = "\n".join(problems_of(own))
    for place in ("id", "parts", "most", "sheets", "couleur", "logo › file", "alternative", "what"):
        assert place in told, place
    assert "jamais un paquet" in told
    assert "Traceback" not in told


def test_a_folder_without_template_is_refused(own):
    (own / "edition.typ").unlink()
    assert problems_of(own) == [
        "edition.typ : gabarit introuvable\n    → mettez « edition.typ » dans ce dossier"
    ]


@pytest.mark.parametrize(
    "line",
    ['#import "/etc/x.typ"', '#include "autre.typ"', '#eval("1")', "#import values.head.service"],
)
def test_a_template_calls_nothing_but_ours(own, line):
    edit(own / "edition.typ", "#show: sheet", f"{line}\n#show: sheet")
    (told,) = problems_of(own)
    assert told.startswith("edition.typ, ligne 2")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#figure(rect())", "une figure n'a pas de texte de remplacement"),
        ("#words.absent", "le gabarit ne se compile pas"),
        ("#let x =", "le gabarit ne se compile pas"),
        ('#read("/etc/hostname")', "le gabarit ne se compile pas"),
    ],
)
def test_what_does_not_compile_is_said_at_its_line(own, team, line, said):
    edit(own / "edition.typ", "#masthead()", f"#masthead()\n{line}")
    with pytest.raises(Refused) as refused:
        print_edition(team, open_edition(str(own)), DAY)
    (problem,) = refused.value.problems
    assert plain(problem.what).startswith(said)
    assert problem.file == "edition.typ"
    assert problem.line


def test_an_edition_that_outgrows_its_sheets_is_refused(own, team):
    edit(own / "edition.typ", "#masthead()", "#masthead()\n#pagebreak()")
    with pytest.raises(Refused, match="prend 2"):
        print_edition(team, open_edition(str(own)), DAY)


def test_an_unknown_edition_is_answered_with_those_there_are():
    (told,) = problems_of(Path("afiche"))
    assert "affiche" in told


def test_a_change_of_any_file_changes_the_fingerprint(own):
    before = open_edition(str(own)).fingerprint
    edit(own / "edition.typ", "#masthead()", "#masthead() ")
    assert open_edition(str(own)).fingerprint != before
