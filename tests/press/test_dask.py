"""A Dask cluster makes the same pages as the processes of one computer, and may lose workers."""

import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from qgdr_eval.french import typography
from qgdr_eval.press import verify_folder, workers
from qgdr_eval.press.folder import RESULTS
from qgdr_eval.press.make import make_page
from qgdr_eval.press.pages import SERVICE_NOTEBOOK
from qgdr_eval.press.plan import choose_notebooks, plan_pages
from qgdr_eval.press.progress import Step
from qgdr_eval.problems import Refused
from tests.press.campaigns import DATE, Small, read_folder, without_seconds, write_small
from tests.thorough import thorough

pytestmark = thorough  # a cluster is asked for by few, and slow to start


@contextmanager
def cluster(n_workers: int, **options: object) -> Iterator[LocalCluster]:
    """Workers in processes of their own; what they say of a worker that dies is not shown."""
    options = {"processes": True, "threads_per_worker": 1} | options
    quiet = {"dashboard_address": ":0", "silence_logs": logging.CRITICAL}
    with closing(LocalCluster(n_workers=n_workers, **options, **quiet)) as started:
        yield started


@pytest.fixture(scope="module")
def two_by_two() -> Iterator[LocalCluster]:
    """Two processes with two threads each."""
    with cluster(2, threads_per_worker=2) as started:
        yield started


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A small campaign printed by a process of this computer."""
    small = write_small(tmp_path_factory.mktemp("petite") / "campagne")
    assert small.print(jobs=1).failed == []
    return small


def assert_the_same(small: Small, out: Path) -> None:
    assert without_seconds(read_folder(out)) == without_seconds(read_folder(small.out))


def test_workers_with_two_threads_give_the_same_bytes(local, two_by_two, tmp_path):
    outcome = local.print(tmp_path / "rapports", dask=two_by_two.scheduler_address)
    assert (outcome.made, outcome.failed) == (5, [])
    assert_the_same(local, tmp_path / "rapports")


def test_no_process_apart_gives_the_same_bytes(local, tmp_path):
    """The other tests of the press count on it."""
    local.print(tmp_path / "rapports")
    assert_the_same(local, tmp_path / "rapports")


def test_nothing_changed_asks_nothing_of_the_cluster(local, two_by_two):
    assert local.print(dask=two_by_two.scheduler_address).standing == 5


def test_a_worker_that_dies_loses_no_page(local, two_by_two, tmp_path):
    killed: list[int] = []

    def kill_one(step: Step) -> None:
        if not killed:
            killed.append(next(iter(two_by_two.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    address = two_by_two.scheduler_address
    outcome = local.print(tmp_path / "rapports", dask=address, tell=kill_one)
    assert killed
    assert outcome.failed == []
    assert_the_same(local, tmp_path / "rapports")


def test_a_page_that_kills_its_worker_stops_no_other(two_by_two, tmp_path, monkeypatch):
    monkeypatch.setattr(two_by_two.scheduler, "allowed_failures", 0)  # else four deaths a time
    small = write_small(tmp_path / "campagne")
    small.adapt(SERVICE_NOTEBOOK, "import os", "if service == 'Chirurgie':", "    os._exit(1)")
    outcome = small.print(dask=two_by_two.scheduler_address)
    cause = "le processus qui préparait la page s'est arrêté, deux fois"
    assert [(page.service, page.cause) for page in outcome.failed] == [("Chirurgie", cause)]
    assert outcome.made == 4
    assert verify_folder(small.out).problems == ()


def test_a_cluster_that_stops_leaves_a_run_to_go_on_with(local, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 1)
    out, ended = tmp_path / "rapports", []
    with cluster(1, processes=False) as started:
        address = started.scheduler_address

        def lose_the_cluster() -> None:
            with suppress(Refused):
                local.print(out, dask=address, tell=lambda step: started.close())
            ended.append(True)

        run = threading.Thread(target=lose_the_cluster, daemon=True)
        run.start()
        run.join(timeout=60)
    assert ended
    assert local.print(out).failed == []
    assert_the_same(local, out)


def refusal(small: Small, out: Path, address: str) -> str:
    with pytest.raises(Refused) as refused:
        small.print(out, dask=address)
    assert not out.exists()
    return typography(str(refused.value))


def nobody(address: str) -> str:
    return typography(
        f"--dask : aucun poste de calcul ne répond à « {address} »\n"
        "    → vérifiez l'adresse, par exemple tcp://192.0.2.1:8786, et que la grappe tourne"
    )


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "127.0.0.1:1", "tcp://127.0.0.1", "ici", "http://ici:8786"]
)
def test_a_wrong_address_is_refused_in_time(local, tmp_path, monkeypatch, address):
    monkeypatch.setattr(workers, "PATIENCE", 1)
    began = time.monotonic()
    assert refusal(local, tmp_path / "rapports", address) == nobody(address)
    assert time.monotonic() - began < 5


def test_what_was_refused_is_closed_before_the_next_try(local, tmp_path, monkeypatch):
    """A client left open would be closed by the garbage collector while another one starts."""
    monkeypatch.setattr(workers, "PATIENCE", 1)
    gc.collect()
    gc.disable()
    try:
        refusal(local, tmp_path / "rapports", "ici")
        left = [one.status for one in gc.get_objects() if isinstance(one, Client)]
    finally:
        gc.enable()
    assert left
    assert set(left) == {"closed"}


def test_a_cluster_without_a_worker_is_refused_in_time(local, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 1)
    with cluster(1, processes=False) as started:
        started.scale(0)
        while started.scheduler_info["workers"]:
            time.sleep(0.05)
        address = started.scheduler_address
        assert refusal(local, tmp_path / "rapports", address) == nobody(address)


def test_a_worker_with_another_version_of_the_kit_makes_no_page(local):
    orders = plan_pages(local.out / RESULTS, choose_notebooks(local.folder, {}), DATE)
    order = next(iter(orders))
    for name in ("kit", "template", "versions"):
        other = replace(order, inputs=order.inputs | {name: "0" * 64})
        made = make_page(other)
        assert made.page == b""
        assert made.cause == "le poste qui devait faire la page n'a pas la même version du kit"
