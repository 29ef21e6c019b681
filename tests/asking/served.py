"""A campaign that is served by the command itself, in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile

import httpx

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "qgdr_eval.cli")


def free_port():
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Served:
    """A running server. ``url``: where; ``output``: everything it wrote, once it is stopped.

    ``before``: words that stand before the command, such as those of a tracer; ``command``: what
    stands in its place.
    """

    def __init__(self, campaign, *options, port=None, before=(), command=COMMAND):
        self.port = port or free_port()
        self.url = f"http{'s' * ('--certificate' in options)}://127.0.0.1:{self.port}"
        self.output = ""
        self.people = []
        words = [*before, *command, "serve", str(campaign), "--port", str(self.port)]
        self._written = TemporaryFile()  # noqa: SIM115 - a pipe that nobody reads stops it when full
        self.process = subprocess.Popen(
            [*words, *map(str, options)],
            stdout=self._written,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        )

    def wait(self):
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                if httpx.get(self.url, trust_env=False, verify=False).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        self.stop()
        raise AssertionError(self.output)

    def kill(self):
        self._leave()
        self.process.kill()
        self._end()

    def stop(self):
        self._leave()
        self.process.terminate()
        self._end()

    def _end(self):
        self.process.wait(timeout=30)
        if not self._written.closed:
            self._written.seek(0)
            self.output = self._written.read().decode()
            self._written.close()

    def _leave(self):
        while self.people:
            self.people.pop().close()

    def person(self, code=None):
        """Somebody with a browser of his own, who has given his code when one is told."""
        someone = httpx.Client(base_url=self.url, headers={"Origin": self.url}, trust_env=False)
        self.people.append(someone)
        if code:
            assert someone.post("/entrer", data={"code": code}).status_code == 303
        return someone
