"""The museum of broken files: one folder a failure, with the exact text its author will read.

Every exhibit starts from the file of the same name in ``valid/`` and breaks something in it.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from qgdr_eval.checking.examples import check_examples
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import load_campaign

HERE = Path(__file__).parent
VALID = HERE / "valid"
Agrees = Callable[[Path, str], None]


def exhibits(kind: str) -> list[str]:
    return sorted(folder.name for folder in (HERE / kind).iterdir())


def told(problems: Iterable[Problem]) -> str:
    return "".join(f"{problem}\n" for problem in problems)


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_instrument(VALID)


def test_the_valid_files_are_valid(instrument: Instrument) -> None:
    assert instrument.codes == ["A1", "A2", "E1"]
    assert load_campaign(VALID / "campagne.yml").disclosure.minimum == 10
    assert check_examples(instrument, VALID / "exemples.yml") == []


@pytest.mark.parametrize("failure", exhibits("instruments"))
def test_a_broken_instrument_is_refused(failure: str, agrees: Agrees) -> None:
    folder = HERE / "instruments" / failure
    with pytest.raises(Refused) as refused:
        load_instrument(folder)
    assert f"{refused.value}\n" == told(refused.value.problems)
    agrees(folder / "expected.txt", told(refused.value.problems))


@pytest.mark.parametrize("failure", exhibits("campaigns"))
def test_a_broken_campaign_is_refused(failure: str, agrees: Agrees) -> None:
    folder = HERE / "campaigns" / failure
    with pytest.raises(Refused) as refused:
        load_campaign(folder / "campagne.yml")
    agrees(folder / "expected.txt", told(refused.value.problems))


@pytest.mark.parametrize("failure", exhibits("examples"))
def test_broken_examples_are_told(failure: str, instrument: Instrument, agrees: Agrees) -> None:
    folder = HERE / "examples" / failure
    try:
        problems: Iterable[Problem] = check_examples(instrument, folder / "exemples.yml")
    except Refused as refused:
        problems = refused.problems
    agrees(folder / "expected.txt", told(problems))
    assert problems


@pytest.mark.parametrize("kind", ["instruments", "campaigns"])
def test_problems_come_by_line_and_with_a_cure(kind: str) -> None:
    for failure in exhibits(kind):
        folder = HERE / kind / failure
        with pytest.raises(Refused) as refused:
            load_instrument(folder) if kind == "instruments" else load_campaign(
                folder / "campagne.yml"
            )
        problems = refused.value.problems
        lines = [problem.line or 0 for problem in problems]
        assert lines == sorted(lines), failure
        assert all(problem.cure and problem.what for problem in problems), failure
        assert len({(one.line, one.place, one.what) for one in problems}) == len(problems), failure


# Files that would be heavy, or unreadable, in a repository.
VALID_TEXT = (VALID / "instrument.yml").read_text("utf-8")
LATIN = VALID_TEXT.encode("cp1252")
GENERATED = {
    "too_large": (
        VALID_TEXT.encode() + b"# encore\n" * 60_000,
        "fichier.yml : le fichier dépasse 500 Ko, trop pour une définition\n"
        "    → vérifiez que c'est le bon fichier\n",
    ),
    "too_many_lines": (
        b"a:\n " * 40_000,
        "fichier.yml : le fichier dépasse 20 000 lignes, trop pour une définition\n"
        "    → vérifiez que c'est le bon fichier\n",
    ),
    "deep_lists": (
        b"notes: " + b"[" * 50_000,
        "fichier.yml, ligne 1 : trop de niveaux emboîtés\n"
        "    → revenez à la structure d'un exemple fourni\n",
    ),
    "deep_keys": (
        "".join("  " * i + "a:\n" for i in range(500)).encode(),
        "fichier.yml, ligne 20 : trop de niveaux emboîtés\n"
        "    → revenez à la structure d'un exemple fourni\n",
    ),
    "windows_1252": (
        LATIN,
        "fichier.yml, ligne 3 : le fichier n'est pas encodé en UTF-8\n"
        "    → enregistrez-le en UTF-8 depuis votre éditeur\n",
    ),
    "utf_16": (
        VALID_TEXT.encode("utf-16"),
        "fichier.yml, ligne 1 : le fichier n'est pas encodé en UTF-8\n"
        "    → enregistrez-le en UTF-8 depuis votre éditeur\n",
    ),
}


@pytest.mark.parametrize("failure", GENERATED)
def test_a_file_that_cannot_be_committed_is_refused(failure: str, tmp_path: Path) -> None:
    content, expected = GENERATED[failure]
    (tmp_path / "fichier.yml").write_bytes(content)
    with pytest.raises(Refused) as refused:
        load_campaign(tmp_path / "fichier.yml")
    assert told(refused.value.problems).replace("\u202f", " ") == expected


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "campagne.yml").mkdir()
    with pytest.raises(Refused, match="c'est un dossier, pas un fichier"):
        load_campaign(tmp_path / "campagne.yml")


def test_a_folder_without_instrument_says_what_exists(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"introuvable\n.*culture_securite"):
        load_instrument(tmp_path)


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="introuvable ou illisible") as refused:
        load_campaign(tmp_path / "absent.yml")
    assert str(tmp_path / "absent.yml") in str(refused.value)


def test_a_path_no_system_accepts_is_refused() -> None:
    with pytest.raises(Refused, match="introuvable ou illisible"):
        load_campaign(Path("a\0b.yml"))


def test_the_mark_some_editors_put_first_is_read_past(tmp_path: Path) -> None:
    (tmp_path / "instrument.yml").write_bytes(b"\xef\xbb\xbf" + VALID_TEXT.encode())
    assert load_instrument(tmp_path).id == "mini"


def test_windows_line_ends_change_nothing(tmp_path: Path, instrument: Instrument) -> None:
    (tmp_path / "instrument.yml").write_bytes(VALID_TEXT.replace("\n", "\r\n").encode())
    assert load_instrument(tmp_path) == instrument
