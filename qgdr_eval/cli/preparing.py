"""The commands that prepare: a campaign, a grid, a form, a referential, something to try."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from qgdr_eval.cli import options
from qgdr_eval.cli.group import cli
from qgdr_eval.cli.options import FILE, codes_of, option, pairs_of
from qgdr_eval.cli.telling import tell_next, tell_written
from qgdr_eval.french import count, quote, typography
from qgdr_eval.shell import argument

NUMBER = typography("Numéro (Entrée : plus tard) : ")


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit une grille à remplir.")
@click.argument("instrument", metavar="QUESTIONNAIRE")
@options.out("FICHIER.xlsx", "Classeur à écrire (obligatoire).")
@option(
    "--columns",
    metavar="1…500",
    type=click.IntRange(1, 500),
    default=30,
    help="Nombre de dossiers, ou de groupes ; 30 par défaut.",
)
@options.replace
def grid(instrument: str, out: Path, columns: int, replace: bool) -> int:
    """Écrit la grille d'un audit ou d'une autoévaluation, à remplir dans un tableur.

    QUESTIONNAIRE est un identifiant (epp_hygiene_mains) ou le chemin d'un instrument.yml. Une ligne
    par critère, une colonne par dossier ; dans la campagne, dites « layout: grid ».
    """
    from qgdr_eval.instruments import load_instrument
    from qgdr_eval.responses.grids import write_grid

    write_grid(load_instrument(instrument), out, columns, replace=replace)
    return tell_written([out])


@cli.command(options_metavar="[OPTIONS]", short_help="Compare deux versions d'un questionnaire.")
@click.argument("old", metavar="ANCIEN")
@click.argument("new", metavar="NOUVEAU")
def diff(old: str, new: str) -> int:
    """Compare deux versions d'un questionnaire : ce qui a changé, ce qui se compare encore.

    ANCIEN et NOUVEAU sont un dossier, un instrument.yml ou un identifiant (culture_securite). Une
    dimension est comparable, avec prudence, ou rompue. La commande finit par 0 quand aucune n'est
    rompue, par 1 sinon, ou quand un fichier est refusé.
    """
    from qgdr_eval.instruments import load_instruments
    from qgdr_eval.instruments.difference import differ
    from qgdr_eval.wording.difference import difference_words

    found = differ(*load_instruments(old, new))
    click.echo(difference_words(found))
    return 1 if found.broken else 0


@cli.command(options_metavar="[OPTIONS]", short_help="Écrit un questionnaire à essayer.")
@click.argument("instrument", metavar="QUESTIONNAIRE")
@options.out("FICHIER.html", "Page à écrire (obligatoire).")
@options.replace
def form(instrument: str, out: Path, replace: bool) -> int:
    """Écrit un questionnaire tel qu'on y répond : une page à ouvrir, qui n'enregistre rien.

    QUESTIONNAIRE est un identifiant (culture_securite) ou le chemin d'un instrument.yml. Au
    clavier, à la souris ou au doigt ; sans réseau.
    """
    from qgdr_eval.asking import write_page
    from qgdr_eval.instruments import load_instrument

    write_page(load_instrument(instrument), out, replace=replace)
    return tell_written([out])


@cli.command(options_metavar="[OPTIONS]", short_help="Lit votre référentiel.")
@click.argument("workbook", metavar="CLASSEUR.xlsx", type=FILE)
@options.out("DOSSIER", "Dossier où écrire questionnaires/… (obligatoire).")
@option(
    "--certification",
    is_flag=True,
    help="Référentiel de certification d'un établissement de santé, une ligne par traceur.",
)
@option(
    "--structure",
    metavar="NOM",
    default="",
    help="ESSMS : garder les critères de cette structure, écrite comme dans « ESSMS concernés ».",
)
@options.replace
def referential(
    workbook: Path, out: Path, certification: bool, structure: str, replace: bool
) -> int:
    """Fait un questionnaire de votre référentiel : évaluation des ESSMS, ou certification.

    CLASSEUR a une ligne par critère et des colonnes « Chapitre », « Thématique », « Objectif »,
    « N° », « Critère », « Impératif ». Le résultat est une autoévaluation préparatoire.
    """
    from qgdr_eval.checking.check import check_path
    from qgdr_eval.instruments.referential import read_referential, write_instrument

    read = read_referential(workbook, "certification" if certification else "essms", structure)
    for warning in read["warnings"]:
        click.echo(str(warning), err=True)
    if aside := read["set_aside"]:
        told = f"{count(len(aside), 'critère mis', 'critères mis')} de côté : {', '.join(aside)}"
        click.echo(typography(told))
    written = write_instrument(read, out, replace=replace)
    verdict = check_path(written)
    click.echo(verdict)
    return 0 if verdict.accepted else 1


@cli.command(options_metavar="[OPTIONS]", short_help="Extrait une évaluation de la HAS.")
@click.argument("opened", metavar="FICHIER", type=FILE)
@option("--finess", metavar="NUMÉRO", required=True, help="FINESS géographique (obligatoire).")
@options.out("FICHIER.csv", "Fichier à écrire, que nommera la campagne (obligatoire).")
@options.replace
def evaluation(opened: Path, finess: str, out: Path, replace: bool) -> int:
    """Extrait des données ouvertes de la HAS l'évaluation d'un ESSMS, à relire comme tour d'avant.

    FICHIER est « open_data_par_essms », XLSX ou CSV, téléchargé de data.gouv.fr : rien n'est
    cherché sur le réseau. Dans campagne.yml, écrivez ensuite « evaluation: FICHIER.csv ».
    """
    from qgdr_eval.responses.evaluation import cut_evaluation

    others = cut_evaluation(opened, finess, out, replace=replace)
    if others:
        click.echo(typography(f"Évaluations plus anciennes laissées : {', '.join(others)}"))
    return tell_written([out])


@cli.command(
    options_metavar="[OPTIONS]",
    short_help="Prépare une campagne : d'un export, ou pour interroger.",
)
@click.argument("folder", metavar="DOSSIER", type=FILE)
@option(
    "--instrument",
    metavar="QUESTIONNAIRE",
    required=True,
    help="Identifiant (culture_securite), ou chemin d'un instrument.yml (obligatoire).",
)
@option(
    "--answers",
    metavar="FICHIER",
    type=FILE,
    help="Réponses, CSV ou XLSX, telles que l'outil d'enquête les exporte ; sans elles, la "
    "campagne interrogera elle-même.",
)
@option(
    "--services",
    "roster",
    metavar="FICHIER",
    type=FILE,
    help="Sans réponses : liste des services et de leur effectif, CSV ou XLSX.",
)
@option(
    "--column",
    "columns",
    metavar='ITEM="COLONNE"',
    multiple=True,
    callback=pairs_of,
    help="Colonne d'un item ; peut être répété.",
)
@option("--service", metavar="COLONNE", help="Colonne du service.")
@option("--facility", metavar="COLONNE|NOM", help="De l'établissement, ou son nom.")
@option("--subject", metavar="COLONNE", help="De l'identifiant.")
@option(
    "--stratum",
    metavar="COLONNE",
    help="D'un autre regroupement : la profession.",
)
@option("--team", metavar="NOM", default="", help="La seule équipe qui a répondu.")
@option(
    "--answer",
    "labels",
    metavar='"TEXTE=CODE"',
    multiple=True,
    callback=codes_of,
    help="Code d'une réponse écrite autrement que dans le questionnaire, ou « vide » ; "
    "peut être répété.",
)
@option(
    "--reversed",
    "sense",
    metavar="as_worded|already_reversed",
    type=click.Choice(["as_worded", "already_reversed"]),
    help="Items inversés : réponses telles que données, ou déjà retournées par l'outil.",
)
@option("--title", metavar="TEXTE", default="", help="Titre des rapports.")
@option("--period", metavar="TEXTE", default="", help="Quand on a répondu.")
@option("--sheet", metavar="NOM", help="Feuille du classeur.")
@option("--encoding", metavar="NOM", help="Encodage du CSV.")
@option("--separator", metavar='";"', help="Séparateur du CSV, ou tab.")
@option(
    "--replace",
    is_flag=True,
    help="Écrit de nouveau campagne.yml, et services.csv s'il est sans effectif.",
)
def new(
    folder: Path,
    answers: Path | None,
    roster: Path | None,
    instrument: str,
    columns: dict[str, str],
    labels: dict[str, int],
    replace: bool,
    **options: Any,
) -> int:
    """Prépare une campagne : à partir d'un export, ou pour interroger les équipes.

    Avec un export (--answers), écrit campagne.yml, services.csv et les réponses ; sans lui, une
    campagne qui interroge, et la liste des services à compléter.

    Les colonnes des items sont reconnues à leur code ou à leur texte, celles du service et de la
    profession à leur nom. Ce qui est douteux n'est jamais deviné : à l'écran la question est
    posée ; sinon la réponse se donne par une option, ou reste à écrire dans campagne.yml.
    """
    from qgdr_eval.responses.draft import ROLE_NAMES, Choices
    from qgdr_eval.responses.draft_summary import draft_lines
    from qgdr_eval.starting import Export, start_campaign

    if answers is None:
        from qgdr_eval.cli.starting import start_asking

        return start_asking(folder, instrument, roster, options["title"], options["period"])
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
    tell_written(started.files)
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
        tell_next(campaign, out)
    return 0 if verdict.accepted else 1


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
@options.replace_all
def demo(folder: Path, replace: bool) -> int:
    """Écrit un programme fictif (campagnes, audits, indicateurs, plan), à essayer et à adapter."""
    from qgdr_eval.starting import start_demo

    tell_written(start_demo(folder, replace=replace))
    first = typography("À lire d'abord : ")
    click.echo(f"{first}{folder / 'LISEZMOI.txt'}")
    tell_next(folder / "campagne.yml", folder / "rapports")
    return 0


@cli.command(options_metavar="[OPTIONS]", short_help="Copie les questionnaires et les carnets.")
@click.argument("folder", metavar="DOSSIER", type=FILE)
@options.replace_all
def init(folder: Path, replace: bool) -> int:
    """Copie les questionnaires et les carnets du kit, pour les adapter."""
    from qgdr_eval.starting import start_project

    return tell_written(start_project(folder, replace=replace))
