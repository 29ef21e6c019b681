"""`qgdr workshop`: a team around its results, on this machine or on the room's network."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qgdr_eval.cli import options
from qgdr_eval.cli.french import FrenchCommand
from qgdr_eval.cli.options import FILE, option
from qgdr_eval.cli.telling import tell_next, tell_written
from qgdr_eval.french import typography
from qgdr_eval.shell import argument

if TYPE_CHECKING:
    from qgdr_eval.workshop import Journal, Team
    from qgdr_eval.workshop.server import Workshop
    from qgdr_eval.workshop.session import Session

OPEN = (
    "Réseau de la salle : il n'est pas chiffré. Un voisin qui l'écoute peut lire ce que chaque "
    "appareil envoie, son vote compris, et l'adresse de l'animation si vous l'ouvrez depuis un "
    "autre poste. À n'employer que sur un réseau à vous, le temps de l'atelier."
)

CHANGED = (
    "Les résultats ont changé depuis le début de cet atelier : ses questions restent celles "
    "d'alors. Pour en choisir d'autres, recommencez avec « --another »."
)


@click.command(
    cls=FrenchCommand,
    options_metavar="[OPTIONS]",
    short_help="Anime un atelier sur les résultats.",
)
@options.campaign
@option("--facility", metavar="NOM", default="",
              help="Établissement ; sinon le premier.")  # fmt: skip
@option("--service", metavar="NOM", default="",
              help="Service ; sinon le premier.")  # fmt: skip
@option("--port", metavar="1024…65535", default=8390,
              type=click.IntRange(1024, 65535), help="Port ; 8390 par défaut.")  # fmt: skip
@option("--network", is_flag=True,
              help="Ouvre l'atelier au réseau de la salle, pour les téléphones.")  # fmt: skip
@option("--another", is_flag=True,
              help="Met de côté l'atelier déjà tenu, et en commence un autre.")  # fmt: skip
@option("--script", metavar="FICHIER.html", type=FILE,
              help="Écrit le déroulé, minute par minute, à imprimer ; n'ouvre rien.")  # fmt: skip
@option("--minutes", metavar="FICHIER.html", type=FILE,
              help="Écrit le compte rendu d'un atelier tenu ; n'ouvre rien.")  # fmt: skip
@option("--agreed", is_flag=True,
              help="Porte ce qui a été décidé au plan d'actions et, pour un groupe, dans ses "
              "réponses ; n'ouvre rien.")  # fmt: skip
@option("--plan", metavar="FICHIER", type=FILE,
              help="Avec --agreed : ce plan-là ; sinon celui de la campagne ou de son programme, "
              "sinon plan.xlsx à côté d'elle.")  # fmt: skip
@option("--replace", is_flag=True,
              help="Remplace la page déjà là ; avec --agreed, une autre réponse.")  # fmt: skip
def workshop(
    campaign: Path,
    facility: str,
    service: str,
    port: int,
    network: bool,
    another: bool,
    script: Path | None,
    minutes: Path | None,
    agreed: bool,
    plan: Path | None,
    replace: bool,
) -> int:
    """Anime un atelier : cinq questions à débattre, deux votes secrets, un accord écrit.

    Les questions viennent des résultats du service, une fois publiés par qgdr report. On vote sur
    son téléphone, sur un appareil qui passe de main en main, ou en levant des cartes. Interrompu,
    l'atelier reprend où il en était : relancez la même commande. Ensuite, --agreed porte les
    actions au plan.
    """
    from qgdr_eval.campaigns.programme import refuse_programme
    from qgdr_eval.workshop import find_team, journal_path

    refuse_programme(campaign)
    team = find_team(str(campaign), facility, service)
    path = journal_path(campaign, team.facility, team.service)
    if agreed:
        return _carry(campaign, path, team, plan, replace)
    if script or minutes:
        pages = {script: lambda: _lay_script(campaign, team), minutes: lambda: _lay_minutes(path)}
        return _write_pages(campaign, pages, replace)
    return _serve(campaign, path, team, port, network, another)


def _serve(
    campaign: Path, path: Path, team: "Team", port: int, network: bool, another: bool
) -> int:
    """Hold the workshop until it is stopped, then say what comes next."""
    from qgdr_eval.workshop.server import Workshop, listen, room_address, serve

    address = room_address() if network else "127.0.0.1"
    hosts = [f"{name}:{port}" for name in dict.fromkeys((address, "127.0.0.1", "localhost"))]
    with listen("0.0.0.0" if network else "127.0.0.1", port) as listening:
        journal = _open(campaign, path, team, another)
        served = Workshop(journal, secrets.token_urlsafe(16), tuple(hosts))
        _tell(served, team, network, port)
        serve(served, listening)
    for line in _next(journal.session, _again(campaign, team)):
        click.echo(line)
    return 0


def _tell(served: "Workshop", team: "Team", network: bool, port: int) -> None:
    """Where the workshop is opened and kept, and what to know of it first."""
    click.echo(typography(_told(served.journal.resumed, network)))
    for name, url in (
        ("Animation, à ouvrir ici", f"http://127.0.0.1:{port}/{served.key}/"),
        ("Téléphones", served.room),
        ("Appareil qui passe", f"{served.room}tour/"),
        ("Mur", f"{served.room}mur/"),
        ("Gardé dans", served.journal.path),
    ):
        click.echo(f"{typography(f'{name} : ')}{url}")
    if served.journal.kept.results != team.results:
        click.echo(typography(CHANGED), err=True)


def _open(campaign: Path, path: Path, team: "Team", another: bool) -> "Journal":
    """The workshop where it was left, or another one: nothing is put aside unless it may begin."""
    from qgdr_eval.workshop import Journal, open_debate, set_aside

    if path.exists() and not another:
        return Journal(path)
    debate = open_debate(str(campaign), team.facility, team.service)
    if aside := set_aside(path):
        click.echo(f"{typography('Atelier d’avant, gardé dans : ')}{aside}")
    return Journal(path, debate)


def _next(session: "Session", again: str) -> Iterator[str]:
    """What comes after a workshop, as commands that can be copied."""
    yield f"{typography('Pour reprendre : ')}{again}"
    if any(state.agreement for state in session.states.values()):
        yield f"{typography('Compte rendu : ')}{again} --minutes compte-rendu.html"
        yield f"{typography('Porter ce qui est décidé : ')}{again} --agreed"


def _again(campaign: Path, team: "Team") -> str:
    """The command of this workshop, as it can be copied."""
    place = {"--facility": team.facility, "--service": team.service}
    named = [f"{option} {argument(name)}" for option, name in place.items() if name]
    return " ".join(["qgdr workshop", argument(campaign), *named])


def _carry(campaign: Path, journal: Path, team: "Team", plan: Path | None, replace: bool) -> int:
    """Carry what was decided to the plan and, for a group, to its answers."""
    from qgdr_eval.campaigns.sources import is_campaign_file
    from qgdr_eval.workshop import read_held
    from qgdr_eval.workshop.agreed import (
        carry_actions,
        carry_answers,
        plan_for,
        say_actions,
        say_answers,
        takes_answers,
    )

    kept = read_held(journal)
    said = [say_actions(carry_actions(kept, plan or plan_for(campaign)))]
    if takes_answers(campaign):
        carried = carry_answers(kept, campaign, replace=replace)
        said.append(say_answers(carried, f"{_again(campaign, team)} --agreed --replace"))
    for text in said:
        click.echo(text)
    if is_campaign_file(campaign):
        tell_next(campaign, campaign.parent / "rapports")
    return 0


def _lay_script(campaign: Path, team: "Team") -> str:
    from qgdr_eval.workshop import open_debate
    from qgdr_eval.workshop.paper import lay_script

    return lay_script(open_debate(str(campaign), team.facility, team.service))


def _lay_minutes(journal: Path) -> str:
    from qgdr_eval.reporting.minutes import open_minutes
    from qgdr_eval.reporting.minutes.page import lay_minutes
    from qgdr_eval.workshop import read_held

    return lay_minutes(open_minutes(read_held(journal)))


def _write_pages(campaign: Path, pages: dict[Path | None, Callable[[], str]], replace: bool) -> int:
    """Write pages to print, each where it was asked for, over no other file unless asked."""
    from qgdr_eval.campaigns.sources import is_campaign_file, refuse_overwriting
    from qgdr_eval.workshop.paper import write_paper

    wanted = {path: lay for path, lay in pages.items() if path}
    for path in wanted:
        if is_campaign_file(campaign):
            refuse_overwriting(campaign, path, replace=replace)
    for path, lay in wanted.items():
        write_paper(lay(), path)
    return tell_written(list(wanted))


def _told(resumed: bool, network: bool) -> str:
    state = "L'atelier reprend où il en était." if resumed else "Un atelier commence."
    return f"{state} Ctrl-C pour l'arrêter.\n{OPEN if network else ''}".rstrip()
