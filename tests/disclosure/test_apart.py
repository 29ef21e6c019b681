"""One set of answers is never cut in two ways by the campaigns of a programme."""

import shutil
from pathlib import Path

import pytest

from qgdr_eval.campaigns.apart import check_apart
from qgdr_eval.checking.check import check_path
from qgdr_eval.press import print_programme
from qgdr_eval.problems import Refused
from tests.press.campaigns import INSTRUMENT, Small, read_rows, write_rows, write_small

PROGRAMME = "id: p\ntitle: P\nperiod: '2026'\ncampaigns: [une/campagne.yml, autre/campagne.yml]\n"
ITEMS = 12


def long_instrument(id: str = "petit") -> str:
    """The small questionnaire with twelve items, none reversed."""
    head = INSTRUMENT.split("items:\n")[0].replace("id: petit", f"id: {id}")
    items = [
        f"  - {{code: Q{i}, text: question {i}, dimension: {'ecoute' if i % 2 else 'suites'}, "
        "scale: accord}\n"
        for i in range(1, ITEMS + 1)
    ]
    return f"{head}items:\n{''.join(items)}"


def answers_of(seed: int, rows: int, *, identified: bool) -> list[list[str]]:
    """Answers nobody else gives, in two services."""
    kept = [["Identifiant", "Établissement", "Service", *(f"Q{i}" for i in range(1, ITEMS + 1))]]
    for rank in range(rows):
        codes = [str(1 + ((seed + rank) * 7919 // 5**i + i) % 5) for i in range(ITEMS)]
        place = ["EHPAD fictif", "Médecine" if rank % 2 else "Chirurgie"]
        kept.append([f"{seed}-{rank}" if identified else "", *place, *codes])
    return kept


def campaign(folder: Path, name: str, rows: list[list[str]], instrument: str = "petit") -> Small:
    small = write_small(folder / name, (("EHPAD fictif", "Médecine", 90, 0),))
    small.edit("campagne.yml", "id: petite", f"id: {name}")
    small.edit("campagne.yml", "services: services.csv\n", "")
    small.edit("campagne.yml", "reference: {file: reference.csv, label: Moyenne régionale, ", "")
    small.edit("campagne.yml", 'source: "tests, 2026"}\n', "")
    (folder / name / "instrument.yml").write_text(long_instrument(instrument), encoding="utf-8")
    write_rows(folder / name / "reponses.csv", rows)
    return small


def programme(folder: Path) -> Path:
    (folder / "programme.yml").write_text(PROGRAMME, encoding="utf-8")
    return folder / "programme.yml"


def found(folder: Path) -> list[str]:
    return [
        problem.what for problem in check_apart(folder, ["une/campagne.yml", "autre/campagne.yml"])
    ]


def test_two_campaigns_on_one_file_are_refused_by_check_and_by_report(tmp_path):
    rows = answers_of(1, 30, identified=True)
    campaign(tmp_path, "une", rows)
    other = campaign(tmp_path, "autre", rows)
    other.edit("campagne.yml", "responses: reponses.csv", "responses: ../une/reponses.csv")
    other.edit("campagne.yml", "service: Service, subject: Identifiant", "service: Identifiant")
    path = programme(tmp_path)
    verdict = check_path(path)
    assert not verdict.accepted
    assert "le même fichier de réponses" in str(verdict)
    with pytest.raises(Refused, match="le même fichier de réponses") as refused:
        print_programme(path, tmp_path / "rapports", jobs=0)
    assert refused.value.problems[0].file == "programme.yml"
    assert not (tmp_path / "rapports").exists()


@pytest.mark.parametrize("copied", [True, False])
def test_a_copy_of_the_file_is_the_same_file(tmp_path, copied):
    rows = answers_of(1, 30, identified=False)
    campaign(tmp_path, "une", rows)
    campaign(tmp_path, "autre", answers_of(500, 30, identified=False))
    if copied:
        shutil.copy(tmp_path / "une" / "reponses.csv", tmp_path / "autre" / "reponses.csv")
    assert bool(found(tmp_path)) is copied


@pytest.mark.parametrize(
    ("shared", "identified", "refused"),
    [(5, False, True), (4, False, False), (5, True, True), (4, True, False), (0, True, False)],
)
def test_five_returns_alike_are_the_same_answers(tmp_path, shared, identified, refused):
    rows = answers_of(1, 30, identified=identified)
    others = answers_of(500, 30, identified=identified)
    campaign(tmp_path, "une", rows)
    campaign(tmp_path, "autre", [*others, *rows[1 : shared + 1]])
    assert bool(found(tmp_path)) is refused


def test_the_same_answer_everywhere_is_not_counted(tmp_path):
    straight = [["", "EHPAD fictif", "Médecine", *(["4"] * ITEMS)] for _ in range(9)]
    campaign(tmp_path, "une", answers_of(1, 30, identified=False) + straight)
    campaign(tmp_path, "autre", answers_of(500, 30, identified=False) + straight)
    assert found(tmp_path) == []


def test_a_few_answers_alike_are_chance_unless_somebody_is_the_same(tmp_path):
    few = [["", "EHPAD fictif", "Médecine", *"1234512", *([""] * 5)] for _ in range(9)]
    named = [[f"nom-{i}", *row[1:]] for i, row in enumerate(few)]
    for rows, refused in ((few, False), (named, True)):
        folder = tmp_path / str(refused)
        campaign(folder, "une", answers_of(1, 30, identified=False) + rows)
        campaign(folder, "autre", answers_of(500, 30, identified=False) + rows)
        assert bool(found(folder)) is refused


def test_returns_out_of_order_in_another_file_are_found(tmp_path):
    head, *rows = answers_of(1, 30, identified=False)
    moved = [[*row[:2], "Nuit", *row[3:]] for row in rows[::-1]]
    campaign(tmp_path, "une", [head, *rows])
    campaign(tmp_path, "autre", [head, *moved])
    assert "30" in found(tmp_path)[0]


def test_one_file_serves_two_questionnaires_cut_alike(tmp_path):
    rows = answers_of(1, 30, identified=True)
    campaign(tmp_path, "une", rows)
    other = campaign(tmp_path, "autre", rows, instrument="autre_questionnaire")
    other.edit("campagne.yml", "responses: reponses.csv", "responses: ../une/reponses.csv")
    assert found(tmp_path) == []
    other.edit(
        "campagne.yml", "facility: Établissement, service: Service", "service: Établissement"
    )
    assert "en services différents" in found(tmp_path)[0]


def test_records_may_be_read_twice(tmp_path):
    rows = answers_of(1, 30, identified=True)
    for name in ("une", "autre"):
        small = campaign(tmp_path, name, rows)
        small.edit("instrument.yml", "subject: respondent", "subject: record")
    assert found(tmp_path) == []
    assert len(read_rows(tmp_path / "une" / "reponses.csv")) == 31
