"""Checking what people wrote: questionnaires with their cases, campaigns, editions."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from qgdr_eval.actions import read_plan
from qgdr_eval.asking.asked.campaign import read_asked
from qgdr_eval.asking.asked.opened import still_sealed
from qgdr_eval.campaigns.apart import check_apart
from qgdr_eval.campaigns.programme import Programme, load_programme, names_programme
from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.campaigns.rounds import publish_rounds
from qgdr_eval.campaigns.sources import campaign_sources
from qgdr_eval.checking.editions import check_edition
from qgdr_eval.checking.examples import FILE as EXAMPLES
from qgdr_eval.checking.examples import check_examples
from qgdr_eval.checking.proposals import propose_keys
from qgdr_eval.comparison.rounds import compare_rounds
from qgdr_eval.definitions import read_document
from qgdr_eval.disclosure.floor import floor_of
from qgdr_eval.disclosure.publish import Read
from qgdr_eval.disclosure.register import open_register
from qgdr_eval.disclosure.registration import publish_beside
from qgdr_eval.editions.read import DEFINITION as EDITION
from qgdr_eval.french import NARROW, count, listed, quote, typography
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.press.pages import page_of
from qgdr_eval.press.plan import choose_notebooks
from qgdr_eval.press.programme import check_programme
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.region.definition import load_region, names_region
from qgdr_eval.reporting import registered
from qgdr_eval.responses import Answers, load_campaign
from qgdr_eval.responses.indicators import read_indicators, read_national
from qgdr_eval.shipped import shipped
from qgdr_eval.tables.faults import CAMPAIGN, SHOWN, fault
from qgdr_eval.tables.file import TableFile

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
Given = TypeVar("Given")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Verdict:
    """What a check found: the title to show, its summary lines, its problems.

    The title is a path, and a line may hold a command: they are shown as they are.
    """

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
            f"{self.title}{NARROW}: {state}",
            *(f"  {line}" for line in self.summary),
            *(typography(str(problem)) for problem in self.problems),
        ]
        return "\n".join(lines)


def find_definitions(given: Path) -> list[Path]:
    """The definition files a path stands for: itself, or those in a folder and below."""
    if not given.is_dir():
        return [given]
    found = sorted(
        [
            *given.rglob("instrument.yml"),
            *given.glob("campagne*.yml"),
            *given.glob("programme*.yml"),
            *given.glob("region*.yml"),
            *given.rglob(EDITION),
        ]
    )
    if not found:
        raise Refused(
            [
                Problem(
                    str(given),
                    None,
                    "",
                    "aucun instrument.yml, campagne.yml ni edition.yml ici",
                    "indiquez le fichier à vérifier",
                )
            ]
        )
    return found


def say_nothing(line: str) -> None:
    """Tell nobody."""


def check_path(path: Path, tell: Tell = say_nothing) -> Verdict:
    """Check an instrument, a campaign, a programme, a region or an edition, with all it names.

    ``tell`` hears of each part of a programme as it is begun: it may take long.
    """
    try:
        keys = read_document(path, str(path)).values
        if names_programme(keys, path.name):
            return _check_programme(path, tell)
        if names_region(keys, path.name):
            return _check_region(path)
        if path.name == EDITION:
            return Verdict(str(path), *check_edition(path))
        campaign = {"responses", "coding"} & set(keys)
        return _check_campaign(path) if campaign else _check_instrument(path)
    except Refused as refused:
        return Verdict(str(path), (), refused.problems)


def _check_region(path: Path) -> Verdict:
    """What a region accepts; the files of its facilities are verified where they are merged."""
    opened = load_region(path)
    region = opened.region
    facilities = count(len(region.facilities), "établissement")
    keys = count(len(region.keys), "clé de confiance", "clés de confiance")
    return Verdict(str(path), (typography(f"{region.title}, {facilities}, {keys}"),), ())


def _check_instrument(path: Path) -> Verdict:
    instrument = load_instrument(path.absolute())
    cases = path.parent / EXAMPLES
    problems = check_examples(instrument, cases) if cases.is_file() else []
    missing = "" if cases.is_file() else f" ; pas de cas calculés : ajoutez {quote(EXAMPLES)}"
    reversed_items = sum(item.reversed for item in instrument.items)
    return Verdict(
        str(path),
        (
            typography(f"{instrument.title}, version {instrument.version}"),
            f"{count(len(instrument.items), 'item')}, dont {count(reversed_items, 'inversé')}, "
            f"{count(len(instrument.dimensions), 'dimension')}{typography(missing)}",
        ),
        (
            *problems,
            *_without_rule(path, instrument),
            *propose_keys(path.name, instrument),
        ),
    )


def _without_rule(path: Path, instrument: Instrument) -> Iterator[Problem]:
    """Criteria of a record that anybody may set aside: a score rises by it, and nobody sees."""
    loose = [
        item.code
        for item in instrument.items
        if instrument.of_records
        and item.na_when is None
        and {one.code for one in instrument.scale_of(item).not_applicable} - set(item.forbidden)
    ]
    if loose:
        yield fault(
            path.name,
            f"« Non applicable » admis sans dire quand : {listed(loose)}",
            "ajoutez « na_when: … » à chaque critère, ou son code à « forbidden »",
            severity="warning",
        )


def _check_campaign(path: Path, root: Path | None = None) -> Verdict:
    """``root``: the folder its files are expected in, its own when none is given."""
    if sealed := still_sealed(path, load_campaign(path)):
        return _check_asking(path, sealed)
    read = read_campaign(path)
    named = read.campaign
    if named.earlier or named.second_reader or named.evaluation or named.team:
        compare_rounds(publish_rounds(path))
    if read.campaign.plan:
        _read_named(path.parent, read.campaign.plan, read_plan)
    choose_notebooks(path.parent, {}, page_of(read.instrument))
    warnings = (
        *read.answers.warnings,
        *_unknown_head_counts(read),
        *_unseen_classes(read),
        *_outside(path, root or path.parent),
    )
    lines = [*map(typography, [*_summary(read.answers), *_unnamed_facility(read)])]
    if read.instrument.of_people:
        lines += _registered(read, path)
    return Verdict(str(path), tuple(lines), warnings)


def _check_asking(path: Path, sealed: Problem) -> Verdict:
    """A campaign that asks and has no answers yet: whether it says all it must; what is next."""
    asked = read_asked(path)
    heads = int(asked.roster["head_count"].fillna(0).sum())
    people = f"{count(len(asked.roster), 'service')}, {count(heads, 'personne')} à interroger"
    return Verdict(str(path), (people,), (replace(sealed, severity="warning"),))


def _registered(read: Read, campaign: Path) -> Iterator[str]:
    """What was published, and which services would keep these figures if one published now."""
    register = open_register(campaign.parent, read.campaign.id)
    yield registered.told_by_check(register, campaign)
    if register.latest is not None:
        _, registrations = publish_beside(read, campaign.parent)
        yield from (
            registered.told_of_held(service)
            for registration in registrations
            for service in registration.held
        )


def _unnamed_facility(read: Read) -> Iterator[str]:
    """Whether pages bear the title of the campaign where the name of a facility stands."""
    title, mapped = read.campaign.title, "columns" in read.campaign.model_fields_set
    column = read.campaign.columns.facility if mapped else None
    if not column and title in read.answers.roster["facility"].tolist():
        yield (
            f"établissement non nommé : les pages portent à sa place {quote(title)} ; nommez-le "
            "dans la liste des services, colonne « établissement »"
        )


def _unknown_head_counts(read: Read) -> Iterator[Problem]:
    """What pages go without when nobody said how many people were asked."""
    if read.instrument.of_people and read.answers.roster["head_count"].isna().all():
        what = (
            "aucun effectif n'est donné : pas de taux de participation, et des intervalles plus "
            "larges qu'il ne faut"
        )
        services = read.campaign.services
        cure = f"écrivez {quote('services: [{service: son nom, head_count: effectif}]')}"
        if isinstance(services, TableFile):
            cure = f"remplissez la colonne des effectifs de {quote(services.file)}"
        yield fault(CAMPAIGN, what, cure, place="services", severity="warning")


def _unseen_classes(read: Read) -> Iterator[Problem]:
    """The classes too small to be shown, and whether they hide the whole breakdown.

    For whoever holds the answers: no page names a class, nor says how many it counts.
    """
    minimum = floor_of(read.instrument, read.campaign.disclosure.minimum).group
    for name in read.campaign.columns.strata:
        small = _small_classes(read.answers.responses[name], minimum)
        nowhere = not (read.publish().scores["stratum"] != "").any()
        if small or nowhere:
            rest = [count(len(small) - SHOWN, "autre", "autres")] if len(small) > SHOWN else []
            shown = listed([*small[:SHOWN], *rest])
            whose = shown if small else "chaque catégorie, service par service"
            fate = "ne sera montrée nulle part" if nowhere else "ne sera pas montrée partout"
            what = f"{whose} : sous {minimum} réponses ; cette répartition {fate}"
            cure = f"regroupez les catégories de moins de {minimum}, ou retirez « strata »"
            place = f"répartition {quote(name)}"
            yield fault(CAMPAIGN, what, cure, place=place, severity="warning")


def _small_classes(classes: pd.Series, minimum: int) -> list[str]:
    """The classes under a minimum, each with its number; cells left empty are one of them."""
    counts = {quote(str(label)): int(n) for label, n in classes.value_counts().items()}
    counts["cellule vide"] = int(classes.isna().sum())
    return [f"{name} ({n})" for name, n in counts.items() if 0 < n < minimum]


def _outside(path: Path, root: Path) -> Iterator[Problem]:
    """Name the files a campaign is read from that do not stand in its folder or below."""
    ours = shipped("questionnaires")
    files = (file for file in campaign_sources(path).values() if ours not in file.parents)
    yield from _told_outside(path, root, files)


def _told_outside(path: Path, root: Path, files: Iterable[Path]) -> Iterator[Problem]:
    found = dict.fromkeys(file.resolve() for file in files)
    outside = [file for file in found if not file.is_relative_to(root.resolve())]
    if outside:
        shown = listed(quote(str(file)) for file in outside)
        what = f"lu hors de ce dossier : {shown}"
        cure = "rien à faire si c'est voulu ; sinon, copiez le fichier dans le dossier"
        yield fault(path.name, what, cure, severity="warning")


def _check_programme(path: Path, tell: Tell) -> Verdict:
    """Each campaign it names, its indicators and its plan; what is wrong with any is told."""
    programme = load_programme(path)
    summary: list[str] = []
    problems: list[Problem] = []
    beside = [*programme.campaigns, programme.indicators, programme.national, programme.plan]
    files = (path.parent / name for name in beside if name)
    problems += _told_outside(path, path.parent, files)
    parts = list(_parts(programme, path.parent))
    for rank, (name, read) in enumerate(parts, start=1):
        tell(f"[{rank}/{len(parts) + 1}] {name}")
        try:
            sentence, found = _read_named(path.parent, name, read)
            summary.append(f"{name}{NARROW}: {sentence}")
            problems += [_named(name, problem) for problem in found]
        except Refused as refused:
            problems += refused.problems
    if not any(problem.severity == "error" for problem in problems):
        tell(f"[{len(parts) + 1}/{len(parts) + 1}] {path.name}")
        problems += check_apart(path.parent, programme.campaigns)
        problems += _pages_above(path)
    return Verdict(str(path), tuple(summary), tuple(dict.fromkeys(problems)))


def _pages_above(path: Path) -> tuple[Problem, ...]:
    """What stops the pages above the campaigns, though each file is right by itself."""
    try:
        check_programme(path)
    except Refused as refused:
        return refused.problems
    return ()


def _parts(programme: Programme, root: Path) -> Iterator[tuple[str, Callable[[Path], Found]]]:
    """What a programme is made of: the name of each file, and how it is checked."""
    for name in programme.campaigns:
        yield name, partial(_campaign_line, root=root)
    if programme.indicators:
        yield programme.indicators, lambda path: (count(len(read_indicators(path)), "valeur"), ())
    if programme.national:
        yield programme.national, lambda path: (count(len(read_national(path)), "valeur"), ())
    if programme.plan:
        yield programme.plan, _plan_line


def _campaign_line(path: Path, root: Path) -> Found:
    verdict = _check_campaign(path, root)
    return verdict.summary[0], verdict.problems


def _plan_line(path: Path) -> Found:
    plan = read_plan(path)
    return count(len(plan.actions), "action"), plan.warnings


def _read_named(folder: Path, name: str, read: Callable[[Path], Given]) -> Given:
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
