"""The facilitator's screen in a real JupyterLab: the steps of the browser's, on the same file."""

import contextlib
import json
import os
import signal
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from qgdr_eval.fictitious import write_demo
from qgdr_eval.shipped import shipped
from tests.asking.lab import Lab
from tests.workshop.printed import published
from tests.workshop.room import Served, reached

NOTEBOOK, SAID = "15_atelier.ipynb", "Relire-7731 à deux voix"
PID = "import os\nfrom pathlib import Path\n_ = Path('noyau').write_text(str(os.getpid()))\n"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    server = Lab(tmp_path_factory.mktemp("lab"))
    published(write_demo(server.folder))
    notebook = nbformat.read(shipped("notebooks") / NOTEBOOK, as_version=4)
    (parameters,) = (cell for cell in notebook.cells if cell.id == "parametres")
    parameters.source = PID + parameters.source.replace('"demo"', '"campagne.yml"')
    nbformat.write(notebook, server.folder / NOTEBOOK)
    try:
        server.wait()
        yield server
    finally:
        server.close()


@pytest.fixture
def page(browser, lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    context.set_default_timeout(30_000)
    opened = context.new_page()
    opened.outside = []
    opened.on("request", lambda request: opened.outside.append(request.url)
              if f"//127.0.0.1:{lab.port}/" not in request.url
              and not request.url.startswith(("data:", "blob:")) else None)  # fmt: skip
    opened.goto(lab.url(f"lab/tree/{NOTEBOOK}"))
    opened.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 9")
    opened.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.ready")
    execute(opened, "notebook:run-all-cells")
    yield opened
    context.close()


def execute(page, command):
    page.evaluate("command => window.jupyterapp.commands.execute(command)", command)


def cells(page):
    return page.evaluate(
        "() => [...window.jupyterapp.shell.currentWidget.content.widgets]"
        ".map(one => [one.model.type, one.model.sharedModel.getSource()])"
    )


def text_of(main):
    return main.inner_text().split("Cet ordinateur seul")[0].split()


def press(screen, name):
    screen.get_by_role("button", name=name).first.click()


def test_facilitated_in_a_notebook_followed_in_browsers(lab, page, browser, tmp_path):
    screen = page.locator(".qgdr-atelier")
    press(screen, "Ouvrir le premier vote")
    screen.get_by_text("Ont voté").wait_for()

    # Keys of JupyterLab, pressed in a field of cards or on a button, leave the cells alone.
    field = screen.locator(".cards input").first
    field.focus()
    before = cells(page)
    for key in ["d", "d", "a", "b", "x", "m", "y", "z", "Escape", "d", "d"]:
        page.keyboard.press(key)
    assert cells(page) == before

    # Cards that are typed, telephones of a server on the same file, one count.
    for at, n in enumerate(("2", "1", "3")):
        screen.locator(".cards input").nth(at).fill(n)
    press(screen, "Compter ces cartes")
    screen.get_by_text("Ont voté : 6").wait_for()
    with contextlib.closing(Served(lab.folder / "campagne.yml")) as served:
        assert "reprend où il en était" in served.said[0]
        reached(served.room)
        phone, lead = browser.new_page(), browser.new_page()
        phone.goto(served.room)
        phone.locator("form label").nth(0).click()
        phone.get_by_role("button", name="Voter").click()
        screen.get_by_text("Ont voté : 7").wait_for()
        lead.goto(served.facilitator)
        assert text_of(screen.locator(".within")) == text_of(lead.locator("main"))
        press(screen, "Clore et montrer le premier vote")
        screen.get_by_role("button", name="Ouvrir le second vote").first.wait_for()
        lead.get_by_role("button", name="Ouvrir le second vote").first.wait_for()
        assert text_of(screen.locator(".within")) == text_of(lead.locator("main"))
        press(lead, "Ouvrir le second vote")  # one or the other may lead
        screen.get_by_text("Ont voté : 0").wait_for()
        phone.close()
        lead.close()

    # Without any server, the second vote by cards, then the agreement.
    screen.locator(".cards input").nth(3).fill("6")
    press(screen, "Compter ces cartes")
    screen.get_by_text("Ont voté : 6").wait_for()
    press(screen, "Clore et montrer le second vote")
    screen.get_by_text("La répartition n’est pas montrée").first.wait_for()
    screen.get_by_label("accord avec des réserves").check()
    screen.get_by_label("Action décidée").fill(SAID)
    found = Axe().run(page, context=".qgdr-atelier").response["violations"]
    assert [rule["id"] for rule in found] == []
    press(screen, "Écrire l’accord")
    screen.get_by_text("terminée").first.wait_for()
    (kept,) = (lab.folder / "atelier").glob("*.json")
    assert SAID in kept.read_text("utf-8")

    # The page loaded again stands at the same step; the notebook file holds nothing of it.
    execute(page, "docmanager:save")
    saved = lab.folder / NOTEBOOK
    for _ in range(100):
        if json.loads(saved.read_text("utf-8"))["metadata"].get("widgets"):
            break
        page.wait_for_timeout(100)
    text = saved.read_text("utf-8")
    assert json.loads(text)["metadata"]["widgets"]
    assert SAID not in text
    page.reload()
    page.locator(".qgdr-atelier").get_by_text(SAID).first.wait_for()
    assert page.outside == []

    # Without a kernel, the page says that nothing is kept.
    os.kill(int(Path(lab.folder, "noyau").read_text()), signal.SIGKILL)
    again = page.locator(".qgdr-atelier").get_by_text("Effacer et reprendre")
    again.dispatch_event("click")  # JupyterLab's own dialogue stands over the page
    page.get_by_text("rien de ce que vous saisissez n’est enregistré").wait_for()
    assert SAID in kept.read_text("utf-8")
