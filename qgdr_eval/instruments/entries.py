"""Reading a raw definition piece by piece, whatever is broken in it."""

from collections.abc import Iterator
from typing import Any

from qgdr_eval.definitions import Document, place
from qgdr_eval.definitions.source import Path_
from qgdr_eval.problems import Problem

POLES = ("negative", "neutral", "positive")
ANSWERS = ("options", "not_applicable", "dont_know")
Entry = tuple[int, dict[str, object]]  # rank in its list, keys


def problem(document: Document, path: Path_, what: str, cure: str) -> Problem:
    """A problem at a value, named by where it is in the file."""
    return document.problem(path, place(path), what, cure)


def entries(holder: dict[str, object], key: str) -> list[Entry]:
    """The well-formed entries of a list such as ``items``, with their rank."""
    values = holder.get(key)
    listed = values if isinstance(values, list) else []
    return [(i, entry) for i, entry in enumerate(listed) if isinstance(entry, dict)]


def scales(document: Document) -> dict[str, dict[str, Any]]:
    """The well-formed scales by their id."""
    by_id = document.values.get("scales")
    pairs = by_id.items() if isinstance(by_id, dict) else ()
    return {id: scale for id, scale in pairs if isinstance(scale, dict)}


def texts(entries: list[Entry], key: str) -> Iterator[tuple[int, str]]:
    """The texts given under ``key``, without the blanks that the model drops."""
    given = ((i, entry.get(key)) for i, entry in entries)
    found = ((i, text.strip()) for i, text in given if isinstance(text, str))
    return ((i, text) for i, text in found if text)


def named(entry: dict[str, object], key: str) -> str:
    """The text given under ``key``, as the model reads it; "" when there is none."""
    given = entry.get(key)
    return given.strip() if isinstance(given, str) else ""


def number(given: Any) -> float | None:
    """A number written as text, None when it is none."""
    try:
        return float(given)
    except (TypeError, ValueError):
        return None


def codes(scale: dict[str, object], *kinds: str) -> list[str]:
    """The codes of the answers of these kinds, in the scale's order."""
    return [code for kind in kinds for _, code in texts(entries(scale, kind), "code")]
