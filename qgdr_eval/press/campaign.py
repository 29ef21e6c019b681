"""A campaign file in, comparable reports out: the whole story."""

import datetime
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from qgdr_eval.actions import read_plan
from qgdr_eval.campaigns.sources import plan_file, refuse_register
from qgdr_eval.disclosure import open_card, service_kinds
from qgdr_eval.editions import Opened
from qgdr_eval.french import count, number, typography
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.press.editions import PLAN, choose_editions, plan_editions, suits
from qgdr_eval.press.folder import INDEX, RESULTS, hold, write_whole
from qgdr_eval.press.index import lay_index
from qgdr_eval.press.kit import versions
from qgdr_eval.press.ledger import Head, Ledger, Record, open_ledger
from qgdr_eval.press.make import Made, make_page
from qgdr_eval.press.occupied import refuse_occupied, refuse_published, refuse_strangers
from qgdr_eval.press.pages import page_of
from qgdr_eval.press.parameters import Value
from qgdr_eval.press.plan import Order, choose_notebooks, notebook_names, plan_pages
from qgdr_eval.press.progress import Step, Tell, say_nothing
from qgdr_eval.press.results import Announce, settle_results
from qgdr_eval.press.results import say_nothing as announce_nothing
from qgdr_eval.press.trust import settle_trust
from qgdr_eval.press.ways import lead_round
from qgdr_eval.press.workers import (
    Died,
    Workers,
    dask_workers,
    leave_when_read_again,
    local_workers,
    no_workers,
)
from qgdr_eval.responses import load_campaign
from qgdr_eval.writing import OF_THE_DISK, explain


@dataclass
class Outcome:
    """What a run did: pages that already stood, pages made, the records of those that failed.

    >>> print(Outcome(standing=299, made=1))
    1 page faite, 299 pages inchangées
    """

    standing: int
    made: int = 0
    failed: list[Record] = field(default_factory=list)

    def enter(self, record: Record) -> None:
        """Count one page more."""
        if record.cause:
            self.failed.append(record)
        else:
            self.made += 1

    def add(self, other: "Outcome") -> None:
        """Count the pages of another run with these."""
        self.standing += other.standing
        self.made += other.made
        self.failed += other.failed

    def __str__(self) -> str:
        parts = [count(self.made, "page faite", "pages faites")]
        if self.standing:
            parts.append(count(self.standing, "page inchangée", "pages inchangées"))
        if self.failed:
            parts.append(f"{number(len(self.failed))} en échec")
        causes = [f"En échec : {page.name} : {page.cause}" for page in self.failed]
        return typography("\n".join([", ".join(parts), *causes]))


def print_campaign(
    campaign: str | Path,
    out: str | Path,
    *,
    report_date: str = "",
    jobs: int | None = None,
    dask: str = "",
    parameters: Mapping[str, Value] | None = None,
    again: bool = False,
    draft: bool = False,
    own_notebooks: bool = False,
    editions: Sequence[str] = (),
    tell: Tell = say_nothing,
    announce: Announce = announce_nothing,
) -> Outcome:
    """Publish a campaign, then print every page of it into ``out``, as far as needed.

    A page whose inputs have not changed is not made again; one that fails stops no other. Files
    of somebody else in the folder are left alone.

    In a script, call it under ``if __name__ == "__main__":``: worker processes read the script
    before they work, as they do for every library that starts processes.

    >>> from qgdr_eval.fictitious import file_of
    >>> with file_of("demo_self", "campaign") as campaign:
    ...     outcome = print_campaign(campaign, campaign.parent / "rapports", jobs=0, draft=True)
    >>> outcome.made, outcome.failed
    (1, [])

    Args:
        campaign: a ``campagne.yml``.
        out: the folder of the reports, made when it is not there.
        report_date: ISO day printed on every page; today when empty, unchanged pages keep theirs.
        jobs: worker processes, one a core when not given; 0 makes the pages in this process.
        dask: address of a Dask cluster that sees the same folders, instead of processes here.
        parameters: values for parameters that adapted notebooks declare.
        again: make every page again.
        draft: register no publication, and say « brouillon » on every sheet.
        own_notebooks: notebooks beside the campaign may run; see `qgdr_eval.press.trust`.
        editions: names of the kit's editions, or folders of others, printed beside the pages.
        tell: called after each page.
        announce: called with a sentence once a publication is registered.

    Raises:
        Refused: the campaign, the folder, a parameter or an edition cannot be used, a notebook
            beside it is not trusted, or a file in the folder would be written over; no page has
            changed then.
    """
    leave_when_read_again()
    campaign, out = Path(campaign), Path(out)
    settle_trust({campaign.parent: notebooks_of(campaign)}, accepted=own_notebooks)
    chosen = choose_editions(editions, [instrument_of(campaign)])
    request = Asked(report_date, parameters or {}, again, tell, draft, announce, chosen)
    refuse_register(out, [campaign])
    refuse_occupied(out)
    if draft:
        refuse_published(out)
    with hold(out), gather(jobs, dask) as workers:
        return print_with(workers, campaign, out, request)


@dataclass(frozen=True)
class Asked:
    """What was asked of a run, besides what to print and where; see `print_campaign`.

    ``above``: from its index, the address of that of the programme it is printed for.
    """

    report_date: str
    parameters: Mapping[str, Value]
    again: bool
    tell: Tell
    draft: bool = False
    announce: Announce = announce_nothing
    editions: Sequence[Opened] = ()
    above: str = ""

    @property
    def day(self) -> str:
        """The day printed on pages made now."""
        return self.report_date or datetime.date.today().isoformat()


def print_with(workers: Workers, campaign: Path, out: Path, request: Asked) -> Outcome:
    """Print a campaign with workers that are there, into a folder that is held."""
    notebooks = choose_notebooks(campaign.parent, request.parameters, _page_of(campaign))
    suited = [one for one in request.editions if suits(one, instrument_of(campaign))]
    plan = _plan_of(campaign, suited)
    head = settle_results(
        campaign,
        out,
        workers,
        again=request.again,
        day=request.day,
        draft=request.draft,
        announce=request.announce,
    )
    head = replace(head, above=request.above)
    orders = list(plan_pages(out / RESULTS, notebooks, request.day))
    orders = lead_round(orders, service_kinds(out / RESULTS), open_card(out / RESULTS).subject)
    orders += plan_editions(out / RESULTS, suited, request.day, plan)
    return print_orders(workers, out, head, orders, request, write_index)


def _plan_of(campaign: Path, editions: Sequence[Opened]) -> Path | None:
    """The plan that some of the editions tell of. Raises `Refused` when it cannot be read."""
    plan = plan_file(campaign) if any(PLAN in one.edition.parts for one in editions) else None
    if plan:
        read_plan(plan)
    return plan


def notebooks_of(campaign: Path) -> list[str]:
    """The names of the notebooks a campaign is printed with. Raises `Refused` as it is read."""
    return notebook_names(_page_of(campaign))


def _page_of(campaign: Path) -> str:
    return page_of(instrument_of(campaign))


def instrument_of(campaign: Path) -> Instrument:
    """What a campaign asks. Raises `Refused` as it is read."""
    return load_instrument(load_campaign(campaign).instrument, campaign.parent)


def print_orders(
    workers: Workers,
    out: Path,
    head: Head,
    orders: list[Order],
    request: Asked,
    write_index: Callable[[Ledger], None],
) -> Outcome:
    """Print the pages that are missing of those ordered, and the index that opens the folder."""
    refuse_strangers(out, orders)
    with open_ledger(
        out, head, orders, again=request.again, fixed_date=request.report_date
    ) as ledger:
        return _print_missing(ledger, workers, request.tell, write_index)


def gather(jobs: int | None, dask: str) -> AbstractContextManager[Workers]:
    """The workers of a run: processes here, those of a Dask cluster, or none."""
    if dask:
        return dask_workers(dask)
    return no_workers() if jobs == 0 else local_workers(jobs or os.cpu_count() or 2)


def _print_missing(
    ledger: Ledger, workers: Workers, tell: Tell, write_index: Callable[[Ledger], None]
) -> Outcome:
    missing = ledger.missing()
    outcome = Outcome(standing=len(ledger.orders) - len(missing))
    write_index(ledger)
    began = time.monotonic()
    try:
        longest_first = sorted(missing, key=lambda order: bool(order.service))
        for order, made in workers.run(make_page, longest_first):
            record = ledger.enter(order, _understand(made))
            outcome.enter(record)
            done, elapsed = outcome.made + len(outcome.failed), time.monotonic() - began
            tell(Step(done, len(missing), order.title, record.cause, elapsed))
    finally:
        write_index(ledger)
    return outcome


def _understand(made: Made | Exception) -> Made:
    """A page, or why a worker gave none."""
    match made:
        case Made():
            return made
        case Died():
            return Made("le processus qui préparait la page s'est arrêté, deux fois")
        case OSError() if explain(made) in OF_THE_DISK:
            return Made(explain(made)[0])
        case OSError():
            return Made("un fichier nécessaire à la page n'a pas pu être lu")
        case _:
            return Made(f"erreur imprévue ({type(made).__name__})")


def write_index(ledger: Ledger) -> None:
    """Write the page that opens the folder, from what has become of each page so far."""
    card = open_card(ledger.out / RESULTS)
    page = lay_index(card, ledger.pages(), versions(), ledger.above)
    write_whole(ledger.out / INDEX, page.encode())
