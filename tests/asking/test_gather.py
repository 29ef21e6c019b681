"""Opening: every card once, in no order, nothing lost; what is not ours is refused and stays."""

import csv
import io
import random
from collections import Counter

import pytest

from qgdr_eval.asking.asked.inquiry import store_path
from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.gather_words import sentences
from qgdr_eval.asking.opening.sources import every_source, sources_of, warnings_of
from qgdr_eval.asking.receiving.store import open_store
from qgdr_eval.asking.returning.boxes import Dropped
from qgdr_eval.asking.returning.returned import Return
from qgdr_eval.asking.sealing.cards import card_of, read_code
from qgdr_eval.asking.sealing.seal import new_pair
from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import open_report, team
from qgdr_eval.responses.asked import UNSAID
from qgdr_eval.writing import Unwritable
from tests.asking.campaigns import CROWD, ready

CLASSES = {
    "columns": "columns:\n  facility: Établissement\n  service: Service\n"
    "  strata: {profession: Métier}\n",
    "more": "  classes: [Infirmiers, Médecins]\n  comments: true\n",
}


def opened(made, pair=None, **choices):
    return gather(made.path, pair or made.pair, sources_of(made.path), **choices)


def rows(made):
    text = made.asked.answers.read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def by_name(units):
    return {unit.service: returns for unit, returns in units.items()}


def some_answers(made, seed):
    codes = made.asked.instrument.codes
    rng = random.Random(seed)
    return {code: rng.randint(1, 5) for code in codes if rng.random() < 0.9}


def sent(made, service, count, start=0):
    return [
        made.send(code, some_answers(made, f"{service}{at}"), f"{service[0].encode().hex()}{at:x}")
        for at, code in enumerate(made.codes[service][start : start + count], start=start)
    ]


def test_what_was_answered_is_what_is_read(tmp_path):
    made = ready(tmp_path)
    sent(made, "Médecine", 11)
    sent(made, "Urgences", 10)
    result = opened(made)
    assert by_name(result.counted) == {"Médecine": 11, "Urgences": 10}
    read = read_campaign(made.path).answers.responses
    assert read["service"].value_counts().to_dict() == {"Médecine": 11, "Urgences": 10}
    codes = made.asked.instrument.codes
    given = {
        tuple(some_answers(made, f"{name}{at}").get(code, -1) for code in codes)
        for name, n in (("Médecine", 11), ("Urgences", 10))
        for at in range(n)
    }
    found = {tuple(row) for row in read[codes].fillna(-1).astype(int).itertuples(index=False)}
    assert found == given
    assert list(made.dropped.glob("*.qgdr")) == []


def test_any_order_of_arrival_gives_one_file_byte_for_byte(tmp_path):
    made = ready(tmp_path)
    names = [*made.codes["Médecine"][:8], *made.codes["Urgences"][:8]]
    answers = {code: some_answers(made, code[:1]) for code in names}
    seen = set()
    for seed in range(40):
        order = random.Random(seed).sample(names, len(names))
        for at, code in enumerate(order):
            made.send(code, answers[code], f"{at:x}")
        opened(made)
        seen.add(made.asked.answers.read_bytes())
        for path in (made.asked.answers, made.path.parent / "recueil/essai.ouvert.json"):
            path.unlink()
    assert len(seen) == 1


def test_a_card_counts_once_however_often_it_comes_back(tmp_path):
    made = ready(tmp_path)
    code = made.codes["Médecine"][0]
    made.crowd()
    answers = some_answers(made, 1)
    for name in ("1", "2", "3"):
        made.send(code, answers, name)
    made.send(code.lower(), some_answers(made, 2), "4")
    result = opened(made)
    assert (result.total, result.twice) == (1 + 2 * CROWD, 3)
    made.send(code, some_answers(made, 3), "5")
    again = opened(made, last=True)
    assert (again.total, again.twice, again.waiting) == (1 + 2 * CROWD, 1, {})
    assert len(rows(made)) == 1 + 2 * CROWD


def test_what_is_no_return_of_the_campaign_is_told_and_stays(tmp_path):
    made, other = ready(tmp_path / "a"), ready(tmp_path / "b")
    code = made.codes["Médecine"][0]
    kept = [
        made.send(other.codes["Médecine"][0], {}, "1"),
        made.send("2345ACDEWXYC", {}, "2"),
        made.send(code, {"EP01": 77}, "3"),
        made.send(code, {"<script>": 1}, "4"),
        made.send(code, {}, "5", stratum="Médecins"),
    ]
    altered = made.send(code, {}, "6")
    content = bytearray(altered.read_bytes())
    content[-1] ^= 1
    altered.write_bytes(content)
    foreign = other.send(other.codes["Médecine"][0], {}, "7")
    foreign = foreign.rename(made.dropped / "reponse-0000000000000007.qgdr")
    good = made.send(code, some_answers(made, 1), "8")
    made.crowd()
    result = opened(made)
    assert (result.total, result.unopened) == (1 + 2 * CROWD, 2)
    assert result.refused == {"card": 2, "answer": 2, "class": 1}
    assert all(path.exists() for path in (*kept, altered, foreign))
    assert not good.exists()


def test_what_is_no_sealed_file_is_told_and_left_alone(tmp_path):
    made = ready(tmp_path)
    for name, content in (("a.qgdr", b""), ("b.qgdr", b"qgdr 1\n" + bytes(40)), ("c.txt", b"x")):
        (made.dropped / name).write_bytes(content)
    cut = made.send(made.codes["Médecine"][0], {}, "1")
    cut.write_bytes(cut.read_bytes()[:-5])
    with pytest.raises(Refused, match="la campagne continue"):
        opened(made)
    told = " ".join(warnings_of(made.path, sources_of(made.path)))
    assert "3" in told
    assert "a.qgdr" in told
    assert sorted(path.name for path in made.dropped.iterdir()) == sorted(
        ["a.qgdr", "b.qgdr", "c.txt", cut.name]
    )


def test_another_key_opens_nothing(tmp_path):
    made = ready(tmp_path)
    path = made.send(made.codes["Médecine"][0], {}, "1")
    with pytest.raises(Refused, match="n'ouvre pas cette campagne"):
        opened(made, new_pair())
    assert path.exists()
    assert not made.asked.answers.exists()


def test_the_first_opening_takes_no_service_below_five_and_says_so(tmp_path):
    made = ready(tmp_path, minimum=10)
    (alone,) = sent(made, "Urgences", 1)
    with pytest.raises(Refused, match="la campagne continue"):
        opened(made)
    assert alone.exists()
    assert not made.asked.answers.exists()
    sent(made, "Médecine", 5)  # under the minimum of a page, in the totals of its facility
    result = opened(made)
    assert (by_name(result.counted), by_name(result.waiting)) == ({"Médecine": 5}, {"Urgences": 1})
    assert alone.exists()
    said = " ".join(sentences(result)).replace("\u202f", " ").replace("\xa0", " ")
    assert "Restent scellées, faute d'être 5 dans leur service : « Urgences »" in said
    sent(made, "Urgences", 8, start=1)
    assert by_name(opened(made).counted) == {}  # closed: the campaign's minimum holds
    sent(made, "Urgences", 1, start=9)
    assert by_name(opened(made).counted) == {"Urgences": 10}


def test_what_is_too_little_is_erased_unread_when_it_is_asked_at_the_first_opening_too(tmp_path):
    made = ready(tmp_path, minimum=10)
    sent(made, "Urgences", 4)
    result = opened(made, last=True)
    assert (result.counted, by_name(result.erased), rows(made)) == ({}, {"Urgences": 4}, [])
    assert list(made.dropped.glob("*.qgdr")) == []


def test_a_second_opening_takes_no_service_below_the_minimum(tmp_path):
    services = [("CH fictif", "Médecine", 30), ("CH fictif", "Urgences", 30)]
    made = ready(tmp_path, services=services, minimum=10)
    sent(made, "Médecine", 10)
    opened(made)
    sent(made, "Médecine", 9, start=10)
    late = sent(made, "Urgences", 10)
    result = opened(made)
    assert by_name(result.counted) == {"Urgences": 10}
    assert by_name(result.waiting) == {"Médecine": 9}
    assert len(list(made.dropped.glob("*.qgdr"))) == 9
    assert not any(path.exists() for path in late)
    last = opened(made, last=True)
    assert by_name(last.erased) == {"Médecine": 9}
    assert len(rows(made)) == 20
    assert list(made.dropped.glob("*.qgdr")) == []


class Stopped(Exception):
    """The power went."""


@pytest.mark.parametrize("at", ["before the answers", "before the end", "before erasing"])
def test_an_opening_that_was_cut_is_taken_up_and_counts_once(tmp_path, monkeypatch, at):
    made = ready(tmp_path)
    sent(made, "Médecine", 12)
    answers, state = made.asked.answers, made.path.parent / "recueil/essai.ouvert.json"
    sources = sources_of(made.path)
    written = {"before the answers": answers, "before the end": state}.get(at)
    times = {"before the end": 2}.get(at, 1)
    seen = []

    def stop(path, *_):
        seen.append(path)
        if len([one for one in seen if one == path]) == times and path == written:
            raise Stopped

    if written:
        replace = type(written).replace
        monkeypatch.setattr(
            type(written), "replace", lambda half, path: (stop(path), replace(half, path))[1]
        )
    else:
        monkeypatch.setattr(Dropped, "erase", lambda *_: stop_now())
    with pytest.raises(Stopped):
        gather(made.path, made.pair, sources)
    monkeypatch.undo()
    assert len(list(made.dropped.glob("*.qgdr"))) == 12
    again = opened(made)
    assert again.total == 12
    assert len(rows(made)) == 12
    assert list(made.dropped.glob("*.qgdr")) == []


def stop_now():
    raise Stopped


def test_when_the_answers_cannot_be_written_no_box_is_erased(tmp_path):
    made = ready(tmp_path)
    sent(made, "Médecine", 6)
    made.asked.answers.with_name("reponses.csv.part").mkdir()
    with pytest.raises(Unwritable):
        opened(made)
    assert len(list(made.dropped.glob("*.qgdr"))) == 6
    made.asked.answers.with_name("reponses.csv.part").rmdir()
    assert opened(made).total == 6


def test_an_answers_file_that_it_did_not_write_is_refused(tmp_path):
    made = ready(tmp_path)
    sent(made, "Médecine", 6)
    made.asked.answers.write_text("à moi", "utf-8")
    with pytest.raises(Refused, match="n'est pas celui"):
        opened(made)
    made.asked.answers.unlink()
    opened(made)
    with made.asked.answers.open("a", encoding="utf-8") as stream:
        stream.write("CH fictif;Médecine;5\r\n")
    with pytest.raises(Refused, match="modifié depuis"):
        opened(made)


def test_a_report_on_sealed_answers_says_the_next_command(tmp_path):
    made = ready(tmp_path)
    with pytest.raises(Refused, match=r"scellées(.|\n)*qgdr gather"):
        read_campaign(made.path)


def test_the_stratum_is_a_class_even_when_it_is_not_said(tmp_path):
    made = ready(tmp_path, **CLASSES)
    for at, stratum in enumerate(["Infirmiers", "Médecins", *[UNSAID] * 3]):
        made.send(made.codes["Médecine"][at], {}, f"{at}", stratum, remark="")
    opened(made)
    told = [row["Métier"] for row in rows(made)]
    assert told == ["Infirmiers", *[UNSAID] * 3, "Médecins"]


def test_comments_are_opened_apart_from_the_minimum_on_and_sorted(tmp_path):
    made = ready(tmp_path, services=[("CH fictif", "Médecine", 30)], minimum=10, **CLASSES)
    words = ["=HYPERLINK(1)", "<script>alert(1)</script>", *[""] * 6, "zut", "Bien"]
    for at, text in enumerate(words[:-1]):
        made.send(made.codes["Médecine"][at], {}, f"{at}", UNSAID, remark=text)
    path = made.path.with_name("commentaires.csv")
    made.send(made.codes["Médecine"][10], {}, "a", UNSAID)  # the tenth left the comment alone
    assert opened(made).remarks == 0
    assert not path.exists()
    waiting = list(made.dropped.glob("*.qgdr"))
    assert len(waiting) == 9  # their comments are still to be read, apart from counted answers
    assert {path.name[:9] for path in waiting} == {"remarque-"}
    assert Dropped(made.dropped, made.inquiry).boxes() == {}
    assert Dropped(made.dropped, made.inquiry).strangers() == []
    made.send(made.codes["Médecine"][9], {}, "9", UNSAID, remark=words[-1])
    assert opened(made, last=True).remarks == 10
    lines = path.read_text("utf-8-sig").splitlines()[1:]
    texts = [line.split(";", 1)[1] for line in lines]
    assert texts == sorted(["'=HYPERLINK(1)", "<script>alert(1)</script>", "zut", "Bien"])
    answers = made.asked.answers.read_text("utf-8-sig")
    assert "zut" not in answers
    assert list(made.dropped.glob("*.qgdr")) == []


def test_without_cards_every_file_counts_once(tmp_path):
    made = ready(tmp_path, more="  access: open\n")
    for at in range(6):
        made.send(f"{at:064x}", some_answers(made, at), f"{at}")
    copied = made.send(f"{0:064x}", some_answers(made, 0), "9")
    result = opened(made)
    assert (result.total, result.twice) == (6, 1)
    assert not copied.exists()


def test_what_a_server_kept_and_what_was_dropped_are_opened_together(tmp_path):
    made = ready(tmp_path)
    salt, codes = bytes.fromhex(made.inquiry.salt), made.codes["Médecine"]
    path = store_path(made.path, "essai")
    store = open_store(path)
    for at, code in enumerate(codes[:7]):
        card = card_of(read_code(code), salt)
        content = Return(card.root.hex(), some_answers(made, at)).content()
        box = made.inquiry.seal.close(content)
        store.keep_return(card.mark, card.draft, lambda draft, box=box: (box, None)).result()
    store.close()
    for at, code in enumerate(codes[6:12], start=6):  # the seventh card came both ways
        made.send(code, some_answers(made, at), f"{at:x}")
    with every_source(made.path) as sources:
        result = gather(made.path, made.pair, sources)
    assert (result.total, result.twice) == (12, 1)
    with every_source(made.path) as sources:
        assert [len(source.boxes()) for source in sources] == [0, 0]
    expected = Counter(
        tuple(str(some_answers(made, at).get(code, "")) for code in made.asked.instrument.codes)
        for at in range(12)
    )
    found = Counter(tuple(row[code] for code in made.asked.instrument.codes) for row in rows(made))
    assert found == expected


def test_used_cards_open_nothing(tmp_path):
    made = ready(tmp_path)
    code = made.codes["Médecine"][0]
    made.send(code, some_answers(made, 1), "1")
    made.crowd()
    opened(made)
    mark = card_of(read_code(code), bytes.fromhex(made.inquiry.salt)).mark
    kept = (made.path.parent / "recueil/essai.ouvert.json").read_text()
    assert mark in kept
    assert "answers" not in kept


@pytest.mark.parametrize(
    "services", [[("", "Médecine", 14), ("", "Urgences", 12)], [("", "Médecine", 14)]]
)
def test_services_of_no_facility_and_a_service_alone_are_read_back(tmp_path, services):
    made = ready(tmp_path, services=services)
    for _, name, _ in services:
        sent(made, name, 6)
    opened(made)
    read = read_campaign(made.path).answers.responses
    assert read["service"].value_counts().to_dict() == {name: 6 for _, name, _ in services}


@pytest.mark.parametrize(("more", "told"), [("  access: open\n", True), ("", False)])
def test_a_page_says_that_one_person_may_have_answered_twice(tmp_path, more, told):
    made = ready(tmp_path, services=[("CH fictif", "Médecine", 14)], more=more)
    for at in range(11):
        code = f"{at:064x}" if told else made.codes["Médecine"][at]
        made.send(code, some_answers(made, at), f"{at}")
    opened(made)
    page = team.limits(open_report(str(made.path)))
    assert ("répondre deux fois" in str(page)) == told
