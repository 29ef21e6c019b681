"""The commands, as they are typed. Heavy imports wait for the command that needs them."""

import datetime
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from qgdr_eval import __version__
from qgdr_eval.cli.french import FrenchGroup, FrenchOption, NoSuchDay
from qgdr_eval.french import count, quote, typography
from qgdr_eval.shell import argument

FILE = click.Path(path_type=Path)
DRAFT_HELP = "Brouillon : rien n'est enregistré, et chaque feuille le dit. À ne pas diffuser."
NUMBER = typography("Numéro (Entrée : plus tard) : ")
WRITTEN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST_JOBS = 61  # Windows gives a pool no more


def _day(context: click.Context, option: click.Parameter, given: str) -> str:
    """A date as ISO text, empty when none is given."""
    try:
        return datetime.date.fromisoformat(given).isoformat() if given else ""
    except ValueError:
        wrong = NoSuchDay if WRITTEN_DATE.fullmatch(given) else click.BadParameter
        raise wrong("date", ctx=context, param=option) from None


def _values(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    """Parameters written ``name=value``."""
    pairs = [text.partition("=") for text in given]
    if any(not name or not equal for name, equal, _ in pairs):
        raise click.BadParameter("parameter", ctx=context, param=option)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _codes(
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


@cli.command(options_metavar="[OPTIONS]")
@click.argument("paths", metavar="CHEMIN…", nargs=-1, required=True, type=FILE)
def check(paths: tuple[Path, ...]) -> int:
    """Vérifie des questionnaires et des campagnes.

    CHEMIN est un fichier instrument.yml, un fichier de campagne ou un dossier qui en contient.
    Un questionnaire est lu avec ses exemples calculés, une campagne avec ses réponses.
    """
    from qgdr_eval.checking.check import check_path, find_definitions, say_nothing

    tell = click.echo if sys.stdout.isatty() else say_nothing
    verdicts = []
    for path in [path for given in paths for path in find_definitions(given)]:
        verdicts.append(check_path(path, tell))
        click.echo(verdicts[-1])
    return 0 if all(verdict.accepted for verdict in verdicts) else 1


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit les scores publiables d'une campagne.")
@click.argument("campaign", metavar="CAMPAGNE.yml", type=FILE)
@click.option(
    "--out",
    cls=FrenchOption,
    metavar="FICHIER",
    required=True,
    type=FILE,
    help="Fichier à écrire, obligatoire : .csv ou .xlsx, pour un tableur français.",
)
@click.option("--replace", cls=FrenchOption, is_flag=True, help="Remplace le fichier déjà présent.")
@click.option("--draft", cls=FrenchOption, is_flag=True, help=DRAFT_HELP)
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
@click.option(
    "--out",
    cls=FrenchOption,
    metavar="DOSSIER",
    required=True,
    type=FILE,
    help="Dossier des rapports (obligatoire).",
)
@click.option(
    "--date",
    cls=FrenchOption,
    metavar="AAAA-MM-JJ",
    default="",
    callback=_day,
    help="Date portée sur tous les rapports ; par défaut, celle où chacun est fait.",
)
@click.option(
    "--jobs",
    cls=FrenchOption,
    metavar="0…61",
    type=click.IntRange(0, MOST_JOBS),
    default=min(os.cpu_count() or 2, MOST_JOBS),
    help="Rapports préparés en même temps, un par cœur par défaut ; 0 : sans processus à part.",
)
@click.option(
    "--dask",
    cls=FrenchOption,
    metavar="ADRESSE",
    default="",
    help="Grappe Dask qui voit les mêmes dossiers, par exemple tcp://192.0.2.1:8786.",
)
@click.option(
    "--parameter",
    "-p",
    "parameters",
    cls=FrenchOption,
    metavar="NOM=VALEUR",
    multiple=True,
    callback=_values,
    help="Valeur d'un paramètre de vos carnets ; peut être répété.",
)
@click.option(
    "--again", cls=FrenchOption, is_flag=True, help="Refait toutes les pages, même inchangées."
)
@click.option("--draft", cls=FrenchOption, is_flag=True, help=DRAFT_HELP)
@click.option(
    "--own-notebooks",
    cls=FrenchOption,
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


@cli.command(options_metavar="[OPTIONS]", short_help="Reprend une publication non diffusée.")
@click.argument("campaign", metavar="CAMPAGNE.yml", type=FILE)
@click.option(
    "--reason",
    cls=FrenchOption,
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
@click.option(
    "--facility",
    cls=FrenchOption,
    metavar="NOM",
    default="",
    help="Établissement ; sinon le premier.",
)
@click.option(
    "--service", cls=FrenchOption, metavar="NOM", default="", help="Service ; sinon le premier."
)
@click.option(
    "--dimension",
    cls=FrenchOption,
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
@click.argument("campaign", metavar="CAMPAGNE.yml", type=FILE)
@click.option(
    "--out",
    cls=FrenchOption,
    metavar="FICHIER",
    required=True,
    type=FILE,
    help="Fichier à écrire, .csv ou .xlsx (obligatoire).",
)
@click.option("--replace", cls=FrenchOption, is_flag=True, help="Remplace le fichier déjà présent.")
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


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit une grille à remplir.")
@click.argument("instrument", metavar="QUESTIONNAIRE")
@click.option(
    "--out",
    cls=FrenchOption,
    metavar="FICHIER.xlsx",
    required=True,
    type=FILE,
    help="Classeur à écrire (obligatoire).",
)
@click.option(
    "--columns",
    cls=FrenchOption,
    metavar="1…500",
    type=click.IntRange(1, 500),
    default=30,
    help="Nombre de dossiers, ou de groupes ; 30 par défaut.",
)
@click.option("--replace", cls=FrenchOption, is_flag=True, help="Remplace le fichier déjà présent.")
def grid(instrument: str, out: Path, columns: int, replace: bool) -> int:
    """Écrit la grille d'un audit ou d'une autoévaluation, à remplir dans un tableur.

    QUESTIONNAIRE est un identifiant (epp_hygiene_mains) ou le chemin d'un instrument.yml. Une ligne
    par critère, une colonne par dossier ; dans la campagne, dites « layout: grid ».
    """
    from qgdr_eval.instruments import load_instrument
    from qgdr_eval.responses.grids import write_grid

    write_grid(load_instrument(instrument), out, columns, replace=replace)
    return _tell_written([out])


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit un questionnaire à essayer.")
@click.argument("instrument", metavar="QUESTIONNAIRE")
@click.option(
    "--out",
    cls=FrenchOption,
    metavar="FICHIER.html",
    required=True,
    type=FILE,
    help="Page à écrire (obligatoire).",
)
@click.option("--replace", cls=FrenchOption, is_flag=True, help="Remplace le fichier déjà présent.")
def form(instrument: str, out: Path, replace: bool) -> int:
    """Écrit un questionnaire tel qu'on y répond : une page à ouvrir, qui n'enregistre rien.

    QUESTIONNAIRE est un identifiant (culture_securite) ou le chemin d'un instrument.yml. Au
    clavier, à la souris ou au doigt ; sans réseau.
    """
    from qgdr_eval.asking import write_page
    from qgdr_eval.instruments import load_instrument

    write_page(load_instrument(instrument), out, replace=replace)
    return _tell_written([out])


@cli.command(options_metavar="[OPTIONS]", short_help="Lit votre référentiel ESSMS.")
@click.argument("workbook", metavar="CLASSEUR.xlsx", type=FILE)
@click.option(
    "--out",
    cls=FrenchOption,
    metavar="DOSSIER",
    required=True,
    type=FILE,
    help="Dossier où écrire questionnaires/… (obligatoire).",
)
@click.option("--replace", cls=FrenchOption, is_flag=True, help="Remplace le fichier déjà présent.")
def referential(workbook: Path, out: Path, replace: bool) -> int:
    """Fait un questionnaire coté de 1 à 4 de votre référentiel d'évaluation des ESSMS.

    CLASSEUR a une ligne par critère et des colonnes « Chapitre », « Thématique », « Objectif »,
    « N° », « Critère », « Impératif ». Le résultat est une autoévaluation préparatoire.
    """
    from qgdr_eval.checking.check import check_path
    from qgdr_eval.instruments.referential import read_referential, write_instrument

    read = read_referential(workbook)
    for warning in read["warnings"]:
        click.echo(str(warning), err=True)
    written = write_instrument(read, out, replace=replace)
    verdict = check_path(written)
    click.echo(verdict)
    return 0 if verdict.accepted else 1


@cli.command(options_metavar="[OPTIONS]", short_help="Prépare une campagne d'un export.")
@click.argument("folder", metavar="DOSSIER", type=FILE)
@click.option(
    "--instrument",
    cls=FrenchOption,
    metavar="QUESTIONNAIRE",
    required=True,
    help="Identifiant (culture_securite), ou chemin d'un instrument.yml (obligatoire).",
)
@click.option(
    "--answers",
    cls=FrenchOption,
    metavar="FICHIER",
    required=True,
    type=FILE,
    help="Réponses, CSV ou XLSX, telles que l'outil d'enquête les exporte (obligatoire).",
)
@click.option(
    "--column",
    "columns",
    cls=FrenchOption,
    metavar='ITEM="COLONNE"',
    multiple=True,
    callback=_values,
    help="Colonne d'un item ; peut être répété.",
)
@click.option("--service", cls=FrenchOption, metavar="COLONNE", help="Colonne du service.")
@click.option(
    "--facility", cls=FrenchOption, metavar="COLONNE|NOM", help="De l'établissement, ou son nom."
)
@click.option("--subject", cls=FrenchOption, metavar="COLONNE", help="De l'identifiant.")
@click.option(
    "--stratum",
    cls=FrenchOption,
    metavar="COLONNE",
    help="D'un autre regroupement : la profession.",
)
@click.option(
    "--team", cls=FrenchOption, metavar="NOM", default="", help="La seule équipe qui a répondu."
)
@click.option(
    "--answer",
    "labels",
    cls=FrenchOption,
    metavar='"TEXTE=CODE"',
    multiple=True,
    callback=_codes,
    help="Code d'une réponse écrite autrement que dans le questionnaire, ou « vide » ; "
    "peut être répété.",
)
@click.option(
    "--reversed",
    "sense",
    cls=FrenchOption,
    metavar="as_worded|already_reversed",
    type=click.Choice(["as_worded", "already_reversed"]),
    help="Items inversés : réponses telles que données, ou déjà retournées par l'outil.",
)
@click.option("--title", cls=FrenchOption, metavar="TEXTE", default="", help="Titre des rapports.")
@click.option("--period", cls=FrenchOption, metavar="TEXTE", default="", help="Quand on a répondu.")
@click.option("--sheet", cls=FrenchOption, metavar="NOM", help="Feuille du classeur.")
@click.option("--encoding", cls=FrenchOption, metavar="NOM", help="Encodage du CSV.")
@click.option("--separator", cls=FrenchOption, metavar='";"', help="Séparateur du CSV, ou tab.")
@click.option(
    "--replace",
    cls=FrenchOption,
    is_flag=True,
    help="Écrit de nouveau campagne.yml, et services.csv s'il est sans effectif.",
)
def new(
    folder: Path,
    answers: Path,
    instrument: str,
    columns: dict[str, str],
    labels: dict[str, int],
    replace: bool,
    **options: Any,
) -> int:
    """Prépare une campagne à partir d'un export : campagne.yml, services.csv et les réponses.

    Les colonnes des items sont reconnues à leur code ou à leur texte, celles du service et de la
    profession à leur nom. Ce qui est douteux n'est jamais deviné : à l'écran la question est
    posée ; sinon la réponse se donne par une option, ou reste à écrire dans campagne.yml.
    """
    from qgdr_eval.responses.draft import ROLE_NAMES, Choices
    from qgdr_eval.responses.draft_summary import draft_lines
    from qgdr_eval.starting import Export, start_campaign

    roles = {role: options[role] for role in ROLE_NAMES if options[role]}
    choices = Choices(columns, roles, labels, options["sense"], options["team"])
    kept = {key: options[key] for key in ("title", "period", "sheet", "encoding", "separator")}
    started = start_campaign(
        folder,
        Export(answers, instrument, choices, **kept),
        ask=_ask if sys.stdin.isatty() else None,
        replace=replace,
    )
    for line in draft_lines(started.draft, started.instrument):
        click.echo(typography(line))
    _tell_written(started.files)
    if started.draft.nominative and not started.copied:
        name = quote(started.files[-1].name)
        click.echo(typography(f"{name} garde ces colonnes : ne transmettez pas ce fichier"))
    return _tell_checked(started.files[0], folder / "rapports", complete=started.draft.complete)


def _tell_checked(campaign: Path, out: Path, *, complete: bool) -> int:
    """What stands between a new campaign and its reports; what was left to be said is told once."""
    from qgdr_eval.checking.check import check_path

    if not complete:
        rest = " : reste à compléter, par une option « À dire » ci-dessus ou dans ce fichier"
        click.echo(f"{campaign}{typography(rest)}")
        click.echo(f"{typography('Puis : ')}qgdr check {argument(campaign)}")
        return 1
    verdict = check_path(campaign)
    click.echo(verdict)
    if verdict.accepted:
        _tell_next(campaign, out)
    return 0 if verdict.accepted else 1


def _tell_next(campaign: Path, out: Path) -> None:
    """The command that prints a campaign, as it can be copied."""
    click.echo(f"{typography('Puis : ')}qgdr report {argument(campaign)} --out {argument(out)}")


def _ask(question: str, meanings: Mapping[str, str]) -> str:
    """Ask on the terminal: a number of the list, or nothing to leave it open.

    What a value means stands for it: a code beside its number would be read for the number.
    """
    values = list(meanings)
    click.echo(typography(f"{question} ?"))
    for rank, value in enumerate(values, start=1):
        click.echo(f"  {rank}  {' '.join((meanings[value] or value).split())}")
    while given := click.prompt(NUMBER, default="", show_default=False, prompt_suffix=""):
        if given.isdecimal() and 1 <= int(given) <= len(values):
            return values[int(given) - 1]
        click.echo(f"Écrivez un numéro de 1 à {len(values)}.")
    return ""


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit un programme fictif, à essayer.")
@click.argument("folder", metavar="DOSSIER", type=FILE)
@click.option(
    "--replace", cls=FrenchOption, is_flag=True, help="Remplace les fichiers déjà présents."
)
def demo(folder: Path, replace: bool) -> int:
    """Écrit un programme fictif (campagnes, audits, indicateurs, plan), à essayer et à adapter."""
    from qgdr_eval.starting import start_demo

    _tell_written(start_demo(folder, replace=replace))
    first = typography("À lire d'abord : ")
    click.echo(f"{first}{folder / 'LISEZMOI.txt'}")
    _tell_next(folder / "campagne.yml", folder / "rapports")
    return 0


@cli.command(options_metavar="[OPTIONS]", short_help="Copie les questionnaires et les carnets.")
@click.argument("folder", metavar="DOSSIER", type=FILE)
@click.option(
    "--replace", cls=FrenchOption, is_flag=True, help="Remplace les fichiers déjà présents."
)
def init(folder: Path, replace: bool) -> int:
    """Copie les questionnaires et les carnets du kit, pour les adapter."""
    from qgdr_eval.starting import start_project

    return _tell_written(start_project(folder, replace=replace))


def _tell_written(paths: list[Path]) -> int:
    for path in paths:
        click.echo(path)
    return 0
