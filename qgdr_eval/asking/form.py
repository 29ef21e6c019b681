"""The form: an instrument as plain HTML, one small script and one style, the same everywhere."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qgdr_eval.asking.questions import minutes, sections_of
from qgdr_eval.french import count, set_type, typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import written_whole

HERE = Path(__file__).parent


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


def lay_form(instrument: Instrument, host: Host = TRIAL) -> str:
    """The form of an instrument: the piece of HTML that every host shows.

    Raises:
        Refused: the instrument holds short labels only: there is no wording to ask.

    >>> from qgdr_eval.instruments import load_instrument
    >>> form = lay_form(load_instrument("experience_usagers_facile"))
    >>> form.count("<fieldset"), form.count('type="radio"') > 14 * 3
    (14, True)
    """
    _refuse_labels(instrument)
    form = _render(
        "form",
        instrument=instrument,
        sections=sections_of(instrument),
        total=len(instrument.items),
        length=f"{count(len(instrument.items), 'question')}, environ "
        f"{count(minutes(instrument), 'minute')}",
        host=host,
    )
    return set_type(form)


def lay_page(instrument: Instrument, host: Host = TRIAL) -> str:
    """A whole page with the form of an instrument, its style and its script inside.

    It fetches nothing: opened from a disk, it works as it is.

    >>> from qgdr_eval.instruments import load_instrument
    >>> page = lay_page(load_instrument("culture_ehpad"))
    >>> page.startswith("<!DOCTYPE html>"), "http" in page
    (True, False)

    Raises:
        Refused: the instrument holds short labels only.
    """
    return _render(
        "page",
        language=instrument.language,
        title=typography(instrument.title),
        form=Markup(lay_form(instrument, host)),
        style=Markup(read("form.css")),
        script=Markup(read("form.js")),
    )


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
    return (HERE / name).read_text(encoding="utf-8")


def _refuse_labels(instrument: Instrument) -> None:
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


def _render(template: str, **context: object) -> str:
    return _environment().get_template(f"{template}.html.j2").render(**context)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
