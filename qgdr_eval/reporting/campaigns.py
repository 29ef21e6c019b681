"""The published results of a campaign named in a notebook or on the command line."""

import tempfile
from pathlib import Path

from qgdr_eval import disclosure
from qgdr_eval.disclosure import Published
from qgdr_eval.responses import write_demo

DEMO = "demo"


def publish_campaign(source: str) -> Published:
    """Publish the campaign of a ``campagne.yml``, or the fictitious one for ``demo``.

    Raises:
        Refused: with every problem of the campaign's files.
    """
    if source != DEMO:
        return disclosure.publish_campaign(Path(source))
    with tempfile.TemporaryDirectory() as folder:
        return disclosure.publish_campaign(write_demo(Path(folder)))
