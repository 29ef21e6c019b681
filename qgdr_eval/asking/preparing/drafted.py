"""A campaign to begin with: what asking needs, everything proposed, the roster to be filled in."""

import datetime

import pandas as pd

from qgdr_eval.french import MONTHS, count, listed, quote, typography
from qgdr_eval.responses.asked import TOLD
from qgdr_eval.responses.yaml_lines import quoted
from qgdr_eval.tables.write import csv_bytes

TEMPLATE = """\
# Campagne écrite par « qgdr new ». Tout ici est proposé : relisez, changez ce qui doit l'être.

id: {id}
title: {title}
period: {period}

instrument: {instrument}
responses: reponses.csv               # écrit par « qgdr gather », quand les réponses sont ouvertes
services: {roster}                # la liste des services et leur effectif

# Ce que les personnes lisent avant de répondre. En clair, dans leurs mots.
asking:
  who: {who}
  why: {why}
  ground: {ground}
  opens: {opens}
  kept: {kept}
  contact: {contact}
  # address: "http://192.0.2.1:8765"  # où le questionnaire est servi : écrit dans les codes QR
  # drop: "le dossier Enquête du bureau"  # où déposer le fichier du formulaire hors ligne
  access: cards                       # une carte tirée au sort par personne ; sinon open
  comments: false                     # true : un commentaire libre, scellé à part
  # classes: [Infirmiers, Aides-soignants, Médecins, Autres]

# La profession n'est pas demandée : un groupe trop petit n'est montré nulle part, et demander ce
# qu'on ne rendra pas expose pour rien. Chaque groupe d'un service, ou de l'établissement, doit
# avoir le minimum ci-dessous. Si c'est le cas, ôtez les « # » devant « classes », des groupes
# assez larges, et devant ces quatre lignes :
# columns:
#   facility: Établissement
#   service: Service
#   strata: {{profession: Profession}}

disclosure:
  minimum: 10                         # aucun résultat sous ce nombre de réponses (5 au moins)

reference: campaign                   # chaque service est comparé aux autres ; sinon none
"""
EMPTY_ROSTER = pd.DataFrame(columns=["Établissement", "Service", "Effectif"])


def asking_text(*, id_: str, title: str, period: str, instrument: str, roster: str) -> str:
    """The text of a ``campagne.yml`` that asks; every key that people must be told is filled in."""
    told = {key: quoted(text) for key, text in TOLD.items()}
    return TEMPLATE.format(
        id=id_,
        title=quoted(title),
        period=quoted(period),
        instrument=quoted(instrument),
        roster=quoted(roster),
        **told,
    )


def empty_roster() -> bytes:
    """A roster to fill in: its header."""
    return csv_bytes(EMPTY_ROSTER)


def this_month(today: datetime.date) -> str:
    """When a campaign that begins today is made.

    >>> this_month(datetime.date(2026, 11, 30))
    'novembre 2026'
    """
    return f"{MONTHS[today.month - 1]} {today.year}"


def strata_told(roster: pd.DataFrame, minimum: int) -> str:
    """Where a stratum could be shown, from the head counts: two classes of the minimum at least.

    >>> night = pd.DataFrame({"service": ["Nuit"], "head_count": [9]})
    >>> "Aucun service" in strata_told(night, 10)
    True
    """
    large = roster[(roster["head_count"] >= 2 * minimum).fillna(False)]["service"].tolist()
    if not large:
        return typography(
            "Aucun service n'a de quoi montrer deux professions à part : n'en demandez pas."
        )
    which = listed(map(quote, large[:3])) if len(large) <= 3 else count(len(large), "service")
    return typography(
        f"Une profession ne pourrait être montrée à part que dans {which} : deux fois "
        f"{minimum} personnes au moins. Sinon n'en demandez pas."
    )
