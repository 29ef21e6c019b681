"""Workers: the processes that make pages, on this computer or on a Dask cluster; or none.

A worker that dies takes with it the pages in hand, and nothing tells which one killed it. Each of
them is then made again alone: an innocent page comes out, the guilty one is known.
"""

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import current_process, get_context, parent_process
from pathlib import Path
from typing import Any, TypeVar

from qgdr_eval.french import quote
from qgdr_eval.press.make import rehearse
from qgdr_eval.problems import Problem, Refused

Given = TypeVar("Given")
Made = TypeVar("Made")
SPAWN = get_context("spawn")
READY = 4  # workers started before there is work for them
PATIENCE = 20  # seconds given to a cluster to show a first worker


class Died(Exception):
    """A worker died each time it was given this."""


@dataclass
class Workers:
    """Workers behind a `concurrent.futures.Executor`, started when first needed.

    ``size``: how many tasks are given out at once; ``deaths``: the errors that mean that a worker
    died, or was stopped before it could answer; ``end``: how an executor is told to stop;
    ``began``: whether any worker was ever ready.
    """

    start: Callable[[], Executor]
    size: int
    deaths: tuple[type[BaseException], ...]
    end: Callable[[Executor], None]
    began: Callable[[], bool] = lambda: True
    _executor: Executor | None = None
    _rehearsals: list[Future[object]] = field(default_factory=list)

    def submit(self, task: Callable[[Given], Made], argument: Given) -> Future[Made]:
        """Give out one task."""
        if self._executor is None:
            self._executor = self.start()
        return self._executor.submit(task, argument)

    def alone(self, task: Callable[[Given], Made], argument: Given) -> Made:
        """Give out one task and wait for it. Raises `Died`, or the task's own error.

        Raises `Refused` when no worker ever began because of the program that starts them.
        The other workers get ready for pages meanwhile, and the one that did it afterwards.
        """
        try:
            future = self.submit(task, argument)
            self._get_ready()
            result = future.result()
        except self.deaths:
            self.stop()
            if not self.began() and (program := _program()):
                raise Refused([_never_began(program)]) from None
            raise Died from None
        with suppress(*self.deaths):
            self._get_ready()
        return result

    def _get_ready(self) -> None:
        ranks = range(min(self.size, READY))
        self._rehearsals += [self.submit(rehearse, rank) for rank in ranks]

    def _refuse_unready(self) -> None:
        """What keeps a worker from getting ready would keep it from every page: say it once."""
        for future in self._rehearsals:
            fault = future.exception() if future.done() and not future.cancelled() else None
            if fault and not isinstance(fault, self.deaths):
                raise Refused([_not_ready(fault)])

    def run(
        self, task: Callable[[Given], Made], wanted: Iterable[Given]
    ) -> Iterator[tuple[Given, Made | Exception]]:
        """Run a task on everything wanted; gives each with its result, or error, as they come.

        Raises:
            Refused: the workers can no longer be reached, or cannot get ready.
        """
        waiting = deque(wanted)
        hands: dict[Future[Made], Given] = {}
        while waiting or hands:
            try:
                while waiting and len(hands) < self.size:
                    hands[self.submit(task, waiting[0])] = waiting[0]
                    waiting.popleft()
            except self.deaths:  # of an idle worker, or since the last answer
                if not hands:
                    self.stop()
                    continue
            done, _ = wait(hands, return_when=FIRST_COMPLETED)
            self._refuse_unready()
            if any(map(self._died, done)):
                done = set(hands)
                self.stop()
            for future in done:
                argument = hands.pop(future)
                outcome = self._outcome(task, argument, future)
                yield argument, outcome

    def _died(self, future: Future[Made]) -> bool:
        return future.cancelled() or isinstance(future.exception(), self.deaths)

    def _outcome(
        self, task: Callable[[Given], Made], argument: Given, future: Future[Made]
    ) -> Made | Exception:
        try:
            try:
                return future.result()
            except self.deaths:
                return self.alone(task, argument)
        except Refused:
            raise
        except Exception as error:
            return error

    def stop(self) -> None:
        """Start no other task; those already running may still finish."""
        if self._executor is not None:
            self.end(self._executor)
            self._executor = None


class InThisProcess(Executor):
    """Does each task at once, where it is asked for: nothing to start, nothing to wait for."""

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do a task; its result or its error is there when this returns."""
        future: Future[object] = Future()
        try:
            future.set_result(task(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Processes(ProcessPoolExecutor):
    """Worker processes, each started by the first task that finds none idle."""

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give out one task, to a new worker perhaps."""
        with deaf_to_interrupt():
            return super().submit(task, *args, **kwargs)


@contextmanager
def deaf_to_interrupt() -> Iterator[None]:
    """Processes started within never see Ctrl-C, which a terminal sends to all of them at once.

    While they load, Python would answer it by a traceback of theirs. In this process it waits
    until the end, and is not lost. Windows has no such mask: there it comes as it does.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def no_workers() -> Iterator[Workers]:
    """Pages are made in this process, one after the other; one that kills it ends the run."""
    yield Workers(InThisProcess, 1, (), lambda executor: executor.shutdown())


@contextmanager
def local_workers(jobs: int) -> Iterator[Workers]:
    """Worker processes on this computer."""
    began = SPAWN.Event()
    workers = Workers(
        lambda: _start_processes(jobs, began),
        jobs + 1,
        (BrokenProcessPool, CancelledError),
        lambda executor: executor.shutdown(wait=True, cancel_futures=True),
        began.is_set,
    )
    try:
        yield workers
    finally:
        workers.stop()


@contextmanager
def dask_workers(address: str) -> Iterator[Workers]:
    """The workers of a Dask cluster that sees the same folders as this computer.

    Raises:
        Refused: Dask is not installed, or no worker answers at this address.
    """
    client = _connect(address)
    from distributed import KilledWorker

    def start() -> Executor:
        """Have an executor on the cluster once a worker of it answers."""
        _wait_for_one(client, address)
        return client.get_executor(pure=False)

    try:
        _wait_for_one(client, address)
        yield Workers(
            start,
            sum(client.nthreads().values()) + 1,
            (KilledWorker, CancelledError),
            lambda executor: executor.shutdown(wait=False),
        )
    finally:
        client.close()


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        what = "Dask n'est pas installé"
        cure = f"installez-le ({quote('pip install qgdr-eval[dask]')}), ou retirez --dask"
        raise Refused([Problem("--dask", None, "", what, cure)]) from None

    class Connected(Client):
        """A client that is closed at once when nobody answers.

        Left half open, it would be closed by the garbage collector, perhaps while the next one
        starts and holds the lock that closing waits for: neither would ever go on.
        """

        def start(self, **options: object) -> None:
            """Connect, or close."""
            with ExitStack() as refused:
                refused.callback(self.close)
                super().start(**options)
                refused.pop_all()

    try:
        return Connected(address, timeout=PATIENCE)
    except (OSError, ValueError):
        raise _nobody_answers(address) from None


def _wait_for_one(client: Any, address: str) -> None:
    """A cluster that was stopped would let us wait for ever."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except (OSError, RuntimeError, ValueError):
        raise _nobody_answers(address) from None


def _nobody_answers(address: str) -> Refused:
    what = f"aucun poste de calcul ne répond à {quote(address)}"
    cure = "vérifiez l'adresse, par exemple tcp://192.0.2.1:8786, et que la grappe tourne"
    return Refused([Problem("--dask", None, "", what, cure)])


def leave_when_read_again() -> None:
    """End a worker that finds the call that started it in the program it is only reading.

    A new process first reads the program of the one that starts it: without a guard it would
    print everything again. The process that waits for it says so.
    """
    if getattr(current_process(), "_inheriting", False):  # what multiprocessing itself asks
        raise SystemExit(1)


def _program() -> str:
    """The name of the program that workers read first, "" when it is the kit's own command."""
    main = sys.modules["__main__"]
    name = Path(getattr(main, "__file__", None) or "").name
    ours = getattr(main.__spec__, "name", "").startswith("qgdr_eval")
    return "" if ours or Path(name).stem == "qgdr" else name


def _never_began(program: str) -> Problem:
    what = "ce programme est relu par chaque processus de travail, et aucun n'a pu le lire"
    guard = quote('if __name__ == "__main__":')
    cure = f"mettez l'appel sous {guard}, dans un fichier, ou donnez {quote('jobs=0')}"
    return Problem(program, None, "", what, cure)


def _not_ready(fault: BaseException) -> Problem:
    what = f"un processus de travail n'a pas pu se préparer ({type(fault).__name__} : {fault})"
    cure = "une bibliothèque manque ou est abîmée : réinstallez le kit dans un environnement neuf"
    return Problem("qgdr", None, "", what, cure)


def _start_processes(jobs: int, began: object) -> Executor:
    return Processes(jobs, mp_context=SPAWN, initializer=_stay_with_parent, initargs=(began,))


def _stay_with_parent(began: Any) -> None:
    """A worker process never outlives the command, which alone is told to stop."""
    began.set()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # see also `deaf_to_interrupt`
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        with suppress(KeyboardInterrupt):
            parent.join()
        os._exit(1)
