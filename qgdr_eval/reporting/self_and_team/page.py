"""A leader beside the team as one page, for that leader alone: no folder of reports holds it."""

from pathlib import Path

from qgdr_eval.campaigns.results import results_of
from qgdr_eval.disclosure import list_services
from qgdr_eval.french import listed, quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.page.export import export_sections
from qgdr_eval.reporting.self_and_team.sections import Pair, gaps, masthead, open_pair
from qgdr_eval.reporting.team import provenance


def open_own_pair(own: str, team: str, facility: str = "", service: str = "") -> Pair:
    """Open one leader beside the team, as `open_pair`; nobody is taken for another.

    Raises:
        Refused: as `open_pair`; the file of positions holds several and none is named; or
            disclosure shows nothing of the team, so that there is nothing to stand beside.
    """
    if not service:
        _refuse_several(own, facility)
    pair = open_pair(own, team, facility, service)
    _refuse_hidden(pair)
    return pair


def _refuse_several(own: str, facility: str) -> None:
    with results_of(own) as results:
        places = list_services(results)
    names = [service for place, service in places if facility in ("", place)]
    if len(names) > 1:
        what = f"ce fichier contient {len(names)} positions, et cette page est pour une personne"
        cure = f"nommez la vôtre avec {quote('--service')} : {listed(map(quote, names))}"
        raise Refused([Problem(Path(own).name, None, "", typography(what), typography(cure))])


def _refuse_hidden(pair: Pair) -> None:
    if any(gap.verdict != "not_compared" for gap in pair.gaps):
        return
    card = pair.team.card
    what = (
        f"les résultats de l'équipe {quote(pair.service)} ne sont pas montrés, pour l'anonymat : "
        f"il faut {card.minimum} réponses, et pas toutes semblables"
    )
    cure = (
        "attendez d'autres réponses ; sans elles, aucun écart ne peut être écrit, et votre "
        "position se lit seule dans le carnet « 10_autoevaluation »"
    )
    raise Refused([Problem(card.id, None, "", typography(what), typography(cure))])


def lay_own_page(pair: Pair, report_date: str = "") -> str:
    """The whole page, self-contained. ``report_date``: ISO day it bears, today when empty.

    >>> page = lay_own_page(pair, "2026-11-16")
    >>> page.startswith("<!DOCTYPE html>"), "Page personnelle" in page, "<script" in page
    (True, True, False)
    """
    names = ["Page personnelle : vous et l'équipe", pair.service, pair.facility]
    title = typography(" – ".join(name for name in names if name))
    draft = pair.team.card.draft
    head = masthead(pair, report_date)
    foot = provenance(pair.team, report_date)
    return export_sections(head, [gaps(pair)], foot, title, draft=draft)
