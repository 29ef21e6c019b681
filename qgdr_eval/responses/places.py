"""Where each return comes from: its facility and service, as the roster spells them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qgdr_eval.french import count, did_you_mean, listed, quote
from qgdr_eval.problems import Problem
from qgdr_eval.responses.columns import Layout
from qgdr_eval.responses.roster import roster_frame
from qgdr_eval.tables.faults import SHOWN, rows_named, some
from qgdr_eval.tables.read import Table
from qgdr_eval.tables.spelling import first_spellings, plain

Pair = tuple[str, str]  # facility, service
_CODE = re.compile(r"\d{1,3}|(?:A|AO|SQ)\d{1,3}", re.IGNORECASE)
_TRIAL = re.compile(r"(?:service)?(?:de)?(?:tests?|essais?|testtest)[\W\d]*")


@dataclass(frozen=True)
class Places:
    """``roster`` in campaign order; ``index``: each table row's line of it, −1 for none.

    ``facility`` and ``service``: each row's names, as the roster spells them or else as given.
    """

    roster: pd.DataFrame
    index: np.ndarray
    facility: np.ndarray
    service: np.ndarray


def place_rows(
    table: Table, layout: Layout, roster: pd.DataFrame | None, title: str, answered: np.ndarray
) -> tuple[Places, list[Problem]]:
    """Match every row with the roster; without one, services come in order of appearance.

    ``title`` names the single facility when neither the table nor the roster names any.
    ``answered``: rows with at least one answer; the others cannot be at fault. Errors: such rows
    without a service, services or facilities the roster does not know or cannot tell apart.
    """
    codes, pairs = _pairs(table, layout, roster)
    counts = np.bincount(codes[answered], minlength=len(pairs)).tolist()
    met = [pair for pair, rows in zip(pairs, counts, strict=True) if rows]
    known = _met(met) if roster is None else roster
    keys = _keys(known, layout.facility is not None)
    lines = np.array([keys.get(_key(pair), -1) for pair in pairs], dtype=np.int64)
    problems = [
        *_nameless(table, layout, codes, pairs, answered),
        *_trials(table, met),
        *_merged(table, layout),
        *_coded(table, known["service"].tolist()),
    ]
    if roster is not None and layout.facility and not roster["facility"].all():
        problems.append(
            table.problem(
                None,
                "",
                "la liste des services ne dit pas l'établissement, les réponses si",
                "ajoutez l'établissement à la liste des services",
            )
        )
    elif roster is not None:
        lost = {
            pair: rows
            for pair, rows, line in zip(pairs, counts, lines, strict=True)
            if pair[1] and rows and line < 0
        }
        problems += [
            *_ambiguous(table, layout, roster, pairs),
            *_strangers(table, layout, roster, lost),
        ]
    named = known.drop(columns="code").replace({"facility": {"": title}})
    return _placed(named, codes, pairs, lines), problems


def _pairs(
    table: Table, layout: Layout, roster: pd.DataFrame | None
) -> tuple[np.ndarray, list[Pair]]:
    """The distinct (facility, service) of the table in order of appearance, and each row's."""
    services = _cells(table, layout.service) if layout.service else _alone(table, roster)
    if layout.facility is None:
        codes, names = pd.factorize(services.astype(object))
        return codes, [("", name) for name in names]
    facilities = _cells(table, layout.facility)
    width = len(services.cat.categories)
    both = facilities.cat.codes.to_numpy(np.int64) * width + services.cat.codes.to_numpy(np.int64)
    codes, kept = pd.factorize(both)
    facility_names, service_names = list(facilities.cat.categories), list(services.cat.categories)
    return codes, [
        (facility_names[pair // width], service_names[pair % width]) for pair in kept.tolist()
    ]


def _alone(table: Table, roster: pd.DataFrame | None) -> pd.Series:
    """Every row is of the only service there is."""
    names = pd.Index([] if roster is None else roster["service"].head(1), dtype="str")
    return pd.Series(pd.Categorical.from_codes([0] * len(table.frame), categories=names))


def _cells(table: Table, column: str) -> pd.Series:
    """A column of places; in a grid, an empty cell repeats the one on its left."""
    cells = table.frame[column]
    if table.grid is None:
        return cells
    texts = cells.astype(object)
    return texts.mask(texts == "").ffill().fillna("").astype("category")


def _key(pair: Pair) -> Pair:
    return plain(pair[0]), plain(pair[1])


def _keys(roster: pd.DataFrame, with_facility: bool) -> dict[Pair, int]:
    """The roster's line of each key; without facilities a key is the service alone.

    A service answers to its name, and to its code when no other has it.
    """
    facilities = roster["facility"] if with_facility else [""] * len(roster)
    names, codes = (
        [_key(pair) for pair in zip(facilities, roster[column], strict=True)]
        for column in ("service", "code")
    )
    coded = {key: line for line, key in enumerate(codes) if key[1] and codes.count(key) == 1}
    return coded | {key: line for line, key in enumerate(names)}


def _met(pairs: list[Pair]) -> pd.DataFrame:
    """A roster of the places that answers come from: a place without any is none."""
    facilities = first_spellings([facility for facility, _ in pairs])
    services = first_spellings([service for _, service in pairs])
    named = [pair for pair in pairs if pair[1] and (pair[0] or not any(f for f, _ in pairs))]
    keys = dict.fromkeys(map(_key, named))
    ranks = {facility: rank for rank, facility in enumerate(dict.fromkeys(f for f, _ in keys))}
    ordered = sorted(keys, key=lambda key: ranks[key[0]])
    return roster_frame([(facilities[f], services[s], None, None, "", "") for f, s in ordered])


def _merged(table: Table, layout: Layout) -> Iterator[Problem]:
    """Places and classes written in several ways, once a column."""
    columns = {"services": layout.service, "établissements": layout.facility}
    columns |= {f"répartition {quote(name)}": column for name, column in layout.strata.items()}
    for place, column in columns.items():
        alike: dict[str, list[str]] = {}
        for name in dict.fromkeys(table.texts(column) if column else []):
            alike.setdefault(plain(name), []).append(name)
        groups = [listed(map(quote, names)) for names in alike.values() if len(names) > 1]
        if groups:
            rest = [count(len(groups) - SHOWN, "autre", "autres")] if len(groups) > SHOWN else []
            yield table.problem(
                None,
                place,
                f"même nom écrit de plusieurs façons, compté ensemble : "
                f"{' ; '.join([*groups[:SHOWN], *rest])}",
                "rien à faire, sauf si ce n'est pas le même : donnez alors d'autres noms",
                "warning",
            )


def _coded(table: Table, services: list[str]) -> Iterator[Problem]:
    """Services named as survey tools number the answers to a question, and nothing else."""
    if len(services) > 1 and all(map(_CODE.fullmatch, services)):
        yield table.problem(
            None,
            "services",
            f"ce sont des codes, pas des noms : {some([quote(name) for name in services])}",
            "exportez de nouveau les réponses avec les libellés, ou écrivez dans la liste des "
            "services une colonne « code » et, en face, le nom de chaque service",
            "warning",
        )


def _trials(table: Table, pairs: list[Pair]) -> Iterator[Problem]:
    """Services named as people name what they fill in to try a questionnaire."""
    for name in dict.fromkeys(service for _, service in pairs if _TRIAL.fullmatch(plain(service))):
        yield table.problem(
            None,
            "",
            f"un service nommé {quote(name)} : un essai ?",
            "retirez ses lignes, si ce ne sont pas des réponses",
            "warning",
        )


def _nameless(
    table: Table, layout: Layout, codes: np.ndarray, pairs: list[Pair], answered: np.ndarray
) -> Iterator[Problem]:
    roles = (
        (1, "le service manque", layout.service),
        (0, "l'établissement manque", layout.facility),
    )
    for position, what, column in roles:
        without = np.array([not pair[position] for pair in pairs])
        rows = table.rows(np.flatnonzero(without[codes] & answered).tolist())
        if column and rows:
            yield table.problem(
                rows[0],
                f"colonne {quote(column)}",
                f"{what} alors qu'il y a des réponses : {rows_named(rows)}",
                "complétez la colonne, ou retirez ces lignes",
            )


def _ambiguous(
    table: Table, layout: Layout, roster: pd.DataFrame, pairs: list[Pair]
) -> Iterator[Problem]:
    """Services of the same name cannot be told apart without a facility column."""
    if layout.facility:
        return
    met = {plain(service) for _, service in pairs}
    for name in roster["service"][roster["service"].map(plain).duplicated()].unique():
        if plain(name) in met:
            yield table.problem(
                None,
                f"service {quote(name)}",
                "plusieurs établissements ont un service de ce nom",
                "indiquez la colonne de l'établissement : « columns », clé « facility »",
            )


def _strangers(
    table: Table, layout: Layout, roster: pd.DataFrame, lost: dict[Pair, int]
) -> Iterator[Problem]:
    """Services of the answers that the roster does not know, with their numbers of returns."""
    for (facility, service), rows in lost.items():
        returns = f"absent de la liste des services ({count(rows, 'réponse')})"
        there = roster["facility"].map(plain) == plain(facility)
        where = f"établissement {quote(facility)}, " if layout.facility and facility else ""
        place = f"{where}service {quote(service)}"
        if layout.facility and not there.any():
            yield table.problem(
                None,
                place,
                f"établissement {returns}",
                did_you_mean(facility, roster["facility"].unique()),
            )
        else:
            beside = roster["service"][there] if layout.facility else roster["service"]
            yield table.problem(None, place, f"service {returns}", did_you_mean(service, beside))


def _placed(
    roster: pd.DataFrame, codes: np.ndarray, pairs: list[Pair], lines: np.ndarray
) -> Places:
    names = [
        (roster["facility"][line], roster["service"][line]) if line >= 0 else pair
        for pair, line in zip(pairs, lines, strict=True)
    ]
    facility, service = (np.array([name[i] for name in names], dtype=object) for i in (0, 1))
    return Places(_categorical(roster), lines[codes], facility[codes], service[codes])


def _categorical(roster: pd.DataFrame) -> pd.DataFrame:
    return roster.astype(
        {
            name: pd.CategoricalDtype(pd.Index(roster[name].unique(), dtype="str"))
            for name in ("facility", "service")
        }
    )
