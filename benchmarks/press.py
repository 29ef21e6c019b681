"""Reports a second: the press, the plain loop it replaces, and the floor nothing can go under.

All three make the same reports of the same services with the same notebook, two at a time.

- plain loop: ``papermill`` then ``jupyter nbconvert`` for each service, as commands, from results
  already published (a gift: a plain loop would publish them each time);
- floor: in two warm processes, the cells executed by ``exec`` and the HTML rendered: no papermill,
  no isolation, no proof, no file written, start of the processes not counted;
- press: ``print_campaign`` as a user calls it. Everything counted: answers read, scored, published,
  workers started, pages proved and written, comparison, index, manifest. And once started, as the
  floor is: from the first page to the last.

``python benchmarks/press.py`` compares the three; ``python benchmarks/press.py 100 1000 5000``
measures the press alone on campaigns of these sizes, each in a process of its own.
"""

import ast
import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from operator import truediv
from pathlib import Path

import nbformat
import pandas as pd
from nbformat.v4 import new_output

from qgdr_eval.fictitious.simulate import simulate
from qgdr_eval.instruments import load_instrument
from qgdr_eval.press import print_campaign
from qgdr_eval.press.folder import RESULTS
from qgdr_eval.press.plan import Order, choose_notebooks, plan_pages

WORKERS = 2
SCRIPTS = Path(sysconfig.get_path("scripts"))  # beside this Python: PATH may know no environment
PLAIN, FLOOR, WHOLE, WARM = "boucle simple", "plancher", "presse, tout compté", "presse, lancée"
INSTRUMENT = "culture_securite"
CAMPAIGN = """\
id: vitesse
title: "Campagne fictive de mesure"
period: "octobre 2026"
instrument: culture_securite
responses: reponses.csv
columns: {facility: "Établissement", service: "Service", subject: "Identifiant"}
coding: {answers: labels, reversed: as_worded}
services: services.csv
"""


def write_campaign(folder: Path, services: int) -> Path:
    """A campaign of that many services of 12 respondents, in four facilities.

    From five on each would have a page of its own: only pages of services are compared here.
    """
    facilities = (rank * 4 // services + 1 for rank in range(services))
    places = pd.DataFrame(
        {
            "facility": [f"Établissement fictif {number}" for number in facilities],
            "service": [f"Service {rank + 1}" for rank in range(services)],
            "head_count": 15,
            "respondents": 12,
        }
    )
    simulate(load_instrument(INSTRUMENT), places, 7).to_csv(
        folder / "reponses.csv", sep=";", index=False
    )
    roster = places[["facility", "service", "head_count"]]
    roster.columns = ["Établissement", "Service", "Effectif"]
    roster.to_csv(folder / "services.csv", sep=";", index=False)
    (folder / "campagne.yml").write_text(CAMPAIGN, encoding="utf-8")
    return folder / "campagne.yml"


def plain_loop(orders: Sequence[Order], folder: Path) -> float:
    """Reports a second of the two commands, one service after another, two at a time."""
    began = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(lambda order: run_commands(order, folder), orders))
    return len(orders) / (time.perf_counter() - began)


def run_commands(order: Order, folder: Path) -> None:
    name = Path(order.href).stem
    parameters = [text for pair in order.parameters.items() for text in ("-p", *pair)]
    for command in (
        [SCRIPTS / "papermill", str(order.notebook), f"{name}.ipynb", *parameters],
        [SCRIPTS / "jupyter-nbconvert", "--to", "html", "--no-input", f"{name}.ipynb"],
    ):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)


def floor(orders: Sequence[Order]) -> float:
    """Reports a second of two warm processes that only run cells and render HTML."""
    halves = [orders[rank::WORKERS] for rank in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as processes:
        list(processes.map(render_all, [half[:2] for half in halves]))  # warm
        began = time.perf_counter()
        list(processes.map(render_all, halves))
        return len(orders) / (time.perf_counter() - began)


def render_all(orders: Sequence[Order]) -> None:
    from qgdr_eval.reporting.page.export import export_html

    for order in orders:
        notebook = nbformat.read(order.notebook, as_version=4)
        names: dict[str, object] = {}
        for cell in notebook.cells:
            if "parameters" in cell.metadata.get("tags", []):
                names |= order.parameters
            elif cell.cell_type == "code":
                cell.outputs = run_bare(cell.source, names)
        export_html(notebook, order.title, order.footer)


def run_bare(source: str, names: dict[str, object]) -> list[nbformat.NotebookNode]:
    *body, last = ast.parse(source).body
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    if not isinstance(last, ast.Expr):
        exec(compile(ast.Module([last], []), "cell", "exec"), names)
        return []
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    return [new_output("display_data", {"text/html": value._repr_html_()})]


def press(campaign: Path, folder: Path, pages: int) -> tuple[float, float]:
    """Reports a second of the press: everything counted, then from its first page to its last."""
    told = [time.perf_counter()]
    outcome = print_campaign(
        campaign,
        folder,
        jobs=WORKERS,
        again=True,
        tell=lambda step: told.append(time.perf_counter()),
    )
    assert (outcome.made, outcome.failed) == (pages + 1, [])
    return pages / (time.perf_counter() - told[0]), pages / (told[-1] - told[1])


def compare(services: int = 300, few: int = 4, rounds: int = 3) -> None:
    """Print the rates of the three, over rounds that alternate: all meet the same weather."""
    rates: dict[str, list[float]] = {name: [] for name in (PLAIN, FLOOR, WHOLE, WARM)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        campaign = write_campaign(folder, services)
        print_campaign(campaign, folder / "rapports", jobs=WORKERS)
        notebooks = choose_notebooks(folder, {})
        orders = list(plan_pages(folder / "rapports" / RESULTS, notebooks, "2026-11-02"))[:-1]
        for _ in range(rounds):
            rates[PLAIN].append(plain_loop(orders[:few], folder))
            rates[FLOOR].append(floor(orders))
            whole, warm = press(campaign, folder / "rapports", services)
            rates[WHOLE].append(whole)
            rates[WARM].append(warm)
    print(table(rates))


def table(rates: dict[str, list[float]]) -> str:
    """Medians and ranges; ratios are taken round by round."""
    lines = [
        "| | rapports par seconde | de – à | fois la boucle simple | plancher ÷ ligne |",
        "|---|---|---|---|---|",
    ]
    for name, values in rates.items():
        times = statistics.median(map(truediv, values, rates[PLAIN]))
        share = statistics.median(map(truediv, rates[FLOOR], values))
        lines.append(
            f"| {name} | {statistics.median(values):.2f} "
            f"| {min(values):.2f} – {max(values):.2f} | {times:.1f} | {share:.2f} |"
        )
    return "\n".join(lines).replace(".", ",")


def scale(sizes: Sequence[int]) -> None:
    """Print time, processor, memory and disk of the press, one process a size."""
    print("| services | durée (s) | ms par page | processeur (s) | parent (Mo) | fils (Mo) |")
    print("|---|---|---|---|---|---|")
    for size in sizes:
        told = subprocess.run(
            [sys.executable, __file__, "--alone", str(size)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        seen = json.loads(told.stdout)
        print(
            f"| {size} | {seen['elapsed']:.0f} | {1000 * seen['elapsed'] / size:.0f} "
            f"| {seen['processor']:.0f} | {seen['parent']:.0f} | {seen['child']:.0f} |".replace(
                ".", ","
            ),
            flush=True,
        )


def alone(services: int) -> None:
    """Run the press once in this process and say what it took."""
    with tempfile.TemporaryDirectory() as name:
        campaign = write_campaign(Path(name), services)
        os.sync()
        subprocess.run(
            [sys.executable, "-c", MEASURED, str(campaign), f"{name}/rapports"], check=True
        )


MEASURED = f"""
import json, resource, sys, time
from qgdr_eval.press import print_campaign
if __name__ == "__main__":
    began = time.perf_counter()
    outcome = print_campaign(sys.argv[1], sys.argv[2], jobs={WORKERS})
    elapsed = time.perf_counter() - began
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    assert not outcome.failed
    print(json.dumps({{
        "elapsed": elapsed,
        "processor": own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
        "parent": own.ru_maxrss / 1024,
        "child": children.ru_maxrss / 1024,
    }}))
"""


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            compare()
        case ["--alone", size]:
            alone(int(size))
        case sizes:
            scale([int(size) for size in sizes])
