"""What a notebook may change in the process that runs it, put back for the next one.

One small context manager for each kind of thing. What they cannot reach (an attribute set on a
library, a cache inside one, a file) is left to the proof that each page undergoes.
"""

import builtins
import decimal
import gc
import getpass
import itertools
import linecache
import locale
import logging
import os
import random
import sys
import sysconfig
import tempfile
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib import pyplot  # noqa: TID251 - to undo what a notebook does with it
from matplotlib._pylab_helpers import Gcf

SETTINGS: Any = matplotlib.rcParams  # as a plain dictionary it is set without any check
INLINE = "module://matplotlib_inline.backend_inline"  # a kernel's drawing backend
INLINE_PACKAGE = "matplotlib_inline"
COLUMNS = 20  # of a table that pandas shows in a kernel, at most
SEED = 0
NOTEBOOKS, EVERY = itertools.count(), 4  # notebooks run; how many between two searches
INSTALLED = {"site-packages", "dist-packages"}


@contextmanager
def unchanged_process() -> Iterator[None]:
    """Put back what a notebook may change for the next one, and collect what it leaves."""
    changing = os.environ, *map(vars, (sys, builtins, getpass, pyplot)), linecache.cache
    with ExitStack() as stack:
        stack.enter_context(_same_collector())
        for entries in changing:
            stack.enter_context(_same_entries(entries))
        for kept in KEPT:
            stack.enter_context(kept())
        yield


@contextmanager
def _same_collector() -> Iterator[None]:
    """Have garbage looked for as ever, and now and then at once: a figure is much in few objects.

    What is loaded by the end of a first notebook is set apart: no search goes there again.
    """
    before = gc.get_threshold()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.enable()
        _set_apart()
        if next(NOTEBOOKS) % EVERY == 0:
            gc.collect()


@cache
def _set_apart() -> None:
    gc.collect()
    gc.freeze()


@contextmanager
def _same_entries(entries: MutableMapping[str, Any]) -> Iterator[None]:
    before = dict(entries)
    try:
        yield
    finally:
        for name in entries.keys() - before.keys():
            del entries[name]
        entries.update(before)


@contextmanager
def _same_folder() -> Iterator[None]:
    folder = tempfile.gettempdir()  # where to go when the working folder was removed
    with suppress(OSError):
        folder = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        with suppress(OSError):
            os.chdir(folder)


@contextmanager
def _same_path() -> Iterator[None]:
    before = list(sys.path)
    try:
        yield
    finally:
        sys.path[:] = before


@contextmanager
def _same_chance() -> Iterator[None]:
    """Chance is the same for every notebook: a page made again is the same."""
    before = random.getstate(), np.random.get_state()
    random.seed(SEED)
    np.random.seed(SEED)
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])


@contextmanager
def _same_locale() -> Iterator[None]:
    before = locale.setlocale(locale.LC_ALL)
    try:
        yield
    finally:
        locale.setlocale(locale.LC_ALL, before)


@contextmanager
def _same_options() -> Iterator[None]:
    """pandas, loaded outside a kernel, would lay out tables for a terminal: not inside here."""
    before = dict(_options(pd.options.d))
    pd.set_option("display.max_columns", COLUMNS)
    try:
        yield
    finally:
        for name, value in _options(pd.options.d):
            if value is not before.get(name, value):
                pd.set_option(name, before[name])


def _options(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _options(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


@contextmanager
def _fresh_log() -> Iterator[None]:
    """The root logger says warnings and has no handler, as in a kernel."""
    root = logging.getLogger()
    with ExitStack() as stack:
        stack.callback(lambda: root.setLevel(root.level))  # forgets which levels were enabled
        for entries in (vars(root), vars(root.manager)):
            stack.enter_context(_same_entries(entries))
        root.handlers, root.filters = [], []
        root.setLevel(logging.WARNING)
        try:
            yield
        finally:
            for handler in root.handlers:
                handler.close()


@contextmanager
def _fresh_drawing() -> Iterator[None]:
    """matplotlib's own defaults, a kernel's backend and no figure; all of it back afterwards.

    A figure drawn again, by a later notebook that was left it, gives the same bytes, also as SVG:
    the proof knows it by them.
    """
    settings, figures = SETTINGS.copy(), Gcf.figs
    colours = set(matplotlib.colormaps)
    dict.update(SETTINGS, deepcopy(_default_settings()))
    SETTINGS["svg.hashsalt"] = os.environ["SOURCE_DATE_EPOCH"] = "0"
    pyplot._backend_mod = None  # not chosen yet, as when pyplot is first imported
    Gcf.figs = OrderedDict()
    try:
        yield
    finally:
        Gcf.figs = figures
        for name in set(matplotlib.colormaps) - colours:
            matplotlib.colormaps.unregister(name)
        dict.update(SETTINGS, dict.items(settings))


@cache
def _default_settings() -> dict[str, Any]:
    """What `matplotlib.rcdefaults` sets, found once: it would check every setting every time."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        return dict(dict.items(SETTINGS)) | {"backend": INLINE}


@contextmanager
def _fresh_modules() -> Iterator[None]:
    """What a notebook is the first to import is forgotten, unless it is installed.

    A module beside the notebook keeps what the notebook left in it. Inline drawing is imported
    anew too: that is how it comes to know each shell.
    """
    inline = [name for name in list(sys.modules) if name.startswith(INLINE_PACKAGE)]
    apart = {name: sys.modules.pop(name) for name in inline}
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            new = name.partition(".")[0] not in before
            if new and (name.startswith(INLINE_PACKAGE) or _is_own(sys.modules[name])):
                del sys.modules[name]
        sys.modules.update(apart)


def _is_own(module: ModuleType | None) -> bool:
    folders = getattr(module, "__path__", ())  # all that a package without a file has
    place = getattr(module, "__file__", None) or next(iter(folders), "")
    return bool(place) and not _is_installed(place)


def _is_installed(place: str) -> bool:
    standard = sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")
    folder = Path(place)
    return bool(INSTALLED & set(folder.parts)) or any(map(folder.is_relative_to, standard))


KEPT: tuple[Callable[[], AbstractContextManager[Any]], ...] = (
    _same_folder,
    _same_path,
    _same_chance,
    _same_locale,
    _same_options,
    _fresh_log,
    _fresh_drawing,
    _fresh_modules,
    warnings.catch_warnings,
    decimal.localcontext,
    np.printoptions,
    np.errstate,
)
