"""A whole programme in, every page out: its campaigns, then the pages that stand above them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qgdr_eval.actions import read_plan
from qgdr_eval.campaigns.apart import check_apart
from qgdr_eval.campaigns.programme import Programme, load_programme
from qgdr_eval.campaigns.sources import programme_sources, refuse_register
from qgdr_eval.disclosure import open_card
from qgdr_eval.fingerprint import of_file, of_values
from qgdr_eval.french import quote, typography
from qgdr_eval.press.campaign import (
    Asked,
    Outcome,
    gather,
    instrument_of,
    notebooks_of,
    print_orders,
    print_with,
)
from qgdr_eval.press.editions import choose_editions
from qgdr_eval.press.folder import (
    FACILITIES,
    INDEX,
    PAGES,
    PLANS,
    POLES,
    PROGRAMME,
    RESULTS,
    hold,
    refuse_others,
    write_whole,
)
from qgdr_eval.press.index import lay_programme_index
from qgdr_eval.press.keyed import fingerprint_sources, keyed
from qgdr_eval.press.kit import kit_fingerprints, versions
from qgdr_eval.press.ledger import Head, Ledger, read_head, read_records
from qgdr_eval.press.occupied import refuse_occupied, refuse_published, refuse_strangers
from qgdr_eval.press.parameters import Value, settle_parameters
from qgdr_eval.press.plan import DRAFT, Order, find_notebook, notebook_inputs
from qgdr_eval.press.progress import Tell, say_nothing
from qgdr_eval.press.results import Announce
from qgdr_eval.press.results import say_nothing as announce_nothing
from qgdr_eval.press.trust import settle_trust
from qgdr_eval.press.ways import lead_above
from qgdr_eval.press.workers import leave_when_read_again
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.reporting.action_plan.report import open_plan
from qgdr_eval.reporting.dashboard.report import open_dashboard
from qgdr_eval.reporting.page.ways import Link
from qgdr_eval.reporting.synthesis.report import list_facilities, open_synthesis
from qgdr_eval.responses import load_campaign
from qgdr_eval.responses.indicators import read_indicators
from qgdr_eval.writing import slug

SYNTHESIS, DASHBOARD, PLAN = (
    "60_synthese.ipynb",
    "35_tableau_de_bord.ipynb",
    "50_plan_actions.ipynb",
)


def print_programme(
    programme: str | Path,
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
    r"""Print every campaign of a programme into a folder of its own, then what stands above them.

    Above them: a synthesis of each facility, a dashboard of each pôle, the plan of each facility
    and pôle, an index. What has not changed is not made again.

    >>> from qgdr_eval.fictitious import file_of
    >>> with file_of("demo_self", "campaign") as campaign:
    ...     path = campaign.with_name("programme.yml")
    ...     keys = "id: essai", "title: Essai", "period: mars", "campaigns: [campagne.yml]"
    ...     _ = path.write_text("\n".join(keys), encoding="utf-8")
    ...     outcome = print_programme(path, campaign.parent / "rapports", jobs=0, draft=True)
    >>> outcome.made  # the campaign's one page, and the synthesis of its facility
    2

    Args:
        programme: a ``programme.yml``; the others are those of `print_campaign`. An edition is
            printed of the campaigns that it suits.

    Raises:
        Refused: the programme, the indicators or the plan cannot be used, a notebook beside them is
            not trusted, or the folder holds other reports: no page has changed then. Or a campaign
            cannot: those before it are printed then.
    """
    leave_when_read_again()
    path, out = Path(programme), Path(out)
    read = load_programme(path)
    _refuse_mixing(out, read)
    refuse_errors(
        replace(problem, file=path.name) for problem in check_apart(path.parent, read.campaigns)
    )
    campaigns = _campaigns(path, read)
    chosen = choose_editions(editions, map(instrument_of, campaigns.values()))
    request = Asked(report_date, parameters or {}, again, tell, draft, announce, chosen)
    settle_trust(_notebooks(path, campaigns), accepted=own_notebooks)
    refuse_register(out, campaigns.values())
    beside = list(plan_beside(path, request.day))
    for written in (out, *(out / name for name in campaigns)):
        refuse_occupied(written)
        if draft:
            refuse_published(written)
    refuse_strangers(out, beside)
    with hold(out), gather(jobs, dask) as workers:
        outcome = Outcome(standing=0)
        for folder, campaign in campaigns.items():
            with hold(out / folder):
                inside = replace(request, above=f"../{INDEX}")
                outcome.add(print_with(workers, campaign, out / folder, inside))
        orders = [*plan_facilities(path, out, request.day), *beside]
        orders = lead_above(orders, _campaign_pages(out, campaigns))
        refuse_strangers(out, orders)
        kept = read.model_copy(update={"campaigns": tuple(campaigns)})
        write_whole(out / PROGRAMME, kept.model_dump_json(indent=1).encode())
        orders = [_marked(order) for order in orders] if request.draft else orders
        head = _head(path, read, out, campaigns)
        outcome.add(print_orders(workers, out, head, orders, request, write_index))
    return outcome


def _campaign_pages(out: Path, campaigns: Iterable[str]) -> dict[str, list[Link]]:
    """For each facility, the page of each campaign that speaks of it: its own, else the index."""
    found: dict[str, list[Link]] = {}
    for folder in campaigns:
        results = out / folder / RESULTS
        own = {record.facility: record.page for record in read_records(out / folder)
               if record.page.startswith(f"{FACILITIES}/")}  # fmt: skip
        for facility in list_facilities([results]):
            link = f"{folder}/{own.get(facility, INDEX)}", open_card(results).title
            found.setdefault(facility, []).append(link)
    return found


def _marked(order: Order) -> Order:
    """The order of a page that says it is a draft; the page that does not is another one."""
    return replace(order, draft=True, inputs=order.inputs | {DRAFT: of_values(True)})


def _notebooks(path: Path, campaigns: Mapping[str, Path]) -> dict[Path, list[str]]:
    """The names of the notebooks that a programme runs, by the folder they would be taken from."""
    wanted = {path.parent: [SYNTHESIS, DASHBOARD, PLAN]}
    for campaign in campaigns.values():
        wanted[campaign.parent] = [*wanted.get(campaign.parent, ()), *notebooks_of(campaign)]
    return {folder: list(dict.fromkeys(names)) for folder, names in wanted.items()}


def plan_beside(path: Path, day: str) -> Iterator[Order]:
    """The orders of the pages that no campaign is needed for: dashboards, then plans."""
    read = load_programme(path)
    if read.indicators:
        yield from _dashboards(path.parent, read, day)
    if read.plan:
        yield from _plans(path.parent, path.parent / read.plan, read, day)


def check_programme(path: Path) -> None:
    """Prepare the pages that stand above the campaigns, and print none.

    Raises:
        Refused: what `print_programme` would refuse once the campaigns are printed.
    """
    _campaigns(path, load_programme(path))
    for _ in plan_beside(path, ""):
        pass
    settle_parameters(find_notebook(SYNTHESIS, path.parent), {})


def write_index(ledger: Ledger) -> None:
    """Write the page that opens the folder of a programme."""
    programme = Programme.model_validate_json((ledger.out / PROGRAMME).read_bytes())
    page = lay_programme_index(programme, ledger.out, ledger.pages(), versions())
    write_whole(ledger.out / INDEX, page.encode())


@dataclass(frozen=True)
class Press:
    """What the orders of one notebook share: where it is, what it is made with, the day."""

    notebook: Path
    inputs: dict[str, str]
    day: str

    def order(
        self, place: tuple[str, str], carried: str, href: str, title: str, **values: object
    ) -> Order:
        """One page; ``place`` is what its masthead says, ``carried`` the mark of its sections."""
        settled = settle_parameters(self.notebook, values | {"report_date": self.day}, values)
        return Order(
            facility=place[0],
            service=place[1],
            n=None,
            rate=None,
            results=carried,
            inputs={"results": carried} | self.inputs,
            notebook=self.notebook,
            parameters=settled,
            title=typography(title),
            footer=typography(title),
            href=href,
        )


def _press(name: str, folder: Path, day: str) -> Press:
    notebook = find_notebook(name, folder)
    return Press(notebook, kit_fingerprints() | notebook_inputs(notebook, {}), day)


def plan_facilities(path: Path, out: Path, day: str) -> Iterator[Order]:
    """The orders of the syntheses, made of the results of the campaigns printed into ``out``."""
    press = _press(SYNTHESIS, path.parent, day)
    folders = _campaigns(path, load_programme(path))
    facilities = list_facilities([out / folder / RESULTS for folder in folders])
    shared = {"programme": str(path.absolute()), "results": str(out.absolute())}
    for rank, facility in enumerate(facilities, start=1):
        report = open_synthesis(shared["programme"], facility, shared["results"], day)
        href = f"{FACILITIES}/{rank:02d}-{slug(facility)}.html"
        title = f"{facility or report.programme.title} – synthèse"
        yield press.order((facility, ""), report.fingerprint, href, title,
                          facility=facility, **shared)  # fmt: skip


def _dashboards(folder: Path, read: Programme, day: str) -> Iterator[Order]:
    press = _press(DASHBOARD, folder, day)
    table = str((folder / str(read.indicators)).absolute())
    national = str((folder / read.national).absolute()) if read.national else ""
    for rank, (facility, pole) in enumerate(_poles(folder, read), start=1):
        report = open_dashboard(table, facility, pole, national)
        href = f"{POLES}/{rank:02d}-{slug(pole or facility)}.html"
        yield press.order((facility, pole), report.fingerprint, href, f"{pole} – tableau de bord",
                          indicators=table, facility=facility, pole=pole,
                          national=national)  # fmt: skip


def _poles(folder: Path, read: Programme) -> list[tuple[str, str]]:
    """(facility, pôle) of the dashboards, in the order of the indicators' file."""
    if not read.indicators:
        return []
    rows = read_indicators(folder / read.indicators)[["facility", "pole"]].drop_duplicates()
    return list(rows.itertuples(index=False, name=None))


def _plans(folder: Path, plan: Path, read: Programme, day: str) -> Iterator[Order]:
    """A plan page for each facility, then for each of its pôles, in the order of dashboards."""
    press = _press(PLAN, folder, day)
    actions = read_plan(plan).actions
    pairs = dict.fromkeys(actions[["facility", "pole"]].itertuples(index=False, name=None))
    poles = [place for place in _poles(folder, read) if place in pairs]
    poles = [place for place in dict.fromkeys([*poles, *pairs]) if place[1]]
    places = dict.fromkeys([*((facility, "") for facility, _ in pairs), *poles])
    for rank, (facility, pole) in enumerate(places, start=1):
        report = open_plan(str(plan.absolute()), facility, pole, "", day)
        href = f"{PLANS}/{rank:02d}-{slug(pole or facility or 'plan')}.html"
        title = f"{pole or facility or read.title} – plan d'actions"
        yield press.order((facility, pole), report.fingerprint, href, title,
                          plan=str(plan.absolute()), facility=facility, pole=pole)  # fmt: skip


def _campaigns(path: Path, read: Programme) -> dict[str, Path]:
    """The file of each campaign by its id, which names the folder it is printed into."""
    files = [path.parent / name for name in read.campaigns]
    campaigns = {load_campaign(file).id: file for file in files}
    ours = {Path(PROGRAMME).parent.name, *PAGES} & campaigns.keys()
    cure = "changez l'« id » de cette campagne"
    refuse_errors(
        Problem(path.name, None, "campaigns", f"{quote(id)} est le nom d'un de nos dossiers", cure)
        for id in sorted(ours)
    )
    return campaigns


def _head(path: Path, read: Programme, out: Path, campaigns: Iterable[str]) -> Head:
    sources = fingerprint_sources(programme_sources(path))
    if read.indicators:  # numbers of people that are not shown could be guessed back too
        sources["indicators"] = keyed(path.parent / read.indicators, path.parent, read.id)
    made_from = [PROGRAMME, *(f"{folder}/{RESULTS}" for folder in campaigns)]
    files = {name: of_file(out / name) for name in made_from}
    return Head(read.id, kit_fingerprints(), versions(), sources, files)


def _refuse_mixing(out: Path, read: Programme) -> None:
    """Raise `Refused` when a folder holds the reports of one campaign, or of another programme."""
    earlier = read_head(out)
    name = earlier.campaign if earlier else ""
    if (out / RESULTS).is_file():
        raise refuse_others(out, "d'une campagne", name)
    if earlier and name != read.id:
        raise refuse_others(out, "d'un autre programme", name)
