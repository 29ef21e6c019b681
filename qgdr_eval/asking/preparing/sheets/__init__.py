"""What is printed or handed out: cards, paper questionnaire, notice, poster, and the file form."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import segno
from markupsafe import Markup

from qgdr_eval.asking.asked.campaign import Asked
from qgdr_eval.asking.asked.inquiry import Inquiry, Unit
from qgdr_eval.asking.form.lay import PAPER, lay_page, length_of, read, render
from qgdr_eval.asking.form.questions import minutes
from qgdr_eval.asking.preparing.offline import closing_of, lay_offline
from qgdr_eval.asking.sealing.cards import Codes, spaced
from qgdr_eval.french import set_type
from qgdr_eval.writing import slug, written_whole

CARDS = "cartes"  # what the name of a sheet of cards begins with: it is to be deleted once printed
HANDED = {  # what is done of a sheet of paper, by the access that people have
    "cards": "Rendez cette feuille avec votre carte, agrafée ou dans la même enveloppe. La carte "
    "est rayée d'abord : elle ne pourra plus servir ailleurs. N'écrivez aucun nom ; un chiffre "
    "devant chaque réponse sert à la saisie.",
    "open": "Votre service : ………………………………………………………… N'écrivez aucun nom ; un chiffre devant "
    "chaque réponse sert à la saisie.",
}
QUIET = 4  # modules of white around a QR code, as its norm asks (ISO/IEC 18004)


def write_sheets(asked: Asked, inquiry: Inquiry, codes: Codes, out: Path) -> list[Path]:
    """Write everything a campaign prints or hands out; gives the files, cards first.

    Raises:
        Unwritable: the disk does not take it.
    """
    pages = {
        **lay_cards(asked, inquiry, codes),
        "questionnaire-papier.html": lay_paper(asked),
        **_offline(asked, inquiry),
        "notice.html": lay_notice(asked),
        "affiche.html": lay_poster(asked),
    }
    for name, page in pages.items():
        with written_whole(out / name) as half:
            half.write_text(page, encoding="utf-8", newline="\n")
    return [out / name for name in pages]


def _offline(asked: Asked, inquiry: Inquiry) -> Mapping[str, str]:
    """The form as a file; one a facility where comments are told by facility."""
    facilities = list(dict.fromkeys(unit.facility for unit in inquiry.units))
    if len(facilities) == 1 or not asked.asking.comments:
        return {"formulaire-hors-ligne.html": lay_offline(asked, inquiry, facilities[0])}
    return {
        f"formulaire-hors-ligne-{slug(name)}.html": lay_offline(asked, inquiry, name)
        for name in facilities
    }


def lay_paper(asked: Asked) -> str:
    """The questionnaire to print: what to do of it and of its card stands above the questions."""
    host = replace(PAPER, promise=HANDED[asked.asking.access])
    return lay_page(asked.instrument, host, closing_of(asked))


def lay_cards(asked: Asked, inquiry: Inquiry, codes: Codes) -> Mapping[str, str]:
    """A sheet of cards a service, by its file name; none where there are no cards."""
    digits = len(str(len(inquiry.units)))
    return {
        f"{CARDS}-{rank:0{digits}d}-{slug(unit.service)}.html": _cards(asked, unit, codes)
        for rank, unit in enumerate(inquiry.units, start=1)
        if codes[unit.name]
    }


def lay_added(asked: Asked, units: list[Unit], codes: Codes) -> dict[str, str]:
    """A sheet of the cards added to each unit, by its file name: it says what they are."""
    return {
        f"{CARDS}-ajoutees-{slug(place_of(unit, asked))}.html": _cards(asked, unit, codes, "added")
        for unit in units
    }


def _cards(asked: Asked, unit: Unit, codes: Codes, sheet: str = "cards") -> str:
    return _sheet(
        sheet,
        asked,
        f"Cartes : {unit.service}",
        unit=unit,
        place=place_of(unit, asked),
        cards=[(spaced(code), qr(asked.asking.address, code)) for code in codes[unit.name]],
    )


def lay_notice(asked: Asked) -> str:
    """What people are told before they answer: who asks, why, on what ground, for how long."""
    return _sheet("notice", asked, "Avant de répondre", length=length_of(asked.instrument))


def lay_poster(asked: Asked, step: str = "") -> str:
    """A poster that asks to answer. ``step``: how many have, in steps; "" before they are asked."""
    code = qr(asked.asking.address)
    return _sheet(
        "poster", asked, "Affiche", step=step, code=code, minutes=minutes(asked.instrument)
    )


def place_of(unit: Unit, asked: Asked) -> str:
    """A unit as its people call it: with its facility where there are several."""
    named = asked.several_facilities and unit.facility
    return f"{unit.service}, {unit.facility}" if named else unit.service


def qr(address: str | None, code: str = "") -> Markup:
    """The QR code of the form, drawn; nothing when no address serves it.

    A card's code stands after « # »: a browser never sends it, and no proxy writes it down.

    >>> qr(None), qr("http://192.0.2.1:8765", "2345ACDEWXYC")[:4]
    (Markup(''), Markup('<svg'))
    """
    if not address:
        return Markup()
    link = f"{address.rstrip('/')}/#{code}" if code else address
    drawn = segno.make(link, error="m", micro=False)
    return Markup(drawn.svg_inline(border=QUIET, omitsize=True, svgclass="qr", lineclass=None))


def _sheet(name: str, asked: Asked, title: str, **context: object) -> str:
    page = render(
        f"preparing/sheets/{name}",
        title=title,
        style=Markup(read("preparing/sheets/sheets.css")),
        asked=asked,
        campaign=asked.campaign,
        asking=asked.asking,
        **context,
    )
    return set_type(page)
