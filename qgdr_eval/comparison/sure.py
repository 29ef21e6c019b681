"""How sure a difference is, in the words of a reading: established, to confirm, or neither."""

from typing import Any

ESTABLISHED = ("improved", "worsened", "higher", "lower")


def how_sure(row: Any) -> str:
    """How sure a difference is; ``row``: of the evolution, the gaps or the comparisons frame.

    ``established``: it holds with all comparisons of the page put together. ``to_confirm``: its
    own interval leaves zero out, or all services put together conclude, but not the page.
    ``cannot_conclude``: its interval holds zero. Otherwise its verdict: ``declared`` between two
    positions, ``not_compared``.

    >>> from collections import namedtuple
    >>> row = namedtuple("Row", "verdict low high")
    >>> how_sure(row("not_established", 1, 9)), how_sure(row("not_established", -1, 9))
    ('to_confirm', 'cannot_conclude')
    """
    if row.verdict in ESTABLISHED:
        return "established"
    if row.verdict != "not_established":
        return str(row.verdict)
    together = getattr(row, "campaign_verdict", "not_established") in ESTABLISHED
    return "to_confirm" if together or not row.low <= 0 <= row.high else "cannot_conclude"
