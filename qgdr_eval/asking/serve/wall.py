"""What stands between the network and the pages: headers, origin, size, and silence."""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qgdr_eval.asking.receiving.reception import Wrong
from qgdr_eval.asking.serve.pages import refusal

LARGEST = 64 * 1024  # bytes of a request: a form of 100 questions and a comment take some 12,000
DRAINED = 16 * 1024 * 1024  # bytes read and dropped, so that who sends them reads why
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; img-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # « no-referrer » would have a form send « Origin: null »; nothing is told to anybody else.
    "Referrer-Policy": "same-origin",
}
FAR = "Cette page ne vient pas d'ici : rien n'a été enregistré."
LONG = "Ce qui est envoyé est trop long : rien n'a été enregistré."
FAULT = "Une erreur est survenue : ce que vous venez de faire n'a pas été enregistré. Recommencez."

Tell = Callable[[str], None]
"""Says one line to who runs the server."""


class Wall:
    """An application behind the wall. ``tell``: hears the kind of an error, and nothing else."""

    def __init__(self, app: ASGIApp, tell: Tell) -> None:
        self._app, self._tell = app, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; no error goes further, since it would be written down."""
        if scope["type"] != "http":
            return
        guarded = _Guarded(send)
        try:
            body = await _read(scope, receive)
            _refuse_foreign(scope)
            await self._app(scope, _replay(body, receive), guarded.send)
        except Wrong as wrong:
            await guarded.answer(refusal(scope, wrong), scope, receive)
        except ConnectionError:
            return
        except Exception as error:
            self._tell(f"Erreur imprévue : {type(error).__name__}")
            await guarded.answer(refusal(scope, Wrong(500, FAULT)), scope, receive)


class _Guarded:
    """Sends an answer with our headers, once."""

    def __init__(self, send: Send) -> None:
        self._send, self._begun = send, False

    async def send(self, message: Message) -> None:
        """Send a message, with our headers on the first."""
        if message["type"] == "http.response.start":
            self._begun = True
            ours = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*message.get("headers", []), *ours]}
        await self._send(message)

    async def answer(self, response: ASGIApp, scope: Scope, receive: Receive) -> None:
        """Send a response, unless another one has begun."""
        if not self._begun:
            await response(scope, receive, self.send)


async def _read(scope: Scope, receive: Receive) -> bytes:
    """The body of a request.

    Raises:
        Wrong: it is too long.
        ConnectionError: whoever sends it went away.
    """
    body, length = b"", 0
    while length < DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        length += len(message.get("body", b""))
        body += message.get("body", b"") if length <= LARGEST else b""
        if not message.get("more_body"):
            break
    if length > LARGEST:
        raise Wrong(413, LONG)
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read already, then what comes."""
    waiting = [body]

    async def again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return again


def _refuse_foreign(scope: Scope) -> None:
    """Refuse a write that another site had a browser make.

    Raises:
        Wrong: its origin is not this server, or is not told.
    """
    if scope["method"] in ("GET", "HEAD"):
        return
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    fetched, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if fetched not in (None, "same-origin"):
        raise Wrong(403, FAR)
    if origin is not None and not _is_here(origin, scope, headers):
        raise Wrong(403, FAR)
    if fetched is None and origin is None:
        raise Wrong(403, FAR)


def _is_here(origin: str, scope: Scope, headers: dict[str, str]) -> bool:
    """Whether an origin is this server, as the browser calls it."""
    parts = urlsplit(origin)
    return (parts.scheme, parts.netloc) == (scope["scheme"], headers.get("host"))
