"""What a figure of changes says, in a few sentences, for those who do not see it."""

from collections import Counter
from collections.abc import Sequence

from qgdr_eval.figures.changes import Beside, Change
from qgdr_eval.french import count, listed, quote, typography
from qgdr_eval.wording.changes import IN_A_COUNT

MOST = 4  # rows told one by one
SURE = ("established", "to_confirm")


def say_changes(rows: Sequence[Change], beside: Beside) -> str:
    """Say what is established, what is to be confirmed, and how many conclude nothing.

    >>> row = Change("ecoute", "Écoute", (54, 62), ("54", "62"), difference=8, low=2, high=14,
    ...              sure="established", shown="+8", ends="[+2 ; +14]")
    >>> said = say_changes([row], Beside(False, ("avant", "après"), ("", ""), ("", ""), {}))
    >>> "de 54 à 62, +8 [+2" in said, said.endswith("écart établi.")
    (True, True)
    """
    opening = f"{beside.names[0]} ; {beside.names[1]}. {count(len(rows), 'ligne')}"
    counts = Counter(row.sure for row in rows)
    told = [count(counts[sure], *words) for sure, words in IN_A_COUNT.items() if counts[sure]]
    named = [row for sure in SURE for row in rows if row.sure == sure][:MOST]
    sentences = [
        f"{opening} : {listed(told)}." if told else f"{opening}.",
        *beside.notices,
        f"{' ; '.join(_said(row, beside) for row in named)}." if named else "",
    ]
    return typography(" ".join(sentence for sentence in sentences if sentence))


def _said(row: Change, beside: Beside) -> str:
    """One row: its two ends, its difference with the interval, how sure that is."""
    named = f"{quote(row.label)}{_ends(row, beside)}"
    return f"{named}, {row.shown} {row.ends}, {IN_A_COUNT[row.sure][0]}"


def _ends(row: Change, beside: Beside) -> str:
    if not row.points:
        return ""
    if beside.pair:
        return f", {row.says[0]} et {row.says[1]}"
    several = len(row.points) > 2  # the difference is then of the last two rounds alone
    since = f" en {count(len(row.points), 'tour')} ; depuis le tour d'avant" if several else ""
    return f", de {row.says[0]} à {row.says[1]}{since}"
