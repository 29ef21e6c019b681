"""Where pieces of HTML come from: one setting for all, nothing undefined, all of it escaped."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def templates_of(folder: Path) -> Environment:
    """The templates of a folder.

    >>> from qgdr_eval.shipped import PACKAGE
    >>> said = templates_of(PACKAGE / "workshop").get_template("said.html.j2")
    >>> "<h1>a &lt; b</h1>" in said.render(title="a < b", text="")
    True
    """
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
