"""The same form in Voilà: memory of each visitor, what is carried, how long to the first paint.

`python -m benchmarks.voila`. Voilà is no dependency of the kit: it is installed in an environment
of its own, `build/voila`, the first time; that takes the network. Beside it, the served form.
"""

import json
import shutil
import statistics
import subprocess
import sys
import time
import venv
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import sync_playwright

from qgdr_eval.instruments import load_instrument
from tests.asking.campaigns import ready
from tests.asking.served import Served, free_port
from tests.conftest import BROWSERS, QUIET

FIRST, VISITORS = 2, 5  # what is loaded once, by the first, is no visitor's
HOME = Path("build/voila")
CELL = """\
import ipywidgets as widgets
questions = {questions}
form = [widgets.VBox([widgets.HTML(text), widgets.RadioButtons(options=options, value=None)])
        for text, options in questions]
widgets.VBox([*form, widgets.Button(description="Envoyer")])
"""
PAINTED = """() => new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntries()[0].startTime)).observe({ type: "paint", buffered: true }))"""


def installed():
    """The Python of Voilà's own environment."""
    python = HOME.absolute() / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
        packages = ["voila", "ipywidgets", "ipykernel"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


def notebook(instrument):
    """A notebook that asks the same questions with radio buttons."""
    questions = [
        (item.text, [option.label for option in instrument.scale_of(item).options])
        for item in instrument.items
    ]
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "id": "a",
            "source": CELL.format(questions=questions)}  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4,
                       "nbformat_minor": 5})  # fmt: skip


@contextmanager
def voila(folder, instrument):
    """A running Voilà; gives its address and its process."""
    (folder / "form.ipynb").write_text(notebook(instrument), "utf-8")
    port, python = free_port(), installed()
    command = [python, "-m", "voila", folder / "form.ipynb", "--no-browser", f"--port={port}"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"
    while True:
        try:
            httpx.get(url + "voila/static/", trust_env=False)
            break
        except httpx.TransportError:
            time.sleep(0.2)
    yield url, running
    running.terminate()
    running.wait()


def memory(root):
    """Megabytes of a process and of all those it started, shared pages counted once."""
    children = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        children.setdefault(int(words[1]), []).append(int(status.parent.name))
    waiting, total = [root], 0
    while waiting:
        one = waiting.pop()
        waiting += children.get(one, [])
        text = Path(f"/proc/{one}/smaps_rollup").read_text()
        total += int(text.split("Pss:")[1].split()[0])
    return total / 1024


def visit(browser, url, ready_when, before=None):
    """A visitor with an empty cache; his window is left open.

    Gives bytes carried, milliseconds to the first paint, seconds to the form, and the window.
    """
    context = browser.new_context()
    page, carried = context.new_page(), []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda one: carried.append(one["encodedDataLength"]))
    if before:
        before(page)
    carried.clear()
    begun = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(ready_when).first.wait_for(timeout=120_000)
    usable = time.perf_counter() - begun
    return sum(carried), page.evaluate(PAINTED), usable, context


def visits(what, browser, process, url, ready_when, before=None):
    opened = [visit(browser, url, ready_when, before) for _ in range(FIRST)]
    start = memory(process.pid)
    opened += [visit(browser, url, ready_when, before) for _ in range(VISITORS)]
    each = (memory(process.pid) - start) / VISITORS
    carried, painted, usable = (
        statistics.median(one[at] for one in opened[FIRST:]) for at in range(3)
    )  # fmt: skip
    print(f"{what}: {each:.2f} MB a visitor, {carried / 1000:.0f} kB carried, first paint "
          f"{painted:.0f} ms, form in {usable * 1000:.0f} ms", flush=True)  # fmt: skip
    for *_, context in opened:
        context.close()


def main():
    chromium = next(found for name in BROWSERS if (found := shutil.which(name)))
    with TemporaryDirectory() as chosen, sync_playwright() as playwright:
        folder = Path(chosen)
        made = ready(folder, instrument="culture_securite")
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        served, codes = Served(made.path).wait(), iter(made.codes["Médecine"])

        def enter(page):
            page.goto(served.url)
            page.get_by_label("code de votre carte").fill(next(codes))
            page.get_by_role("button", name="Commencer").click()
            page.wait_for_url("**/questionnaire")

        form = f"{served.url}/questionnaire"
        visits("the form, served", browser, served.process, form, "input[type=radio]", enter)
        served.stop()
        with voila(folder, load_instrument("culture_securite")) as (url, process):
            visits("Voilà", browser, process, url, "input[type=radio]")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
