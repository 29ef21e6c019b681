"""Three instruments on their hosts, each by keys and by touch; `hosts` answers all of them."""

from contextlib import closing

import pytest

from tests.asking import firefox, hosts
from tests.asking.lab import Lab


@pytest.fixture(scope="module")
def fox():
    """Firefox where there is one; `test_firefox` says when it is missing."""
    if firefox.found() is None:
        yield None
        return
    with firefox.started() as running:
        yield running


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with closing(Lab(tmp_path_factory.mktemp("lab"))) as running:
        running.wait()
        yield running


@pytest.mark.parametrize(
    "name", ["experience_usagers_facile", "epp_hygiene_mains", "leadership_securite_soi"]
)
def test_what_is_kept_on_every_host_is_what_was_pressed(browser, fox, lab, tmp_path, name):
    assert hosts.answer_everywhere(browser, fox, lab, name, tmp_path / name)
