"""Campaigns that never happened, answered in memory and published as any other, and their pages."""

import dataclasses
from functools import cache

import nbformat
import numpy as np

from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale, Threshold
from qgdr_eval.reporting import side_by_side, team
from qgdr_eval.reporting.page.export import export_html
from qgdr_eval.reporting.report import report_of
from qgdr_eval.shipped import shipped
from tests.answered import publish_answers

FACILITY = "Centre hospitalier des Tilleuls"
SERVICES = {  # service: (respondents, people asked); under ten is hidden
    "Médecine polyvalente": (11, 14),
    "Urgences": (28, 40),
    "EHPAD Les Glycines": (6, 22),
}
LABELS = (
    "Perception globale de la sécurité",
    "Signalement des événements indésirables",
    "Attentes et actions des supérieurs hiérarchiques",
    "Organisation apprenante et amélioration continue",
    "Travail d'équipe dans le service",
    "Liberté d'expression",
    "Réponse non punitive à l'erreur",
    "Ressources humaines",
    "Soutien du management",
    "Travail d'équipe entre les services",
)
LEANINGS = (0.62, 0.35, 0.72, 0.55, 0.97, 0.66, 0.14, 0.2, 0.5, 0.58)
SUBJECTS = (
    "Ce que nous faisons face aux imprévus protège les personnes accueillies",
    "Quand quelque chose se passe mal ici, nous en parlons ensemble sans chercher de coupable",
    "Il arrive que la charge de travail nous fasse sauter une vérification prévue",
    "Nous disposons du temps qu'il faut pour transmettre ce qui compte à l'équipe suivante",
)
MARKS = (
    Threshold(
        kind="at_least",
        value=75,
        label="Dimension développée",
        origin="usage courant, à relire avant emploi (1er mars 2026)",
    ),
    Threshold(
        kind="at_most",
        value=50,
        label="Dimension à améliorer",
        origin="usage courant, à relire avant emploi (1er mars 2026)",
    ),
)


def make_instrument(dimensions=10, thresholds=MARKS, rule="positive_share", hostile=""):
    """Four items a dimension, the third reversed, on five options and one « ne sait pas »."""
    poles = ("negative", "negative", "neutral", "positive", "positive")
    labels = (
        "Pas du tout d'accord",
        "Plutôt pas d'accord",
        "Neutre",
        "Plutôt d'accord",
        "Tout à fait d'accord",
    )
    scale = Scale(
        label="Accord",
        options=tuple(Option(code=i + 1, label=labels[i], pole=poles[i]) for i in range(5)),
        dont_know=({"code": 9, "label": "Ne sait pas"},),
    )
    named = (*LABELS, *(f"Dimension {i}" for i in range(11, 30)))[:dimensions]
    return Instrument(
        id="culture_fictive",
        version="1.2.0",
        title="Culture de sécurité (fictif)" + hostile,
        source="Items écrits pour l'essai" + hostile,
        licence="CC0",
        subject="respondent",
        scales={"accord": scale},
        thresholds=thresholds,
        dimensions=tuple(
            Dimension(
                id=f"d{i}",
                label=label + hostile,
                rule=rule,
                definition="Ce que l'équipe dit de son quotidien sur ce sujet." + hostile,
                levers=(
                    "Rejouer un événement en équipe, vingt minutes" + hostile,
                    "Dire ce qui a changé après chaque signalement",
                ),
                resources=("Guide interne : parler d'une erreur" + hostile,),
            )
            for i, label in enumerate(named)
        ),
        items=tuple(
            Item(
                code=f"D{i}_{j}",
                text=f"{SUBJECTS[j]} ({label.lower()}){hostile}",
                dimension=f"d{i}",
                scale="accord",
                reversed=j == 2,
            )
            for i, label in enumerate(named)
            for j in range(4)
        ),
    )


def _codes(rng, leanings, n):
    """What people chose, as worded: 1 to 5, 9 for « ne sait pas », 0 for nothing."""
    shares = np.repeat(leanings, 4) + rng.normal(0, 0.07, len(leanings) * 4)
    favourable = rng.binomial(4, np.clip(shares, 0.02, 0.98), (n, shares.size))
    half, split = n // 2, min(5, shares.size - 1)
    favourable[:half, split], favourable[half:, split] = 0, 4
    codes = favourable + 1
    codes[:, 2::4] = 6 - codes[:, 2::4]
    codes[rng.random(codes.shape) < 0.03] = 9
    codes[rng.random(codes.shape) < 0.03] = 0
    return codes


def make_published(services=SERVICES, instrument=None, facility=FACILITY, minimum=10, hostile=""):
    """A whole campaign, made once: every service, its facility's total and the campaign's."""
    asked = (instrument or make_instrument(hostile=hostile)).model_dump_json()
    return _published(tuple(services.items()), asked, facility, minimum, hostile)


@cache
def _published(services, asked, facility, minimum, hostile):
    instrument = Instrument.model_validate_json(asked)
    rng = np.random.default_rng(20260331)
    leanings = np.resize(LEANINGS, len(instrument.dimensions))
    heads = {(facility, name): asked for name, (_, asked) in services}
    return publish_answers(
        instrument,
        {(facility, name): _codes(rng, leanings, n) for name, (n, _) in services},
        heads,
        blank=list(heads),
        digest="9f2c" * 16,
        id="c2026",
        title=("Campagne fictive 2026" + hostile)[:300],
        period="février–mars 2026",
        minimum=minimum,
    )


def make_report(published, service="", **changes):
    """The report of one service, some of its parts replaced."""
    names = [name for _, name in published.services]
    facility = published.services[0][0]
    report = report_of(published, facility, service or names[0])
    return dataclasses.replace(report, **changes)


def lay_out(report, notebook="20_service.ipynb"):
    """The page a notebook makes of a report, without running a kernel."""
    pages = nbformat.read(shipped("notebooks") / notebook, as_version=4)
    names = {
        "team": team,
        "side_by_side": side_by_side,
        "report": report,
        "report_date": "2026-03-31",
    }
    for cell in pages.cells:
        if cell.source.startswith(("team.", "side_by_side.")):
            shown = {"text/html": str(eval(cell.source, names))}
            cell.outputs = [nbformat.v4.new_output("display_data", shown)]
    return export_html(pages, "Un service")
