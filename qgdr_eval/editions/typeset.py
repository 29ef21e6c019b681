"""From values to a PDF: tagged, the same bytes each time, with fonts that come with the kit."""

import datetime
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib
import typst

from qgdr_eval.editions.facility import Report
from qgdr_eval.editions.read import SHARED, TEMPLATE, Opened
from qgdr_eval.editions.values import gather
from qgdr_eval.french import count, quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import written_whole

STANDARD = ["ua-1"]  # refuses a figure without alternative text, a document without title
TIGHTER = (0, 0.25, 0.5, 0.75, 1)  # how far from its loosest layout to its tightest
SHEETS = re.compile(rb"<xmpTPg:NPages>(\d+)</xmpTPg:NPages>")
LINE = re.compile(r"([\w.-]+\.typ):(\d+):\d+")
SAID = {  # what the compiler says, in French
    "missing alt text": (
        "une figure n'a pas de texte de remplacement",
        "ajoutez « alt: … » à cette figure ou à cette image",
    ),
    "missing document title": (
        "le document n'a pas de titre",
        "appelez « sheet » de « qgdr.typ » en tête du gabarit",
    ),
    "heading": (
        "un titre saute un niveau, ou le premier n'est pas de niveau 1",
        "numérotez les niveaux de titre un par un",
    ),
}


def print_edition(report: Report, opened: Opened, day: str) -> bytes:
    """Lay one edition of a report out as a PDF/UA-1. ``day``: the ISO day it bears.

    >>> from qgdr_eval.editions import open_edition
    >>> made = print_edition(team_report, open_edition("une_page"), "2026-11-16")
    >>> made[:5], made == print_edition(team_report, open_edition("une_page"), "2026-11-16")
    (b'%PDF-', True)

    Raises:
        Refused: the edition is not made for this instrument, its template does not compile, or it
            takes more sheets than it says.
    """
    opened.refuse_unsuited(report.instrument)
    values = gather(report, opened, day)
    with _compiler(opened) as compiler:
        for tight in TIGHTER:
            made = _compile(compiler, opened, values | {"tight": tight})
            if _sheets(made) <= opened.edition.sheets:
                return made
    raise Refused([_too_long(opened, _sheets(made))])


def write_edition(report: Report, opened: Opened, day: str, out: Path) -> None:
    """Write one edition into a file, whole or not at all. ``day``: today when empty.

    >>> from qgdr_eval.editions import open_edition
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     out = Path(folder, "affiche.pdf")
    ...     write_edition(team_report, open_edition("affiche"), "", out)
    ...     out.stat().st_size > 10_000
    True

    Raises:
        Refused: as `print_edition`; the name does not end in ``.pdf``, or cannot be written.
    """
    if out.suffix.lower() != ".pdf":
        cure = f"terminez le nom par {quote('.pdf')}"
        raise Refused([Problem(out.name, None, "", "une édition est un PDF", cure)])
    made = print_edition(report, opened, day or datetime.date.today().isoformat())
    with written_whole(out) as half:
        half.write_bytes(made)


def _sheets(made: bytes) -> int:
    found = SHEETS.search(made)
    return int(found[1]) if found else 0


def _too_long(opened: Opened, sheets: int) -> Problem:
    allowed = opened.edition.sheets
    what = f"l'édition prend {count(sheets, 'page')}, elle en annonce {allowed}"
    cure = "prenez moins (« most »), ou annoncez davantage (« sheets »)"
    return Problem(opened.edition.id, None, "", typography(what), typography(cure))


def _compile(compiler: Any, opened: Opened, values: dict[str, Any]) -> bytes:
    year, month, date = values["day"]
    day = datetime.datetime(year, month, date, tzinfo=datetime.UTC)
    given = {"values": json.dumps(values, ensure_ascii=False)}
    try:
        made: bytes = compiler.compile(
            format="pdf", sys_inputs=given, pdf_standards=STANDARD, timestamp=day
        )
    except typst.TypstError as error:
        raise Refused([_refused(opened, error)]) from None
    return made


@contextmanager
def _compiler(opened: Opened) -> Iterator[Any]:
    """A compiler that sees the files of one edition and no other."""
    with tempfile.TemporaryDirectory(prefix="qgdr-") as folder:
        for path in (*opened.files, SHARED):
            shutil.copyfile(path, Path(folder, path.name))
        yield typst.Compiler(Path(folder, TEMPLATE), root=folder, font_paths=_fonts())


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """The fonts matplotlib carries: no font of the machine changes a page."""
    carried = Path(matplotlib.get_data_path(), "fonts", "ttf")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(carried)]
    )


def _refused(opened: Opened, error: typst.TypstError) -> Problem:
    """What the compiler refused, where, said in French when we know it."""
    where = LINE.search(error.diagnostic or "")
    file, line = (where[1], int(where[2])) if where else (TEMPLATE, None)
    place = f"édition {quote(opened.edition.id)}"
    what, cure = next(
        (told for sign, told in SAID.items() if sign in error.message.lower()),
        (f"le gabarit ne se compile pas : {error.message}", "corrigez cette ligne du gabarit"),
    )
    return Problem(file, line, typography(place), typography(what), typography(cure))
