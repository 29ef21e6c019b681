"""Notebooks that keep something of a page for the next: made harmless, or refused by the proof.

Pages follow each other in one process: the worst case for a figure that stays behind.
"""

import sys
from pathlib import Path

import nbformat
import pandas
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from qgdr_eval.press.ledger import read_records
from qgdr_eval.press.pages import SERVICE_NOTEBOOK
from qgdr_eval.press.verify import verify_folder
from qgdr_eval.reporting.page import drawings
from tests.press.campaigns import SERVICES, Small, read_rows, write_rows
from tests.thorough import thorough

FIRST, *OTHERS = (service[:2] for service in SERVICES)
SHOWN = [service[:2] for service in SERVICES if service[3] >= 10]
PARAMETERS = 'campaign = ""\nfacility = ""\nservice = ""\nreport_date = ""'
OPEN = (
    "from IPython.display import HTML, display\n"
    "from qgdr_eval.reporting import open_report, team\n"
    "from qgdr_eval.reporting.page import drawings\n"
    "report = open_report(campaign, facility, service)"
)
MASTHEAD = "team.masthead(report, report_date)"
MESSAGE = "team.message(report)"
DRAW = (  # a picture of our own results, made without our figures
    "import io\nfrom base64 import b64encode\nimport matplotlib.pyplot as plt\n"
    "def draw():\n"
    "    fig = plt.figure(figsize=(2, 2))\n"
    "    fig.gca().bar([0, 1], [row.score or 0 for row in report.readings.itertuples()][:2])\n"
    "    return fig\n"
    "def picture(fig):\n"
    "    stream = io.BytesIO()\n"
    "    fig.savefig(stream, format='png')\n"
    "    coded = b64encode(stream.getvalue()).decode()\n"
    '    return HTML(f\'<img alt="Scores" src="data:image/png;base64,{coded}">\')'
)
TITLED = "plt.gca().set_title(service + facility)\npicture(plt.gcf())"
LOGO = "<svg width='9' height='9'><circle r='4'/></svg>"

A_PART = "une partie de la page est faite avec d'autres résultats que ceux du service"
A_FIGURE = "une figure de la page est celle d'un autre service"
ANOTHER = "la page obtenue est celle de « Médecine, Hôpital fictif A »"
NOBODY = "la page ne dit pas de quel service elle est : gardez son en-tête dans le carnet"
PROGRAM = "HTML('<SCRIPT>document.body.textContent = 1</SCRIPT>')"
FRAME = "HTML('<p>Voir</p><iframe srcdoc=\"autre\"></iframe>')"
HANDLER = 'Voir <b onclick="x()">ceci</b>'
ACTS = "la page contient un programme ou un formulaire : montrez une image ou un tableau"


def acting(source: str) -> str:
    """What is said of a page on which the cell of a source acts."""
    return f"carnet {SERVICE_NOTEBOOK}, cellule 4 « {source} » : {ACTS}"


A_NUMBER = "la page ne dit pas le bon nombre de réponses"


def write_notebook(small: Small, *cells: str | tuple[str, str], masthead: str = MASTHEAD) -> None:
    """Write the adapted notebook of services: a cell is a source, or one with a tag."""
    tagged = [(PARAMETERS, "parameters"), (OPEN, "consigne"), (masthead, "masthead"), *cells]
    made = new_notebook()
    for cell in tagged:
        source, tag = (cell, "") if isinstance(cell, str) else cell
        new = new_markdown_cell if tag == "markdown" else new_code_cell
        made.cells.append(new(source, metadata={"tags": [tag] if tag else []}))
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    beside = small.folder / "notebooks"
    beside.mkdir(exist_ok=True)
    nbformat.write(made, beside / SERVICE_NOTEBOOK)


def failures(small: Small, **options: object) -> dict[tuple[str, str], str]:
    """Print the campaign: the service of each page that failed, with its cause."""
    failed = small.print(**options).failed
    plain = str.maketrans({"\u202f": " ", "\u00a0": " "})
    return {(page.facility, page.service): page.cause.translate(plain) for page in failed}


@pytest.fixture(autouse=True)
def cleaned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A place to leave things in, that the test leaves as it was."""
    (tmp_path / "site-packages").mkdir()
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(drawings, "profile_drawing", drawings.profile_drawing)
    monkeypatch.setattr(drawings, "to_svg", drawings.to_svg)
    monkeypatch.setattr(pandas, "kept", None, raising=False)
    yield tmp_path
    sys.modules.pop("qgdr_cached", None)


CACHED = """
from functools import lru_cache

now = []

@lru_cache
def part(campaign):  # keyed without the service
    return now[-1]()
"""

CAUGHT = {
    "a section of a service named once for all": (
        ["team.message(open_report(campaign, 'Hôpital fictif A', 'Médecine'))"],
        dict.fromkeys(OTHERS, A_PART),
    ),
    "a section kept on a library": (
        ["import pandas", f"pandas.kept = pandas.kept or {MESSAGE}", "pandas.kept"],
        dict.fromkeys(OTHERS, A_PART),
    ),
    "a report kept on a library": (
        ["import pandas\nreport = pandas.kept = pandas.kept or report", MESSAGE, MESSAGE],
        dict.fromkeys(OTHERS, A_PART),
    ),
    "a section kept by an installed module": (
        [f"import qgdr_cached\nqgdr_cached.now.append(lambda: {MESSAGE})",
         "qgdr_cached.part(campaign)"],
        dict.fromkeys(OTHERS, A_PART),
    ),
    "a section kept in a file": (
        ["import pathlib\nkept = pathlib.Path('garde.html')\n"
         f"if not kept.exists():\n    kept.write_text(str({MESSAGE}), 'utf-8')",
         "HTML(kept.read_text('utf-8'))"],
        dict.fromkeys(OTHERS, A_PART),
    ),
    "our figure of another service in the right section": (
        ["import pandas\npandas.kept = pandas.kept or drawings.profile_drawing(report)\n"
         "drawings.profile_drawing = lambda report: pandas.kept", "team.profile(report)"],
        dict.fromkeys(SHOWN[1:], A_PART),
    ),
    "our figure of another service under the right stamps": (
        ["import pandas\ntrue = drawings.to_svg\n"
         "def once(*drawn):\n    pandas.kept = pandas.kept or true(*drawn)\n"
         "    return pandas.kept\n"
         "drawings.to_svg = once", "team.profile(report)"],
        dict.fromkeys(SHOWN[1:], A_FIGURE),
    ),
    "a picture kept on a library": (
        [DRAW, "import pandas\npandas.kept = pandas.kept or picture(draw())\npandas.kept"],
        dict.fromkeys(OTHERS, A_FIGURE),
    ),
    "a figure kept on a library and drawn again": (
        [DRAW, "import pandas\npandas.kept = pandas.kept or draw()\npicture(pandas.kept)"],
        dict.fromkeys(OTHERS, A_FIGURE),
    ),
    "a figure kept on a library and drawn again as SVG": (
        [DRAW, "import pandas\npandas.kept = pandas.kept or draw()\nstream = io.StringIO()\n"
         "pandas.kept.savefig(stream, format='svg')\nHTML(stream.getvalue())"],
        dict.fromkeys(OTHERS, A_FIGURE),
    ),
    "the same picture as a background on every page": (
        ["HTML('<p style=\"background: url(data:image/gif;base64,R0lGODlh)\">Fond</p>')"],
        dict.fromkeys(OTHERS, A_FIGURE),
    ),
    "a program, which may show anything": (
        [PROGRAM],
        dict.fromkeys([FIRST, *OTHERS], acting(PROGRAM)),
    ),
    "a handler in a text": (
        [(HANDLER, "markdown")],
        dict.fromkeys([FIRST, *OTHERS], acting(HANDLER)),
    ),
    "another page in a frame": (
        [FRAME],
        dict.fromkeys([FIRST, *OTHERS], acting(FRAME)),
    ),
    "the same picture on every page": (
        [f"HTML({LOGO!r})"],
        dict.fromkeys(OTHERS, A_FIGURE),
    ),
    "the whole report of another service": (
        ["report = open_report(campaign)", "display(team.masthead(report, report_date))"],
        dict.fromkeys(OTHERS, ANOTHER),
    ),
    "another number of people": (
        ["HTML(str(team.masthead(report, report_date)).replace('data-n=\"', 'data-n=\"1'))"],
        dict.fromkeys([FIRST, *OTHERS], A_NUMBER),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CAUGHT)
def test_what_stays_behind_is_refused(printed, cleaned, kind):
    (cleaned / "site-packages" / "qgdr_cached.py").write_text(CACHED)
    cells, expected = CAUGHT[kind]
    write_notebook(printed, *cells)
    assert failures(printed) == expected
    assert not verify_folder(printed.out).problems


UNSEEN = {  # what a page of its own, made again elsewhere and compared, would show
    "the picture of the page before": (
        DRAW, "import pandas\nshown, pandas.kept = pandas.kept, picture(draw())\nshown",
    ),
    "a figure kept on a library under another title": (
        DRAW, "import pandas\npandas.kept = pandas.kept or draw()\n"
        "pandas.kept.gca().set_title(service + facility)\npicture(pandas.kept)",
    ),
    "a table kept on a library": (
        "import pandas\nif pandas.kept is None:\n    pandas.kept = report.readings", "pandas.kept",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNSEEN)
def test_the_limit_of_the_proof(printed, kind):
    """What is not ours and shows once, kept on a library, is not seen (docs/decisions/0005)."""
    write_notebook(printed, *UNSEEN[kind])
    assert failures(printed) == {}


def test_a_notebook_runs_in_its_own_folder(printed):
    write_notebook(
        printed,
        "import beside\nfrom pathlib import Path",
        "HTML(Path('note.txt').read_text() + beside.SAID)",
    )
    for name, text in {"note.txt": "lu ", "beside.py": "SAID = 'et importé'"}.items():
        (printed.folder / "notebooks" / name).write_text(text, "utf-8")
    assert failures(printed) == {}
    assert "lu et importé" in next(printed.out.rglob("services/*.html")).read_text("utf-8")


def test_a_picture_from_matplotlib_is_laid_out_without_the_head_of_a_file(printed):
    inline = "from matplotlib_inline.backend_inline import set_matplotlib_formats"
    chosen = "import matplotlib.pyplot as plt\nset_matplotlib_formats('svg')"
    write_notebook(printed, f"{inline}\n{chosen}", "plt.plot([0, len(service + facility)]);")
    assert failures(printed) == {}
    page = next(printed.out.rglob("services/*.html")).read_text("utf-8")
    assert page.count("<svg") == 1
    assert page.count("<!DOCTYPE") == 1
    assert "<?xml" not in page


def test_a_notebook_that_exits_halfway_makes_no_page(printed):
    write_notebook(printed, "raise SystemExit", MESSAGE)
    assert set(failures(printed)) == {FIRST, *OTHERS}


def test_a_page_without_masthead_is_refused(printed):
    write_notebook(printed, MESSAGE, masthead="None")
    assert failures(printed) == dict.fromkeys([FIRST, *OTHERS], NOBODY)


def test_a_masthead_of_another_service_is_refused(printed):
    write_notebook(printed, MESSAGE, masthead=MASTHEAD.replace("report,", "open_report(campaign),"))
    assert failures(printed) == dict.fromkeys(OTHERS, ANOTHER)


KEEPING = [  # each shows what an earlier page has left, else its own
    f"kept = globals().get('kept', {MESSAGE})\nkept",
    f"import __main__\n__main__.left = getattr(__main__, 'left', {MESSAGE})\n__main__.left",
    f"import builtins\nbuiltins.left = getattr(builtins, 'left', {MESSAGE})\nleft",
    f"import sys\nsys.left = getattr(sys, 'left', {MESSAGE})\nsys.left",
    f"import os\nos.environ.setdefault('LEFT', str({MESSAGE}))\nHTML(os.environ['LEFT'])",
    f"import qgdr_beside\nqgdr_beside.kept.append({MESSAGE})\nqgdr_beside.kept[0]",
    f"import matplotlib.pyplot as plt\nplt.left = getattr(plt, 'left', {MESSAGE})\nplt.left",
    f"shell = get_ipython()\nshell.left = getattr(shell, 'left', {MESSAGE})\nshell.left",
    f"{DRAW}\nplt.ioff()\nplt.figure(1).gca().bar([len(plt.gca().patches)], [1])\n{TITLED}",
    f"plt.rcParams['font.size'] += 1\ndraw()\n{TITLED}",
    "fonts = plt.rcParams['font.sans-serif']\nfonts.append('x')\nHTML(str(len(fonts)))",
]
OWN = [MESSAGE] * 8 + [
    f"{DRAW}\nplt.figure(1).gca().bar([0], [1])\n{TITLED}",
    f"plt.rcParams['font.size'] = 11\ndraw()\n{TITLED}",
    "HTML(str(len(plt.rcParams['font.sans-serif']) + 1))",
]


def test_what_the_engine_puts_back_reaches_no_other_page(printed, cleaned):
    (printed.folder / "notebooks").mkdir()
    (printed.folder / "notebooks" / "qgdr_beside.py").write_text("kept = []")
    sys.path.insert(0, str(printed.folder / "notebooks"))  # as a library of one's own
    pages = []
    for cells in (KEEPING, OWN):
        write_notebook(printed, *cells)
        assert failures(printed) == {}
        pages.append([path.read_bytes() for path in sorted(printed.out.rglob("services/*.html"))])
    assert pages[0] == pages[1]


@thorough
def test_a_process_of_its_own_is_no_safer_and_no_less_safe(printed):
    """As `test_what_stays_behind_is_refused`, in a worker process instead of this one."""
    cells = ["import pandas\npandas.kept = getattr(pandas, 'kept', None) or team.message(report)"]
    write_notebook(printed, *cells, "pandas.kept")
    assert failures(printed, jobs=1) == dict.fromkeys(OTHERS, A_PART)


@pytest.mark.parametrize(
    "cell", [(f"HTML({LOGO!r})", "commune"), (f"Notre logo : {LOGO}", "markdown")]
)
def test_a_picture_said_to_be_common_may_stand_on_every_page(printed, cell):
    write_notebook(printed, MESSAGE, cell)
    assert failures(printed) == {}


def test_two_services_with_the_same_answers_have_the_same_figures(printed):
    twins = printed.keep([("Un", "Médecine", 30, 14), ("Deux", "Chirurgie", 30, 14)])
    heading, *rows = read_rows(twins.folder / "reponses.csv")
    for one, other in zip(rows[:14], rows[14:], strict=True):
        other[3:] = one[3:]
    write_rows(twins.folder / "reponses.csv", [heading, *rows])
    assert failures(twins) == {}
    one, other = (
        {tuple(figure) for figure in record.figures}
        for record in read_records(twins.out)
        if record.service
    )
    assert one & other
    assert not verify_folder(twins.out).problems


def test_a_figure_of_pyplot_stands_on_the_page(printed):
    draw = "import matplotlib.pyplot as plt\nplt.title(service + facility)\nplt.plot([1, 2]);"
    write_notebook(printed, draw)
    assert failures(printed) == {}
    assert all("<img" in page.read_text("utf-8") for page in printed.out.rglob("services/*.html"))
