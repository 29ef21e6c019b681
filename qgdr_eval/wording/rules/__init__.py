"""The voice of each scoring rule, by its name: one file a rule, found by being there."""

from importlib import import_module
from pkgutil import iter_modules

from qgdr_eval.wording.voice import Voice

VOICES: dict[str, Voice] = {
    found.name: import_module(f"{__name__}.{found.name}").VOICE for found in iter_modules(__path__)
}
