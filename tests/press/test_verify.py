"""« qgdr verify » says what anybody changed in a folder of reports, and the next run mends it."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qgdr_eval import cli
from qgdr_eval.fingerprint import of_file
from qgdr_eval.french import typography
from qgdr_eval.press.folder import COMPARISON, INDEX, JOURNAL, MANIFEST, RESULTS, SCORES
from qgdr_eval.press.pages import SERVICE_NOTEBOOK
from tests.press.campaigns import SERVICES, Small, read_folder, without_seconds

FIRST, SECOND = "services/01-medecine.html", "services/02-chirurgie.html"
NIGHT, LAST = "services/03-equipe-de-nuit.html", "services/04-medecine.html"
CHANGED = "ce fichier a changé depuis la production des pages"
PAGE_CHANGED = "cette page a changé depuis sa production"
PAGE_MISSING = "cette page manque"
OTHER_RESULTS = "les résultats enregistrés ne sont pas ceux dont cette page est faite"
STRANGER = "cette page n'est pas de cette production"
NO_PAGE = "ce service n'a pas de page"
INDEX_WRONG = "la page d'accueil ne correspond pas au manifeste"
OTHER_FIGURES = "les figures de la page ne sont pas celles du manifeste"
UNREADABLE = "ce n'est pas un fichier de résultats publiés"
AN_ABSENT_FILE = "ce fichier manque"
FIVE = "5\u00a0pages vérifiées"

Told = list[tuple[str, str]]


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


def verified(capsys: pytest.CaptureFixture[str]) -> tuple[Told, str]:
    """Where and what of each problem shown, then the last line."""
    *lines, last = typography("".join(capsys.readouterr())).splitlines()
    return [
        tuple(line.split("\u202f: ", 1))
        for line in lines
        if not line.startswith(("    →", "Prouvé", "Non vérifié"))
    ], last


def expected(*problems: tuple[str, str]) -> Told:
    return [(typography(where), typography(what)) for where, what in problems]


def assert_mended(small: Small, before: dict[str, bytes]) -> None:
    """Run again: what stands then is what stood before anybody changed it."""
    small.print()
    assert run("verify", small.out) == 0
    assert without_seconds(read_folder(small.out)) == without_seconds(before)


def replace(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(out: Path) -> None:
        content = (out / name).read_bytes()
        assert old in content
        (out / name).write_bytes(content.replace(old, new, 1))

    return change


def swap(out: Path) -> None:
    one, other = (out / FIRST).read_bytes(), (out / SECOND).read_bytes()
    (out / FIRST).write_bytes(other)
    (out / SECOND).write_bytes(one)


def query(sql: str) -> Callable[[Path], None]:
    """Change the stored results as anybody can with SQLite."""

    def change(out: Path) -> None:
        with closing(sqlite3.connect(out / RESULTS)) as connection:
            assert connection.execute(sql).rowcount > 0
            connection.commit()

    return change


def record(which: str, **values: Any) -> Callable[[Path], None]:
    """Change what the manifest says of one page."""

    def change(out: Path) -> None:
        lines = (out / MANIFEST).read_text("utf-8").splitlines(keepends=True)
        for rank, line in enumerate(lines):
            if line.startswith(f'{{"page": "{which}"'):
                held = json.loads(line.rstrip(",\n")) | values
                end = ",\n" if line.endswith(",\n") else "\n"
                lines[rank] = json.dumps(held, ensure_ascii=False) + end
        (out / MANIFEST).write_text("".join(lines), encoding="utf-8")

    return change


def head(change_it: Callable[[dict[str, Any], Path], object]) -> Callable[[Path], None]:
    """Change the first line of the manifest."""

    def change(out: Path) -> None:
        first, *rest = (out / MANIFEST).read_text("utf-8").splitlines(keepends=True)
        values = json.loads(first.rstrip() + "]}")
        change_it(values, out)
        del values["reports"]
        first = json.dumps(values, ensure_ascii=False).removesuffix("}") + ', "reports": [\n'
        (out / MANIFEST).write_text("".join([first, *rest]), encoding="utf-8")

    return change


def without_line(page: str) -> Callable[[Path], None]:
    def change(out: Path) -> None:
        lines = (out / MANIFEST).read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(f'{{"page": "{page}"')]
        assert len(kept) == len(lines) - 1
        (out / MANIFEST).write_text("".join(kept), encoding="utf-8")

    return change


def forge_results(out: Path) -> None:
    """Somebody who also knows where fingerprints of files are written."""
    ONE_SCORE(out)
    head(lambda values, out: values["files"].update({RESULTS: of_file(out / RESULTS)}))(out)


ONE_SCORE = query(
    "update scores_frame set score = score + 1 where rowid = (select min(rowid) from scores_frame"
    " where service = 'Chirurgie' and status = 'published')"
)
NEVER = "0" * 64
TAMPERINGS: dict[str, tuple[Callable[[Path], object], Told]] = {
    "a page edited": (
        replace(SECOND, b"Chirurgie", b"Urgences"),
        [(f"{SECOND}, Chirurgie", PAGE_CHANGED)],
    ),
    "a page with a space more": (
        lambda out: (out / FIRST).write_bytes((out / FIRST).read_bytes() + b"\n"),
        [(f"{FIRST}, Médecine", PAGE_CHANGED)],
    ),
    "the comparison edited": (
        replace(COMPARISON, b"</main>", b"</main><p>!</p>"),
        [(COMPARISON, PAGE_CHANGED)],
    ),
    "a page deleted": (
        lambda out: (out / SECOND).unlink(),
        [(f"{SECOND}, Chirurgie", PAGE_MISSING)],
    ),
    "two pages swapped": (
        swap,
        [(f"{FIRST}, Médecine", PAGE_CHANGED), (f"{SECOND}, Chirurgie", PAGE_CHANGED)],
    ),
    "one score of one service": (
        ONE_SCORE,
        [(RESULTS, CHANGED), (SECOND, OTHER_RESULTS), (COMPARISON, OTHER_RESULTS)],
    ),
    "a number of respondents": (
        query("update participation_frame set n = 99 where service = 'Chirurgie'"),
        [(RESULTS, CHANGED), (SECOND, OTHER_RESULTS), (COMPARISON, OTHER_RESULTS)],
    ),
    "a service taken out of the results": (
        query("delete from participation_frame where service = 'Chirurgie'"),
        [(RESULTS, CHANGED), (SECOND, OTHER_RESULTS), (COMPARISON, OTHER_RESULTS)],
    ),
    "results that are no results": (
        lambda out: (out / RESULTS).write_bytes(b"?"),
        [(RESULTS, CHANGED), ("resultats.sqlite", UNREADABLE), (INDEX, INDEX_WRONG)],
    ),
    "results deleted": (
        lambda out: (out / RESULTS).unlink(),
        [(RESULTS, AN_ABSENT_FILE), ("resultats.sqlite", UNREADABLE), (INDEX, INDEX_WRONG)],
    ),
    "scores edited": (replace(SCORES, b"Chirurgie", b"Urgences"), [(SCORES, CHANGED)]),
    "scores deleted": (lambda out: (out / SCORES).unlink(), [(SCORES, AN_ABSENT_FILE)]),
    "index edited": (replace(INDEX, b"Chirurgie", b"Urgences"), [(INDEX, INDEX_WRONG)]),
    "index deleted": (lambda out: (out / INDEX).unlink(), [(INDEX, INDEX_WRONG)]),
    "index saved in another encoding": (
        lambda out: (out / INDEX).write_bytes((out / INDEX).read_text("utf-8").encode("utf-16")),
        [(INDEX, INDEX_WRONG)],
    ),
    "manifest: another n": (
        record(SECOND, n=99),
        [
            (SECOND, OTHER_RESULTS),
            (f"{SECOND}, Chirurgie", "la page ne dit pas le bon nombre de réponses"),
            (INDEX, INDEX_WRONG),
        ],
    ),
    "manifest: a hidden n told": (
        record(NIGHT, n=6),
        [
            (NIGHT, OTHER_RESULTS),
            (f"{NIGHT}, Équipe de nuit", "la page ne dit pas le bon nombre de réponses"),
            (INDEX, INDEX_WRONG),
        ],
    ),
    "manifest: another rate": (record(SECOND, rate=99.0), [(INDEX, INDEX_WRONG)]),
    "manifest: another date": (record(FIRST, date="2026-04-01"), [(INDEX, INDEX_WRONG)]),
    "manifest: another output": (
        record(FIRST, output=NEVER),
        [(f"{FIRST}, Médecine", PAGE_CHANGED), (INDEX, INDEX_WRONG)],
    ),
    "manifest: other figures": (
        record(FIRST, figures=[[NEVER, NEVER]]),
        [(f"{FIRST}, Médecine", OTHER_FIGURES)],
    ),
    "manifest: no figure": (record(FIRST, figures=[]), [(f"{FIRST}, Médecine", OTHER_FIGURES)]),
    "manifest: other results": (
        record(FIRST, results=NEVER),
        [
            (FIRST, OTHER_RESULTS),
            (
                f"{FIRST}, Médecine",
                "une partie de la page est faite avec d'autres résultats que ceux du service",
            ),
            (INDEX, INDEX_WRONG),
        ],
    ),
    "manifest: another service": (
        record(SECOND, service="Urgences"),
        [
            (SECOND, OTHER_RESULTS),
            (f"{MANIFEST}, Chirurgie", NO_PAGE),
            (
                f"{SECOND}, Urgences",
                "la page obtenue est celle de « Chirurgie, Hôpital fictif A »",
            ),
            (INDEX, INDEX_WRONG),
        ],
    ),
    "manifest: a page said to have failed": (
        record(SECOND, state="failed", cause="panne"),
        [
            (f"{SECOND}, Chirurgie", "cette page devrait manquer, sa production a échoué"),
            (INDEX, INDEX_WRONG),
        ],
    ),
    "manifest: a page left out": (
        without_line(SECOND),
        [(f"{MANIFEST}, Chirurgie", NO_PAGE), (SECOND, STRANGER), (INDEX, INDEX_WRONG)],
    ),
    "manifest: the comparison left out": (
        without_line(COMPARISON),
        [(COMPARISON, STRANGER), (INDEX, INDEX_WRONG)],
    ),
    "manifest: versions": (
        head(lambda values, out: values["versions"].update(pandas="9.9.9")),
        [(INDEX, INDEX_WRONG)],
    ),
}


def test_an_untouched_folder_has_nothing_wrong(printed, capsys):
    assert run("verify", printed.out) == 0
    told, errors = capsys.readouterr()
    proved, last = told.splitlines()
    assert (last, errors) == (f"{FIVE}, aucun écart", "")
    assert proved.startswith("Prouvé")
    assert "Non prouvé" in proved


# Those of the manifest fail today: the next run takes its records at their word, page untouched.
@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_anybody_changed_is_told_then_mended_by_the_next_run(printed, capsys, what):
    tamper, problems = TAMPERINGS[what]
    before = read_folder(printed.out)
    tamper(printed.out)
    assert run("verify", printed.out) == 1
    told, last = verified(capsys)
    assert told == expected(*problems)
    assert last.endswith(f", {len(problems)}\u00a0écart" + "s" * (len(problems) > 1))
    assert_mended(printed, before)


def test_a_page_somebody_added_is_told_and_left_to_them(printed, capsys):
    """No manifest names it: it is not for us to remove."""
    shutil.copy(printed.out / FIRST, printed.out / "services/99-autre.html")
    for _ in range(2):
        assert run("verify", printed.out) == 1
        assert verified(capsys)[0] == expected(("services/99-autre.html", STRANGER))
        printed.print()


def test_results_forged_with_their_fingerprint_are_told_then_made_again(printed, capsys):
    before = read_folder(printed.out)
    forge_results(printed.out)
    assert run("verify", printed.out) == 1
    told, _ = verified(capsys)
    assert told == expected((SECOND, OTHER_RESULTS), (COMPARISON, OTHER_RESULTS))
    printed.print(again=True)
    assert without_seconds(read_folder(printed.out)) == without_seconds(before)


UNFINISHED = {
    "manifest removed": (
        lambda out: (out / MANIFEST).unlink(),
        "ce dossier n'a pas de manifeste",
        "indiquez un dossier de rapports",
    ),
    "journal left": (
        lambda out: shutil.copy(out / MANIFEST, out / JOURNAL),
        "la production s'est arrêtée avant la fin",
        "relancez la même commande",
    ),
    "manifest emptied": (
        lambda out: (out / MANIFEST).write_bytes(b""),
        "le manifeste est illisible",
        "relancez la campagne",
    ),
    "manifest laid out by an editor": (
        lambda out: (out / MANIFEST).write_text(
            json.dumps(json.loads((out / MANIFEST).read_text("utf-8")), indent=2), encoding="utf-8"
        ),
        "le manifeste est illisible",
        "relancez la campagne",
    ),
    "manifest saved in another encoding": (
        lambda out: (out / MANIFEST).write_bytes(
            (out / MANIFEST).read_text("utf-8").encode("utf-16")
        ),
        "le manifeste est illisible",
        "relancez la campagne",
    ),
    "manifest without its files": (
        head(lambda values, out: values.pop("files")),
        "le manifeste est illisible",
        "relancez la campagne",
    ),
    "a folder that is not there": (
        lambda out: shutil.rmtree(out),
        "ce dossier n'existe pas",
        "vérifiez le chemin du dossier de rapports",
    ),
}


@pytest.mark.parametrize("what", UNFINISHED)
def test_a_folder_without_a_finished_run_is_refused_then_completed(printed, capsys, what):
    tamper, said, cure = UNFINISHED[what]
    before = read_folder(printed.out)
    tamper(printed.out)
    assert run("verify", printed.out) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert typography(shown.err) == typography(f"{printed.out} : {said}\n    → {cure}\n")
    assert_mended(printed, before)


# A record no run writes: verify must say something is wrong, the next run must not stumble on it.
# Fail today, all but the last: « Erreur imprévue », from verify or from the next run.
NONSENSE = {
    "a page that is no name": {"page": 5},
    "a page that is a list": {"page": []},
    "a service that is a list": {"service": []},
    "no figures": {"figures": None},
    "figures that are no fingerprints": {"figures": [["x", "y"]]},
    "a figure alone": {"figures": [[NEVER]]},
    "inputs that are a number": {"inputs": 5},
    "a date that is none": {"date": "demain"},
    "a state nobody knows": {"state": "presque"},
    "a page elsewhere": {"page": "../../ailleurs.html"},
}


@pytest.mark.parametrize("what", NONSENSE)
def test_a_record_that_makes_no_sense_is_told_then_mended(printed, capsys, what):
    before = read_folder(printed.out)
    record(FIRST, **NONSENSE[what])(printed.out)
    assert run("verify", printed.out) == 1
    told, last = verified(capsys)
    assert "Erreur imprévue" not in str(told)
    assert re.search(r", \d\u00a0écarts?$", last)
    assert_mended(printed, before)


def test_a_page_of_a_service_that_failed_put_back_by_hand_is_told(printed, capsys):
    kept = (printed.out / SECOND).read_bytes()
    printed.adapt(SERVICE_NOTEBOOK, "assert service != 'Chirurgie'")
    assert [page.page for page in printed.print().failed] == [SECOND]
    assert run("verify", printed.out) == 0
    assert verified(capsys) == ([], f"{FIVE}, aucun écart")
    (printed.out / SECOND).write_bytes(kept)
    assert run("verify", printed.out) == 1
    what = "cette page devrait manquer, sa production a échoué"
    assert verified(capsys)[0] == expected((f"{SECOND}, Chirurgie", what))


def test_pages_of_another_campaign_are_told(printed, tmp_path, capsys):
    """The whole folder of services exchanged for the one of a campaign with the same names."""
    other = printed.copy(tmp_path / "autre")
    other.answer_otherwise(*SERVICES[0][:2])
    other.print()
    shutil.rmtree(printed.out / "services")
    shutil.copytree(other.out / "services", printed.out / "services")
    assert run("verify", printed.out) == 1
    # Médecine answered otherwise; what is pooled over the campaign is on the other pages too.
    assert verified(capsys)[0] == expected(
        (f"{FIRST}, Médecine", PAGE_CHANGED),
        (f"{SECOND}, Chirurgie", PAGE_CHANGED),
        (f"{NIGHT}, Équipe de nuit", PAGE_CHANGED),
        (f"{LAST}, Médecine", PAGE_CHANGED),
    )


def test_a_folder_of_reports_may_be_moved(printed: Small, tmp_path, capsys):
    moved = tmp_path / "ailleurs"
    printed.out.rename(moved)
    assert run("verify", moved) == 0
    assert printed.print(moved).made == 0


def test_another_kit_says_that_it_did_not_verify_the_index(printed, capsys):
    head(lambda values, out: values["kit"].update(kit="0" * 64))(printed.out)
    assert run("verify", printed.out) == 0
    assert typography("Non vérifié : la page d'accueil") in capsys.readouterr().out


@pytest.mark.parametrize("name", ["synthese.HTM", "autres/01-medecine.html", "carte.svg"])
def test_a_page_added_anywhere_is_told(printed, capsys, name):
    (printed.out / name).parent.mkdir(exist_ok=True)
    shutil.copy(printed.out / FIRST, printed.out / name)
    assert run("verify", printed.out) == 1
    assert verified(capsys)[0] == [(name, STRANGER)]


def test_a_file_given_for_a_folder_is_told(tmp_path, capsys):
    (tmp_path / "scores.csv").write_text("a;b")
    assert run("verify", tmp_path / "scores.csv") == 1
    assert "c'est un fichier, pas un dossier" in capsys.readouterr().err
