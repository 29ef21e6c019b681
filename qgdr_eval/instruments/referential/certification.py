"""What is particular to the certification of hospitals: one row a tracer, met or not."""

import json

from qgdr_eval.instruments.referential.criteria import Criterion

RULE = "conformity"
SOURCE = (
    "Auteur du référentiel : Haute Autorité de santé (HAS), pour ce qui en est repris. Chaque "
    "critère est rempli ou non, traceur par traceur."
)
HEADER = """\
# yaml-language-server: $schema=../instrument.schema.json
id: {id}
version: 1.0.0
title: "Autoévaluation préparatoire à la certification, sur le référentiel de l'établissement"
source: {source}
licence: >-
  Les critères et leurs éléments d'évaluation sont ceux du référentiel que l'établissement a
  téléchargé et chargé lui-même. Leur auteur est la Haute Autorité de santé (HAS), que toute
  réutilisation doit nommer. Ils ne font pas partie de qgdr-eval.
subject: record
unit: {{one: traceur, many: traceurs, seen: mené}}
chosen: true
language: fr
single_act: true

scales:
  conformite:
    label: "Le critère est-il rempli, ses éléments d'évaluation vus un à un ?"
    options:
      - {{code: 0, label: "Non", pole: negative}}
      - {{code: 1, label: "Oui", pole: positive}}
    not_applicable:
      - {{code: 8, label: "Non applicable", also: [NA, N/A, SO, sans objet]}}
    dont_know:
      - {{code: 9, label: "Non renseigné", also: [NR]}}

dimensions:
"""
NOTES = """\

notes:
  - >-
    Ceci est une autoévaluation préparatoire : ce n'est ni une visite ni une décision de
    certification, que seule la HAS prend. Le référentiel chargé est celui de la HAS, son auteur.
  - >-
    Une ligne est un traceur : un patient, un parcours, un processus suivi ou une observation.
    « Oui » quand tous les éléments d'évaluation qui s'appliquent sont vus remplis ; « Non » dès
    qu'un seul ne l'est pas ; « Non applicable » quand le critère est hors du champ de ce traceur ;
    « Non renseigné » quand on ne l'a pas regardé.
  - >-
    Conformité d'un critère = oui ÷ (oui + non). Celle d'un objectif est la moyenne de ses critères,
    celle d'un chapitre la moyenne de tous les critères qu'il contient. Le calcul de la HAS part des
    éléments d'évaluation de chaque méthode : il ne donne pas le même nombre.
  - >-
    Un critère impératif est lu à part : chaque « Non » appelle une action, même pour un seul
    traceur. Quelques traceurs choisis décrivent ces traceurs-là ; ils ne mesurent pas
    l'établissement : la page ne donne ni intervalle, ni classe, ni repère.
"""
ANYWHERE = "hors du champ du critère pour ce traceur"


def keys(criterion: Criterion, chapters: dict[str, int]) -> list[str]:
    """The keys of a criterion's item: its scale, and when a tracer is not judged on it."""
    field = criterion["field"]
    when = f"ce traceur n'est pas du champ « {field} »" if field else ANYWHERE
    return ["scale: conformite", f"na_when: {json.dumps(when, ensure_ascii=False)}"]
