"""The top of a page: whose it is, what it rests on, what it is and what it is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from qgdr_eval.disclosure import Card
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.page.fragment import Fragment, render


@dataclass(frozen=True, kw_only=True)
class Masthead:
    """What a masthead says. ``facility``, ``service``, ``n``: what the page is proved to be of.

    ``over``: what page this is; ``title``: of whom; ``under``: where that is; ``asked``: the
    questionnaire, where ``over`` does not say it. ``facts``: what it rests on, one by one;
    ``layout``: ``close`` for many facts, ``brief`` for two. ``what``, ``why``: what the page is,
    and how it must not be read.
    """

    over: str
    title: str
    facts: Sequence[tuple[str, str]]
    what: str
    why: str
    facility: str = ""
    service: str = ""
    n: str = ""
    under: str = ""
    asked: str = ""
    layout: str = ""
    draft: bool = False


def lay_masthead(head: Masthead) -> Fragment:
    """Lay a masthead out.

    >>> head = Masthead(over="Plan", title="Bloc", facts=[("Actions", "3")], what="Lu.", why="")
    >>> "<h1>Bloc</h1>" in lay_masthead(head).html
    True
    """
    return render("page/masthead", head=head)


def campaign_line(card: Card) -> str:
    """The campaign a page is of, and when it was.

    >>> card = Card("culture", "Culture de sécurité", "mars 2026", 10, "campaign")
    >>> campaign_line(card)
    'Culture de sécurité – mars 2026'
    """
    return f"{card.title} – {card.period}"


def asked_line(card: Card, instrument: Instrument) -> str:
    """The questionnaire, where the campaign's own title does not say it."""
    return "" if instrument.title in card.title else instrument.title
