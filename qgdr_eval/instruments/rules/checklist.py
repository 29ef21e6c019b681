"""The share of what is done. Any scale will do."""

from qgdr_eval.instruments.asks import Asks

ASKS = Asks()
