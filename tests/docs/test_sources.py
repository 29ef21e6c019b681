"""The page of sources names what exists: a question, a tool or a notebook for each rubric."""

import re
from fnmatch import filter as matching
from functools import cache
from pathlib import Path

import pytest

from qgdr_eval.actions.model import HEADERS
from qgdr_eval.instruments import load_instrument
from qgdr_eval.shipped import shipped

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
INSTRUMENTS = [path.parent.name for path in shipped("questionnaires").glob("*/instrument.yml")]
NOTEBOOKS = [path.stem for path in shipped("notebooks").glob("*.ipynb")]
CODE = r"[A-Z]{2}\d{2}"
CITED = re.compile(rf"({CODE}(?:(?:, | et | à ){CODE})*)( du binôme| de l'équipe)?")
WHOSE = {" du binôme": "shortell_binome", " de l'équipe": "shortell_service"}
LEFT = re.compile(r"\*\*laissée?s? de côté\*\*\s: \S|\bmanque\b")
SHORTELL = ("shortell_medico_social", "shortell_binome", "shortell_service")
OTHERWISE = {"date d'évaluation": "évalué le"}  # a field that the plan's own column says shorter


def rubrics() -> list[tuple[str, str]]:
    """(prose and head of the section, row) of every row of the tables of rubrics."""
    found = []
    for section in re.split(r"^## .*$", PAGE, flags=re.MULTILINE)[1:]:
        lines = section.splitlines()
        head = next((line for line in lines if line.startswith("| Rubrique")), "")
        prose = "\n".join(line for line in lines if not line.startswith("|"))
        rows = [line for line in lines if line.startswith("| ") and "---" not in line]
        found += [(prose + head, row) for row in rows if head and row != head]
    return [(beside, row) for beside, row in found if not row.startswith("| Rubrique")]


def tools_of(text: str) -> list[str]:
    """The tools a text names between backticks; those it means by a star, all of them."""
    names = re.findall(r"`([^`]+)`", text)
    return [tool for name in names for tool in matching([*INSTRUMENTS, *NOTEBOOKS], name) or [name]]


@cache
def codes_of(tool: str) -> set[str]:
    return set(load_instrument(tool).codes) if tool in INSTRUMENTS else set()


def cited(row: str) -> list[tuple[str, str]]:
    """(code, tool said to ask it, "" for any of the row) of every code; « à » gives a range."""
    found = []
    for codes, whose in CITED.findall(row):
        for first, last in re.findall(rf"({CODE})(?: à ({CODE}))?", codes):
            ends = int(first[2:]), int((last or first)[2:])
            ranks = range(ends[0], ends[1] + 1)
            found += [(f"{first[:2]}{rank:02d}", WHOSE.get(whose, "")) for rank in ranks]
    return found


def fields_of(text: str) -> set[str]:
    """The fields of the plan that a text sets in italics."""
    bare = re.sub(r"`[^`]*`|\*\*", " ", text)
    return {field.strip() for said in re.findall(r"\*([^*]+)\*", bare) for field in said.split(",")}


@pytest.mark.parametrize(("beside", "row"), rubrics(), ids=lambda text: text.split("|")[1].strip())
def test_a_rubric_names_what_exists_or_says_why_it_is_left_out(beside, row):
    tools, codes, fields = tools_of(row), cited(row), fields_of(row)
    assert [tool for tool in tools if tool not in (*INSTRUMENTS, *NOTEBOOKS)] == []
    asked = {tool: codes_of(tool) for tool in (*tools, *tools_of(beside))}
    anywhere = set().union(*asked.values())
    assert [
        (code, whose) for code, whose in codes
        if code not in (asked.get(whose, set()) if whose else anywhere)
    ] == []  # fmt: skip
    columns = {header.lower().split(" (")[0] for header in HEADERS.values()}
    known = {OTHERWISE.get(field, field) for field in fields}
    assert [field for field in known if not any(one.startswith(field.split(" ")[0])
                                                for one in columns)] == []  # fmt: skip
    assert tools or codes or fields or LEFT.search(row)


def test_every_question_of_the_four_dimensions_is_asked_for_by_a_rubric():
    """None was added without a source: a rubric of a sheet asks for each."""
    answered: dict[str, set[str]] = {tool: set() for tool in SHORTELL}
    for _, row in rubrics():
        tools = [tool for tool in tools_of(row) if tool in SHORTELL]
        for code, whose in cited(row):
            if whose or tools:
                answered.setdefault(whose or tools[0], set()).add(code)
    unasked = {tool: sorted(codes_of(tool) - answered[tool]) for tool in SHORTELL}
    assert not any(unasked.values()), unasked


@pytest.mark.parametrize(
    "text",
    ["| Une rubrique | | `shortell_services` | question |", "| Une rubrique | | – | rien |"],
    ids=["a tool misspelt", "nothing at all"],
)
def test_a_row_that_names_nothing_there_is_is_told(text):
    with pytest.raises(AssertionError):
        test_a_rubric_names_what_exists_or_says_why_it_is_left_out("", text)


@pytest.mark.parametrize("code", ["TE99", "SU01, TE99 et TE12", "TE21 à TE23", "TE22 du binôme"])
def test_a_question_that_is_not_asked_is_told(code):
    row = f"| Une rubrique | | `shortell_medico_social`, `shortell_binome` | questions {code} |"
    with pytest.raises(AssertionError):
        test_a_rubric_names_what_exists_or_says_why_it_is_left_out("", row)
