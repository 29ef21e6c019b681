"""A campaign drafted from an export: what is understood of it, and what somebody must still say."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from qgdr_eval.french import did_you_mean, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.responses.campaign import RESERVED, Coding
from qgdr_eval.responses.draft_coding import DraftCoding, answered_rows, draft_coding
from qgdr_eval.responses.headers import wording
from qgdr_eval.responses.nominative import nominative_columns
from qgdr_eval.responses.recognise import TITLES, recognise_items, titles_below
from qgdr_eval.responses.roles import Role, recognise_roles
from qgdr_eval.tables.faults import fault
from qgdr_eval.tables.read import Table
from qgdr_eval.tables.spelling import first_spellings, plain

Reversed = Literal["as_worded", "already_reversed"]
ROLE_NAMES: tuple[Role, ...] = ("service", "facility", "subject", "stratum")
NEARLY = 0.75  # likeness of a facility with a column from which the column was meant
REVERSED: tuple[Reversed, ...] = ("as_worded", "already_reversed")


@dataclass(frozen=True)
class Choices:
    """What somebody said of an export: it wins over all that is recognised.

    ``items``, ``roles``: the column of each. ``answers``: the code of a spelling,
    `MISSING` where it is to be read as an empty cell. ``team``: the only team that answered, when
    no column says a service. A facility that is no column is the name of the only one.
    """

    items: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[Role, str] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    reversed: Reversed | None = None
    team: str = ""
    facility: str = ""


@dataclass(frozen=True)
class Draft:
    """A campaign before it is written. ``candidates`` and ``doubts``: what is left to be said.

    ``items``: the column of each item found. ``roles``: the columns of places and people.
    ``roster``: ``facility, service`` of everybody who answered, in alphabetical order.
    ``nominative``: columns that name people, of which nothing is taken.
    """

    items: dict[str, str]
    candidates: dict[str, tuple[str, ...]]
    roles: dict[Role, str]
    doubts: dict[Role, tuple[str, ...]]
    coding: DraftCoding
    reversed: Reversed | None
    roster: pd.DataFrame
    team: str
    stratum: str = "profession"  # its name in the campaign
    facility: str = ""  # the name of the only one, when no column says it
    nominative: tuple[str, ...] = ()
    control: bool = False  # whether the direction of a risk map's control is to be said

    @property
    def placed(self) -> bool:
        """Whether it is known where answers come from."""
        return bool(self.team) or "service" in self.roles

    @property
    def complete(self) -> bool:
        """Whether nothing must be said before the campaign can be read."""
        return (
            self.placed and self.reversed is not None and not (self.candidates or self.coding.open)
        )


def draft_campaign(table: Table, instrument: Instrument, choices: Choices) -> Draft:
    """Recognise the columns and the coding of an export; nothing doubtful is taken.

    Raises:
        Refused: choices that name no column of the table, or no item of the instrument.
    """
    chosen = _located(table, instrument, choices)
    headers = list(table.frame.columns)
    titles = titles_below(table, instrument)
    apart = set(chosen.roles.values())
    found = recognise_items(
        [name for name in headers if name not in apart], instrument, titles, chosen.items
    )
    used = {*found.columns.values(), *apart}
    people = nominative_columns(table, used, titles)
    roles = recognise_roles(table, [*used, *people], titles)
    columns = {**roles.columns, **chosen.roles}
    doubts = {role: names for role, names in roles.doubts.items() if role not in columns}
    alone: dict[Role, str] = {"service": chosen.team, "facility": chosen.facility}
    for role in (role for role, name in alone.items() if name):
        columns.pop(role, None)
        doubts.pop(role, None)
    body = _without_titles(table, found.columns, instrument, choices.answers)
    coding = draft_coding(body, found.columns, instrument, choices.answers)
    turned = any(item.reversed for item in instrument.items)
    return Draft(
        found.columns,
        {code: _but(names, people) for code, names in found.candidates.items()},
        columns,
        doubts,
        coding,
        choices.reversed or (None if turned else "as_worded"),
        _roster(body, columns, _answered(body, found.columns, instrument, coding), chosen.facility),
        choices.team,
        _stratum(choices.roles.get("stratum"), instrument),
        chosen.facility,
        people,
        coding.answers == "codes" and any(item.role == "control" for item in instrument.items),
    )


def _but(names: tuple[str, ...], left_out: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in left_out)


def _without_titles(
    table: Table, items: Mapping[str, str], instrument: Instrument, answers: Mapping[str, int]
) -> Table:
    """The table without the first rows when they are titles: no answer, and answers below."""
    coding = draft_coding(table, items, instrument, answers)
    answered = _answered(table, items, instrument, coding)
    first = int(answered.to_numpy().argmax()) if answered.any() else 0
    return replace(table, frame=table.frame.iloc[first if first <= TITLES else 0 :])


def _stratum(chosen: str | None, instrument: Instrument) -> str:
    """The name of the stratum: the profession's, or made from the column that was chosen."""
    if chosen is None:
        return "profession"
    name = identifier(chosen, "groupe")
    return "groupe" if name in {*RESERVED, *map(str.lower, instrument.codes)} else name


def identifier(text: str, otherwise: str) -> str:
    """A short name without accent nor blank.

    >>> identifier("Culture 2026 – Hôpital", "campagne"), identifier("2026", "campagne")
    ('culture_2026_hopital', 'campagne_2026')
    """
    words = re.sub(r"[^a-z0-9]+", "_", wording(text)).strip("_")
    named = words if words[:1].isalpha() else f"{otherwise}_{words}"
    return named[:60].strip("_")


def _answered(
    table: Table, items: Mapping[str, str], instrument: Instrument, coding: DraftCoding
) -> pd.Series:
    read = Coding(
        reversed="as_worded",
        answers=coding.answers,
        labels=coding.labels,
        missing=coding.missing,
    )
    return pd.Series(answered_rows(table, items, instrument, read))


def _roster(
    table: Table, columns: Mapping[Role, str], answered: pd.Series, alone: str
) -> pd.DataFrame:
    """The places of those who answered, each spelled as it is first met."""
    rows = table.frame[answered.to_numpy()]
    otherwise: dict[Role, str] = {"facility": alone, "service": ""}
    given = pd.DataFrame(
        {
            role: rows[columns[role]].astype("str") if role in columns else otherwise[role]
            for role in otherwise
        },
        index=rows.index,
    ).drop_duplicates()
    met: dict[tuple[str, str], tuple[str, str]] = {}
    for facility, service in given.itertuples(index=False):
        if service and (facility or "facility" not in columns):
            met.setdefault((plain(facility), plain(service)), (facility, service))
    spelled = first_spellings([facility for facility, _ in met.values()])
    return pd.DataFrame(
        [(spelled[key[0]], met[key][1]) for key in sorted(met, key=lambda key: [*map(_rank, key)])],
        columns=["facility", "service"],
        dtype="str",
    )


def _rank(name: str) -> tuple[int, int, str]:
    """Numbers by their value, before names."""
    return (0, int(name), "") if name.isdecimal() and len(name) < 10 else (1, 0, name)


def _located(table: Table, instrument: Instrument, choices: Choices) -> Choices:
    """The choices with the columns as the table spells them."""
    headers = list(table.frame.columns)
    choices = _one_facility(headers, choices)
    given = {f"--column {code}": name for code, name in choices.items.items()}
    given |= {f"--{role}": name for role, name in choices.roles.items()}
    found = {option: _column(headers, name) for option, name in given.items()}
    refuse_errors(
        [
            *(_no_item(code, instrument) for code in choices.items if code not in instrument.codes),
            *(_no_column(table, option, given[option]) for option in found if not found[option]),
            *_used_twice(found),
        ]
    )
    return replace(
        choices,
        items={code: found[f"--column {code}"] for code in choices.items},
        roles={role: found[f"--{role}"] for role in choices.roles},
    )


def _one_facility(headers: list[str], choices: Choices) -> Choices:
    """A facility given by its name, not by its column: no column is named nearly so."""
    given = choices.roles.get("facility", "")
    if not given or difflib.get_close_matches(plain(given), map(plain, headers), 1, NEARLY):
        return choices
    others: dict[Role, str] = {**choices.roles}
    del others["facility"]
    return replace(choices, roles=others, facility=given)


def _column(headers: list[str], given: str) -> str:
    alike = [name for name in headers if plain(name) == plain(given)]
    return given if given in headers else alike[0] if len(alike) == 1 else ""


def _no_item(code: str, instrument: Instrument) -> Problem:
    return fault(
        f"--column {code}",
        f"ce n'est pas un item de {quote(instrument.id)}",
        did_you_mean(code, instrument.codes),
    )


def _no_column(table: Table, option: str, given: str) -> Problem:
    return fault(
        option,
        f"le tableau n'a pas de colonne {quote(given)}",
        did_you_mean(given, table.frame.columns),
    )


def _used_twice(found: Mapping[str, str]) -> Iterator[Problem]:
    for option, name in found.items():
        first = next(other for other in found if found[other] == name)
        if name and first != option:
            yield fault(
                option,
                f"la colonne {quote(name)} sert déjà à {quote(first)}",
                "donnez une colonne différente à chacun",
            )
