"""Every instrument on every host, by keyboard alone and by touch at 390 px: kept as it was pressed.

``python -m tests.asking.hosts [INSTRUMENT …]`` answers all those with wording. Where people are
asked: served, in the offline file (Chromium, Firefox), on one computer passed round in JupyterLab.
Records, groups and persons: in JupyterLab. All of them: in the page to try and on paper. What is
kept is compared with what was pressed, and no request may leave the machine.
"""

import csv
import io
import json
import re
import shutil
import sys
import traceback
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from axe_playwright_python.sync_playwright import Axe

from qgdr_eval.asking import lay_page
from qgdr_eval.asking.form.lay import PAPER
from qgdr_eval.asking.form.questions import sections_of
from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import every_source
from qgdr_eval.instruments import load_instrument, shipped_instruments
from tests.asking import firefox
from tests.asking.campaigns import ready
from tests.asking.lab import Lab, execute
from tests.asking.served import Served
from tests.asking.test_gather import rows
from tests.conftest import BROWSERS, QUIET

DESK = {"viewport": {"width": 1280, "height": 900}}
TELEPHONE = {
    "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
}  # fmt: skip
PATIENCE = 60_000  # ms given to a busy machine
SHEET = re.compile(rb"/Type\s*/Page\b")
CAMPAIGN = (
    "id: essai\ntitle: Essai\nperiod: mars 2026\ninstrument: {name}\nresponses: {name}.csv\n"
    "columns: {{service: Service{subject}}}\ncoding: {{answers: codes, reversed: as_worded}}\n"
    "services: [Médecine, Urgences]\n"
)
ENTERED = "from qgdr_eval.asking import widget\nwidget.entry_form(widget.open_entry('{path}'))"


def pressed(instrument, turn):
    """One answer a question, a different one each turn: its item, its place from 0, its code."""
    questions = [question for section in sections_of(instrument) for question in section.questions]
    plan = []
    for question in questions:
        codes = [choice.code for choice in (*question.choices, *question.aside)][:9]
        at = (question.number * 2 + turn) % len(codes)
        plan.append((question.code, at, codes[at]))
    return plan


def kept_of(plan):
    """What is kept of answers: their codes, by item."""
    return {item: code for item, _, code in plan}


def by_keys(page, plan, root=".qgdr-form[data-host]"):
    """Go to the first question by the tab key, answer by digits, send by the enter key."""
    for _ in range(30):
        if page.evaluate(f"document.activeElement.matches('{root} input[type=radio]')"):
            break
        page.keyboard.press("Tab")
    for _, at, _ in plan:
        page.keyboard.press(str(at + 1))
    assert page.evaluate("document.activeElement.className") == "send"
    page.keyboard.press("Enter")


def by_touch(page, plan, root=".qgdr-form[data-host]"):
    """Touch an answer of each question, then the button that sends."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    for number, (_, at, _) in enumerate(plan, start=1):
        page.locator(f"{root} #q-{number} label").nth(at).tap()
    page.locator(f"{root} .send").tap()


WAYS = {by_keys: DESK, by_touch: TELEPHONE}


@contextmanager
def window(browser, settings, here):
    """A window of its own; every request goes to one of these beginnings of addresses."""
    context = browser.new_context(accept_downloads=True, locale="fr-FR", **settings)
    context.set_default_timeout(PATIENCE)
    page, foreign = context.new_page(), []
    known = ("data:", "blob:", *here)
    for kind in ("request", "websocket"):
        page.on(kind, lambda one: one.url.startswith(known) or foreign.append(one.url))
    yield page
    context.close()
    assert foreign == [], foreign


def broken(page):
    """Rules of accessibility that our cell breaks: the notebook around it is not ours."""
    found = Axe().run(page, {"include": [[".qgdr-entry"]]}).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]


def on_trial(browser, instrument, folder):
    """The page to try: what is pressed is what is chosen, and nothing of it is kept."""
    path = folder / "essai.html"
    path.write_text(lay_page(instrument), "utf-8")
    for turn, (answer, settings) in enumerate(WAYS.items()):
        with window(browser, settings, ("file:",)) as page:
            page.goto(path.as_uri())
            plan = pressed(instrument, turn)
            answer(page, plan)
            page.get_by_text("rien n’a été enregistré").wait_for()
            chosen = page.evaluate(
                "Object.fromEntries([...document.querySelectorAll('fieldset input:checked')]"
                ".map(one => [one.name, Number(one.value)]))"
            )
            assert chosen == kept_of(plan)


def on_paper(browser, instrument, folder):
    """Two sides for forty questions, and no question cut: gives the number of sides."""
    path = folder / "papier.html"
    path.write_text(lay_page(instrument, PAPER), "utf-8")
    with window(browser, DESK, ("file:",)) as page:
        page.goto(path.as_uri())
        sides = len(SHEET.findall(page.pdf(prefer_css_page_size=True)))
        page.emulate_media(media="print")
        assert all(one.is_visible() for one in page.locator("fieldset").all())
    assert sides <= 2 or len(instrument.items) > 40, f"{sides} sides"
    return sides


def where_people_answer(browser, fox, lab, instrument):
    """Served, in the offline file of two browsers, in a notebook: opened as they were pressed."""
    made = ready(lab.folder / instrument.id, instrument=instrument.id)
    plans = [pressed(instrument, turn) for turn in range(8 if fox else 6)]
    told = list(zip(made.codes["Médecine"], plans, strict=False))
    running = Served(made.path).wait()
    try:
        for (code, plan), (answer, settings) in zip(told[:2], WAYS.items(), strict=True):
            with window(browser, settings, (running.url,)) as page:
                _served(page, running.url, code, plan, answer)
    finally:
        running.stop()
    file = next(made.path.parent.parent.glob("imprimer/formulaire-hors-ligne*"))
    for (code, plan), (answer, settings) in zip(told[2:4], WAYS.items(), strict=True):
        with window(browser, settings, ("file:",)) as page:
            _offline(page, file, made, code, plan, answer)
    _in_turn(browser, lab, made, told[4:6])
    if fox:
        _offline_in_firefox(fox, file, made, told[6:])
    with every_source(made.path) as sources:
        gather(made.path, made.pair, sources)
    kept = [_codes(row, instrument) for row in rows(made)]
    assert _sorted(kept) == _sorted(map(kept_of, plans))


def _served(page, url, code, plan, answer):
    page.goto(url)
    page.get_by_label("code de votre carte").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/questionnaire")
    answer(page, plan)
    page.wait_for_url("**/merci")


def _offline(page, file, made, code, plan, answer):
    page.goto(file.as_uri())
    page.locator("#code").fill(code)
    with page.expect_download() as started:
        answer(page, plan)
    started.value.save_as(made.dropped / started.value.suggested_filename)


def _in_turn(browser, lab, made, told):
    """One computer passed round: a card, a blank form, a sealed answer."""
    name = made.asked.instrument.id
    lab.write(f"{name}.ipynb", ENTERED.format(path=made.path.relative_to(lab.folder).as_posix()))
    for (code, plan), (answer, settings) in zip(told, WAYS.items(), strict=True):
        with in_notebook(browser, lab, name, settings) as page:
            page.locator(".qgdr-turn input").fill(code)
            page.locator(".qgdr-turn input").press("Enter")
            page.locator(".qgdr-entry fieldset").first.wait_for()
            assert broken(page) == [], broken(page)
            answer(page, plan)
            page.get_by_text("Votre réponse est gardée").wait_for()
            assert broken(page) == [], broken(page)


def _offline_in_firefox(fox, file, made, told):
    (first, keys), (second, touches) = told
    fox.open(file.as_uri())
    fox.press(firefox.TAB + first.replace(" ", "") + firefox.TAB)
    fox.press("".join(str(at + 1) for _, at, _ in keys) + firefox.ENTER)
    _drop(fox, made)
    fox.open(file.as_uri(), 390, 844)
    fox.press(firefox.TAB + second)
    for number, (_, at, _) in enumerate(touches, start=1):
        fox.tap(f"#q-{number} label", at)
    fox.tap(".send")
    _drop(fox, made)


def _drop(fox, made):
    (file,) = fox.saved()
    (made.dropped / file.name).write_bytes(file.read_bytes())
    file.unlink()
    assert [url for url in fox.requested if not url.startswith(("blob:", "file:"))] == []


@contextmanager
def in_notebook(browser, lab, name, settings):
    """A notebook alone on the screen, run; it asks nothing of anybody but its server."""
    here = [f"{kind}://127.0.0.1:{lab.port}/" for kind in ("http", "ws")]
    with window(browser, settings, here) as page:
        page.goto(lab.url(f"doc/tree/{name}.ipynb"))
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.content?.widgets?.length === 1"
        )
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.ready")
        execute(page, "notebook:run-all-cells")
        page.locator(".qgdr-entry form").first.wait_for()
        yield page
        execute(page, "docmanager:save")


def where_somebody_enters(browser, lab, instrument):
    """Records, groups, persons: in a cell, one by keys, one by touch."""
    name, numbered = instrument.id, ", subject: Dossier" * (instrument.subject == "record")
    text = CAMPAIGN.format(name=name, subject=numbered)
    (lab.folder / f"{name}.yml").write_text(text, "utf-8")
    lab.write(f"{name}.ipynb", ENTERED.format(path=f"{name}.yml"))
    plans = [pressed(instrument, turn) for turn in range(len(WAYS))]
    for turn, (answer, settings) in enumerate(WAYS.items()):
        with in_notebook(browser, lab, name, settings) as page:
            _open(page, turn, touch=answer is by_touch)
            assert broken(page) == [], broken(page)
            answer(page, plans[turn])
            whole = page.get_by_text(f"({len(plans[turn])} sur {len(plans[turn])})")
            whole.nth(turn).wait_for(state="attached")
            assert broken(page) == [], broken(page)
    text = (lab.folder / f"{name}.csv").read_text("utf-8-sig")
    kept = [_codes(row, instrument) for row in csv.DictReader(io.StringIO(text), delimiter=";")]
    assert kept == [kept_of(plan) for plan in plans]


def _open(page, turn, *, touch):
    """Name the record, or choose the service, that is entered."""
    number = page.locator(".qgdr-bar .subject input")
    place = page.locator(".qgdr-bar .place select")
    place.wait_for()
    place.select_option(str(turn))
    if number.count():
        number.fill(f"D{turn + 1}")
    button = page.get_by_role("button", name="Ouvrir")
    button.tap() if touch else button.press("Enter")
    page.wait_for_function("document.activeElement.matches('.qgdr-entry fieldset input')")


def _codes(row, instrument):
    """The answers of a line of an answers file."""
    return {item: int(row[item]) for item in instrument.codes}


def _sorted(answers):
    return sorted(json.dumps(one, sort_keys=True) for one in answers)


def answer_everywhere(browser, fox, lab, name, folder):
    """An instrument on each of its hosts; says what was seen, or raises."""
    instrument = load_instrument(name)
    folder.mkdir()
    on_trial(browser, instrument, folder)
    sides = on_paper(browser, instrument, folder)
    if instrument.subject == "respondent":
        where_people_answer(browser, fox, lab, instrument)
    else:
        where_somebody_enters(browser, lab, instrument)
    return f"{len(instrument.items)} questions, {instrument.subject}, {sides} sides of paper"


def main(names):
    """Answer these instruments, all those with wording when none is named; gives the faults."""
    from playwright.sync_api import sync_playwright

    names = names or [one for one in shipped_instruments() if not load_instrument(one).labels_only]
    path, faults = next(filter(None, map(shutil.which, BROWSERS))), 0
    with (
        TemporaryDirectory() as chosen,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=QUIET) as browser,
        firefox.started() as fox,
        closing(Lab(Path(chosen))) as lab,
    ):
        lab.wait()
        for name in names:
            try:
                seen = answer_everywhere(browser, fox, lab, name, Path(chosen) / name)
                print(name, seen, flush=True)
            except Exception:  # the others are answered all the same
                faults += 1
                print(name, "FAULT", traceback.format_exc(), flush=True)
    return faults


if __name__ == "__main__":
    found = main(sys.argv[1:])
    print(f"faults: {found}")
    sys.exit(bool(found))
