"""What is particular to the evaluation of social and medico-social structures."""

from qgdr_eval.instruments.referential.criteria import Criterion

RULE = "rating_1_4"
SOURCE = "Cotation de 1 à 4 ; l'étoile compte 4 ; NC et RI sortent du calcul."
NOT_FOR_ALL = "3.6.2"  # the one imperative whose NC the open data of HAS count
HEADER = """\
# yaml-language-server: $schema=../instrument.schema.json
id: {id}
version: 1.0.0
title: "Auto-évaluation préparatoire en ESSMS, sur le référentiel chargé par l'établissement"
source: {source}
licence: >-
  Les critères sont ceux du référentiel que l'établissement a téléchargé et chargé lui-même,
  aux conditions de son éditeur. Ils ne font pas partie de qgdr-eval.
subject: group
language: fr

# Code 8 is NC, code 9 is RI. NC is to be justified, and stays rare on imperative criteria; RI stays
# in chapter 1 alone.
scales:
  cotation:
    label: >-
      Cotation retenue par le groupe (1 : rien n'est organisé, ou presque ; 2 : c'est commencé ;
      3 : c'est en place pour l'essentiel ; 4 : c'est en place partout ; * : au-delà de ce qui est
      demandé ; NC : non concerné ; RI : réponse inadaptée)
    options:
      - {{code: 1, label: "1", short: "1", pole: negative}}
      - {{code: 2, label: "2", short: "2", pole: negative}}
      - {{code: 3, label: "3", short: "3", pole: positive}}
      - {{code: 4, label: "4", short: "4", pole: positive}}
      - {{code: 5, label: "*", short: "*", pole: positive}}
    not_applicable:
      - {{code: 8, label: "NC", short: NC}}
    dont_know:
      - {{code: 9, label: "RI", short: RI}}

thresholds:
  - kind: at_least
    value: 66.6
    label: "plutôt solide"
    origin: >-
      Choix du kit (novembre 2026), sans source publiée : coter 3 partout donne 66,67, et le
      repère se tient juste dessous. Ce n'est pas une note de la HAS.
  - kind: at_most
    value: 33.4
    label: "à travailler d'abord"
    origin: >-
      Choix du kit (novembre 2026), sans source publiée : coter 2 partout donne 33,33, et le
      repère se tient juste au-dessus. Ce n'est pas une note de la HAS.

dimensions:
"""
NOTES = """\

notes:
  - >-
    Ceci est une auto-évaluation préparatoire, faite par un groupe de l'établissement : ce n'est
    pas une évaluation au sens de la HAS, et aucune lettre de A à D n'en est tirée.
  - >-
    Un critère impératif coté sous 4 demande un plan d'actions. RI n'est admis que dans le
    chapitre 1.
  - >-
    NC (non concerné) sort de la moyenne et se justifie par écrit, à la ligne du critère ou dans le
    bloc-notes de sa dimension ; ce qui est écrit est imprimé. Sur un critère impératif il est
    exceptionnel, sauf pour 3.6.2 (circuit du médicament), qui ne concerne pas toutes les
    structures : il est signalé, et n'est jamais refusé.
"""


def keys(criterion: Criterion, chapters: dict[str, int]) -> list[str]:
    """The keys of a criterion's item: its scale, and what its special answers call for."""
    usual = not criterion["imperative"] or criterion["number"] == NOT_FOR_ALL
    said = ["scale: cotation", f"{'justify' if usual else 'unusual'}: [8]"]
    return said + (["forbidden: [9]"] if chapters[criterion["chapter"]] != 1 else [])
