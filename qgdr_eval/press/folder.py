"""Where things stand in a folder of reports, and how a file comes to stand there: whole."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import Unwritable, written_whole

INDEX, COMPARISON, SERVICES = "index.html", "comparaison.html", "services"
FACILITIES, KINDS, POLES, PLANS = "etablissements", "types", "poles", "plans"
EDITIONS = "editions"  # a folder each inside
PAGES = (SERVICES, FACILITIES, KINDS, POLES, PLANS, EDITIONS)
RESULTS, SCORES = "donnees/resultats.sqlite", "donnees/scores.csv"
PROGRAMME = "donnees/programme.json"
MANIFEST, JOURNAL, LOCK = "donnees/manifeste.json", "donnees/journal.jsonl", "donnees/verrou"
KEPT = (RESULTS, PROGRAMME, MANIFEST, JOURNAL)  # what a run leaves for the next one


def half_of(name: str) -> str:
    """The name under which a file is written until it is whole.

    >>> half_of("services/01-pharmacie.html")
    'services/01-pharmacie.html.part'
    """
    return f"{name}.part"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises `Unwritable`."""
    with written_whole(path) as half:
        half.write_bytes(content)


@contextmanager
def hold(out: Path) -> Iterator[None]:
    """Keep a folder of reports for one run at a time; a run that dies lets go of it.

    Raises:
        Refused: another run is writing there, ``out`` is a file, or nothing can be written there.
    """
    if out.exists() and not out.is_dir():
        raise Refused([_problem(out, "c'est un fichier, il faut un dossier", "changez de nom")])
    made = [path for path in (out / LOCK, (out / LOCK).parent, out) if not path.exists()]
    with _locked(out):
        try:
            yield
        finally:
            _leave_nothing_empty(out, made)


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    lock = FileLock(out / LOCK, timeout=0)
    try:
        (out / LOCK).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        what = "une autre commande y écrit des rapports en ce moment"
        cure = "attendez qu'elle ait fini, ou choisissez un autre dossier"
        raise Refused([_problem(out, what, cure)]) from None
    except OSError as error:
        raise Unwritable(out, error) from None
    try:
        yield
    finally:
        lock.release()


def _leave_nothing_empty(out: Path, made: list[Path]) -> None:
    """A refused campaign leaves neither folder nor lock behind it."""
    if out / LOCK in made and not any((out / name).exists() for name in KEPT):
        with suppress(OSError):
            for path in made:
                path.unlink(missing_ok=True) if path == out / LOCK else path.rmdir()


def refuse_others(out: Path, whose: str, earlier: str) -> Refused:
    """The refusal to mix the reports of two campaigns, of two programmes, of one with the other."""
    what = f"ce dossier contient les rapports {whose}, {quote(earlier)}"
    return Refused([_problem(out, what, "choisissez un autre dossier, ou videz celui-ci")])


def _problem(out: Path, what: str, cure: str) -> Problem:
    return Problem(str(out), None, "", what, cure)
