"""Checking what people wrote before they run it: questionnaires with their cases, campaigns."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from qgdr_eval.actions import read_plan
from qgdr_eval.definitions import read_document
from qgdr_eval.disclosure.apart import check_apart
from qgdr_eval.disclosure.register import open_register
from qgdr_eval.french import count, listed, quote, typography
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting import registered
from qgdr_eval.responses import Answers, load_campaign, read_answers
from qgdr_eval.responses.indicators import read_indicators, read_national
from qgdr_eval.responses.programme import Programme, load_programme
from qgdr_eval.responses.reference import read_reference
from qgdr_eval.scoring.examples import FILE as EXAMPLES
from qgdr_eval.scoring.examples import check_examples

REASONS = {
    "blank": "questionnaire sans réponse",
    "empty_row": "ligne vide",
    "less_complete": "doublon moins complet que l'autre",
    "duplicate": "doublon",
    "under_half": "moins de la moitié des items",
    "same_answer": "même réponse partout",
    "identical_row": "ligne identique à une autre",
    "out_of_range": "réponse hors échelle",
}
ACTIONS = {"excluded": "écarté", "flagged": "signalé, gardé", "set_missing": "lu comme manquant"}
Found = tuple[str, tuple[Problem, ...]]  # what a file holds, in a few words; its warnings
Read = TypeVar("Read")


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
    if campaign.plan:
        _read_named(path.parent, campaign.plan, read_plan)
    lines = _summary(answers)
    if instrument.subject == "respondent":
        lines.append(registered.told_by_check(open_register(path.parent, campaign.id)))
    return Verdict(str(path), tuple(lines), answers.warnings)


def _check_programme(path: Path) -> Verdict:
    """Each campaign it names, its indicators and its plan; what is wrong with any is told."""
    programme = load_programme(path)
    summary: list[str] = []
    problems: list[Problem] = []
    for name, read in _parts(programme):
        try:
            said, found = _read_named(path.parent, name, read)
            summary.append(f"{name} : {said}")
            problems += [_named(name, problem) for problem in found]
        except Refused as refused:
            problems += refused.problems
    if all(problem.severity == "warning" for problem in problems):  # campaigns can be read
        problems += check_apart(path.parent, programme.campaigns)
    return Verdict(str(path), tuple(summary), tuple(dict.fromkeys(problems)))


def _parts(programme: Programme) -> Iterator[tuple[str, Callable[[Path], Found]]]:
    """What a programme is made of: the name of each file, and how it is checked."""
    for name in programme.campaigns:
        yield name, _campaign_line
    if programme.indicators:
        yield programme.indicators, lambda path: (count(len(read_indicators(path)), "valeur"), ())
    if programme.national:
        yield programme.national, lambda path: (count(len(read_national(path)), "valeur"), ())
    if programme.plan:
        yield programme.plan, _plan_line


def _campaign_line(path: Path) -> Found:
    verdict = _check_campaign(path)
    return verdict.summary[0], verdict.problems


def _plan_line(path: Path) -> Found:
    plan = read_plan(path)
    return count(len(plan.actions), "action"), plan.warnings


def _read_named(folder: Path, name: str, read: Callable[[Path], Read]) -> Read:
    """Read a file that another one names; its problems say in which folder it is."""
    try:
        return read(folder / name)
    except Refused as refused:
        raise Refused(_named(name, problem) for problem in refused.problems) from None


def _named(name: str, problem: Problem) -> Problem:
    """A problem with its file as seen from the file that names it: many are named alike."""
    seen = os.path.normpath(Path(name).parent / problem.file)
    return replace(problem, file=Path(seen).as_posix())


def _summary(answers: Answers) -> list[str]:
    """Returns kept, services, and what was set aside, row by row, for whoever holds the file."""
    log = answers.exclusions
    lines = [
        f"{count(len(answers.responses), 'réponse gardée', 'réponses gardées')}, "
        f"{count(len(answers.roster), 'service')}"
    ]
    for (reason, action), rows in log.groupby(["reason", "action"], sort=False):
        shown = rows["at"].head(12).tolist()
        line = "colonne" if shown[0].isalpha() else "ligne"
        more = ["…"] if len(rows) > 12 else []
        lines.append(
            f"{REASONS.get(str(reason), str(reason))} ({ACTIONS[str(action)]}) : "
            f"{len(rows)}, {line if len(rows) == 1 else f'{line}s'} "
            f"{', '.join([*shown, *more]) if more else listed(shown)}"
        )
    return lines
