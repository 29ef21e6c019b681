"""A real Firefox, spoken to in WebDriver BiDi, which it speaks by itself: no driver beside it."""

import json
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
import websocket

NAMES = ("firefox-esr", "firefox")
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
ENTER, TAB = "\ue007", "\ue004"  # keys as WebDriver writes them
LISTENS = re.compile(r"WebDriver BiDi listening on (\S+)")
PATIENCE = 60  # seconds given to a busy machine
SETTINGS = {
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.download.always_ask_before_handling_new_types": False,
    "browser.download.alwaysOpenPanel": False,  # it takes the focus from the page
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}

# Where to touch: what is scrolled is painted later, and what was typed may scroll once more.
SETTLED = """async (one) => {
  const middle = () => {
    const box = one.getBoundingClientRect();
    return `${Math.round(box.x + box.width / 2)} ${Math.round(box.y + box.height / 2)}`;
  };
  for (let turn = 0, before = ''; turn < 50; turn++) {
    one.scrollIntoView({ block: 'nearest' });
    if (turn && middle() === before) {
      const there = document.elementFromPoint(...before.split(' '));
      if (one.contains(there)) return before;
      one.scrollIntoView({ block: 'center' });
    }
    before = middle();
    await new Promise((done) => setTimeout(done, 120));
  }
}"""


def found():
    """Where Firefox is on this machine, None when there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def started():
    """A Firefox of its own, ended with what it wrote."""
    with tempfile.TemporaryDirectory(prefix="firefox", ignore_cleanup_errors=True) as folder:
        running = Firefox(Path(folder))
        try:
            yield running
        finally:
            running.close()


def _is_whole(file):
    """Whether a browser has done with a file that it saves."""
    return file.suffix != ".part" and file.stat().st_size > 0


class Firefox:
    """One window. ``requested``: every address it asked for; ``downloads``: what it saved."""

    def __init__(self, folder):
        self.downloads, self.requested, self._number = folder / "recus", [], 0
        self.downloads.mkdir()
        settings = {**SETTINGS, "browser.download.dir": str(self.downloads)}
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in settings.items()]
        (folder / "user.js").write_text("\n".join(lines))
        self._log = folder / "journal"
        command = [found(), "--headless", "--no-remote", "--profile", folder,
                   "--remote-debugging-port", "0", "about:blank"]  # fmt: skip
        own = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "MOZ_HEADLESS": "1"}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=own)
        self._line = websocket.create_connection(
            f"{self._address()}/session", suppress_origin=True, timeout=PATIENCE
        )
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["network.beforeRequestSent"])
        # The first tab leaves the focus to the address: a button there does not hear Enter.
        self._window = self._ask("browsingContext.create", type="tab")["context"]

    def open(self, address, width=1280, height=900):
        """Show a page, in a window of this size."""
        self._here("browsingContext.setViewport", viewport={"width": width, "height": height})
        self._here("browsingContext.navigate", url=address, wait="complete")
        self.requested.clear()

    def read(self, expression):
        """What an expression gives in the page: a number, a text or a truth."""
        answer = self._ask(
            "script.evaluate",
            expression=expression,
            target={"context": self._window},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def broken(self):
        """Rules of accessibility that the page breaks, as this browser sees it."""
        if self.read("!window.axe"):
            self.read(f"{AXE.read_text('utf-8')}; true")
        return self.read(
            "axe.run().then((seen) => seen.violations.map((rule) => rule.id).join(' '))"
        ).split()

    def wait(self, expression):
        """Come back once an expression is true in the page."""
        end = time.monotonic() + PATIENCE
        while not (value := self.read(expression)):
            assert time.monotonic() < end, expression
            time.sleep(0.05)
        return value

    def press(self, keys):
        """Press keys one after the other, as a person does."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": strokes})

    def tap(self, selector, rank=0):
        """Touch the middle of an element, once it stands still on the screen."""
        call = f"({SETTLED})(document.querySelectorAll({json.dumps(selector)})[{rank}])"
        where = self.read(call)
        x, y = map(int, where.split())
        steps = [{"type": "pointerMove", "x": x, "y": y}, {"type": "pointerDown", "button": 0},
                 {"type": "pointerUp", "button": 0}]  # fmt: skip
        self._act({"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"},
                   "actions": steps})  # fmt: skip

    def saved(self, number=1):
        """The files it saved, once there are so many and each is whole."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            files = sorted(self.downloads.iterdir())
            if len(files) == number and all(map(_is_whole, files)):
                return files
            time.sleep(0.05)
        raise AssertionError(f"{len(files)} file(s), not {number}")

    def close(self):
        self._line.close()
        self._process.terminate()
        self._process.wait(PATIENCE)

    def _address(self):
        """Where it listens, which it says as it starts."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := LISTENS.search(self._log.read_text(errors="replace")):
                return found[1]
            time.sleep(0.1)
        raise AssertionError("Firefox did not start")

    def _act(self, source):
        self._here("input.performActions", actions=[source])

    def _here(self, method, **given):
        return self._ask(method, context=self._window, **given)

    def _ask(self, method, **given):
        """Send a command; what happens before its answer is kept."""
        self._number += 1
        self._line.send(json.dumps({"id": self._number, "method": method, "params": given}))
        while True:
            said = json.loads(self._line.recv())
            if said.get("method") == "network.beforeRequestSent":
                self.requested.append(said["params"]["request"]["url"])
            elif said.get("id") == self._number:
                assert said["type"] == "success", said
                return said["result"]
