"""The roster: every service asked, in the order of the reports, with how many people it has."""

import difflib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from qgdr_eval.frames import KindRow
from qgdr_eval.french import listed, quote
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.responses.campaign import Service
from qgdr_eval.responses.totals import is_total
from qgdr_eval.tables.accents import check_names
from qgdr_eval.tables.faults import CAMPAIGN, refusal, together
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import Table, read_table
from qgdr_eval.tables.spelling import answer_key, first_spellings, plain

HEADERS = {
    "facility": ("facility", "établissement"),
    "service": ("service",),
    "head_count": ("head_count", "effectif"),
    "population": ("population", "dossiers"),
    "code": ("code",),
    "type": ("type",),
}
COUNTS = ["head_count", "population"]
KIND_COLUMNS = list(KindRow._fields)
LARGEST = 1_000_000
LONGEST = 80  # characters of the name of a service


def read_roster(services: tuple[Service, ...] | TableFile, folder: Path) -> pd.DataFrame:
    """The roster: ``facility`` and ``code`` ("" when not said), ``service``, two counts (Int64).

    ``type``, the kind of service, is there when it is said of one at least.

    A file has the columns ``service`` and, when known, ``facility`` (or « établissement »),
    ``head_count`` (or « effectif », the people asked) and ``population`` (or « dossiers », those an
    audit's sample was drawn from), ``code`` (how the answers call the service, when it is not by
    its name), ``type`` (what kind of service it is, the same word in all facilities); other columns
    are left alone.

    Raises:
        Refused: no service column, a service without a name or listed twice, a count that is not
            a whole number of at least 1. All at once.
    """
    if isinstance(services, TableFile):
        _refuse_name(services.file, folder)
        names = [name for wanted in HEADERS.values() for name in wanted]
        return _from_table(read_table(services, folder, names))
    return roster_frame(
        [
            (
                service.facility or "",
                service.service,
                service.head_count,
                service.population,
                "",
                service.type or "",
            )
            for service in services
        ]
    )


def _refuse_name(given: str, folder: Path) -> None:
    """Refuse a text that is no file but looks like the name of the only service."""
    if len(given) <= LONGEST and not Path(given).suffix and not (folder / given).exists():
        what = f"aucun fichier ne s'appelle {quote(given)}"
        cure = f"si c'est le nom du seul service, écrivez « services: [{given}] »"
        raise refusal(CAMPAIGN, what, cure, place="services")


def roster_frame(rows: list[tuple[str, str, int | None, int | None, str, str]]) -> pd.DataFrame:
    """A roster from its rows; a facility, or a kind, spelled in two ways is one."""
    roster = pd.DataFrame(rows, columns=["facility", "service", *COUNTS, "code", "type"])
    for column in ("facility", "type"):
        spellings = first_spellings(roster[column].tolist())
        roster[column] = [spellings[plain(name)] for name in roster[column]]
    texts = dict.fromkeys(("facility", "service", "code", "type"), "str")
    roster = roster.astype({**texts, **dict.fromkeys(COUNTS, "Int64")})
    return roster if roster["type"].any() else roster.drop(columns="type")


def kinds_of(roster: pd.DataFrame) -> pd.DataFrame:
    """The kind of each service that has one: ``facility, service, kind``, in the roster's order.

    >>> kinds_of(roster_frame([("CH", "SAU", None, None, "", "Urgences")])).values.tolist()
    [['CH', 'SAU', 'Urgences']]
    """
    if "type" not in roster:
        return pd.DataFrame(columns=KIND_COLUMNS)
    kinds = roster.loc[roster["type"] != "", ["facility", "service", "type"]].astype(str)
    return kinds.set_axis(KIND_COLUMNS, axis=1).reset_index(drop=True)


def _from_table(table: Table) -> pd.DataFrame:
    columns = {key: _column(table, names) for key, names in HEADERS.items()}
    wanted = [name for names in HEADERS.values() for name in names]
    refuse_errors([*table.borne_twice(wanted), *_misspelt(table, columns)])
    if not columns["service"]:
        refuse_errors(
            [
                table.problem(
                    1,
                    "",
                    "la liste des services n'a pas de colonne « service »",
                    "nommez les colonnes : établissement, service, effectif",
                )
            ]
        )
    cells = {
        key: table.texts(name) if name else [""] * len(table.frame) for key, name in columns.items()
    }
    rows = list(zip(*cells.values(), strict=True))
    filled = {table.row(row): cells for row, cells in enumerate(rows) if any(cells)}
    problems = [
        *_nameless(table, filled, bool(columns["facility"])),
        *_listed_twice(table, filled),
        *_bad_counts(table, filled),
        *_totals(table, filled),
        *_long_kinds(table, filled),
    ]
    refuse_errors(sorted(together(problems), key=lambda problem: problem.line or 0))
    names = [name for facility, service, *_, kind in filled.values()
             for name in (facility, service, kind)]  # fmt: skip
    refuse_errors(check_names(table.file, names))
    return roster_frame(
        [
            (facility, service, _size(people), _size(records), code, kind)
            for facility, service, people, records, code, kind in filled.values()
        ]
    )


def _size(text: str) -> int | None:
    return int(answer_key(text)) if text else None


def _misspelt(table: Table, columns: dict[str, str | None]) -> Iterator[Problem]:
    """A header nearly right would leave head counts unread without a word."""
    wanted = [name for key, names in HEADERS.items() if columns[key] is None for name in names]
    for header in table.frame.columns:
        if header not in columns.values():
            near = difflib.get_close_matches(plain(header), wanted, n=1, cutoff=0.75)
            if near:
                yield table.problem(
                    1,
                    f"colonne {quote(header)}",
                    "nom de colonne inconnu",
                    f"vouliez-vous dire {quote(near[0])} ?",
                )


def _column(table: Table, names: tuple[str, ...]) -> str | None:
    wanted = {plain(name).replace("_", "") for name in names}
    alike = [h for h in table.frame.columns if plain(h).replace("_", "") in wanted]
    if len(alike) > 1:
        refuse_errors(
            [
                table.problem(
                    1,
                    "",
                    f"les colonnes {listed(map(quote, alike))} disent la même chose",
                    "gardez une seule des deux",
                )
            ]
        )
    return alike[0] if alike else None


Rows = dict[int, tuple[str, ...]]


def _nameless(table: Table, rows: Rows, with_facility: bool) -> Iterator[Problem]:
    for row, (facility, service, *_) in rows.items():
        if not service:
            yield table.problem(
                row,
                "colonne « service »",
                "le nom du service manque",
                "ajoutez-le, ou supprimez la ligne",
            )
        if with_facility and not facility:
            yield table.problem(
                row,
                "colonne « établissement »",
                "l'établissement manque",
                "répétez le nom de l'établissement sur chaque ligne",
            )


def _listed_twice(table: Table, rows: Rows) -> Iterator[Problem]:
    first: dict[tuple[str, str], int] = {}
    for row, (facility, service, *_) in rows.items():
        names = plain(facility), plain(service)
        if service and names in first:
            yield table.problem(
                row,
                f"service {quote(service)}",
                f"service déjà donné à la ligne {first[names]}",
                "gardez une ligne par service",
            )
        first.setdefault(names, row)


def _totals(table: Table, rows: Rows) -> Iterator[Problem]:
    """A line that adds up the head counts of the others is no service."""
    sizes = {row: _whole(size) for row, (_, _, size, *_) in rows.items()}
    for row, (_, service, size, *_) in rows.items():
        others = sum(sizes.values()) - sizes[row]
        if is_total(service) and (not size or sizes[row] == others or "total" in plain(service)):
            yield table.problem(
                row,
                f"service {quote(service)}",
                "un total n'est pas un service",
                "supprimez cette ligne",
            )


def _long_kinds(table: Table, rows: Rows) -> Iterator[Problem]:
    """A kind is a word or two that several services share, not what is said of one."""
    for row, (_, service, *_, kind) in rows.items():
        if len(kind) > LONGEST:
            yield table.problem(
                row,
                f"service {quote(service)}",
                "la colonne « type » contient un texte trop long",
                f"écrivez un type de service de {LONGEST} caractères au plus, comme « Urgences »",
            )


def _whole(text: str) -> int:
    key = answer_key(text)
    return int(key) if key.isdecimal() else 0


def _bad_counts(table: Table, rows: Rows) -> Iterator[Problem]:
    counted = (
        ("l'effectif", "personnes sollicitées"),
        ("le nombre de dossiers", "dossiers d'où l'échantillon est tiré"),
    )
    for row, (_, service, *sizes, _, _) in rows.items():
        for size, (name, what) in zip(sizes, counted, strict=True):
            key = answer_key(size)
            if size and not (key.isdecimal() and 1 <= int(key) <= LARGEST):
                yield table.problem(
                    row,
                    f"service {quote(service)}",
                    f"{name} {quote(size)} n'est pas un entier d'au moins 1",
                    f"écrivez le nombre de {what}, ou laissez vide",
                )
