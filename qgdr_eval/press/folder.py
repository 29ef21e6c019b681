"""Where things stand in a folder of reports, and how a file comes to stand there: whole."""

import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from qgdr_eval.french import quote
from qgdr_eval.problems import Problem, Refused

INDEX, COMPARISON, SERVICES = "index.html", "comparaison.html", "services"
FACILITIES, POLES, PLANS = "etablissements", "poles", "plans"
PAGES = (SERVICES, FACILITIES, POLES, PLANS)
RESULTS, SCORES = "donnees/resultats.sqlite", "donnees/scores.csv"
PROGRAMME = "donnees/programme.json"
MANIFEST, JOURNAL, LOCK = "donnees/manifeste.json", "donnees/journal.jsonl", "donnees/verrou"


def slug(name: str) -> str:
    """A name as a short, plain part of a file name; never empty, never a path.

    >>> slug("Médecine / Gériatrie n° 2"), slug("../.."), slug("🙂")
    ('medecine-geriatrie-n-2', 'service', 'service')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "service"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".part")
    half.write_bytes(content)
    try:
        os.replace(half, path)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def list_pages(out: Path) -> list[str]:
    """The pages in a folder of reports, the index apart, as written in links."""
    pages = [page for folder in PAGES for page in (out / folder).glob("*.html")]
    return [page.relative_to(out).as_posix() for page in (*pages, *out.glob(COMPARISON))]


def list_halves(out: Path) -> list[Path]:
    """What a run that was killed left half written."""
    return [*out.glob("*.part"), *(half for one in PAGES for half in (out / one).glob("*.part"))]


@contextmanager
def hold(out: Path) -> Iterator[None]:
    """Keep a folder of reports for one run at a time; a run that dies lets go of it.

    Raises:
        Refused: another run is writing there, or ``out`` is a file.
    """
    if out.exists() and not out.is_dir():
        raise Refused([_problem(out, "c'est un fichier, il faut un dossier", "changez de nom")])
    made = [path for path in (out, (out / LOCK).parent) if not path.exists()]
    (out / LOCK).parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(out / LOCK, timeout=0):
            try:
                yield
            finally:
                _leave_nothing_empty(out, made)
    except Timeout:
        what = "une autre commande y écrit des rapports en ce moment"
        cure = "attendez qu'elle ait fini, ou choisissez un autre dossier"
        raise Refused([_problem(out, what, cure)]) from None


def _leave_nothing_empty(out: Path, made: list[Path]) -> None:
    """A refused campaign leaves no folder behind it."""
    data = (out / LOCK).parent
    if data in made and list(data.iterdir()) == [out / LOCK]:
        with suppress(OSError):
            (out / LOCK).unlink(missing_ok=True)
            for path in reversed(made):
                path.rmdir()


def refuse_others(out: Path, whose: str, earlier: str) -> Refused:
    """The refusal to mix the reports of two campaigns, of two programmes, of one with the other."""
    what = f"ce dossier contient les rapports {whose}, {quote(earlier)}"
    return Refused([_problem(out, what, "choisissez un autre dossier, ou videz celui-ci")])


def _problem(out: Path, what: str, cure: str) -> Problem:
    return Problem(str(out), None, "", what, cure)
