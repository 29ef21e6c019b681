"""The one writer: it commits what waits together, and only then answers for it."""

import queue
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from threading import Thread
from typing import Any, Generic, TypeVar

from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
Held = TypeVar("Held")
TOGETHER = 500  # pieces of work in one commit, at most
UNTIDY = 20  # commits before it tidies though somebody waits

FULL, LOCKED, LOST = "full", "locked", "lost"


class NotKept(Exception):
    """Nothing of it was kept: the disk is ``full``, the store ``locked``, or ``lost``."""


def nothing() -> None:
    """What is done where nothing is to be done."""


class Writer(Generic[Held]):
    """A thread with connections of its own, that nobody else uses.

    Pieces of work that wait are done in one transaction; the future of each has its result once
    the disk has them all, or `NotKept` when it has none. A connection shared by threads loses
    answers that were acknowledged; a transaction for each keeps three hundred people waiting.

    ``begin``: a transaction as a context, that gives what a piece of work is given; ``tidy``: what
    is done after commits, once they are answered for and nobody waits; ``leave``: at the end.

    >>> from sqlalchemy import create_engine, text
    >>> engine = create_engine("sqlite://")
    >>> writer = Writer(engine.begin, leave=engine.dispose)
    >>> writer.ask(lambda connection: connection.scalar(text("select 1"))).result()
    1
    >>> writer.close()
    """

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[Held]],
        tidy: Callable[[], None] = nothing,
        leave: Callable[[], None] = nothing,
    ) -> None:
        self._begin, self._tidy, self._leave, self._untidy = begin, tidy, leave, 0
        self._waiting: queue.SimpleQueue[tuple[Future[Any], Callable[[Held], Any]] | None]
        self._waiting = queue.SimpleQueue()
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def ask(self, work: Callable[[Held], T]) -> "Future[T]":
        """Have a piece of work done; its result is given once it is durable."""
        future: Future[T] = Future()
        self._waiting.put((future, work))
        return future

    def close(self) -> None:
        """Finish what waits, then let go of the store."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        last = False
        while not last and (first := self._waiting.get()) is not None:
            batch, last = self._together(first)
            # Whoever went away before his turn is left out; from here on nobody can.
            self._commit([one for one in batch if one[0].set_running_or_notify_cancel()])
            if self._untidy and (self._waiting.empty() or self._untidy >= UNTIDY):
                self._tidy()
                self._untidy = 0
        # Here, and not in `close`: a connection in memory is of this thread and dies with it, open.
        self._leave()

    def _together(self, first: tuple[Future[Any], Callable[[Held], Any]]) -> tuple[list[Any], bool]:
        """What waits already, and whether it is the last."""
        batch = [first]
        while len(batch) < TOGETHER:
            try:
                one = self._waiting.get_nowait()
            except queue.Empty:
                break
            if one is None:
                return batch, True
            batch.append(one)
        return batch, False

    def _commit(self, batch: list[tuple[Future[Any], Callable[[Held], Any]]]) -> None:
        try:
            with self._begin() as held:
                results = [work(held) for _, work in batch]
        except DBAPIError as error:
            _fail(batch, NotKept(_kind(error)))
        except Exception as error:  # the fault of one piece of work, which must not cost the others
            if len(batch) == 1:
                _fail(batch, error)
            else:
                for one in batch:
                    self._commit([one])
        else:
            for (future, _), result in zip(batch, results, strict=True):
                future.set_result(result)
            self._untidy += 1


def _fail(batch: list[tuple[Future[Any], Any]], error: Exception) -> None:
    for future, _ in batch:
        future.set_exception(error)


def _kind(error: DBAPIError) -> str:
    """Why a commit failed, without a word of what was to be kept."""
    words = str(error.orig).lower()
    if "full" in words or "no space" in words:
        return FULL
    return LOCKED if "locked" in words or "busy" in words else LOST
