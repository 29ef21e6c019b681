"""The level in the middle. Any scale will do."""

from qgdr_eval.instruments.asks import Asks

ASKS = Asks()
