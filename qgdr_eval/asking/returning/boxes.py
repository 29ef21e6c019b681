"""Boxes that came back, wherever they are kept, and files that a browser sealed."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qgdr_eval.asking.asked.inquiry import Inquiry
from qgdr_eval.writing import Unwritable, write_durably

SUFFIX = ".qgdr"
FIRST = b"qgdr 1\n"  # what a file sealed by a browser begins with
ALONE = b"qgdr 1 remark\n"  # and a remark that waits once its answers were counted
NAMED = re.compile(r"reponse-[0-9a-f]{16}")


class Source(Protocol):
    """Where boxes are kept: a store, or a folder of dropped files.

    ``boxes`` and ``remarks`` give what is sealed, by a name of no meaning; ``erase`` does away with
    boxes that were counted, and with remarks that were read.
    """

    def boxes(self) -> Mapping[str, bytes]:
        """Boxes of answers."""
        ...

    def remarks(self) -> Mapping[str, bytes]:
        """Boxes of remarks."""
        ...

    def erase(self, boxes: Iterable[str], remarks: Iterable[str]) -> None:
        """Do away with these boxes."""
        ...


@dataclass(frozen=True)
class Dropped:
    """A folder of files sealed by browsers, one a return: its answers, then its remark.

    Once answers are counted, a remark that waits stands alone, under another name: a box left
    beside it would tie it to its card. What is no such file is left alone; ``strangers`` counts it.
    """

    folder: Path
    inquiry: Inquiry

    def boxes(self) -> dict[str, bytes]:
        """Boxes of answers, by the name of their file."""
        return {name: content[: self._length] for name, content in self._contents().items()}

    def remarks(self) -> dict[str, bytes]:
        """Boxes of remarks, by the name of their file."""
        found = {name: content[self._length :] for name, content in self._contents().items()}
        return {name: box for name, box in found.items() if box} | self._alone()

    def erase(self, boxes: Iterable[str], remarks: Iterable[str]) -> None:
        """Remove what was counted and read; a remark that waits is kept, without its answers."""
        counted, read, waiting = set(boxes), set(remarks), self.remarks()
        for name in counted & (set(waiting) - read):
            kept = self.folder / f"remarque-{secrets.token_hex(8)}{SUFFIX}"
            write_durably(kept, ALONE + waiting[name])
        for name in counted | (read & set(self._alone())):
            path = self.folder / name
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise Unwritable(path, error) from None

    def strangers(self) -> list[str]:
        """Files that are not of this campaign's form, or were cut on their way."""
        known = self._contents() | self._alone()
        return [path.name for path in self._files() if path.name not in known]

    @property
    def _length(self) -> int:
        return self.inquiry.seal.length

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{SUFFIX}")) if self.folder.is_dir() else []

    def _alone(self) -> dict[str, bytes]:
        size = len(ALONE) + self.inquiry.remark_seal.length
        return {
            path.name: path.read_bytes()[len(ALONE) :]
            for path in self._files()
            if path.stat().st_size == size and path.read_bytes().startswith(ALONE)
        }

    def _contents(self) -> dict[str, bytes]:
        alone = len(FIRST) + self._length
        lengths = {alone, alone + self.inquiry.remark_seal.length}
        return {
            path.name: path.read_bytes()[len(FIRST) :]
            for path in self._files()
            if path.stat().st_size in lengths and path.read_bytes().startswith(FIRST)
        }


def drop(folder: Path, name: str, answers: bytes, remark: bytes = b"") -> Path:
    """Write a file as a browser would: for a return on paper, typed in here.

    Raises:
        Unwritable: the disk does not take it.
    """
    path = folder / f"reponse-{name}{SUFFIX}"
    write_durably(path, FIRST + answers + remark)
    return path
