"""Questions exported as one column a choice: read as one column a question.

The question stands above its first choice and nothing above the others; each column holds its own
choice, by its text or its rank, where it was chosen, and nothing elsewhere.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from qgdr_eval.french import count
from qgdr_eval.problems import Problem
from qgdr_eval.tables.faults import fault
from qgdr_eval.tables.heads import HEAD, UNTOLD
from qgdr_eval.tables.spelling import BLANKS, answer_key, plain

Line = Sequence[str]


def line_of_choices(lines: Sequence[Line], rank: int) -> int:
    """The rank of the line of choices, when the line of names is it or stands above it.

    >>> line_of_choices([["Id", "Avis ?", ""], ["", "Oui", "Non"], ["1", "", "Non"]], 0)
    1
    >>> line_of_choices([["Id", "Avis ?", ""], ["", "Oui", "Non"], ["1", "5", "4"]], 0)
    0
    """
    for below in (rank, rank + 1):
        runs = [*_runs(lines[below - 1 : below + 1])] if 0 < below < len(lines) else []
        if runs and any(_chosen(_sample(lines, below), run, lines[below]) for run in runs):
            return below
    return rank


def _sample(lines: Sequence[Line], rank: int) -> pd.DataFrame:
    """The first rows under a line."""
    width = len(lines[rank])
    rows = [_padded(line, width) for line in lines[rank + 1 : HEAD]]
    return pd.DataFrame(rows, columns=range(width), dtype="str")


def fold_choices(
    frame: pd.DataFrame, names: Sequence[str], lines: Sequence[Line], rank: int
) -> tuple[pd.DataFrame, list[str], int]:
    """The table and its names with one column a question, and how many were made so.

    ``lines``: the head of the file; ``rank``: of the line of names, above which questions stand.
    """
    kept = {i: frame.iloc[:, i] for i in range(frame.shape[1])}
    named, made = list(names), 0
    for run in _runs(lines[rank - 1 : rank + 1]) if rank else ():
        if _chosen(frame, run, lines[rank]):
            folded = _folded(frame, run, lines[rank])
            kept = {i: column for i, column in kept.items() if i not in run} | {run[0]: folded}
            named[run[0]], made = lines[rank - 1][run[0]], made + 1
    if not made:
        return frame, named, 0
    ranks = sorted(kept)
    table = pd.DataFrame({at: kept[i] for at, i in enumerate(ranks)})
    return table, [named[i] for i in ranks], made


def told_choices(file: str, questions: int) -> Iterator[Problem]:
    """How many questions were read so, if any was."""
    if questions:
        folded = count(questions, "question lue", "questions lues")
        yield fault(
            file,
            f"{folded} sur plusieurs colonnes, une par réponse proposée",
            "rien à faire si une seule réponse était permise",
            severity="warning",
        )


def _runs(pair: Sequence[Line]) -> Iterator[range]:
    """Columns under one question: a text, then nothing, above choices that all differ."""
    above, below = _padded(pair[0], len(pair[1])), pair[1]
    starts = [i for i, text in enumerate(above) if text.strip(BLANKS)]
    if _is_a_return(starts, below):
        return
    for start, end in pairwise([*starts, len(below)]):
        named = [i for i in range(start, end) if below[i].strip(BLANKS) and not _is_other(below[i])]
        choices = {plain(below[i]) for i in named}
        if (
            len(named) > 1
            and named == [*range(start, named[-1] + 1)]
            and len(choices) == len(named)
        ):
            yield range(start, named[-1] + 1)


def _is_a_return(starts: list[int], below: Line) -> bool:
    """Whether columns that stand alone say something under their names: most do in a return."""
    alone = [i for i, after in pairwise([*starts, len(below)]) if after == i + 1]
    saying = [i for i in alone if plain(below[i]) not in UNTOLD]
    return 2 * len(saying) > len(alone)


def _is_other(choice: str) -> bool:
    """Whether a choice is written by whoever answers, as « Autre (veuillez préciser) »."""
    return plain(choice).startswith(("autre(", "other(", "autre:", "autres(", "autre,"))


def _padded(line: Line, width: int) -> list[str]:
    return [*line, *[""] * width][:width]


def _chosen(frame: pd.DataFrame, run: range, choices: Line) -> bool:
    """Whether each column holds its own choice and nothing else, a row never two of them."""
    many = np.zeros(len(frame), dtype=int)
    for rank, i in enumerate(run, start=1):
        cells = frame.iloc[:, i]
        texts = {text for text in cells.unique() if text.strip(BLANKS)}
        own = {plain(text) == plain(choices[i]) for text in texts}
        ranked = {answer_key(text) == str(rank) for text in texts}
        if texts and not (own == {True} or ranked == {True}):
            return False
        many += cells.isin(texts).to_numpy()
    return bool(many.any() and many.max() == 1)


def _folded(frame: pd.DataFrame, run: range, choices: Line) -> pd.Series:
    texts = np.full(len(frame), "", dtype=object)
    for i in run:
        filled = frame.iloc[:, i].astype(object).str.strip(BLANKS) != ""
        texts[filled.to_numpy(dtype=bool)] = choices[i].strip(BLANKS)
    return pd.Series(texts, dtype="str").astype("category")
