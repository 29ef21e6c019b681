"""The mean of people's own means. Any scale will do."""

from qgdr_eval.instruments.asks import Asks

ASKS = Asks()
