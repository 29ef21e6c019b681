"""The pages around the form: who asks, what was refused, what was sent."""

from markupsafe import Markup
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from qgdr_eval.asking.form.lay import Filled, lay_form, render
from qgdr_eval.asking.receiving.first import lay_first
from qgdr_eval.asking.receiving.reception import Reception, Wrong
from qgdr_eval.french import set_type, typography

SENT = "Vos réponses sont enregistrées et scellées. Merci."
NOTHING = "Rien n'a été envoyé depuis cette fenêtre."


def first_page(
    reception: Reception, told: str = "", typed: str = "", status: int = 200
) -> Response:
    """Who asks, why, on what ground; where the code of a card is typed, or a service chosen."""
    asked = reception.asked
    body = lay_first("serve/first", asked, reception.inquiry, told=told, typed=typed)
    return _page(asked.campaign.title, body, status, script="entry.js")


def form_page(reception: Reception, filled: Filled) -> Response:
    """The form, with what was answered so far."""
    asked = reception.asked
    form = lay_form(asked.instrument, reception.host, reception.closing, filled)
    body = set_type(render("serve/form", access=reception.inquiry.access)) + form
    return _page(asked.campaign.title, body, language=asked.instrument.language, script="served.js")


def said_page(title: str, words: str, status: int = 200, link: str = "/") -> Response:
    """A page that says one thing, and leads somewhere."""
    body = render("serve/said", title=title, words=words, link=link)
    return _page(title, set_type(body), status)


def refusal(scope: Scope, wrong: Wrong) -> Response:
    """A refusal in words: JSON for a script, a page for a person."""
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").startswith(b"application/json"):
        return JSONResponse({"told": typography(wrong.words)}, wrong.status)
    return said_page("Ce n'est pas possible", wrong.words, wrong.status)


def _page(
    title: str, body: str, status: int = 200, *, language: str = "fr", script: str = ""
) -> HTMLResponse:
    page = render(
        "serve/page",
        title=typography(title),
        language=language,
        body=Markup(body),
        script=script,
    )
    return HTMLResponse(page, status)
