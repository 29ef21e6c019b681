"""The commands of a region: what a facility sends to it, what it makes of it."""

from pathlib import Path

import click

from qgdr_eval.cli import options
from qgdr_eval.cli.group import cli
from qgdr_eval.cli.options import FILE, day_of, option
from qgdr_eval.french import typography


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit le fichier signé pour la région.")
@options.campaign
@options.out("FICHIER.json", "Fichier à écrire, sa signature à côté (obligatoire).")
@option(
    "--sign-key",
    "key",
    metavar="CLÉ",
    required=True,
    type=FILE,
    help="Clé secrète qui signe, faite la première fois (obligatoire).",
)
@options.replace
def aggregate(campaign: Path, out: Path, key: Path, replace: bool) -> int:
    """Écrit les chiffres publiés d'une campagne dans un fichier signé, à envoyer à la région.

    Aucune réponse n'y est, aucun groupe masqué, aucune catégorie : ce que montrent les pages, rien
    de plus. Ces chiffres sont publiés, et le registre des publications retient l'envoi.

    La clé secrète se fait la première fois et reste dans l'établissement ; la ligne publique se
    donne une fois à la région, par un autre chemin que le fichier.
    """
    from qgdr_eval.region import send
    from qgdr_eval.reporting.registered import notices

    def announce(rounds: object) -> None:
        for notice in notices(rounds, campaign):  # type: ignore[arg-type]
            click.echo(notice)

    def ask() -> str:
        password: str = click.prompt("Mot de passe de la clé", hide_input=True, err=True)
        return password

    public = send(campaign, out, key, replace=replace, password=ask, announce=announce)
    click.echo(typography(f"À envoyer : {out} et {out}.minisig"))
    click.echo(typography(f"Ligne publique, à donner une fois à la région : {public}"))
    return 0


@cli.command(options_metavar="[OPTIONS]", short_help="Réunit les fichiers d'une région.")
@click.argument("region", metavar="REGION.yml", type=FILE)
@click.argument("files", metavar="FICHIER.json…", nargs=-1, required=True, type=FILE)
@options.out("DOSSIER", "Dossier des pages de la région (obligatoire).")
@option(
    "--date",
    metavar="AAAA-MM-JJ",
    default="",
    callback=day_of,
    help="Date portée sur les pages ; par défaut, celle du jour.",
)
@option("--strict", is_flag=True, help="Code de sortie 1 dès qu'un fichier est écarté.")
def merge(region: Path, files: tuple[Path, ...], out: Path, date: str, strict: bool) -> int:
    """Vérifie les fichiers signés des établissements et écrit les pages de la région.

    Un fichier écarté n'arrête pas les autres : chacun est dit avec sa raison et son remède, ici et
    sur la page de la région. Le code de sortie est 1 quand aucun ne peut être réuni, ou avec
    « --strict » dès qu'un seul est écarté.
    """
    from qgdr_eval.region import gather
    from qgdr_eval.reporting.region_pages import write_pages

    merged = gather(region, files)
    pages = write_pages(merged, out, date)
    click.echo(typography(str(merged)), err=bool(merged.refused))
    click.echo(f"{typography('À lire : ')}{out / pages[0]}")
    return 1 if strict and merged.refused else 0
