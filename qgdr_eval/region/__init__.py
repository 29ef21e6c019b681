"""A region, without personal data: a facility's signed file out, many verified files in.

What flows: `send` publishes a campaign and writes one file of published figures (`Sent`), signed;
`gather` verifies the files a ``region.yml`` trusts, refuses those that cannot be used, and keeps
the others as one `Merged`, which is all that pages read.
"""

from qgdr_eval.region.definition import Region, load_region
from qgdr_eval.region.merge import Merged, gather
from qgdr_eval.region.refusals import Refusal
from qgdr_eval.region.sending import send
from qgdr_eval.region.sent import Sent

__all__ = ["Merged", "Refusal", "Region", "Sent", "gather", "load_region", "send"]
