"""The command line: a thin skin. Heavy imports wait for the command that needs them."""

import io
import sys

from qgdr_eval.cli import (  # noqa: F401  (they join the group)
    asking,
    personal,
    preparing,
    publishing,
    region,
    serving,
)
from qgdr_eval.cli.group import cli
from qgdr_eval.cli.guard import guarded
from qgdr_eval.cli.workshop import workshop

__all__ = ["main"]

cli.add_command(workshop)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    0: done; 1: a file was refused or a report failed; 2: the command was not understood.

    >>> import contextlib
    >>> told = io.StringIO()
    >>> with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
    ...     main(["--version"])
    >>> told.getvalue().startswith("qgdr")
    True
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a log file may know few characters
            stream.reconfigure(errors="replace")
    sys.exit(guarded(lambda: cli.main(arguments, prog_name="qgdr", standalone_mode=False)))
