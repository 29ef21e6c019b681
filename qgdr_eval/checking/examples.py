"""Worked cases beside an instrument: answers anyone can score by hand, and what they must give."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import BeforeValidator, Field

from qgdr_eval.definitions import Document, Strict, read_document, validate
from qgdr_eval.french import number, quote, round_half_up, typography
from qgdr_eval.instruments import Instrument, Item
from qgdr_eval.problems import Problem
from qgdr_eval.scoring.breakdowns import by_service
from qgdr_eval.scoring.coding import code_answers, favourable_labels
from qgdr_eval.scoring.evaluate import evaluate

FILE = "exemples.yml"
Scores = dict[tuple[str, str], dict[str, float]]
Number = Annotated[float | None, BeforeValidator(lambda text: None if text == "null" else text)]
Row = dict[str, Annotated[int | None, BeforeValidator(lambda text: text or None)]]


class Tally(Strict):
    """A published share rebuilt: ``positive`` favourable answers of ``total``."""

    positive: Annotated[int, Field(ge=0)]
    total: Annotated[int, Field(ge=1, le=100_000)]


class Expected(Strict):
    """What one item or dimension must give: score (0–100), its printed form, valid answers.

    ``measures``: scores of the other measures of a dimension, by name.
    """

    n_valid: int | None = None
    score: Number = np.nan
    prints: str | None = None
    measures: dict[str, Number] = {}


class Expectation(Strict):
    """Expected results by item code and dimension id; ``item_counts`` checks the structure.

    ``whole``: scores of a whole audit grid, by measure.
    """

    items: dict[str, Expected] = {}
    dimensions: dict[str, Expected] = {}
    whole: dict[str, Number] = {}
    item_counts: dict[str, int] = {}


class Case(Strict):
    """One worked case. ``explain`` is the arithmetic in words; one row of ``answers`` a subject."""

    id: str
    title: str
    explain: str
    answers: tuple[Row, ...] = ()
    counts: dict[str, Tally] = {}
    expect: Expectation


class Examples(Strict):
    """A file of worked cases."""

    cases: tuple[Case, ...]


def check_examples(instrument: Instrument, path: Path) -> list[Problem]:
    """Score every worked case and list those that do not come out as written.

    Raises:
        Refused: the file itself cannot be read.
    """
    document = read_document(path, f"{path.parent.name}/{path.name}")
    examples = validate(document, Examples, lambda doc: _unknown_codes(doc, instrument))
    found = score_cases(examples.cases, instrument)
    return [
        document.problem(
            ("cases", i),
            f"cas {quote(case.id)}",
            typography(what),
            "refaites le calcul à la main : le cas ou l'instrument est faux",
        )
        for i, (case, scores) in enumerate(zip(examples.cases, found, strict=True))
        for what in _mismatches(case, instrument, scores)
    ]


def _unknown_codes(document: Document, instrument: Instrument) -> list[Problem]:
    """Items and answers that the instrument does not know."""
    answers = {item.code: _codes_of(item, instrument) for item in instrument.items}
    problems = []
    for path, code, given in _given(document.values.get("cases")):
        if code not in answers:
            what = f"item {quote(code)} inconnu du questionnaire"
        elif given.lstrip("-").isdigit() and int(given) not in answers[code]:
            what = f"{quote(code)} : le code {quote(given)} n'est pas dans son échelle"
        else:
            continue
        problems.append(
            document.problem(
                path, f"cas n° {int(path[1]) + 1}", typography(what), "corrigez le code"
            )
        )
    return problems


def _codes_of(item: Item, instrument: Instrument) -> set[int]:
    scale = instrument.scale_of(item)
    aside = (*scale.not_applicable, *scale.dont_know)
    return {option.code for option in scale.options} | {special.code for special in aside}


def _given(cases: object) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Where, which item and what answer ("" for published counts), in well-formed cases alone."""
    for i, case in enumerate(cases if isinstance(cases, list) else []):
        if not isinstance(case, dict):
            continue
        rows, counts = case.get("answers"), case.get("counts")
        for j, row in enumerate(rows if isinstance(rows, list) else []):
            for code, given in row.items() if isinstance(row, dict) else ():
                yield ("cases", i, "answers", j, code), code, str(given)
        for code in counts if isinstance(counts, dict) else ():
            yield ("cases", i, "counts", code), code, ""


def _mismatches(case: Case, instrument: Instrument, scores: Scores) -> Iterator[str]:
    for id, expected in case.expect.item_counts.items():
        counted = len(instrument.items_of(id))
        if counted != expected:
            yield f"dimension {quote(id)} : {expected} items attendus, {counted} trouvés"
    for named, level in ((case.expect.items, "item"), (case.expect.dimensions, "dimension")):
        for id, wanted in named.items():
            yield from _differences(id, wanted, scores.get((level, id)))
    yield from _other_measures("grille entière", case.expect.whole, scores.get(("whole", ""), {}))


def _differences(id: str, wanted: Expected, found: dict[str, float] | None) -> Iterator[str]:
    if found is None:
        yield f"{quote(id)} n'existe pas dans le questionnaire"
        return
    if wanted.n_valid is not None and wanted.n_valid != found["n_valid"]:
        yield (
            f"{quote(id)} : {wanted.n_valid} réponses valides attendues, "
            f"{found['n_valid']:.0f} trouvées"
        )
    if "score" in wanted.model_fields_set and not _same(wanted.score, found["score"]):
        yield f"{quote(id)} : score attendu {wanted.score}, obtenu {number(found['score'], 4)}"
    printed = number(found["score"])
    if wanted.prints is not None and wanted.prints != printed:
        yield f"{quote(id)} : doit s'imprimer {wanted.prints}, s'imprime {printed}"
    yield from _other_measures(id, wanted.measures, found)


def _other_measures(
    id: str, wanted: dict[str, float | None], found: dict[str, float]
) -> Iterator[str]:
    for name, score in wanted.items():
        if name not in found:
            yield f"{quote(id)} : pas de mesure {quote(name)}"
        elif not _same(score, found[name]):
            yield f"{quote(id)} : {name} attendu {score}, obtenu {number(found[name], 4)}"


def _same(wanted: float | None, found: float) -> bool:
    return bool(np.isnan(found)) if wanted is None else abs(found - wanted) < 1e-6


def score_cases(cases: Sequence[Case], instrument: Instrument) -> list[Scores]:
    """Score cases together, each as a group of its own; nothing for one without answers.

    Keys ``("item", code)``, ``("dimension", id)`` and, for an audit grid, ``("whole", "")``; each
    gives ``n_valid`` and ``score`` by the dimension's rule, then every measure by its name.
    """
    found: list[Scores] = [{} for _ in cases]
    responses = _responses(cases, instrument)
    if responses.empty:
        return found
    roster = responses[["facility", "service"]].drop_duplicates().assign(head_count=np.nan)
    scores = evaluate(code_answers(responses, instrument), [by_service(responses, roster)])
    rules = {dimension.id: dimension.rule for dimension in instrument.dimensions}
    for row in scores.itertuples():
        level = "item" if row.item else "dimension" if row.dimension else "whole"
        scored = found[int(row.service)].setdefault((level, row.item or row.dimension), {})
        scored[row.measure] = round_half_up(row.score, 9) if row.n_valid else np.nan
        if row.measure == rules.get(row.dimension):
            scored |= {"n_valid": row.n_valid, "score": scored[row.measure]}
    return found


def _responses(cases: Sequence[Case], instrument: Instrument) -> pd.DataFrame:
    """The answers of every case, its rank for a service."""
    given = [[dict(row) for row in case.answers] or _rebuilt(case, instrument) for case in cases]
    rows = [row for case_rows in given for row in case_rows]
    answers = pd.DataFrame(rows, columns=instrument.codes).astype("Int16")
    ranks = [str(rank) for rank, case_rows in enumerate(given) for _ in case_rows]
    place = {
        "facility": pd.Categorical(["f"] * len(rows)),
        "service": pd.Categorical(ranks, list(dict.fromkeys(ranks))),
    }
    return pd.DataFrame(place).join(answers)


def _rebuilt(case: Case, instrument: Instrument) -> list[dict[str, int]]:
    """Answers that give the published counts: the best option so many times, then the worst."""
    rows: list[dict[str, int]] = [
        {} for _ in range(max((tally.total for tally in case.counts.values()), default=0))
    ]
    for code, tally in case.counts.items():
        item = next(item for item in instrument.items if item.code == code)
        worst, best = _extremes(item, instrument)
        for i in range(tally.total):
            rows[i][code] = best if i < tally.positive else worst
    return rows


def _extremes(item: Item, instrument: Instrument) -> tuple[int, int]:
    codes = {option.label: option.code for option in instrument.scale_of(item).options}
    labels = favourable_labels(instrument.scale_of(item), item)
    return codes[labels[0]], codes[labels[-1]]
