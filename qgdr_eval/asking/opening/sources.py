"""Where the boxes of a campaign are kept: its store, its folder of dropped files, other folders."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from qgdr_eval.asking.asked.inquiry import (
    DROPPED,
    database_path,
    drafts_path,
    inquiry_path,
    load_inquiry,
    store_path,
)
from qgdr_eval.asking.asked.opened import is_closed, opened_path
from qgdr_eval.asking.preparing.sheets import CARDS
from qgdr_eval.asking.returning.boxes import Dropped, Source
from qgdr_eval.french import count, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import load_campaign


@contextmanager
def every_source(
    campaign: Path, folders: Iterable[Path] = (), url: str = ""
) -> Iterator[list[Source]]:
    """Every place where boxes of a campaign may be, the store of its server included.

    ``url``: of a PostgreSQL database, when the server keeps its boxes there; what a notebook
    received beside it, in a file, counts as well.

    Raises:
        Refused: as `sources_of`; the store cannot be read, or is a database and nobody says which.
    """
    dropped = sources_of(campaign, folders)
    id_ = load_campaign(campaign).id
    if not url:
        _refuse_unnamed(database_path(campaign, id_))
    file = store_path(campaign, id_)
    if not (url or file.exists()):
        yield dropped
        return
    from qgdr_eval.asking.receiving.store import (
        open_store,  # slow to import, and few campaigns have one
    )

    drafts = drafts_path(campaign, id_)
    with ExitStack() as opened:
        stores: list[Source] = []
        if url:
            stores.append(store := open_store(url, id_, drafts if drafts.exists() else None))
            opened.callback(store.close)
            store.reach()
        if file.exists():
            stores.append(store := open_store(file, id_))
            opened.callback(store.close)
        yield [*stores, *dropped]


def _refuse_unnamed(elsewhere: Path) -> None:
    """Opening closes: a database that was forgotten would keep its answers for ever."""
    if elsewhere.exists():
        what = "des réponses de cette campagne sont dans une base PostgreSQL"
        cure = (
            "donnez son adresse, par --store ; si personne n'y a répondu, effacez "
            f"{elsewhere.parent.name}/{elsewhere.name}"
        )
        raise Refused([Problem("--store", None, "", what, typography(cure))])


def sources_of(campaign: Path, folders: Iterable[Path] = ()) -> list[Source]:
    """The folders where sealed files of a campaign may be.

    Raises:
        Refused: nothing was prepared, or a folder named does not exist.
    """
    path = inquiry_path(campaign, load_campaign(campaign).id)
    inquiry = load_inquiry(path)
    named = list(folders)
    absent = [folder for folder in named if not folder.is_dir()]
    if absent:
        cure = "vérifiez son nom"
        raise Refused(
            [Problem(str(one), None, "", "ce dossier n'existe pas", cure) for one in absent]
        )
    return [Dropped(folder, inquiry) for folder in (path.parent / DROPPED, *named)]


def warnings_of(campaign: Path, sources: Iterable[Source]) -> Iterator[str]:
    """What should not lie there: sheets of cards, and files that are not of the campaign."""
    sheets = sorted(campaign.parent.rglob(f"{CARDS}-*.html"))
    if sheets:
        yield typography(f"{sheets[0]} : des cartes sont encore là, supprimez-les")
    for source in sources:
        if isinstance(source, Dropped) and (strangers := source.strangers()):
            files = count(len(strangers), "fichier")
            yield typography(
                f"{files} de {source.folder} sans la forme d'une réponse scellée de cette "
                f"campagne : {', '.join(strangers[:3])}"
            )


def refuse_sheets_begun(campaign: Path, sources: Iterable[Source]) -> None:
    """Refuse to open while sheets of paper are half typed: opening closes, and they would be lost.

    Raises:
        Refused: some are.
    """
    if begun := sum(_sheets_begun(campaign, source) for source in sources):
        what = f"feuilles de papier commencées et pas scellées : {begun} ; rien n'est ouvert"
        cure = (
            "le code de leur carte les rouvre dans le carnet 05_saisie ; ou ouvrez sans elles, par "
            "--last, qui efface aussi, sans les lire, les réponses d'un service sous le minimum"
        )
        raise Refused([Problem(campaign.name, None, "", typography(what), typography(cure))])


def _sheets_begun(campaign: Path, source: Source) -> int:
    """How many sheets of paper were begun in a store and wait, before the first opening."""
    if isinstance(source, Dropped):
        return 0
    from qgdr_eval.asking.receiving.store import Store

    path = inquiry_path(campaign, load_campaign(campaign).id)
    known = load_inquiry(path).access == "cards" and not is_closed(opened_path(path))
    return source.sheets_begun() if known and isinstance(source, Store) else 0
