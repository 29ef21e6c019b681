"""The first screen, wherever people answer: who asks, why, and where a card's code is typed."""

from qgdr_eval.asking.asked.campaign import Asked
from qgdr_eval.asking.asked.inquiry import Inquiry
from qgdr_eval.asking.form.lay import length_of, render
from qgdr_eval.asking.preparing.sheets import place_of
from qgdr_eval.asking.sealing.cards import EXAMPLE, spaced
from qgdr_eval.french import set_type


def lay_first(template: str, asked: Asked, inquiry: Inquiry, **more: object) -> str:
    """A first screen from its template. ``more``: what this host alone says."""
    page = render(
        template,
        asked=asked,
        access=inquiry.access,
        length=length_of(asked.instrument),
        places=[place_of(unit, asked) for unit in inquiry.units],
        example=spaced(EXAMPLE),
        **more,
    )
    return set_type(page)
