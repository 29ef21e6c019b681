"""One edition per reader: what a page shows, chosen and worded again for a wall or a meeting.

An edition is a folder: ``edition.yml`` says what it takes and its words, ``edition.typ`` lays it
out. It computes nothing; all it may show was published, or is a word of ours.
"""

from qgdr_eval.editions.facility import FacilityReport, Report, open_for
from qgdr_eval.editions.model import Edition
from qgdr_eval.editions.read import Opened, open_edition, shipped_editions
from qgdr_eval.editions.typeset import print_edition, write_edition

__all__ = [
    "Edition",
    "FacilityReport",
    "Opened",
    "Report",
    "open_edition",
    "open_for",
    "print_edition",
    "shipped_editions",
    "write_edition",
]
