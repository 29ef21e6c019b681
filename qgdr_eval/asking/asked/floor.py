"""How many a service must be: to be asked alone, and to have what it answered opened."""

from qgdr_eval.french import count, quote, typography
from qgdr_eval.responses.campaign import Campaign

FLOOR = 5  # people asked alone, returns opened: fewer rows would be read as somebody's


def floor_of_opening(campaign: Campaign, *, closed: bool) -> int:
    """The fewest new returns of a service that are opened.

    Five the first time: a service too small for a page of its own counts in its facility's. What
    comes once the campaign is closed is read beside rows that are known: as many as a page needs.

    >>> campaign = Campaign(id="essai", title="Essai", period="mars 2026",
    ...                     instrument="culture_ehpad", responses="reponses.csv")
    >>> floor_of_opening(campaign, closed=False), floor_of_opening(campaign, closed=True)
    (5, 10)
    """
    return campaign.disclosure.minimum if closed else FLOOR


def too_few(service: str, heads: int) -> str:
    """Why a service is not asked alone, in words.

    >>> "jamais ouvertes" in too_few("Nuit", 3)
    True
    """
    return typography(
        f"{quote(service)} compte {count(heads, 'personne')} : sous {FLOOR} réponses, celles d'un "
        "service se liraient comme celles de quelqu'un, et ne sont jamais ouvertes"
    )
