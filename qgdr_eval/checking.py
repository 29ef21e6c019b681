"""Checking what people wrote before they run it: questionnaires with their cases, campaigns."""

from dataclasses import dataclass
from pathlib import Path

from qgdr_eval.actions import read_plan
from qgdr_eval.definitions import read_document
from qgdr_eval.french import count, listed, quote, typography
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import Answers, load_campaign, read_answers
from qgdr_eval.responses.indicators import read_indicators
from qgdr_eval.responses.programme import load_programme
from qgdr_eval.responses.reference import read_reference
from qgdr_eval.scoring.examples import FILE as EXAMPLES
from qgdr_eval.scoring.examples import check_examples

REASONS = {
    "blank": "questionnaire sans réponse",
    "empty_row": "ligne vide",
    "duplicate": "doublon",
    "under_half": "moins de la moitié des items",
    "same_answer": "même réponse partout",
    "identical_row": "ligne identique à une autre",
    "out_of_range": "réponse hors échelle",
}
ACTIONS = {"excluded": "écarté", "flagged": "signalé, gardé", "set_missing": "lu comme manquant"}


@dataclass(frozen=True)
class Verdict:
    """What a check found: the title to show, its summary lines, its problems."""

    title: str
    summary: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def accepted(self) -> bool:
        """Whether nothing is worse than a warning."""
        return all(problem.severity == "warning" for problem in self.problems)

    def __str__(self) -> str:
        state = "accepté" if self.accepted else "refusé"
        lines = [
            f"{self.title} : {state}",
            *(f"  {line}" for line in self.summary),
            *map(str, self.problems),
        ]
        return typography("\n".join(lines))


def find_definitions(given: Path) -> list[Path]:
    """The definition files a path stands for: itself, or those in a folder and below."""
    if not given.is_dir():
        return [given]
    found = sorted(
        [
            *given.rglob("instrument.yml"),
            *given.glob("campagne*.yml"),
            *given.glob("programme*.yml"),
        ]
    )
    if not found:
        raise Refused(
            [
                Problem(
                    str(given),
                    None,
                    "",
                    "aucun instrument.yml ni campagne.yml ici",
                    "indiquez le fichier à vérifier",
                )
            ]
        )
    return found


def check_path(path: Path) -> Verdict:
    """Check one instrument or campaign file, with everything that goes with it."""
    try:
        keys = read_document(path, str(path)).values
        if "campaigns" in keys:
            return _check_programme(path)
        campaign = {"responses", "coding"} & set(keys)
        return _check_campaign(path) if campaign else _check_instrument(path)
    except Refused as refused:
        return Verdict(str(path), (), refused.problems)


def _check_instrument(path: Path) -> Verdict:
    instrument = load_instrument(path.absolute())
    cases = path.parent / EXAMPLES
    problems = check_examples(instrument, cases) if cases.is_file() else []
    told = "" if cases.is_file() else f" ; pas de cas calculés : ajoutez {quote(EXAMPLES)}"
    reversed_items = sum(item.reversed for item in instrument.items)
    return Verdict(
        str(path),
        (
            f"{instrument.title}, version {instrument.version}",
            f"{count(len(instrument.items), 'item')}, dont {count(reversed_items, 'inversé')}, "
            f"{count(len(instrument.dimensions), 'dimension')}{told}",
        ),
        tuple(problems),
    )


def _check_campaign(path: Path) -> Verdict:
    campaign = load_campaign(path)
    instrument = load_instrument(campaign.instrument, beside=path.parent)
    answers = read_answers(campaign, instrument, path.parent)
    read_reference(campaign, instrument, path.parent)
    return Verdict(str(path), tuple(_summary(answers)), answers.warnings)


def _check_programme(path: Path) -> Verdict:
    """Each campaign it names, its indicators and its plan."""
    programme, folder = load_programme(path), path.parent
    checked = [_check_campaign(folder / name) for name in programme.campaigns]
    problems = [problem for verdict in checked for problem in verdict.problems]
    summary = [f"{verdict.title} : {verdict.summary[0]}" for verdict in checked]
    if programme.indicators:
        rows = read_indicators(folder / programme.indicators)
        summary.append(f"{programme.indicators} : {count(len(rows), 'valeur')}")
    if programme.plan:
        plan = read_plan(folder / programme.plan)
        summary.append(f"{programme.plan} : {count(len(plan.actions), 'action')}")
        problems += plan.warnings
    return Verdict(str(path), tuple(summary), tuple(problems))


def _summary(answers: Answers) -> list[str]:
    """Returns kept, services, and what was set aside, row by row, for whoever holds the file."""
    log = answers.exclusions
    lines = [
        f"{count(len(answers.responses), 'réponse gardée', 'réponses gardées')}, "
        f"{count(len(answers.roster), 'service')}"
    ]
    for (reason, action), rows in log.groupby(["reason", "action"], sort=False):
        shown = [str(row) for row in rows["row"].head(12)]
        more = ["…"] if len(rows) > 12 else []
        lines.append(
            f"{REASONS.get(str(reason), str(reason))} ({ACTIONS[str(action)]}) : "
            f"{len(rows)}, {'ligne' if len(rows) == 1 else 'lignes'} "
            f"{', '.join([*shown, *more]) if more else listed(shown)}"
        )
    return lines
