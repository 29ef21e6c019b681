"""Which column of the table holds what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qgdr_eval.french import count, did_you_mean, listed, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, refuse_errors
from qgdr_eval.responses.campaign import PLACES, WHICH_SERVICE, Campaign, Columns
from qgdr_eval.responses.recognise import recognise_items, titles_below
from qgdr_eval.responses.roles import recognise_roles
from qgdr_eval.responses.yaml_lines import items_lines
from qgdr_eval.tables.faults import CAMPAIGN, SHOWN, fault, some
from qgdr_eval.tables.read import Table
from qgdr_eval.tables.spelling import plain

NOTES = "notes:"  # before the id of a dimension or the code of an item: its free notes
SUBJECTS = {  # what a column of a grid is, by the subject of its instrument
    "record": "Dossier",
    "group": "Groupe",
    "person": "Personne",
    "respondent": "Questionnaire",
}
AT_ONCE = 3  # items without a column that are told one by one; more are told together


@dataclass(frozen=True)
class Layout:
    """The columns of the table, by their role; ``items`` follows the instrument's order."""

    service: str | None  # one service alone needs no column
    facility: str | None
    subject: str | None
    strata: dict[str, str]
    items: dict[str, str]


def locate_columns(
    table: Table, campaign: Campaign, instrument: Instrument, services: int = 0
) -> tuple[Layout, tuple[Problem, ...]]:
    """Find every column the campaign speaks of, and the warning about those nobody asked for.

    A header may differ from its name in the campaign by capitals, accents and blanks only.
    ``services``: how many the roster lists; a service alone needs no column.

    Raises:
        Refused: columns that are not in the table, all at once; items unknown to the instrument.
    """
    given = "columns" in campaign.model_fields_set
    columns = campaign.columns if given else _unsaid(table, campaign, instrument, services == 1)
    found = {key: _find(table, name) for key, name in _wanted(columns, instrument)}
    used = [column for column in found.values() if column is not None]
    wanted = [name for _, name in _wanted(columns, instrument)]
    foreign = _foreign_codes(table, instrument, used)
    problems = [
        *table.borne_twice(wanted),
        *_foreign_items(table, columns, instrument),
        *_foreign_strata(table, columns, instrument),
        *_without_service(table, columns, services),
        *_elsewhere(table, columns, used, services),
        *_absent(table, columns, instrument, found),
        *_told_foreign(table, instrument, foreign),
        *check_notes(table, instrument),
    ]
    near = _near(table, used)
    problems += _told_near(table, near)
    warnings = refuse_errors([*problems, *_unknown(table, [*used, *foreign, *near], wanted)])
    known = {key: column for key, column in found.items() if column is not None}
    items = {code: known[f"items.{code}"] for code in instrument.codes}
    strata = {name: known[f"strata.{name}"] for name in columns.strata}
    return Layout(
        known.get("service"), known.get("facility"), known.get("subject"), strata, items
    ), warnings


def names_wanted(campaign: Campaign, instrument: Instrument) -> list[str]:
    """The names of the columns a campaign looks for in its table of answers."""
    return [name for _, name in _wanted(campaign.columns, instrument)]


def _unsaid(table: Table, campaign: Campaign, instrument: Instrument, one_service: bool) -> Columns:
    """What goes without saying: names of the kit's own, or the item codes of a service alone."""
    if table.grid or campaign.asking:
        return _of_the_kit(table, instrument, one_service)
    return Columns(service=None)


def _without_service(table: Table, columns: Columns, services: int) -> Iterator[Problem]:
    """No column of the service, while there are several, or one that seems to say it."""
    if columns.service is not None:
        return
    there = PLACES["service"] if _written(table, PLACES["service"]) else None
    if services != 1:
        what = "la colonne du service n'est pas dite, et la liste des services n'en a pas un seul"
        cure = WHICH_SERVICE
    elif there is not None:
        what = f"la colonne {quote(there)} n'est pas employée"
        cure = (
            f"écrivez « columns: {{service: {there}}} » ; si tout est du seul service de "
            "« services », retirez cette colonne du fichier"
        )
    else:
        return
    yield fault(CAMPAIGN, what, cure, place="columns.service")


def _elsewhere(table: Table, columns: Columns, used: list[str], services: int) -> Iterator[Problem]:
    """A column that nobody uses and that says several places, where all is of one service."""
    if columns.service is not None or services != 1 or table.grid:
        return
    name = recognise_roles(table, used).columns.get("service", PLACES["service"])
    if (
        plain(name) != plain(PLACES["service"])
        and len(set(map(plain, table.texts(name))) - {""}) > 1
    ):
        yield table.problem(
            None,
            f"colonne {quote(name)}",
            "elle semble dire le service, et n'est pas employée : tout est compté pour un seul",
            f"rien à faire si c'est voulu ; sinon écrivez « columns: {{service: {name}}} »",
            "warning",
        )


def _of_the_kit(table: Table, instrument: Instrument, campaign_of_one: bool) -> Columns:
    """The lines of a grid, or columns, of the kit; where nothing is written, nothing is said."""
    names = {"facility": PLACES["facility"], "subject": SUBJECTS[instrument.subject]}
    written = {role: name for role, name in names.items() if _written(table, name)}
    alone = campaign_of_one and not _written(table, PLACES["service"])
    return Columns(service=None if alone else PLACES["service"], **written)


def _written(table: Table, name: str) -> bool:
    column = _find(table, name)
    return column is not None and bool((table.frame[column] != "").any())


def _wanted(columns: Columns, instrument: Instrument) -> Iterator[tuple[str, str]]:
    """Each key under ``columns`` with the column name it stands for."""
    for role in ("service", "facility", "subject"):
        if getattr(columns, role):
            yield role, getattr(columns, role)
    yield from ((f"strata.{name}", column) for name, column in columns.strata.items())
    yield from ((f"items.{code}", columns.items.get(code, code)) for code in instrument.codes)


def _find(table: Table, name: str) -> str | None:
    headers = list(table.frame.columns)
    if name in headers:
        return name
    alike = [header for header in headers if plain(header) == plain(name)]
    return alike[0] if len(alike) == 1 else None


def _absent(
    table: Table, columns: Columns, instrument: Instrument, found: dict[str, str | None]
) -> Iterator[Problem]:
    wanted = dict(_wanted(columns, instrument))
    twice = set(map(plain, table.doubled))
    absent = [key for key, column in found.items()
              if column is None and plain(wanted[key]) not in twice]  # fmt: skip
    items = [key for key in absent if key.startswith("items.")]
    headers = list(table.frame.columns)
    unsaid = [key for key in items if key.removeprefix("items.") not in columns.items]
    if unsaid and (recognised := _recognised(table, instrument, found, len(unsaid))):
        yield recognised
        absent = [key for key in absent if key not in unsaid]
    elif len(items) == len(instrument.codes):
        yield _other_layout(table, instrument) or table.problem(
            1,
            "",
            f"aucune colonne n'est un item du questionnaire (attendus : {some(instrument.codes)})",
            "associez chaque item à sa colonne sous « columns », clé « items » ; "
            f"colonnes lues : {some(headers)}",
        )
        absent = [key for key in absent if key not in items]
    elif len(items) > AT_ONCE:
        yield _items_elsewhere(table, items, [h for h in headers if h not in found.values()])
        absent = [key for key in absent if key not in items]
    for key in absent:
        yield table.problem(
            1,
            f"colonne {quote(wanted[key])}",
            f"colonne absente du tableau (clé « columns.{key} »)",
            did_you_mean(wanted[key], headers),
        )


def _recognised(
    table: Table, instrument: Instrument, found: dict[str, str | None], lost: int
) -> Problem | None:
    """The lines to paste, when some of the items without a column are known by their headers."""
    given = {code: found[f"items.{code}"] for code in instrument.codes}
    known = {code: column for code, column in given.items() if column is not None}
    places = {column for key, column in found.items() if not key.startswith("items.")}
    headers = [name for name in table.frame.columns if name not in places]
    read = recognise_items(headers, instrument, titles_below(table, instrument), known)
    met = {code: column for code, column in read.columns.items() if code not in known}
    if table.grid or not met:
        return None
    lines = items_lines(met, read.candidates)
    return table.problem(
        1,
        "",
        f"{count(lost, 'item')} sans colonne, dont {len(met)} à reconnaître à leur en-tête",
        "vérifiez ces lignes et collez-les sous « columns » :\n" + "\n".join(lines),
    )


def _other_layout(table: Table, instrument: Instrument) -> Problem | None:
    """Item codes down the first column of rows, or along the titles of a grid."""
    read = table.grid.titles if table.grid else table.texts(table.frame.columns[0])
    if 2 * len({plain(text) for text in read} & set(map(plain, instrument.codes))) < len(
        instrument.codes
    ):
        return None
    if table.grid:
        what, cure = "une ligne par réponse, une colonne par item", "retirez « layout: grid »"
    else:
        what, cure = (
            "une ligne par item, une colonne par réponse : c'est une grille",
            "écrivez « Code » en tête de la colonne A et « Critère » au-dessus des textes, puis "
            "ajoutez « layout: grid » sous « responses »",
        )
    return fault(table.file, what, cure)


def _foreign_codes(table: Table, instrument: Instrument, used: list[str]) -> list[str]:
    """Lines of a grid named as items are, letters and figures alike: answers to no item."""
    shapes = set(map(_shape, instrument.codes))
    return [name for name in _unused(table, used) if table.grid and _shape(name) in shapes]


def _shape(code: str) -> str:
    return re.sub(r"[0-9]+", "0", plain(code))


def _told_foreign(table: Table, instrument: Instrument, names: list[str]) -> Iterator[Problem]:
    for name in names:
        yield fault(
            table.file,
            "ce code n'est pas du questionnaire",
            did_you_mean(name, instrument.codes),
            row=table.grid.lines[name] if table.grid else None,
            place=f"code {quote(name)}",
        )


def _items_elsewhere(table: Table, items: list[str], unused: list[str]) -> Problem:
    """Item columns of another name: one message, not one for each."""
    codes = [key.removeprefix("items.") for key in items]
    read = f" ; colonnes sans emploi : {some(unused)}" if unused else ""
    return table.problem(
        1,
        "",
        f"{count(len(codes), 'item')} sans colonne : {some(codes)}",
        f"sous « columns », clé « items », écrivez « {codes[0]}: nom de sa colonne »{read}",
    )


def _foreign_items(table: Table, columns: Columns, instrument: Instrument) -> Iterator[Problem]:
    for code in columns.items:
        if code not in instrument.codes:
            yield fault(
                CAMPAIGN,
                f"l'item {quote(code)} n'est pas du questionnaire {quote(instrument.id)}",
                did_you_mean(code, instrument.codes),
                place="columns.items",
            )


def _foreign_strata(table: Table, columns: Columns, instrument: Instrument) -> Iterator[Problem]:
    for name in columns.strata:
        if name in instrument.codes:
            yield fault(
                CAMPAIGN,
                f"{quote(name)} est aussi le code d'un item",
                "donnez un autre nom à cette caractéristique",
                place="columns.strata",
            )


def _near(table: Table, used: list[str]) -> dict[str, str]:
    """Filled columns whose name is that of a used one but for capitals, accents or blanks."""
    known = {plain(name): name for name in used}
    return {
        name: known[plain(name)]
        for name in _unused(table, used)
        if plain(name) in known and (table.frame[name] != "").any()
    }


def _told_near(table: Table, near: dict[str, str]) -> Iterator[Problem]:
    for name, kept in near.items():
        yield table.problem(
            1,
            f"colonne {quote(name[:40])}",
            f"presque le nom de la colonne {quote(kept[:40])}, qui seule est lue",
            "vérifiez laquelle des deux porte les réponses ; retirez l'autre ou renommez-la",
            "warning",
        )


def _unknown(table: Table, used: list[str], wanted: list[str]) -> Iterator[Problem]:
    """Columns nobody asked for; ``wanted``: names that are told already when two bear them."""
    warned = set(map(plain, wanted))
    unknown = [quote(re.sub(r"\s+", " ", name)[:40]) for name in _unused(table, used)]
    unknown += [quote(name[:40]) for name, ranks in table.doubled.items() for _ in ranks
                if plain(name) not in warned]  # fmt: skip
    unknown += [f"la {rank}e, sans nom" for rank in table.nameless]
    if unknown:
        shown = unknown[:SHOWN]
        rest = [count(len(unknown) - SHOWN, "autre", "autres")] if len(unknown) > SHOWN else []
        yield table.problem(
            1,
            "",
            f"{count(len(unknown), 'colonne ignorée', 'colonnes ignorées')} : "
            f"{listed(shown + rest)}",
            "rien à faire si elle ne porte pas de réponse"
            if len(unknown) == 1
            else "rien à faire si elles ne portent pas de réponses",
            "warning",
        )


def _unused(table: Table, used: list[str]) -> list[str]:
    """Columns nobody asked for; neither notes nor the headings of a grid, empty columns."""
    notes = [column for _, column in note_columns(table)]
    return [
        header
        for header in table.frame.columns
        if header not in (*used, *notes) and not (table.grid and (table.frame[header] == "").all())
    ]


def note_columns(table: Table) -> list[tuple[str, str]]:
    """The columns of free notes: the dimension or item they are about, and their name."""
    return [
        (plain(header).removeprefix(NOTES), header)
        for header in table.frame.columns
        if plain(header).startswith(NOTES)
    ]


def check_notes(table: Table, instrument: Instrument) -> list[Problem]:
    """Refuse notes about nothing that is asked, and all notes where their text would name somebody.

    A respondent answers unknown, and a record is somebody's: only groups and persons who speak
    for themselves may leave notes. Empty columns are no notes.
    """
    known = noted(instrument)
    filled = [(id, name) for id, name in note_columns(table) if (table.frame[name] != "").any()]
    if filled and not instrument.declared:
        what = "des notes libres feraient reconnaître des personnes : ce questionnaire n'en lit pas"
        cure = "effacez-les ; elles ne servent qu'aux groupes et aux autoévaluations"
        return [table.problem(1, some([name for _, name in filled]), what, cure)]
    return [
        table.problem(
            1,
            f"colonne {quote(name)}",
            "notes d'une dimension ou d'un critère inconnus",
            did_you_mean(id, [*known]),
        )
        for id, name in filled
        if id not in known
    ]


def noted(instrument: Instrument) -> dict[str, tuple[str, str]]:
    """What notes may be about, as their columns name it: (dimension, item), item "" for a whole."""
    items = {plain(item.code): (item.dimension, item.code) for item in instrument.items}
    return items | {dimension.id: (dimension.id, "") for dimension in instrument.dimensions}
