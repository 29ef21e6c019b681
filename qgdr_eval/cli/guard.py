"""Every way of failing, in French, with an exit code."""

import os
from collections.abc import Callable
from typing import Any

import click

from qgdr_eval.cli.french import command_of, explain
from qgdr_eval.french import typography
from qgdr_eval.problems import Refused
from qgdr_eval.writing import Unwritable


def guarded(run: Callable[[], Any]) -> int:
    """Run, and turn every way of failing into French and an exit code."""
    try:
        return run() or 0
    except Refused as refused:
        click.echo(str(refused), err=True)
        return 1
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.UsageError as error:
        click.echo(typography(f"{explain(error)}\nAide : {command_of(error)} --help"), err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrompu.", err=True)
        return 130  # what shells report of a command stopped by Ctrl-C: 128 + SIGINT
    except OSError as error:
        click.echo(typography(str(Unwritable(error.filename or "fichier", error))), err=True)
        return 1
    except Exception as error:
        if os.environ.get("QGDR_DEBUG"):
            raise
        click.echo(
            typography(
                f"Erreur imprévue ({type(error).__name__}).\n"
                "    → relancez avec QGDR_DEBUG=1 et envoyez le texte obtenu aux auteurs du kit"
            ),
            err=True,
        )
        return 1
