"""Services too small to be asked alone are asked together, under one name, from the roster on."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qgdr_eval.asking.asked.floor import FLOOR
from qgdr_eval.french import listed, quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import load_campaign
from qgdr_eval.responses.roster import read_roster
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.spelling import plain
from qgdr_eval.tables.write import csv_bytes
from qgdr_eval.writing import written_whole

OTHERS = "Autres équipes"
BEFORE = "avant-reunion"  # in the name of the roster as it was
TITLES = {"facility": "Établissement", "service": "Service", "head_count": "Effectif"}


@dataclass(frozen=True)
class Joined:
    """A roster with services joined, as it will be once it is written.

    ``file``: where; ``roster``: ``facility, service, head_count``; ``names``: the new name of each
    service that is joined, by its own.
    """

    file: Path
    roster: pd.DataFrame
    names: Mapping[str, str]

    def write(self) -> None:
        """Write the roster in the place of the one before, which is kept under another name.

        Raises:
            Unwritable: the disk does not take it.
        """
        kept = kept_roster(self.file)
        if not kept.exists():
            shutil.copyfile(self.file, kept)
        columns = [name for name in TITLES if name != "facility" or self.roster["facility"].any()]
        with written_whole(self.file) as half:
            half.write_bytes(csv_bytes(self.roster[columns].rename(columns=TITLES)))

    def told(self) -> str:
        """What was done, in French."""
        done = listed(f"{quote(own)} sous {quote(name)}" for own, name in self.names.items())
        kept = kept_roster(self.file).name
        return typography(f"{self.file} : {done} ; la liste d'avant est dans {kept}")


def kept_roster(file: Path) -> Path:
    """Where the roster as it was before any joining is kept.

    >>> kept_roster(Path("services.csv")).name
    'services-avant-reunion.csv'
    """
    return file.with_stem(f"{file.stem}-{BEFORE}")


def join_services(path: Path, pairs: Mapping[str, str], *, unnamed: bool = False) -> Joined:
    """The roster of a campaign with services joined; nothing is written yet.

    ``pairs``: a service, and the one it is asked with; ``unnamed``: all those of a facility that
    are too small to be asked alone are asked together, without their names.

    Raises:
        Refused: no such service, a roster that is no CSV of its own, too few people still.
    """
    campaign = load_campaign(path)
    if not isinstance(campaign.services, TableFile) or not campaign.services.file.endswith(".csv"):
        what = "la liste des services n'est pas un fichier CSV : elle ne peut pas être récrite"
        raise _refusal(path.name, what, "réunissez les services vous-même dans cette liste")
    file = path.parent / campaign.services.file
    roster = read_roster(campaign.services, path.parent)
    names = _joined_names(roster, pairs, file.name)
    if unnamed:
        names |= _unnamed(roster, names, file.name)
    told = {str(roster["service"][at]): name for at, name in names.items()}
    return Joined(file, _together(roster, names), told)


def told_together(before: pd.DataFrame, now: pd.DataFrame) -> str:
    """Which teams are asked together, in words; "" when none are.

    ``before``, ``now``: the roster as it was before any joining, and as it is.
    """
    names = [name for name in now["service"] if name not in set(before["service"])]
    unnamed = [name for name in before["service"] if not any(name in one for one in now["service"])]
    told = [name for name in names if name != OTHERS]
    told += [f"{listed(unnamed)}, sous le nom {quote(OTHERS)}"] if OTHERS in names else []
    return " ; ".join(told)


def small_alone(roster: pd.DataFrame) -> pd.DataFrame:
    """The lines of a roster whose service is too small to be asked alone."""
    return roster[(roster["head_count"] < FLOOR).fillna(False)]


def _joined_names(roster: pd.DataFrame, pairs: Mapping[str, str], file: str) -> dict[int, str]:
    """The new name of each line that is joined to others, by its rank."""
    groups: dict[int, list[int]] = {}
    for small, near in pairs.items():
        at, other = (_line(roster, name, file) for name in (small, near))
        if roster["facility"][at] != roster["facility"][other] or at == other:
            raise _refusal(file, f"{quote(small)} et {quote(near)} ne vont pas ensemble",
                           "choisissez deux services du même établissement")  # fmt: skip
        together = list(dict.fromkeys([*groups.get(other, [other]), *groups.get(at, [at])]))
        groups |= dict.fromkeys(together, together)
    return {at: listed(roster["service"][one] for one in group) for at, group in groups.items()}


def _unnamed(roster: pd.DataFrame, taken: Mapping[int, str], file: str) -> dict[int, str]:
    few = small_alone(roster)
    few = few[~few.index.isin(list(taken))]
    sums = few.groupby("facility")["head_count"].sum()
    short = [facility for facility, heads in sums.items() if heads < FLOOR]
    if short:
        what = f"même ensemble, ces petites équipes sont moins de {FLOOR} personnes"
        raise _refusal(file, what, "réunissez-les à un autre service, avec --join")
    return dict.fromkeys(few.index, OTHERS)


def _together(roster: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """Lines of the same new name are one, where the first of them stood."""
    named = roster.assign(service=[names.get(at, name) for at, name in roster["service"].items()])
    grouped = named.groupby(["facility", "service"], sort=False, as_index=False)
    return grouped["head_count"].sum(min_count=1)[list(TITLES)]


def _line(roster: pd.DataFrame, service: str, file: str) -> int:
    found = [at for at, name in roster["service"].items() if plain(name) == plain(service)]
    if len(found) != 1:
        what = f"{len(found) or 'aucun'} service de ce nom : {quote(service)}"
        raise _refusal(file, what, "réunissez-les vous-même dans ce fichier")
    return int(found[0])


def _refusal(where: str, what: str, cure: str) -> Refused:
    return Refused([Problem(where, None, "", typography(what), typography(cure))])
