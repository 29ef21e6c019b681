"""A region, without personal data: a facility's signed file out, many verified files in.

What flows: `send` publishes a campaign and writes one file of published figures (`Sent`), signed;
`gather` verifies the files a ``region.yml`` trusts, refuses those that cannot be used, and keeps
the others as one `Merged`, which is all that pages read. `regional` adds up, `position` places.
"""

from qgdr_eval.region.definition import Region, load_region
from qgdr_eval.region.demo import DEMO, demo_region
from qgdr_eval.region.figures import behind, position, regional
from qgdr_eval.region.merge import Merged, gather
from qgdr_eval.region.refusals import Refusal
from qgdr_eval.region.sending import send
from qgdr_eval.region.sent import Facility, Sent
from qgdr_eval.region.stored import STORED, read_stored, stored

__all__ = [
    "DEMO",
    "STORED",
    "Facility",
    "Merged",
    "Refusal",
    "Region",
    "Sent",
    "behind",
    "demo_region",
    "gather",
    "load_region",
    "position",
    "read_stored",
    "regional",
    "send",
    "stored",
]
