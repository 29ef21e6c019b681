"""The share of records that meet a criterion: it is met or it is not."""

from qgdr_eval.instruments.asks import Asks

ASKS = Asks(options=(2, 2, "deux réponses : la non conforme, puis la conforme"))
