"""The workshop on the room's own network: pages, votes, and nothing kept of who asks.

The only file of the room that knows a web server. No access log, no address, no cookie that tells
two devices apart: the one there is says « has voted in this round », the same for everybody.
"""

import contextlib
import errno
import io
import os
import secrets
import signal
import socket
from dataclasses import dataclass
from urllib.parse import parse_qs

import segno
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from qgdr_eval.french import set_type, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.workshop.acts import act, refuse_late
from qgdr_eval.workshop.journal import Journal
from qgdr_eval.workshop.screens import Screen, lay_screen, read, render
from qgdr_eval.workshop.session import VOTING, NotNow, Voted

LONGEST = 64_000  # bytes of a form: three texts of 2,000 characters, encoded
ROOM = 200  # devices that may knock at once
TOKEN = 12  # bytes of a ballot's token
LEAVING = 5  # seconds to finish what was begun: a silent browser does not hold the end up
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
VOTED = "vote"  # the cookie: the version of the round this device voted in


NOT_HERE = (
    "Page introuvable",
    "Cette adresse n'est pas celle d'un atelier en cours. Relisez le code QR.",
)
BROKEN = (
    "Une panne",
    "Quelque chose d'imprévu l'a empêché : rien n'a changé. Revenez à la page d'avant.",
)
ELSEWHERE = ("Demande refusée", "Elle ne vient pas d'une page de cet atelier : rien n'a changé.")
UNKNOWN = ("Adresse inconnue", "Cet ordinateur ne répond pas sous ce nom. Relisez le code QR.")


class NotTaken(Exception):
    """A request that is refused; its text says why in French."""


@dataclass(frozen=True)
class Workshop:
    """A workshop being served. ``key``: the facilitator's address; ``hosts``: how it is reached."""

    journal: Journal
    key: str
    hosts: tuple[str, ...]

    @property
    def room(self) -> str:
        """The address the room reads."""
        return f"http://{self.hosts[0]}/{self.journal.kept.room}/"

    @property
    def shown(self) -> str:
        """That address, "" when no other device can reach it."""
        return "" if self.hosts[0].startswith("127.") else self.room


def application(workshop: Workshop) -> Starlette:
    """The pages of a workshop."""
    room, key = f"/{workshop.journal.kept.room}/", f"/{workshop.key}/"
    routes = [
        Route("/atelier.css", _file("atelier.css", "text/css")),
        Route("/atelier.js", _file("atelier.js", "text/javascript")),
        *(Route(f"{base}nouveau", _News(workshop)) for base in _bases(room, key)),
        *(Route(f"{base}qr.svg", _qr(workshop)) for base in (f"{room}mur/", key)),
        Route(room, _Page(workshop, "room", room)),
        Route(f"{room}mur/", _Page(workshop, "wall", f"{room}mur/")),
        Route(f"{room}tour/", _Page(workshop, "passed", f"{room}tour/")),
        Route(key, _Page(workshop, "facilitator", key)),
        Route(f"{room}vote", _Vote(workshop, room), methods=["POST"]),
        Route(f"{room}tour/vote", _Vote(workshop, f"{room}tour/"), methods=["POST"]),
        Route(f"{key}faire", _Act(workshop, key), methods=["POST"]),
    ]
    said = {404: _said(404, *NOT_HERE), 405: _said(405, *NOT_HERE), 500: _said(500, *BROKEN)}
    wall = Middleware(_Wall, hosts=workshop.hosts)
    return Starlette(routes=routes, middleware=[wall], exception_handlers=said)


def listen(address: str, port: int) -> socket.socket:
    """Take a port, before anything is said of it.

    Raises:
        Refused: another program has it, or this machine does not allow it.
    """
    # The protocol is named: asyncio sends at once on such a socket alone, others wait 40 ms.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two programs take the same port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(ROOM)
    except OSError as error:
        listening.close()
        raise _refused_port(port, error) from None
    return listening


def _refused_port(port: int, error: OSError) -> Refused:
    taken = error.errno == errno.EADDRINUSE
    what = "cette adresse ne peut pas être servie sur cet ordinateur"
    what = "un autre atelier, ou un autre programme, s'en sert" if taken else what
    cure = "arrêtez-le, ou donnez un autre numéro, par « --port »"
    return Refused([Problem(f"port {port}", None, "", typography(what), typography(cure))])


def serve(workshop: Workshop, listening: socket.socket) -> None:
    """Serve until stopped. No access log, at any level."""
    config = uvicorn.Config(
        application(workshop),
        access_log=False,
        log_level="critical",
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=LEAVING,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ways of stopping end alike
    with contextlib.suppress(KeyboardInterrupt):  # raised again once everything is closed
        uvicorn.Server(config).run(sockets=[listening])


def room_address() -> str:
    """This machine's address on the room's network; nothing is sent to learn it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address of documentation: only the route is asked
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _bases(room: str, key: str) -> tuple[str, ...]:
    return room, f"{room}mur/", f"{room}tour/", key


def _page(status: int, title: str, text: str) -> Response:
    """A page that says one thing."""
    return _answer(set_type(render("said", title=title, text=text)), status=status)


def _said(status: int, title: str, text: str):  # type: ignore[no-untyped-def]
    async def answer(request: Request, error: Exception) -> Response:
        return _page(status, title, text)

    return answer


def _answer(content: str, kind: str = "text/html", status: int = 200) -> Response:
    return Response(content, status, HEADERS, kind)


class _Wall:
    """What stands before every answer: this machine's names in the room, and no other site."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host")
        app = self.app
        if host not in self.hosts:
            app = _page(421, *UNKNOWN)
        elif _is_foreign(headers, f"http://{host}"):
            app = _page(403, *ELSEWHERE)
        await app(scope, receive, send)


def _is_foreign(headers: Headers, here: str) -> bool:
    """Whether another site had a browser ask; a link that somebody followed is not that."""
    if headers.get("origin", here) != here:
        return True
    fetched = headers.get("sec-fetch-site", "none")
    return fetched not in ("none", "same-origin") and headers.get("sec-fetch-mode") != "navigate"


class _Screen:
    """What all answers share: the page as it stands, and refusals in words."""

    def __init__(self, workshop: Workshop, role: str, base: str) -> None:
        self.workshop, self.role, self.base = workshop, role, base

    def refused(self, request: Request, text: str) -> Response:
        """The page again, with why; who was about to vote still may."""
        page = self.screen(told=text, ballot=self.ballot(request, self.role == "passed"))
        return _answer(lay_screen(page), status=409)

    def screen(self, **more: str) -> Screen:
        """The page as it stands."""
        kept = self.workshop.journal.kept
        return Screen(kept, self.role, self.base, self.workshop.shown, **more)

    def ballot(self, request: Request, taken: bool) -> str:
        """A fresh token for who may vote, else "". ``taken``: the device passed round was taken."""
        session = self.workshop.journal.session
        state = session.states.get(session.current)
        if state is None or state.step not in VOTING:
            return ""
        voted = request.cookies.get(VOTED) == str(session.version)
        may = {"room": not voted, "passed": taken}.get(self.role, False)
        return secrets.token_urlsafe(TOKEN) if may else ""


class _Page(_Screen):
    """A page of the room, its wall, a device passed round, or the facilitator."""

    async def __call__(self, scope, receive, send):  # type: ignore[no-untyped-def]
        request = Request(scope, receive)
        ballot = self.ballot(request, "suivante" in request.query_params)
        await _answer(lay_screen(self.screen(ballot=ballot)))(scope, receive, send)


class _News(_Screen):
    """Whether there is anything new: the step, and how many have voted."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop, "room", "")

    async def __call__(self, scope, receive, send):  # type: ignore[no-untyped-def]
        screen = self.screen()
        news = {"version": screen.kept.session.version, "voted": screen.voted}
        await JSONResponse(news, headers=HEADERS)(scope, receive, send)


class _Write(_Screen):
    """A form that is sent: its origin is checked, its size bounded, its refusals said."""

    async def __call__(self, scope, receive, send):  # type: ignore[no-untyped-def]
        request = Request(scope, receive)
        try:
            given = await self._form(request)
            answer = self.taken(request, given)
        except (NotTaken, NotNow) as refusal:
            answer = self.refused(request, str(refusal))
        except (ValueError, KeyError):
            answer = self.refused(request, "Cet envoi n'est pas lisible : rien n'a changé.")
        except Refused as refusal:
            told = " ".join(f"{one.what} : {one.cure}." for one in refusal.problems)
            answer = self.refused(request, f"Rien n'a été enregistré : {told}")
        await answer(scope, receive, send)

    def taken(self, request: Request, given: dict[str, str]) -> Response:
        """Do what is asked."""
        raise NotImplementedError

    async def _form(self, request: Request) -> dict[str, str]:
        if "origin" not in request.headers:  # another one is refused before it comes here
            raise NotTaken("Cet envoi ne vient pas de cette page : rien n'a changé.")
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LONGEST:
                raise NotTaken("Cet envoi est trop long : rien n'a changé.")
        pairs = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100)
        given = {name: values[-1] for name, values in pairs.items()}
        refuse_late(self.workshop.journal, given)
        return given

    def back(self) -> RedirectResponse:
        """To the page, which a reload does not send again."""
        return RedirectResponse(self.base, 303, HEADERS)


class _Vote(_Write):
    """A ballot; it is on disk before it is acknowledged."""

    def __init__(self, workshop: Workshop, base: str) -> None:
        super().__init__(workshop, "passed" if base.endswith("tour/") else "room", base)

    def taken(self, request: Request, given: dict[str, str]) -> Response:
        """Take a ballot; a device of the room that has voted is sent back."""
        session = self.workshop.journal.session
        if self.role == "room" and request.cookies.get(VOTED) == given["version"]:
            return self.back()
        state = session.states.get(given["item"])
        turn = VOTING.get(state.step, -1) if state else -1
        token = given["token"]
        if not 10 <= len(token) <= 32:
            raise NotTaken("Ce bulletin n'est pas de cet atelier : rien n'a changé.")
        self.workshop.journal.take(Voted(given["item"], turn, token, int(given["code"])))
        answer = self.back()
        if self.role == "room":
            answer.set_cookie(VOTED, given["version"], httponly=True, samesite="strict",
                              path=self.base)  # fmt: skip
        return answer


class _Act(_Write):
    """What the facilitator does."""

    def __init__(self, workshop: Workshop, base: str) -> None:
        super().__init__(workshop, "facilitator", base)

    def taken(self, request: Request, given: dict[str, str]) -> Response:
        """Do what the facilitator asks."""
        act(self.workshop.journal, given)
        return self.back()


def _file(name: str, kind: str):  # type: ignore[no-untyped-def]
    async def answer(request: Request) -> Response:
        return _answer(read(name), kind)

    return answer


def _qr(workshop: Workshop):  # type: ignore[no-untyped-def]
    drawn = io.BytesIO()
    segno.make(workshop.room, error="m").save(drawn, kind="svg", scale=4, border=4)

    async def answer(request: Request) -> Response:
        return _answer(drawn.getvalue().decode(), "image/svg+xml")

    return answer
