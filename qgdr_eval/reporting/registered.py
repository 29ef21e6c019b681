"""What is said of publications: to whoever publishes, and on the pages."""

from collections.abc import Iterator
from pathlib import Path

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.register import Publication, Register
from qgdr_eval.disclosure.rounds import Rounds
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.disclosure.settle import Held
from qgdr_eval.frames import AttestationRow
from qgdr_eval.french import NARROW, count, date, listed, quote, typography
from qgdr_eval.responses.campaign import PUBLICATIONS
from qgdr_eval.shell import argument

MEANING = typography(
    "un service ne change plus ensuite tant que trop peu de réponses s'ajoutent ou s'en vont. Pour "
    "préparer sans publier : « --draft ». Si personne n'a reçu ces pages : "
)
WHICH = "CAMPAGNE.yml"  # as the help of a command names it, when the file is not known


def _meaning(campaign: str) -> str:
    """What registering means; ``campaign``: its file, as the argument of a command."""
    retract = f'qgdr retract {campaign} --reason "…"'
    return f"{MEANING}{quote(retract)}"


def notices(rounds: Rounds, campaign: Path) -> Iterator[str]:
    """What to say to whoever publishes: what was registered, then what keeps earlier figures.

    ``campaign``: the file that was published, the first one registered. A draft registers nothing.
    """
    draft = rounds.published.card.draft
    for rank, registration in enumerate(rounds.registered):
        file = WHICH if rank else argument(campaign)
        made = [line for line in registration.lines if isinstance(line, Publication)]
        for publication in () if draft else made:
            where = f"{PUBLICATIONS}/{registration.register.path.name}"
            first = f"{NARROW}: {_meaning(file)}" if publication.rank == 1 else ""
            yield f"Publication enregistrée dans {where}{first}."
        yield from map(told_of_held, registration.held)


def told_by_check(register: Register, campaign: Path) -> str:
    """What registering means for the campaign of a file, or what was registered, in one line."""
    where, meaning = f"{PUBLICATIONS}/{register.path.name}", _meaning(argument(campaign))
    if register.latest is None:
        commands = f"{quote('qgdr report')} et {quote('qgdr score')}"
        return f"pas encore publiée : {commands} le retiendront dans {where} ; {meaning}"
    day = date(register.latest.date)
    return f"publiée le {day}, {where} ; {meaning}"


def told_of_held(service: Held) -> str:
    """What happened to a service, for whoever holds the answers: numbers are said."""
    late = count(service.late, "réponse arrivée", "réponses arrivées")
    gone = count(service.gone, "réponse changée ou retirée", "réponses changées ou retirées")
    moved = listed([text for n, text in ((service.late, late), (service.gone, gone)) if n])
    kept = (
        f"ses chiffres restent ceux du {date(service.since)}"
        if service.since
        else "rien n'est montré"
    )
    why = "la différence dirait ce que peu de personnes ont répondu"
    if service.by_strata:
        why = f"{why} ; retirez {quote('strata')} de la campagne pour les compter sans catégories"
    return typography(f"{service.service} : {moved} depuis la publication ; {kept}, car {why}.")


def dated(published: Published, facility: str, service: str) -> str | None:
    """The day of the figures of a group that keeps earlier ones; "" when it shows none instead.

    None for a group that is up to date.
    """
    rows = rows_of(
        published.attestation, AttestationRow, facility=facility, service=service, what="dated"
    )
    return rows[0].reason if rows else None


def told_of_service(day: str | None) -> str:
    """The sentence a page says of figures that are dated."""
    if day is None:
        return ""
    if not day:
        return (
            "Des réponses sont arrivées, ou ont été retirées, après la publication : la différence "
            "dirait ce que peu de personnes ont répondu, et rien n'est montré de ce groupe."
        )
    return (
        f"Ces chiffres sont ceux publiés le {date(day)}. Des réponses arrivées, changées ou "
        "retirées après cette publication ne sont pas comptées : la différence dirait ce que peu "
        "de personnes ont répondu."
    )


def told_of_publications(published: Published) -> list[str]:
    """Publications taken back and registers lost, one sentence each."""
    return [text for row in rows_of(published.attestation, AttestationRow) if (text := _event(row))]


def _event(row: AttestationRow) -> str:
    day, _, reason = row.reason.partition(" ")
    if row.what == "retracted":
        why = f"personne ne l'ayant reçue : {quote(reason)}"
        return f"La publication du {date(day)} a été reprise, {why}."
    if row.what == "lost":
        return (
            "Le registre des publications a été perdu, ce qui a été constaté le "
            f"{date(day)} : ce que ces pages ajoutent à celles d'avant n'a pas pu être vérifié."
        )
    return ""
