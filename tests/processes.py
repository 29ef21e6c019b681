"""Processes of tests that are killed: none begins as a copy of this one, with its threads' locks.

A copy of a process keeps the locks that its other threads held, and nobody to let them go: now and
then it would wait for ever.
"""

import os
import signal
from multiprocessing import get_context

CLEAN = get_context("forkserver")
CLEAN.set_forkserver_preload(["qgdr_eval.asking.serve.start", "qgdr_eval.workshop.journal"])


def begun(target, *given):
    """A process that is under way; ``target`` and ``given`` are pickled."""
    process = CLEAN.Process(target=target, args=given, daemon=True)
    process.start()
    return process


def killed(target, *given):
    """Wait for a process that kills itself."""
    process = begun(target, *given)
    process.join()
    assert process.exitcode == -signal.SIGKILL


def tells(target, *given):
    """A process that tells lines, and where they are read; ``target`` is given where to write."""
    reading, writing = CLEAN.Pipe(duplex=False)
    process = begun(_telling, target, writing, given)
    writing.close()
    return process, os.fdopen(_detached(reading), encoding="utf-8")


def _detached(connection):
    number = os.dup(connection.fileno())
    connection.close()
    return number


def _telling(target, writing, given):
    target(writing.fileno(), *given)
