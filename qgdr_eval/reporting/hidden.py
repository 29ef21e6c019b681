"""What was hidden of several groups, and why, in counts: names stand in a fold, or elsewhere."""

from collections.abc import Collection
from dataclasses import dataclass

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import AttestationRow, TurnoutRow
from qgdr_eval.french import count, number, typography
from qgdr_eval.reporting.report import CampaignReport
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.limitations import attested

Group = tuple[str, str]  # facility, service; a total has no service


@dataclass(frozen=True)
class Hidden:
    """Something that is hidden for one reason: of how many groups, and of which.

    ``names``: with how many rows of each, where that may be told; none of a wide campaign, whose
    facilities each have a page.
    """

    what: str
    why: str
    of: str
    names: tuple[str, ...]


def hidden_of(report: CampaignReport) -> list[Hidden]:
    """What disclosure hid of the groups of a campaign, or of a part of one."""
    groups: dict[tuple[str, str], list[tuple[Group, str]]] = {}
    for facility, service, what, why, n in attested(report.published):
        if why == words.HIDDEN_BECAUSE["unseen"] and (facility or service):
            continue  # said once, of the campaign
        groups.setdefault((what, why), []).append(((facility, service), n))
    return [
        Hidden(what, why, counted([group for group, _ in found]),
               () if report.wide else tuple(_named(*group, n) for group, n in found))
        for (what, why), found in groups.items()
    ]  # fmt: skip


def _named(facility: str, service: str, n: str) -> str:
    name = group_name(facility, service)
    return f"{name} : {n}" if n else name


def told_of_attack(published: Published) -> str:
    """How the figures of a campaign withstood the attack, where it asks for one; who is not shown.

    How many of the people asked are in services not shown, where that is known; "" for nobody.

    >>> told_of_attack(campaign_report.published).startswith("Les services masqués réunissent")
    True
    """
    rows = rows_of(published.attestation, AttestationRow, what="attack")
    told = (
        "Avant de sortir, ces chiffres ont été attaqués : mis ensemble, avec ceux déjà publiés, "
        "ils ne rendent aucun nombre masqué. Chacun garde au moins "
        f"{rows[0].reason} valeurs possibles, ou toutes celles que permet la taille de son groupe."
        if rows
        else ""
    )
    return typography(f"{told} {_lost(published)}".strip())


def _lost(published: Published) -> str:
    """The people asked of services that are not shown, who may be counted in a total."""
    people = [row for row in rows_of(published.participation, TurnoutRow) if row.service]
    away = sum(row.head_count for row in people if row.status != "published")
    asked = sum(row.head_count for row in people)
    if not away > 0:  # nobody, or not known
        return ""
    return (
        f"Les services masqués réunissent {number(away)} des {number(asked)} personnes sollicitées."
    )


def counted(groups: Collection[Group]) -> str:
    """How many services, then how many totals.

    >>> counted([("CH", "Bloc"), ("CH", "Nuit"), ("CH", "")])
    '2\xa0services et 1\xa0ensemble'
    """
    services = sum(bool(service) for _, service in groups)
    told = [count(services, "service")] if services else []
    totals = len(groups) - services
    return " et ".join([*told, count(totals, "ensemble")] if totals else told)


def group_name(facility: str, service: str) -> str:
    """A service with its facility, a total, or the campaign.

    >>> group_name("CH", "Bloc"), group_name("CH", "")
    ('Bloc (CH)', 'Ensemble : CH')
    """
    if service:
        return f"{service} ({facility})" if facility else service
    return f"Ensemble : {facility}" if facility else "Toute la campagne"
