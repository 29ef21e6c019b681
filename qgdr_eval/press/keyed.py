"""Fingerprints of the files a campaign is read from; those of answers cannot be guessed back."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from qgdr_eval.disclosure.register import Register, open_register
from qgdr_eval.disclosure.secret import new_key, read_key, write_key
from qgdr_eval.fingerprint import of_file
from qgdr_eval.instruments import load_instrument
from qgdr_eval.responses import load_campaign
from qgdr_eval.responses.campaign import secret_name

ANSWERS, PUBLICATIONS = "responses", "publications"  # how files are named by `campaign_sources`


def fingerprint_sources(files: Mapping[str, Path]) -> dict[str, str]:
    """Fingerprints of files named as `campaign_sources` names them, of those that are there.

    A plain fingerprint of what a small team answered can be guessed back by trying. Where people
    answered, that of the file named `ANSWERS` is made with the secret kept beside its campaign;
    where no secret can be kept, it is drawn at random: nothing is then taken for unchanged.
    """
    prints = fingerprints_of(files)
    for name in prints:
        whose, _, what = name.rpartition(":")
        campaign = files.get(f"{whose}:campaign" if whose else "campaign")
        if what == ANSWERS and campaign and _of_people(campaign):
            prints[name] = keyed(files[name], campaign.parent, load_campaign(campaign).id)
        if what == PUBLICATIONS and campaign:
            prints[name] = _state_of(open_register(campaign.parent, load_campaign(campaign).id))
    return prints


def _state_of(register: Register) -> str:
    """Which publications a register holds; the folder of reports then knows how many there were."""
    return f"{register.rank}:{register.state}"


def fingerprints_of(files: Mapping[str, Path]) -> dict[str, str]:
    """Fingerprints of files by their names, of those that are there."""
    return {name: of_file(path) for name, path in files.items() if path.is_file()}


def _of_people(campaign: Path) -> bool:
    return not load_instrument(load_campaign(campaign).instrument, campaign.parent).of_records


def keyed(path: Path, folder: Path, id: str) -> str:
    """The fingerprint of a file, made with the secret of a campaign or programme of a folder."""
    secret = folder / secret_name(id)
    try:
        key = read_key(secret) or write_key(secret, new_key())
    except OSError:
        return secrets.token_hex(32)
    return key.whole(of_file(path))
