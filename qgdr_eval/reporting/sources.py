"""The one list of the files a campaign, or a programme, is read from."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from qgdr_eval.disclosure.register import register_path
from qgdr_eval.french import quote
from qgdr_eval.instruments import find_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import load_campaign
from qgdr_eval.responses.campaign import Campaign, TableFile
from qgdr_eval.responses.programme import BESIDE, load_programme

TABLES = ("responses", "services", "reference")  # keys that may name a table


def campaign_sources(path: Path) -> dict[str, Path]:
    """The files a campaign is read from, by what each is, whether they are there or not.

    ``campaign``, ``instrument``, ``responses``, ``services``, ``reference``, ``plan``, and
    ``publications``, the register of what was printed of it; then those
    of every campaign it names, and of those that one names in turn, under ``<its path>:<what>``.

    Raises:
        Refused: the campaign cannot be read, or its instrument is nowhere. One that it names and
            that cannot be read counts for its own file: it is told where it is read.
    """
    return _sources(path, set())


def programme_sources(path: Path) -> dict[str, Path]:
    """The files a programme is read from: its own, those beside, those of its campaigns.

    Raises:
        Refused: as `load_programme` and `campaign_sources` do.
    """
    programme = load_programme(path)
    beside = {key: getattr(programme, key) for key in BESIDE}
    files = {"programme": path} | {key: path.parent / name for key, name in beside.items() if name}
    for name in programme.campaigns:
        files |= _prefixed(name, campaign_sources(path.parent / name))
    return files


def refuse_overwriting(campaign: Path, out: Path, *, replace: bool = False) -> None:
    """Refuse an output that would replace a file the campaign is read from, or any other file.

    ``replace``: any other file may be.

    Raises:
        Refused: as said, or as `campaign_sources` does.
    """
    if any(_is_same(out, source) for source in campaign_sources(campaign).values()):
        what = "ce fichier sert à la campagne : l'écrire le remplacerait"
        raise Refused([Problem(str(out), None, "", what, "choisissez un autre nom")])
    if os.path.lexists(out) and not replace:
        cure = f"choisissez un autre nom, ou {quote('--replace')} pour le remplacer"
        raise Refused([Problem(str(out), None, "", "ce fichier existe déjà", cure)])


def _is_same(out: Path, source: Path) -> bool:
    """Whether two paths lead to one file, by whatever names and links."""
    with suppress(OSError):
        return out.samefile(source)
    return out.resolve() == source.resolve()


def _sources(path: Path, met: set[Path]) -> dict[str, Path]:
    met.add(path.resolve())
    campaign = load_campaign(path)
    files = {"campaign": path, "instrument": find_instrument(campaign.instrument, path.parent)}
    tables = {key: getattr(campaign, key) for key in TABLES}
    files |= {
        key: path.parent / table.file
        for key, table in tables.items()
        if isinstance(table, TableFile)
    }
    if campaign.plan:
        files["plan"] = path.parent / campaign.plan
    files["publications"] = register_path(path.parent, campaign.id)
    for name in _named(campaign):
        if (path.parent / name).resolve() not in met:
            files |= _prefixed(name, _sources_of_named(path.parent / name, met))
    return files


def _sources_of_named(path: Path, met: set[Path]) -> dict[str, Path]:
    with suppress(Refused):
        return _sources(path, met)
    return {"campaign": path}


def _named(campaign: Campaign) -> Iterator[str]:
    """The files of the campaigns that one names."""
    yield from (earlier.campaign for earlier in campaign.earlier)
    if campaign.second_reader:
        yield campaign.second_reader


def _prefixed(name: str, files: dict[str, Path]) -> dict[str, Path]:
    return {f"{name}:{key}": path for key, path in files.items()}
