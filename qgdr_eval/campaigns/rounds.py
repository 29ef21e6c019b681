"""A campaign published with those its file names: earlier ones, a second reading, a team's."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.disclosure.pairs import publish_pairs
from qgdr_eval.disclosure.publish import Read
from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.registration import Registration, publish_beside
from qgdr_eval.disclosure.rounds import Earlier, Rounds
from qgdr_eval.disclosure.tables import KEY
from qgdr_eval.french import quote, typography
from qgdr_eval.problems import Refused
from qgdr_eval.responses.evaluation import evaluation_said, read_evaluation
from qgdr_eval.responses.roster import kinds_of
from qgdr_eval.responses.twice import refuse_unmatched
from qgdr_eval.scoring.kappa import bound_kappa
from qgdr_eval.scoring.pairs import pair_records
from qgdr_eval.tables.faults import CAMPAIGN, fault

Opened = tuple[Read, Published, tuple[Registration, ...]]


def publish_alone(path: Path, day: str = "", known: int = 0) -> Rounds:
    """Publish the campaign of a file beside its earlier publications, and no other campaign.

    Args:
        day: ISO day it bears, today when empty.
        known: the rank of a publication of this campaign that is known from elsewhere; a register
            that knows none of that rank was lost.

    Raises:
        Refused: with every problem of the campaign's files, or of its register.
    """
    read = read_campaign(path)
    published, registration = publish_beside(read, path.parent, day, known)
    return Rounds(published, registered=registration, kinds=kinds_of(read.answers.roster))


def publish_rounds(path: Path, day: str = "", known: int = 0) -> Rounds:
    """Publish the campaign of a file and the campaigns that it names, as `publish_alone` does.

    Raises:
        Refused: with every problem of the first of them that cannot be read, or because one was
            made with another instrument; for ``team``, one that is no team's on these dimensions.
    """
    read = read_campaign(path)
    published, registered = publish_beside(read, path.parent, day, known)
    earlier = []
    for named in read.campaign.earlier:
        other, shown, registration = _same(read, path.parent, named.campaign, day)
        pairs = _matched(other, shown, read, published) if named.same_records else None
        earlier.append(Earlier(shown, pairs))
        registered += registration
    reader = read.campaign.second_reader
    second = None
    if reader:
        second = _read_twice(read, published, *_same(read, path.parent, reader)[:2])
    team = None
    if read.campaign.team:
        team, registration = _team(read, path.parent, read.campaign.team, day)
        registered += registration
    notes = read.answers.notes if read.instrument.declared else read.answers.notes.head(0)
    evaluated = _evaluated(read, path)
    kinds = kinds_of(read.answers.roster)
    return Rounds(published, tuple(earlier), second, notes, registered, evaluated, team, kinds)


def _evaluated(read: Read, path: Path) -> tuple[str, Mapping[str, float]] | None:
    """What HAS had rated, told in words, where the questionnaire has something of it."""
    name = read.campaign.evaluation
    if not name:
        return None
    found = read_evaluation(path.parent / name)
    asked = read.instrument
    own = {one.official for one in asked.dimensions} | {f"critère {one.official}"
                                                        for one in asked.items}  # fmt: skip
    if not own & set(found.ratings):
        what = f"rien de ce questionnaire n'est coté dans {quote(name)}"
        cure = "gardez cette clé pour un référentiel d'ESSMS, ou retirez-la"
        raise Refused([fault(CAMPAIGN, what, cure, place="evaluation")])
    return evaluation_said(found), found.ratings


def _same(read: Read, folder: Path, name: str, day: str = "") -> Opened:
    """The campaign of a name, made with the same instrument."""
    other, shown, registration = _other(folder, name, day)
    if other.instrument.id != read.instrument.id:
        given, expected = quote(other.instrument.id), quote(read.instrument.id)
        what = f"la campagne {quote(name)} est faite avec {given}, celle-ci avec {expected}"
        raise Refused([fault(CAMPAIGN, what, "citez une campagne faite avec le même instrument")])
    return other, shown, registration


def _team(
    read: Read, folder: Path, name: str, day: str
) -> tuple[Published, tuple[Registration, ...]]:
    """What a team answers on dimensions that a group declares."""
    if not read.instrument.of_a_group:
        what = "« team » ne se donne qu'à la position d'un groupe"
        cure = "retirez cette clé ; une personne et son équipe se lisent dans « 25_soi_et_equipe »"
        raise Refused([fault(CAMPAIGN, typography(what), typography(cure))])
    other, shown, registration = _other(folder, name, day)
    dimensions = [{d.id for d in one.instrument.dimensions} for one in (read, other)]
    if not other.instrument.of_people or not dimensions[0] & dimensions[1]:
        given, ours = quote(other.instrument.id), quote(read.instrument.id)
        what = f"la campagne {quote(name)}, faite avec {given}, n'est pas celle d'une équipe sur "
        what += f"les dimensions de {ours}"
        cure = "citez la campagne où l'équipe répond sur les mêmes dimensions"
        raise Refused([fault(CAMPAIGN, what, cure)])
    return shown, registration


def _other(folder: Path, name: str, day: str) -> Opened:
    """The campaign of a name; its problems say in which folder, files being named alike."""
    try:
        other = read_campaign(folder / name)
        shown, registration = publish_beside(other, (folder / name).parent, day)
    except Refused as refused:
        beside = Path(name).parent
        problems = [
            replace(problem, file=(beside / problem.file).as_posix())
            for problem in refused.problems
        ]
        raise Refused(problems) from None
    return other, shown, registration


def _matched(
    first: Read, first_shown: Published, then: Read, then_shown: Published
) -> pd.DataFrame:
    """Records of both campaigns, where both may be shown."""
    readings = first.answers.responses, then.answers.responses
    refuse_unmatched(*readings, first.instrument, then.instrument)
    pairs = pair_records(*readings, first.code(), then.code())
    shown = _shown(first_shown) & _shown(then_shown)
    minimum = max(first_shown.card.minimum, then_shown.card.minimum)
    return publish_pairs(pairs, shown, minimum)


def _read_twice(first: Read, shown: Published, then: Read, then_shown: Published) -> pd.DataFrame:
    """Records read by two auditors, with how sure their agreement over all criteria is."""
    pairs = _matched(first, shown, then, then_shown)
    kept = pairs.loc[pairs["status"] == "published", [*KEY, "item"]]
    readings = first.answers.responses, then.answers.responses
    kept = kept.astype(dict.fromkeys(KEY, "str"))
    bounds = bound_kappa(readings, (first.code(), then.code()), kept)
    return pairs.astype(dict.fromkeys(KEY, "str")).merge(bounds, how="left", on=KEY)


def _shown(published: Published) -> set[tuple[str, str]]:
    rows = published.participation
    rows = rows[(rows["service"] != "") & (rows["status"] == "published")]
    return set(zip(rows["facility"].astype(str), rows["service"].astype(str), strict=True))
