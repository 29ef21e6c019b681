"""The application: what each address does."""

import asyncio
import json
import os
import secrets
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from qgdr_eval.asking.form.lay import Filled, read
from qgdr_eval.asking.receiving.attempts import Attempts
from qgdr_eval.asking.receiving.reception import (
    ALREADY,
    CHOOSE,
    SLOWLY,
    UNKNOWN,
    UNREADABLE,
    Changes,
    Reception,
    Visit,
    Wrong,
    apart,
)
from qgdr_eval.asking.receiving.writer import FULL, LOCKED, NotKept
from qgdr_eval.asking.sealing.cards import Card, card_of, read_code
from qgdr_eval.asking.sealing.drafts import open_draft
from qgdr_eval.asking.serve.pages import (
    NOTHING,
    SENT,
    first_page,
    form_page,
    refusal,
    said_page,
)
from qgdr_eval.asking.serve.wall import FAULT, Tell, Wall
from qgdr_eval.problems import Refused

T = TypeVar("T")
COOKIE, DONE = "carte", "envoi"
FILES = {
    "form.css": ("form/form.css", "text/css"),
    "served.css": ("serve/served.css", "text/css"),
    "form.js": ("form/form.js", "text/javascript"),
    "entry.js": ("serve/entry.js", "text/javascript"),
    "served.js": ("serve/served.js", "text/javascript"),
    "icon.svg": ("serve/icon.svg", "image/svg+xml"),
}
ENTER_FIRST = (
    "Donnez d'abord le code de votre carte. Si vous venez de le faire, ce navigateur refuse les "
    "cookies de cette page : acceptez-les, ou prenez-en un autre."
)
ELSEWHERE = (
    "Ce questionnaire a été envoyé ou arrêté dans un autre onglet : ce que vous venez de faire n'a "
    "PAS été enregistré. Pour vérifier ou reprendre, redonnez le code de votre carte."
)
NOT_KEPT = {
    FULL: "Le disque du serveur est plein",
    LOCKED: "Le serveur est occupé",
}
RESUME = (
    "Pour reprendre, ici ou sur un autre appareil : cette même adresse, puis le code de votre "
    "carte. Vous retrouverez vos réponses, et la première question qui n'en a pas."
)
CLEARED, STOPPED = "L'écran a été effacé", "À plus tard"
PAUSED = {
    "gardees": (CLEARED, "Cinq minutes sans réponse : l'écran a été effacé. Vos réponses sont "
                "gardées, le code de votre carte les rouvre."),
    "effacees": (CLEARED, "Cinq minutes sans réponse : l'écran a été effacé. Ce qui n'avait pas "
                 "été envoyé, ou pas enregistré, n'est plus là."),
    "arret": (STOPPED, f"Vos réponses sont gardées, rien n'est envoyé. {RESUME}"),
    "manque": (STOPPED, "Votre dernière réponse n'a PAS été enregistrée ; celles d'avant sont "
               f"gardées, rien n'est envoyé. {RESUME}"),
    "boutons": (STOPPED, "Ce qui était enregistré est gardé, rien n'est envoyé. Ce que vous avez "
                f"coché depuis le dernier bouton pressé ne l'est pas. {RESUME}"),
    "fin": ("C'est effacé", "Rien n'est envoyé, rien n'est gardé de ce que vous aviez répondu."),
}  # fmt: skip
"""Why the form is not on the screen any more, by what its address says: a title, and words."""


def application(reception: Reception, tell: Tell) -> ASGIApp:
    """The pages of a campaign, behind their wall. ``tell``: says a line to who runs the server."""
    app = Starlette(
        routes=[
            Route("/", first),
            Route("/entrer", enter, methods=["POST"]),
            Route("/questionnaire", questionnaire),
            Route("/garder", keep, methods=["POST"]),
            Route("/envoyer", send, methods=["POST"]),
            Route("/merci", thanks),
            Route("/pause", paused),
            Route("/quitter", leave, methods=["POST"]),
            Route("/{name}", file),
        ],
        exception_handlers={
            HTTPException: _missing,
            NotKept: _not_kept,
            Wrong: _wrong,
            Exception: _fault,
        },
    )
    app.state.reception = reception
    app.state.attempts = Attempts()
    app.state.tell, app.state.said = tell, None
    # What a code gives takes 10 ms each: many at once leave half of the cores to answers.
    app.state.counting = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 2), "codes")
    return Wall(app, tell)


async def first(request: Request) -> Response:
    """Who asks, and where a code is typed. Nothing begins by looking."""
    return first_page(_reception(request))


async def enter(request: Request) -> Response:
    """A code is typed, or a service chosen."""
    reception = _reception(request)
    reception.refuse_closed()
    given = await _form(request)
    if reception.inquiry.access == "open":
        return _enter_open(reception, given.get("place", ""))
    typed = given.get("code", "")[:40]
    try:
        code = read_code(typed)
    except Refused as refused:
        problem = refused.problems[0]
        words = f"{problem.what[0].upper()}{problem.what[1:]} : {problem.cure}."
        return first_page(reception, words, typed, 422)
    pool = request.app.state.counting
    card = await asyncio.get_running_loop().run_in_executor(pool, card_of, code, reception.salt)
    if reception.admit(card) is None:
        slow = request.app.state.attempts.too_many()
        return first_page(reception, SLOWLY if slow else UNKNOWN, typed, 429 if slow else 403)
    return _admitted(card.root.hex(), reception)


def _enter_open(reception: Reception, place: str) -> Response:
    """Without cards, what stands for one is drawn at once and known to this window alone."""
    if not (place.isascii() and place.isdigit() and int(place) < len(reception.inquiry.units)):
        return first_page(reception, CHOOSE, "", 422)
    return _admitted(f"{secrets.token_hex(32)}.{int(place)}", reception)


def _admitted(value: str, reception: Reception) -> Response:
    response = RedirectResponse("/questionnaire", 303)
    _set(response, COOKIE, value, reception)
    return response


async def questionnaire(request: Request) -> Response:
    """The form, with what this card answered so far."""
    reception, visit = _reception(request), _visit(request)
    used, box = await _done(reception.store.look(visit.card.mark, visit.card.draft))
    if used:
        return _unset(said_page("Déjà enregistré", ALREADY), COOKIE, reception)
    answers = open_draft(box, visit.card)
    return form_page(
        reception, Filled(answers or {}, told="" if answers is not None else UNREADABLE)
    )


async def keep(request: Request) -> Response:
    """Some answers, kept before this says so."""
    reception, visit = _reception(request), _visit(request)
    reception.refuse_closed()
    await _keep(reception, visit, reception.changes(await _json(request)))
    return Response(status_code=204)


async def send(request: Request) -> Response:
    """Everything, to be sealed; without script, also an answer taken back, or blanks to look at."""
    reception, visit = _reception(request), _visit(request)
    reception.refuse_closed()
    if _is_json(request):
        return await _seal(reception, visit, await _json(request), script=True)
    given = await _form(request)
    pressed, taken_back = given.pop("envoyer", ""), given.pop("retirer", None)
    changes, comment = apart(given)
    checked = {name: value for name, value in changes.items() if value != ""}
    if taken_back is not None:
        checked[taken_back] = ""
    words = reception.comment(comment)
    answers = await _keep(reception, visit, reception.changes(checked))
    total = len(reception.offered) + bool(reception.closing.classes)
    if taken_back is not None:
        return form_page(reception, Filled(answers, words))
    if pressed != "quand-meme" and len(answers) < total:
        return form_page(reception, Filled(answers, words, listed=True))
    return await _seal(reception, visit, given, script=False)


async def _seal(
    reception: Reception, visit: Visit, given: dict[str, Any], *, script: bool
) -> Response:
    """Seal a return. What another window answered meanwhile is in the draft, and counts."""
    answers, comment = apart(given)
    changes = reception.changes({name: value for name, value in answers.items() if value != ""})
    words = reception.comment(comment)
    new = await _done(
        reception.store.keep_return(
            visit.card.mark,
            visit.card.draft,
            lambda box: reception.seal(visit, box, changes, words),
        )
    )
    response = JSONResponse({}) if script else RedirectResponse("/merci", 303)
    _set(response, DONE, "nouveau" if new else "deja", reception)
    return _unset(response, COOKIE, reception)


async def thanks(request: Request) -> Response:
    """What was sent is kept: said only to the window that sent it, and once."""
    done = request.cookies.get(DONE)
    words = {"nouveau": SENT, "deja": ALREADY}.get(done or "", NOTHING)
    title = {"nouveau": "C'est fini", "deja": "Déjà enregistré"}.get(done or "", "Rien à dire")
    response = said_page(title, words)
    return _unset(response, DONE, _reception(request))


async def paused(request: Request) -> Response:
    """Why the form is not there any more, what is kept of it, and how to resume."""
    return said_page(*PAUSED.get(request.url.query, PAUSED["effacees"]))


async def leave(request: Request) -> Response:
    """Leave this window to somebody else; without cards nothing could be resumed: it is erased."""
    reception = _reception(request)
    try:
        visit = _visit(request)
    except Wrong:
        visit = None
    cards = reception.inquiry.access == "cards"
    if visit and not cards:
        await _done(reception.store.forget(visit.card.draft))
    said = RedirectResponse(f"/pause?{'boutons' if cards else 'fin'}", 303)
    left = Response(status_code=204) if _is_json(request) else said
    return _unset(left, COOKIE, reception)


async def file(request: Request) -> Response:
    """The style and the script of the pages."""
    found = FILES.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return Response(read(found[0]), media_type=found[1])


async def _keep(reception: Reception, visit: Visit, changes: Changes) -> Any:
    """Change the draft; gives all that it holds.

    Raises:
        Wrong: the card was used.
        NotKept: nothing of it was.
    """
    card = visit.card
    box = await _done(
        reception.store.keep(
            card.mark, card.draft, lambda box: reception.redraft(box, card, changes)
        )
    )
    if box is None:
        raise Wrong(409, ALREADY)
    return open_draft(box, card)


def _reception(request: Request) -> Reception:
    reception: Reception = request.app.state.reception
    return reception


def _visit(request: Request) -> Visit:
    """Who answers, by what the window keeps.

    Raises:
        Wrong: nobody, or somebody that no card of this campaign admits.
    """
    reception = _reception(request)
    root, _, place = request.cookies.get(COOKIE, "").partition(".")
    units = reception.inquiry.units
    visit = None
    if len(root) == 64 and set(root) <= set("0123456789abcdef"):
        card = Card(bytes.fromhex(root))
        if reception.inquiry.access == "cards":
            visit = reception.admit(card)
        elif place in map(str, range(len(units))):
            visit = Visit(card, units[int(place)])
    if visit is None:
        raise Wrong(403, ELSEWHERE if _is_json(request) else ENTER_FIRST)
    return visit


async def _done(future: "Future[T]") -> T:
    """What the store answers, once the disk has it."""
    return await asyncio.wrap_future(future)


def _set(response: Response, name: str, value: str, reception: Reception) -> None:
    """A cookie that lives as long as the window."""
    secure = reception.secure
    response.set_cookie(name, value, httponly=True, samesite="strict", secure=secure)


def _unset(response: Response, name: str, reception: Reception) -> Response:
    """Forget a cookie, without the date that `delete_cookie` would write."""
    secure = reception.secure
    response.set_cookie(name, "", max_age=0, httponly=True, samesite="strict", secure=secure)
    return response


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form sent without script.

    Raises:
        Wrong: it cannot be read.
    """
    try:
        text = (await request.body()).decode()
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=2000)
    except ValueError:
        raise Wrong(400, "Ce qui est envoyé ne peut pas être lu.") from None
    return dict(pairs)


async def _json(request: Request) -> dict[str, Any]:
    """What a script of ours sends: values by name.

    Raises:
        Wrong: it cannot be read.
    """
    try:
        given = json.loads((await request.body()).decode())
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Wrong(400, "Ce qui est envoyé ne peut pas être lu.")
    return given


async def _wrong(request: Request, error: Exception) -> Response:
    return refusal(request.scope, error if isinstance(error, Wrong) else Wrong(500, FAULT))


async def _fault(request: Request, error: Exception) -> Response:
    """What is answered of an error; the wall tells its kind, and nobody its text."""
    return refusal(request.scope, Wrong(500, FAULT))


async def _missing(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return refusal(request.scope, Wrong(status, "Cette page n'existe pas."))


async def _not_kept(request: Request, error: Exception) -> Response:
    why = NOT_KEPT.get(str(error), "Le recueil ne répond pas")
    outage = why, _reception(request).store.commits
    if request.app.state.said != outage:  # once, until something is kept again
        request.app.state.said = outage
        request.app.state.tell(f"{why} : des réponses ne sont pas enregistrées.")
    words = f"{why} : ce que vous venez de faire n'a PAS été enregistré. Recommencez."
    return refusal(request.scope, Wrong(503, words))
