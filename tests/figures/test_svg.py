import re
import xml.etree.ElementTree as ET
from functools import cache

import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.figures import (
    heatmap_alt,
    heatmap_figure,
    items_alt,
    items_figure,
    profile_alt,
    profile_figure,
    to_svg,
)
from tests.figures.campaigns import SERVICES, campaign, compared, instrument

HOSTILE = '<script>alert("1")</script> & $x^2$ \\frac{1}{2} \'"> 🏥\u202e\x00 ]]>'


def three(published, narrow=False):
    readings = read_dimensions(published)
    one = published.of(*published.services[0])
    return {
        "profil": (
            profile_figure(one, readings, compared(published), narrow),
            profile_alt(one, readings),
        ),
        "items": (items_figure(one, "dim_0", narrow), items_alt(one, "dim_0")),
        "carte": (heatmap_figure(published, readings, narrow), heatmap_alt(published, readings)),
    }


def written(published, narrow=False):
    return {
        name: to_svg(figure, alt, f"f-{name}")
        for name, (figure, alt) in three(published, narrow).items()
    }


@cache
def usual(narrow=False):
    return written(campaign(), narrow)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_same_results_give_the_same_bytes(narrow):
    assert written(campaign(), narrow) == usual(narrow)


def test_writing_twice_changes_nothing():
    figure, alt = three(campaign())["profil"]
    assert to_svg(figure, alt, "a") == to_svg(figure, alt, "a")


@pytest.mark.parametrize("narrow", [False, True])
def test_marks_are_written_as_matplotlib_draws_them(narrow, monkeypatch):
    monkeypatch.setattr("qgdr_eval.figures.svg._draw", Figure.draw)
    assert written(campaign(), narrow) == usual(narrow)


@pytest.mark.parametrize("dpi", [36, 144])
def test_marks_follow_the_resolution_of_the_figure(dpi, monkeypatch):
    figures = {name: figure for name, (figure, _) in three(campaign()).items()}
    for figure in figures.values():
        figure.dpi = dpi
    straight = {name: to_svg(figure, "Rien.", "a") for name, figure in figures.items()}
    monkeypatch.setattr("qgdr_eval.figures.svg._draw", Figure.draw)
    assert straight == {name: to_svg(figure, "Rien.", "a") for name, figure in figures.items()}


def test_marks_restyled_by_hand_are_written_so():
    figure, _ = three(campaign())["items"]
    box = next(artist for artist in figure.artists if isinstance(artist, Rectangle))
    text, other = (artist for artist in figure.artists[:2] if isinstance(artist, Text))
    text.set(text="Autre", color="#123456", fontsize=31)
    box.set(facecolor="#654321")
    other.set_visible(False)
    svg = to_svg(figure, "Rien.", "a")
    assert re.search('fill="#123456" font-size="31"[^>]*><text[^>]*>Autre<', svg)
    assert svg.count('font-size="31"') == 1
    assert svg.count("#654321") == 1
    assert f">{other.get_text()}<" not in svg


@pytest.mark.parametrize("name", ["profil", "items", "carte"])
def test_matplotlib_saves_the_figure_too(name, tmp_path):
    figure, alt = three(campaign())[name]
    before = to_svg(figure, alt, "a")
    figure.savefig(tmp_path / "figure.png", dpi=100, facecolor="white")
    ink = imread(tmp_path / "figure.png")[..., :3].min(axis=2) < 0.5
    assert ink.shape[1] == pytest.approx(700 * 100 / 72, abs=1)
    assert ink.mean() > 0.01
    assert to_svg(figure, alt, "a") == before


@pytest.mark.parametrize("narrow", [False, True])
def test_figures_are_light(narrow):
    sizes = {
        name: len(svg.encode()) / 1024
        for name, svg in written(campaign(instrument(items=5)), narrow).items()
    }
    assert sizes["profil"] < 25
    assert sizes["items"] < 25
    assert sizes["carte"] < 60


def test_identifiers_begin_with_the_figures_own():
    for name, svg in usual().items():
        ids = re.findall(r'\bid="([^"]+)"', svg)
        assert len(ids) == len(set(ids))
        assert all(id.startswith(f"f-{name}") for id in ids)
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(ids)


def test_the_element_is_an_image_with_a_text_alternative_and_no_fixed_size():
    for svg in usual().values():
        root = ET.fromstring(svg)
        described = root.find("{http://www.w3.org/2000/svg}desc")
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == described.get("id")
        assert len(described.text) > 40
        assert root.get("viewBox")
        assert root.get("width") == "100%"
        assert root.get("height") is None


def test_nothing_active_dated_or_styling_the_page_is_inside():
    for svg in usual().values():
        assert svg.startswith("<svg ")
        for unwanted in (
            "<style",
            "<script",
            "<metadata",
            "<!--",
            "<?xml",
            "DOCTYPE",
            "style=",
            "href",
            "Matplotlib",
            "DejaVu",
        ):
            assert unwanted not in svg


@pytest.mark.parametrize("narrow", [False, True])
def test_hostile_names_are_drawn_as_text(narrow):
    asked = instrument((HOSTILE, HOSTILE * 8, "Calme"), text=HOSTILE)
    services = [(HOSTILE, f"{HOSTILE}{i}") for i in range(3)]
    for svg in written(campaign(asked, services, hidden=[1]), narrow).values():
        tags = {element.tag.split("}")[1] for element in ET.fromstring(svg).iter()}
        assert tags <= {"svg", "desc", "defs", "pattern", "g", "path", "text"}
        assert "\x00" not in svg
        assert "\u202e" not in svg
    assert "$x^2$" in svg


def test_coordinates_have_at_most_two_decimals():
    for svg in usual().values():
        assert not re.search(r"\d\.\d{3}", svg)


@pytest.mark.parametrize("id", ["", "1a", "a b", 'a"', "é"])
def test_an_identifier_that_is_not_one_is_refused(id):
    with pytest.raises(ValueError, match="identifier"):
        to_svg(Figure(), "Rien.", id)


def test_pictures_are_refused():
    figure = Figure((1, 1), dpi=72)
    figure.figimage([[0, 1], [1, 0]])
    with pytest.raises(TypeError, match="not images"):
        to_svg(figure, "Rien.", "a")


def test_any_matplotlib_figure_is_written():
    figure = Figure((3, 2))
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], "o--", label="essai")
    axes.set_title("Deux\nlignes")
    assert ET.fromstring(to_svg(figure, "Une droite.", "a")) is not None


def test_services_do_not_leak_into_a_service_figure():
    svg = usual()
    for _, service in SERVICES[1:]:
        assert service not in svg["profil"] + svg["items"]
