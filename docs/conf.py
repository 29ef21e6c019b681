"""The documentation site: what Sphinx reads before it writes the pages (`make docs`).

Users' pages are in French; the frames, the reference and the decisions are in English. Nothing in
a page may come from the network, and whatever a page points at must be there.
"""

import pkgutil
import re
import shutil
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

import qgdr_eval
from qgdr_eval.french import typography

LOGGER = logging.getLogger(__name__)
ENGLISH = ("decisions/", "reference/", "frames")  # pages, by the beginning of their names
ROOMS = Path(__file__).parent / "reference" / "rooms"

project = "qgdr-eval"
author = "the qgdr-eval contributors"
copyright = "the qgdr-eval contributors, licence MIT"  # the name Sphinx asks for
version = release = qgdr_eval.__version__
language = "fr"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build"]
default_role = "py:obj"  # docstrings name things between single backticks
smartquotes = False  # typography is written by hand, French and English

myst_heading_anchors = 4  # the anchors GitHub gives to headings
myst_links_external_new_tab = False

autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "exclude-members": "model_config",
}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80

html_theme = "pydata_sphinx_theme"
html_title = "qgdr-eval"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_search_summary = False  # a page opened from a disk may not fetch excerpts
html_sidebars = {"tutoriel": []}  # a page without pages below it
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is
html_theme_options = {
    "header_links_before_dropdown": 6,
    "navbar_align": "left",
    "primary_sidebar_end": [],  # the theme's own place for a host's advertisements
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}


def setup(app: Sphinx) -> None:
    """Tie what is ours to the steps of a build."""
    app.connect("builder-inited", write_rooms)
    app.connect("autodoc-process-signature", plain_defaults)
    app.connect("doctree-read", set_french, priority=100)  # before titles are taken down
    app.connect("missing-reference", link_by_name)
    app.connect("html-page-context", say_language)
    app.connect("build-finished", refuse_network)


def write_rooms(app: Sphinx) -> None:
    """Write one page for each room, and their list: the first sentence each says of itself."""
    shutil.rmtree(ROOMS, ignore_errors=True)
    ROOMS.mkdir()
    said = []
    for name in rooms():
        title = name.removeprefix("qgdr_eval.")
        (ROOMS / f"{title}.rst").write_text(room_page(name, title), encoding="utf-8")
        sentence = (import_module(name).__doc__ or "").partition("\n")[0]
        said.append(f"- [{title}](rooms/{title}.rst): {sentence}\n")
    (ROOMS / "list.txt").write_text("".join(said), encoding="utf-8")


def room_page(name: str, title: str) -> str:
    """The entries of a room: what its face hands on, or else what its modules hold."""
    faced = hasattr(import_module(name), "__all__")
    parts = [name] if faced else [name, *modules(name)]
    entries = [f".. automodule:: {part}\n" for part in parts]
    return "\n".join([title, "=" * len(title), "", *entries, *constants(name)])


def rooms() -> list[str]:
    """The packages of `qgdr_eval` and the modules beside them, by their full names."""
    found = pkgutil.walk_packages(qgdr_eval.__path__, "qgdr_eval.")
    names = [one.name for one in found if one.ispkg or one.name.count(".") == 1]
    return sorted(name for name in names if not name.endswith("__"))


def modules(room: str) -> list[str]:
    """The modules of a room, by their full names."""
    found = pkgutil.iter_modules(getattr(import_module(room), "__path__", ()), f"{room}.")
    return sorted(module.name for module in found if not module.ispkg)


def constants(room: str) -> list[str]:
    """Entries of the lists and tables of names that a face hands on: autodoc leaves them out."""
    face = import_module(room)
    values = {name: getattr(face, name) for name in getattr(face, "__all__", [])}
    listed = {
        name: ", ".join(f"``{one}``" for one in value)
        for name, value in values.items()
        if isinstance(value, dict | list | tuple)
    }
    entry = ".. py:data:: {}\n   :module: {}\n\n   {}\n"
    return [entry.format(name, room, names) for name, names in listed.items()]


def plain_defaults(
    app: Sphinx, what: str, name: str, thing: object, options: object, given: str | None, gives: str
) -> tuple[str, str] | None:
    """Write the default of a field that a factory makes as one that can be parsed."""
    return (given.replace("<factory>", "..."), gives) if given else None


def link_by_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, text: nodes.TextElement
) -> nodes.Node | None:
    """Link a name of a docstring or a signature to the one entry that bears it.

    A name of something local, or of another library, stays a name. What a page asks for by a role
    of its own (`{py:func}`) is left to Sphinx, which says when it is nowhere.
    """
    by_hand = node["reftype"] not in ("obj", "class", "data", "exc")
    if node["refdomain"] != "py" or by_hand:
        return None
    objects = env.domains.python_domain.objects
    found = [one for name, one in objects.items() if bears(name, one.objtype, node["reftarget"])]
    if len(found) != 1:
        return text
    (entry,) = found
    uri = app.builder.get_relative_uri(node["refdoc"], entry.docname)
    return nodes.reference("", "", text, refuri=f"{uri}#{entry.node_id}", internal=True)


def bears(entry: str, kind: str, name: str) -> bool:
    """Whether an entry is what a name speaks of: its end, or the place it is handed on from.

    The name of a field or a method says whose it is; alone, it may be anybody's.
    """
    if kind in ("attribute", "method", "property") and "." not in name:
        return False
    face, _, last = entry.rpartition(".")
    handed_on = name.startswith(f"{face}.") and name.endswith(f".{last}")
    return handed_on or f".{entry}".endswith(f".{name}")


def set_french(app: Sphinx, doctree: nodes.document) -> None:
    """Set the no-break spaces of French pages, which nobody writes by hand; code stays as it is."""
    if app.env.docname.startswith(ENGLISH):
        return
    for text in list(doctree.findall(nodes.Text)):
        if not isinstance(text.parent, nodes.literal | nodes.FixedTextElement | nodes.raw):
            text.parent.replace(text, nodes.Text(typography(str(text))))


def say_language(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Mark the text of an English page as English; what stands around it is French."""
    if page.startswith(ENGLISH) and "body" in context:
        context["body"] = f'<div lang="en">{context["body"]}</div>'


def refuse_network(app: Sphinx, failure: Exception | None) -> None:
    """Warn, which fails `make docs`, of anything a page would fetch from elsewhere."""
    for file in sorted(Path(app.outdir).rglob("*.*")) if failure is None else []:
        for address in fetched(file):
            LOGGER.warning("%s calls the network: %s", file, address)


def fetched(file: Path) -> list[str]:
    """Addresses elsewhere that a browser would fetch by itself to show this page or sheet."""
    if file.suffix not in (".html", ".css"):
        return []
    text = file.read_text("utf-8")
    page = Fetched()
    if file.suffix == ".html":
        page.feed(text)
    sheets = re.findall(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""", text)
    return [one for one in [*page.addresses, *sheets] if re.match(r"(?:[a-z]+:)?//", one)]


class Fetched(HTMLParser):
    """The addresses a page fetches: all but those of its links, which wait to be followed."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this element fetches."""
        fetching = ("src", "srcset", "data", "poster") if tag != "link" else ("href",)
        self.addresses += [value for name, value in attrs if name in fetching and value]
