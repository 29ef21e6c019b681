"""Critical criteria bear one mark in every figure of an audit, in its key and in what is said."""

import pytest

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.disclosure import Published
from qgdr_eval.figures import heatmap_alt, heatmap_figure, profile_figure
from qgdr_eval.figures.alternatives import items_alt, profile_alt, say_sketch
from qgdr_eval.figures.items import draw_shared_key, item_bars, items_figure, shared_key
from qgdr_eval.figures.profile import profile_rows
from qgdr_eval.figures.sketch import draw_sketch
from tests.comparison.published import instrument, published
from tests.figures.reading_figures import clipped, collisions, words

SERVICES = {"un": {"Id": (16, 20), "Je": (12, 20)}, "deux": {"Id": (9, 20), "Je": (20, 20)}}


def audit(*critical: str) -> Published:
    """Two dimensions, « d » and « e », of one criterion each."""
    return published(SERVICES, asked=instrument(("Id", "Je"), critical=critical))


def drawn(results: Published, narrow: bool) -> dict[str, list[str]]:
    """The words of each figure."""
    one, readings = results.of(*results.services[0]), read_dimensions(results)
    rows = profile_rows(one, readings, None)
    bars = [bar for id in ("d", "e") for bar in item_bars(one, id)]
    figures = {
        "questions": items_figure(one, "d", narrow),
        "key": draw_shared_key(shared_key(bars, one.instrument), narrow),
        "profile": profile_figure(one, readings, narrow=narrow),
        "sketch": draw_sketch(rows, one.instrument, narrow),
        "map": heatmap_figure(results, readings, narrow),
    }
    assert [(name, collisions(one), clipped(one)) for name, one in figures.items()] == [
        (name, [], []) for name in figures
    ]
    return {name: words(figure) for name, figure in figures.items()}


NAMED = {"questions": "Id", "profile": "d", "sketch": "d", "map": "d"}


@pytest.mark.parametrize("narrow", [False, True])
def test_the_mark_stands_before_what_is_critical_and_in_the_key(narrow: bool) -> None:
    told = drawn(audit("Id"), narrow)
    for name, texts in told.items():
        assert "◆" in texts, name
        assert any("critique" in text for text in texts), name
    for name, label in NAMED.items():
        plainly = [text.replace("\u00a0", " ") for text in told[name]]
        assert f"◆ {label}" in plainly, name
        assert "◆ e" not in plainly


@pytest.mark.parametrize("narrow", [False, True])
def test_no_mark_without_a_critical_criterion(narrow: bool) -> None:
    assert not any("◆" in text for texts in drawn(audit(), narrow).values() for text in texts)


def test_what_is_said_to_those_who_do_not_see_names_what_is_critical() -> None:
    results = audit("Id")
    one, readings = results.of(*results.services[0]), read_dimensions(results)
    rows = profile_rows(one, readings, None)
    said = {
        "questions": items_alt(one, "d"),
        "profile": profile_alt(one, readings),
        "sketch": say_sketch(rows),
        "map": heatmap_alt(results, readings),
    }
    for name, text in said.items():
        assert "critique : «" in text.replace("\u202f", " "), name
        assert f"«\u202f{NAMED[name]}\u202f»" in text, name
