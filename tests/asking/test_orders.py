"""By server and by file, in any order: one opened file, byte for byte."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.asking.orders import files_of
from tests.thorough import examples


def test_any_order_by_server_or_by_file_in_sqlite_or_postgresql_opens_as_the_same_bytes():
    times = examples(15)
    with TemporaryDirectory(prefix="or") as folder:  # a socket's path is short
        seen = files_of(times, Path(folder))
    assert list(seen.values()) == [2 * times]
    (answers, comments) = next(iter(seen))
    assert answers.count(b"\n") == 13
    assert comments.count(b"Mot") == 6
