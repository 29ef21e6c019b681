"""Results of campaigns that never happened, to lay out pages without running the pipeline."""

import dataclasses
import warnings

import nbformat
import numpy as np
import pandas as pd

from qgdr_eval.disclosure import Card, Published
from qgdr_eval.disclosure.published import SEAL
from qgdr_eval.instruments import Dimension, Instrument, Item, Option, Scale, Threshold
from qgdr_eval.reporting import overview, sections
from qgdr_eval.reporting.export import export_html
from qgdr_eval.reporting.view import report_of
from qgdr_eval.shipped import shipped

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


def _answers(rng, leanings, n):
    """Positions 0–4 after reversal, −1 for « ne sait pas », −2 for missing."""
    shares = np.repeat(leanings, 4) + rng.normal(0, 0.07, len(leanings) * 4)
    answers = np.clip(rng.binomial(4, np.clip(shares, 0.02, 0.98), (n, shares.size)), 0, 4)
    answers[rng.random(answers.shape) < 0.03] = -1
    answers[rng.random(answers.shape) < 0.03] = -2
    half = n // 2
    answers[:half, min(5, shares.size - 1)], answers[half:, min(5, shares.size - 1)] = 0, 4
    return answers


def _score_rows(instrument, facility, service, answers, head_count, hidden):
    base = (instrument.id, instrument.version, "c2026", facility, service, "")
    rule, n = instrument.dimensions[0].rule, len(answers)
    value = (answers >= 3) * 100.0 if rule == "positive_share" else answers * 25.0
    value = np.where(answers < 0, np.nan, value)
    for d, dimension in enumerate(instrument.dimensions):
        block = value[:, 4 * d : 4 * d + 4]
        columns = [
            ("", block),
            *zip(
                [item.code for item in instrument.items_of(dimension.id)],
                block.T[:, :, None],
                strict=True,
            ),
        ]
        for item, values in columns:
            yield (*base, dimension.id, item, rule, *_numbers(values, n, head_count, hidden))


def _numbers(values, n, head_count, hidden):
    if hidden:
        return (np.nan,) * 7 + ("suppressed",)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a subject without a valid answer
        means = np.nanmean(values, axis=1)
    score = float(np.nanmean(np.nanmean(values, axis=0)))
    wide = 1.96 * np.nanstd(means) / np.sqrt(n) + 4
    near = wide * np.sqrt(1 - n / head_count) if head_count else wide
    ends = np.clip([score - near, score + near, score - wide, score + wide], 0, 100)
    return (n, int((~np.isnan(values)).any(axis=1).sum()), score, *ends, "published")


def _distribution_rows(instrument, facility, service, answers, hidden):
    for i, item in enumerate(instrument.items):
        options = instrument.scale_of(item).options
        given = answers[:, i]
        valid, n = max((given >= 0).sum(), 1), max(len(given), 1)
        status = "suppressed" if hidden else "published"
        for position, option in enumerate(options):
            count = int((given == position).sum())
            label = options[4 - position].label if item.reversed else option.label
            yield (
                facility,
                service,
                item.dimension,
                item.code,
                "option",
                position,
                option.pole,
                label,
                *((np.nan, np.nan) if hidden else (count, 100 * count / valid)),
                status,
            )
        for state, code in (("not_applicable", -3), ("dont_know", -1), ("missing", -2)):
            count = int((given == code).sum())
            yield (
                facility,
                service,
                item.dimension,
                item.code,
                state,
                np.nan,
                "",
                state,
                *((np.nan, np.nan) if hidden else (count, 100 * count / n)),
                status,
            )


def make_published(services=SERVICES, instrument=None, facility=FACILITY, minimum=10, hostile=""):
    """A whole campaign: every service, its facility's total and the campaign's."""
    instrument = instrument or make_instrument(hostile=hostile)
    rng = np.random.default_rng(20260331)
    leanings = np.resize(LEANINGS, len(instrument.dimensions))
    answers = {name: _answers(rng, leanings, n) for name, (n, _) in services.items()}
    scores, distributions, participation = [], [], []
    for name, (n, asked) in services.items():
        hidden = n < minimum
        scores += _score_rows(instrument, facility, name, answers[name], asked, hidden)
        distributions += _distribution_rows(instrument, facility, name, answers[name], hidden)
        participation.append(
            (
                facility,
                name,
                asked,
                *(
                    (np.nan, np.nan, np.nan, 0, "suppressed")
                    if hidden
                    else (n, 100 * n / asked if asked else np.nan, 1, 0, "published")
                ),
            )
        )
    every = np.vstack(list(answers.values()))
    asked = sum(asked or 0 for _, asked in services.values())
    for place in (facility, ""):
        hidden = len(every) < minimum
        scores += _score_rows(instrument, place, "", every, asked, hidden)
        participation.append(
            (
                place,
                "",
                asked,
                *(
                    (np.nan, np.nan, np.nan, 0, "suppressed")
                    if hidden
                    else (len(every), 100 * len(every) / max(asked, 1), 3, 1, "published")
                ),
            )
        )
    shown = [name for name, (n, _) in services.items() if n >= minimum]
    return Published(
        Card(
            "c2026",
            "Campagne fictive 2026" + hostile,
            "février–mars 2026",
            minimum,
            "campaign",
            "9f2c" * 16,
        ),
        instrument,
        pd.DataFrame(
            scores,
            columns=[
                "instrument",
                "version",
                "campaign",
                "facility",
                "service",
                "stratum",
                "dimension",
                "item",
                "measure",
                "n",
                "n_valid",
                "score",
                "low",
                "high",
                "wide_low",
                "wide_high",
                "status",
            ],
        ),
        pd.DataFrame(
            distributions,
            columns=[
                "facility",
                "service",
                "dimension",
                "item",
                "state",
                "position",
                "pole",
                "label",
                "count",
                "share",
                "status",
            ],
        ),
        pd.DataFrame(
            participation,
            columns=[
                "facility",
                "service",
                "head_count",
                "n",
                "rate",
                "excluded",
                "left_out",
                "status",
            ],
        ),
        pd.DataFrame(
            [(facility, name, "blank", "excluded", 1) for name in shown],
            columns=["facility", "service", "reason", "action", "count"],
        ),
        pd.DataFrame(
            [(d.id, "alpha", len(every), 0.71, 0.6, 0.8) for d in instrument.dimensions]
            + [(d.id, "icc1", len(every), 0.09, 0.01, 0.3) for d in instrument.dimensions],
            columns=["dimension", "measure", "n", "value", "low", "high"],
        ),
        pd.DataFrame(columns=["dimension", "score", "low", "high"]),
        pd.DataFrame(
            [(facility, name, "group", "small", 1) for name in services if name not in shown],
            columns=["facility", "service", "what", "reason", "count"],
        ),
        SEAL,
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
        "sections": sections,
        "overview": overview,
        "report": report,
        "report_date": "2026-03-31",
    }
    for cell in pages.cells:
        if cell.source.startswith(("sections.", "overview.")):
            shown = {"text/html": str(eval(cell.source, names))}
            cell.outputs = [nbformat.v4.new_output("display_data", shown)]
    return export_html(pages, "Un service")
