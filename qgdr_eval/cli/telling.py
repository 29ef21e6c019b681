"""What commands say at their end: the files written, the next command."""

from pathlib import Path

import click

from qgdr_eval.french import typography
from qgdr_eval.shell import argument


def tell_next(campaign: Path, out: Path) -> None:
    """The command that prints a campaign, as it can be copied."""
    click.echo(f"{typography('Puis : ')}qgdr report {argument(campaign)} --out {argument(out)}")


def tell_written(paths: list[Path]) -> int:
    """The files that a command wrote, one a line."""
    for path in paths:
        click.echo(path)
    return 0
