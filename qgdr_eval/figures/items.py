"""The items of one dimension: answers laid left and right of one zero, unfavourable on the left.

The example reads ``team_report``: `qgdr demo essai` writes a campaign, and
``open_report("essai/campagne.yml")`` of `qgdr_eval.reporting` opens it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from matplotlib.figure import Figure

from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.disclosure.tables import ANSWERED
from qgdr_eval.figures.lettering import measure, wrap
from qgdr_eval.figures.profile import key_critical, only_group
from qgdr_eval.figures.style import (
    BODY,
    LINE,
    NARROW,
    SMALL,
    WIDE,
    Entry,
    Plane,
    Sheet,
    draw_box,
    draw_key,
    draw_line,
    draw_scale,
    draw_uprights,
    lay_key,
    shades,
    text_on,
)
from qgdr_eval.figures.words import POLES as POLE_WORDS
from qgdr_eval.figures.words import STATES, critical_words, hidden_words, marked, state_words
from qgdr_eval.frames import DistributionRow
from qgdr_eval.french import listed, number, percent, quote, typography
from qgdr_eval.instruments import Instrument, Item, Scale
from qgdr_eval.palette import PALETTE
from qgdr_eval.scoring.coding import favourable_labels, favourable_poles
from qgdr_eval.wording.levels import axis_levels, level_places, short_level
from qgdr_eval.wording.subjects import subject_of

BAR = 20
REVERSED = "item inversé"
TURNED = {  # the head of a legend: reversed or not, one item or several
    (False, False): "Item non inversé",
    (False, True): "Items non inversés",
    (True, False): "Item inversé",
    (True, True): "Items inversés",
}
POLES = ("negative", "neutral", "positive")
SIDES = {  # people or records, after what is counted
    True: ("Réponses défavorables", "Réponses favorables"),
    False: ("{} non conformes", "{} conformes"),
}
NARROW_SIDES = {True: ("Défavorables", "Favorables"), False: ("Non conformes", "Conformes")}
FEW = 3  # scales that one key can tell apart
GAP, APART = 6, 9  # between an item and its bar, between two items


Legend = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Segment:
    """One answer option of one item, from ``left`` over ``share`` on the −100…100 frame."""

    position: int
    pole: str
    left: float
    share: float
    face: str


@dataclass(frozen=True)
class Bar:
    """One item: its segments, the answers without a value, the words said when not shown.

    ``by_pole``: a segment is all the answers of one pole.
    """

    item: Item
    scale: Scale
    segments: tuple[Segment, ...]
    apart: dict[str, float]
    n: float
    hidden: str
    by_pole: bool = False


@dataclass(frozen=True)
class Layout:
    """Where things stand on the sheet, in pixels: the plot, the right edge of n, the thin bar."""

    width: float
    plot: tuple[float, float]
    n: float
    thin: tuple[float, float]


LAYOUTS = {
    False: Layout(WIDE, (14, 528), 578, (602, 662)),
    True: Layout(NARROW, (14, 248), 284, (296, 326)),
}


def items_figure(published: Published, dimension: str, narrow: bool = False) -> Figure:
    """Draw the answers to the items of one dimension for one service, in the instrument's order.

    ``published`` is kept to one service by `Published.of`; ``narrow``: for a telephone. The frame
    is always −100…100 with zero in the middle of the neutral answers. Artists carry a gid:
    ``bar:<item>:<position>``, ``apart:<item>:<state>``, ``hidden:<item>``.

    >>> figure = items_figure(team_report.published, "liberte_expression")
    >>> bool(figure.findobj(lambda artist: str(artist.get_gid()).startswith("bar:")))
    True

    Raises:
        ValueError: the results are those of several services.
    """
    return draw_items(item_bars(published, dimension), published.instrument, narrow)


def draw_items(
    bars: list[Bar], instrument: Instrument, narrow: bool, *, keyed: bool = True
) -> Figure:
    """Draw bars as `items_figure` does; read once, they are drawn wide, narrow, and said.

    ``keyed``: with what the colours mean, which several figures may share, see `draw_shared_key`.
    """
    layout = LAYOUTS[narrow]
    titles = [_title(bar.item, layout.width - 4) for bar in bars]
    heights = [len(lines) * LINE + GAP + BAR + APART for lines in titles]
    top, key = 36, lay_key(_key(instrument, bars) if keyed else [], layout.width - 4)
    bottom = top + sum(heights)
    sheet = Sheet(layout.width, bottom + 16 + (14 + key.height if keyed else 0))
    plane = sheet.plane(*layout.plot, -100, 100)
    _draw_heads(sheet, layout, instrument)
    for bar, lines, height in zip(bars, titles, heights, strict=True):
        _draw_bar(sheet, plane, bar, lines, top, layout)
        top += height
    draw_scale(sheet, plane, bottom + 12, {-100: percent(100), 0: "0", 100: percent(100)})
    draw_key(sheet, key, 0, bottom + 24)
    return sheet.figure


def share_a_key(bars: Sequence[Bar], instrument: Instrument) -> bool:
    """Whether one key can say what the colours of all these items mean, in a few lines.

    Levels have words of their own in each question.
    """
    dimensions = {bar.item.dimension: instrument.dimension(bar.item.dimension) for bar in bars}
    levels = any(axis_levels([dimension], instrument) for dimension in dimensions.values())
    return not levels and len(_straight_legends(bars)) <= FEW


def shared_key(bars: Sequence[Bar], instrument: Instrument) -> list[Entry]:
    """What the colours of all these items mean, a line for each scale; see `share_a_key`."""
    entries = []
    for rank, legend in enumerate(_straight_legends(bars)):
        entries.append(_note("ou" if rank else "Réponses"))
        entries += [Entry(partial(_key_swatch, face), label) for face, label in legend]
    if any(bar.item.reversed and not bar.by_pole for bar in bars):
        text = f"{REVERSED.capitalize()} : les mêmes couleurs, les réponses dans l'ordre contraire"
        entries.append(Entry(_no_mark, typography(text), 0, fresh=True))
    return [*entries, *_apart_entries(instrument, bars)]


def _straight_legends(bars: Sequence[Bar]) -> list[Legend]:
    """What colours mean on each scale, as for questions that are not reversed."""
    shown = [bar for bar in bars if bar.segments] or bars
    straight = (replace(bar, item=bar.item.model_copy(update={"reversed": False})) for bar in shown)
    return list(dict.fromkeys(_legend(bar) for bar in straight))


def draw_shared_key(entries: Sequence[Entry], narrow: bool) -> Figure:
    """Draw a key alone, as wide as a page or as a telephone."""
    width = LAYOUTS[narrow].width
    key = lay_key(entries, width - 4)
    sheet = Sheet(width, key.height + 4)
    draw_key(sheet, key, 0, 0)
    return sheet.figure


def item_bars(published: Published, dimension: str) -> list[Bar]:
    """What the figure shows: one bar per item of the dimension, in the instrument's order."""
    only_group(published)
    rows = rows_of(published.distributions, DistributionRow, dimension=dimension)
    return [
        _bar(item, published.instrument, [row for row in rows if row.item == item.code])
        for item in published.instrument.items_of(dimension)
    ]


def _bar(item: Item, instrument: Instrument, answers: list[DistributionRow]) -> Bar:
    options = sorted(
        (row for row in answers if row.state in ANSWERED), key=lambda row: row.position
    )
    status: str = answers[0].status if answers else "absent"
    n = sum(row.count for row in options) if status == "published" else float("nan")
    if status == "published" and not n > 0:
        status = "no_answer"
    hidden = "" if status == "published" else hidden_words(status)
    segments = () if hidden else _segments(options)
    by_pole = any(row.state == "pole" for row in options)
    return Bar(item, instrument.scale_of(item), segments, _apart(answers), n, hidden, by_pole)


def _segments(options: list[DistributionRow]) -> tuple[Segment, ...]:
    """Options from least to most favourable, the neutral ones astride zero."""
    faces = dict(
        zip([row.position for row in options], _faces([row.pole for row in options]), strict=True)
    )
    poles = {pole: [row for row in options if row.pole == pole] for pole in POLES}
    edge = -_shared(poles["negative"]) - _shared(poles["neutral"]) / 2
    segments = []
    for row in (row for pole in POLES for row in poles[pole]):
        segments.append(Segment(row.position, row.pole, edge, row.share, faces[row.position]))
        edge += row.share
    return tuple(segments)


def _shared(options: list[DistributionRow]) -> float:
    return sum(row.share for row in options)


def _faces(poles: Sequence[str]) -> list[str]:
    """A colour per option: the strongest at both ends."""
    counts = {pole: list(poles).count(pole) for pole in POLES}
    warm, cool = shades("warm", counts["negative"]), shades("cool", counts["positive"])[::-1]
    ramps = {"negative": iter(warm), "positive": iter(cool)}
    return [PALETTE["neutral"] if pole == "neutral" else next(ramps[pole]) for pole in poles]


def _apart(answers: list[DistributionRow]) -> dict[str, float]:
    """Shares of respondents whose answer has no value, where they may be shown."""
    return {
        row.state: row.share
        for row in answers
        if row.state in STATES and row.status == "published" and row.share >= 0
    }


def _title(item: Item, width: float) -> tuple[str, ...]:
    """The item's text on at most four lines, marked when it is critical, or reversed."""
    lines = wrap(marked(item.text, item.critical), width, BODY, 4)
    if not item.reversed:
        return lines
    ending = f"{lines[-1]} — {REVERSED}"
    return (*lines[:-1], ending) if measure(ending, BODY) <= width else (*lines, f"— {REVERSED}")


def _draw_heads(sheet: Sheet, layout: Layout, instrument: Instrument) -> None:
    middle, narrow = sum(layout.plot) / 2, layout.width == NARROW
    people, subject = not instrument.of_records, subject_of(instrument)
    sides = NARROW_SIDES if narrow else SIDES
    left, right = (side.format(subject.heading) for side in sides[people])
    whole = "% du total" if narrow else f"% des {subject.plural if not people else 'répondants'}"
    sheet.write(middle - 12, 14, f"← {left}", size=SMALL, colour="warm", align="right")
    sheet.write(middle + 12, 14, f"{right} →", size=SMALL, colour="cool")
    sheet.write(layout.n, 14, "n", size=SMALL, colour="muted", align="right")
    sheet.write_lines(
        sheet.width,
        14,
        ["Hors calcul", whole],
        size=SMALL,
        leading=14,
        colour="muted",
        align="right",
    )


def _draw_bar(
    sheet: Sheet, plane: Plane, bar: Bar, lines: tuple[str, ...], top: float, layout: Layout
) -> None:
    sheet.write_lines(0, top + 13, lines)
    top += len(lines) * LINE + GAP
    if bar.hidden:
        _write_hidden(sheet, bar, top, layout)
    else:
        draw_uprights(plane, (-100, -50, 50, 100), top - 3, top + BAR + 3)
        draw_uprights(plane, (0,), top - 3, top + BAR + 3, "muted")
    for segment in bar.segments:
        _draw_segment(sheet, plane, bar.item.code, segment, top)
    if bar.n == bar.n:
        sheet.write(
            layout.n,
            top + 15,
            number(bar.n),
            colour="muted",
            align="right",
            gid=f"n:{bar.item.code}",
        )
    _draw_apart(sheet, bar, top, layout)


def _write_hidden(sheet: Sheet, bar: Bar, top: float, layout: Layout) -> None:
    width = layout.plot[1] if bar.apart else layout.width
    for rank, line in enumerate(wrap(bar.hidden, width, SMALL, 2)):
        sheet.write(
            0,
            top + 13 + rank * 15,
            line,
            size=SMALL,
            colour="muted",
            italic=True,
            gid=f"hidden:{bar.item.code}",
        )


def _draw_segment(sheet: Sheet, plane: Plane, code: str, segment: Segment, top: float) -> None:
    if segment.share <= 0:
        return
    draw_box(
        plane,
        segment.left,
        top,
        segment.share,
        BAR,
        segment.face,
        edge="paper",
        gid=f"bar:{code}:{segment.position}",
        layer=2,
    )
    left, right = plane.pixel(segment.left), plane.pixel(segment.left + segment.share)
    text = number(segment.share)
    if measure(text, SMALL) + 5 <= right - left:
        sheet.write(
            (left + right) / 2,
            top + 15,
            text,
            size=SMALL,
            align="center",
            colour=text_on(segment.face),
            gid=f"share:{code}:{segment.position}",
        )


def _draw_apart(sheet: Sheet, bar: Bar, top: float, layout: Layout) -> None:
    """The thin bar: answers without a value, in share of respondents."""
    left, right = layout.thin
    x, y = left, top + BAR / 2 - 4
    if not bar.apart:
        return
    draw_line(sheet.canvas, [left, right], [y + 8, y + 8], "rule")
    for state in STATES:
        width = bar.apart.get(state, 0.0) / 100 * (right - left)
        if width > 0:
            draw_apart(sheet.canvas, x, y, width, state, f"apart:{bar.item.code}:{state}")
            x += width
    total = sum(bar.apart.values())
    sheet.write(sheet.width, top + 15, percent(total), size=SMALL, colour="muted", align="right")


def draw_apart(
    plane: Plane, x: float, y: float, width: float, state: str, gid: str | None = None
) -> None:
    """A piece of the thin bar: filled, hatched or hollow according to what was not said."""
    face = {"not_applicable": "grey", "dont_know": "soft", "missing": "paper"}[state]
    draw_box(plane, x, y, width, 8, face, edge="grey", gid=gid, layer=2, hatch=state == "dont_know")


def _key(instrument: Instrument, bars: list[Bar]) -> list[Entry]:
    """What colours mean, for each set of items that give them the same meaning; then the rest."""
    groups: dict[Legend, list[Item]] = {}
    for bar in [bar for bar in bars if bar.segments] or bars:
        groups.setdefault(_legend(bar), []).append(bar.item)
    say = _level_entries if _same_levels(instrument, bars, groups) else _answer_entries
    return [*say(groups, bars[0].scale), *_apart_entries(instrument, bars)]


def _apart_entries(instrument: Instrument, bars: Sequence[Bar]) -> list[Entry]:
    """What the pieces of the thin bar mean."""
    meanings = {
        state: state_words(instrument, bars[0].item, state) for state in _states(instrument, bars)
    }
    marks = [Entry(partial(_key_apart, state), words) for state, words in meanings.items()]
    return [_note("Hors calcul"), *marks, *_critical_entry(instrument, bars)]


def _critical_entry(instrument: Instrument, bars: Sequence[Bar]) -> list[Entry]:
    """What the mark before an item means, where one is critical."""
    critical = [bar.item.dimension for bar in bars if bar.item.critical]
    named = [critical_words(instrument.dimension(id)) for id in critical[:1]]
    return [Entry(key_critical, text, fresh=True) for text in named]


def _same_levels(instrument: Instrument, bars: list[Bar], groups: Collection[Legend]) -> bool:
    """Whether the items are read on the same levels, in the same colours."""
    dimension = instrument.dimension(bars[0].item.dimension)
    faces = {tuple(face for face, _ in legend) for legend in groups}
    by_pole = any(bar.by_pole for bar in bars)
    return len(faces) == 1 and not by_pole and bool(axis_levels([dimension], instrument))


def _legend(bar: Bar) -> Legend:
    """(colour, answer as worded, or side) of each place on a bar, from left to right."""
    poles = favourable_poles(bar.scale, bar.item)
    if bar.by_pole:
        met = [pole for pole in POLES if pole in poles]
        sides = (f"Réponses {POLE_WORDS[pole]}s" for pole in met)
        return tuple(zip(_faces(met), sides, strict=True))
    faces = _faces(poles)
    return tuple(zip(faces, favourable_labels(bar.scale, bar.item), strict=True))


def _answer_entries(groups: dict[Legend, list[Item]], scale: Scale) -> list[Entry]:
    """One line of answers in their colours for each legend, named when there are several."""
    entries = []
    for legend, items in groups.items():
        entries += [_note(_head(items, groups))] if len(groups) > 1 else []
        entries += [Entry(partial(_key_swatch, face), label) for face, label in legend]
    return entries


def _level_entries(groups: dict[Legend, list[Item]], scale: Scale) -> list[Entry]:
    """The letters in their colours, once; then what each stands for in each question."""
    faces = [face for face, _ in next(iter(groups))]
    places = [100 * rank / (len(faces) - 1) for rank in range(len(faces))]
    entries = [
        Entry(partial(_key_swatch, face), short_level(place, scale))
        for face, place in zip(faces, places, strict=True)
    ]
    named, indent = level_places(scale), 12 if len(groups) > 1 else 0
    for legend, items in groups.items():
        entries += [_note(_head(items, groups))] if len(groups) > 1 else []
        labels = [label for place, (_, label) in zip(places, legend, strict=True) if place in named]
        entries += [Entry(_no_mark, typography(label), indent, fresh=True) for label in labels]
    return entries


def _head(items: list[Item], groups: dict[Legend, list[Item]]) -> str:
    """Which items a legend belongs to: those turned round or not, else the questions."""
    everyone = [item for group in groups.values() for item in group]
    if len(groups) == 2 and len({item.scale for item in everyone}) == 1:
        return TURNED[items[0].reversed, len(items) > 1]
    return listed(quote(item.text) for item in items)


def _note(text: str) -> Entry:
    """Words on a new line of the key, before the marks they announce."""
    return Entry(_no_mark, typography(f"{text} :"), 0, fresh=True)


def _states(instrument: Instrument, bars: Sequence[Bar]) -> list[str]:
    """The states an answer without a value may have on the scales drawn."""
    scales = [instrument.scale_of(bar.item) for bar in bars]
    possible = {
        "not_applicable": any(scale.not_applicable for scale in scales),
        "dont_know": any(scale.dont_know for scale in scales),
        "missing": True,
    }
    return [state for state in STATES if possible[state]]


def _key_swatch(face: str, sheet: Sheet, x: float, y: float) -> None:
    draw_box(sheet.canvas, x - 6, y - 6, 12, 12, face)


def _key_apart(state: str, sheet: Sheet, x: float, y: float) -> None:
    draw_apart(sheet.canvas, x - 7, y - 4, 14, state)


def _no_mark(sheet: Sheet, x: float, y: float) -> None:
    """A note has no mark."""
