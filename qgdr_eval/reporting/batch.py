"""A campaign file in, comparable reports out: one page per service, the comparison, the index."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from qgdr_eval.disclosure import Published, write_published
from qgdr_eval.french import typography
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

    notebook: str
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
    (out / RESULTS).parent.mkdir(parents=True, exist_ok=True)
    write_published(published, out / RESULTS)
    export_scores(published, out / SCORES)
    requests = plan_pages(published, (out / RESULTS).absolute(), report_date)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as workers:
        causes = make_pages(requests, out, workers, tell)
    entries = _entries(published, requests, causes)
    comparison = "" if entries[-1].state == "failed" else COMPARISON
    write_page(out / INDEX, index_page(entries[:-1], published.card, comparison, report_date))
    return entries


def plan_pages(published: Published, results: Path, report_date: str) -> list[Request]:
    """The pages of a campaign, in its order, the comparison last."""
    common = {"campaign": str(results), "report_date": report_date}
    pages = [
        Request(
            SERVICE_NOTEBOOK,
            common | {"facility": facility, "service": service},
            typography(f"{service} – {facility} – {published.card.title}"),
            typography(f"{service} – {published.card.title}"),
            f"services/{rank:02d}-{slug(service)}.html",
        )
        for rank, (facility, service) in enumerate(published.services, start=1)
    ]
    title = typography(f"Comparaison des services – {published.card.title}")
    return [*pages, Request(COMPARISON_NOTEBOOK, common, title, title, COMPARISON)]


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
    """Run a notebook and write its page; returns why it failed, or "".

    The old page goes first: what stands in the folder was made by this run.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from qgdr_eval.reporting.export import export_html

    target = out / request.href
    target.unlink(missing_ok=True)
    notebook = shipped("notebooks") / request.notebook
    try:
        executed = papermill.execute_notebook(
            str(notebook), None, request.parameters, engine_name=ENGINE, progress_bar=False
        )
    except PapermillExecutionError as error:
        return typography(
            f"la cellule {error.exec_count} du carnet {request.notebook} s'est arrêtée"
            f" ({error.ename} : {error.evalue})"
        )
    write_page(target, export_html(executed, request.title, request.footer))
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
    except Exception as error:
        return f"{type(error).__name__} : {error}"


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
