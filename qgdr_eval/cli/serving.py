"""The commands that serve a form and say how many have answered."""

import datetime
from pathlib import Path
from typing import Any

import click

from qgdr_eval.cli import options
from qgdr_eval.cli.group import cli
from qgdr_eval.cli.options import FILE, option
from qgdr_eval.cli.telling import tell_written
from qgdr_eval.french import typography
from qgdr_eval.shell import argument


def _moment(context: click.Context, option: click.Parameter, given: str) -> datetime.time:
    """A moment of the day, written HH:MM."""
    try:
        return datetime.time.fromisoformat(given)
    except ValueError:
        raise click.BadParameter("moment", ctx=context, param=option) from None


@cli.command(options_metavar="[OPTIONS]", short_help="Sert le questionnaire d'une campagne.")
@options.campaign
@option(
    "--host",
    metavar="ADRESSE",
    default="127.0.0.1",
    help="Adresse où servir ; cet ordinateur seul par défaut.",
)
@option(
    "--port",
    metavar="1…65535",
    type=click.IntRange(1, 65535),
    default=8765,
    help="Port ; 8765 par défaut.",
)
@option("--certificate", metavar="FICHIER.pem", type=FILE, help="Certificat TLS.")
@option("--certificate-key", metavar="FICHIER.pem", type=FILE, help="Sa clé.")
@option(
    "--clear-network",
    is_flag=True,
    help="Sert sans chiffrement à d'autres ordinateurs : un voisin peut lire codes et réponses.",
)
@option(
    "--store",
    metavar="URL",
    default="",
    help="Base PostgreSQL pour ce qui est scellé ; sinon, comme les brouillons, un fichier dans "
    "recueil/, à côté de la campagne.",
)
@option(
    "--copy",
    metavar="DOSSIER",
    type=FILE,
    help="Garde là une copie du recueil scellé, toujours récrite.",
)
@option(
    "--participation-at",
    "counted_at",
    metavar="HH:MM",
    default="12:00",
    callback=_moment,
    help="Quand compter la participation, une fois par jour ; 12:00 par défaut.",
)
def serve(campaign: Path, **options: Any) -> int:
    """Sert le questionnaire : une carte, un code, une réponse, scellée dès qu'elle est envoyée.

    Ce que le serveur garde, il ne peut pas le lire : seule la clé d'ouverture le peut, et elle ne
    doit pas être ici. Aucune adresse, aucun appareil, aucune heure n'est écrit. Ctrl-C arrête ; ce
    qui est enregistré le reste.
    """
    from qgdr_eval.asking.serve.start import Settings, open_reception, serve

    settings = Settings(**options)
    reception = open_reception(campaign, settings)
    scheme = "https" if settings.certificate else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"{typography('Questionnaire : ')}{scheme}://{host}:{settings.port}/")
    serve(reception, settings, lambda line: click.echo(line, err=True))
    click.echo(f"{typography('Puis : ')}qgdr gather {argument(campaign)} --key …")
    return 0


@cli.command(options_metavar="[OPTIONS]", short_help="Dit combien ont répondu, par paliers.")
@options.campaign
@option(
    "--poster",
    metavar="FICHIER.html",
    type=FILE,
    help="Écrit aussi une affiche de rappel, avec le code QR et le palier d'ensemble.",
)
def turnout(campaign: Path, poster: Path | None) -> int:
    """Dit combien de réponses sont arrivées, par paliers, sans rien ouvrir.

    « qgdr serve » les compte une fois par jour, à une heure fixée : 0, 1 à 4, 5 à 9, 10 et plus.
    """
    from qgdr_eval.asking.asked.campaign import read_asked
    from qgdr_eval.asking.asked.inquiry import inquiry_path, load_inquiry
    from qgdr_eval.asking.preparing.sheets import lay_poster
    from qgdr_eval.asking.receiving.participation import (
        known_participation,
        participation_path,
        poster_step,
        told_participation,
    )
    from qgdr_eval.writing import written_whole

    asked = read_asked(campaign)
    path = inquiry_path(campaign, asked.campaign.id)
    inquiry = load_inquiry(path)
    known = known_participation(participation_path(path), inquiry)
    for line in told_participation(known, asked, inquiry):
        click.echo(line)
    if poster is None:
        return 0
    with written_whole(poster) as half:
        half.write_text(lay_poster(asked, poster_step(known)), encoding="utf-8", newline="\n")
    return tell_written([poster])
