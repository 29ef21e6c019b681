"""What is loaded can be written and loaded again; what cannot be loaded is refused, never worse."""

import random
import string
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.definitions import parse_document, validate
from qgdr_eval.instruments import Instrument, check_instrument, load_instrument
from qgdr_eval.instruments import shipped_instruments as shipped
from qgdr_eval.problems import Refused
from qgdr_eval.responses.campaign import Campaign, check_campaign
from tests.thorough import examples

VALID = Path(__file__).parent / "valid"
ON_ANY_SCALE = ["positive_share", "mean_0_100", "maturity", "checklist"]
identifiers = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
texts = (
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
distinct_texts = st.lists(
    texts, min_size=8, max_size=8, unique_by=lambda text: " ".join(text.casefold().split())
)


def read(text: str) -> Instrument:
    return validate(parse_document(text, "essai.yml"), Instrument, check_instrument)


def written(instrument: Instrument) -> dict[str, Any]:
    return instrument.model_dump(mode="json", exclude_none=True)


def dumped(values: dict[str, Any]) -> str:
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False)


@st.composite
def scales(draw: st.DrawFn) -> dict[str, Any]:
    labels = draw(distinct_texts.filter(lambda words: len({same(word) for word in words}) == 8))
    codes = draw(st.lists(st.integers(-999, 999), min_size=5, max_size=5, unique=True))
    answers = [{"code": code, "label": label} for code, label in zip(codes, labels, strict=False)]
    poles = [
        "negative",
        *draw(st.sampled_from([["neutral"], ["negative"], ["positive"]])),
        "positive",
    ]
    options = [answer | {"pole": pole} for answer, pole in zip(answers, poles, strict=False)]
    return {
        "label": labels[-1],
        "options": options,
        "not_applicable": answers[3:4],
        "dont_know": answers[4:],
    }


def same(label: str) -> str:
    try:
        return str(float(label))
    except ValueError:
        return " ".join(label.casefold().split())


@st.composite
def thresholds(draw: st.DrawFn) -> list[dict[str, Any]]:
    low = draw(st.floats(0, 99, allow_nan=False))
    high = draw(st.floats(low, 100, allow_nan=False, exclude_min=True))
    marks = [{"kind": "at_most", "value": low}, {"kind": "at_least", "value": high}]
    return [mark | {"label": draw(texts), "origin": draw(texts)} for mark in marks]


@st.composite
def instruments(draw: st.DrawFn) -> dict[str, Any]:
    """The values of a valid instrument, with every optional key."""
    known = draw(st.dictionaries(identifiers, scales(), min_size=1, max_size=2))
    homes = draw(st.lists(identifiers, min_size=1, max_size=3, unique=True))
    words = draw(distinct_texts)
    return {
        "id": draw(identifiers),
        "version": "1.20.3",
        "title": draw(texts),
        "source": draw(texts),
        "licence": draw(texts),
        "subject": draw(st.sampled_from(["respondent", "record"])),
        "scales": known,
        "thresholds": draw(thresholds()),
        "dimensions": [
            {
                "id": home,
                "label": draw(texts),
                "definition": draw(texts),
                "rule": draw(st.sampled_from(ON_ANY_SCALE)),
                "levers": draw(st.lists(texts, max_size=2)),
            }
            for home in homes
        ],
        "items": [
            {
                "code": f"Q{i}",
                "text": text,
                "dimension": homes[i % len(homes)],
                "scale": list(known)[i % len(known)],
                "reversed": draw(st.booleans()),
            }
            for i, text in enumerate(words)
        ],
        "missing": {"minimum_answered": draw(st.floats(0, 1))},
        "notes": draw(st.lists(texts, max_size=2)),
    }


def shuffled(values: Any, order: random.Random) -> Any:
    """The same values with the keys of every mapping in another order."""
    if isinstance(values, list):
        return [shuffled(value, order) for value in values]
    if not isinstance(values, dict):
        return values
    keys = order.sample(list(values), len(values))
    return {key: shuffled(values[key], order) for key in keys}


@given(instruments())
@settings(max_examples=examples(40), deadline=None)
def test_a_valid_instrument_survives_being_written_and_read(values: dict[str, Any]) -> None:
    instrument = read(dumped(values))
    assert instrument == Instrument.model_validate(values)
    assert read(dumped(written(instrument))) == instrument


@given(instruments(), st.randoms(use_true_random=False))
@settings(max_examples=examples(25), deadline=None)
def test_the_order_of_keys_does_not_matter(values: dict[str, Any], order: random.Random) -> None:
    assert read(dumped(shuffled(values, order))) == read(dumped(values))


def test_shipped_instruments_survive_being_written_and_read() -> None:
    for name in shipped():
        instrument = load_instrument(name)
        assert read(dumped(written(instrument))) == instrument


def only_refused(text: str) -> None:
    """Loading may refuse, in words that can be printed; nothing else may happen."""
    for model, check in ((Instrument, check_instrument), (Campaign, check_campaign)):
        said = ""
        try:
            validate(parse_document(text, "essai.yml"), model, check)
        except Refused as refused:
            said = str(refused)
        said.encode("utf-8")


@given(st.text(max_size=200))
@settings(max_examples=examples(100), deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    only_refused(text)


pieces = st.sampled_from(
    [
        *"\n \t:-?{}[],#&*!|>'\"%@`\\~=<",
        "- ",
        ": ",
        "\n  ",
        "---\n",
        "...\n",
        "&a ",
        "*a",
        "<<: ",
        "!!",
        "? ",
        '"\\ud800"',
        '"\\x00"',
        "%YAML 1.1\n",
        "9" * 400,
        "1e999",
        "-0",
        "\u200b",
        "\u0410",
        "\x85",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "a: ",
        "code",
        "items",
        "dimension",
        "{code: A1, text: b}",
    ]
)


@given(
    st.sampled_from(["instrument.yml", "campagne.yml"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), pieces), min_size=1, max_size=4),
)
@settings(max_examples=examples(80), deadline=None)
def test_a_damaged_file_is_read_or_refused(
    name: str, damages: list[tuple[float, int, str]]
) -> None:
    text = (VALID / name).read_text("utf-8")
    for where, cut, piece in damages:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + cut :]
    only_refused(text)


values = st.recursive(
    st.one_of(texts, st.integers().map(str), st.sampled_from(["", "null", "true", "A1", "accord"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(texts | st.just("code"), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.sampled_from([*Instrument.model_fields, *Campaign.model_fields]),
    values,
    st.sampled_from([*Instrument.model_fields, *string.ascii_lowercase[:2]]),
    values,
)
@settings(max_examples=examples(60), deadline=None)
def test_any_shape_under_any_key_is_read_or_refused(a: str, x: Any, b: str, y: Any) -> None:
    for name in ("instrument.yml", "campagne.yml"):
        whole = yaml.load((VALID / name).read_text("utf-8"), yaml.BaseLoader)
        only_refused(dumped(whole | {a: x, b: y}))
        for part in [whole["items"][0]] if "items" in whole else whole["services"]:
            part[b] = y
        only_refused(dumped(whole))
