"""The offline file in Firefox, opened from a disk: answered by keys, sealed there, opened here."""

import os

import pytest

from qgdr_eval.asking.opening.gather import gather
from qgdr_eval.asking.opening.sources import sources_of
from tests.asking import firefox
from tests.asking.campaigns import ready
from tests.asking.test_gather import CLASSES, rows


@pytest.fixture(scope="module")
def window():
    if firefox.found() is None:
        message = "no Firefox on this machine: the offline file was not opened in it (CI has one)"
        if os.environ.get("QGDR_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with firefox.started() as running:
        yield running


def test_what_is_answered_by_keys_in_firefox_is_what_is_opened(window, tmp_path):
    made = ready(tmp_path, **CLASSES)
    window.open((tmp_path / "imprimer/formulaire-hors-ligne.html").as_uri())
    window.press(firefox.TAB + made.codes["Médecine"][0].replace(" ", "").lower() + firefox.TAB)
    assert window.broken() == []
    assert window.read("document.activeElement.name") == made.asked.instrument.codes[0]
    window.press("2" * window.read("document.querySelectorAll('fieldset').length"))
    assert window.read("document.activeElement.className") == "send"
    window.press(firefox.ENTER)
    (file,) = window.saved()
    assert file.name in window.wait("document.querySelector('.told').textContent")
    assert window.broken() == []
    file.rename(made.dropped / file.name)
    made.crowd()
    gather(made.path, made.pair, sources_of(made.path))
    (row,) = [row for row in rows(made) if row["Métier"] == "Médecins"]
    items = made.asked.instrument.items
    second = [made.asked.instrument.scale_of(item).options[1].code for item in items]
    assert [int(row[item.code]) for item in items] == second
    assert (row["Service"], row["Métier"]) == ("Médecine", "Médecins")
    assert [url for url in window.requested if not url.startswith("blob:")] == []
    kept = window.read("localStorage.length + sessionStorage.length + document.cookie.length")
    assert kept == 0
