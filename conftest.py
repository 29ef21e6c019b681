"""Give an example of a docstring the demonstration reports it names, each opened once a run."""

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.opened import Opened

# A checker of PDFs brings lxml, which users have not: it reads and writes workbooks otherwise.
os.environ["OPENPYXL_LXML"] = "False"

NAMED = re.compile(r"\b(?:\w+_report|pair|stored_results)\b")


@pytest.fixture(scope="session")
def opened_reports(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> "Opened":
    """The reports opened by the examples of this run, whose workers share what is published."""
    from tests.opened import Opened  # slow to import, and few runs need it

    own = tmp_path_factory.getbasetemp()
    return Opened((own if worker_id == "master" else own.parent) / "exemples")


@pytest.fixture(autouse=True)
def named_reports(
    request: pytest.FixtureRequest, doctest_namespace: dict[str, Any]
) -> Iterator[None]:
    """What an example names stands in its namespace, and in no other's."""
    named: dict[str, Any] = {}
    if isinstance(request.node, pytest.DoctestItem):
        source = "".join(example.source for example in request.node.dtest.examples)
        if found := NAMED.findall(source):
            named = request.getfixturevalue("opened_reports").named(found)
    doctest_namespace.update(named)
    yield
    for name in named:
        del doctest_namespace[name]
