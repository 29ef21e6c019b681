"""The command that writes the page of one person, which nobody else is given."""

from pathlib import Path

import click

from qgdr_eval.cli import options
from qgdr_eval.cli.group import cli
from qgdr_eval.cli.options import day_of, option
from qgdr_eval.french import quote, typography


@cli.command("self", options_metavar="[OPTIONS]", short_help="Écrit la page d'un responsable.")
@click.argument("own", metavar="SOI.yml")
@click.argument("team", metavar="EQUIPE.yml")
@options.out("FICHIER.html", "Page à écrire (obligatoire), hors d'un dossier de rapports.")
@option("--facility", metavar="NOM", default="", help="Établissement ; sinon le premier.")
@option("--service", metavar="NOM", default="", help="Service ; inutile s'il n'y en a qu'un.")
@option(
    "--date",
    metavar="AAAA-MM-JJ",
    default="",
    callback=day_of,
    help="Date portée sur la page ; par défaut, celle du jour.",
)
@options.replace
def write_own_page(
    own: str, team: str, out: Path, facility: str, service: str, date: str, replace: bool
) -> int:
    """Met la position d'un responsable à côté de ce que dit son équipe, pour lui seul.

    SOI.yml est la campagne du questionnaire « soi », EQUIPE.yml celle de l'équipe. La page
    s'imprime ; elle ne s'écrit dans aucun dossier de rapports et aucun registre ne la retient.
    """
    from qgdr_eval.campaigns.programme import refuse_programme
    from qgdr_eval.reporting.self_and_team.page import lay_own_page, open_own_pair
    from qgdr_eval.writing import write_durably

    for campaign in (own, team):
        refuse_programme(Path(campaign))
    _refuse_place(out, (Path(own), Path(team)), replace)
    pair = open_own_pair(own, team, facility, service)
    write_durably(out, lay_own_page(pair, date).encode(), private=True)
    draft = " (brouillon : l'équipe n'a rien de publié)" if pair.team.card.draft else ""
    click.echo(typography(f"Votre page, pour vous seul, dans {out}{draft}"))
    return 0


def _refuse_place(out: Path, campaigns: tuple[Path, ...], replace: bool) -> None:
    """Refuse a page that is none, one that others would be given, one over another file."""
    from qgdr_eval.campaigns.sources import is_campaign_file, refuse_overwriting
    from qgdr_eval.press.occupied import is_ours
    from qgdr_eval.problems import Problem, Refused

    what, cure = "", ""
    if out.suffix.lower() != ".html":
        what, cure = "une page se termine par « .html »", f"écrivez {quote(f'{out.stem}.html')}"
    elif any(is_ours(folder) for folder in out.resolve().parents):
        what = "ce dossier contient des rapports que d'autres reçoivent, et cette page est privée"
        cure = "choisissez un dossier que vous seul ouvrez"
    elif out.exists() and not replace:
        what = "ce fichier existe déjà"
        cure = f"choisissez un autre nom, ou {quote('--replace')} pour le remplacer"
    if what:
        raise Refused([Problem(str(out), None, "", typography(what), typography(cure))])
    for campaign in filter(is_campaign_file, campaigns):
        refuse_overwriting(campaign, out, replace=replace)
