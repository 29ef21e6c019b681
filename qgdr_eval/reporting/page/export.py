"""From an executed notebook to one page: no code, no network, nothing that failed."""

import re
from collections.abc import Sequence
from copy import deepcopy
from functools import cache

from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from traitlets.config import Config

from qgdr_eval.reporting.page.fragment import DRAFT, PAGES, Fragment, marked, paper, read_style
from qgdr_eval.reporting.page.ways import NOWHERE, Ways

LEFT_OUT = {"consigne", "parameters", "injected-parameters"}
APART = ("masthead", "provenance")  # cells that stand in the page's header and footer
SVG = "image/svg+xml"
CONTENTS = re.compile(r'<h2 id="([^"]+)-titre" data-toc="([^"]*)">')


class CellFailed(Exception):
    """A cell of the notebook ended in an error: there is no page to make of it.

    ``rank``: the number the cell has in the executed notebook.
    """

    def __init__(self, rank: int, message: str) -> None:
        super().__init__(message)
        self.rank = rank


def export_html(
    notebook: NotebookNode,
    title: str,
    footer: str = "",
    *,
    draft: bool = False,
    ways: Ways = NOWHERE,
) -> str:
    """Lay out an executed notebook as one self-contained HTML page.

    Cells tagged ``consigne``, ``parameters`` or ``injected-parameters`` are left out; those tagged
    ``masthead`` and ``provenance`` go to the page's header and footer. ``title`` is the window's
    title, ``footer`` the text at the foot of printed pages (the title when empty); a ``draft`` says
    so on every sheet. ``ways``: the links to the pages around it, which paper leaves out.
    Raises `CellFailed` when an output holds an error.
    """
    _refuse_errors(notebook)
    body = _tidied(notebook)
    apart = {tag: _outputs(_tagged(body, tag)) for tag in APART}
    body.cells = [cell for cell in body.cells if not _tags(cell) & {*LEFT_OUT, *APART}]
    page = {
        "title": marked(title, draft),
        "draft": DRAFT if draft else "",
        "style": read_style("fragment.css")
        + read_style("page.css")
        + paper(marked(footer or title, draft), draft=draft),
        "ways": ways,
        "contents": CONTENTS.findall(_outputs(body.cells)),
        **apart,
    }
    html, _ = _exporter().from_notebook_node(body, resources={"qgdr": page})
    return str(html)


def export_sections(
    masthead: Fragment,
    sections: Sequence[Fragment],
    provenance: Fragment,
    title: str,
    *,
    draft: bool = False,
) -> str:
    """Lay out sections as the notebook that calls them would be; see `export_html`.

    >>> page = export_sections(Fragment("<p>Bloc</p>"), [], Fragment("<p>Fin</p>"), "Bloc")
    >>> "<header><p>Bloc</p></header>" in page
    True
    """
    head, *body, foot = [_cell(one) for one in (masthead, *sections, provenance)]
    head.metadata["tags"], foot.metadata["tags"] = [[tag] for tag in APART]
    return export_html(new_notebook(cells=[head, *body, foot]), title, draft=draft)


def _cell(section: Fragment) -> NotebookNode:
    """A cell that has shown a section."""
    return new_code_cell(outputs=[new_output("display_data", {"text/html": str(section)})])


def _tidied(notebook: NotebookNode) -> NotebookNode:
    """A copy whose outputs cannot say that they are common to all pages."""
    copy = deepcopy(notebook)
    shown = [output.data for cell in copy.cells for output in cell.get("outputs", [])
             if "data" in output]  # fmt: skip
    for data in shown:
        for kind in {"text/html", SVG} & data.keys():
            data[kind] = data[kind].replace("fixe-->", "fixe--&gt;")
        if SVG in data:  # a page is no place for the head of a file
            data[SVG] = data[SVG][max(0, data[SVG].find("<svg")) :]
    return copy


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def _tagged(notebook: NotebookNode, tag: str) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if tag in _tags(cell)]


def _outputs(cells: Sequence[NotebookNode]) -> str:
    return "".join(
        output.data.get("text/html", "")
        for cell in cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    )


def _refuse_errors(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise CellFailed(cell.execution_count, f"{output.ename} : {output.evalue}")


@cache
def _exporter() -> TemplateExporter:
    """One for the process: its template is compiled once. No preprocessor is of use here."""
    exporter = TemplateExporter(
        template_name="qgdr",
        template_file="index.html.j2",
        extra_template_basedirs=[str(PAGES / "page")],
        config=Config({"TemplateExporter": {"default_preprocessors": []}}),
    )
    exporter.file_extension = ".html"
    return exporter
