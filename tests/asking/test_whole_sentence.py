"""From a roster to printed reports by commands alone, as if the same answers were a CSV."""

import re
from itertools import cycle
from pathlib import Path

import pandas as pd
import pytest

from qgdr_eval import cli
from qgdr_eval.asking.asked.campaign import read_asked
from qgdr_eval.asking.asked.inquiry import inquiry_path, load_inquiry
from qgdr_eval.asking.sealing.keys import read_key_file
from qgdr_eval.asking.widget.cell import open_entry, reply_to
from qgdr_eval.instruments import load_instrument
from qgdr_eval.tables.write import csv_bytes
from tests.asking.campaigns import CODE, Ready
from tests.asking.served import Served

INSTRUMENT = "experience_usagers_facile"
SERVICES = {"Médecine": (20, 14), "Urgences": (12, 11), "Nuit": (13, 10)}


def run(*arguments):
    """A command, as it is typed; gives its exit code."""
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    return left.value.code


def test_no_file_is_edited_by_hand_from_a_roster_to_reports(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = pd.DataFrame(
        [("CH fictif", name, heads) for name, (heads, _) in SERVICES.items()],
        columns=["Établissement", "Service", "Effectif"],
    )
    (tmp_path / "equipes.csv").write_bytes(csv_bytes(names))
    assert run("new", "c", "--instrument", INSTRUMENT, "--services", "equipes.csv") == 0
    assert "qgdr ask c/campagne.yml" in capsys.readouterr().out
    assert run("check", "c") == 0
    assert "personne n'a encore été interrogé" in capsys.readouterr().out
    assert run("report", "c/campagne.yml", "--out", "r") == 1
    asking = ("ask", "c/campagne.yml", "--out", "imprimer", "--key", "usb/cle.txt")
    assert run(*asking, "--key-copied") == 0
    assert "qgdr gather c/campagne.yml" in capsys.readouterr().out
    made = _ready(tmp_path)
    given = _answer(made)
    assert run("gather", "c/campagne.yml", "--key", "usb/cle.txt") == 0
    told = capsys.readouterr()
    assert "qgdr report c/campagne.yml" in told.out
    assert "des cartes sont encore là" not in told.err  # they lie outside the campaign's folder
    assert run("report", "c/campagne.yml", "--out", "r", "--date", "2026-11-30", "--jobs", "0") == 0

    _same_answers_as_an_export(given)
    _same_pages(tmp_path / "r", tmp_path / "r2")


def _ready(tmp_path):
    path = tmp_path / "c/campagne.yml"
    sheets = sorted((tmp_path / "imprimer").glob("cartes-*.html"))
    codes = dict(
        zip(SERVICES, [CODE.findall(sheet.read_text("utf-8")) for sheet in sheets], strict=True)
    )
    inquiry = load_inquiry(inquiry_path(path, "c"))
    return Ready(path, read_key_file(tmp_path / "usb/cle.txt"), read_asked(path), inquiry, codes)


def _answer(made):
    """People answer, each in one of the four ways; what they gave, as a survey tool exports it."""
    given = []
    instrument = load_instrument(INSTRUMENT)
    offered = {
        item.code: [option.code for option in instrument.scale_of(item).options]
        for item in instrument.items
    }
    served = Served(made.path).wait()
    ways = _ways(made, served)
    for rank, (service, (_, people)) in enumerate(SERVICES.items()):
        for at in range(people):
            answers = {
                item: codes[(at + rank + i) % len(codes)]
                for i, (item, codes) in enumerate(offered.items())
            }
            next(ways)(made.codes[service][at], answers)
            given.append({"Établissement": "CH fictif", "Service": service, **answers})
    served.stop()
    return pd.DataFrame(given)


def _ways(made, served):
    """By the server, a dropped file, a computer passed round, and paper, again and again."""
    turns, paper = open_entry(made.path), open_entry(made.path, paper=1)

    def to_server(code, answers):
        person = served.person(code)
        texts = {item: str(given) for item, given in answers.items()}
        assert person.post("/envoyer", json=texts).status_code == 200

    def at(desk):
        def answer(code, answers):
            visit = reply_to(desk, {"do": "enter", "code": code})["visit"]
            assert reply_to(desk, {"do": "send", "visit": visit, "answers": answers})["done"]

        return answer

    def to_folder(code, answers):
        made.send(code, answers, code.replace(" ", "")[:8].encode().hex())

    return cycle([to_server, to_folder, at(turns), at(paper)])


def _same_answers_as_an_export(given):
    """The campaign as it would be if its answers had come from a survey tool."""
    other = Path("d")
    other.mkdir()
    text = Path("c/campagne.yml").read_text("utf-8")
    text = re.sub(r"\nasking:\n(?:  .*\n)+", "\n", text)
    text += (
        "\ncolumns: {facility: Établissement, service: Service}\ncoding: {reversed: as_worded}\n"
    )
    (other / "campagne.yml").write_text(text, "utf-8")
    (other / "equipes.csv").write_bytes(Path("equipes.csv").read_bytes())
    order = given.sort_values(list(given.columns), key=lambda column: column.astype(str))
    (other / "reponses.csv").write_bytes(csv_bytes(order))
    assert (other / "reponses.csv").read_bytes() == Path("c/reponses.csv").read_bytes()
    assert (
        run("report", "d/campagne.yml", "--out", "r2", "--date", "2026-11-30", "--jobs", "0") == 0
    )


def _same_pages(folder, other):
    pages = sorted(path.relative_to(folder) for path in folder.rglob("*.html"))
    assert len(pages) >= 5
    for page in pages:
        first, second = (
            _without_prints((root / page).read_text("utf-8")) for root in (folder, other)
        )
        assert first == second, page


def _without_prints(page):
    """A page without the fingerprint of its campaign file, which says how answers came."""
    return re.sub(r"[0-9a-f]{12,64}", "", page)
