"""From answers to published results, the only ones that leave this folder."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from qgdr_eval.disclosure.floor import floor_of
from qgdr_eval.disclosure.levels import break_down
from qgdr_eval.disclosure.published import SEAL, Card, Published
from qgdr_eval.disclosure.sheets import disclose
from qgdr_eval.disclosure.tables import (
    attest,
    attest_strata,
    own_spread,
    publish_distributions,
    publish_exclusions,
    publish_participation,
)
from qgdr_eval.instruments import Instrument
from qgdr_eval.responses import Answers, Campaign
from qgdr_eval.scoring import Coded, code_answers, distribute, measure_instrument, pool_spread


@dataclass(frozen=True)
class Read:
    """A campaign and everything read from the files it names; nothing of it is published."""

    campaign: Campaign
    instrument: Instrument
    answers: Answers
    references: pd.DataFrame

    def publish(self) -> Published:
        """What may be shown of it."""
        return publish(self.campaign, self.instrument, self.answers, self.references)

    def code(self) -> Coded:
        """Its answers as states."""
        turned = self.campaign.coding.reversed == "already_reversed"
        return code_answers(self.answers.responses, self.instrument, turned)


def publish(
    campaign: Campaign,
    instrument: Instrument,
    answers: Answers,
    references: pd.DataFrame,
    dated: np.ndarray | None = None,
    withheld: np.ndarray | None = None,
) -> Published:
    """Score the answers and let through what may be shown.

    Who is shown is decided on numbers of respondents, before any answer is looked at. ``dated``:
    services whose figures come from an earlier publication, see `choose_members`; ``withheld``
    (services, items): rows that stay hidden because one was, see `disclose`.

    ``references``: external values, ``dimension, score, low, high`` (0–100), no row when there are
    none.

    >>> from qgdr_eval.fictitious import file_of
    >>> from qgdr_eval.instruments import load_instrument
    >>> from qgdr_eval.responses import load_campaign, read_answers
    >>> with file_of("demo_self", "campaign") as path:
    ...     campaign = load_campaign(path)
    ...     asked = load_instrument(campaign.instrument)
    ...     answers = read_answers(campaign, asked, path.parent)
    >>> none = pd.DataFrame(columns=["dimension", "score", "low", "high"])
    >>> publish(campaign, asked, answers, none).services
    [("Hôpital fictif du Val d'Orsel", 'Médecine interne')]
    """
    floor = floor_of(instrument, campaign.disclosure.minimum)
    people = instrument.of_people
    levels = break_down(
        answers,
        campaign.columns.strata,
        floor.group,
        census=instrument.declared,
        dated=dated,
        counted="population" if instrument.of_records else "head_count",
    )
    turned = campaign.coding.reversed == "already_reversed"
    coded = code_answers(answers.responses, instrument, turned)
    spread = pool_spread(coded, levels.plain[0], levels.members.shown)
    disclosed = disclose(coded, levels, floor, campaign.id, spread, withheld)
    scores = disclosed.scores
    by_pole = own_spread(instrument, levels.plain[0], floor.group)
    distributed = distribute(coded, levels.plain[0])
    distributions = publish_distributions(distributed, scores, by_pole, protect=people)
    participation = publish_participation(answers, levels, floor.group)
    return Published(
        _card(campaign, instrument),
        instrument,
        scores,
        distributions,
        participation,
        publish_exclusions(answers, participation),
        measure_instrument(
            disclosed.coded, levels.plain[0], levels.members.shown & people, floor.group
        ),
        references,
        attest_strata(
            attest(scores, distributions, participation, disclosed.left_out),
            scores,
            participation,
            bool(campaign.columns.strata),
        ),
        SEAL,
        spread,
    )


def _card(campaign: Campaign, instrument: Instrument) -> Card:
    """External values go by their label; what stands for itself alone has no reference."""
    external = None if isinstance(campaign.reference, str) else campaign.reference
    internal = str(campaign.reference) if instrument.sampled else "none"
    return Card(
        campaign.id,
        campaign.title,
        campaign.period,
        floor_of(instrument, campaign.disclosure.minimum).group,
        external.label if external else internal,
        external.source if external else "",
        instrument.subject,
        open_access=campaign.asking is not None and campaign.asking.access == "open",
        record=instrument.unit.one if instrument.unit else "",
        records=instrument.unit.many if instrument.unit else "",
        reference_version=(external.version or "") if external else "",
        reference_population=(external.population or "") if external else "",
    )
