"""A campaign whose results are published, as `qgdr report` does before a workshop."""

from pathlib import Path

from qgdr_eval.campaigns.results import PUBLISH, store_campaign


def published(campaign: Path) -> Path:
    """The campaign, once its register knows its results."""
    store_campaign(str(campaign), campaign.parent / "resultats.sqlite", PUBLISH)
    return campaign
