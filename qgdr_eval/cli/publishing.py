"""The commands that check, compute and publish; heavy imports wait for the one that needs them."""

import datetime
import os
import sys
from pathlib import Path
from typing import Any

import click

from qgdr_eval.cli import options
from qgdr_eval.cli.group import cli
from qgdr_eval.cli.options import FILE, day_of, names_of, option, pairs_of
from qgdr_eval.french import count, typography

MOST_JOBS = 61  # Windows gives a pool no more


@cli.command(options_metavar="[OPTIONS]")
@click.argument("paths", metavar="CHEMIN…", nargs=-1, required=True, type=FILE)
def check(paths: tuple[Path, ...]) -> int:
    """Vérifie des questionnaires, des campagnes et des éditions.

    CHEMIN est un fichier instrument.yml, de campagne ou edition.yml, ou un dossier qui en contient.
    Un questionnaire est lu avec ses exemples calculés, une campagne avec ses réponses ; le gabarit
    d'une édition est essayé sur des données fictives.
    """
    from qgdr_eval.checking.check import check_path, find_definitions, say_nothing

    tell = click.echo if sys.stdout.isatty() else say_nothing
    verdicts = []
    for path in [path for given in paths for path in find_definitions(given)]:
        verdicts.append(check_path(path, tell))
        click.echo(verdicts[-1])
    return 0 if all(verdict.accepted for verdict in verdicts) else 1


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit les scores publiables d'une campagne.")
@options.campaign
@options.out("FICHIER", "Fichier à écrire, obligatoire : .csv ou .xlsx, pour un tableur français.")
@options.replace
@options.draft
def score(campaign: Path, out: Path, replace: bool, draft: bool) -> int:
    """Calcule les scores publiables d'une campagne et les écrit dans un tableau.

    Ces scores sont publiés : le registre des publications, à côté de la campagne, les retient. Un
    fichier déjà présent n'est remplacé que si vous le demandez ; ceux dont la campagne, ses tours
    d'avant et sa seconde lecture sont lus ne le sont jamais.
    """
    from qgdr_eval.campaigns.programme import refuse_programme
    from qgdr_eval.campaigns.results import DRAFT, PUBLISH, publish_campaign
    from qgdr_eval.campaigns.sources import refuse_overwriting
    from qgdr_eval.reporting.registered import notices
    from qgdr_eval.reporting.scores_table import write_scores
    from qgdr_eval.reporting.spreadsheet import refuse_format
    from qgdr_eval.reporting.team.limitations import vanished
    from qgdr_eval.writing import refuse_unwritable

    refuse_programme(campaign)
    refuse_overwriting(campaign, out, replace=replace)
    refuse_format(out)
    refuse_unwritable(out)  # a publication cannot be unmade for a file that nobody received
    rounds = publish_campaign(str(campaign), DRAFT if draft else PUBLISH)
    for notice in notices(rounds, campaign):
        click.echo(notice)
    for notice in vanished(rounds.published):
        click.echo(typography(notice))
    rows = write_scores(rounds.published, out)
    click.echo(typography(f"{count(rows, 'ligne')} dans {out}"))
    return 0


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit les rapports d'une campagne.")
@click.argument("campaign", metavar="FICHIER.yml", type=FILE)
@options.out("DOSSIER", "Dossier des rapports (obligatoire).")
@option(
    "--date",
    metavar="AAAA-MM-JJ",
    default="",
    callback=day_of,
    help="Date portée sur tous les rapports ; par défaut, celle où chacun est fait.",
)
@option(
    "--jobs",
    metavar="0…61",
    type=click.IntRange(0, MOST_JOBS),
    default=min(os.cpu_count() or 2, MOST_JOBS),
    help="Rapports préparés en même temps, un par cœur par défaut ; 0 : sans processus à part.",
)
@option(
    "--dask",
    metavar="ADRESSE",
    default="",
    help="Grappe Dask qui voit les mêmes dossiers, par exemple tcp://192.0.2.1:8786.",
)
@option(
    "--parameter",
    "-p",
    "parameters",
    metavar="NOM=VALEUR",
    multiple=True,
    callback=pairs_of,
    help="Valeur d'un paramètre de vos carnets ; peut être répété.",
)
@option("--again", is_flag=True, help="Refait toutes les pages, même inchangées.")
@options.draft
@option(
    "--editions",
    metavar="NOM,…",
    default="",
    callback=names_of,
    help="PDF à imprimer : affiche, une_page, annexe, usagers, direction, ou un dossier.",
)
@option(
    "--own-notebooks",
    is_flag=True,
    help="Exécute les carnets placés à côté de la campagne ; retenu pour ces fichiers mêmes.",
)
def report(campaign: Path, out: Path, date: str, **choices: Any) -> int:
    """Écrit un rapport par service, la comparaison et leur page d'accueil.

    FICHIER est une campagne, ou un programme qui en réunit plusieurs : s'y ajoutent alors la
    synthèse de chaque établissement, les tableaux de bord et le plan d'actions.

    Une page dont rien n'a changé n'est pas refaite. Une production interrompue reprend où elle
    s'est arrêtée : relancez la même commande.
    """
    from qgdr_eval.campaigns.programme import is_programme
    from qgdr_eval.press import print_campaign, print_programme, show_progress

    press = print_programme if is_programme(campaign) else print_campaign
    with show_progress() as tell:
        outcome = press(campaign, out, report_date=date, tell=tell, announce=click.echo, **choices)
    click.echo(str(outcome), err=bool(outcome.failed))
    click.echo(f"{typography('À lire : ')}{out / 'index.html'}")
    return 1 if outcome.failed else 0


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit une édition à imprimer, en PDF.")
@click.argument("campaign", metavar="CAMPAGNE.yml")
@option(
    "--edition",
    "name",
    metavar="NOM",
    required=True,
    help="affiche, une_page, annexe, usagers, direction, ou un dossier (obligatoire).",
)
@option("--facility", metavar="NOM", default="", help="Établissement ; sinon le premier.")
@option("--service", metavar="NOM", default="", help="Service ; sinon le premier.")
@options.out("FICHIER.pdf", "Fichier à écrire (obligatoire).")
@option(
    "--date",
    metavar="AAAA-MM-JJ",
    default="",
    callback=day_of,
    help="Date portée sur l'édition ; par défaut, celle du jour.",
)
@options.replace
def edition(
    campaign: str, name: str, facility: str, service: str, out: Path, date: str, replace: bool
) -> int:
    """Écrit l'édition d'un service, ou d'un établissement : une page pour la réunion, une affiche…

    Rien n'y est montré que le rapport du service, ou de l'établissement, ne puisse montrer.
    « qgdr report --editions » les fait toutes, avec leurs preuves.
    """
    from qgdr_eval.campaigns.programme import refuse_programme
    from qgdr_eval.campaigns.sources import plan_file, refuse_overwriting
    from qgdr_eval.editions import open_edition, open_for, write_edition

    refuse_programme(Path(campaign))
    opened = open_edition(name)
    refuse_overwriting(Path(campaign), out, replace=replace)
    date = date or datetime.date.today().isoformat()
    report = open_for(opened, campaign, facility, service, plan_file(Path(campaign)), date)
    write_edition(report, opened, date, out)
    draft = " : brouillon, rien n'est publié" if report.card.draft else ""
    click.echo(typography(f"{opened.edition.title} dans {out}{draft}"))
    return 0


@cli.command(options_metavar="[OPTIONS]", short_help="Reprend une publication non diffusée.")
@options.campaign
@option(
    "--reason",
    metavar="MOTIF",
    required=True,
    help="Pourquoi (obligatoire) : l'attestation des pages suivantes l'écrit.",
)
def retract(campaign: Path, reason: str) -> int:
    """Reprend la dernière publication d'une campagne, que personne n'a reçue.

    Le registre des publications ne garde que sa date et le motif. N'y recourez pas pour des pages
    qui ont été vues : une réponse arrivée depuis s'y lirait par différence.
    """
    from qgdr_eval.campaigns.programme import refuse_programme
    from qgdr_eval.press.retract import retract_last

    refuse_programme(campaign)
    click.echo(retract_last(campaign, reason))
    return 0


@cli.command("explain", options_metavar="[OPTIONS]", short_help="Pose le calcul d'un score.")
@click.argument("campaign", metavar="CAMPAGNE.yml")
@option(
    "--facility",
    metavar="NOM",
    default="",
    help="Établissement ; sinon le premier.",
)
@option("--service", metavar="NOM", default="", help="Service ; sinon le premier.")
@option(
    "--dimension",
    metavar="NOM",
    default="",
    help="Nom court de la dimension dans le questionnaire ; sinon toutes.",
)
def explain_scores(campaign: str, facility: str, service: str, dimension: str) -> int:
    """Recalcule les scores d'un service et pose chaque calcul, des réponses au chiffre imprimé.

    Rien n'est montré que le rapport du service ne puisse montrer.
    """
    from qgdr_eval.campaigns.programme import refuse_programme
    from qgdr_eval.reporting import open_report, opened

    refuse_programme(Path(campaign))
    click.echo(opened.explain(open_report(campaign, facility, service), dimension))
    return 0


@cli.command(options_metavar="[OPTIONS]", short_help="Vérifie un dossier de rapports.")
@click.argument("folder", metavar="DOSSIER", type=FILE)
def verify(folder: Path) -> int:
    """Recalcule les empreintes et les preuves d'un dossier de rapports.

    Chaque page doit être celle de son service, faite des résultats enregistrés, et inchangée
    depuis ; aucune ne doit manquer ni s'être ajoutée.
    """
    from qgdr_eval.press import verify_folder

    verdict = verify_folder(folder)
    click.echo(str(verdict), err=bool(verdict.problems))
    return 1 if verdict.problems else 0


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit le journal des exclusions.")
@options.campaign
@options.out("FICHIER", "Fichier à écrire, .csv ou .xlsx (obligatoire).")
@options.replace
def exclusions(campaign: Path, out: Path, replace: bool) -> int:
    """Liste les retours écartés ou signalés et les réponses illisibles, ligne par ligne.

    Ce journal désigne des réponses : il est pour qui détient le fichier, et ne se diffuse pas.
    """
    from qgdr_eval.campaigns.programme import refuse_programme
    from qgdr_eval.campaigns.sources import refuse_overwriting
    from qgdr_eval.reporting.exclusions_file import write_exclusions

    refuse_programme(campaign)
    refuse_overwriting(campaign, out, replace=replace)
    rows = write_exclusions(campaign, out)
    click.echo(typography(f"{count(rows, 'ligne')} dans {out} : à garder avec les réponses"))
    return 0
