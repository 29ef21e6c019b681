"""What `qgdr new` does when there is no answer yet: a campaign that asks."""

from pathlib import Path

import click

from qgdr_eval.cli.telling import tell_written
from qgdr_eval.french import typography
from qgdr_eval.shell import argument


def start_asking(
    folder: Path, instrument: str, roster: Path | None, title: str, period: str
) -> int:
    """Write a campaign that asks, and say what comes next."""
    from qgdr_eval.asking.preparing.drafted import strata_told
    from qgdr_eval.responses import load_campaign
    from qgdr_eval.responses.roster import read_roster
    from qgdr_eval.starting import start_asking as start

    files = start(folder, instrument, roster, title, period)
    tell_written(files)
    campaign = load_campaign(files[0])
    if roster and campaign.services:
        services = read_roster(campaign.services, folder)
        click.echo(strata_told(services, campaign.disclosure.minimum))
    else:
        click.echo(typography(f"À compléter : {files[1]}, une ligne par service, avec l'effectif"))
    printed, key = argument(folder / "imprimer"), "cle-d-ouverture.txt"
    click.echo(
        f"{typography('Puis : ')}qgdr ask {argument(files[0])} --out {printed} --key {key}"
        f"{typography(', la clé hors de ce dossier, sur une clé USB par exemple')}"
    )
    return 0
