"""People answer at once: how long until an answer is on the disk, what is lost, what it costs.

`python -m benchmarks.asking [people] [seconds] [--voila]`: 300 people enter their code at once,
then give 40 answers each in 40 s, over HTTP, to a served campaign, kept in SQLite, then in
PostgreSQL (a real server, started as a child). In the same run the same answers are given to the
same server when each has a transaction of its own; and, when asked for, the same form is opened in
Voilà, put in an environment apart.

The client writes its requests by hand: a client library takes more of the processor than the
server does, and on the same cores one would measure the client.
"""

import asyncio
import json
import os
import random
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import voila
from qgdr_eval.asking.receiving.reception import receiving_store
from qgdr_eval.asking.receiving.store import schema_of
from qgdr_eval.asking.sealing.cards import card_of, read_code
from qgdr_eval.asking.sealing.drafts import open_draft
from tests.asking.campaigns import ready
from tests.asking.databases import Database
from tests.asking.served import Served

ITEMS = 40
ALONE = """
import sys
from qgdr_eval import cli
from qgdr_eval.asking.receiving import writer
writer.TOGETHER = 1
cli.main(sys.argv[1:])
"""
ONE_BY_ONE = (sys.executable, "-c", ALONE)


@dataclass
class Line:
    """A browser's line to the server, kept open."""

    port: int
    cookie: str = ""

    async def open(self):
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def post(self, where, body, kind):
        """Status and headers of what is answered."""
        here = f"127.0.0.1:{self.port}"
        head = (f"POST {where} HTTP/1.1\r\nHost: {here}\r\nOrigin: http://{here}\r\n"
                f"Content-Type: {kind}\r\nCookie: {self.cookie}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n")  # fmt: skip
        self._writer.write(head.encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        length = answer.lower().partition("content-length: ")[2].partition("\r\n")[0]
        await self._reader.readexactly(int(length or 0))
        return int(answer.split(" ", 2)[1]), answer

    async def enter(self, code):
        body = f"code={code.replace(' ', '')}".encode()
        status, answer = await self.post("/entrer", body, "application/x-www-form-urlencoded")
        assert status == 303, answer
        self.cookie = answer.partition("set-cookie: ")[2].partition(";")[0]

    def close(self):
        self._writer.close()


@dataclass
class Crowd:
    """What people gave and were told: seconds of each answer, and what each draft must hold."""

    times: list[float] = field(default_factory=list)
    entering: list[float] = field(default_factory=list)
    kept: dict[str, dict[str, int]] = field(default_factory=dict)

    async def person(self, port, code, items, seconds, rng, all_here):
        line, begun = await Line(port).open(), time.perf_counter()
        await line.enter(code)
        self.entering.append(time.perf_counter() - begun)
        await all_here.wait()
        start, mine = time.perf_counter(), self.kept.setdefault(code, {})
        for moment, item in zip(sorted(rng.uniform(0, seconds) for _ in items), items, strict=True):
            await asyncio.sleep(max(0, start + moment - time.perf_counter()))
            begun, value = time.perf_counter(), rng.randint(1, 5)
            body = json.dumps({item: str(value)}).encode()
            status, answer = await line.post("/garder", body, "application/json")
            assert status == 204, answer
            self.times.append(time.perf_counter() - begun)
            mine[item] = value
        line.close()

    async def answer(self, port, codes, items, seconds):
        all_here = asyncio.Barrier(len(codes))
        await asyncio.gather(*(
            self.person(port, code, items, seconds, random.Random(rank), all_here)
            for rank, code in enumerate(codes)
        ))  # fmt: skip


def memory(process):
    """Megabytes."""
    text = Path(f"/proc/{process.pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def processor(process):
    """Seconds."""
    words = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def served(what, folder, people, seconds, url="", **started):
    """Serve, answer, stop; then read every draft again by its code."""
    made = ready(folder, services=(("CH", "Médecine", people),), instrument="culture_securite")
    items, codes = made.asked.instrument.codes[:ITEMS], made.codes["Médecine"][:people]
    running = Served(made.path, *(["--store", url] if url else []), **started).wait()
    before, used, crowd = memory(running.process), processor(running.process), Crowd()
    asyncio.run(crowd.answer(running.port, codes, items, seconds))
    each = (memory(running.process) - before) / people
    used = processor(running.process) - used
    running.stop()
    store = receiving_store(made.path, "essai", url)
    cards = {code: card_of(read_code(code), bytes.fromhex(made.inquiry.salt)) for code in codes}
    found = {code: open_draft(store.look(card.mark, card.draft).result()[1], card)
             for code, card in cards.items()}  # fmt: skip
    store.close()
    wrong = sum(found[code] != crowd.kept[code] for code in codes)
    last, spent = max(crowd.entering), used / len(crowd.times) * 1000
    tell(what, crowd.times, f"{wrong} drafts are not what was acknowledged; {each:.3f} MB a "
         f"person; {spent:.2f} ms of processor an answer; all entered in {last:.1f} s")  # fmt: skip


def tell(what, times, more):
    p95 = statistics.quantiles(times, n=20)[-1] * 1000
    middle = statistics.median(times) * 1000
    print(f"{what}: median {middle:.0f} ms, p95 {p95:.0f} ms, {len(times)} answers; {more}",
          flush=True)  # fmt: skip


def main(people=300, seconds=40.0):
    with TemporaryDirectory(prefix="b") as chosen:
        folder, told = Path(chosen), (people, seconds)
        served("SQLite", folder / "a", *told)
        served("SQLite, a transaction each", folder / "b", *told, command=ONE_BY_ONE)
        (folder / "d").mkdir()
        database = Database(folder / "d")
        served("PostgreSQL", folder / "e", *told, url=database.url)
        database.drop(schema_of("essai"))
        served("PostgreSQL, a transaction each", folder / "f", *told, url=database.url,
               command=ONE_BY_ONE)  # fmt: skip
        database.stop()


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "--voila"]
    main(*(kind(word) for kind, word in zip((int, float), given, strict=False)))
    if "--voila" in sys.argv:
        voila.main()
