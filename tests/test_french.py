"""Numbers and words as French readers expect them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval import french

NAN = float("nan")
scores = st.floats(-1e12, 1e12)


def plain(text: str) -> str:
    """No-break spaces made visible: ``~`` narrow, ``_`` wide."""
    return text.replace(french.NARROW, "~").replace(french.NO_BREAK, "_")


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (54.5, 0, 55),
        (-2.5, 0, -3),
        (77.75, 0, 78),
        (77.75, 1, 77.8),
        (0.545 * 100, 0, 55),
        (0.285 * 100, 0, 29),
        (1.005 * 100, 0, 101),
        (2.675, 2, 2.68),
        (54.4999, 0, 54),
        (0.5, 0, 1),
        (-0.5, 0, -1),
        (0.49, 0, 0),
        (0, 0, 0),
        (1e15, 0, 1e15),
        (1e15 + 0.5, 0, 1e15 + 1),
        (2.0**53 - 1, 0, 2.0**53 - 1),
        (1234.5, -2, 1200),
    ],
)
def test_rounding_is_that_of_the_hand(value: float, decimals: int, rounded: float) -> None:
    assert french.round_half_up(value, decimals) == rounded


def test_no_number_stays_no_number() -> None:
    assert math.isnan(french.round_half_up(NAN))


@pytest.mark.parametrize("value", [-0.0, -0.4, 0.0])
def test_nothing_rounds_to_minus_zero(value: float) -> None:
    assert math.copysign(1, french.round_half_up(value)) == 1


@given(scores)
def test_rounding_stays_within_a_half(value: float) -> None:
    assert abs(french.round_half_up(value) - value) <= 0.5 + 1e-9 * max(1, abs(value))
    assert french.round_half_up(value) == int(french.round_half_up(value))


@given(scores, scores)
def test_rounding_keeps_the_order(a: float, b: float) -> None:
    low, high = sorted([a, b])
    assert french.round_half_up(low) <= french.round_half_up(high)


@given(scores, st.integers(0, 3))
def test_rounding_treats_both_signs_alike(value: float, decimals: int) -> None:
    assert french.round_half_up(-value, decimals) == -french.round_half_up(value, decimals)


@given(st.integers(-(10**12), 10**12))
def test_an_integer_and_a_half_rounds_away_from_zero(n: int) -> None:
    assert french.round_half_up(n) == n
    assert french.round_half_up(n + math.copysign(0.5, n)) == n + math.copysign(1, n)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (54.5, 0, "55"),
        (54.5, 1, "54,5"),
        (3, 2, "3,00"),
        (1234.5, 1, "1~234,5"),
        (1_000_000, 0, "1~000~000"),
        (999.5, 0, "1~000"),
        (-3, 0, "−3"),
        (-0.4, 0, "0"),
        (-1234.56, 1, "−1~234,6"),
        (NAN, 0, "–"),
        (NAN, 2, "–"),
        (None, 0, "–"),
    ],
)
def test_numbers(value: float, decimals: int, text: str) -> None:
    assert plain(french.number(value, decimals)) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(54.5, 0, "55~%"), (54.5, 1, "54,5~%"), (0, 0, "0~%"), (100, 0, "100~%"), (NAN, 0, "–")],
)
def test_percents(value: float, decimals: int, text: str) -> None:
    assert plain(french.percent(value, decimals)) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (40.4, 71.5, "[40~; 72]"),
        (0, 100, "[0~; 100]"),
        (-3.5, 2, "[−4~; 2]"),
        (NAN, NAN, "[–~; –]"),
    ],
)
def test_intervals(low: float, high: float, text: str) -> None:
    assert plain(french.interval(low, high)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(4.5, "+5"), (-4.5, "−5"), (0.2, "0"), (-0.2, "0"), (0.5, "+1"), (NAN, "–")],
)
def test_signed(value: float, text: str) -> None:
    assert french.signed(value) == text


@pytest.mark.parametrize(
    ("n", "words", "text"),
    [
        (0, ("répondant",), "0_répondant"),
        (1, ("répondant",), "1_répondant"),
        (2, ("répondant",), "2_répondants"),
        (2, ("cheval", "chevaux"), "2_chevaux"),
        (1234, ("ligne",), "1~234_lignes"),
        (-1, ("point",), "−1_point"),
        (-2, ("point",), "−2_points"),
    ],
)
def test_counts(n: int, words: tuple[str, ...], text: str) -> None:
    assert plain(french.count(n, *words)) == text


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("2026-03-01", "1er mars 2026"),
        ("2026-08-31", "31 août 2026"),
        ("2024-02-29", "29 février 2024"),
        ("2026-12-11", "11 décembre 2026"),
    ],
)
def test_dates(iso: str, text: str) -> None:
    assert french.date(iso) == text


@pytest.mark.parametrize(
    ("texts", "last", "text"),
    [
        ([], "et", ""),
        (["a"], "et", "a"),
        (["a", "b"], "et", "a et b"),
        (["a", "b", "c"], "ou", "a, b ou c"),
    ],
)
def test_lists(texts: list[str], last: str, text: str) -> None:
    assert french.listed(iter(texts), last) == text


@pytest.mark.parametrize(
    ("given_word", "known", "text"),
    [
        ("titel", ["title", "id"], "vouliez-vous dire «~title~»~?"),
        ("Bloc", ["bloc", "urgences"], "vouliez-vous dire «~bloc~»~?"),
        ("xyz", ["title", "id"], "valeurs admises~: title, id"),
        (
            "xyz",
            [str(n) for n in range(14)],
            "valeurs admises~: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …",
        ),
    ],
)
def test_suggestions(given_word: str, known: list[str], text: str) -> None:
    assert plain(french.did_you_mean(given_word, known)) == text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("« oui » : 5 % ?", "«~oui~»~: 5~%~?"),
        ("a ; b !", "a~; b~!"),
        ("a: b", "a: b"),
        ("12:30", "12:30"),
        ("http://a.fr", "http://a.fr"),
        ("«oui»", "«oui»"),
        ("", ""),
    ],
)
def test_typography(typed: str, text: str) -> None:
    assert plain(french.typography(typed)) == text


@given(st.text(alphabet="a «»;:!?% \u202f", max_size=30))
def test_typography_set_once_is_set(text: str) -> None:
    once = french.typography(text)
    assert french.typography(once) == once
    assert len(once) == len(text)


def test_quotes() -> None:
    assert plain(french.quote(12)) == "«~12~»"
