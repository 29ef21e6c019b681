"""What is asked stays in its order, in pieces of a screen, with every answer that may be given."""

import pytest

from qgdr_eval.asking import lay_form, sections_of
from qgdr_eval.instruments import load_instrument, shipped_instruments
from qgdr_eval.problems import Refused

ASKABLE = [name for name in shipped_instruments() if not load_instrument(name).labels_only]


@pytest.mark.parametrize("name", ASKABLE)
def test_every_question_is_asked_once_in_the_instrument_s_order(name):
    instrument = load_instrument(name)
    asked = [question for section in sections_of(instrument) for question in section.questions]
    assert [question.code for question in asked] == instrument.codes
    assert [question.number for question in asked] == list(range(1, len(asked) + 1))


@pytest.mark.parametrize("name", ASKABLE)
def test_every_answer_of_a_scale_may_be_given_but_what_an_item_forbids(name):
    instrument = load_instrument(name)
    for section in sections_of(instrument):
        for question in section.questions:
            item = instrument.item(question.code)
            codes = [answer.code for answer in instrument.scale_of(item).answers]
            given = [choice.code for choice in (*question.choices, *question.aside)]
            assert given == [code for code in codes if code not in item.forbidden]


def test_people_do_not_read_what_is_looked_for_and_sections_fit_a_screen_or_two():
    sections = sections_of(load_instrument("culture_securite"))
    assert {section.title for section in sections} == {""}
    assert [len(section.questions) for section in sections] == [4, 4, 6, 5, 7, 7, 7]
    assert all(section.prompt for section in sections)


def test_an_audit_is_asked_dimension_by_dimension():
    grid = load_instrument("epp_hygiene_mains")
    titles = [section.title for section in sections_of(grid)]
    assert titles == [dimension.label for dimension in grid.dimensions]


def test_when_a_criterion_does_not_apply_is_said_beside_that_answer_and_no_other():
    grid = load_instrument("epp_hygiene_mains")
    questions = [question for part in sections_of(grid) for question in part.questions]
    assert [item.na_when is None for item in grid.items] == [
        not any(choice.when for choice in question.aside) for question in questions
    ]
    first = questions[0]
    assert [choice.when for choice in first.aside] == [grid.items[0].na_when, ""]
    assert not any(choice.when for choice in first.choices)
    assert "professionnel déjà observé" in lay_form(grid)


def test_a_word_that_not_everybody_knows_is_explained_under_its_question():
    asked = load_instrument("management_securite")
    told = {one.code: one.help for part in sections_of(asked) for one in part.questions if one.help}
    assert told == {"MS1": asked.item("MS1").help}
    form = lay_form(asked)
    assert form.count('class="help"') == 1
    question = form.split("Le projet de service nomme")[1].split("</legend>")[0]
    assert "dit par écrit ce que le service veut faire" in question


def test_long_answers_are_never_squeezed_into_a_row():
    described = sections_of(load_instrument("maturite_securite"))
    assert not any(question.in_a_row for part in described for question in part.questions)
    usual = sections_of(load_instrument("culture_securite"))
    assert all(question.in_a_row for part in usual for question in part.questions)


def test_short_labels_are_not_asked():
    with pytest.raises(Refused, match="libellés abrégés"):
        lay_form(load_instrument("sops_hopital_1"))
