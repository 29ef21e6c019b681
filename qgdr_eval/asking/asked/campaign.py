"""A campaign that asks by itself: its questions, its services, what people are told."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qgdr_eval.asking.asked.floor import FLOOR, too_few
from qgdr_eval.asking.asked.joining import Joined, kept_roster, small_alone, told_together
from qgdr_eval.asking.form.lay import refuse_labels
from qgdr_eval.fingerprint import of_values
from qgdr_eval.french import listed, quote, typography
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.problems import Problem, Refused, refuse_errors
from qgdr_eval.responses import load_campaign
from qgdr_eval.responses.asked import TOLD, Asking
from qgdr_eval.responses.campaign import Campaign
from qgdr_eval.responses.roster import read_roster
from qgdr_eval.shell import argument
from qgdr_eval.tables.file import TableFile

ENTERED = {
    "record": "une grille d'audit",
    "group": "une autoévaluation de groupe",
    "person": "un questionnaire qu'une personne garde pour elle",
}


@dataclass(frozen=True)
class Asked:
    """A campaign whose answers the kit gathers. ``path``: its file.

    ``roster``: ``facility``, ``service``, ``head_count``, in the order of the reports;
    ``together``: which teams are asked together, in words, "" when none are.
    """

    path: Path
    campaign: Campaign
    instrument: Instrument
    asking: Asking
    roster: pd.DataFrame
    together: str = ""

    @property
    def facilities(self) -> str:
        """The facilities that are asked, as one reads them; "" when the roster does not say."""
        return listed(name for name in self.roster["facility"].unique() if name)

    @property
    def answers(self) -> Path:
        """The file its answers are written to."""
        return self.path.parent / self.campaign.responses.file

    @property
    def several_facilities(self) -> bool:
        """Whether a service is told by its facility too."""
        return self.roster["facility"].nunique() > 1


def read_asked(path: Path, joined: Joined | None = None) -> Asked:
    """Read a campaign that is to ask people, with everything that asking needs.

    ``joined``: its roster as it will be once written, instead of the one that its file holds.

    Raises:
        Refused: what a campaign of people must say and does not, all of it at once.
    """
    campaign = load_campaign(path)
    instrument = load_instrument(campaign.instrument, beside=path.parent)
    refuse_labels(instrument)
    asking = campaign.asking or Asking()
    read = _roster(campaign, path.parent)
    roster, before = (joined.roster, read) if joined else (read, _before(campaign, path.parent))
    asked = Asked(path, campaign, instrument, asking, roster, told_together(before, roster))
    refuse_errors(typed(problem) for problem in _problems(asked))
    return asked


def _roster(campaign: Campaign, folder: Path) -> pd.DataFrame:
    if campaign.services:
        return read_roster(campaign.services, folder)
    return pd.DataFrame(columns=["facility", "service", "head_count"])


def _before(campaign: Campaign, folder: Path) -> pd.DataFrame:
    """The roster as it was before services were joined, or as it is when none were."""
    if isinstance(told := campaign.services, TableFile):
        kept = kept_roster(Path(told.file))
        if (folder / kept).exists():
            return read_roster(told.model_copy(update={"file": str(kept)}), folder)
    return _roster(campaign, folder)


def print_of(instrument: Instrument) -> str:
    """The fingerprint of what is asked: its wording, answers and order."""
    return of_values(instrument.model_dump(mode="json", exclude_defaults=True))


def refuse_changed(asked: Asked, print_then: str) -> None:
    """Refuse a questionnaire that is not the one people were asked.

    Raises:
        Refused: it changed since the campaign was prepared.
    """
    if print_of(asked.instrument) != print_then:
        what = "le questionnaire a changé depuis que la campagne est préparée"
        problem = Problem(asked.path.name, None, "instrument", what, "rétablissez celui d'alors")
        raise Refused([problem])


def typed(problem: Problem) -> Problem:
    """A problem in French typography."""
    return Problem(
        problem.file,
        problem.line,
        problem.place,
        typography(problem.what),
        typography(problem.cure),
        problem.severity,
    )


def _problems(asked: Asked) -> Iterator[Problem]:
    file, instrument = asked.path.name, asked.instrument
    if not instrument.of_people:
        what = f"{ENTERED[instrument.subject]} ne se distribue pas par cartes"
        yield Problem(file, None, "instrument", what, "saisissez-la dans le carnet 05_saisie")
        return
    yield from _untold(asked, file)
    yield from _unwritable(asked.campaign, file)
    yield from _not_counted(asked, file)


def _untold(asked: Asked, file: str) -> Iterator[Problem]:
    """People must know who asks, why, on what ground, how long and whom to contact."""
    missing = asked.asking.missing
    if missing:
        what = f"les personnes interrogées ne sauraient pas tout : il manque {listed(missing)}"
        first = missing[0]
        cure = f"sous « asking: », ajoutez par exemple « {first}: {TOLD[first]} »"
        yield Problem(file, None, "asking", what, cure)


def _unwritable(campaign: Campaign, file: str) -> Iterator[Problem]:
    """The file of answers is one that this kit writes: a plain CSV, as people answered."""
    told = campaign.responses
    if Path(told.file).suffix.lower() != ".csv" or set(told.model_fields_set) != {"file"}:
        cure = "écrivez « responses: reponses.csv », sans autre option"
        yield Problem(file, None, "responses", "les réponses s'écrivent dans un CSV simple", cure)
    if campaign.coding.reversed != "as_worded":
        cure = "écrivez « coding: {reversed: as_worded} »"
        yield Problem(file, None, "coding", "les réponses sont gardées telles que données", cure)
    if campaign.columns.subject:
        what, cure = "une réponse n'a pas d'identifiant", "retirez cette clé"
        yield Problem(file, None, "columns.subject", what, cure)
    if campaign.columns.strata and not (campaign.asking and campaign.asking.classes):
        what = "les catégories de ce regroupement ne sont pas données"
        cure = (
            "ajoutez « asking: {classes: [Infirmiers, Aides-soignants…]} », ou retirez « strata »"
        )
        yield Problem(file, None, "columns.strata", what, cure)


def _not_counted(asked: Asked, file: str) -> Iterator[Problem]:
    """A card a head: every service has a head count, none under the floor."""
    if asked.roster.empty:
        cure = "ajoutez « services: services.csv », avec les colonnes service et effectif"
        yield Problem(file, None, "services", "la liste des services manque", cure)
    told = "columns" in asked.campaign.model_fields_set and asked.campaign.columns
    if told and told.facility and not asked.roster["facility"].all():
        what = "cette colonne resterait vide : la liste des services ne dit pas l'établissement"
        yield Problem(
            file, None, "columns.facility", what, "retirez cette clé, ou complétez la liste"
        )
    if told and not told.service and len(asked.roster) > 1:
        yield Problem(
            file, None, "columns", "la colonne du service manque", "écrivez « service: Service »"
        )
    if asked.asking.access == "open":
        return
    for service, heads in zip(asked.roster["service"], asked.roster["head_count"], strict=True):
        where = f"service {quote(service)}"
        if pd.isna(heads):
            what = "son effectif n'est pas dit : combien de cartes faut-il ?"
            yield Problem(file, None, where, what, "écrivez-le dans la colonne effectif")
        elif heads < FLOOR:
            what = too_few(service, int(heads))
            yield Problem(file, None, where, what, " ; ou ".join(_ways(asked, service, int(heads))))


def _ways(asked: Asked, small: str, heads: int) -> Iterator[str]:
    """What to do of a service too small to be asked alone; each way suffices by itself."""
    roster = asked.roster
    here = roster[roster["facility"] == roster["facility"][roster["service"] == small].iloc[0]]
    near = here[(here["service"] != small) & (here["head_count"] >= FLOOR - heads).fillna(False)]
    if not near.empty:
        name = near.sort_values("head_count", kind="stable")["service"].iloc[0]
        joined = argument(f"{small}={name}")
        yield f"interrogez-la avec {quote(name)} : --join {joined}"
    if small_alone(here)["head_count"].sum() >= FLOOR:
        yield "réunissez sans leur nom les petites équipes de l'établissement : --unnamed"
    if near.empty:
        yield "son établissement n'a pas assez de monde : retirez-la de la liste"
