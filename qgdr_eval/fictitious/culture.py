"""The demonstration campaign: three facilities and eighteen services that do not exist."""

import hashlib
from pathlib import Path

import pandas as pd

from qgdr_eval.fictitious.simulate import simulate
from qgdr_eval.french import quote
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.responses.campaign import secret_name
from qgdr_eval.tables.faults import fault
from qgdr_eval.tables.write import csv_bytes

# Known to all, so that the demonstration always gives the same bytes.
DEMO_SECRET = f"{hashlib.sha256(b'qgdr demo').hexdigest()}\n".encode()
HOSPITAL = "Hôpital fictif du Val d'Orsel"
REHABILITATION = "Centre de rééducation fictif des Hautes-Brumes"
LOCAL_HOSPITAL = "Hôpital de proximité fictif des Trois Rivières"
CARE_HOME = "EHPAD fictif des Trois Saules"

# facility, service, head count, respondents, shift of every dimension, split of the team
SERVICES = (
    (HOSPITAL, "Médecine interne", 42, 27, 0.0, 0.0),
    (HOSPITAL, "Cardiologie", 34, 24, 0.3, 0.0),
    (HOSPITAL, "Chirurgie viscérale", 38, 21, -0.2, 0.0),
    (HOSPITAL, "Bloc opératoire", 46, 22, 0.0, 0.0),
    (HOSPITAL, "Urgences", 58, 41, -0.9, 0.0),  # a weak profile
    (HOSPITAL, "Réanimation", 36, 30, 0.0, 1.7),  # a team split in two
    (HOSPITAL, "Pédiatrie", 24, 21, 1.1, 0.0),  # a strong profile
    (HOSPITAL, "Pharmacie", 14, 12, 0.4, 0.0),
    (REHABILITATION, "Rééducation neurologique", 32, 22, 0.2, 0.0),
    (REHABILITATION, "Rééducation orthopédique", 28, 18, 0.0, 0.0),
    (REHABILITATION, "Hospitalisation de jour", 17, 13, 0.5, 0.0),
    (
        REHABILITATION,
        "Soins de suite gériatriques",
        24,
        11,
        0.0,
        0.0,
    ),  # few answers: nothing to conclude
    (REHABILITATION, "Équipe mobile", 6, 4, 0.0, 0.0),  # under the minimum
    (LOCAL_HOSPITAL, "Médecine polyvalente", 60, 33, -0.3, 0.0),
    (LOCAL_HOSPITAL, "Court séjour gériatrique", 21, 16, 0.3, 0.0),
    (LOCAL_HOSPITAL, "Hôpital de jour", 12, 11, 0.6, 0.0),
    (LOCAL_HOSPITAL, "Consultations avancées", 15, 10, -0.4, 0.0),
    (LOCAL_HOSPITAL, "Soins palliatifs", 20, 12, 0.0, 0.0),
)
# What three services at least do the same work, in whatever facility: a page for each kind.
KINDS = {
    "Médecine": ("Médecine interne", "Cardiologie", "Médecine polyvalente"),
    "Ambulatoire": ("Hospitalisation de jour", "Hôpital de jour", "Consultations avancées"),
}
# A strength or a weakness of its own: service, rank of the dimension, shift.
CONTRASTS = (
    ("Médecine interne", 6, -1.0),
    ("Cardiologie", 4, 0.9),
    ("Bloc opératoire", 9, -1.1),
    ("Rééducation neurologique", 3, 0.9),
    ("Médecine polyvalente", 7, -0.9),
    ("Court séjour gériatrique", 4, 0.8),
)

CAMPAIGN = """\
# Campagne de démonstration : établissements, services et réponses sont fictifs.
# Copiez ce dossier, remplacez les deux tableaux par les vôtres, puis adaptez les lignes ci-dessous.

id: demonstration                     # sans accent ni espace ; il change à chaque campagne
title: "Culture de sécurité, campagne de démonstration (données fictives)"
period: "du 5 au 30 octobre 2026"

# Un questionnaire livré avec l'outil, ou le chemin de votre propre instrument.yml.
instrument: culture_securite

# Le tableau des réponses, CSV ou XLSX, une ligne par répondant. L'encodage et le séparateur sont
# trouvés seuls ; pour les imposer, ou choisir une feuille :
#   responses: {file: reponses.xlsx, sheet: "Réponses"}
responses: reponses.csv

# Le nom, dans ce tableau, de chaque colonne utile.
columns:
  facility: "Établissement"
  service: "Service"
  subject: "Identifiant"              # repère les envois en double ; à retirer s'il n'y en a pas
  strata:
    profession: "Profession"
  # Si les colonnes des items ne portent pas leur code, dites lesquelles :
  # items:
  #   CS01: "Les jours chargés, les vérifications de sécurité…"

coding:
  answers: labels                     # labels : « D'accord » ; codes : 4
  # as_worded : les réponses sont telles que données ; already_reversed : l'outil d'enquête a déjà
  # retourné les items inversés. L'outil vérifie cette déclaration sur les réponses.
  reversed: as_worded
  # labels: {"Plutôt d'accord": 4}    # autres écritures d'une réponse, avec leur code
  # missing: ["-", "N/A"]             # cellules à lire comme vides
  # Réponses signalées à écarter (sinon elles sont seulement comptées) :
  # exclude: [under_half, same_answer, identical_row]

# La liste des services, dans l'ordre des rapports, avec l'effectif sollicité.
services: services.csv

disclosure:
  minimum: 10                         # aucun résultat sous ce nombre de répondants (5 au moins)

reference: campaign                   # chaque service est comparé aux autres ; sinon none
"""

READ_ME = """\
DONNÉES FICTIVES

Cette campagne sert à essayer l'outil. Les établissements, les services, les effectifs et toutes les
réponses ont été tirés au sort par un programme : personne n'a répondu, et aucun établissement réel
n'est décrit.

  campagne.yml    la description de la campagne, commentée : le modèle à adapter
  reponses.csv    les réponses, telles qu'un outil d'enquête en ligne les exporte
  services.csv    la liste des services et leur effectif
  publications/   ce que l'outil retient de ce qui a été publié, et la clé de ses empreintes : ici
                  elle est connue de tous, la vôtre sera tirée au sort et restera chez vous

Le tirage contient exprès ce qui se rencontre dans un vrai fichier : des questions sans réponse,
des envois vides ou en double, des réponses illisibles, un service de moins de dix répondants, une
équipe partagée, une équipe trop peu nombreuse pour conclure.
"""


def write_demo(folder: Path, seed: int = 2026) -> Path:
    """Write the demonstration campaign into a folder and return the path of its ``campagne.yml``.

    The same seed gives the same bytes on every system.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_demo(Path(folder))
    ...     path.name, path.with_name("reponses.csv").exists()
    ('campagne.yml', True)

    Raises:
        Refused: the folder already holds another file of one of these names.
    """
    services = pd.DataFrame(
        SERVICES, columns=["facility", "service", "head_count", "respondents", "shift", "split"]
    )
    answers = simulate(
        load_instrument("culture_securite"), services, seed, effects=_effects(services)
    )
    roster = services[["facility", "service", "head_count"]].set_axis(
        ["Établissement", "Service", "Effectif"], axis=1
    )
    kinds = {service: kind for kind, services in KINDS.items() for service in services}
    roster["Type"] = [kinds.get(service, "") for service in roster["Service"]]
    files = {
        "campagne.yml": CAMPAIGN.encode(),
        "LISEZMOI.txt": READ_ME.encode(),
        "reponses.csv": csv_bytes(answers),
        "services.csv": csv_bytes(roster),
        secret_name("demonstration"): DEMO_SECRET,
    }
    _refuse_overwriting(folder, files)
    write_files(folder, files)
    return folder / "campagne.yml"


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files under a folder, by their path inside it."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _effects(services: pd.DataFrame) -> pd.DataFrame:
    dimensions = load_instrument("culture_securite").dimensions
    everywhere = services.assign(dimension="")
    facilities = dict(zip(services["service"], services["facility"], strict=True))
    contrasts = pd.DataFrame(
        [
            (facilities[service], service, dimensions[rank].id, shift, 0.0)
            for service, rank, shift in CONTRASTS
        ],
        columns=["facility", "service", "dimension", "shift", "split"],
    )
    return pd.concat([everywhere, contrasts], ignore_index=True)


def _refuse_overwriting(folder: Path, files: dict[str, bytes]) -> None:
    if folder.exists() and not folder.is_dir():
        raise Refused([fault(str(folder), "ce n'est pas un dossier", "choisissez un autre nom")])
    taken = [
        name
        for name, content in files.items()
        if (folder / name).exists() and (folder / name).read_bytes() != content
    ]
    if taken:
        raise Refused(
            [
                fault(
                    name,
                    f"le dossier {quote(folder)} contient déjà un autre fichier de ce nom",
                    "choisissez un dossier vide : rien n'est jamais écrasé",
                )
                for name in taken
            ]
        )
