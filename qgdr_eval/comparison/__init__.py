"""How results compare: with reading thresholds and with a reference, always with an interval."""

from qgdr_eval.comparison.reading import read_dimensions, read_interval
from qgdr_eval.comparison.reference import compare_to_reference

__all__ = ["compare_to_reference", "read_dimensions", "read_interval"]
