"""A file filled in before a criterion existed is still read: it was not asked, and that is said."""

import pandas as pd
import pytest

from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.responses import load_campaign
from qgdr_eval.responses.answers import read_answers

CAMPAIGN = (
    "id: essai\ntitle: Essai\nperiod: mars 2026\ninstrument: {name}\nresponses: dossiers.csv\n"
    "columns: {{service: Service, subject: Dossier}}\n"
    "coding: {{answers: codes, reversed: as_worded}}\nreference: none\n"
)


def read(folder, name, codes):
    rows = [{"Service": "Nord", "Dossier": f"D{n}"} | dict.fromkeys(codes, 1) for n in range(6)]
    pd.DataFrame(rows).to_csv(folder / "dossiers.csv", sep=";", index=False)
    (folder / "campagne.yml").write_text(CAMPAIGN.format(name=name), encoding="utf-8")
    campaign = load_campaign(folder / "campagne.yml")
    return read_answers(campaign, load_instrument(name), folder)


def test_what_a_version_added_was_not_asked_of_an_older_file(tmp_path):
    items = load_instrument("epp_contention").items
    answers = read(tmp_path, "epp_contention", [item.code for item in items if not item.since])
    assert set(answers.responses["SU07"]) == {8}
    assert answers.responses["PR05"].isna().all()  # « non applicable » is refused there
    (told,) = [one for one in answers.warnings if "PR05, PR06, PR07 et SU07" in one.what]
    assert told.severity == "warning"


@pytest.mark.parametrize("lost", ["PR06", "PR01"])
def test_one_column_alone_is_lost_whenever_it_was_added(tmp_path, lost):
    codes = [code for code in load_instrument("epp_circuit_medicament").codes if code != lost]
    with pytest.raises(Refused) as refused:
        read(tmp_path, "epp_circuit_medicament", codes)
    assert [one.place for one in refused.value.problems] == [f"colonne «\u202f{lost}\u202f»"]


def test_a_whole_file_is_told_nothing(tmp_path):
    codes = load_instrument("epp_textures").codes
    assert not any(
        "non demandés" in one.what for one in read(tmp_path, "epp_textures", codes).warnings
    )


def test_an_older_risk_map_keeps_the_zones_of_its_risks(tmp_path):
    """Rights and organisation were not asked: persons alone place it; new risks are absent."""
    items = load_instrument("compte_qualite").items
    answers = read(tmp_path, "compte_qualite", [item.code for item in items if not item.since])
    assert set(answers.responses["R14D"]) == set(answers.responses["R29M"]) == {8}
    assert set(answers.responses["R14G"]) == {1}
