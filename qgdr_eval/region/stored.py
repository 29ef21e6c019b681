"""A merged region on disk, for its pages to be made again: figures that were signed, no other."""

import json
from pathlib import Path

from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.region.definition import Region
from qgdr_eval.region.merge import Merged, Received
from qgdr_eval.region.refusals import Refusal
from qgdr_eval.region.sent import Sent

STORED = "donnees/region.json"
"""Where it stands in a folder of pages."""


def stored(merged: Merged) -> bytes:
    """A merged region as bytes: the same for the same files.

    >>> from qgdr_eval.region import demo_region
    >>> stored(demo_region()) == stored(demo_region())
    True
    """
    plain = {
        "region": merged.region.model_dump(mode="json"),
        "instrument": merged.instrument.model_dump(mode="json", exclude_defaults=True),
        "kept": {one.file: one.sent.written().decode() for one in merged.kept},
        "refused": [[one.file, one.why, one.problem.what, one.problem.cure]
                    for one in merged.refused],
    }  # fmt: skip
    return json.dumps(plain, ensure_ascii=False, indent=1).encode() + b"\n"


def read_stored(path: Path) -> Merged:
    """A merged region read back.

    >>> import tempfile
    >>> from qgdr_eval.region import demo_region
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "region.json")
    ...     _ = path.write_bytes(stored(demo_region()))
    ...     read_stored(path) == demo_region()
    True

    Raises:
        Refused: the file is missing, or was not written by `stored`.
    """
    try:
        plain = json.loads(path.read_bytes())
        return Merged(
            Region.model_validate_json(json.dumps(plain["region"])),
            Instrument.model_validate_json(json.dumps(plain["instrument"])),
            tuple(Received(file, Sent.read(text.encode())) for file, text in plain["kept"].items()),
            tuple(Refusal(file, why, Problem(file, None, "", what, cure))
                  for file, why, what, cure in plain["refused"]),
        )  # fmt: skip
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        what = "ce n'est pas une région réunie par « qgdr merge »"
        raise Refused([Problem(path.name, None, "", what, "relancez « qgdr merge »")]) from None
