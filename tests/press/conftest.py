"""What the tests of the press share: a small campaign, printed once, and a warm workshop."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.press.campaigns import Small, write_small


@pytest.fixture(scope="session")
def workshop() -> Iterator[str]:
    """The address of a Dask cluster inside this process: pages are made without starting any.

    `test_dask` shows that a cluster gives the same bytes as worker processes.
    """
    from distributed import LocalCluster

    with LocalCluster(1, threads_per_worker=1, processes=False, dashboard_address=":0") as cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="session")
def printed_once(tmp_path_factory: pytest.TempPathFactory, workshop: str) -> Small:
    """A small campaign with its reports. To be copied, never changed."""
    small = write_small(tmp_path_factory.mktemp("petite") / "campagne", dask=workshop)
    outcome = small.print()
    assert (outcome.made, outcome.failed) == (5, [])
    return small


@pytest.fixture
def printed(printed_once: Small, tmp_path: Path) -> Small:
    """A small campaign with its reports, to be changed at will."""
    return printed_once.copy(tmp_path)
