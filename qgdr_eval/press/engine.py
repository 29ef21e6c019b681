"""A warm engine for papermill: cells run in this process, where the libraries are already loaded.

Starting a kernel costs some seconds of imports for a page that takes a fraction of one. The
engine gives each notebook a shell and a namespace of its own, records the outputs a kernel would
give, and puts back afterwards what a notebook may have changed in the process.
Registered under papermill's entry point as ``qgdr``; the same notebooks run under any engine.
"""

import atexit
import os
import random
import sys
import types
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from io import TextIOBase
from typing import Any

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

NAME = "qgdr"


def __getattr__(name: str) -> Any:
    """``WarmEngine`` is made when asked for.

    papermill loads its engines while it is itself being imported: this module may not import it
    in its head, or it could not be imported first.
    """
    if name == "WarmEngine":
        return _warm_engine()
    raise AttributeError(name)


@cache
def _warm_engine() -> type:
    from papermill.engines import Engine

    class WarmEngine(Engine):  # type: ignore[misc]  # papermill has no annotations
        """Runs a notebook in this process. papermill then raises for a cell that failed."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
            """Run the cells in order until one fails."""
            run_cells(nb_man)

    return WarmEngine


def run_cells(manager: Any) -> None:
    """Run the cells of papermill's notebook manager in order until one fails."""
    with unchanged_process(), fresh_shell() as shell:
        for rank, cell in enumerate(manager.nb.cells):
            manager.cell_start(cell, rank)
            if cell.cell_type == "code" and not run_cell(shell, cell):
                manager.cell_exception(cell, rank)
                return
            manager.cell_complete(cell, rank)


def run_cell(shell: "RecordingShell", cell: NotebookNode) -> bool:
    """Run one code cell and record its outputs in it; false when it failed."""
    shell.outputs = cell.outputs = []
    with redirect_stdout(_Stream(shell, "stdout")), redirect_stderr(_Stream(shell, "stderr")):
        result = shell.run_cell(cell.source, store_history=True)
    cell.execution_count = result.execution_count
    return bool(result.success)


@contextmanager
def fresh_shell() -> Iterator["RecordingShell"]:
    """A shell with an empty ``__main__``, the one `IPython.display` speaks to while it lasts."""
    main = sys.modules.get("__main__")
    earlier = InteractiveShell._instance
    RecordingShell.clear_instance()
    quiet = Config({"HistoryManager": {"enabled": False}})
    shell = RecordingShell.instance(config=quiet, user_module=types.ModuleType("__main__"))
    try:
        yield shell
    finally:
        shell.atexit_operations()
        atexit.unregister(shell.atexit_operations)
        RecordingShell.clear_instance()
        InteractiveShell._instance = earlier
        if main is not None:
            sys.modules["__main__"] = main


@contextmanager
def unchanged_process() -> Iterator[None]:
    """Put back what a notebook may change for the next one."""
    folder, environment, path = os.getcwd(), dict(os.environ), list(sys.path)
    chance = random.getstate(), np.random.get_state()
    hooks = sys.displayhook, sys.excepthook
    try:
        with warnings.catch_warnings(), _plain_drawing():
            yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path
        random.setstate(chance[0])
        np.random.set_state(chance[1])
        sys.displayhook, sys.excepthook = hooks


@contextmanager
def _plain_drawing() -> Iterator[None]:
    """matplotlib's own defaults inside, the process's settings again afterwards, no figure kept."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        try:
            yield
        finally:
            pyplot = sys.modules.get("matplotlib.pyplot")
            if pyplot is not None:
                pyplot.close("all")


class _Result(DisplayHook):
    """Records the value of a cell's last expression."""

    def __call__(self, result: Any = None) -> None:
        if result is None or self.quiet():
            return
        shell: Any = self.shell
        self.update_user_ns(result)
        data, metadata = shell.display_formatter.format(result)
        shell.record(
            "execute_result", data=data, metadata=metadata, execution_count=shell.execution_count
        )


class _Display(DisplayPublisher):
    """Records what ``display()`` shows."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **rest: Any) -> None:
        """Record one shown object."""
        self.shell.record("display_data", data=dict(data), metadata=dict(metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far."""
        self.shell.outputs.clear()


class RecordingShell(InteractiveShell):
    """An IPython shell that records outputs as a notebook stores them."""

    displayhook_class = Type(_Result)
    display_pub_class = Type(_Display)
    outputs: list[NotebookNode] = AnyTrait()  # type: ignore[assignment]

    def record(self, kind: str, **fields: Any) -> None:
        """Add one output to the running cell."""
        self.outputs.append(new_output(kind, **fields))

    def enable_gui(self, gui: str | None = None) -> None:
        """No window is ever opened."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: Sequence[str]) -> None:
        self.record("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))


class _Stream(TextIOBase):
    """Records printed text, joining what is printed in a row."""

    def __init__(self, shell: RecordingShell, name: str) -> None:
        self.shell, self.name_ = shell, name

    def write(self, text: str) -> int:
        """Record a text, joined to the last one of the same stream."""
        outputs = self.shell.outputs
        if outputs and outputs[-1].get("name") == self.name_:
            outputs[-1].text += text
        elif text:
            self.shell.record("stream", name=self.name_, text=text)
        return len(text)
