"""What `qgdr serve` refuses before it starts, how participation is counted, and the copy."""

import datetime
import shutil

import pytest

from qgdr_eval.asking.asked.inquiry import inquiry_path, store_path
from qgdr_eval.asking.receiving.copying import copy_store
from qgdr_eval.asking.receiving.participation import (
    known_participation,
    participation_of,
    participation_path,
    read_participation,
    told_participation,
)
from qgdr_eval.asking.receiving.store import open_store
from qgdr_eval.asking.sealing.keys import write_key_file
from qgdr_eval.asking.serve.start import Settings, count_if_due, open_reception, warnings_of
from qgdr_eval.problems import Refused
from qgdr_eval.writing import Unwritable
from tests.asking.campaigns import ready, write_campaign
from tests.asking.test_whole_sentence import run

NOON = datetime.time(12)


def opened(made, **settings):
    return open_reception(made.path, Settings(**settings))


def test_the_opening_key_beside_the_store_is_refused_whatever_its_name(tmp_path):
    made = ready(tmp_path)
    write_key_file(made.path.parent / "recueil" / "notes.bak", "Essai", made.pair)
    with pytest.raises(Refused, match="à côté des réponses"):
        opened(made)
    assert not store_path(made.path, "essai").exists()


def test_the_opening_key_beside_the_copy_is_refused(tmp_path):
    made = ready(tmp_path)
    write_key_file(tmp_path / "copie" / "cle", "Essai", made.pair)
    with pytest.raises(Refused, match="à côté des réponses"):
        opened(made, copy=tmp_path / "copie")


def test_what_was_not_prepared_is_not_served(tmp_path):
    with pytest.raises(Refused, match="qgdr ask"):
        open_reception(write_campaign(tmp_path), Settings())


def test_what_was_opened_is_not_served_again(tmp_path):
    made = ready(tmp_path)
    (made.path.parent / "recueil" / "essai.ouvert.json").write_text('{"closed": true}')
    with pytest.raises(Refused, match="close"):
        opened(made)


def test_what_is_refused_is_refused_before_an_address_is_given(tmp_path, capsys):
    made = ready(tmp_path)
    (made.path.parent / "recueil" / "essai.ouvert.json").write_text('{"closed": true}')
    assert run("serve", made.path) != 0
    told = capsys.readouterr()
    assert "close" in told.err
    assert "http" not in told.out + told.err


@pytest.mark.parametrize("instrument", ["epp_hygiene_mains", "style_leadership"])
def test_audits_and_what_a_person_keeps_are_not_served(tmp_path, instrument):
    path = write_campaign(tmp_path, instrument=instrument)
    with pytest.raises(Refused):
        open_reception(path, Settings())


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "::", "hopital.example"])
def test_a_wider_network_needs_a_certificate_or_to_be_told_so(tmp_path, host):
    made = ready(tmp_path)
    with pytest.raises(Refused, match="un voisin pourrait lire codes et réponses"):
        opened(made, host=host)
    served = opened(made, host=host, clear_network=True)
    served.store.close()
    assert not served.secure
    told = " ".join(warnings_of(made.path, Settings(host=host, clear_network=True)))
    assert "n'est pas chiffré" in told


def test_cards_that_still_lie_there_are_told(tmp_path):
    made = ready(tmp_path)
    assert list(warnings_of(made.path, Settings())) == []
    shutil.copytree(tmp_path / "imprimer", made.path.parent / "imprimer")
    assert "cartes-" in " ".join(warnings_of(made.path, Settings()))


def test_participation_is_told_in_steps_and_counted_once_a_day(tmp_path):
    made = ready(tmp_path)
    served = opened(made)
    path = participation_path(inquiry_path(made.path, "essai"))
    medicine, urgent = made.inquiry.units
    day = datetime.datetime(2026, 11, 30, 11, 59)
    count_if_due(served, NOON, day)
    assert read_participation(path) is None
    for mark in medicine.cards[:6]:
        served.store.strike(mark, mark, b"").result()
    count_if_due(served, NOON, day + datetime.timedelta(minutes=1))
    assert known_participation(path, made.inquiry).steps == ("5 à 9", "0")
    for mark in urgent.cards[:11]:
        served.store.strike(mark, mark, b"").result()
    count_if_due(served, NOON, day + datetime.timedelta(hours=9))
    assert known_participation(path, made.inquiry).steps == ("5 à 9", "0")
    count_if_due(served, NOON, day + datetime.timedelta(days=1, hours=1))
    counted = known_participation(path, made.inquiry)
    assert (counted.steps, counted.total) == (("5 à 9", "10 et plus"), "10 et plus")
    served.store.close()


def test_participation_before_it_is_counted_says_when_it_will_be(tmp_path):
    made = ready(tmp_path)
    assert "n'a pas encore été lancé" in told(made)
    made.send(made.codes["Médecine"][0], {}, "1")
    opened(made).store.close()
    assert "midi" in told(made)
    assert "Fichiers déposés : 1 à 4" in told(made)
    assert "Médecine" not in told(made)
    poster = tmp_path / "affiche.html"
    assert run("turnout", made.path, "--poster", poster) == 0
    assert "réponses" not in poster.read_text("utf-8")


def told(made):
    path = participation_path(inquiry_path(made.path, "essai"))
    known = known_participation(path, made.inquiry)
    lines = " ".join(told_participation(known, made.asked, made.inquiry))
    return lines.replace("\u202f", " ").replace("\u00a0", " ")


def test_without_cards_participation_is_that_of_everybody(tmp_path):
    made = ready(tmp_path, more="  access: open\n")
    counted = participation_of(made.inquiry, {"a" * 32, "b" * 32}, "2026-11-30")
    assert (counted.steps, counted.total) == (("", ""), "1 à 4")


def test_one_copy_is_kept_and_overwritten_though_the_store_is_in_use(tmp_path):
    path = tmp_path / "recueil" / "essai.sqlite"
    store = open_store(path)
    for card in "ab":
        store.keep_return(card, card, lambda box: (b"box", None)).result()
        copy = copy_store(path, tmp_path / "copie")
    assert [one.name for one in (tmp_path / "copie").iterdir()] == ["essai.sqlite"]
    assert copy.read_bytes()[:15] == b"SQLite format 3"
    store.close()
    saved = open_store(copy)
    assert (saved.used(), len(saved.boxes())) == ({"a", "b"}, 2)
    saved.close()


def test_a_copy_that_cannot_be_made_leaves_the_one_before(tmp_path):
    path = tmp_path / "recueil" / "essai.sqlite"
    store = open_store(path)
    before = copy_store(path, tmp_path / "copie").read_bytes()
    (tmp_path / "copie" / "essai.sqlite.part").mkdir()
    with pytest.raises(Unwritable):
        copy_store(path, tmp_path / "copie")
    assert (tmp_path / "copie" / "essai.sqlite").read_bytes() == before
    store.close()
