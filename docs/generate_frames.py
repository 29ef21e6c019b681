"""Write the tables of ``frames.md`` from the row types of `qgdr_eval.frames`; prose stays by hand.

python docs/generate_frames.py
"""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Literal, get_args, get_origin, get_type_hints

from qgdr_eval.frames import campaign, indicators, plan, rounds

PAGE = Path(__file__).parents[1] / "docs" / "frames.md"
CHAPTERS = (campaign, rounds, indicators, plan)
BEGIN, END = "<!-- {}: written by docs/generate_frames.py -->", "<!-- end of {} -->"


def render() -> str:
    """The whole page, its tables written anew where their marks stand."""
    page = PAGE.read_text(encoding="utf-8")
    for chapter in CHAPTERS:
        name = chapter.__name__.rpartition(".")[2]
        begin, end = BEGIN.format(name), END.format(name)
        before, _, rest = page.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise SystemExit(f"{PAGE.name}: {begin} … {end} must stand there")
        page = "\n".join([before + begin, "", *lines_of(chapter), "", end + after])
    return page


def lines_of(chapter: ModuleType) -> Iterator[str]:
    """The frames of a chapter with their columns, then the words that some columns hold."""
    rows = [one for one in vars(chapter).values() if is_row(one, chapter)]
    yield "| frame | one row per | columns |"
    yield "|---|---|---|"
    for row in rows:
        name, what = told(row)
        yield f"| {name} | {what} | `{', '.join(row._fields)}` |"
    yield ""
    yield "| column | of | one of |"
    yield "|---|---|---|"
    for (column, words), names in closed(rows).items():
        yield f"| `{column}` | {', '.join(names)} | {', '.join(map(shown, words))} |"


def is_row(value: object, chapter: ModuleType) -> bool:
    """Whether a name of a chapter is a row type of its own."""
    return hasattr(value, "_fields") and value.__module__ == chapter.__name__


def told(row: type) -> tuple[str, str]:
    """The name of a frame and what has a row in it, from the docstring of its row type."""
    name, _, what = (row.__doc__ or "").partition(": one row per ")
    return name[0].lower() + name[1:], what.rstrip(".")


def closed(rows: list[type]) -> dict[tuple[str, tuple[str, ...]], list[str]]:
    """The columns that hold words of a list, each with its list, and the frames they are in."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in rows:
        for column, hint in get_type_hints(row).items():
            if get_origin(hint) is Literal:
                found.setdefault((column, get_args(hint)), []).append(told(row)[0])
    return found


def shown(word: str) -> str:
    """A word of a list; the empty one shows."""
    return f"`{word}`" if word else '""'


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
