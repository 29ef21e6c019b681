"""The group of all commands, which each file of commands joins."""

import click

from qgdr_eval import __version__
from qgdr_eval.cli.french import FrenchGroup


@click.group(
    cls=FrenchGroup,
    subcommand_metavar="COMMANDE …",
    options_metavar="[OPTIONS]",
    context_settings={"help_option_names": ["-h", "--aide", "--help"], "max_content_width": 100},
)
@click.version_option(
    __version__, "--version", message="qgdr %(version)s", help="Affiche la version."
)
def cli() -> None:
    """Évaluer la qualité et la gestion des risques, du questionnaire au rapport.

    Pour commencer : « qgdr demo essai » écrit un programme fictif, puis
    « qgdr report essai/campagne.yml --out essai/rapports » en fait les rapports.
    """
