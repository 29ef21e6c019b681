"""The form in a real JupyterLab: its keys, its kernel dying, its page loaded again."""

import json
import os
import signal
from pathlib import Path

import pytest

from tests.asking.lab import Lab, cells, execute, until

CAMPAIGN = (
    "id: essai\ntitle: Essai\nperiod: mars 2026\ninstrument: epp_hygiene_mains\n"
    "responses: dossiers.csv\ncolumns: {service: Service, subject: Dossier}\n"
    "coding: {answers: codes, reversed: as_worded}\nservices: [Médecine]\n"
)
OPEN = (
    "import os\nfrom pathlib import Path\nfrom qgdr_eval.asking import widget\n"
    "_ = Path('noyau').write_text(str(os.getpid()))\n"
    "widget.entry_form(widget.open_entry('campagne.yml'))"
)
SECRET, REASON = "DOSSIER-7731", "motif-4412"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    server = Lab(tmp_path_factory.mktemp("lab"))
    (server.folder / "campagne.yml").write_text(CAMPAIGN, encoding="utf-8")
    server.wait()
    yield server
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
    yield opened
    context.close()


def rows(lab):
    path = lab.folder / "dossiers.csv"
    return path.read_text("utf-8-sig").splitlines()[1:] if path.exists() else []


def test_a_record_is_entered_in_jupyterlab_and_nothing_of_it_is_in_the_notebook(lab, page):
    saved = lab.write("05_saisie.ipynb", OPEN, "1 + 1", "2 + 2")
    lab.open(page, "05_saisie.ipynb", 3)

    # A record, answered by digits; JupyterLab's own keys do nothing to cells or answers.
    page.locator(".qgdr-bar .subject input").fill(SECRET)
    page.locator(".qgdr-bar .subject input").press("Enter")
    page.locator(".qgdr-form fieldset").first.wait_for()
    page.wait_for_function("document.activeElement.type === 'radio'")
    before = cells(page)
    for key in ["d", "d", "a", "b", "x", "m", "y", "z", "0", "0"]:
        page.keyboard.press(key)
    assert cells(page) == before
    assert page.locator(".qgdr-entry fieldset.answered").count() == 0
    for key in "1213":
        page.keyboard.press(key)
    page.wait_for_function(
        "document.querySelector('.entered li')?.textContent.includes('(4 sur 22)')"
    )
    assert len(rows(lab)) == 1
    assert rows(lab)[0].startswith(f"Médecine;{SECRET};0;1;0;8;;")

    # The fourth is not applicable: why, in a text of its own, where digits answer nothing.
    why = page.locator("#q-4 textarea")
    why.fill(f"{REASON} 2")
    why.press("1")
    why.press("Tab")
    journal = lab.folder / "dossiers.journal.csv"
    page.wait_for_function("document.querySelector('.qgdr-entry .told').textContent === ''")
    page.locator("#q-5 input").first.wait_for()
    until(page, lambda: journal.exists() and REASON in journal.read_text("utf-8-sig"))

    # The page loaded again shows what was kept; the notebook file holds nothing of it.
    execute(page, "docmanager:save")
    until(page, lambda: "widget-view" in saved.read_text("utf-8"))
    until(page, lambda: json.loads(saved.read_text("utf-8"))["metadata"].get("widgets"))
    text = saved.read_text("utf-8")
    assert SECRET not in text
    assert REASON not in text
    assert "Êtes-vous" not in text
    page.reload()
    page.locator("#q-4 textarea").wait_for()
    chosen = page.locator(".qgdr-entry input:checked")
    assert [one.get_attribute("value") for one in chosen.all()] == ["0", "1", "0", "8"]
    assert page.locator("#q-4 textarea").input_value() == f"{REASON} 21"
    assert page.outside == []

    # The next record by one key, blanks listed first; what is entered is reopened from its list.
    for _ in range(2):
        page.locator(".qgdr-entry .send").press("Enter")
    page.wait_for_function("document.activeElement.matches('.subject input')")
    assert page.locator(".qgdr-entry fieldset").count() == 0

    # Its number typed again is doubted; chosen from the list of what is entered, it is not.
    page.locator(".qgdr-bar .subject input").fill(SECRET)
    page.locator(".qgdr-bar .subject input").press("Enter")
    page.locator(".qgdr-bar .doubts li").wait_for()
    assert "Déjà saisi (4 sur 22)" in page.locator(".qgdr-bar .doubts").inner_text()
    page.locator("#q-4 textarea").wait_for()
    page.locator(".qgdr-bar .entered summary").click()
    page.locator(".qgdr-bar .entered li button").click()
    page.locator(".qgdr-bar .doubts:empty").wait_for(state="attached")
    page.locator("#q-4 textarea").wait_for()

    # Without a kernel, the page says that an answer is not kept, and never the contrary.
    os.kill(int(Path(lab.folder, "noyau").read_text()), signal.SIGKILL)
    page.locator("#q-6 label").first.click()
    page.get_by_text("Cette réponse n’a PAS été enregistrée").wait_for()
    assert len(rows(lab)) == 1
    assert rows(lab)[0].startswith(f"Médecine;{SECRET};0;1;0;8;;;")
