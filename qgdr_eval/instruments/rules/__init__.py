"""What each rule asks of a questionnaire, by its name: one file a rule, found by being there."""

from importlib import import_module
from pkgutil import iter_modules

from qgdr_eval.instruments.asks import Asks

ASKED: dict[str, Asks] = {
    found.name: import_module(f"{__name__}.{found.name}").ASKS for found in iter_modules(__path__)
}
