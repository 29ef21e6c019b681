"""What several files of tests of the asking share: their campaign, served by the command itself."""

import pytest

from tests.asking.served import Served


@pytest.fixture(scope="module")
def served(made):
    running = Served(made.path).wait()
    yield running
    running.stop()
