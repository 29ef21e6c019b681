"""A real JupyterLab on a free port, its settings and files its own."""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "@jupyter-widgets/jupyterlab-manager-extension": ("plugin", {"saveState": True}),
    "@jupyterlab/apputils-extension": (
        "notification",
        {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    ),
}
PATIENCE = 40  # seconds for a server to answer on a busy machine


class Lab:
    """A server of notebooks over a folder, as `make lab` opens one."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.token = folder / "carnets", secrets.token_hex(16)
        self.folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        own = folder / "jupyter"
        for package in ("@jupyter-widgets/jupyterlab-manager", *SETTINGS):
            plugin, values = SETTINGS.get(package, ("plugin", {"saveState": True}))
            kept = own / "settings" / package
            kept.mkdir(parents=True)
            (kept / f"{plugin}.jupyterlab-settings").write_text(json.dumps(values))
        asked = {"ServerApp.port": self.port, "ServerApp.token": self.token,
                 "ServerApp.root_dir": self.folder, "ServerApp.open_browser": False,
                 "ServerApp.allow_root": True, "LabApp.expose_app_in_browser": True}  # fmt: skip
        options = [f"--{key}={value}" for key, value in asked.items()]
        self.log = (folder / "lab.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env=os.environ | {
                "PYTHONPATH": str(ROOT),
                "JUPYTER_CONFIG_DIR": str(own / "config"),
                "JUPYTER_DATA_DIR": str(own / "data"),
                "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
                "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
                "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
            },
            stdout=self.log, stderr=self.log,
        )  # fmt: skip

    def wait(self) -> None:
        """Come back once it answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError), urllib.request.urlopen(self.url("api/status")):
                return
            time.sleep(0.2)
        raise AssertionError(f"JupyterLab does not answer: {self.log.name}")

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}?token={self.token}"

    def write(self, name: str, *sources: str) -> Path:
        """A notebook of these code cells."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source) for source in sources],
            metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
        )
        path = self.folder / name
        nbformat.write(notebook, path)
        return path

    def open(self, page, name: str, cells: int) -> None:
        """Open a notebook in a browser, in a workspace of its own, and run it."""
        page.goto(self.url(f"lab/workspaces/{Path(name).stem}/tree/{name}"))
        ready = "window.jupyterapp?.shell.currentWidget?.content?.widgets?.length"
        page.wait_for_function(f"{ready} === {cells}")
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.ready")
        execute(page, "notebook:run-all-cells")

    def close(self) -> None:
        """End the server and its kernels."""
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


def execute(page, command: str) -> None:
    """Run a command of JupyterLab."""
    page.evaluate("command => window.jupyterapp.commands.execute(command)", command)


def cells(page) -> list[list[str]]:
    """The cells of the notebook on screen: kind and source."""
    return page.evaluate(
        "() => [...window.jupyterapp.shell.currentWidget.content.widgets]"
        ".map(one => [one.model.type, one.model.sharedModel.getSource()])"
    )


def until(page, true) -> None:
    """Come back once it is true.

    Raises:
        AssertionError: it is not in ten seconds.
    """
    for _ in range(100):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("not in ten seconds")
