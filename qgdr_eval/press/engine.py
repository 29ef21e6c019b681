"""A warm engine for papermill: cells run in this process, where the libraries are already loaded.

Starting a kernel costs some seconds of imports for a page that takes a fraction of one. The
engine gives each notebook a shell and a namespace of its own, records the outputs a kernel would
give, and puts back afterwards what a notebook may have changed in the process.
Registered under papermill's entry point as ``qgdr``; the same notebooks run under any engine.
"""

import asyncio
import atexit
import builtins
import getpass
import io
import sys
import types
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from typing import Any, NoReturn

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.shellapp import InteractiveShellApp
from nbformat import NotebookNode, from_dict
from traitlets import Type
from traitlets.config import Config

from qgdr_eval.press.isolation import unchanged_process

NAME = "qgdr"
SKIPPED = "skip-execution"  # the tag of the cells that a kernel is not given to run
QUIET = {"enabled": False, "hist_file": ":memory:"}


def __getattr__(name: str) -> object:
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
            execute(nb_man.nb, nb_man)

    return WarmEngine


class Unwatched:
    """Nobody follows a run: papermill's manager of notebooks would note the time of each cell."""

    def cell_start(self, cell: NotebookNode, rank: int) -> None:
        """A cell is about to run, or not to run."""

    def cell_exception(self, cell: NotebookNode, rank: int) -> None:
        """A cell failed."""

    def cell_complete(self, cell: NotebookNode, rank: int) -> None:
        """A cell is done with."""


def execute(notebook: NotebookNode, watch: Any = Unwatched()) -> None:  # noqa: B008 - no state
    """Run the cells of a notebook in order until one fails; the process is left as it was."""
    with unchanged_process(), fresh_shell() as shell:
        for rank, cell in enumerate(notebook.cells):
            watch.cell_start(cell, rank)
            passed = not _is_run(cell) or run_cell(shell, cell)
            if not passed:
                watch.cell_exception(cell, rank)
            watch.cell_complete(cell, rank)
            if not passed:
                return


def _is_run(cell: NotebookNode) -> bool:
    skipped = SKIPPED in cell.metadata.get("tags", [])
    return cell.cell_type == "code" and not skipped


def run_cell(shell: "RecordingShell", cell: NotebookNode) -> bool:
    """Run one code cell and record its outputs in it; false when it failed."""
    with shell.recorder.recording(cell) as recorder:
        out, err = _Stream(recorder, "stdout"), _Stream(recorder, "stderr")
        with redirect_stdout(out), redirect_stderr(err):
            result = shell.run_cell(cell.source, store_history=True)
    cell.execution_count = result.execution_count
    return bool(result.success)


@contextmanager
def fresh_shell() -> Iterator["RecordingShell"]:
    """A shell with an empty ``__main__``, the one `IPython.display` speaks to while it lasts."""
    main, earlier = sys.modules["__main__"], InteractiveShell._instance
    config = Config({"HistoryManager": QUIET})
    shell = RecordingShell(config=config, user_module=types.ModuleType("__main__"))
    InteractiveShell._instance = shell  # type: ignore[assignment]  # declared as always None
    InteractiveShellApp().init_path()
    _ask_nobody()
    try:
        with closing(asyncio.Runner()) as runner:
            shell.loop_runner = runner.run
            yield shell
    finally:
        shell.atexit_operations()
        atexit.unregister(shell.atexit_operations)
        InteractiveShell._instance, sys.modules["__main__"] = earlier, main


def _ask_nobody() -> None:
    """Have questions refused as a kernel does when nobody is there to answer."""
    builtins.input, getpass.getpass = map(_refuse, ("raw_input", "getpass"))
    sys.stdin = io.StringIO()


def _refuse(name: str) -> Callable[..., NoReturn]:
    def refuse(*arguments: object, **how: object) -> NoReturn:
        """Refuse the question."""
        message = f"{name} was called, but this frontend does not support input requests."
        raise StdinNotImplementedError(message)

    return refuse


class Recorder:
    """Writes down the outputs of the running cell as a notebook stores them."""

    def __init__(self) -> None:
        self.outputs: list[NotebookNode] = []
        self._shown: dict[object, list[NotebookNode]] = {}
        self._clear_first = False

    @contextmanager
    def recording(self, cell: NotebookNode) -> Iterator["Recorder"]:
        """Record in a cell."""
        cell.outputs = self.outputs = []
        yield self
        for output in self.outputs:
            if output.output_type == "stream":
                output.text = "".join(output.text)

    def add(self, kind: str, **fields: object) -> NotebookNode:
        """Add an output."""
        if self._clear_first:
            self.clear()
        output = from_dict({"output_type": kind, **fields})
        self.outputs.append(output)
        return output

    def write(self, name: str, text: str) -> None:
        """Add a printed text, joined to what was last printed on the same stream."""
        if not text:
            return
        if self._clear_first or not self.outputs or self.outputs[-1].get("name") != name:
            self.add("stream", name=name, text=[])
        self.outputs[-1].text.append(text)

    def show(
        self, data: dict[str, object], metadata: dict[str, object], id: object, *, update: bool
    ) -> None:
        """Add what was shown, also in the place of what has the same identity, if it has one."""
        content = {"data": _as_text(data), "metadata": metadata}
        same = self._shown.setdefault(id, []) if id else []
        for earlier in same:
            earlier.update(from_dict(content))
        if not update:
            same.append(self.add("display_data", **content))

    def clear(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far, once there is something else to show."""
        self._clear_first = wait
        if not wait:
            self.outputs.clear()


def _as_text(data: dict[str, object]) -> dict[str, object]:
    """What a formatter gives, as a notebook holds it: bytes are written in base 64."""
    return {
        kind: b64encode(value).decode() if isinstance(value, bytes) else value
        for kind, value in data.items()
    }


class _Result(DisplayHook):
    """Records the value of a cell's last expression."""

    def __call__(self, result: Any = None) -> None:
        if result is None or self.quiet():
            return
        shell: Any = self.shell
        data, metadata = shell.display_formatter.format(result)
        self.update_user_ns(result)
        self.fill_exec_result(result)
        if data:
            rank = self.prompt_count
            shell.recorder.add(
                "execute_result", data=_as_text(data), metadata=metadata, execution_count=rank
            )

    def flush(self) -> None:
        """Nothing: the results are let go with the namespace, and garbage is collected later."""


class _Display(DisplayPublisher):
    """Records what ``display()`` shows."""

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **rest: Any,
    ) -> None:
        """Record one shown object."""
        id = (transient or {}).get("display_id")
        self.shell.recorder.show(data, metadata or {}, id, update=update)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far."""
        self.shell.recorder.clear(wait)


class RecordingShell(ZMQInteractiveShell):
    """A kernel's shell that records outputs where a kernel would send them."""

    displayhook_class: Any = Type(_Result)
    display_pub_class: Any = Type(_Display)

    def __init__(self, **options: object) -> None:
        self.recorder = Recorder()
        super().__init__(**options)

    def init_ipython_dir(self, ipython_dir: object) -> None:
        """No folder of somebody's settings."""

    def init_profile_dir(self, profile_dir: object) -> None:
        """No profile: neither what it sets nor what ``%store`` put there bears on a page."""

    def enable_gui(self, gui: str | None = None) -> None:
        """No window is ever opened."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: Sequence[str]) -> None:
        self.recorder.add("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))


# Libraries look at this name to know that they are in a notebook.
RecordingShell.__name__ = RecordingShell.__qualname__ = ZMQInteractiveShell.__name__


class _Stream(io.TextIOBase):
    """Records printed text."""

    encoding = "UTF-8"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.recorder, self.name = recorder, name

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Record a text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self.recorder.write(self.name, text)
        return len(text)
