"""What an interval is, with the numbers of who reads it."""

from types import SimpleNamespace

import pytest

from qgdr_eval.instruments import load_instrument
from qgdr_eval.wording.margin import margin_words

READ = SimpleNamespace(score=62.5, low=40.2, high=80.9)


def said(id, *, everybody=False):
    instrument = load_instrument(id)
    text = margin_words(READ, instrument.dimensions[0], instrument, everybody=everybody)
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


@pytest.mark.parametrize(
    ("id", "everybody", "otherwise"),
    [
        (
            "culture_securite",
            False,
            "si toute l'équipe avait répondu, un autre jour, à supposer que les absents pensent "
            "comme les autres.",
        ),
        ("culture_securite", True, "si les mêmes personnes répondaient un autre jour."),
        ("epp_circuit_medicament", False, "si d'autres dossiers avaient été lus."),
        ("epp_circuit_medicament", True, "si d'autres dossiers avaient été lus."),
        ("epp_hygiene_mains", False, "si d'autres opportunités avaient été observées."),
    ],
)
def test_it_says_what_might_have_been_otherwise(id, everybody, otherwise):
    text = said(id, everybody=everybody)
    assert text.endswith(otherwise)
    assert "est à 63 %" in text
    assert "entre 40 % et 81 %" in text
