"""Every screen of a workshop, at every step, as a browser shows it: for tests, and to be looked at.

``python -m tests.workshop.screens FOLDER`` writes a picture of each, at 1280 and 390 pixels, in
light, dark and forced colours.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from qgdr_eval.workshop import Journal, open_debate
from qgdr_eval.workshop.screens import Screen, lay_screen, read
from qgdr_eval.workshop.session import Advanced, Agreement, CardsCounted, Decided, Voted

ROLES = ("room", "passed", "wall", "facilitator")
ROOM = "http://192.0.2.10:8390/xyzxyzxy/"
LOOKS = {
    "clair": {"color_scheme": "light"},
    "sombre": {"color_scheme": "dark"},
    "forcé": {"forced_colors": "active"},
}


def steps() -> Iterator[tuple[str, Journal]]:
    """(name, the workshop there), a question all the way, its first round shown by answer."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "atelier.json", open_debate("demo"))
        topic = journal.kept.topics[0]
        yield "0-attente", journal
        journal.take(Advanced(topic.item))
        yield "1-vote", journal
        for rank in range(9):
            journal.take(Voted(topic.item, 0, f"t{rank}", topic.codes[rank % 4]))
        yield "1-vote-en-cours", journal
        journal.take(Advanced(topic.item))
        yield "2-discussion", journal
        journal.take(Advanced(topic.item))
        journal.take(CardsCounted(topic.item, {topic.codes[0]: 6}))
        yield "3-second-vote", journal
        journal.take(Advanced(topic.item))
        yield "4-accord", journal
        said = {"dissent": "La nuit, nous ne sommes que deux.", "evidence": "L'audit de mars.",
                "action": "Relire la fiche à deux voix, chaque lundi."}  # fmt: skip
        journal.take(Decided(topic.item, Agreement(topic.codes[0], "reserved", **said)))
        yield "5-terminée", journal


def screens() -> Iterator[tuple[str, str]]:
    """(name, page) of every screen, its style inside so that no server is needed."""
    for step, journal in steps():
        for role in ROLES:
            for name, more in _states(role, step):
                screen = Screen(journal.kept, role, "/", ROOM, **more)
                yield f"{step}-{name}", alone(lay_screen(screen))


def _states(role: str, step: str) -> Iterator[tuple[str, dict[str, str]]]:
    yield role, {}
    if "vote" in step and role in ("room", "passed"):
        yield f"{role}-bulletin", {"ballot": "jeton-d-essai"}
    if step == "1-vote":
        yield f"{role}-refus", {"told": "L'atelier a avancé entre-temps : rien n'a changé."}


def alone(page: str) -> str:
    """A screen that needs no server: its style inside, no script."""
    link = '<link rel="stylesheet" href="/atelier.css">'
    assert link in page
    script = '<script type="module" src="/atelier.js"></script>'
    return page.replace(link, f"<style>{read('atelier.css')}</style>").replace(script, "")


def _write(folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    pages = list(screens())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium",
                                             args=["--no-sandbox"])  # fmt: skip
        for look, settings in LOOKS.items():
            for width in (1280, 390):
                tab = browser.new_page(viewport={"width": width, "height": 844}, **settings)
                for name, page in pages:
                    tab.set_content(page)
                    tab.screenshot(path=folder / f"{name}-{look}-{width}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    _write(Path(sys.argv[1]))
