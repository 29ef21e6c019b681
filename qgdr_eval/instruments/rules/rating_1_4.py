"""Criteria rated from 1 to 4, and perhaps a star."""

from qgdr_eval.instruments.asks import Asks

ASKS = Asks(
    options=(4, 5, "les cotations 1, 2, 3, 4, puis au besoin « * », qui compte 4"), one_way=True
)
