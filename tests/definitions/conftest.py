"""What is agreed in files: messages and schemas, compared to the letter."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def agrees() -> Callable[[Path, str], None]:
    """Compare a text with a committed file; ``QGDR_REWRITE=1`` writes the file instead.

    Rewritten files are read before they are committed: they are what users will read.
    """

    def check(file: Path, text: str) -> None:
        if os.environ.get("QGDR_REWRITE") == "1":
            file.write_text(text, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == text

    return check
