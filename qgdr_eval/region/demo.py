"""A region that does not exist, merged as a real one would be but for keys and signatures."""

import tempfile
from functools import cache
from pathlib import Path

from qgdr_eval import __version__
from qgdr_eval.campaigns.results import LOOK, publish_campaign
from qgdr_eval.fictitious.region import KINDS, write_demo_region
from qgdr_eval.fingerprint import of_values
from qgdr_eval.region.definition import Region, TrustedKey
from qgdr_eval.region.merge import Merged, Received
from qgdr_eval.region.refusals import refusal
from qgdr_eval.region.sending import sent_of
from qgdr_eval.responses import load_campaign

DEMO = "demo"
"""The name that stands for this region."""

NOBODY = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"  # a key printed in manuals
DAY = "2026-03-31"


@cache
def demo_region(facilities: int = 22) -> Merged:
    """The facilities of `write_demo_region`, each as the file it would send.

    >>> len(demo_region().facilities)
    22
    """
    with tempfile.TemporaryDirectory() as folder:
        path = write_demo_region(Path(folder), facilities)
        campaign, rounds = load_campaign(path), publish_campaign(str(path), LOOK)
    whole = sent_of(rounds.published, rounds.kinds, campaign, (DAY, 1, of_values(__version__)))
    names = tuple(one.name for one in whole.facilities)
    kept = tuple(
        Received(f"hopital-{rank:02d}.json", whole.model_copy(update={"facilities": (one,)}))
        for rank, one in enumerate(whole.facilities, start=1)
    )
    missing = "Hôpital fictif en retard"
    region = Region(
        id="region_fictive",
        title="Culture de sécurité dans une région fictive",
        period="mars 2026",
        instrument=whole.instrument,
        versions=(whole.version,),
        since="2026-01-01",
        until="2026-12-31",
        kinds=KINDS,
        keys=(TrustedKey(key=NOBODY, facilities=(*names, missing)),),
    )
    days = {"day": "31 mars 2024", "since": "1er janvier 2026", "until": "31 décembre 2026"}
    late = refusal("hopital-en-retard.json", "stale", **days)
    return Merged(region, rounds.published.instrument, kept, (late,))
