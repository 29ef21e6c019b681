"""Options that several commands share, and what is written in them read."""

import datetime
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from qgdr_eval.cli.french import FrenchOption, NoSuchDay

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)
WRITTEN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

option = partial(click.option, cls=FrenchOption)
"""`click.option`, whose help line is in French."""

campaign = click.argument("campaign", metavar="CAMPAGNE.yml", type=FILE)
"""The campaign file that a command is about."""

draft = option(
    "--draft",
    is_flag=True,
    help="Brouillon : rien n'est enregistré, et chaque feuille le dit. À ne pas diffuser.",
)
"""Figures that nothing registers."""

replace = option("--replace", is_flag=True, help="Remplace le fichier déjà présent.")
"""Leave to write over one file."""

replace_all = option("--replace", is_flag=True, help="Remplace les fichiers déjà présents.")
"""Leave to write over the files of a folder."""


def out(metavar: str, told: str) -> Callable[[Command], Command]:
    """Where a command writes, which it cannot guess."""
    return option("--out", metavar=metavar, required=True, type=FILE, help=told)


def day_of(context: click.Context, option: click.Parameter, given: str) -> str:
    """A date as ISO text, empty when none is given."""
    try:
        return datetime.date.fromisoformat(given).isoformat() if given else ""
    except ValueError:
        wrong = NoSuchDay if WRITTEN_DATE.fullmatch(given) else click.BadParameter
        raise wrong("date", ctx=context, param=option) from None


def names_of(context: click.Context, option: click.Parameter, given: str) -> tuple[str, ...]:
    """Names written one after the other, with commas."""
    return tuple(name.strip() for name in given.split(",") if name.strip())


def pairs_of(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    """Parameters written ``name=value``."""
    pairs = [text.partition("=") for text in given]
    if any(not name or not equal for name, equal, _ in pairs):
        raise click.BadParameter("parameter", ctx=context, param=option)
    return {name.strip(): value.strip() for name, _, value in pairs}


def codes_of(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> dict[str, int]:
    """Codes written ``text=code``; the text may hold an equal sign, the code does not.

    « vide » is the code of what is to be read as an empty cell.
    """
    if not given:
        return {}
    from qgdr_eval.responses.codes import MISSING
    from qgdr_eval.responses.draft_summary import EMPTY

    pairs = [text.rpartition("=") for text in given]
    try:
        return {
            text.strip(): MISSING if code.strip() == EMPTY else int(code) for text, _, code in pairs
        }
    except ValueError:
        raise click.BadParameter("code", ctx=context, param=option) from None
