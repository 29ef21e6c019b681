"""The demonstration plan: fourteen actions of a hospital that does not exist."""

from pathlib import Path

import pandas as pd

from qgdr_eval.actions.model import make_actions
from qgdr_eval.actions.workbook import write_plan
from qgdr_eval.fictitious.culture import HOSPITAL
from qgdr_eval.french import typography

MEDICINE, SURGERY, EMERGENCY = (
    "Pôle Médecine",
    "Pôle Chirurgie et bloc",
    "Pôle Urgences et réanimation",
)
JUST_CULTURE = {
    "origin": "culture",
    "objective": "Parler d'une erreur sans craindre d'être jugé",
    "indicator": "Part de réponses favorables : « Réponse non punitive à l'erreur »",
    "target": "plus de 50 %, puis au moins 75 %",
    "method": "Même questionnaire, à la prochaine campagne",
    "dimension": "reponse_non_punitive",
    "campaign": "culture_2025",
    "priority": "haute",
}
ACTIONS: tuple[dict[str, str], ...] = (
    JUST_CULTURE
    | {
        "id": "PAQSS-01",
        "origin": "politique",
        "finding": "Axe 2 de la politique : une culture juste. « Réponse non punitive à l'erreur » "
        "est une priorité établie dans trois services sur six (campagne de 2025).",
        "action": "Écrire avec les équipes ce qui relève de l'erreur et ce qui est inacceptable, "
        "puis le faire vivre dans chaque pôle",
        "pilot": "Directeur de la qualité et de la gestion des risques",
        "contributors": "Président de la CME, coordonnateur des soins, représentants des usagers",
        "start": "2026-01-05",
        "due": "2027-06-30",
        "state": "en cours",
        "progress": "50",
    },
    JUST_CULTURE
    | {
        "id": "PAQSS-01.1",
        "pole": MEDICINE,
        "action": "Trois analyses d'événements par an, ouvertes à tous les métiers du pôle",
        "pilot": "Chef de pôle et cadre supérieur de santé",
        "start": "2026-02-01",
        "due": "2026-12-31",
        "state": "en cours",
        "progress": "65",
        "parent": "PAQSS-01",
    },
    JUST_CULTURE
    | {
        "id": "PAQSS-01.1.1",
        "pole": MEDICINE,
        "service": "Médecine interne",
        "finding": "Réponse non punitive à l'erreur : 24 % [16 ; 34], 26 réponses valides. Tout "
        "l'intervalle est sous le repère de 50 % (« à améliorer »).",
        "action": "Un quart d'heure par mois sur un événement du service :\n"
        "– ce qui s'est passé ;\n– ce qui a protégé le patient ;\n– ce qui change dès demain",
        "pilot": "Cadre de santé",
        "contributors": "Médecin référent, référent qualité",
        "start": "2026-02-01",
        "due": "2026-09-30",
        "state": "réalisé",
        "progress": "100",
        "comment": "8 séances tenues sur 8 prévues. L'effet se lira à la prochaine campagne.",
        "parent": "PAQSS-01.1",
    },
    JUST_CULTURE
    | {
        "id": "PAQSS-01.2",
        "pole": EMERGENCY,
        "action": "Un retour d'expérience commun aux deux services, chaque trimestre",
        "pilot": "Chef de pôle",
        "start": "2026-09-01",
        "due": "2027-03-31",
        "state": "à faire",
        "progress": "0",
        "parent": "PAQSS-01",
    },
    JUST_CULTURE
    | {
        "id": "PAQSS-01.2.1",
        "pole": EMERGENCY,
        "service": "Urgences",
        "finding": "Réponse non punitive à l'erreur : 19 % [13 ; 27], 39 réponses valides. Tout "
        "l'intervalle est sous le repère de 50 % (« à améliorer »).",
        "action": "Répondre à chaque signalement sous quinze jours, par un mot à l'équipe",
        "pilot": "Cadre de santé des urgences",
        "contributors": "Médecin responsable d'unité",
        "start": "2026-03-01",
        "due": "2026-09-30",
        "state": "en cours",
        "progress": "40",
        "parent": "PAQSS-01.2",
    },
    {
        "id": "CULTURE-CARDIOLOGIE-01",
        "origin": "culture",
        "pole": MEDICINE,
        "service": "Cardiologie",
        "dimension": "ressources_humaines",
        "campaign": "culture_2025",
        "finding": "Ressources humaines : 37 % [29 ; 46], 23 réponses valides. Tout l'intervalle "
        "est sous le repère de 50 % (« à améliorer »).",
        "objective": "Rendre les jours chargés plus sûrs",
        "action": "Écrire ce qui se reporte, et ce qui ne se reporte jamais, les jours chargés",
        "priority": "haute",
        "pilot": "Cadre de santé",
        "start": "2026-01-12",
        "due": "2026-06-30",
        "indicator": "Part de réponses favorables : « Ressources humaines »",
        "target": "+10 points",
        "method": "Même questionnaire, à la prochaine campagne",
        "state": "réalisé",
        "progress": "100",
    },
    {
        "id": "CULTURE-BLOC-OPERATOIRE-01",
        "origin": "culture",
        "pole": SURGERY,
        "service": "Bloc opératoire",
        "dimension": "travail_equipe_entre_services",
        "campaign": "culture_2025",
        "finding": "Travail d'équipe entre les services : 31 % [22 ; 41], 21 réponses valides. "
        "Tout l'intervalle est sous le repère de 50 % (« à améliorer »).",
        "objective": "Une transmission complète entre le bloc et les services",
        "action": "Essayer un mois une fiche de liaison commune, puis en parler avec les services",
        "priority": "haute",
        "pilot": "Chef de bloc",
        "contributors": "Cadres des services de chirurgie",
        "start": "2026-04-01",
        "due": "2026-10-15",
        "indicator": "Part de transmissions complètes",
        "target": "au moins 90 %",
        "method": "Trente transmissions observées, tirées au sort",
        "state": "à faire",
        "progress": "0",
    },
    {
        "id": "EPP-CHIRURGIE-VISCERALE-01",
        "origin": "EPP",
        "pole": SURGERY,
        "service": "Chirurgie viscérale",
        "dimension": "identification",
        "campaign": "identite_2026",
        "finding": "Identité vérifiée avant un geste : 60 % [42 ; 75], 30 dossiers. Tout "
        "l'intervalle est sous l'objectif de 80 %.",
        "objective": "Vérifier l'identité avant chaque geste",
        "action": "Faire dire son nom et sa date de naissance au patient, à voix haute",
        "priority": "haute",
        "pilot": "Référent identitovigilance",
        "start": "2026-03-02",
        "due": "2026-06-30",
        "indicator": "Taux de conformité du critère",
        "target": "au moins 80 %",
        "method": "Second tour d'audit, 30 dossiers tirés au sort",
        "state": "évalué",
        "progress": "100",
        "evaluated_on": "2026-09-14",
        "result": "90 % [74 ; 97], 30 dossiers",
    },
    {
        "id": "EI-URGENCES-01",
        "origin": "événement indésirable",
        "pole": EMERGENCY,
        "service": "Urgences",
        "finding": "Deux erreurs de dose en pédiatrie en 2026, sans conséquence pour les patients.",
        "objective": "Une dose pédiatrique vérifiée avant chaque administration",
        "action": "Double vérification et table de doses affichée au poste de préparation",
        "priority": "haute",
        "pilot": "Pharmacien référent",
        "contributors": "Médecin urgentiste, infirmier coordonnateur",
        "start": "2026-10-01",
        "due": "2027-01-31",
        "indicator": "Part des doses pédiatriques vérifiées à deux",
        "target": "100 %",
        "method": "Relevé d'une semaine, tous les jours",
        "state": "en cours",
        "progress": "30",
    },
    {
        "id": "PLAINTE-01",
        "origin": "plainte",
        "finding": "Sept réclamations en 2026 sur le délai d'accès au dossier médical.",
        "objective": "Répondre aux demandes de dossier dans les délais",
        "action": "Un circuit unique des demandes, suivi chaque semaine",
        "priority": "moyenne",
        "pilot": "Directeur des relations avec les usagers",
        "contributors": "Médecin de l'information médicale, commission des usagers",
        "start": "2026-05-04",
        "due": "2026-12-18",
        "indicator": "Part des demandes satisfaites dans le délai",
        "target": "au moins 90 %",
        "method": "Registre des demandes du trimestre",
        "state": "en cours",
        "progress": "70",
    },
    {
        "id": "CERTIFICATION-01",
        "origin": "certification",
        "pole": SURGERY,
        "finding": "Point relevé à la visite : fiches de procédure en double au bloc.",
        "objective": "Une seule version de chaque procédure",
        "action": "Classeur papier unique par salle",
        "priority": "basse",
        "pilot": "Chef de bloc",
        "start": "2025-09-01",
        "due": "2026-03-31",
        "indicator": "Nombre de procédures en double",
        "target": "0",
        "method": "Relevé dans chaque salle",
        "state": "abandonné",
        "progress": "20",
        "comment": "Abandonné en juin 2026 : la gestion documentaire informatisée y répond.",
    },
    {
        "id": "RISQUE-MEDECINE-01",
        "origin": "risque",
        "pole": MEDICINE,
        "campaign": "position_compte_qualite",
        "dimension": "sortie",
        "finding": "« Rupture à la sortie ou au retour » : gravité 3, vraisemblance 5, maîtrise 2, "
        "zone « À traiter d'abord » (carte des risques d'octobre 2026).",
        "objective": "Réduire ce risque : une sortie mal préparée",
        "action": "À choisir avec les équipes après l'analyse des deux dernières réadmissions",
        "priority": "haute",
        "indicator": "Part des sorties avec une lettre de liaison remise le jour même",
        "state": "à faire",
        "progress": "0",
    },
    {
        "id": "USAGERS-01",
        "origin": "usagers",
        "finding": "La commission des usagers demande une information de sortie plus claire.",
        "objective": "Que chaque patient sorte en sachant quoi faire et qui appeler",
        "action": "Une feuille de sortie d'une page, relue par les représentants des usagers",
        "priority": "moyenne",
        "pilot": "Coordonnateur des soins",
        "contributors": "Représentants des usagers",
        "start": "2026-01-05",
        "due": "2026-05-29",
        "indicator": "Patients qui disent savoir qui appeler",
        "target": "au moins 85 %",
        "method": "Soixante patients interrogés à la sortie",
        "state": "évalué",
        "progress": "100",
        "evaluated_on": "2026-07-03",
        "result": "52 patients sur 60 : 87 % [76 ; 93]",
    },
    {
        "id": "INITIATIVE-BLOC-OPERATOIRE-01",
        "origin": "initiative",
        "pole": SURGERY,
        "service": "Bloc opératoire",
        "finding": "L'équipe signale des boîtes incomplètes plusieurs fois par semaine.",
        "objective": "Des boîtes complètes à l'ouverture",
        "action": "Compter les boîtes incomplètes pendant quatre semaines, avec la stérilisation",
        "priority": "moyenne",
        "pilot": "Infirmier de bloc référent",
        "contributors": "Stérilisation",
        "start": "2026-11-02",
        "due": "2027-02-26",
        "indicator": "Boîtes incomplètes par semaine",
        "target": "moins de 2",
        "method": "Feuille de relevé en salle",
        "state": "en cours",
        "progress": "10",
        "comment": "=SOMME(A1:A4) vient d'un autre tableau : gardé comme un texte, jamais calculé.",
    },
)


def demo_plan() -> pd.DataFrame:
    """The demonstration plan: every state, two actions late on 16 November 2026.

    >>> demo_plan().shape
    (14, 26)
    """
    return make_actions(
        {name: typography(text) for name, text in ({"facility": HOSPITAL} | row).items()}
        for row in ACTIONS
    )


def write_demo_plan(path: str | Path) -> None:
    """Write the demonstration plan, XLSX or CSV after the name.

    >>> import tempfile
    >>> from qgdr_eval.actions import read_plan
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_demo_plan(Path(folder, "plan.csv"))
    ...     len(read_plan(Path(folder, "plan.csv")).actions) == len(demo_plan())
    True

    Raises:
        Refused: as `write_plan`.
    """
    write_plan(demo_plan(), path)
