"""Click in French: its help pages, and what it says of a command it does not understand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from qgdr_eval.french import did_you_mean, quote


class FrenchFormatter(click.HelpFormatter):
    """Help pages with French headings."""

    HEADINGS = {"Options": "Options", "Commands": "Commandes"}

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, "Usage : " if prefix is None else prefix)

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Open a section under its French heading."""
        with super().section(self.HEADINGS.get(name, name)):
            yield


class FrenchContext(click.Context):
    """A context that writes help in French."""

    formatter_class = FrenchFormatter


class FrenchCommand(click.Command):
    """A command whose help option speaks French."""

    context_class = FrenchContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, described in French."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Affiche cette aide."
        return option


class FrenchGroup(FrenchCommand, click.Group):
    """The group of all commands."""

    command_class = FrenchCommand


class FrenchOption(click.Option):
    """An option whose help line adds nothing in English; the metavar and the text say it all."""

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Nothing beside the text."""
        return {}


class NoSuchDay(click.BadParameter):
    """A date written as it should be, of a day no calendar has."""


def explain(error: click.UsageError) -> str:
    """Say a usage error in French: what was given, what was expected."""
    match error:
        case click.NoSuchOption():
            given = error.option_name
            known = _options(error.ctx)
            return f"Option {quote(given)} inconnue : {did_you_mean(given, known)}"
        case click.MissingParameter():
            return f"Il manque {quote(_shown(error.param))}"
        case NoSuchDay():
            return f"Valeur refusée pour {quote(_shown(error.param))} : cette date n'existe pas"
        case click.BadParameter():
            expected = error.param.metavar if error.param else ""
            return f"Valeur refusée pour {quote(_shown(error.param))} ; attendu : {expected}"
        case _:
            return _unknown_command(error)


def command_of(error: click.UsageError) -> str:
    """The command that was called, as it is typed: its own help tells more."""
    return error.ctx.command_path if error.ctx else "qgdr"


def _options(context: click.Context | None) -> list[str]:
    parameters = context.command.params if context else []
    return [
        name
        for parameter in parameters
        if isinstance(parameter, click.Option)
        for name in parameter.opts
    ]


def _shown(parameter: click.Parameter | None) -> str:
    """A parameter as the help names it."""
    if isinstance(parameter, click.Argument):
        return parameter.metavar or ""
    return parameter.opts[0] if parameter else ""


def _unknown_command(error: click.UsageError) -> str:
    words = error.message.split("'")
    if "command" in error.message.lower() and len(words) > 1:
        return (
            f"Commande {quote(words[1])} inconnue : {did_you_mean(words[1], _commands(error.ctx))}"
        )
    return "Commande incomplète ou de trop : vérifiez les arguments"


def _commands(context: click.Context | None) -> list[str]:
    group = context.command if context else None
    return list(group.commands) if isinstance(group, click.Group) else []
