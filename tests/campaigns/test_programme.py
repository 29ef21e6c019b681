"""The programme file: what it may say, and every mistake told with its line."""

from pathlib import Path

import pytest

from qgdr_eval.campaigns.programme import is_programme, load_programme
from qgdr_eval.fictitious.programme import PROGRAMME
from qgdr_eval.problems import Refused

CAMPAIGN = """\
id: {id}
title: Une campagne
period: mars 2026
instrument: questionnaire.yml
responses: reponses.csv
columns: {{service: Service}}
coding: {{reversed: as_worded}}
"""
HEAD = "id: essai\ntitle: Essai\nperiod: 2025-2026\n"
NOT_THERE = "    → écrivez son chemin à partir du dossier du programme\n"
BROKEN = {
    "a key misspelt, another missing": (
        "id: essai\ntitre: Essai\nperiod: '2026'\ncampaigns: [a/campagne.yml]\n",
        "programme.yml, ligne 1, title : clé obligatoire absente\n    → ajoutez « title: … »\n"
        "programme.yml, ligne 2, titre : clé inconnue\n    → vouliez-vous dire « title » ?\n",
    ),
    "an id with a capital": (
        "id: Essai\ntitle: Essai\nperiod: '2026'\ncampaigns: [a/campagne.yml]\n",
        "programme.yml, ligne 1, id : « Essai » n'a pas la forme attendue\n"
        "    → écrivez une lettre minuscule, puis minuscules sans accent, chiffres ou « _ » "
        "(64 au plus)\n",
    ),
    "no campaign": (
        f"{HEAD}campaigns: []\n",
        "programme.yml, ligne 1 : ce programme ne suit rien\n"
        "    → ajoutez « campaigns: … », « indicators: … » ou « plan: … »\n",
    ),
    "campaigns as a text": (
        f"{HEAD}campaigns: a/campagne.yml\n",
        "programme.yml, ligne 4, campaigns : une liste est attendue ici\n"
        "    → mettez chaque élément à la ligne, après « - »\n",
    ),
    "a campaign written with keys": (
        f"{HEAD}campaigns:\n  - a/campagne.yml\n  - file: b/campagne.yml\n",
        "programme.yml, ligne 6, campaigns n° 2 : une seule valeur est attendue ici\n"
        "    → écrivez-la sans liste ni clés, entre guillemets si elle contient « [ » ou « { »\n",
    ),
    "files that are not there, told with the rest": (
        "id: essai\nperiod: '2026'\ncampaigns:\n  - a/campagne.yml\n  - c/campagne.yml\n  - b\n"
        "indicators: rien.csv\nnational: rien.xlsx\nplan: ../plan.xlsx\n",
        "programme.yml, ligne 1, title : clé obligatoire absente\n    → ajoutez « title: … »\n"
        + "".join(
            f"programme.yml, ligne {line} : fichier « {name} » introuvable\n{NOT_THERE}"
            for line, name in (
                ("5, campaigns n° 2", "c/campagne.yml"),
                ("6, campaigns n° 3", "b"),  # a folder
                ("7, indicators", "rien.csv"),
                ("8, national", "rien.xlsx"),
                ("9, plan", "../plan.xlsx"),
            )
        ),
    ),
    "a name no system accepts": (
        f"{HEAD}campaigns: [{'x' * 290}]\n",
        f"programme.yml, ligne 4, campaigns n° 1 : fichier « {'x' * 60}… » introuvable\n"
        + NOT_THERE,
    ),
    "a campaign named twice": (
        f"{HEAD}campaigns:\n  - a/campagne.yml\n  - b/campagne.yml\n  - a/../a/campagne.yml\n",
        "programme.yml, ligne 7, campaigns n° 3 : cette campagne porte le même identifiant que la "
        "n° 1 : a\n    → donnez à chaque campagne son propre « id »\n",
    ),
    "national values alone": (
        f"{HEAD}campaigns: [a/campagne.yml]\nnational: plan.csv\n",
        "programme.yml, ligne 5, national : aucun indicateur à mettre à côté\n"
        "    → ajoutez « indicators: … »\n",
    ),
    "a key given twice": (
        f"{HEAD}campaigns: [a/campagne.yml]\nplan: plan.csv\nplan: plan.csv\n",
        "programme.yml, ligne 6, plan : clé déjà donnée à la ligne 5\n"
        "    → gardez une seule des deux\n",
    ),
    "an empty file": (
        "# rien\n",
        "programme.yml : le fichier est vide\n    → vérifiez que c'est le bon fichier\n",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two campaigns and a plan, in the folder a programme is written into."""
    for id in "ab":
        (tmp_path / id).mkdir()
        (tmp_path / id / "campagne.yml").write_text(CAMPAIGN.format(id=id), encoding="utf-8")
    (tmp_path / "plan.csv").write_text("Identifiant\n", encoding="utf-8")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    (folder / "programme.yml").write_text(text, encoding="utf-8")
    return folder / "programme.yml"


def test_campaigns_are_read_in_the_order_they_are_named(folder):
    path = write(folder, f"{HEAD}campaigns: [b/campagne.yml, a/campagne.yml]\nplan: plan.csv\n")
    read = load_programme(path)
    assert read.campaigns == ("b/campagne.yml", "a/campagne.yml")
    assert (read.period, read.plan, read.indicators, read.national) == (
        "2025-2026", "plan.csv", None, None,
    )  # fmt: skip


@pytest.mark.parametrize("failure", BROKEN)
def test_a_broken_programme_is_refused(folder, failure):
    text, expected = BROKEN[failure]
    with pytest.raises(Refused) as refused:
        load_programme(write(folder, text))
    told = f"{refused.value}\n".replace("\u202f", " ").replace("\u00a0", " ")
    assert told == expected
    lines = [problem.line or 0 for problem in refused.value.problems]
    assert lines == sorted(lines)


def test_the_problems_of_every_campaign_are_told_each_with_its_folder(folder):
    (folder / "a" / "campagne.yml").write_text("id: a\n", encoding="utf-8")
    (folder / "b" / "campagne.yml").write_text("id: b\ntitre: B\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_programme(write(folder, f"{HEAD}campaigns: [a/campagne.yml, b/campagne.yml]\n"))
    assert {problem.file for problem in refused.value.problems} == {
        "a/campagne.yml",
        "b/campagne.yml",
    }


def test_a_programme_names_campaigns_and_a_campaign_does_not(folder):
    assert is_programme(write(folder, PROGRAMME))
    assert is_programme(write(folder, "campaigns: rien\n"))
    assert not is_programme(folder / "a" / "campagne.yml")
    with pytest.raises(Refused, match="introuvable"):
        is_programme(folder / "absent.yml")


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("", "ce programme ne suit rien"),
        ("indicateurs: i.csv\n", "vouliez-vous dire « indicators » ?"),
        ("campagnes: [a.yml]\n", "vouliez-vous dire « campaigns » ?"),
        ("plans: p.xlsx\n", "vouliez-vous dire « plan » ?"),
    ],
)
@pytest.mark.parametrize("name", ["programme.yml", "suivi.yml"])
def test_a_programme_barely_begun_or_misspelt_is_one(name, last, told, tmp_path):
    path = tmp_path / name
    path.write_text(HEAD + last, encoding="utf-8")
    assert is_programme(path)
    with pytest.raises(Refused) as refused:
        load_programme(path)
    assert told in str(refused.value).replace("\u202f", " ")


@pytest.mark.parametrize("key", ["columns: {service: S}", "scales: {}", "instrument: epp"])
def test_a_campaign_or_a_questionnaire_is_no_programme(key, tmp_path):
    path = tmp_path / "essai.yml"
    path.write_text(f"{HEAD}{key}\n", encoding="utf-8")
    assert not is_programme(path)


def test_a_programme_cannot_change_after_loading(folder):
    read = load_programme(write(folder, f"{HEAD}campaigns: [a/campagne.yml]\n"))
    with pytest.raises(ValueError, match="frozen"):
        read.title = "Autre"
