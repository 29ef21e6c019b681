"""A campaign file in, comparable reports out: one page per service, the comparison, the index."""

import os
import re
import signal
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from qgdr_eval.disclosure import Published, open_published, write_published
from qgdr_eval.french import quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.campaigns import publish_campaign
from qgdr_eval.reporting.index import Entry, index_page
from qgdr_eval.reporting.scores_file import export_scores
from qgdr_eval.shipped import shipped

RESULTS, SCORES = "donnees/resultats.sqlite", "donnees/scores.csv"
INDEX, COMPARISON = "index.html", "comparaison.html"
SERVICE_NOTEBOOK, COMPARISON_NOTEBOOK = "20_service.ipynb", "40_comparaison.ipynb"
ENGINE = "qgdr"  # the warm engine, by its papermill entry point
Tell = Callable[[str], Any]


@dataclass(frozen=True)
class Request:
    """One page to make: a notebook, its parameters, window title, printed footer, and file."""

    notebook: Path
    parameters: dict[str, str]
    title: str
    footer: str
    href: str


def report_campaign(
    campaign: Path, out: Path, *, report_date: str, jobs: int = 2, tell: Tell = lambda line: None
) -> list[Entry]:
    """Publish a campaign, then write every page of it into ``out``.

    Returns one entry per page, the comparison last, with its state; one that fails does not stop
    the others.

    Raises:
        Refused: the campaign cannot be read; nothing is written then.
    """
    published = publish_campaign(str(campaign))
    clear(out, published.card.id)
    write_published(published, out / RESULTS)
    export_scores(published, out / SCORES)
    requests = plan_pages(published, campaign.parent, (out / RESULTS).absolute(), report_date)
    with start_workers(jobs) as workers:
        causes = make_pages(requests, out, workers, tell)
    entries = _entries(published, requests, causes)
    comparison = "" if entries[-1].state == "failed" else COMPARISON
    write_page(out / INDEX, index_page(entries[:-1], published.card, comparison, report_date))
    return entries


def clear(out: Path, campaign: str) -> None:
    """Remove the pages of an earlier run: what stands in the folder was made by this one.

    Raises:
        Refused: the folder holds the reports of another campaign.
    """
    if (out / RESULTS).is_file() and (earlier := open_published(out / RESULTS).card.id) != campaign:
        what = f"ce dossier contient les rapports d'une autre campagne, {quote(earlier)}"
        cure = "choisissez un autre dossier, ou videz celui-ci"
        raise Refused([Problem(str(out), None, "", what, cure)])
    (out / RESULTS).parent.mkdir(parents=True, exist_ok=True)
    for page in (*out.glob("services/*.html"), out / INDEX, out / COMPARISON):
        page.unlink(missing_ok=True)


@contextmanager
def start_workers(jobs: int) -> Iterator[Executor]:
    """Worker processes that an interruption stops after the page in hand."""
    workers = ProcessPoolExecutor(
        jobs,
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        yield workers
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


def plan_pages(
    published: Published, folder: Path, results: Path, report_date: str
) -> list[Request]:
    """The pages of a campaign, in its order, the comparison last.

    A notebook in ``notebooks/`` beside the campaign replaces the kit's of that name.
    """
    common = {"campaign": str(results), "report_date": report_date}
    pages = [
        Request(
            find_notebook(SERVICE_NOTEBOOK, folder),
            common | {"facility": facility, "service": service},
            typography(f"{service} – {facility} – {published.card.title}"),
            typography(f"{service} – {published.card.title}"),
            f"services/{rank:02d}-{slug(service)}.html",
        )
        for rank, (facility, service) in enumerate(published.services, start=1)
    ]
    title = typography(f"Comparaison des services – {published.card.title}")
    return [
        *pages,
        Request(find_notebook(COMPARISON_NOTEBOOK, folder), common, title, title, COMPARISON),
    ]


def find_notebook(name: str, folder: Path) -> Path:
    """A notebook adapted beside the campaign, else the kit's."""
    adapted = folder / "notebooks" / name
    return (adapted if adapted.is_file() else shipped("notebooks") / name).absolute()


def slug(name: str) -> str:
    """A name as a short, plain part of a file name; never empty, never a path.

    >>> slug("Médecine / Gériatrie n° 2"), slug("../.."), slug("🙂")
    ('medecine-geriatrie-n-2', 'service', 'service')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "service"


def make_pages(requests: list[Request], out: Path, workers: Executor, tell: Tell) -> list[str]:
    """Make every page on the workers; returns for each why it failed, "" when it is there."""
    futures = {workers.submit(make_page, request, out): request for request in requests}
    for done, future in enumerate(as_completed(futures), start=1):
        cause = _cause(future)
        tell(
            typography(
                f"[{done}/{len(futures)}] {futures[future].title}"
                + (f" : en échec, {cause}" if cause else "")
            )
        )
    return [_cause(future) for future in futures]


def make_page(request: Request, out: Path) -> str:
    """Run a notebook and write its page; returns why it failed, or ""."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from qgdr_eval.reporting.export import export_html

    try:
        executed = papermill.execute_notebook(
            str(request.notebook), None, request.parameters, engine_name=ENGINE, progress_bar=False
        )
    except PapermillExecutionError as error:
        return typography(
            f"la cellule {error.exec_count} du carnet {request.notebook.name} s'est arrêtée"
            f" ({error.ename} : {error.evalue})"
        )
    write_page(out / request.href, export_html(executed, request.title, request.footer))
    return ""


def write_page(path: Path, html: str) -> None:
    """Write a page so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_text(html, encoding="utf-8", newline="\n")
    os.replace(half, path)


def _cause(future: Future[str]) -> str:
    try:
        return future.result()
    except BrokenProcessPool:
        return "le processus qui préparait la page s'est arrêté"
    except OSError:
        return "la page n'a pas pu être écrite : fichier ouvert ailleurs, ou droits manquants"
    except Exception as error:
        return f"erreur imprévue ({type(error).__name__})"


def _entries(
    published: Published, requests: Iterable[Request], causes: Iterable[str]
) -> list[Entry]:
    shown = published.participation.set_index(["facility", "service"])
    places = [*published.services, ("", "")]
    return [
        _entry(place, shown.loc[place], request, cause)
        for place, request, cause in zip(places, requests, causes, strict=True)
    ]


def _entry(place: tuple[str, str], turnout: Any, request: Request, cause: str) -> Entry:
    if cause:
        return Entry(*place, request.href, "failed", cause)
    if turnout["status"] != "published":
        return Entry(*place, request.href, "suppressed" if place[1] else "ready")
    return Entry(*place, request.href, "ready", "", int(turnout["n"]), float(turnout["rate"]))
