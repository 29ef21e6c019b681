"""How many columns are recognised, asked or mistaken, through every shipped questionnaire.

Headers are written as survey tools write them, damaged as files are on the way, shuffled among
other columns. Twice: once whole, once with a quarter of the items' columns missing, which no other
column may stand for.

    python benchmarks/recognition.py
"""

import random
from collections import Counter
from collections.abc import Callable

from qgdr_eval.instruments import Instrument, Item, load_instrument, shipped_instruments
from qgdr_eval.responses.recognise import recognise_items

SEED = 2026
ASIDE = ["Horodateur", "Dans quel service travaillez-vous ?", "Profession", "Remarques libres"]
Write = Callable[[Item], str]


def damaged(text: str, written: str, read: str) -> str:
    """A text written in one encoding and read in another."""
    return text.encode(written, "replace").decode(read, "replace")


def lost(text: str) -> str:
    """A text whose letters outside ASCII became « ? »."""
    return "".join(c if c.isascii() else "?" for c in text)


# What tools write above an item's answers, and the least share to find: 1 where nothing is lost.
SHAPES: dict[str, tuple[Write, float]] = {
    "code": (lambda item: item.code, 1),
    "code in small letters": (lambda item: item.code.lower(), 1),
    "CULT[code]": (lambda item: f"CULT[{item.code}]", 1),
    "G01Q02[code]": (lambda item: f"G01Q02[{item.code}]", 1),
    "group/code": (lambda item: f"culture/{item.code}", 1),
    "Q12_code": (lambda item: f"Q12_{item.code}", 1),
    "code. text": (lambda item: f"{item.code}. {item.text}", 1),
    "code - text": (lambda item: f"{item.code} - {item.text}", 1),
    "code [text]": (lambda item: f"{item.code} [{item.text}]", 1),
    "code. text, cut at 30": (lambda item: f"{item.code}. {item.text}"[:30], 1),
    "G01Q02[code]. question [text]": (
        lambda item: f"G01Q02[{item.code}]. Êtes-vous d'accord ? [{item.text}]", 1),
    "Q01_Q1->text": (lambda item: f"Q01_Q1->{item.text}", 1),
    "the text": (lambda item: item.text, 1),
    "question [text]": (lambda item: f"Êtes-vous d'accord ? [{item.text}]", 1),
    "question - text": (lambda item: f"Êtes-vous d'accord ? - {item.text}", 1),
    "numbered": (lambda item: f"12. {item.text}", 1),
    "tags": (lambda item: f"<p><b>{item.text.replace(chr(39), '&#039;')}</b></p>", 1),
    "blanks as _": (lambda item: item.text.replace(" ", "_"), 1),
    "no-break spaces, typographic apostrophes": (
        lambda item: item.text.replace(" ", "\u00a0").replace("'", "’") + "\u202f", 1),
    "UTF-8 read as Windows-1252": (lambda item: damaged(item.text, "utf-8", "cp1252"), 1),
    "Windows-1252 read as UTF-8": (lambda item: damaged(item.text, "cp1252", "utf-8"), 0.98),
    "DOS read as Windows-1252": (lambda item: damaged(item.text, "cp850", "cp1252"), 0.98),
    "? for what is not ASCII": (lambda item: lost(item.text), 0.98),
    "capitals without accents": (lambda item: lost(item.text).replace("?", "").upper(), 0.98),
    "cut at 60": (lambda item: item.text[:60], 0.99),
    "cut at 60, then damaged": (lambda item: lost(item.text[:60]), 0.9),
    "damaged, then cut at 60": (lambda item: damaged(item.text, "utf-8", "cp1252")[:60], 0.99),
    "cut at 30": (lambda item: item.text[:30], 0.85),
    "cut at 30 …": (lambda item: item.text[:30].rstrip() + "…", 0.85),
    "cut at 15 ..": (lambda item: item.text[:15] + ".. ", 0.6),
}  # fmt: skip


def shuffled(headers: list[str]) -> list[str]:
    """The headers in another order, each once."""
    unique = list(dict.fromkeys(headers))
    random.Random(SEED).shuffle(unique)
    return unique


def outcome(instrument: Instrument, write: Write, every: int = 0) -> Counter[str]:
    """``right``, ``asked``, ``wrong`` items; with ``every``, one column in so many is missing."""
    named = {item.code: write(item) for item in instrument.items}
    kept = [code for rank, code in enumerate(named) if not every or rank % every]
    own = Counter(named[code] for code in kept)  # cut short, two questions may read alike
    found = recognise_items(shuffled([*(named[code] for code in kept), *ASIDE]), instrument)
    seen: Counter[str] = Counter(right=0, asked=0, wrong=0)
    for code in named:
        column = found.columns.get(code)
        if column is None:
            seen["asked"] += code in kept
        else:
            right = code in kept and column == named[code] and own[column] == 1
            seen["right" if right else "wrong"] += 1
    return seen


def main() -> None:
    """Print the table of docs/decisions/0010-headers-of-exports.md."""
    instruments = [load_instrument(id) for id in shipped_instruments()]
    print("| headers | right | asked | wrong | a quarter missing: right | asked | wrong |")
    print("|---|---|---|---|---|---|---|")
    for shape, (write, _) in SHAPES.items():
        cells = []
        for every in (0, 4):
            total = sum((outcome(one, write, every) for one in instruments), Counter())
            cells += [str(total[key]) for key in ("right", "asked", "wrong")]
        print(f"| {shape} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
