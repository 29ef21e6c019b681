"""Every worked line of ``tests/spec`` comes out as written; ``docs/methode.md`` says the same."""

import runpy
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from qgdr_eval.comparison import read_interval
from qgdr_eval.comparison.agreement import measure_agreement
from qgdr_eval.comparison.balance import Balance, read_balance
from qgdr_eval.comparison.differences import newcombe
from qgdr_eval.disclosure.members import choose_members
from qgdr_eval.french import number
from qgdr_eval.instruments import (
    Dimension,
    Instrument,
    Item,
    Option,
    Scale,
    Threshold,
    load_instrument,
)
from qgdr_eval.instruments.difference import differ
from qgdr_eval.instruments.model import SpecialCode
from qgdr_eval.scoring import by_service, code_answers, evaluate, wilson
from qgdr_eval.scoring.intervals import effective_size, lasting_size
from qgdr_eval.scoring.objective import class_against, whole_percent_interval
from qgdr_eval.scoring.sampling import conclusive_counts
from qgdr_eval.wording.difference import STATES, item_words
from tests.rounds import AUDIT, PEOPLE

SPEC = Path(__file__).parent
ROOT = SPEC.parents[1]
Line = dict[str, Any]

POLES = {
    "accord de 1 à 5": {1: "-", 2: "-", 3: "=", 4: "+", 5: "+"},
    "oui ou non (1 ou 0)": {0: "-", 1: "+"},
    "quatre modalités dont seule la 4 est favorable et la 3 neutre": {
        1: "-",
        2: "-",
        3: "=",
        4: "+",
    },
    "accord de 1 à 7": {1: "-", 2: "-", 3: "-", 4: "=", 5: "+", 6: "+", 7: "+"},
}
NAMES = {"-": "negative", "=": "neutral", "+": "positive"}
MARKS = {
    "at_least": Threshold(kind="at_least", value=75, label="haut", origin="essai"),
    "at_most": Threshold(kind="at_most", value=50, label="bas", origin="essai"),
}
VERDICTS = {
    "établi": "established",
    "à confirmer": "to_confirm",
    "pas de repère": "no_threshold",
    "ne permet pas de conclure": "cannot_conclude",
}
BANDS = {"point fort": "strength", "priorité": "priority", "entre les deux": "between"}


def instrument_of(rule: str, scale: str, items: int, turned: bool = False) -> Instrument:
    options = tuple(
        Option(code=code, label=f"modalité {code}", pole=NAMES[pole])
        for code, pole in POLES[scale].items()
    )
    return Instrument(
        id="spec",
        version="1.0.0",
        title="Essai",
        source="invention",
        licence="MIT",
        subject="respondent",
        scales={
            "s": Scale(
                label="s",
                options=options,
                not_applicable=(SpecialCode(code=8, label="Sans objet"),),
                dont_know=(SpecialCode(code=9, label="Ne sait pas"),),
            )
        },
        dimensions=(Dimension(id="d", label="d", definition="d", rule=rule),),
        items=tuple(
            Item(code=f"I{i}", text=f"item {i}", dimension="d", scale="s", reversed=turned)
            for i in range(items)
        ),
    )


def scores_of(instrument: Instrument, rows: list[list[object]]) -> pd.DataFrame:
    """Scores of one group, by item code ("" for the dimension) and measure."""
    given = [[None if answer == "vide" else answer for answer in row] for row in rows]
    answers = pd.DataFrame(given, columns=instrument.codes).astype("Int16")
    place = {name: pd.Categorical([name] * len(rows)) for name in ("facility", "service")}
    roster = pd.DataFrame({"facility": ["facility"], "service": ["service"], "head_count": [pd.NA]})
    responses = pd.DataFrame(place).join(answers)
    scores = evaluate(code_answers(responses, instrument), [by_service(responses, roster)])
    return scores.astype({"item": str, "measure": str}).set_index(["item", "measure"])


def same(found: float, wanted: float | str) -> bool:
    return bool(np.isnan(found)) if wanted == "aucun" else abs(found - float(wanted)) < 1e-9


def near(found: float, wanted: float | str) -> bool:
    """Two decimals, as the tables print."""
    return (
        bool(np.isnan(found)) if wanted == "aucun" else abs(found - float(wanted)) <= 0.005 + 1e-9
    )


def item_positive_share(line: Line) -> None:
    instrument = instrument_of("positive_share", line["scale"], 1, line["reversed"] == "oui")
    row = scores_of(instrument, [[answer] for answer in line["answers"]]).loc[
        ("I0", "positive_share")
    ]
    assert row["n_valid"] == line["n_valid"]
    assert same(row["score"], line["score"])
    assert number(row["score"]) == line["prints"]


def composite(line: Line) -> None:
    counts = [tuple(map(int, item.split("/"))) for item in line["items"]]
    instrument = instrument_of("positive_share", "oui ou non (1 ou 0)", len(counts))
    people = max(total for _, total in counts)
    rows = [
        [1 if i < positive else 0 if i < total else "vide" for positive, total in counts]
        for i in range(people)
    ]
    score = scores_of(instrument, rows).loc[("", "positive_share"), "score"]
    assert same(score, line["score"])
    assert number(score) == line["prints"]
    pooled = Fraction(sum(p for p, _ in counts), sum(total for _, total in counts))
    assert same(100 * float(pooled), line["pooled"])


def mean_0_100(line: Line) -> None:
    instrument = instrument_of("mean_0_100", "accord de 1 à 5", len(line["people"][0]))
    scores = scores_of(instrument, line["people"])
    assert scores.loc[("", "mean_0_100"), "n_valid"] == line["n_valid"]
    assert same(scores.loc[("", "mean_0_100"), "score"], line["score"])
    assert same(scores.loc[("", "agreement_75"), "score"], line["agreement"])


def interval_of(line: Line, score: float, size: float) -> None:
    low, high = wilson(score / 100, size)
    assert near(100 * float(low), line["low"])
    assert near(100 * float(high), line["high"])


def wilson_interval(line: Line) -> None:
    interval_of(line, 100 * line["positive"] / line["n"], line["n"])


def effective(line: Line) -> None:
    share, n = line["score"] / 100, line["n"]
    unrelated = share * (1 - share) / line["items"] / n
    size = float(effective_size(share, line["spread"] / 10_000 / n, unrelated, n))
    assert near(size, line["size"])
    interval_of(line, line["score"], size)


def lasting(line: Line) -> None:
    heads = np.nan if line["head_count"] == "inconnu" else line["head_count"]
    n = line["n"] / line["design_effect"]
    size = float(lasting_size(n, line["n"] / heads, line["alpha"]))
    assert near(size, line["size"])
    interval_of(line, line["score"], size)


def reading(line: Line) -> None:
    marks = {"aucun": [], "75 seul": [MARKS["at_least"]]}
    given = marks.get(line.get("thresholds", ""), list(MARKS.values()))
    found = read_interval(line["score"], line["low"], line["high"], given)
    assert found == (VERDICTS[line["verdict"]], BANDS[line["band"]])
    assert number(line["score"]) == line["prints"]


def members(line: Line) -> None:
    sizes = np.array(line["sizes"])
    chosen = choose_members(np.array(["f"] * len(sizes)), sizes, line["minimum"])
    assert sizes[chosen.shown].tolist() == line["shown"]
    assert [size for size in sizes[chosen.counted] if size] == line["counted"]


def one_group(rule: str, scale: Scale, columns: list[list[object]], **keys: object) -> pd.DataFrame:
    """Scores of one group; ``columns``: the codes answered to each item, all on one scale."""
    items = tuple(
        Item(
            code=f"I{i}",
            text=f"item {i}",
            dimension="d",
            scale="s",
            **{k: v[i] for k, v in keys.items()},
        )
        for i in range(len(columns))
    )
    base = instrument_of("positive_share", "oui ou non (1 ou 0)", 1)
    dimension = Dimension(id="d", label="d", definition="d", rule=rule)
    instrument = base.model_copy(
        update={
            "scales": {"s": scale},
            "items": items,
            "dimensions": (dimension,),
            "subject": "record",
        }
    )
    return scores_of(instrument, [list(row) for row in zip(*columns, strict=True)])


def scale_of(poles: str, codes: dict[str, int] | None = None) -> Scale:
    """A scale from its poles, codes from 0; special answers by their letters and codes."""
    special = codes or {}
    options = tuple(
        Option(code=rank, label=f"modalité {rank}", pole=NAMES[pole])
        for rank, pole in enumerate(poles)
    )
    names = list(special)
    return Scale(
        label="s",
        options=options,
        not_applicable=tuple(SpecialCode(code=special[n], label=n) for n in names[:1]),
        dont_know=tuple(SpecialCode(code=special[n], label=n) for n in names[1:]),
    )


def conformity(line: Line) -> None:
    codes = {"O": 1, "N": 0, "A": 8, "R": 9, "vide": "vide"}
    columns = [[codes[cell] for cell in column] for column in zip(*line["records"], strict=True)]
    scores = one_group("conformity", scale_of("-+", {"A": 8, "R": 9}), columns)
    keys = {"conformity": "mean", "pooled": "pooled", "all_or_none": "all_or_none",
            "all_or_none_least": "least", "all_or_none_most": "most"}  # fmt: skip
    for measure, key in keys.items():
        for found in np.ravel(scores.loc[("", measure), "score"]):  # the dimension, the whole grid
            assert same(found, line[key])


def maturity(line: Line) -> None:
    codes = {level: level - 1 for level in range(1, 6)} | {"sans objet": 8, "ne sait pas": 9}
    columns = [[codes[level] for level in line["levels"]]]
    row = one_group("maturity", scale_of("--==+", {"A": 8, "R": 9}), columns).loc[
        ("I0", "maturity")
    ]
    for name, key in (("score", "middle"), ("low", "low"), ("high", "high")):
        assert same(row[name] / 25 + 1, line[key])


def rating_1_4(line: Line) -> None:
    codes = {1: 0, 2: 1, 3: 2, 4: 3, "*": 4, "NC": 8, "RI": 9}
    columns = [[codes[rating]] for rating in line["ratings"]]
    scores = one_group("rating_1_4", scale_of("--+++", {"NC": 8, "RI": 9}), columns)
    assert same(scores.loc[("", "rating_1_4"), "score"], line["score"])
    assert same(1 + 3 * scores.loc[("", "rating_1_4"), "score"] / 100, line["mean"])
    assert (scores.loc[[f"I{i}" for i in range(len(columns))], "n_valid"] > 0).sum() == line[
        "n_valid"
    ]


def depth_gap(line: Line) -> None:
    codes = {"aucune": 0, "CG": 1, "CO": 2, "CA": 3, "vide": "vide"}
    pairs = [pair.split("/") for pair in line["depths"]]
    columns = [[codes[given]] for given, _ in pairs]
    required = [codes[asked] for _, asked in pairs]
    scores = one_group("depth_gap", scale_of("--++"), columns, required=required)
    assert same(scores.loc[("", "depth_gap"), "score"], line["score"])
    assert scores.loc[[f"I{i}" for i in range(len(pairs))], "n_valid"].sum() == line["n_valid"]


def checklist(line: Line) -> None:
    codes = {"X": 0, "C": 1, "F": 2, "S": 8}
    columns = [[codes[answer]] for answer in line["answers"]]
    scores = one_group("checklist", scale_of("-=+", {"S": 8}), columns)
    assert same(scores.loc[("", "checklist"), "score"], line["score"])
    assert scores.loc[[f"I{i}" for i in range(len(columns))], "n_valid"].sum() == line["n_valid"]


def risk(line: Line) -> None:
    instrument = load_instrument("compte_qualite")
    dimension = instrument.dimensions[0]
    answers = dict.fromkeys(instrument.codes, "vide")
    answers |= {item.code: line[str(item.role)] for item in instrument.items_of(dimension.id)}
    scores = scores_of(instrument, [list(answers.values())]).reset_index()
    row = scores[(scores["dimension"] == dimension.id) & (scores["item"] == "")].iloc[0]
    zones = [zone.id for zone in instrument.risk.zones]
    place = row["score"] / 100 * (len(zones) - 1)
    assert (zones[round(place)] if row["n_valid"] else "aucune") == line["zone"]


def objective(line: Line) -> None:
    found = whole_percent_interval(line["met"], line["n"])
    assert found == (line["low"], line["high"])
    assert class_against(*found) == line["class"]


def dimension_read(place: int, given: list[Any]) -> SimpleNamespace:
    score, low, high = given if given != ["masquée"] else [np.nan] * 3
    verdict, band = read_interval(score, low, high, list(MARKS.values()))
    return SimpleNamespace(
        dimension=str(place),
        score=score,
        low=low,
        high=high,
        verdict="hidden" if given == ["masquée"] else verdict,
        band=band,
    )


def lacking_said(found: Balance) -> str:
    number_said = {0: "aucune", 1: "une"}.get(len(found.lacking), "plusieurs")
    sure = "établie" if found.sure else "à confirmer"
    many = "s" if number_said == "plusieurs" and found.sure else ""
    return number_said if not found.lacking else f"{number_said}, {sure}{many}"


def balance(line: Line) -> None:
    rows = [dimension_read(place, given) for place, given in enumerate(line["dimensions"])]
    found = read_balance(rows, declared=line.get("declared") == "oui")
    if found is None:
        assert line["lowest"] == line["highest"] == line["lacking"] == "aucune"
        return
    scores = {row.dimension: row.score for row in rows}
    assert scores[found.weakest] == line["lowest"]
    assert scores[found.strongest] == line["highest"]
    assert near(found.spread, line["spread"])
    assert near(found.low, line["low"])
    assert near(found.high, line["high"])
    assert lacking_said(found) == line["lacking"]


def two_rounds(line: Line) -> None:
    found = newcombe(*line["now"], *line["before"])
    for value, key in zip(found, ("difference", "low", "high"), strict=True):
        assert near(100 * float(value), line[key])


def two_auditors(line: Line) -> None:
    cells = (line[key] for key in ("both", "first", "second", "neither"))
    found = measure_agreement(*cells)
    for name in ("kappa", "low", "high"):
        assert near(getattr(found, name), line[name])
    for name in ("observed", "positive", "negative"):
        assert near(100 * getattr(found, name), line[name])


def sample_size(line: Line) -> None:
    known = None if line["population"] == "–" else line["population"]
    found = conclusive_counts(line["n"], 80, known)
    assert (found.fewest_above or "jamais") == line["above"]
    assert found.most_below == line["below"]


def versions(line: Line) -> None:
    before = versioned(line["of"], [])
    found = differ(before, versioned(line["of"], line["set"]))
    about = line.get("about")
    item = next((one for one in found.items if one.code == about), found.items[0])
    homes = [one for one in found.dimensions if item in one.items]
    assert item_words(item.changes, criterion=False) == line["item"].replace("–", "")
    assert {STATES[one.state] for one in homes} == {line["dimension"]}
    asked = {one.code: one for one in before.items}
    for one in found.items if not line["set"] else ():
        assert one.before == one.after == asked[one.code]


def versioned(of: str, changes: list[list[Any]]) -> Instrument:
    """A small questionnaire, with what is put at some of its places; a null takes it away."""
    document = yaml.safe_load({"people": PEOPLE, "audit": AUDIT}[of])
    for path, value in changes:
        put(document, path.split("/"), value)
    return Instrument.model_validate(document)


def put(inside: Any, path: list[str], value: Any) -> None:
    """Put a value at a place; the elements of a list go by their code, id or kind."""
    first, *rest = path
    keys = ("code", "id", "kind")
    if isinstance(inside, list):
        names = [str(next(one[key] for key in keys if key in one)) for one in inside]
        if first == "+":
            inside.append(value)
        elif value is None:
            del inside[names.index(first)]
        else:
            put(inside[names.index(first)], rest, value)
    elif rest:
        put(inside[first], rest, value)
    elif first == "items":
        inside[first] = sorted(inside[first], key=lambda item: value.index(item["code"]))
    else:
        inside[first] = value


RULES: dict[str, Callable[[Line], None]] = {
    "differ": versions,
    "item_positive_share": item_positive_share,
    "composite": composite,
    "mean_0_100": mean_0_100,
    "wilson": wilson_interval,
    "effective_size": effective,
    "lasting_size": lasting,
    "read_interval": reading,
    "choose_members": members,
    "conformity": conformity,
    "maturity": maturity,
    "rating_1_4": rating_1_4,
    "depth_gap": depth_gap,
    "checklist": checklist,
    "risk": risk,
    "objective": objective,
    "read_balance": balance,
    "newcombe": two_rounds,
    "measure_agreement": two_auditors,
    "conclusive_counts": sample_size,
}


def worked_lines() -> Iterator[Any]:
    for path in sorted(SPEC.glob("*.yml")):
        spec = yaml.safe_load(path.read_text("utf-8"))
        for rank, line in enumerate(spec["lines"], start=1):
            yield pytest.param(spec["rule"], line, id=f"{path.stem}-{rank}")


@pytest.mark.parametrize(("rule", "line"), list(worked_lines()))
def test_worked_line(rule: str, line: Line) -> None:
    RULES[rule](line)


@pytest.mark.parametrize("path", sorted(SPEC.glob("*.yml")), ids=lambda path: path.stem)
def test_each_table_is_whole(path: Path) -> None:
    spec = yaml.safe_load(path.read_text("utf-8"))
    assert set(spec) == {"rule", "title", "words", "source", "columns", "lines"}
    missing = [key for line in spec["lines"] for key in spec["columns"] if key not in line]
    assert missing == []


def test_the_method_page_is_in_step() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "generate_methode.py"))
    written = (ROOT / "docs" / "methode.md").read_text("utf-8")
    assert written == page["render"](), "run: python docs/generate_methode.py"
