"""The one list of the files a campaign, or a programme, is read from."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from qgdr_eval.campaigns.programme import BESIDE, load_programme
from qgdr_eval.definitions import read_document
from qgdr_eval.disclosure.register import register_path
from qgdr_eval.french import quote
from qgdr_eval.instruments import find_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import load_campaign
from qgdr_eval.responses.campaign import PUBLICATIONS, Campaign
from qgdr_eval.tables.file import TableFile

TABLES = ("responses", "services", "reference")  # keys that may name a table


def campaign_sources(path: Path) -> dict[str, Path]:
    """The files a campaign is read from, by what each is, whether they are there or not.

    ``campaign``, ``instrument``, ``responses``, ``services``, ``reference``, ``evaluation``,
    ``plan``, and ``publications``, the register of what was printed of it; then those
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


def is_campaign_file(campaign: Path) -> bool:
    """Whether a path is a campaign's file: stored results and demonstrations are named too.

    >>> is_campaign_file(Path("demo"))
    False
    """
    return campaign.is_file() and campaign.suffix != ".sqlite"


def plan_file(campaign: Path) -> Path | None:
    """The plan of actions of a campaign: the one it names, else that of a programme naming it.

    ``campaign``: its file; stored results, or a demonstration, name no plan.

    Raises:
        Refused: the campaign cannot be read. A programme that cannot is left out.
    """
    if not is_campaign_file(campaign):
        return None
    if plan := load_campaign(campaign).plan:
        return campaign.parent / plan
    for path in _programmes_around(campaign):
        with suppress(Refused):
            programme = load_programme(path)
            named = [path.parent / name for name in programme.campaigns]
            if programme.plan and any(_is_same(campaign, one) for one in named):
                return path.parent / programme.plan
    return None


def refuse_overwriting(campaign: Path, out: Path, *, replace: bool = False) -> None:
    """Refuse an output that would replace a file the campaign is read from, or any other file.

    The files of every programme in the folder of the campaign, or above it, are never replaced
    either; nothing is written beside a register of publications. ``replace``: any other file may
    be.

    Raises:
        Refused: as said, or as `campaign_sources` does.
    """
    refuse_register(out, [campaign])
    cure = "choisissez un autre nom"
    if any(_is_same(out, source) for source in campaign_sources(campaign).values()):
        what = "ce fichier sert à la campagne : l'écrire le remplacerait"
        raise Refused([Problem(str(out), None, "", what, cure)])
    for programme in _programmes_around(campaign):
        if any(_is_same(out, source) for source in _read_by_programme(programme)):
            what = f"ce fichier sert au programme {quote(programme.name)}, qui le lit"
            raise Refused([Problem(str(out), None, "", what, cure)])
    if os.path.lexists(out) and not replace:
        cure = f"{cure}, ou {quote('--replace')} pour le remplacer"
        raise Refused([Problem(str(out), None, "", "ce fichier existe déjà", cure)])


def refuse_register(out: Path, campaigns: Iterable[Path]) -> None:
    """Refuse to write in a register of publications, or in a folder that holds one.

    What is written is handed out; a register, its secret and the campaign beside it are not.
    ``campaigns``: files of campaigns, whose registers may still have to be made.

    Raises:
        Refused: ``out`` is one, is inside one or, being a folder, has one directly in it.
    """
    there, own = out.resolve(), {campaign.resolve().parent / PUBLICATIONS for campaign in campaigns}
    beside = [there / PUBLICATIONS] if there.is_dir() else []
    for folder in (there, *there.parents, *beside):
        if folder in own or _is_register(folder):
            what = f"le registre des publications se trouve ici : {folder}"
            cure = "choisissez un autre dossier : ce registre et sa clé ne se remettent à personne"
            raise Refused([Problem(str(out), None, "", what, cure)])


def _is_register(folder: Path) -> bool:
    """Whether a folder holds the registers, or the secrets, of campaigns."""
    ends = ("*.cle", "*.jsonl") if folder.name == PUBLICATIONS else ()
    return any(found for end in ends for found in folder.glob(end))


def _programmes_around(campaign: Path) -> Iterator[Path]:
    """The programmes that stand in the folder of a campaign, or above it."""
    for folder in campaign.resolve().parents:
        with suppress(OSError):
            yield from sorted(folder.glob("programme*.yml"))


def _read_by_programme(path: Path) -> Iterator[Path]:
    """The files a programme is read from, those of its campaigns too; what is broken is left out.

    Somebody at work on a programme has not lost what it names.
    """
    yield path
    with suppress(Refused):
        named = read_document(path).values
        beside = [named.get(key) for key in BESIDE]
        yield from (path.parent / name for name in beside if isinstance(name, str))
        for name in named.get("campaigns") or ():
            if isinstance(name, str):
                yield from _sources_of_named(path.parent / name, set()).values()


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
    asked = getattr(campaign.reference, "instrument", None)
    if asked:
        files["reference:instrument"] = find_instrument(asked, path.parent)
    if campaign.evaluation:
        files["evaluation"] = path.parent / campaign.evaluation
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
    yield from filter(None, (campaign.second_reader, campaign.team))


def _prefixed(name: str, files: dict[str, Path]) -> dict[str, Path]:
    return {f"{name}:{key}": path for key, path in files.items()}
