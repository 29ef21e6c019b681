"""Finding and reading instruments."""

from pathlib import Path

from qgdr_eval.definitions import is_file, read_document, validate
from qgdr_eval.french import did_you_mean, quote
from qgdr_eval.instruments.check import check_instrument
from qgdr_eval.instruments.model import Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.shipped import shipped

FILE = "instrument.yml"


def load_instrument(name: str | Path, beside: Path | None = None) -> Instrument:
    """Load an instrument by its id or by the path of its ``instrument.yml`` (or of its folder).

    An id is looked for in ``questionnaires/`` next to ``beside`` (the campaign's folder), then
    among the instruments that come with the kit; a path is taken from ``beside``.

    Raises:
        Refused: nothing of that name, or a file with problems (all of them at once).

    >>> load_instrument("culture_securite").subject
    'respondent'
    """
    path = find_instrument(name, beside)
    return validate(read_document(path, _shown(path)), Instrument, check_instrument)


def load_instruments(*names: str | Path) -> list[Instrument]:
    """Load several, each by its id or its path; the problems of all are told at once.

    >>> [one.subject for one in load_instruments("culture_ehpad", "epp_chutes")]
    ['respondent', 'record']

    Raises:
        Refused: as `load_instrument` does; a file goes by the whole path it was found at, two
            versions having the same name.
    """
    found: list[Instrument] = []
    problems: list[Problem] = []
    for name in names:
        try:
            path = find_instrument(name)
            document = read_document(path, str(path))
            found.append(validate(document, Instrument, check_instrument))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return found


def find_instrument(name: str | Path, beside: Path | None = None) -> Path:
    """The ``instrument.yml`` a name or a path stands for; see `load_instrument` for where it looks.

    >>> find_instrument("culture_ehpad").parent.name
    'culture_ehpad'

    Raises:
        Refused: there is none.
    """
    folder = beside or Path()
    candidates = [
        folder / name,
        folder / name / FILE,
        folder / "questionnaires" / name / FILE,
        shipped("questionnaires") / name / FILE,
    ]
    for candidate in candidates:
        if is_file(candidate):
            return candidate
    raise Refused(
        [
            Problem(
                str(name),
                None,
                "",
                f"questionnaire {quote(name)} introuvable",
                did_you_mean(str(name), shipped_instruments()),
            )
        ]
    )


def shipped_instruments() -> list[str]:
    """The ids of the instruments that come with the kit, sorted.

    >>> "culture_ehpad" in shipped_instruments()
    True
    """
    return sorted(path.parent.name for path in shipped("questionnaires").glob(f"*/{FILE}"))


def _shown(path: Path) -> str:
    """Messages name a file by its folder too: every instrument's file has the same name."""
    return "/".join(part for part in (path.parent.name, path.name) if part)
