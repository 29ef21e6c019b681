"""A campaign in, one signed file out: nothing is in it that its publication does not show."""

import datetime
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from qgdr_eval import __version__
from qgdr_eval.campaigns.programme import refuse_programme
from qgdr_eval.campaigns.results import PUBLISH, publish_campaign
from qgdr_eval.campaigns.sources import refuse_overwriting
from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.precision import as_printed
from qgdr_eval.disclosure.register import Register, enter_sending, fingerprint_of, open_register
from qgdr_eval.disclosure.rounds import Rounds
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.frames import KindRow, ScoreRow, TurnoutRow
from qgdr_eval.french import quote
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.region.sent import Deviation, Facility, Group, Score, Sent, measured_by
from qgdr_eval.region.signature import ENDING, key_of
from qgdr_eval.responses import Campaign, load_campaign
from qgdr_eval.writing import refuse_unwritable, written_whole

DECIMALS = 2  # of a score: finer than any page prints, and no finer than it is of use
POOLED = 3  # services behind a deviation that is sent
Scores = dict[tuple[str, str], list[Score]]


def send(
    campaign: Path,
    out: Path,
    key: Path,
    *,
    replace: bool = False,
    password: Callable[[], str] = str,
    announce: Callable[[Rounds], object] = lambda rounds: None,
) -> str:
    """Write what a campaign publishes to ``out``, signed beside it; gives the public line.

    What is sent is published: the register is told of the figures, then of the sending.

    >>> import tempfile
    >>> from qgdr_eval.fictitious import write_demo
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     campaign, out = write_demo(Path(folder, "essai")), Path(folder, "essai.json")
    ...     send(campaign, out, Path(folder, "essai.key"))[:2], out.exists()
    ('RW', True)

    Raises:
        Refused: the campaign cannot be read, is not of people, or a file cannot be written.
    """
    refuse_programme(campaign)
    read = _of_people(campaign)
    beside = out.with_name(out.name + ENDING)
    for file in (out, beside):
        refuse_overwriting(campaign, file, replace=replace)
        refuse_unwritable(file)
    signing = key_of(key, password)
    rounds = publish_campaign(str(campaign), PUBLISH)
    announce(rounds)
    register = open_register(campaign.parent, read.id)
    sent = sent_of(rounds.published, rounds.kinds, read, _known(register))
    content = sent.written()
    enter_sending(register, _today(), f"{signing.public} {of_bytes(content)}")
    comment = f"qgdr-eval: {sent.campaign} publication {sent.rank} {sent.published}"
    for path, written in ((out, content), (beside, signing.sign(content, comment))):
        with written_whole(path) as half:
            half.write_bytes(written)
    return signing.public


def sent_of(
    published: Published, kinds: pd.DataFrame, campaign: Campaign, known: tuple[str, int, str]
) -> Sent:
    """What is sent of published results.

    ``known``: what their register says of them: the day, the rank, the fingerprint.
    """
    published = as_printed(published)
    day, rank, register_print = known
    return Sent(
        kit=__version__,
        campaign=campaign.id,
        title=campaign.title,
        period=campaign.period,
        published=day,
        rank=rank,
        register_print=register_print,
        instrument=published.instrument.id,
        version=published.instrument.version,
        measured=measured_by(published.instrument),
        population="respondent",
        coding=campaign.coding.reversed,
        minimum=published.card.minimum,
        facilities=_facilities(published, kinds),
        deviations=_deviations(published.spread),
    )


def _known(register: Register) -> tuple[str, int, str]:
    """The day, rank and fingerprint of the publication that stands; `Refused` when none does."""
    if register.latest is None:
        what, cure = "aucune publication ne tient", "publiez cette campagne : « qgdr report »"
        raise Refused([Problem(register.path.name, None, "", what, cure)])
    return register.latest.date, register.latest.rank, fingerprint_of(register)


def _of_people(campaign: Path) -> Campaign:
    """The campaign of a file; `Refused` unless people answered."""
    read = load_campaign(campaign)
    if not load_instrument(read.instrument, campaign.parent).of_people:
        what = f"{quote(read.instrument)} n'interroge pas des personnes"
        cure = "n'envoyez à la région qu'une campagne de questionnaires"
        raise Refused([Problem(campaign.name, None, "instrument", what, cure)])
    return read


def _facilities(published: Published, kinds: pd.DataFrame) -> tuple[Facility, ...]:
    turnouts = rows_of(published.participation, TurnoutRow)
    named = {(row.facility, row.service): row.kind for row in rows_of(kinds, KindRow)}
    scores = _scores(published)
    names = dict.fromkeys(row.facility for row in turnouts if row.service)
    return tuple(
        _facility(name, [row for row in turnouts if row.facility == name], named, scores)
        for name in names
    )


def _facility(
    name: str, turnouts: list[TurnoutRow], kinds: dict[tuple[str, str], str], scores: Scores
) -> Facility:
    services = [row for row in turnouts if row.service]
    groups = {
        row.service: _group(row, kinds.get((name, row.service), ""), scores)
        for row in turnouts
        if row.status == "published"
    }
    heads = [_whole(row.head_count) for row in services]
    return Facility(
        name=name,
        asked=len(services),
        people=sum(filter(None, heads)) if all(heads) else None,
        services=tuple(groups[row.service] for row in services if row.service in groups),
        whole=groups.get(""),
    )


def _group(row: TurnoutRow, kind: str, scores: Scores) -> Group:
    return Group(
        name=row.service,
        kind=kind,
        head_count=_whole(row.head_count),
        n=int(row.n),
        scores=tuple(scores.get((row.facility, row.service), ())),
    )


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else int(value)


def _scores(published: Published) -> Scores:
    """The rule's own measure of each group, everybody together, where it is shown."""
    rules = {one.id: one.rule for one in published.instrument.dimensions}
    found: Scores = {}
    for row in rows_of(published.scores, ScoreRow, status="published", stratum=""):
        if row.measure == rules.get(row.dimension):
            score, low, high = (round(one, DECIMALS) for one in (row.score, row.low, row.high))
            made = Score(dimension=row.dimension, item=row.item, n=int(row.n_valid), score=score,
                         low=low, high=high)  # fmt: skip
            found.setdefault((row.facility, row.service), []).append(made)
    return found


def _deviations(spread: pd.DataFrame) -> tuple[Deviation, ...]:
    """The spread between people, of each dimension whose column says one: two digits."""
    if "deviation" not in spread:
        return ()
    known = spread[(spread["dimension"] != "") & (spread["item"] == "")]
    known = known[known["deviation"].notna() & (known["services"] >= POOLED)]
    return tuple(
        Deviation(dimension=dimension, services=int(services), deviation=float(f"{value:.2g}"))
        for dimension, services, value in zip(
            known["dimension"], known["services"], known["deviation"], strict=True
        )
    )


def _today() -> str:
    return datetime.date.today().isoformat()
