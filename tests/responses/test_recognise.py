"""Headers as survey tools write them, whole, cut, damaged: found by code or text, never guessed."""

import random
import re
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.instruments import Instrument, Item, load_instrument
from qgdr_eval.responses.recognise import recognise_items
from qgdr_eval.shipped import shipped

SHIPPED = [
    load_instrument(path.parent.name)
    for path in sorted(shipped("questionnaires").glob("*/instrument.yml"))
]
ASIDE = ["Horodateur", "Dans quel service travaillez-vous ?", "Profession", "Remarques libres"]
CULTURE = load_instrument("culture_securite")
TEXTS = {item.code: item.text for item in CULTURE.items}


def damaged(text: str, written: str, read: str) -> str:
    return text.encode(written, "replace").decode(read, "replace")


def lost(text: str) -> str:
    return "".join(c if c.isascii() else "?" for c in text)


# What tools write above an item's answers, and the least share found: 1 where nothing is lost.
SHAPES: dict[str, tuple[Callable[[Item], str], float]] = {
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


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shipped_questionnaire_is_recognised_and_nothing_is_taken_for_another(shape):
    write, least = SHAPES[shape]
    right = wrong = asked = 0
    for instrument in SHIPPED:
        named = {item.code: write(item) for item in instrument.items}
        own = Counter(named.values())  # cut short, two questions may read alike
        found = recognise_items(shuffled([*named.values(), *ASIDE]), instrument)
        for code, column in found.columns.items():
            if column == named[code] and own[column] == 1:
                right += 1
            else:
                wrong += 1
        asked += len(instrument.items) - len(found.columns)
        assert {*found.columns} | {*found.candidates} == {*instrument.codes}
    assert wrong == 0
    assert right >= least * (right + asked)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_item_whose_column_is_not_there_finds_no_other(shape):
    write, _ = SHAPES[shape]
    for instrument in SHIPPED:
        kept = [item for rank, item in enumerate(instrument.items) if rank % 4]
        found = recognise_items(shuffled([*map(write, kept), *ASIDE]), instrument)
        assert not {*found.columns} - {item.code for item in kept}, instrument.id


def shuffled(headers: list[str]) -> list[str]:
    unique = list(dict.fromkeys(headers))
    random.Random(2026).shuffle(unique)
    return unique


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


@settings(max_examples=40, deadline=None)
@given(exports(), st.randoms(use_true_random=False))
def test_the_matching_is_one_to_one_and_knows_no_order(headers, chance):
    found = recognise_items(headers, CULTURE)
    assert len({*found.columns.values()}) == len(found.columns)
    assert {*found.columns.values()} <= {*headers}
    assert not {*found.columns} & {*found.candidates}
    chance.shuffle(headers)
    assert recognise_items(headers, CULTURE).columns == found.columns


@settings(max_examples=40, deadline=None)
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
