"""What is entered in a notebook is in the campaign's file, once, as the campaign reads it."""

import csv
import datetime
import errno
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from qgdr_eval.asking.widget.cell import open_entry, reply_to
from qgdr_eval.asking.widget.entries import Entries
from qgdr_eval.asking.widget.sheet import GUARD, Sheet
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.responses import load_campaign, read_answers

RECORDS = "columns: {service: Service, subject: Dossier}\n"
PLACES = "columns: {facility: Établissement, service: Service}\n"
CODES = "coding: {answers: codes, reversed: as_worded}\n"
LABELS = "coding: {answers: labels, reversed: as_worded}\n"
AUDIT, GROUP, PERSON = "epp_hygiene_mains", "politique_qgdr", "leadership_securite_soi"
HOSTILE = '=HYPERLINK("http://x";"y")\n</textarea><script>alert(1)</script>; "cité" \u202e\x00'


@pytest.fixture
def campaign(tmp_path):
    """Write a campaign file; ``name``: in a folder of its own."""

    def write(*lines, instrument=AUDIT, responses="dossiers.csv", name="essai"):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        head = f"id: {name}\ntitle: Essai\nperiod: mars 2026\ninstrument: {instrument}\n"
        text = head + f"responses: {responses}\nreference: none\n" + "".join(lines)
        (folder / "campagne.yml").write_text(text, encoding="utf-8")
        return folder / "campagne.yml"

    return write


def read(path):
    loaded = load_campaign(path)
    return read_answers(loaded, load_instrument(loaded.instrument), path.parent)


def keep(entry, subject="D1", service="Nuit", **kept):
    where = {"facility": "Hôpital fictif", "service": service, "subject": subject}
    return reply_to(entry, {"id": "1", "do": "keep", "where": where, **kept})


def given(entry, rank):
    """Every answer of every scale in turn, and some items left blank."""
    answers = {}
    for at, item in enumerate(entry.asked.instrument.items):
        scale = entry.asked.instrument.scale_of(item)
        codes = [one.code for one in scale.answers if one.code not in item.forbidden]
        if (at + rank) % 7:
            answers[item.code] = str(codes[(at + rank) % len(codes)])
    return answers


def codes_of(row, codes):
    return {code: str(row[code]) for code in codes if not pd.isna(row[code])}


@pytest.mark.parametrize("coding", [CODES, LABELS])
@pytest.mark.parametrize(
    ("instrument", "columns"), [(AUDIT, RECORDS), (GROUP, PLACES), (PERSON, PLACES)]
)
def test_a_campaign_reads_the_very_answers_that_were_entered(campaign, instrument, columns, coding):
    path = campaign(columns, coding, instrument=instrument)
    entry = open_entry(path)
    entered = {f"S{rank}": given(entry, rank) for rank in range(9)}
    for rank, (service, answers) in enumerate(entered.items()):
        sent = [answers] if rank else [{item: code} for item, code in answers.items()]
        for some in sent:  # one by one, as a page sends them, then together
            assert keep(entry, f"D{rank}", service, answers=some)["done"]
    responses = read(path).responses
    found = {row["service"]: codes_of(row, entry.asked.instrument.codes)
             for row in responses.to_dict("records")}  # fmt: skip
    assert found == entered


def test_an_answer_is_corrected_taken_back_and_its_earlier_value_stands_beside(campaign):
    path = campaign(RECORDS, CODES)
    entry = open_entry(path)
    keep(entry, answers={"PR01": "1", "PR02": "0"})
    keep(entry, answers={"PR01": "1"})  # the same again is no correction
    keep(entry, answers={"PR01": "0"})
    told = keep(entry, answers={"PR02": ""})
    assert told["entered"] == [{"facility": "", "service": "Nuit", "subject": "D1",
                                "answered": 1, "corrections": 2}]  # fmt: skip
    (row,) = read(path).responses.to_dict("records")
    assert (row["PR01"], pd.isna(row["PR02"])) == (0, True)
    lines = [(one.item, one.before, one.after) for one in entry.entries.journal.lines()]
    assert lines == [("PR01", "1", "0"), ("PR02", "0", "")]


def test_why_something_is_not_applicable_stands_beside_and_no_campaign_warns_of_it(campaign):
    path = campaign(RECORDS, CODES)
    entry = open_entry(path)
    keep(entry, answers={"PR04": "8"}, reasons={"PR04": "bras plâtré"})
    keep(entry, reasons={"PR04": "=bras ; plâtré"})
    opened = reply_to(entry, {"do": "open", "where": {"service": "Nuit", "subject": "d1 "}})
    assert opened["reasons"] == {"PR04": "=bras ; plâtré"}
    assert opened["answers"] == {"PR04": 8}
    assert not [one for one in read(path).warnings if "colonne" in one.what]
    assert not keep(entry, reasons={"Q99": "x"})["done"]


def doubts(entry, **where):
    """What is said of a record whose number was typed."""
    opened = reply_to(entry, {"do": "open", "where": where, "typed": True})
    return [text.replace("\u202f", " ").replace("\xa0", " ") for text in opened["doubts"]]


def test_a_number_already_entered_and_a_service_nobody_wrote_are_doubted(campaign):
    entry = open_entry(campaign(RECORDS, CODES))
    assert doubts(entry, service="Nuit", subject="D1") == []  # the first: nothing is known yet
    keep(entry, "D1", "Nuit", answers={"PR01": "1"})
    (already,) = doubts(entry, service="Nuit", subject=" d1")
    assert already.startswith(f"Déjà saisi (1 sur {len(entry.asked.instrument.items)})")
    (unknown,) = doubts(entry, service="Nuits", subject="D2")
    assert "« Nuits » n'est le service d'aucune autre opportunité" in unknown.replace("’", "'")
    assert doubts(entry, service="Nuit", subject="D2") == []
    chosen = reply_to(entry, {"do": "open", "where": {"service": "Nuit", "subject": "D1"}})
    assert chosen["doubts"] == []  # from the list of what is entered
    assert reply_to(entry, {"do": "show"})["known"]["service"] == ["Nuit"]


def test_a_record_outside_those_drawn_is_doubted(campaign):
    drawn = pd.DataFrame({"service": ["Nuit", "Jour"], "subject": ["D1", "D2"]})
    entry = open_entry(campaign(RECORDS, CODES), drawn)
    assert doubts(entry, service="Nuit", subject="D1") == []
    (outside,) = doubts(entry, service="Nuit", subject="D3")
    assert "dans la liste des 2 opportunités à saisir" in outside
    assert reply_to(entry, {"do": "show"})["known"]["service"] == ["Jour", "Nuit"]


def test_with_a_roster_its_services_are_a_list_and_no_other_is_taken(campaign):
    entry = open_entry(campaign(RECORDS, CODES, "services: [Nuit, Jour]\n"))
    shown = reply_to(entry, {"do": "show"})
    assert shown["places"] == [["", "Nuit"], ["", "Jour"]]
    refused = reply_to(entry, {"do": "open", "where": {"service": "Soir", "subject": "D1"}})
    assert "pas dans la liste des services" in refused["why"]


def test_a_hostile_note_is_a_text_in_the_file_and_in_the_report_s_notes(campaign):
    path = campaign(PLACES, CODES, instrument=GROUP)
    entry = open_entry(path)
    dimension = entry.asked.instrument.dimensions[0].id
    assert keep(entry, answers=given(entry, 0), notes={dimension: HOSTILE})["done"]
    shown = HOSTILE.replace("\u202e", "").replace("\x00", "").strip()
    assert read(path).notes["text"].tolist() == [shown]
    opened = reply_to(entry, {"do": "open", "where": {"facility": "Hôpital fictif",
                                                      "service": "Nuit"}})  # fmt: skip
    assert opened["notes"] == {dimension: shown}
    with (path.parent / "dossiers.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream, delimiter=";") for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert GUARD + shown in cells


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ({"answers": {"PR01": "7"}}, "pas de ce questionnaire"),
        ({"answers": {"inconnu": "1"}}, "pas de ce questionnaire"),
        ({"answers": ["PR01"]}, "demande inconnue"),
        ({"notes": {"prerequis": "un nom"}}, "ne prend pas cette note"),
        ({"subject": "  ", "answers": {"PR01": "1"}}, "il manque son numéro"),
        ({"service": "", "answers": {"PR01": "1"}}, "il manque son service"),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_is_written(campaign, kept, told):
    entry = open_entry(campaign(RECORDS, CODES))
    reply = keep(entry, **kept)
    assert (reply["done"], reply["id"]) == (False, "1")
    assert told in reply["why"].lower()
    assert not entry.entries.path.exists()


def test_a_number_is_that_of_one_record_whatever_its_capitals(campaign):
    entry = open_entry(campaign(RECORDS, CODES))
    keep(entry, "D1", answers={"PR01": "1"})
    keep(entry, "d1", answers={"PR02": "1"})
    assert [row.subject for row in entry.entries.all()] == ["D1"]
    elsewhere = keep(entry, "D1", "Jour", answers={"PR01": "0"})
    assert "est déjà saisi pour le service" in elsewhere["why"]


def test_two_notebooks_on_one_file_lose_nothing_and_one_waits_for_the_other(campaign):
    path = campaign(RECORDS, CODES)
    one, other = open_entry(path), open_entry(path)
    for rank in range(6):
        assert keep((one, other)[rank % 2], f"D{rank}", answers={"PR01": "1"})["done"]
        assert keep((other, one)[rank % 2], f"D{rank}", answers={"PR02": "0"})["done"]
    assert [len(row.answers) for row in other.entries.all()] == [2] * 6
    with FileLock(f"{one.entries.path}.lock"):
        assert "n autre carnet y écrit" in keep(one, answers={"PR01": "0"})["why"]
    assert keep(one, answers={"PR01": "0"})["done"]


def test_what_the_disk_does_not_take_is_not_acknowledged(campaign, monkeypatch):
    entry = open_entry(campaign(RECORDS, CODES))
    keep(entry, answers={"PR01": "1"})

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        reply = keep(entry, answers={"PR02": "1"})
    assert (reply["done"], "plus de place" in reply["why"]) == (False, True)
    assert [dict(row.answers) for row in entry.entries.all()] == [{"PR01": 1}]


def test_thirty_kills_lose_no_acknowledged_answer(campaign):
    path = campaign(RECORDS, CODES)
    command = [sys.executable, "-m", "tests.asking.killed", path, "30"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root,
                          env=os.environ | {"PYTHONPATH": str(root)})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 30


def test_a_correction_cut_short_by_an_accident_is_told_once(campaign):
    path = campaign(RECORDS, CODES)
    entry = open_entry(path)
    keep(entry, answers={"PR01": "1"})
    before = entry.entries.path.read_bytes()
    keep(entry, answers={"PR01": "0"})
    entry.entries.path.write_bytes(before)  # the journal was written, the answers were not
    with entry.entries.journal.path.open("ab") as stream:
        stream.write(b"2026-03-01;;Nuit;D")
    again = open_entry(path)
    assert keep(again, answers={"PR01": "0"})["entered"][0]["corrections"] == 1
    keep(again, answers={"PR01": "9"})
    assert again.entries.corrections()[("d1",)] == 2


def test_a_correction_bears_the_day_and_no_name(campaign):
    path = campaign(RECORDS, CODES)
    loaded = load_campaign(path)
    sheet = Sheet(loaded, load_instrument(loaded.instrument))
    entries = Entries(sheet, path.parent / "dossiers.csv", lambda: datetime.date(2026, 3, 31))
    row = entries.keep(open_entry(path)._where({"service": "Nuit", "subject": "D1"}),
                       {"PR01": 1}, {}, {})  # fmt: skip
    entries.keep(row, {"PR01": 0}, {}, {})
    last = entries.journal.path.read_text("utf-8-sig").splitlines()[-1]
    assert last == "2026-03-31;;Nuit;D1;PR01;correction;1;0"


REFUSED = {
    "a workbook": ((RECORDS, CODES), {"responses": "export.xlsx"}, "n'écrit que des fichiers CSV"),
    "a grid": ((RECORDS, CODES), {"responses": "{file: d.xlsx, layout: grid}"}, "cette grille"),
    "an encoding": ((RECORDS, CODES), {"responses": "{file: d.csv, encoding: cp1252}"}, "UTF-8"),
    "no number": (("columns: {service: Service}\n", CODES), {}, "numéro des dossiers"),
    "turned round": (
        ("columns: {service: Service, subject: Personne}\n",
         "coding: {answers: codes, reversed: already_reversed}\n"),
        {"instrument": PERSON}, "telles qu'elles sont données",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_campaign_that_entry_cannot_write_is_refused_in_words(campaign, case):
    lines, settings, told = REFUSED[case]
    with pytest.raises(Refused) as refused:
        open_entry(campaign(*lines, **settings))
    assert told in str(refused.value).replace("\u202f", " ")


def test_a_file_of_a_spreadsheet_in_another_encoding_is_read_as_it_is_and_goes_on_in_utf8(campaign):
    path = campaign("columns: {service: Service, subject: N° dossier}\n", CODES)
    file, items = path.parent / "dossiers.csv", list(load_instrument("epp_hygiene_mains").codes)
    lines = [["Service", "N° dossier", *items], ["Nuit", "Né-1", *"1" * len(items)]]
    file.write_bytes("\r\n".join(map(",".join, lines)).encode("cp1252"))
    entry = open_entry(path)
    entry.entries.keep(entry._where({"service": "Nuit", "subject": "Né-2"}), {items[0]: 0}, {}, {})
    assert [line.split(";")[1] for line in file.read_text("utf-8-sig").splitlines()] == [
        "N° dossier", "Né-1", "Né-2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["Service;Dossier;Âge;PR01\nNuit;D1;3;1\n", "Service;Dossier\nNuit;D1\n"]
)
def test_a_file_with_other_columns_is_refused_and_left_as_it_was(campaign, text):
    path = campaign(RECORDS, CODES)
    file = path.parent / "dossiers.csv"
    file.write_text(text, encoding="utf-8")
    before = file.read_bytes()
    with pytest.raises(Refused, match="ne sont pas celles de la saisie"):
        open_entry(path)
    assert file.read_bytes() == before


def listed(entry):
    return [place["subject"] for place in reply_to(entry, {"do": "show"})["left"]]


def test_the_records_drawn_are_listed_until_they_are_entered(campaign):
    drawn = pd.DataFrame({"subject": ["D3", "D1"], "service": ["Nuit", "Nuit"]})
    entry = open_entry(campaign(RECORDS, CODES), drawn)
    assert listed(entry) == ["D3", "D1"]
    keep(entry, "D3", answers={"PR01": "1"})
    assert listed(entry) == ["D1"]


def test_the_second_auditor_enters_in_a_file_of_their_own_the_records_of_the_first(campaign):
    other = campaign(RECORDS, CODES, name="relecture")
    path = campaign(RECORDS, CODES, "second_reader: ../relecture/campagne.yml\n")
    first = open_entry(path)
    for number in ("D1", "D2"):
        keep(first, number, answers={"PR01": "1"})
    second = open_entry(path, reader=2)
    assert listed(second) == ["D1", "D2"]
    shown = reply_to(second, {"do": "open", "where": {"service": "Nuit", "subject": "D1"}})
    assert shown["answers"] == {}
    keep(second, "D1", answers={"PR01": "0"})
    assert read(other).responses["PR01"].tolist() == [0]
    assert read(path).responses["PR01"].tolist() == [1, 1]


def test_the_round_before_gives_its_records_to_read_again(campaign):
    before = campaign(RECORDS, CODES, name="avant")
    keep(open_entry(before), "D7", answers={"PR01": "1"})
    again = "earlier: {campaign: ../avant/campagne.yml, same_records: true}\n"
    assert listed(open_entry(campaign(RECORDS, CODES, again))) == ["D7"]
    anew = "earlier: ../avant/campagne.yml\n"
    assert listed(open_entry(campaign(RECORDS, CODES, anew, name="autres"))) == []


def test_people_are_asked_once_their_campaign_is_prepared(campaign):
    entry = open_entry(campaign(PLACES, CODES, instrument="culture_ehpad"))
    told = reply_to(entry, {"id": "1", "do": "show"})
    assert (told["done"], "«\u202fqgdr ask\u202f»" in told["why"]) == (False, True)
    assert not keep(entry, answers={"CE01": "1"})["done"]
