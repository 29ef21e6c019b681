"""A card added once the others were drawn: accepted everywhere, and honest about whose it is."""

import json

import pytest

from qgdr_eval.asking.asked.inquiry import inquiry_path, load_inquiry
from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import every_source, warnings_of
from qgdr_eval.asking.preparing.adding import add_cards, told_of
from qgdr_eval.asking.preparing.prepare import prepare
from qgdr_eval.asking.sealing.cards import card_of, read_code
from qgdr_eval.asking.widget.cell import open_entry, reply_to
from qgdr_eval.problems import Refused
from tests.asking.campaigns import CODE, ready, typed, write_campaign
from tests.asking.served import Served
from tests.asking.test_gather import rows
from tests.asking.test_whole_sentence import run


def added_to(made, *services):
    """The codes of the cards added, and what is said of them."""
    added = add_cards(made.path, services, made.path.parent.parent / "ajout")
    pages = [path.read_text("utf-8") for path in added.files]
    return [code for page in pages for code in CODE.findall(page)], added, pages


def test_a_card_added_while_the_server_runs_answers_there_and_is_counted_in_its_service(tmp_path):
    made = ready(tmp_path)
    running = Served(made.path).wait()
    (code,), _, _ = added_to(made, "urgences")
    someone = running.person(code)
    answers = dict.fromkeys(made.asked.instrument.codes, "1")
    assert someone.post("/envoyer", json=answers).status_code == 200
    assert someone.post("/entrer", data={"code": code}).status_code == 303
    assert "déjà servi" in someone.get("/questionnaire").text
    running.stop()
    (other,), _, _ = added_to(made, "Médecine")
    item = made.asked.instrument.codes[0]
    made.send(other, {item: 1}, "1")
    made.crowd()
    with every_source(made.path) as sources:
        gather(made.path, made.pair, sources)
    assert [row["Service"] for row in rows(made) if row[item]] == ["Médecine", "Urgences"]


def test_a_notebook_passed_round_takes_a_card_added_since_its_cell_was_run(tmp_path):
    made = ready(tmp_path)
    desk = open_entry(made.path)
    assert reply_to(desk, {"do": "show"})["done"]
    (code,), _, _ = added_to(made, "Médecine")
    assert reply_to(desk, {"do": "enter", "code": code})["done"]


def test_a_card_added_is_kept_as_a_mark_among_the_others_and_told_to_be_somebodys(tmp_path):
    made = ready(tmp_path)
    codes, added, (page,) = added_to(made, "Médecine", "Médecine")
    unit, other = load_inquiry(inquiry_path(made.path, "essai")).units
    marks = {card_of(read_code(code), bytes.fromhex(made.inquiry.salt)).mark for code in codes}
    assert set(unit.cards) == {*made.inquiry.units[0].cards, *marks}
    assert (list(unit.cards), unit.added, other) == (sorted(unit.cards), 2, made.inquiry.units[1])
    assert "on sait à qui elle est" in told_of(added)
    assert "on peut savoir qu’elle est à vous" in page
    assert "tirée au sort. Elle ne porte aucun nom" not in page
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path not in added.files]
    assert not any(code in path.read_text("utf-8", "replace") for path in kept for code in codes)


def test_a_sheet_never_takes_the_place_of_one_that_was_perhaps_not_printed(tmp_path):
    made = ready(tmp_path)
    out = made.path.parent / "ajout"
    first = add_cards(made.path, ["Médecine"], out).files[0]
    before = first.read_text("utf-8")
    (second,) = add_cards(made.path, ["Médecine"], out).files
    assert (first != second, first.read_text("utf-8")) == (True, before)
    assert "des cartes sont encore là" in " ".join(warnings_of(made.path, ()))


@pytest.mark.parametrize(
    ("change", "service", "words"),
    [
        ({}, "Chirurgie", "aucun service interrogé"),
        ({"services": [("A", "Médecine", 9), ("B", "Médecine", 9)]}, "Médecine", "plusieurs"),
        ({"more": "  access: open\n"}, "Médecine", "se passe de cartes"),
    ],
)
def test_what_cannot_have_one_more_card_is_refused_with_the_cure(tmp_path, change, service, words):
    made = ready(tmp_path, **change)
    before = inquiry_path(made.path, "essai").read_bytes()
    with pytest.raises(Refused, match=words):
        add_cards(made.path, [service], tmp_path / "ajout")
    assert inquiry_path(made.path, "essai").read_bytes() == before
    assert not (tmp_path / "ajout").exists()


def test_by_the_command_the_file_is_told_and_nothing_else_is_prepared(tmp_path, capsys):
    made = ready(tmp_path)
    command = ("ask", made.path, "--out", tmp_path / "ajout")
    assert run(*command, "--add", "Médecine", "--key", tmp_path / "c.txt") == 1
    assert run(*command) == 2
    assert "--key" in capsys.readouterr().err
    assert run(*command, "--add", "Médecine") == 0
    said = capsys.readouterr().out
    assert "cartes-ajoutees-medecine.html" in said
    assert "Une carte perdue, elle, reste valable" in said
    assert [path.name for path in (tmp_path / "ajout").iterdir()] == [
        "cartes-ajoutees-medecine.html"
    ]


def test_a_service_is_told_by_its_facility_where_two_have_its_name(tmp_path):
    made = ready(tmp_path, services=[("A", "Médecine", 9), ("B", "Médecine", 9)])
    add_cards(made.path, ["Médecine, B"], tmp_path / "ajout")
    assert [unit.added for unit in load_inquiry(inquiry_path(made.path, "essai")).units] == [0, 1]


def test_cards_added_never_make_a_service_large_enough_to_be_asked_alone(tmp_path):
    made = ready(tmp_path)
    path = inquiry_path(made.path, "essai")
    kept = json.loads(path.read_text("utf-8"))
    kept["units"][0] |= {"cards": kept["units"][0]["cards"][:6], "added": 2}
    path.write_text(json.dumps(kept), "utf-8")
    with pytest.raises(Refused, match="sous 5 réponses"):
        add_cards(made.path, ["Médecine"], tmp_path / "ajout")


def test_a_campaign_that_was_opened_takes_no_card_and_one_never_prepared_has_none(tmp_path):
    made = ready(tmp_path / "ouverte")
    made.crowd()
    with every_source(made.path) as sources:
        gather(made.path, made.pair, sources)
    with pytest.raises(Refused, match="close"):
        add_cards(made.path, ["Médecine"], tmp_path / "ajout")
    with pytest.raises(Refused, match="qgdr ask"):
        add_cards(write_campaign(tmp_path / "neuve"), ["Médecine"], tmp_path / "ajout")


def test_a_campaign_prepared_anew_gives_no_card_to_the_server_of_the_one_before(tmp_path):
    made = ready(tmp_path)
    running = Served(made.path).wait()
    for store in made.path.parent.glob("recueil/essai.sqlite*"):
        store.unlink()
    key = tmp_path / "autre.txt"
    prepare(made.path, tmp_path / "autre", key, typed(key), replace=True)
    sheet = next((tmp_path / "autre").glob("cartes-1*"))
    refused = running.person().post("/entrer", data={"code": CODE.findall(sheet.read_text())[0]})
    running.stop()
    assert refused.status_code == 403


def test_on_paper_no_word_of_a_card_is_cut_however_long_its_campaign_and_address(browser, tmp_path):
    address = f"https://questionnaire.{'centre-hospitalier-' * 3}fictif.example/enquete"
    made = ready(tmp_path, more=f"  address: {address}\n")
    text = made.path.read_text("utf-8")
    made.path.write_text(text.replace("Culture de sécurité", "Culture de sécurité " * 6), "utf-8")
    sheets = [next((tmp_path / "imprimer").glob("cartes-*"))]
    sheets += add_cards(made.path, ["Médecine"], tmp_path / "ajout").files
    page = browser.new_page(viewport={"width": 718, "height": 1000})
    for sheet in sheets:
        page.goto(sheet.as_uri())
        page.emulate_media(media="print")
        cut = (
            "[...document.querySelectorAll('.cards li')].some(e => e.scrollHeight > e.clientHeight)"
        )
        assert not page.evaluate(cut)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.close()
