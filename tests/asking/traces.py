"""What a program asks of its system, in order: strace writes it down, and this reads it.

On a machine without strace nothing is shown, and the test says so; where `QGDR_REQUIRE_STRACE` is
set (`.ci/run`), it fails instead.
"""

import os
import re
import shutil
from dataclasses import dataclass

import pytest

CALLS = "fsync,fdatasync,write,writev,pwrite64,pwritev,sendto,sendmsg,read,recvfrom,recvmsg"
OPENINGS = "open,openat,creat"
LINE = re.compile(r"\d+ +(?P<call>\w+)\((?:\w+<(?P<what>[^>]*)>)?(?P<rest>.*)")
CUT = re.compile(r"(?P<who>\d+) +<\.\.\. (?P<call>\w+) resumed>(?P<rest>.*)")
UNFINISHED = "<unfinished ...>"


@dataclass(frozen=True)
class Call:
    """One call. ``what``: a file or socket; ``text``: what passed; ``began``, ``ended``: ranks."""

    name: str
    what: str
    text: str
    began: int
    ended: int

    @property
    def done(self):
        return re.search(r"\) += \d+(<.*>)?$", self.text) is not None


def strace(into, calls=CALLS):
    """The words to put before a command: traced, it stays the child of who started it."""
    found = shutil.which("strace")
    if found is None:
        message = "no strace on this machine: the order of its calls was not looked at"
        if os.environ.get("QGDR_REQUIRE_STRACE"):
            pytest.fail(message)
        pytest.skip(message)
    return [found, "-D", "-f", "-qq", "-y", "-s", "200", "-e", f"trace={calls}", "-o", str(into)]


def calls_of(trace):
    """Every call of a trace, by the moment it began; those that never ended are left out."""
    made, open_calls = [], {}
    for rank, line in enumerate(trace.read_text("utf-8", "replace").splitlines()):
        who = line.split(" ", 1)[0]
        if cut := CUT.match(line):
            began, call, what, text = open_calls.pop((who, cut["call"]), (None,) * 4)
            if call:
                made.append(Call(call, what, f"{text}{cut['rest']}", began, rank))
        elif whole := LINE.match(line):
            call, what, text = whole["call"], whole["what"] or "", whole["rest"]
            if text.endswith(UNFINISHED):
                open_calls[who, call] = rank, call, what, text.removesuffix(UNFINISHED)
            else:
                made.append(Call(call, what, text, rank, rank))
    return sorted(made, key=lambda one: one.began)


def flushed_between(calls, log, asked, told):
    """Whether a log was written, then flushed whole, between a question and its answer."""
    inside = [one for one in calls if log in one.what and asked.ended < one.began
              and one.ended < told.began and one.done]  # fmt: skip
    written = [one.ended for one in inside if "write" in one.name]
    flushed = [one.began for one in inside if "sync" in one.name]
    return bool(written and flushed) and max(flushed) > max(written)


def written_in(trace):
    """Every file that was opened in order to write, by its whole path."""
    writing = re.compile(r"O_WRONLY|O_RDWR|O_CREAT")
    made = [call for call in calls_of(trace) if call.done]
    return {call.text.rsplit("<", 1)[1].removesuffix(">") for call in made
            if writing.search(call.text) or call.name == "creat"}  # fmt: skip
