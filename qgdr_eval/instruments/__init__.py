"""What is asked: instruments, read from YAML and checked as a whole."""

from qgdr_eval.instruments.check import check_instrument
from qgdr_eval.instruments.check_rules import RULES
from qgdr_eval.instruments.load import (
    find_instrument,
    load_instrument,
    load_instruments,
    shipped_instruments,
)
from qgdr_eval.instruments.model import Dimension, Instrument, Item, Option, Scale, Threshold, Unit

__all__ = [
    "RULES",
    "Dimension",
    "Instrument",
    "Item",
    "Option",
    "Scale",
    "Threshold",
    "Unit",
    "check_instrument",
    "find_instrument",
    "load_instrument",
    "load_instruments",
    "shipped_instruments",
]
