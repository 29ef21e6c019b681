"""Nothing is said to be kept before the disk has it: the calls of the system, in their order."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from qgdr_eval.asking.receiving.store import open_store
from tests.asking.campaigns import ready
from tests.asking.databases import Database
from tests.asking.served import Served
from tests.asking.traces import calls_of, flushed_between, strace

WRITES = re.compile(r"POST /(garder|envoyer) ")
KEPT = re.compile(r"HTTP/1\.1 (204|200|303) ")


def answered(calls):
    """Each write that a browser asked for, and the first bytes that were answered to it."""
    asked = {}
    for call in calls:
        if call.name == "recvfrom" and WRITES.search(call.text):
            asked[call.what] = call
        elif call.name == "sendto" and call.what in asked and "HTTP/1.1" in call.text:
            yield asked.pop(call.what), call


def test_the_log_of_a_file_is_flushed_before_an_answer_is_said_to_be_kept(tmp_path):
    trace = tmp_path / "trace"
    before = strace(trace)
    made = ready(tmp_path)
    served = Served(made.path, before=before).wait()
    items = made.asked.instrument.codes
    for code in made.codes["Médecine"][:3]:
        person = served.person(code)
        for item in items[:5]:
            assert person.post("/garder", json={item: "1"}).status_code == 204
        assert person.post("/envoyer", json={items[0]: "1"}).status_code == 200
    served.stop()
    calls = calls_of(trace)
    both = list(answered(calls))
    assert len(both) == 3 * 6
    for asked, told in both:
        assert KEPT.search(told.text)
        assert flushed_between(calls, "essai.sqlite-wal", asked, told)


def test_the_log_of_postgresql_is_flushed_before_it_says_that_it_committed():
    with TemporaryDirectory(prefix="pg") as folder:
        trace = Path(folder) / "data" / "trace"
        database = Database(trace.parent, before=strace(trace))
        store = open_store(database.url, "trace", Path(folder) / "brouillons.sqlite")
        for rank in range(10):
            store.keep_return(f"m{rank}", "p", lambda box: (b"box", None)).result()
        store.close()
        database.stop()
        calls = calls_of(trace)
    both = list(committed(calls))
    assert len(both) >= 10
    flushed = [flushed_between(calls, "pg_wal", asked, told) for asked, told in both]
    # What opens the store commits too, and one of its transactions may have nothing to write.
    assert flushed[-10:] == [True] * 10


def committed(calls):
    """Each COMMIT that a connection asked for, and its answer."""
    asked = {}
    for call in calls:
        if "recv" in call.name and "COMMIT" in call.text:
            asked[call.what] = call
        elif call.name == "sendto" and call.what in asked and "COMMIT" in call.text:
            yield asked.pop(call.what), call
