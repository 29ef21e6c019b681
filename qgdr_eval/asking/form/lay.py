"""The form: an instrument as plain HTML, one small script and one style, the same everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup, escape

from qgdr_eval.asking.form.questions import minutes, sections_of
from qgdr_eval.french import count, set_type, typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses.asked import UNSAID
from qgdr_eval.templates import templates_of
from qgdr_eval.writing import written_whole

ROOM = Path(__file__).parents[1]


@dataclass(frozen=True)
class Host:
    """Where a form is answered, and what becomes of its answers.

    ``name``: read by the script; ``promise``: said above the questions, what is kept and by whom;
    ``action``: where a form without script is sent, "" when nothing receives it.

    >>> Host("trial", "Rien n'est enregistré.").action
    ''
    """

    name: str
    promise: str
    action: str = ""


TRIAL = Host(
    "trial",
    "Ceci est un essai du questionnaire. Rien de ce que vous cochez n'est enregistré ni envoyé ; "
    "tout disparaît quand vous fermez la page.",
)
"""A form to try: answerable, keeping nothing."""


PAPER = Host("paper", "")
"""A form to print; what it promises is printed too."""

RUNNING = """
@page {{
  @top-left {{ content: {title}; font: 7pt sans-serif; }}
  @bottom-right {{ content: "page " counter(page) " / " counter(pages); font: 7pt sans-serif; }}
}}
@page :first {{ @top-left {{ content: none; }} }}
"""


@dataclass(frozen=True)
class Closing:
    """What is asked last, after the questions of the instrument.

    ``prompt``: of the last question, and ``classes``: its answers, none when it is not asked;
    ``comments``: whether there is room to write.

    >>> Closing("Profession", ("Infirmiers", "Médecins")).comments
    False
    """

    prompt: str = ""
    classes: tuple[str, ...] = ()
    comments: bool = False


@dataclass(frozen=True)
class Filled:
    """A form as it is shown again to who began it.

    ``answers``: what is chosen, by the name of each question; ``comment``: what is written;
    ``listed``: whether what is left blank is listed first; ``told``: what is said at the end.

    >>> Filled({"Q1": 4}).listed
    False
    """

    answers: Mapping[str, int | str] = field(default_factory=dict)
    comment: str = ""
    listed: bool = False
    told: str = ""


NOTHING_MORE = Closing()
BLANK = Filled()
CLASS, COMMENT = "_classe", "_commentaire"  # no code of an item begins so


def lay_form(
    instrument: Instrument,
    host: Host = TRIAL,
    closing: Closing = NOTHING_MORE,
    filled: Filled = BLANK,
) -> str:
    """The form of an instrument: the piece of HTML that every host shows.

    Raises:
        Refused: the instrument holds short labels only: there is no wording to ask.

    >>> from qgdr_eval.instruments import load_instrument
    >>> asked = load_instrument("experience_usagers_facile")
    >>> form = lay_form(asked)
    >>> form.count("<fieldset") == len(asked.items)
    True
    """
    refuse_labels(instrument)
    form = render(
        "form/form",
        instrument=instrument,
        sections=sections_of(instrument),
        closing=closing,
        filled=filled,
        blanks=_blanks(instrument, closing, filled) if filled.listed else [],
        last={"class": CLASS, "comment": COMMENT, "unsaid": UNSAID},
        total=len(instrument.items) + bool(closing.classes),
        length=length_of(instrument),
        host=host,
    )
    # A comment is given back as it was written: typography is for our own words.
    return set_type(form).replace("</textarea>", f"{escape(filled.comment)}</textarea>")


def length_of(instrument: Instrument) -> str:
    """How long it takes to answer, as it is told to who is asked; no duration for a discussion.

    >>> from qgdr_eval.instruments import load_instrument
    >>> length_of(load_instrument("culture_securite")).replace("\u202f", " ").replace("\xa0", " ")
    '40 questions, environ 8 minutes'
    >>> length_of(load_instrument("shortell_binome")).replace("\u202f", " ").replace("\xa0", " ")
    '53 questions, à discuter ensemble'
    """
    items = count(len(instrument.items), "question")
    if instrument.of_a_group:
        return f"{items}, à discuter ensemble"
    return f"{items}, environ {count(minutes(instrument), 'minute')}"


def _blanks(instrument: Instrument, closing: Closing, filled: Filled) -> list[tuple[int, str]]:
    """Number and text of each question that has no answer."""
    asked = [(item.code, item.text) for item in instrument.items]
    asked += [(CLASS, closing.prompt)] if closing.classes else []
    return [
        (number, text)
        for number, (name, text) in enumerate(asked, start=1)
        if name not in filled.answers
    ]


def lay_page(instrument: Instrument, host: Host = TRIAL, closing: Closing = NOTHING_MORE) -> str:
    """A whole page with the form of an instrument, its style and its script inside.

    It fetches nothing: opened from a disk, it works as it is.

    >>> from qgdr_eval.instruments import load_instrument
    >>> page = lay_page(load_instrument("culture_ehpad"))
    >>> page.startswith("<!DOCTYPE html>"), "http" in page
    (True, False)

    Raises:
        Refused: the instrument holds short labels only.
    """
    title = typography(instrument.title)
    return render(
        "form/page",
        language=instrument.language,
        title=title,
        form=Markup(lay_form(instrument, host, closing)),
        style=Markup(read("form/form.css") + RUNNING.format(title=_quoted(title))),
        script=Markup(read("form/form.js")),
    )


def _quoted(text: str) -> str:
    """A text as a string of CSS, which nothing in it ends."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'


def write_page(instrument: Instrument, path: Path, *, replace: bool = False) -> None:
    """Write the form to try: one HTML file, answerable, that keeps nothing.

    Raises:
        Refused: another format than .html, a file of that name (unless ``replace``), or short
            labels only.
        Unwritable: the disk does not take it.

    >>> from tempfile import TemporaryDirectory
    >>> from qgdr_eval.instruments import load_instrument
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "formulaire.html"
    ...     write_page(load_instrument("culture_ehpad"), path)
    ...     path.stat().st_size < 60_000
    True
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise _refusal(path.name, "un formulaire est une page", "terminez le nom par « .html »")
    if path.exists() and not replace:
        cure = "choisissez un autre nom, ou ajoutez --replace"
        raise _refusal(path.name, "ce fichier existe déjà", cure)
    page = lay_page(instrument)
    with written_whole(path) as half:
        half.write_text(page, encoding="utf-8", newline="\n")


def read(name: str) -> str:
    """The text of a file of the form: its style or its script."""
    return (ROOM / name).read_text(encoding="utf-8")


def refuse_labels(instrument: Instrument) -> None:
    """Refuse an instrument of short labels: there is no wording to ask.

    Raises:
        Refused: it is one.
    """
    if not instrument.labels_only:
        return
    what = (
        "ce questionnaire n'a que des libellés abrégés : ses questions ne peuvent pas être posées"
    )
    cure = (
        "recueillez les réponses avec le questionnaire de l'éditeur, puis lisez-les avec qgdr new"
    )
    raise _refusal(instrument.id, what, cure)


def _refusal(where: str, what: str, cure: str) -> Refused:
    return Refused([Problem(where, None, "", typography(what), cure)])


def render(template: str, **context: object) -> str:
    """A piece of HTML of the asking, from its template."""
    return _environment().get_template(f"{template}.html.j2").render(**context)


@cache
def _environment() -> Environment:
    return templates_of(ROOM)
