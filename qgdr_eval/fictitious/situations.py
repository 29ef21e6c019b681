"""What an auditor would have met: each record is a situation, and its criteria follow from it."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

NO, YES, NOT_APPLICABLE, NOT_RECORDED = 0, 1, 8, 9

Drawn = dict[str, np.ndarray]
"""By criterion, the codes of all the records: (records,)."""

# By criterion of the medicines grid that may not apply: the share of the records where it does.
MAY_APPLY = {
    "PR03": 0.6,  # something prescribed « if needed »
    "AP02": 0.9,  # prepared beforehand
    "AP03": 0.95,
    "AP04": 0.12,  # something crushed
    "RA01": 0.95,  # not kept by the person
    "RA02": 0.55,  # an opened bottle
    "RA03": 0.9,  # a storage of one's own
    "AD06": 0.35,  # a dose left out
    "AD07": 0.05,  # helped by another professional than a nurse
    "SC01": 0.7,
    "SC02": 0.6,
    "SC03": 0.6,  # come during the period
    "SC05": 0.25,  # left, or moved, treatment changed
    "PR06": 0.35,  # a dose that depends on weight or kidneys
    "RA04": 0.25,  # something in the refrigerator
    "RA05": 0.12,  # a controlled drug
    "SC06": 0.15,  # an antibiotic for three days
}
SAME_AS = {"AD04": "RA01", "PR07": "PR03"}  # who keeps medicines takes them alone
CHANGED = 0.6  # share of those who came during the period whose treatment differs

MOMENTS = ("MO01", "MO02", "MO03", "MO04", "MO05")
SEEN = (0.27, 0.13, 0.15, 0.28, 0.17)  # how often each moment is the one observed
SHEETS = 3  # at most, of one professional: prerequisites are rated on the first
ASEPTIC_EXPOSES, PRECAUTIONS, SOAP, TWO_PEOPLE, TWO_CARES = 0.6, 0.08, 0.1, 0.15, 0.25
HURT = 0.03  # share of the contacts where a hand of the professional is damaged
UNSEEN = 0.02  # share of the criteria that apply and that the auditor could not see


def medicines(judged: Drawn, rng: np.random.Generator) -> Drawn:
    """The medicines grid: ``judged`` where a criterion applies, not applicable elsewhere."""
    n = len(next(iter(judged.values())))
    applies = {code: rng.random(n) < share for code, share in MAY_APPLY.items()}
    applies |= {code: applies[other] for code, other in SAME_AS.items()}
    applies["AD08"] = ~applies["RA01"]  # whoever keeps medicines was judged able to
    applies["SC04"] = applies["SC03"] & (rng.random(n) < CHANGED)
    return _kept(judged, applies)


def hands(judged: Drawn, rng: np.random.Generator) -> Drawn:
    """The hand hygiene grid: one moment an opportunity, and what follows from it.

    Technique is judged where a gesture was made, gloves where they were worn, bare hands where the
    care does not expose and hands are whole; what removing gloves asks is what the moment after
    exposure asks.
    """
    n = len(judged["MO01"])
    seen = rng.choice(len(MOMENTS), n, p=SEEN)
    applies = {code: seen == rank for rank, code in enumerate(MOMENTS)}
    exposes = applies["MO03"] | (applies["MO02"] & (rng.random(n) < ASEPTIC_EXPOSES))
    touches = (applies["MO01"] | applies["MO04"]) & (rng.random(n) >= PRECAUTIONS)
    hurt = touches & (rng.random(n) < HURT)
    touches &= ~hurt
    gloved = (exposes & (judged["GA01"] == YES)) | (touches & (judged["GA02"] == NO))
    gloved |= hurt & (judged["GA08"] == YES)
    done = np.select([applies[code] for code in MOMENTS], [judged[code] for code in MOMENTS]) == YES
    rubbed = done & (rng.random(n) >= SOAP)
    applies |= dict.fromkeys(("PR01", "PR02", "PR03", "PR04"), np.arange(n) % SHEETS == 0)
    applies |= dict.fromkeys(("TE01", "TE04", "TE05"), done)
    applies |= dict.fromkeys(("TE02", "TE03"), rubbed)
    applies |= {"GA01": exposes, "GA02": touches, "GA08": hurt}
    applies |= dict.fromkeys(("GA03", "GA04", "GA05"), gloved)
    applies["GA06"] = gloved & (rng.random(n) < TWO_PEOPLE)
    applies["GA07"] = gloved & (rng.random(n) < TWO_CARES)
    after = np.where(applies["MO03"], judged["MO03"], judged["GA05"])
    return _kept(judged | {"GA05": after}, applies)


SITUATIONS: Mapping[str, Callable[[Drawn, np.random.Generator], Drawn]] = {
    "epp_circuit_medicament": medicines,
    "epp_hygiene_mains": hands,
}
"""By instrument, what makes of answers drawn for every criterion those of plausible records."""


def hide(judged: Drawn, seen: Iterable[str], rng: np.random.Generator) -> Drawn:
    """Now and then a criterion that applies could not be seen; ``seen``: those that always were."""
    return {
        code: answers
        if code in seen
        else np.where((answers <= YES) & (rng.random(len(answers)) < UNSEEN), NOT_RECORDED, answers)
        for code, answers in judged.items()
    }


def _kept(judged: Drawn, applies: Mapping[str, np.ndarray]) -> Drawn:
    return {
        code: np.where(applies[code], answers, NOT_APPLICABLE) if code in applies else answers
        for code, answers in judged.items()
    }
