"""Does a move leave every printed file as it was? Prints the demonstration twice and compares.

    python -m tests.moved COMMIT
    python -m tests.moved COMMIT words

The demonstration of COMMIT is printed from its own code, that of the working tree from this one,
with one date. Pages, indexes, stored results and scores must be the same bytes; of a manifest, only
the fingerprints of the kit, its templates and its notebooks may differ, and the seconds. With
``words``, only what a page says and draws must be the same: its fingerprints may move, and what is
stored beside it.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1]
DATE = "2026-03-31"
MAY_DIFFER = ("kit", "template", "notebook", "seconds")
FINGERPRINT = re.compile(r"\b[0-9a-f]{12,64}\b")


def print_demonstration(code: Path, folder: Path) -> Path:
    """What a checkout prints of its own demonstration."""
    files, out = folder / "fichiers", folder / "rapports"
    for asked in (["demo", files], ["report", files / "programme.yml", "--out", out]):
        more = ["--date", DATE] if asked[0] == "report" else []
        subprocess.run(
            [sys.executable, "-m", "qgdr_eval.cli", *map(str, asked), *more],
            cwd=code,
            env=os.environ | {"PYTHONPATH": str(code)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return out


def check_out(commit: str, folder: Path) -> Path:
    """The files of a commit."""
    folder.mkdir()
    packed = subprocess.run(
        ["git", "archive", commit], cwd=HERE, check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed, check=True)
    return folder


def differing(before: Path, after: Path, read: Callable[[Path], Any]) -> Iterator[str]:
    """Files that are in one folder only, or are not the same."""
    names = [
        {path.relative_to(one).as_posix() for path in one.rglob("*") if path.is_file()}
        for one in (before, after)
    ]
    for name in sorted(names[0] ^ names[1]):
        yield f"{name}: {'gone' if name in names[0] else 'new'}"
    for name in sorted(names[0] & names[1]):
        old, new = (read(one / name) for one in (before, after))
        if old != new:
            yield f"{name}: differs"


def read(path: Path) -> Any:
    """The bytes of a file; of a manifest, all that a move may not change."""
    if path.name != "manifeste.json":
        return path.read_bytes()
    return without(json.loads(path.read_text("utf-8")))


def words(path: Path) -> str | None:
    """What a page says and draws, without its fingerprints; nothing of other files."""
    return FINGERPRINT.sub("#", path.read_text("utf-8")) if path.suffix == ".html" else None


def without(value: Any) -> Any:
    """A manifest without what a move changes by right."""
    if isinstance(value, dict):
        return {name: without(one) for name, one in value.items() if name not in MAY_DIFFER}
    return [without(one) for one in value] if isinstance(value, list) else value


def main(commit: str, only: str = "") -> int:
    """Print both, say what differs."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "here").mkdir()
        (folder / "there").mkdir()
        after = print_demonstration(HERE, folder / "here")
        before = print_demonstration(check_out(commit, folder / "code"), folder / "there")
        found = list(differing(before, after, words if only else read))
        files = sum(path.is_file() for path in after.rglob("*"))
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.stdout.write(f"{files} files printed, {len(found)} differ\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
