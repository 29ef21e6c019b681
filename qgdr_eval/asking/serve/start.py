"""Starting: what must not be is refused first; then one process serves until it is stopped."""

import asyncio
import contextlib
import datetime
import ipaddress
import logging
import signal
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from qgdr_eval.asking.asked.inquiry import inquiry_path, note_database, store_path
from qgdr_eval.asking.preparing.sheets import CARDS
from qgdr_eval.asking.receiving.copying import copy_store
from qgdr_eval.asking.receiving.participation import (
    is_due,
    participation_of,
    participation_path,
    write_participation,
)
from qgdr_eval.asking.receiving.reception import Reception, receivable, receiving_store
from qgdr_eval.asking.receiving.store import Store
from qgdr_eval.asking.serve.app import application
from qgdr_eval.asking.serve.wall import Tell
from qgdr_eval.french import quote, typography
from qgdr_eval.problems import Problem, Refused

THINKING = 75  # seconds a browser keeps its line while somebody reads a question
LEAVING = 5  # seconds to finish what was begun: a silent browser does not hold the end up
EACH = 10  # seconds between two looks at what is to be copied or counted
CLEAR = (
    "Attention : ce réseau n'est pas chiffré. Qui s'y trouve peut lire les codes et les réponses "
    "au passage, et savoir quel appareil répond. À réserver à un réseau à "
    "vous, le temps d'une réunion"
)


@dataclass(frozen=True)
class Settings:
    """How a campaign is served. ``store``: a URL of PostgreSQL, "" for a file beside it."""

    host: str = "127.0.0.1"
    port: int = 8765
    certificate: Path | None = None
    certificate_key: Path | None = None
    clear_network: bool = False
    store: str = ""
    copy: Path | None = None
    counted_at: datetime.time = datetime.time(12)

    @property
    def local(self) -> bool:
        """Whether this computer alone is served."""
        if self.host == "localhost":
            return True
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return False


def serve(reception: Reception, settings: Settings, tell: Tell) -> None:
    """Serve the form of a campaign until it is stopped. ``tell``: says a line to who runs it.

    ``reception``: as `open_reception` gives it; its store is closed at the end.

    Raises:
        Refused: the address cannot be served.
    """
    try:
        for warning in warnings_of(reception.asked.path, settings):
            tell(warning)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped: copied, then closed
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_run(reception, settings, tell))
    finally:
        reception.store.close()


def open_reception(path: Path, settings: Settings) -> Reception:
    """What is served, once everything that must not be is refused.

    Raises:
        Refused: no preparation, answers already opened, the key beside what it opens, a network
            that is not encrypted, a store that cannot be reached or is served from elsewhere.
        Unwritable: the disk does not take the store.
    """
    asked, live = receivable(path, [settings.copy] if settings.copy else [])
    _refuse_network(settings)
    store = receiving_store(path, asked.campaign.id, settings.store)
    try:
        store.reach(alone=True)
        if settings.store:
            note_database(path, asked.campaign.id)
    except BaseException:
        store.close()
        raise
    return Reception(asked, live, store, secure=settings.certificate is not None)


def warnings_of(path: Path, settings: Settings) -> Iterator[str]:
    """What should be known or done: cards still there, a network that anybody reads."""
    sheets = sorted(path.parent.rglob(f"{CARDS}-*.html"))
    if sheets:
        yield typography(
            f"{sheets[0]} : des cartes sont encore là, supprimez-les une fois imprimées"
        )
    if settings.clear_network and not settings.local and settings.certificate is None:
        yield typography(CLEAR)


def _refuse_network(settings: Settings) -> None:
    if (settings.certificate is None) != (settings.certificate_key is None):
        cure = "donnez --certificate et --certificate-key"
        raise _refusal("--certificate", "un certificat va avec sa clé", cure)
    _refuse_certificate(settings)
    if settings.copy and settings.store:
        cure = "copiez la base par les moyens de son serveur"
        raise _refusal("--copy", "seul un recueil SQLite se copie ainsi", cure)
    if settings.certificate or settings.local or settings.clear_network:
        return
    what = f"{quote(settings.host)} est ouvert à d'autres ordinateurs, et rien n'y serait chiffré"
    cure = (
        "donnez un certificat (--certificate, --certificate-key) ; ou, sur un réseau à vous, "
        "--clear-network : un voisin pourrait lire codes et réponses"
    )
    raise _refusal("--host", what, cure)


def _refuse_certificate(settings: Settings) -> None:
    """Try a certificate and its key together, before anything is served."""
    if settings.certificate is None or settings.certificate_key is None:
        return
    files = settings.certificate, settings.certificate_key
    try:
        # A key under a password would have the server ask for it, and wait for ever.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*files, password="")
    except (OSError, ValueError):  # an error of SSL is one of the system
        what = f"ce certificat ne peut pas servir avec {quote(settings.certificate_key.name)}"
        cure = "donnez deux fichiers PEM faits l'un pour l'autre, la clé sans mot de passe"
        raise _refusal(str(settings.certificate), what, cure) from None


async def _run(reception: Reception, settings: Settings, tell: Tell) -> None:
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
        logging.getLogger(name).disabled = True  # they write addresses and traces
    files = {"ssl_certfile": settings.certificate, "ssl_keyfile": settings.certificate_key}
    config = uvicorn.Config(
        application(reception, tell),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_keep_alive=THINKING,
        timeout_graceful_shutdown=LEAVING,
        **{name: str(path) for name, path in files.items() if path},  # type: ignore[arg-type]
    )
    async with _beside(reception, settings, tell):
        try:
            await uvicorn.Server(config).serve()
        except SystemExit:
            what = "cette adresse ne peut pas être servie, ou un autre programme s'en sert"
            where = f"{settings.host}:{settings.port}"
            raise _refusal(where, what, "donnez un autre --port") from None


@contextlib.asynccontextmanager
async def _beside(reception: Reception, settings: Settings, tell: Tell) -> AsyncIterator[None]:
    """Copy and count from time to time, and a last time at the end."""
    turn = _Turn(reception, settings, tell)
    task = asyncio.create_task(turn.again())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        turn.copy()


@dataclass
class _Turn:
    """What is done from time to time."""

    reception: Reception
    settings: Settings
    tell: Tell
    copied: int = -1

    async def again(self) -> None:
        """Look whether there is something to copy or to count, for as long as it serves."""
        while True:
            await asyncio.to_thread(self._look)
            await asyncio.sleep(EACH)

    def _look(self) -> None:
        self.copy()
        try:
            count_if_due(self.reception, self.settings.counted_at, datetime.datetime.now())
        except Exception as error:  # the form goes on without it
            self.tell(f"Participation non comptée : {type(error).__name__}")

    def copy(self) -> None:
        """Copy the sealed store when something came since the last copy; a failure is told."""
        folder, commits = self.settings.copy, self.reception.store.commits
        if folder is None or commits == self.copied:
            return
        asked = self.reception.asked
        try:
            copy_store(store_path(asked.path, asked.campaign.id), folder)
            self.copied = commits
        except Refused as refused:
            self.tell(f"La copie n'a pas été faite. {refused}")


def count_if_due(reception: Reception, moment: datetime.time, now: datetime.datetime) -> None:
    """Count participation once a day, from a moment on that was fixed beforehand."""
    asked = reception.asked
    path = participation_path(inquiry_path(asked.path, asked.campaign.id))
    if is_due(path, moment, now):
        day = now.date().isoformat()
        store: Store = reception.store
        write_participation(path, participation_of(reception.inquiry, store.used(), day))


def _refusal(where: str, what: str, cure: str) -> Refused:
    return Refused([Problem(where, None, "", typography(what), typography(cure))])
