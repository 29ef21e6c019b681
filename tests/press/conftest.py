"""What the tests of the press share: a small campaign, printed once."""

from pathlib import Path

import pytest

from tests.press.campaigns import Small, write_small


@pytest.fixture(scope="session")
def printed_once(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A small campaign with its reports. To be copied, never changed."""
    small = write_small(tmp_path_factory.mktemp("petite") / "campagne")
    outcome = small.print()
    assert (outcome.made, outcome.failed) == (5, [])
    return small


@pytest.fixture
def printed(printed_once: Small, tmp_path: Path) -> Small:
    """A small campaign with its reports, to be changed at will."""
    return printed_once.copy(tmp_path)


@pytest.fixture(autouse=True)
def config(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a user of this test alone: notebooks it accepts are forgotten with it."""
    folder = tmp_path_factory.mktemp("reglages")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    return folder
