"""What prepares a campaign: cards, key, sheets; and what it refuses to prepare."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.asking.asked.campaign import read_asked
from qgdr_eval.asking.asked.joining import join_services
from qgdr_eval.asking.form.lay import length_of
from qgdr_eval.asking.preparing.prepare import prepare
from qgdr_eval.asking.sealing.cards import ALPHABET, card_of, is_sound, new_code, read_code, spaced
from qgdr_eval.asking.sealing.keys import groups_of, key_files_under, read_groups, read_key_file
from qgdr_eval.asking.sealing.seal import new_pair, pair_of
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from tests.asking.campaigns import ready, typed, write_campaign


@pytest.mark.parametrize(
    ("typed_in", "code"),
    [
        ("2345ACDEWXYC", "2345ACDEWXYC"),
        ("2345 acde wxyc", "2345ACDEWXYC"),
        (" z34s-ACDE-WXYC\n", "2345ACDEWXYC"),
    ],
)
def test_a_code_is_read_as_people_type_it(typed_in, code):
    assert read_code(typed_in) == code


@pytest.mark.parametrize(
    "typed_in",
    ["", "2345", "2345ACDEWXYC9", "1345ACDEWXYC", "2345ACDEWXYD", "é" * 12, "O" * 12],
)
def test_what_cannot_be_a_code_is_refused_in_words(typed_in):
    with pytest.raises(Refused, match="une lettre est fausse"):
        read_code(typed_in)


CODES = st.integers().map(lambda _: new_code())


@given(CODES, st.data())
def test_a_character_taken_for_another_is_found(code, data):
    at, character = data.draw(st.integers(0, 11)), data.draw(st.sampled_from(ALPHABET))
    typed_in = code[:at] + character + code[at + 1 :]
    assert is_sound(typed_in) == (typed_in == code)


@given(CODES, st.data())
def test_two_characters_exchanged_are_found(code, data):
    first, second = sorted(data.draw(st.integers(0, 11)) for _ in "ab")
    between = code[first + 1 : second]
    typed_in = code[:first] + code[second] + between + code[first] + code[second + 1 :]
    if first < second:
        assert is_sound(typed_in) == (typed_in == code)


def test_cards_are_all_different_and_give_nothing_of_each_other():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(is_sound(code) for code in codes)
    card = card_of("2345ACDEWXYC", b"sel")
    assert len({card.mark, card.draft, card.key.hex()[:32], card.root.hex()[:32]}) == 4


@given(st.integers(1, 2**255))
def test_a_key_is_read_from_its_paper_copy(secret):
    pair = pair_of(secret)
    assert read_groups("  ".join(groups_of(pair)).lower()) == pair


@pytest.mark.parametrize("rank", [0, 7, 16])
def test_a_mistyped_key_is_refused(rank):
    groups = groups_of(new_pair())
    groups[rank] = f"{int(groups[rank], 16) ^ 1:04X}"
    with pytest.raises(Refused, match="mal recopiée"):
        read_groups(" ".join(groups))


def test_a_service_has_a_card_a_head_two_to_spare_and_no_code_is_kept(tmp_path):
    made = ready(tmp_path)
    assert {name: len(codes) for name, codes in made.codes.items()} == {
        "Médecine": 16,
        "Urgences": 14,
    }
    kept = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and not path.name.startswith("cartes-")
    ]
    everything = "".join(path.read_text("utf-8", errors="replace") for path in kept)
    for code in [code for codes in made.codes.values() for code in codes]:
        assert code not in everything
        assert code.replace(" ", "") not in everything
    assert read_key_file(tmp_path / "cle.txt").private.hex() not in everything.lower()


def test_cards_are_printed_in_no_order(tmp_path):
    made = ready(tmp_path)
    salt = bytes.fromhex(made.inquiry.salt)
    printed = [card_of(read_code(code), salt).mark for code in made.codes["Médecine"]]
    unit = made.inquiry.units[0]
    assert sorted(printed) == list(unit.cards) != printed


def test_the_paper_copy_is_typed_back_before_anything_is_printed(tmp_path):
    path, key = write_campaign(tmp_path / "c"), tmp_path / "cle.txt"
    asked_for = []

    def wrong(group):
        asked_for.append(group)
        return "0000"

    with pytest.raises(Refused, match="une clé perdue"):
        prepare(path, tmp_path / "imprimer", key, wrong)
    assert [words.split()[-1] for words in asked_for] == ["3", "3", "11", "11", "17", "17"]
    assert asked_for[0] == "groupe 3"
    assert "pas celui de la clé" in asked_for[1]
    assert not key.exists()
    assert not (tmp_path / "imprimer").exists()
    assert not (path.parent / "recueil").exists()


def test_the_key_is_not_kept_with_what_it_opens(tmp_path):
    path = write_campaign(tmp_path / "c")
    for key, out in (
        (path.parent / "cle.txt", tmp_path / "i"),
        (tmp_path / "i/cle.txt", tmp_path / "i"),
    ):
        with pytest.raises(Refused, match="--key-here"):
            prepare(path, out, key, typed(key))
        assert not key.exists()
    key = path.parent / "cle.txt"
    prepare(path, tmp_path / "i", key, typed(key), key_here=True)
    assert key_files_under([path.parent]) == [key]


def test_a_key_never_takes_the_place_of_another(tmp_path):
    path, key = write_campaign(tmp_path / "c"), tmp_path / "cle.txt"
    key.write_text("une autre campagne")
    with pytest.raises(Refused, match="existe déjà"):
        prepare(path, tmp_path / "i", key, typed(key))
    assert key.read_text() == "une autre campagne"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"services": [("CH", "Médecine", "")]}, "son effectif n'est pas dit"),
        ({"services": [("CH", "Médecine", 14), ("CH", "Nuit", 3)]}, '--join "Nuit=Médecine"'),
        ({"services": [("CH", "Nuit", 3)]}, "retirez-la de la liste"),
        ({"services": [("CH", "A", 3), ("CH", "B", 4)]}, "petites équipes de l'établissement"),
        ({"instrument": "epp_hygiene_mains"}, "05_saisie"),
        ({"instrument": "sops_hopital_1"}, "libellés abrégés"),
        ({"more": "  classes: [Infirmiers, Médecins]\n"}, "d'aucun regroupement"),
        ({"columns": "columns: {service: Service, strata: {profession: Métier}}\n"}, "classes"),
        ({"columns": "coding: {reversed: already_reversed}\n"}, "telles que données"),
        ({"columns": "columns: {service: Service, subject: Id}\n"}, "n'a pas d'identifiant"),
    ],
)  # fmt: skip
def test_what_a_campaign_must_say_is_asked_for_with_the_cure(tmp_path, told, words):
    path, key = write_campaign(tmp_path / "c", **told), tmp_path / "cle.txt"
    with pytest.raises(Refused) as refused:
        prepare(path, tmp_path / "i", key, typed(key))
    assert words in re.sub(r"[\u00a0\u202f]", " ", str(refused.value))
    assert not key.exists()


def test_people_are_not_asked_without_being_told_who_asks(tmp_path):
    path, key = write_campaign(tmp_path / "c"), tmp_path / "cle.txt"
    path.write_text(path.read_text("utf-8").replace("  who: la direction\n", ""), "utf-8")
    with pytest.raises(Refused, match="who"):
        prepare(path, tmp_path / "i", key, typed(key))


def test_small_services_are_asked_together_from_the_roster_on(tmp_path):
    small = [("CH", "Médecine", 14), ("CH", "Nuit", 3), ("CH", "Jour", 2), ("EHPAD", "Soir", 4)]
    path = write_campaign(tmp_path / "c", services=[*small, ("EHPAD", "Unité", 9)])
    with pytest.raises(Refused, match="moins de 5"):
        join_services(path, {}, unnamed=True)
    join_services(path, {"Soir": "Unité"}).write()
    join_services(path, {}, unnamed=True).write()
    lines = (path.parent / "services.csv").read_text("utf-8-sig").splitlines()
    assert lines[1:] == ["CH;Médecine;14", "CH;Autres équipes;5", "EHPAD;Unité et Soir;13"]
    kept = (path.parent / "services-avant-reunion.csv").read_text("utf-8")
    assert "Nuit;3" in kept


def test_services_joined_to_one_another_are_one(tmp_path):
    """Whatever is joined to what is already joined: no service is left under a name of its own."""
    services = [("CH", name, 2) for name in "ABCD"] + [("CH", "E", 12)]
    path = write_campaign(tmp_path / "c", services=services)
    joined = join_services(path, {"A": "E", "B": "E", "D": "C", "C": "B"})
    assert joined.roster.values.tolist() == [["CH", "E, A, B, C et D", 20]]


def test_a_group_typed_badly_is_asked_for_once_more(tmp_path):
    path, key = write_campaign(tmp_path / "c"), tmp_path / "cle.txt"
    right, asked_for = typed(key), []

    def second_time(group):
        asked_for.append(group)
        return "0000" if group == "groupe 11" else right(group)

    prepare(path, tmp_path / "imprimer", key, second_time)
    assert [words.split()[-1] for words in asked_for] == ["3", "11", "11", "17"]


def test_no_service_is_joined_before_the_key_is_confirmed(tmp_path):
    path = write_campaign(tmp_path / "c", services=[("CH", "Médecine", 14), ("CH", "Nuit", 3)])
    roster, key = path.parent / "services.csv", tmp_path / "cle.txt"
    before = roster.read_bytes()
    joined = join_services(path, {"Nuit": "Médecine"})
    with pytest.raises(Refused, match="rien n'est préparé"):
        prepare(path, tmp_path / "imprimer", key, lambda _: "", joined)
    assert roster.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir()) == ["campagne.yml", "services.csv"]
    prepare(path, tmp_path / "imprimer", key, typed(key), joined)
    assert roster.read_text("utf-8-sig").splitlines()[1:] == ["CH;Médecine et Nuit;17"]
    assert "Nuit;3" in (path.parent / "services-avant-reunion.csv").read_text("utf-8")


def test_what_people_are_told_says_where_how_long_who_opens_and_which_teams_are_together(tmp_path):
    services = [("CH", "Médecine", 14), ("CH", "Nuit", 3), ("CH", "Jour", 3), ("CH", "Soir", 3)]
    path, key = write_campaign(tmp_path / "c", services=services), tmp_path / "cle.txt"
    joined = join_services(path, {"Nuit": "Médecine"}, unnamed=True)
    prepare(path, tmp_path / "imprimer", key, typed(key), joined)
    notice = plain_text((tmp_path / "imprimer/notice.html").read_text("utf-8"))
    for words in (
        plain_text(length_of(load_instrument("culture_ehpad"))),
        "Où CH",
        "Qui ouvre les réponses le consultant, à la fin du recueil",
        "Médecine et Nuit ; Jour et Soir, sous le nom « Autres équipes »",
    ):
        assert words in notice
    file = plain_text((tmp_path / "imprimer/formulaire-hors-ligne.html").read_text("utf-8"))
    assert "sinon, demandez-le : dpo@exemple.fr" in file
    assert "Jour et Soir, sous le nom" in file
    assert "Jour et Soir" in read_asked(path).together  # as the server, later, reads it


def test_where_the_sealed_file_is_dropped_is_what_the_campaign_says(tmp_path):
    made = ready(tmp_path, more="  drop: le dossier Enquête du bureau\n")
    file = (tmp_path / "imprimer/formulaire-hors-ligne.html").read_text("utf-8")
    assert plain_text(file).count("Déposez-le ici : le dossier Enquête du bureau.") == 2
    assert made.asked.asking.drop


def plain_text(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u202f", " ").split())


def test_what_was_prepared_is_not_prepared_again_by_mistake(tmp_path):
    made = ready(tmp_path)
    key = tmp_path / "autre.txt"
    with pytest.raises(Refused, match="--replace"):
        prepare(made.path, tmp_path / "i", key, typed(key))
    made.send(made.codes["Médecine"][0], {}, "1")
    with pytest.raises(Refused, match="les perdrait"):
        prepare(made.path, tmp_path / "i", key, typed(key), replace=True)


def test_a_code_is_printed_four_by_four():
    assert spaced("2345ACDEWXYC") == "2345 ACDE WXYC"
