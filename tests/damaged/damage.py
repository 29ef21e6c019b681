"""Ways of damaging a file, chosen by a seed: the same number always gives the same file."""

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

Damage = Callable[[bytes, Random], bytes]
ODD = [
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b";",
    b"\r",
    b"\n",
    b"\t",
    b"&x ",
    b"*x",
    b"{",
    b"[",
]
WORDS = ["", "x" * 300, "=1+1", "-1", "1e999", "NaN", "é" * 9, "\u202e", "../..", "a\0b", "None"]


def cut(content: bytes, random: Random) -> bytes:
    """The file stops somewhere."""
    return content[: random.randrange(len(content) + 1)]


def flip(content: bytes, random: Random) -> bytes:
    """Some bits are not what they were."""
    bytes_ = bytearray(content)
    for _ in range(random.choice([1, 1, 3, 20])):
        if bytes_:
            bytes_[random.randrange(len(bytes_))] ^= 1 << random.randrange(8)
    return bytes(bytes_)


def insert(content: bytes, random: Random) -> bytes:
    """Bytes that mean something to a parser stand where they should not."""
    at = random.randrange(len(content) + 1)
    return content[:at] + random.choice(ODD) * random.choice([1, 1, 2, 500]) + content[at:]


def drop(content: bytes, random: Random) -> bytes:
    """A piece of the file is missing."""
    at = random.randrange(len(content) + 1)
    return content[:at] + content[at + random.choice([1, 10, 200]) :]


def repeat(content: bytes, random: Random) -> bytes:
    """A line stands many times."""
    lines = content.splitlines(keepends=True) or [b""]
    at = random.randrange(len(lines))
    lines[at:at] = [lines[at]] * random.choice([1, 2, 400])
    return b"".join(lines)


def shuffle(content: bytes, random: Random) -> bytes:
    """Two lines have changed places."""
    lines = content.splitlines(keepends=True)
    if len(lines) > 1:
        one, other = random.sample(range(len(lines)), 2)
        lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def replace_word(content: bytes, random: Random) -> bytes:
    """A word is another one, too long, empty or of another kind."""
    words = list(re.finditer(rb"[\w.-]+", content))
    if not words:
        return content
    word = random.choice(words)
    return content[: word.start()] + random.choice(WORDS).encode() + content[word.end() :]


def recode(content: bytes, random: Random) -> bytes:
    """The text is written in another encoding."""
    text = content.decode("utf-8", "replace")
    return text.encode(random.choice(["utf-16", "utf-32", "cp850", "cp037", "utf-7"]), "replace")


def nest(content: bytes, random: Random) -> bytes:
    """Levels without end, of the kind the file is made of."""
    opened = random.choice([b"[", b'{"a":', b"(", b"- ", b"a:\n "])
    return random.choice([b"", content]) + opened * random.choice([50, 3000, 100_000])


def lengthen(content: bytes, random: Random) -> bytes:
    """A line of a million characters."""
    at = random.randrange(len(content) + 1)
    return content[:at] + random.choice([b"9", b"a", b";", b" "]) * 1_000_000 + content[at:]


TEXT: list[Damage] = [
    cut, flip, insert, drop, repeat, shuffle, replace_word, replace_word, recode, nest, lengthen,
]  # fmt: skip


def in_archive(content: bytes, random: Random) -> bytes:
    """One part of a workbook is damaged, the archive itself being sound."""
    source = zipfile.ZipFile(io.BytesIO(content))
    names = source.namelist()
    sheets = [name for name in names if "sheet" in name or "workbook" in name]
    chosen = random.choice(sheets if random.random() < 0.7 else names)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            part = source.read(name)
            if name == chosen and random.random() < 0.1:
                continue
            archive.writestr(name, _part(part, random) if name == chosen else part)
    return stream.getvalue()


def _part(part: bytes, random: Random) -> bytes:
    return random.choice([*TEXT[:7], _far_cell, _far_cell, _blank_rows, _merged, _odd_cell])(
        part, random
    )


def _far_cell(part: bytes, random: Random) -> bytes:
    """A space, or a word, far from everything."""
    column, row = (
        random.choice(["KN", "XFD", "B", "ZZZZ"]),
        random.choice([60_000, 1_048_576, 0, 9**9]),
    )
    text = random.choice([" ", "x", ""])
    cell = f'<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'
    return part.replace(b"</sheetData>", cell.encode() + b"</sheetData>")


def _blank_rows(part: bytes, random: Random) -> bytes:
    """A million rows laid out and empty."""
    rows = random.choice([2_000, 200_000, 1_000_000])
    filler = b"".join(b'<row r="%d" ht="15" customHeight="1"/>' % at for at in range(900, rows))
    return part.replace(b"</sheetData>", filler + b"</sheetData>")


def _merged(part: bytes, random: Random) -> bytes:
    """A range merged over the whole sheet, or over nothing."""
    ref = random.choice(["A1:XFD1048576", "A1:B60000", "B2", "Z9:A1", "A0:B1", "A:A"])
    return part.replace(
        b"</sheetData>", f'</sheetData><mergeCells><mergeCell ref="{ref}"/></mergeCells>'.encode()
    )


def _odd_cell(part: bytes, random: Random) -> bytes:
    """A cell of a kind nobody expects, before the others."""
    cell = random.choice(
        [
            '<c r="C2" t="e"><v>#N/A</v></c>',
            '<c r="C2" t="s"><v>999999</v></c>',
            '<c r="C2" t="s"><v>x</v></c>',
            '<c r="C2" t="d"><v>hier</v></c>',
            '<c r="C2" t="b"><v>7</v></c>',
            '<c r="C2" s="9999"><v>1</v></c>',
            '<c r="C2"><v>1e400</v></c>',
            '<c r="C2"><f>1+1</f></c>',
            '<c t="n"><v>99999999999999999999</v></c>',
        ]
    )
    return part.replace(b"<sheetData>", f'<sheetData><row r="2">{cell}</row>'.encode())


WORKBOOK: list[Damage] = [
    cut,
    flip,
    flip,
    insert,
    drop,
    in_archive,
    in_archive,
    in_archive,
    in_archive,
]


def in_json(content: bytes, random: Random) -> bytes:
    """One value is of another type, or is missing."""
    value = json.loads(content)
    places = list(_places(value))
    holder, at = random.choice(places) if places else ({}, "")
    if random.random() < 0.2 and isinstance(holder, dict):
        del holder[at]
    elif places:
        holder[at] = random.choice(
            [None, 1, "", [], {}, True, [1], {"a": 1}, "x" * 10**6, -1, 1e308]
        )
    return json.dumps(value).encode()


def _places(value: Any) -> Any:
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for at, held in list(pairs):
        yield value, at
        yield from _places(held)


JSON: list[Damage] = [cut, flip, insert, drop, nest, recode, in_json, in_json, in_json]


def damage_database(path: Path, random: Random) -> None:
    """A table is missing or emptied, a value is of another type, or the file is damaged."""
    if random.random() < 0.5:
        path.write_bytes(random.choice([cut, flip, insert, drop])(path.read_bytes(), random))
        return
    with closing(sqlite3.connect(path)) as connection, connection:
        tables = [
            row[0]
            for row in connection.execute("select name from sqlite_master where type = 'table'")
        ]
        table = random.choice(tables)
        columns = [row[1] for row in connection.execute(f'pragma table_info("{table}")')]
        connection.execute(
            random.choice(
                [
                    f'drop table "{table}"',
                    f'delete from "{table}"',
                    f'update "{table}" set "{random.choice(columns)}" = null',
                    f'update "{table}" set "{random.choice(columns)}" = \'x\'',
                    f'update "{table}" set "{random.choice(columns)}" = x\'ff00\'',
                ]
            )
        )


def damage_file(path: Path, random: Random) -> None:
    """Damage one file in the way of its kind, sometimes twice."""
    if path.suffix == ".sqlite":
        damage_database(path, random)
        return
    ways = {".xlsx": WORKBOOK, ".ipynb": JSON, ".json": JSON}.get(path.suffix, TEXT)
    content = random.choice(ways)(path.read_bytes(), random)
    if random.random() < 0.2 and ways is TEXT:
        content = random.choice(ways)(content, random)
    path.write_bytes(content)
