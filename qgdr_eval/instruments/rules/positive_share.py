"""The share of favourable answers. Any scale will do."""

from qgdr_eval.instruments.asks import Asks

ASKS = Asks()
