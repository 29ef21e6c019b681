"""The end of a page: where every figure on it comes from."""

from collections.abc import Sequence
from typing import Protocol

from markupsafe import Markup

from qgdr_eval import __version__
from qgdr_eval.disclosure import Card
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.page.fragment import Fragment, day_in_full, render

PRINT = Markup('<span class="hash">{}</span>')
WHOLE = Markup('<b class="hash">{}</b> SHA-256 complet : <span class="hash">{}</span>')
SHOWN = 12  # signs of a fingerprint that are enough to compare two by eye
ANNEX = (
    "Les chiffres, les calculs et la méthode sont dans la page, dépliés à l'écran ; ce qui y est "
    "déplié s'imprime."
)


class Measured(Protocol):
    """Results of a campaign, and their fingerprint."""

    @property
    def card(self) -> Card:
        """What a reader must know of the campaign."""

    @property
    def instrument(self) -> Instrument:
        """What was asked."""

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of what the page may read."""


def kit_version() -> str:
    """The version of the kit that made the page."""
    return __version__


def short_print(digest: str) -> Markup:
    """The first signs of a fingerprint.

    >>> short_print("0123456789abcdef")
    Markup('<span class="hash">0123456789ab</span>')
    """
    return PRINT.format(digest[:SHOWN])


def whole_print(digest: str) -> Markup:
    """A fingerprint, its first signs apart."""
    return WHOLE.format(digest[:SHOWN], digest)


def made(report_date: str) -> str:
    """When a page was made, and by which kit. ``report_date``: ISO day, today when empty."""
    return f"{day_in_full(report_date)}, qgdr-eval {kit_version()}"


def lay_provenance(lines: Sequence[tuple[str, str]], *, compact: bool = False) -> Fragment:
    """Lay out where figures come from, line by line.

    >>> "Tableau" in lay_provenance([("Tableau", "indicateurs.xlsx")]).html
    True
    """
    return render("page/provenance", lines=lines, compact=compact, annex="")


def campaign_provenance(report: Measured, n: str, what: str, report_date: str) -> Fragment:
    """Where the figures of a campaign come from: questionnaire, campaign, ``n``, kit, results.

    ``what``: of which results the fingerprint is.
    """
    instrument, card = report.instrument, report.card
    lines = [
        (
            "Instrument",
            f"{instrument.title}, {instrument.id} version {instrument.version}. "
            f"{instrument.source.rstrip('.')}. Licence : {instrument.licence.rstrip('.')}.",
        ),
        ("Campagne", f"{card.title} ({card.id}), {card.period}"),
        ("Effectif", n),
        ("Rapport", made(report_date)),
        (f"Empreinte des résultats {what}", whole_print(report.fingerprint)),
    ]
    return render("page/provenance", lines=lines, compact=False, annex=ANNEX)
