"""Headers as survey tools write them, whole, cut, damaged: found by code or text, never guessed."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.recognition import ASIDE, SHAPES, outcome, shuffled
from qgdr_eval.instruments import Instrument, load_instrument, shipped_instruments
from qgdr_eval.responses.recognise import recognise_items
from tests.thorough import examples

SHIPPED = [load_instrument(id) for id in shipped_instruments()]
CULTURE = load_instrument("culture_securite")
TEXTS = {item.code: item.text for item in CULTURE.items}


@pytest.mark.parametrize("every", [0, 4])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shipped_questionnaire_is_recognised_and_nothing_is_taken_for_another(shape, every):
    """With ``every``, a quarter of the columns is missing: no other may stand for them."""
    write, least = SHAPES[shape]
    seen = sum((outcome(instrument, write, every) for instrument in SHIPPED), Counter())
    assert seen["wrong"] == 0
    assert seen["right"] >= least * (seen["right"] + seen["asked"]) > 0


@pytest.mark.parametrize("other", ["leadership_securite_soi", "shortell_service", "traceur"])
def test_the_questions_of_a_sister_questionnaire_are_not_taken(other):
    """« Mon encadrement parle… » and « je parle… » differ by a few letters."""
    sisters = {
        "leadership_securite_soi": "leadership_securite",
        "shortell_service": "shortell_medico_social",
        "traceur": "essms_preparatoire",
    }
    instrument, sister = load_instrument(other), load_instrument(sisters[other])
    shared = {item.text for item in instrument.items}
    for cut in (30, 60, 300):
        headers = [item.text[:cut] for item in sister.items]
        found = recognise_items(shuffled(headers), instrument)
        texts = {item.code: item.text[:cut] for item in instrument.items}
        assert {*found.columns.values()} <= {text[:cut] for text in shared}
        assert all(texts[code] == column for code, column in found.columns.items())


HEADERS = [f"{code}. {text}" for code, text in TEXTS.items()]


def changed(**texts: str | list[str] | None) -> list[str]:
    """The headers of the whole questionnaire, some of them others, several or none."""
    headers = []
    for code, header in zip(TEXTS, HEADERS, strict=True):
        new = texts.get(code, header)
        headers += new if isinstance(new, list) else [new] if new is not None else []
    return headers


def opened(headers: list[str], instrument: Instrument = CULTURE) -> dict[str, tuple[str, ...]]:
    return recognise_items(headers, instrument).candidates


@pytest.mark.parametrize(
    "form",
    ["{code} : {text}", "({code}) {text}", "culture.{code}", "Q1. {code} : {text}", "data-{code}",
     "culture__{code}", "{code}={text}", "{code}\n{text}", '"{code}" {text}', "{code} {text}",
     "{text} ({code})", "{text} - {code}", "Item {code}", "Question {code}", "G1/{code}/rep",
     "{code}[SQ001]", "{code}.{text}", "{code}*", "* {code}", "\ufeff{code}", "CS {number}",
     "cs-{number}", "{text} *", "{text} (obligatoire)", "« {text} »", "1.1 {text}", "a) {text}",
     "Les questions portent sur votre service. Pensez aux jours ordinaires. {text}",
     "{text}\n(une seule réponse)", "Partie 1 : {text}", "Question 4 — {text}"],
)  # fmt: skip
def test_what_people_and_tools_write_around_a_code_or_a_text(form):
    named = {code: form.format(code=code, text=text, number=code[2:])
             for code, text in TEXTS.items()}  # fmt: skip
    assert recognise_items(shuffled([*named.values(), *ASIDE]), CULTURE).columns == named


def test_a_code_is_a_whole_word():
    headers = [f"{code}bis" for code in TEXTS] + [f"X{code}" for code in TEXTS]
    assert not recognise_items(headers, CULTURE).columns
    assert not recognise_items([f"{code}.1" for code in TEXTS], CULTURE).columns
    assert not recognise_items(
        [f"Voir la fiche {code} du guide" for code in TEXTS], CULTURE
    ).columns


def test_the_comment_beside_an_answer_is_not_the_answer():
    for comment in ("CS07[comment]", "CS07. Commentaire", "CS07_other"):
        headers = [*changed(CS07="CS07"), comment]
        assert recognise_items(headers, CULTURE).columns["CS07"] == "CS07"
    assert opened(changed(CS07="CS07[comment]")) == {"CS07": ("CS07[comment]",)}


def test_two_columns_of_one_code_are_asked():
    twice = ["CS07[SQ001]", "CS07[SQ002]"]
    assert opened(changed(CS07=twice)) == {"CS07": tuple(twice)}


def test_codes_that_shifted_from_one_version_to_the_next_are_asked():
    """The French numbers of a known questionnaire shift from A12 on."""
    shifted = {"CS07": f"CS07. {TEXTS['CS08']}", "CS08": f"CS08. {TEXTS['CS07']}"}
    assert set(opened(changed(**shifted))) == {"CS07", "CS08"}


def test_a_header_that_says_the_contrary_is_asked():
    texts = {code: text for code, text in TEXTS.items() if code != "CS01"}
    text = TEXTS["CS01"]
    denied = re.sub(r"(\w+ )", r"\1ne pas ", text, count=1)
    found = recognise_items([*texts.values(), denied], CULTURE)
    assert found.columns.keys() == texts.keys()
    assert found.candidates == {"CS01": (denied,)}


def test_a_reworded_text_is_found_when_the_others_are():
    reworded = TEXTS["CS01"].replace(" de ", " des ") + " !"
    headers = [*(text for code, text in TEXTS.items() if code != "CS01"), reworded]
    assert recognise_items(headers, CULTURE).columns["CS01"] == reworded


def test_one_code_by_chance_among_texts_decides_nothing():
    headers = ["CS01", *(text for code, text in TEXTS.items() if code != "CS01")]
    assert "CS01" not in recognise_items(headers, CULTURE).columns


def test_a_column_given_is_taken_from_the_others():
    found = recognise_items(changed(CS07="Q7"), CULTURE, given={"CS07": "Q7", "CS08": HEADERS[8]})
    assert found.columns["CS07"] == "Q7"
    assert found.columns["CS08"] == HEADERS[8]
    assert set(found.candidates) == {"CS09"}


def test_titles_below_the_headers_are_read():
    headers = [f"Q5_{rank}" for rank in range(1, 41)]
    titles = {name: [f"À quel point ? - {text}"] for name, text in
              zip(headers, TEXTS.values(), strict=True)}  # fmt: skip
    assert not recognise_items(headers, CULTURE).columns
    found = recognise_items(headers, CULTURE, titles)
    assert found.columns == dict(zip(TEXTS, headers, strict=True))


words = st.sampled_from([*TEXTS.values(), *HEADERS, *TEXTS, *ASIDE])


@st.composite
def exports(draw: st.DrawFn) -> list[str]:
    """Headers of the questionnaire, cut, doubled, mixed with others and with anything."""
    headers = draw(st.lists(words, max_size=45))
    cut = draw(st.integers(5, 120))
    strange = draw(st.lists(st.text(max_size=40), max_size=5))
    return list(dict.fromkeys([header[:cut] for header in headers] + strange))


@settings(max_examples=examples(40), deadline=None)
@given(exports(), st.randoms(use_true_random=False))
def test_the_matching_is_one_to_one_and_knows_no_order(headers, chance):
    found = recognise_items(headers, CULTURE)
    assert len({*found.columns.values()}) == len(found.columns)
    assert {*found.columns.values()} <= {*headers}
    assert not {*found.columns} & {*found.candidates}
    chance.shuffle(headers)
    assert recognise_items(headers, CULTURE).columns == found.columns


@settings(max_examples=examples(40), deadline=None)
@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_two_columns_nearly_alike_are_never_told_apart(code, data):
    """Either could be the item's, a letter away: neither is taken."""
    text = TEXTS[code]
    inside = [word.start() + 2 for word in re.finditer(r"\w{5,}", text)]
    places = data.draw(st.lists(st.sampled_from(inside), min_size=2, max_size=2, unique=True))
    near = [f"{text[:at]}x{text[at:]}" for at in places]
    found = recognise_items([*(other for other in TEXTS.values() if other != text), *near], CULTURE)
    assert code not in found.columns
    assert {*near} <= {*found.candidates[code]}
