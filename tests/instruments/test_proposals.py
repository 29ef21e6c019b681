"""What `qgdr check` proposes to write in a questionnaire, and how its short names are read."""

import pytest

from qgdr_eval.checking.check import check_path
from qgdr_eval.checking.proposals import propose_keys, short_of
from qgdr_eval.instruments import Option, load_instrument
from qgdr_eval.shipped import shipped

SHIPPED = sorted(path.parent.name for path in shipped("questionnaires").glob("*/instrument.yml"))


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("NC : non concerné", "NC"),
        ("* : au-delà", "*"),
        ("*", "*"),
        ("4", "4"),
        ("B. Un rappel", "B"),
        ("Connaissances générales (CG)", "CG"),
        ("Non : jamais", "Non"),
        ("Oui (toujours)", ""),
        ("Oui", ""),
    ],
)
def test_a_short_name_is_guessed_to_be_proposed_only(label, name):
    assert short_of(label) == name


@pytest.mark.parametrize(
    ("label", "short", "long"),
    [
        ("NC : non concerné", "NC", "Non concerné"),
        ("* : au-delà", "*", "Au-delà"),
        ("*", "*", "*"),
        ("B. Un rappel", "B", "Un rappel"),
        ("Connaissances générales (CG)", "CG", "Connaissances générales"),
        ("Non : jamais", None, "Non : jamais"),
        ("oui", None, "Oui"),
        ("Oui", "O", "Oui"),
    ],
)
def test_a_label_is_read_without_the_short_name_that_is_declared(label, short, long):
    assert Option(code=1, label=label, short=short, pole="positive").long == long


@pytest.mark.parametrize("name", SHIPPED)
def test_our_own_questionnaires_say_all_their_short_names(name):
    assert list(propose_keys("instrument.yml", load_instrument(name))) == []


SCALE = """
id: soin_soi
version: 1.0.0
title: Essai
source: Essai
licence: Essai
subject: {subject}
{more}
scales:
  niveau:
    label: Où en êtes-vous ?
    options:
      - {{code: 1, label: "A. Rien", pole: negative}}
      - {{code: 2, label: "B. Tout", pole: positive}}
dimensions:
  - {{id: d, label: "Cap (le dire)", definition: Dire le cap., rule: maturity}}
items:
  - {{code: A1, text: Le cap est dit., dimension: d, scale: niveau}}
"""


def checked(folder, subject, more=""):
    path = folder / "instrument.yml"
    path.write_text(SCALE.format(subject=subject, more=more), encoding="utf-8")
    return check_path(path)


def test_check_proposes_the_short_names_that_labels_hold(tmp_path):
    verdict = checked(tmp_path, "group")
    assert verdict.accepted
    told = " ".join(f"{one.what} {one.cure}" for one in verdict.problems)
    assert "short: A" in told
    assert "short: Cap" in told


def test_only_a_person_has_a_team_beside(tmp_path):
    verdict = checked(tmp_path, "group", "team: leadership_securite")
    assert [one.line for one in verdict.problems if "équipe" in one.what] == [8]
    assert not verdict.accepted


def test_the_team_of_a_questionnaire_for_one_is_proposed():
    alone = load_instrument("leadership_securite_soi").model_copy(update={"team": None})
    (proposed,) = propose_keys("instrument.yml", alone)
    assert "team: leadership_securite" in proposed.cure
