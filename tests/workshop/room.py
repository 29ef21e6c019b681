"""A workshop served by its command, as tests of the room and of the notebook need one."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

WAIT = 30  # seconds for the server's first words


class Served:
    """A workshop served by its command, in a process of its own that may be killed."""

    def __init__(self, campaign):
        self.campaign = campaign
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        self.start()

    def start(self, *more):
        command = [sys.executable, "-m", "qgdr_eval.cli", "workshop", str(self.campaign),
                   "--port", self.port, *more]  # fmt: skip
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said = [next(self.process.stdout) for _ in range(6)]
        self.facilitator, self.room = (line.split()[-1] for line in self.said[1:3])

    def stop(self, sign=signal.SIGTERM):
        self.process.send_signal(sign)
        self.rest = self.process.stdout.read()
        self.process.stdout.close()
        self.process.wait(WAIT)

    def close(self):
        if self.process.poll() is None:
            self.stop()


def reached(url):
    """The page, as soon as the server listens."""
    for _ in range(100):
        try:
            return urllib.request.urlopen(url).read()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(url)
