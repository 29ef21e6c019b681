"""One computer passed round in a real JupyterLab: blank for each, sealed, nothing in files."""

import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import every_source
from qgdr_eval.responses.asked import UNSAID
from tests.asking.campaigns import ready
from tests.asking.lab import Lab, cells, execute

OPEN = (
    "import os\nfrom pathlib import Path\nfrom qgdr_eval.asking import widget\n"
    "_ = Path('noyau').write_text(str(os.getpid()))\n"
    "widget.entry_form(widget.open_entry('c/campagne.yml'{}))"
)
STRATUM = (
    "columns:\n  facility: Établissement\n  service: Service\n  strata: {profession: Profession}\n"
)
KEYS = ["d", "d", "a", "b", "x", "m", "y", "z", "1", "2"]  # each changes cells in a notebook
LATER = "() => { const now = Date.now; Date.now = () => now() + 301_000; }"  # five minutes on


@pytest.fixture(scope="module")
def started(tmp_path_factory, browser):
    """A laboratory, and a campaign that was prepared."""
    folder = tmp_path_factory.mktemp("lab")
    server = Lab(folder)
    server.made = ready(folder / "m", columns=STRATUM, more="  classes: [Infirmiers, Autres]\n")
    server.wait()
    yield server
    server.close()


@pytest.fixture
def lab(started, browser):
    """The campaign as nobody has answered it yet; a page that notes what it asks elsewhere."""
    shutil.rmtree(started.folder / "c", ignore_errors=True)
    shutil.copytree(started.made.path.parent, started.folder / "c")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    context.set_default_timeout(30_000)
    started.page, started.outside = context.new_page(), []
    started.page.on("request", lambda request: started.outside.append(request.url)
                    if f"//127.0.0.1:{started.port}/" not in request.url
                    and not request.url.startswith(("data:", "blob:")) else None)  # fmt: skip
    yield started
    context.close()


def enter(page, code):
    page.locator(".qgdr-turn input").fill(code)
    page.locator(".qgdr-turn input").press("Enter")
    page.locator(".qgdr-entry fieldset").first.wait_for()
    page.wait_for_function("document.activeElement.type === 'radio'")


def type_digits(page, digits):
    for at, digit in enumerate(digits, start=1):
        page.keyboard.press(digit)
        page.wait_for_function(
            f"document.querySelectorAll('.qgdr-entry .answered').length === {at}"
        )


def broken(page):
    found = Axe().run(page, {"include": [[".qgdr-entry"]]}).response["violations"]
    return [rule["id"] for rule in found]


def opened(lab):
    """What `gather` reads back of who answered, once others came who left everything blank."""
    path = lab.folder / "c" / "campagne.yml"
    replace(lab.made, path=path).crowd()
    with every_source(path) as sources:
        gather(path, lab.made.pair, sources)
    rows = pd.read_csv(path.parent / "reponses.csv", sep=";", dtype=str, keep_default_na=False)
    return rows[(rows[list(lab.made.asked.instrument.codes)] != "").any(axis=1)]


def files(lab):
    """Everything written while people answered, by its path."""
    return {path: path.read_bytes() for path in lab.folder.parent.rglob("*")
            if path.is_file() and "m" not in path.relative_to(lab.folder.parent).parts}  # fmt: skip


def test_three_people_take_turns_and_leave_nothing_to_the_next(lab):
    page, codes = lab.page, lab.made.codes["Médecine"]
    lab.write("tour.ipynb", OPEN.format(""), "1 + 1")
    lab.open(page, "tour.ipynb", 2)
    page.get_by_text("À qui le tour").wait_for()
    assert broken(page) == [], "between two people"
    before = cells(page)

    # A wrong code is refused in words; neither keys nor a press beside a question reach the cells.
    page.locator(".qgdr-turn input").fill("2345 ACDE WXYC")
    page.locator(".qgdr-turn input").press("Enter")
    page.get_by_text("aucune carte de cette enquête").wait_for()
    enter(page, codes[0])
    assert broken(page) == [], "blank"
    page.locator(".qgdr-entry .promise").click()
    for key in KEYS:
        page.keyboard.press(key)
    assert cells(page) == before
    assert page.locator(".qgdr-entry .answered").count() == 0

    # Digits answer; the stratum comes last; what is sent is sealed and the screen is neutral.
    items = lab.made.asked.instrument.codes
    page.locator(".qgdr-entry fieldset input").first.focus()
    digits = [str(1 + at % 4) for at in range(len(items))]
    type_digits(page, [*digits, "3"])
    assert page.locator("input[name=_classe]:checked").get_attribute("value") == UNSAID
    page.keyboard.press("Enter")
    page.get_by_text("Votre réponse est gardée").wait_for()
    assert broken(page) == [], "sent"
    assert page.locator(".qgdr-entry input").count() == 0

    # The second is called away: five minutes clear the screen, and the code resumes.
    page.keyboard.press("Enter")
    enter(page, codes[1])
    type_digits(page, "44")
    page.wait_for_timeout(500)
    page.evaluate(LATER)
    page.get_by_text("le code de votre carte les rouvre").wait_for()
    assert page.locator(".qgdr-entry fieldset").count() == 0
    enter(page, codes[2])
    assert page.locator(".qgdr-entry input:checked").count() == 0
    page.get_by_role("button", name="Arrêter").click()
    enter(page, codes[1])
    assert page.locator(".qgdr-entry input:checked").count() == 2
    for _ in range(2):
        page.locator(".qgdr-entry .send").press("Enter")
    page.get_by_text("Votre réponse est gardée").wait_for()

    # A page loaded again is blank, a used card is refused; the notebook file holds nothing.
    execute(page, "docmanager:save")
    page.reload()
    page.get_by_text("À qui le tour").wait_for()
    page.locator(".qgdr-turn input").fill(codes[0])
    page.locator(".qgdr-turn input").press("Enter")
    page.get_by_text("Cette carte a déjà servi").wait_for()
    enter(page, codes[2])
    page.evaluate("() => document.querySelector('.qgdr-entry fieldset input').focus()")

    # Without a kernel the page says that nothing is kept.
    os.kill(int(Path(lab.folder, "noyau").read_text()), signal.SIGKILL)
    page.locator("#q-1 label").first.click()
    page.get_by_text("Cette réponse n’a PAS été enregistrée").wait_for()
    assert lab.outside == []
    written = files(lab)
    for code in codes[:3]:
        for text in (code, code.replace(" ", "")):
            assert [path for path, content in written.items() if text.encode() in content] == []
    assert "Êtes-vous".encode() not in written[lab.folder / "tour.ipynb"]
    rows = opened(lab)[["Profession", *items]].values.tolist()
    options = {item: [choice.code for choice in scale] for item, scale in scales(lab).items()}
    first = [str(options[item][int(digit) - 1]) for item, digit in zip(items, digits, strict=True)]
    second = [str(options[item][3]) for item in items[:2]] + [""] * (len(items) - 2)
    assert sorted(rows) == sorted([[UNSAID, *first], [UNSAID, *second]])


def test_sheets_are_typed_by_keys_alone_compared_and_read_back(lab):
    page, codes = lab.page, lab.made.codes["Urgences"]
    items = lab.made.asked.instrument.codes
    lab.write("papier.ipynb", OPEN.format(", paper=2"), "1 + 1")
    lab.open(page, "papier.ipynb", 2)
    page.locator(".qgdr-turn input").focus()
    before = cells(page)
    page.keyboard.type(codes[0].replace(" ", "").lower())
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.type === 'radio'")

    # The rank of each answer is written beside it: it is the key that gives it.
    assert "counter(rank)" in page.locator("#q-1 label").nth(1).evaluate(
        "label => getComputedStyle(label, '::before').content"
    )

    # 0 leaves a question blank, Backspace goes back; Enter at the end, and again past the blanks.
    for key in ["1", "0", "4", "Backspace", "3", *"2" * (len(items) - 3), "1"]:
        page.keyboard.press(key)
    page.wait_for_function("document.activeElement.matches('.send')")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.blanks')")
    page.keyboard.press("Enter")
    page.get_by_text("Seconde saisie").wait_for()
    assert page.locator(".qgdr-entry input:checked").count() == 0

    # The second time two answers differ: nothing is sealed before each is settled.
    for key in ["1", "1", "4", *"2" * (len(items) - 3), "1", "Enter"]:
        page.keyboard.press(key)
    page.locator(".differences").wait_for()
    assert broken(page) == [], "differences"
    assert page.locator(".differences li").count() == 2
    page.locator(".differences li").nth(0).get_by_text("Sans réponse").press("Enter")
    for _ in range(2):  # past the question that is blank now
        page.locator(".qgdr-entry .send").press("Enter")
    page.get_by_text("Une différence est encore à revoir").wait_for()
    page.locator(".differences li").nth(1).get_by_text("seconde saisie").press("Enter")
    page.locator(".qgdr-entry .send").press("Enter")
    page.get_by_text("Feuille scellée.", exact=True).wait_for()

    # The next card by one key; the one that was struck is refused.
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    page.get_by_text("Mettez sa feuille de côté").wait_for()
    assert cells(page) == before
    assert lab.outside == []
    options = {item: [choice.code for choice in scale] for item, scale in scales(lab).items()}
    ranks = [0, None, 3, *[1] * (len(items) - 3)]
    sheet = ["" if at is None else str(options[item][at])
             for item, at in zip(items, ranks, strict=True)]  # fmt: skip
    (row,) = opened(lab)[["Service", "Profession", *items]].values.tolist()
    assert row == ["Urgences", "Infirmiers", *sheet]


def scales(lab):
    """The answers of each question, in the order of their digits."""
    from qgdr_eval.asking.form.questions import sections_of

    return {question.code: (*question.choices, *question.aside)
            for section in sections_of(lab.made.asked.instrument)
            for question in section.questions}  # fmt: skip
