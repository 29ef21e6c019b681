"""The commands that ask people and open what they answered."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from qgdr_eval.cli import options
from qgdr_eval.cli.group import cli
from qgdr_eval.cli.options import FILE, option, pairs_of
from qgdr_eval.cli.telling import tell_next, tell_written
from qgdr_eval.french import count, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.shell import argument

COPY_FIRST = (
    "La clé d'ouverture est dans {key}. Imprimez ou recopiez ce fichier sur papier, maintenant : "
    "une clé perdue, c'est une campagne perdue. Puis tapez, d'après le papier :"
)
DELETE = (
    "Imprimez les cartes, puis supprimez leurs fichiers : leurs codes ne sont écrits nulle part "
    "ailleurs"
)


@cli.command(options_metavar="[OPTIONS]", short_help="Prépare de quoi interroger des équipes.")
@options.campaign
@options.out(
    "DOSSIER",
    "Où écrire ce qui s'imprime : cartes, affiche, notice, questionnaire (obligatoire).",
)
@option(
    "--key",
    metavar="FICHIER",
    type=FILE,
    help="Où écrire la clé d'ouverture, hors du dossier de la campagne (obligatoire sans --add).",
)
@option(
    "--key-here",
    is_flag=True,
    help="Garde la clé avec ce qu'elle ouvre : qui prend le dossier lit les réponses.",
)
@option(
    "--key-copied",
    is_flag=True,
    help="La copie papier de la clé ne sera pas vérifiée : à vos risques.",
)
@option(
    "--join",
    "joined",
    metavar='"PETITE=VOISINE"',
    multiple=True,
    callback=pairs_of,
    help="Interroge avec une autre une équipe de moins de cinq ; peut être répété.",
)
@option(
    "--unnamed",
    is_flag=True,
    help="Interroge ensemble, sans leur nom, les équipes de moins de cinq.",
)
@option("--replace", is_flag=True, help="Prépare de nouveau, sans réponse arrivée.")
@option(
    "--add",
    "added",
    metavar="SERVICE",
    multiple=True,
    help="Ajoute une carte à ce service, une fois les autres tirées ; peut être répété.",
)
def ask(
    campaign: Path,
    out: Path,
    key: Path | None,
    added: tuple[str, ...],
    key_copied: bool,
    joined: dict[str, str],
    unnamed: bool,
    **choices: Any,
) -> int:
    """Prépare une campagne : clé, cartes tirées au sort, questionnaires à imprimer ou à ouvrir.

    Une carte par personne et deux de réserve : elle donne le droit de répondre une fois, elle ne
    porte pas de nom. Les réponses seront scellées ; seule la clé écrite ici les ouvrira.

    Avec --add, une campagne déjà préparée reçoit une carte de plus, imprimée seule : elle n'est pas
    tirée au sort, et le dit.
    """
    if added:
        _refuse_beside_add(key, joined, unnamed, key_copied, *choices.values())
        return _add(campaign, added, out)
    if key is None:
        context = click.get_current_context()
        missing = next(one for one in context.command.params if one.name == "key")
        raise click.MissingParameter(ctx=context, param=missing)
    from qgdr_eval.asking.asked.joining import join_services
    from qgdr_eval.asking.preparing.prepare import prepare

    together = join_services(campaign, joined, unnamed=unnamed) if joined or unnamed else None
    type_back = _type_back(key, checked=not key_copied)
    prepared = prepare(campaign, out, key, type_back, together, **choices)
    if together:
        click.echo(together.told())
    tell_written(prepared.files)
    cards = sum(len(unit.cards) for unit in prepared.inquiry.units)
    if cards:
        spare = sum(unit.spare for unit in prepared.inquiry.units)
        click.echo(typography(f"{count(cards, 'carte')}, dont {spare} de réserve. {DELETE}"))
    dropped = campaign.parent / "recueil" / "depot"
    click.echo(f"{typography('Pour répondre sur le réseau : ')}qgdr serve {argument(campaign)}")
    click.echo(f"{typography('Sans serveur, les fichiers scellés se déposent dans ')}{dropped}")
    click.echo(
        f"{typography('Pour ouvrir : ')}qgdr gather {argument(campaign)} --key {argument(key)}"
    )
    return 0


def _refuse_beside_add(*others: object) -> None:
    """A card is added to what was prepared: nothing else is prepared anew."""
    if any(others):
        cure = "retirez les autres options, ou --add"
        what = "cette option s'emploie avec --out, et aucune autre"
        raise Refused([Problem("--add", None, "", typography(what), cure)])


def _add(campaign: Path, services: tuple[str, ...], out: Path) -> int:
    from qgdr_eval.asking.preparing.adding import add_cards, told_of

    added = add_cards(campaign, services, out)
    tell_written(added.files)
    click.echo(told_of(added))
    return 0


@cli.command(options_metavar="[OPTIONS]", short_help="Ouvre les réponses d'une campagne.")
@options.campaign
@option(
    "--key",
    metavar="FICHIER",
    type=FILE,
    help="Fichier de la clé d'ouverture ; sinon elle est demandée, à taper d'après le papier.",
)
@option(
    "--files",
    "folders",
    metavar="DOSSIER",
    multiple=True,
    type=FILE,
    help="Dossier de fichiers scellés, en plus de recueil/depot ; peut être répété.",
)
@option(
    "--store",
    metavar="URL",
    default="",
    help="Base PostgreSQL où « qgdr serve » a gardé les réponses.",
)
@option(
    "--last",
    is_flag=True,
    help="Dernière fois : efface sans les lire les réponses trop peu nombreuses, et laisse les "
    "feuilles de papier commencées.",
)
def gather(
    campaign: Path, key: Path | None, folders: tuple[Path, ...], store: str, last: bool
) -> int:
    """Ouvre ce qui est arrivé et écrit le fichier de réponses que la campagne nomme.

    Chaque carte compte une fois. Les lignes sont rangées par leur contenu : leur ordre ne dit plus
    rien. Ouvrir ferme la campagne. Les boîtes comptées, et ce que personne n'a envoyé, ne sont
    effacés qu'une fois le fichier écrit et relu.
    """
    from qgdr_eval.asking.opening.gather import gather as gather_campaign
    from qgdr_eval.asking.opening.gather_words import sentences
    from qgdr_eval.asking.opening.sources import every_source, refuse_sheets_begun, warnings_of
    from qgdr_eval.asking.sealing.keys import read_groups, read_key_file

    pair = read_key_file(key) if key else read_groups(click.prompt("Clé", prompt_suffix=" "))
    with every_source(campaign, folders, store) as sources:
        for warning in warnings_of(campaign, sources):
            click.echo(warning, err=True)
        if not last:
            refuse_sheets_begun(campaign, sources)
        gathered = gather_campaign(campaign, pair, sources, last=last)
    for sentence in sentences(gathered):
        click.echo(sentence)
    tell_next(campaign, campaign.parent / "rapports")
    return 0


def _type_back(key: Path, *, checked: bool) -> Callable[[str], str]:
    """Ask for a group of the paper copy; without a terminal, or unchecked, the file answers."""
    if not checked:
        from qgdr_eval.asking.sealing.keys import groups_of, read_key_file

        return lambda group: groups_of(read_key_file(key))[int(group.split()[-1]) - 1]
    told: list[str] = []

    def type_back(group: str) -> str:
        if not told:
            told.append(group)
            click.echo(typography(COPY_FIRST.format(key=key)))
        asked = typography(f"  {group} : ")
        return str(click.prompt(asked, prompt_suffix="", default="", show_default=False))

    return type_back if sys.stdin else lambda group: ""
