"""The improvement plan (PAQSS) as a frame: one action a row, every value a text.

Columns are `ACTION_COLUMNS`, then any column of the user's own. A value nobody gave is "". Dates
are ISO texts, progress is a whole or decimal number of percents, ``pilot`` names a function and
never a person, ``decided`` is what the team wrote by hand on its page, ``parent`` is the id of the
action it is declined from, ``campaign`` the one its finding comes from. An action with ``service``
= "" belongs to its pôle, one with ``pole`` = "" too to its facility.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from qgdr_eval.frames import ActionRow
from qgdr_eval.tables.spelling import plain

HEADERS = {
    "id": "Identifiant",
    "origin": "Origine",
    "facility": "Établissement",
    "pole": "Pôle",
    "service": "Service",
    "dimension": "Dimension",
    "item": "Critère",
    "finding": "Constat",
    "objective": "Objectif",
    "action": "Action",
    "decided": "Décision de l'équipe",
    "priority": "Priorité",
    "pilot": "Pilote (fonction)",
    "contributors": "Contributeurs",
    "start": "Début",
    "due": "Échéance",
    "indicator": "Indicateur",
    "target": "Cible",
    "method": "Méthode de mesure",
    "state": "État",
    "progress": "Avancement (%)",
    "evaluated_on": "Évalué le",
    "result": "Résultat mesuré",
    "parent": "Déclinée de",
    "campaign": "Campagne",
    "comment": "Commentaire",
}
"""The name of each column in files and on pages, in the order they are written."""

ACTION_COLUMNS = ActionRow._fields
"""The columns of a plan, in their order; every value is a text, "" when nobody gave it."""

PLACE = ("facility", "pole", "service")
DATES = ("start", "due", "evaluated_on")

TO_DO, UNDER_WAY, DONE, EVALUATED, ABANDONED = STATES = (
    "à faire",
    "en cours",
    "réalisé",
    "évalué",
    "abandonné",
)
"""The states of an action: to do, under way, done, evaluated (done and measured), abandoned."""

OPEN = (TO_DO, UNDER_WAY)
HIGH, MEDIUM, LOW = PRIORITIES = ("haute", "moyenne", "basse")
ATELIER = "atelier"  # decided by a team around its results
ORIGINS = (  # offered in the file; any other is kept
    "culture",
    "leadership",
    "Shortell",
    "EPP",
    "événement indésirable",
    "plainte",
    "certification",
    "risque",
    "politique",
    "usagers",
    "CREX",
    "RMM",
    "REMED",
    "autoévaluation",
    ATELIER,
    "initiative",
)
MOST_DECIDED = 600  # characters of a decision that a page brings back
KNOWN = {"state": STATES, "priority": PRIORITIES, "origin": ORIGINS}

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00:00)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})")
_SERIAL = re.compile(r"[2-7][0-9]{4}")  # a spreadsheet's count of days: 1954 to 2118
_DAY_ZERO = datetime.date(1899, 12, 30)


def make_actions(
    rows: Iterable[Mapping[str, str]], columns: Sequence[str] = ACTION_COLUMNS
) -> pd.DataFrame:
    """A plan from rows given as dictionaries; what a row does not say is "".

    Columns of the plan that ``columns`` lacks come last: a plan always has all of them.

    >>> actions = make_actions([{"id": "PAQSS-01", "state": "à faire"}])
    >>> actions.loc[0, "state"], actions.loc[0, "pilot"], actions.shape
    ('à faire', '', (1, 26))
    """
    named = list(dict.fromkeys([*columns, *ACTION_COLUMNS]))
    cells = [[row.get(name, "") for name in named] for row in rows]
    return pd.DataFrame(cells, columns=pd.Index(named, dtype="str"), dtype="str")


def edit_action(actions: pd.DataFrame, id: str, **changes: str) -> pd.DataFrame:
    """A plan where one action has other values.

    Raises ``KeyError`` for an unknown id or column.

    >>> plan = make_actions([{"id": "A", "state": "à faire"}])
    >>> edit_action(plan, "A", state="en cours").loc[0, "state"]
    'en cours'
    """
    rows = actions.index[actions["id"] == id]
    if rows.empty or set(changes) - set(actions):
        raise KeyError((id, *changes))
    edited = actions.copy()
    edited.loc[rows[0], list(changes)] = list(changes.values())
    return edited


def read_date(text: str) -> str | None:
    """The ISO form of a date as people and spreadsheets write it; None when it is not one.

    >>> [read_date(text) for text in ("31/12/2026", "2026-12-31", "46387", "fin 2026", "31/02/26")]
    ['2026-12-31', '2026-12-31', '2026-12-31', None, None]
    """
    given = text.strip()
    if _SERIAL.fullmatch(given):
        return (_DAY_ZERO + datetime.timedelta(days=int(given))).isoformat()
    iso, day_first = _ISO.fullmatch(given), _DAY_FIRST.fullmatch(given)
    if iso:
        return _day(*iso.groups())
    return _day(*day_first.groups()[::-1]) if day_first else None


def _day(year: str, month: str, day: str) -> str | None:
    century = 2000 if len(year) == 2 else 0
    try:
        return datetime.date(century + int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def read_progress(text: str) -> float | None:
    """The percents of a progress as people write it; None when it is no number.

    >>> read_progress("40 %"), read_progress("12,5"), read_progress("presque")
    (40.0, 12.5, None)
    """
    given = re.sub(r"\s*%$", "", text.strip()).replace(",", ".")
    return float(given) if re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]+)?", given) else None


def tidy_actions(actions: pd.DataFrame) -> pd.DataFrame:
    """The same plan with dates, states, priorities, origins and progress in their one spelling.

    What cannot be read stays as given, for `check_actions` to tell. Other texts are left alone.

    >>> tidy_actions(make_actions([{"state": "A Faire", "due": "31/12/2026"}]))[["state", "due"]]
         state         due
    0  à faire  2026-12-31
    """
    tidied = actions.copy()
    for name in DATES:
        tidied[name] = [read_date(text) or text.strip() for text in actions[name]]
    for name, words in KNOWN.items():
        spelled = {plain(word): word for word in words}
        tidied[name] = [spelled.get(plain(text), text) for text in actions[name]]
    tidied["progress"] = [_tidy_progress(text) for text in actions["progress"]]
    return tidied.astype("str")


def _tidy_progress(text: str) -> str:
    value = read_progress(text)
    return text.strip() if value is None else f"{value:.15g}".replace(".", ",")


def records_of(actions: pd.DataFrame) -> list[dict[str, str]]:
    """The actions as dictionaries, in the plan's order."""
    records: list[dict[str, str]] = actions.to_dict("records")
    return records
