"""Answers nobody gave: a seeded export to try every rule on, planted effects included."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from qgdr_eval.instruments import Instrument, Item, Scale

PROFESSIONS = ("Infirmier", "Aide-soignant", "Médecin", "Autre professionnel")
LOADING = 0.75  # how much an answer owes to the respondent's view of the dimension
EASE = 0.35  # people rather agree: without it half of the answers would be favourable
SPREAD = 0.35  # standard deviation of the items' difficulties
TWO_ANSWERS = "deux cases cochées"  # what a typist writes of a paper form


@dataclass(frozen=True)
class Accidents:
    """What goes wrong in a real export: shares of cells, then numbers of rows or cells.

    Shares, between 0 and 1, of cells that are missing or outside the scale; then how many returns
    are blank, sent twice or all one answer, and how many cells are out of range.

    >>> Accidents(missing=0.1).blank
    4
    """

    missing: float = 0.02
    not_applicable: float = 0.015
    dont_know: float = 0.02
    blank: int = 4
    duplicate: int = 2
    same_answer: int = 2
    out_of_range: int = 5


def simulate(
    instrument: Instrument,
    services: pd.DataFrame,
    seed: int,
    *,
    effects: pd.DataFrame | None = None,
    icc: float = 0.12,
    accidents: Accidents = Accidents(),
    professions: Sequence[str] | Mapping[str, Sequence[str]] = PROFESSIONS,
    answers: str = "labels",
    items_seed: int | None = None,
    views_seed: int | None = None,
) -> pd.DataFrame:
    """A table of answers as a survey tool exports it, reversed items answered as worded.

    ``services``: ``facility, service`` and ``respondents`` (or ``head_count``: everybody answers).
    ``effects``: ``facility, service, dimension`` ("" for all), ``shift`` (standard deviations added
    to everybody) and ``split`` (added to one half, taken from the other). ``icc`` is the share of
    the latent view that belongs to the service; the observed ICC(1) of a dimension is about
    four fifths of it. ``items_seed`` settles how easy items are apart from who answers, so that
    two campaigns can ask the same questions, ``professions`` the trades, the same everywhere or by
    service, and ``views_seed`` what people think apart from what
    they answer, so that the same people can answer twice. Columns: « Identifiant »,
    « Établissement », « Service », « Profession », then the item codes; cells are ``labels`` or
    ``codes``, "" when missing.

    >>> from qgdr_eval.instruments import load_instrument
    >>> asked = load_instrument("culture_ehpad")
    >>> place = {"facility": "EHPAD", "service": "Nuit", "respondents": 12}
    >>> none = Accidents(blank=0, duplicate=0)
    >>> table = simulate(asked, pd.DataFrame([place]), seed=1, accidents=none)
    >>> len(table), list(table)[4:] == asked.codes
    (12, True)
    """
    rng = np.random.default_rng(seed)
    people = _people(services, professions, rng)
    minds = rng if views_seed is None else np.random.default_rng(views_seed)
    views = _views(people, instrument, effects, icc, minds)
    easy = rng if items_seed is None else np.random.default_rng(items_seed)
    chosen = _chosen(views, instrument, accidents, rng, easy)
    _answer_alike(chosen, accidents.same_answer, rng)
    cells = {
        item.code: _written(instrument.scale_of(item), item, chosen[:, rank], answers)
        for rank, item in enumerate(instrument.items)
    }
    table = pd.concat([people, pd.DataFrame(cells)], axis=1)
    return _spoiled(table, instrument, accidents, rng)


def _people(
    services: pd.DataFrame,
    professions: Sequence[str] | Mapping[str, Sequence[str]],
    rng: np.random.Generator,
) -> pd.DataFrame:
    column = "respondents" if "respondents" in services else "head_count"
    rows = services.loc[services.index.repeat(services[column].to_numpy(int))]
    trades = _drawn_trades(rows["service"].astype(str), professions, rng)
    return pd.DataFrame(
        {
            "Identifiant": "",
            "Établissement": rows["facility"].astype(str).to_numpy(),
            "Service": rows["service"].astype(str).to_numpy(),
            "Profession": trades,
        }
    )


def _drawn_trades(
    services: pd.Series,
    professions: Sequence[str] | Mapping[str, Sequence[str]],
    rng: np.random.Generator,
) -> list[str]:
    """A trade for each person, the first of a list more often than the last."""
    if isinstance(professions, Mapping):
        by_service = [
            _drawn_trades(mine, professions[name], rng)
            for name, mine in services.groupby(services, sort=False)
        ]
        return [trade for trades in by_service for trade in trades]
    weights = np.array([1 / (rank + 1.5) for rank in range(len(professions))])
    drawn = rng.choice(len(professions), len(services), p=weights / weights.sum())
    return [professions[rank] for rank in drawn]


def _views(
    people: pd.DataFrame,
    instrument: Instrument,
    effects: pd.DataFrame | None,
    icc: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Each person's view of each dimension: (people, dimensions), planted effects added."""
    service, names = pd.factorize(people["Établissement"] + "\n" + people["Service"])
    shared = _halo(len(names), len(instrument.dimensions), rng)[service]
    own = _halo(len(people), len(instrument.dimensions), rng)
    views = math.sqrt(icc) * shared + math.sqrt(1 - icc) * own
    side = np.where(people.groupby(["Établissement", "Service"]).cumcount() % 2, 1.0, -1.0)
    for effect in [] if effects is None else effects.to_dict("records"):
        rows = (
            (people["Établissement"] == effect["facility"])
            & (people["Service"] == effect["service"])
        ).to_numpy()
        columns = np.array(
            [effect["dimension"] in ("", dimension.id) for dimension in instrument.dimensions]
        )
        views[np.ix_(rows, columns)] += (effect["shift"] + effect["split"] * side[rows])[:, None]
    return views


def _halo(rows: int, columns: int, rng: np.random.Generator) -> np.ndarray:
    """Standard normal views, half of whose variance is common to all dimensions."""
    common, own = rng.standard_normal((rows, 1)), rng.standard_normal((rows, columns))
    return math.sqrt(0.5) * (common + own)


def _chosen(
    views: np.ndarray,
    instrument: Instrument,
    accidents: Accidents,
    rng: np.random.Generator,
    easy: np.random.Generator,
) -> np.ndarray:
    """The position chosen for each item, least favourable 0; −1 missing, −2 and −3 special."""
    ranks = {dimension.id: rank for rank, dimension in enumerate(instrument.dimensions)}
    ease = EASE + 0.5 * SPREAD * easy.standard_normal(len(ranks))
    chosen = np.empty((len(views), len(instrument.items)), dtype=np.int64)
    for rank, item in enumerate(instrument.items):
        view = ranks[item.dimension]
        noise = math.sqrt(1 - LOADING**2) * rng.standard_normal(len(views))
        pull = ease[view] + SPREAD * easy.standard_normal()
        chosen[:, rank] = np.searchsorted(
            _cuts(instrument.scale_of(item)), LOADING * views[:, view] + noise + pull
        )
    lost = rng.random(chosen.shape)
    bounds = np.cumsum([accidents.missing, accidents.not_applicable, accidents.dont_know])
    for state, (low, high) in enumerate(itertools.pairwise((0.0, *bounds)), start=1):
        chosen[(low <= lost) & (lost < high)] = -state
    return chosen


def _cuts(scale: Scale) -> list[float]:
    """Where a normal view is cut so that every option is as likely as the others."""
    options = len(scale.options)
    return [NormalDist().inv_cdf(rank / options) for rank in range(1, options)]


_ALIKE = -4


def _answer_alike(chosen: np.ndarray, rows: int, rng: np.random.Generator) -> None:
    chosen[rng.choice(len(chosen), min(rows, len(chosen)), replace=False)] = _ALIKE


def _written(scale: Scale, item: Item, chosen: np.ndarray, answers: str) -> np.ndarray:
    """What the export writes; the straight line is the last option but one, as worded.

    A special answer that the item does not admit is left empty.
    """
    kind = "label" if answers == "labels" else "code"
    options = [str(getattr(option, kind)) for option in scale.options]
    special = [
        str(getattr(states[0], kind)) if states and states[0].code not in item.forbidden else ""
        for states in (scale.dont_know, scale.not_applicable)
    ]
    texts = [*(options[::-1] if item.reversed else options), options[-2], *special, ""]
    return np.array(texts, dtype=object)[chosen]


def _spoiled(
    table: pd.DataFrame, instrument: Instrument, accidents: Accidents, rng: np.random.Generator
) -> pd.DataFrame:
    """Shuffle as the returns came in, then add what real files contain."""
    items = instrument.codes
    blanks = table.iloc[rng.integers(0, len(table), accidents.blank)].copy()
    blanks[[*items, "Profession"]] = ""
    table = pd.concat([table, blanks]).iloc[rng.permutation(len(table) + len(blanks))]
    table = table.reset_index(drop=True)
    table["Identifiant"] = [f"R{rank:04d}" for rank in range(1, len(table) + 1)]
    answered = np.flatnonzero((table[items] != "").any(axis=1))
    for row in rng.choice(answered, min(accidents.out_of_range, len(answered)), replace=False):
        table.loc[table.index[row], rng.choice(items)] = TWO_ANSWERS
    again = table.iloc[rng.choice(answered, min(accidents.duplicate, len(answered)), replace=False)]
    return pd.concat([table, again], ignore_index=True)
