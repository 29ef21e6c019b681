"""What a report cannot conclude, and why. Never optional: there is always something to say."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.french import count, listed, number, quote
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.professions import unshown
from qgdr_eval.wording.verdicts import why_unsure

UNSURE = {
    "cannot_conclude": "on ne peut pas conclure",
    "to_confirm": "à confirmer",
    "capped": "pas un point fort",
}
WHY = {  # said of several dimensions at once
    "cannot_conclude": "L'intervalle va du repère des priorités à celui des points forts ; "
    "d'autres observations pourraient donner l'un ou l'autre : ",
    "to_confirm": "Chacune est d'un côté d'un repère, et son intervalle déborde de l'autre : ",
    "capped": "Chacune est au-dessus du repère, mais un critère critique n'y est pas conforme à "
    "chaque fois : ",
}
FEW = 20  # published ICC(1) of .05 to .16: 20 to 30 answers for a reliability of .70

CROWD = 3  # silent people a sentence may count: fewer, and it would point at somebody


def limits(report: ServiceReport) -> list[tuple[str, str]]:
    """(what, why) pairs, from the most specific to this service to the most general."""
    if report.hidden:
        return [*_nothing_shown(report), *_always(report)]
    return [
        *_unsure(report),
        *_unseen(report),
        *_differences(report),
        *_size(report),
        *_absent(report),
        *_always(report),
    ]


def _nothing_shown(report: ServiceReport) -> Iterator[tuple[str, str]]:
    yield (
        "Ce service.",
        "Aucun résultat n'étant affiché, ce rapport ne permet de rien conclure "
        "sur ce service, ni en bien ni en mal.",
    )


def _unsure(report: ServiceReport) -> Iterator[tuple[str, str]]:
    """One line a verdict: the profile has the figures of each dimension."""
    for verdict, what in UNSURE.items():
        unsure = [
            (dimension, reading)
            for dimension, _, reading in report.dimension_rows
            if reading.verdict == verdict
        ]
        if len(unsure) == 1:
            dimension, reading = unsure[0]
            why = why_unsure(reading, report.instrument)
            yield f"{dimension.label} : {what}.", _capital(why)
        elif unsure:
            named = listed(quote(dimension.label) for dimension, _ in unsure)
            yield (
                f"{words.dimensions(len(unsure)).capitalize()} : {what}.",
                WHY[verdict] + named + ".",
            )


def _unseen(report: ServiceReport) -> Iterator[tuple[str, str]]:
    for dimension, row, _ in report.dimension_rows:
        if row.status != "published":
            yield (
                f"{dimension.label} : non affichée.",
                f"{_capital(words.STATUSES.get(str(row.status), 'effectif insuffisant'))}.",
            )
    marked = report.read("established", "to_confirm", "cannot_conclude")
    if report.read("no_threshold") and not marked and not report.instrument.chosen:
        yield (
            "Points forts et priorités.",
            "L'instrument ne fixe pas de seuil de lecture : "
            "les scores décrivent, ils ne classent pas.",
        )


def _differences(report: ServiceReport) -> Iterator[tuple[str, str]]:
    unclear = [
        row
        for row in rows_of(report.comparisons)
        if row.verdict == "not_established" and not pd.isna(row.difference)
    ]
    if unclear:
        yield (
            f"Écart avec la référence non établi sur {words.dimensions(len(unclear))}.",
            "« Non établi » ne veut pas dire « égal » : les réponses ne suffisent pas à le dire.",
        )


def _size(report: ServiceReport) -> Iterator[tuple[str, str]]:
    if report.n < FEW and report.instrument.of_people:
        yield (
            f"Un rang entre services, avec {words.subjects(report.instrument, report.n)}.",
            "Cet effectif permet d'en parler ensemble ; il ne range pas des services entre eux.",
        )


def _absent(report: ServiceReport) -> Iterator[tuple[str, str]]:
    heads = report.turnout.head_count
    if not report.instrument.of_people:
        return
    if report.card.open_access:
        yield (
            "Le nombre de personnes.",
            "On a répondu sans carte : rien n'empêchait une personne de répondre deux fois.",
        )
    if pd.isna(heads):
        yield (
            "Ce que pensent les autres.",
            "Le nombre de personnes sollicitées n'est pas connu : "
            "on ne sait pas combien n'ont pas répondu.",
        )
    elif 0 < (silent := int(heads - report.n)) < CROWD:
        yield (
            "Ce que pense toute l'équipe.",
            "Presque toutes les réponses sont là, pas toutes ; l'intervalle ne couvre pas l'écart "
            "que cela peut faire.",
        )
    elif silent > 0:
        away = count(silent, "personne")
        yield (
            f"Ce que pensent les autres : {away} dont la réponse manque ou n'a pas pu compter.",
            "Leur avis peut différer ; l'intervalle ne couvre pas cet écart-là.",
        )


def _always(report: ServiceReport) -> Iterator[tuple[str, str]]:
    if report.instrument.of_records:
        yield from _of_chosen(report) if report.instrument.chosen else _of_drawn(report)
        yield from _of_records()
        return
    if report.instrument.interdependent:
        yield (
            "Ce que vaut l'écart entre deux dimensions.",
            "Il dit par laquelle commencer à parler. Le ton des questions suffit à déplacer un "
            "score : un écart de quelques points n'est pas un résultat.",
        )
    elif len(report.instrument.dimensions) > 1:
        yield (
            "Comparer une dimension à une autre.",
            "Le ton des questions suffit à déplacer un "
            "score : on compare une dimension à elle-même, ailleurs ou plus tard.",
        )
    yield (
        "La cause.",
        "Les chiffres disent ce qui a été répondu, pas pourquoi. "
        "C'est l'objet de la discussion en équipe.",
    )


def _of_drawn(report: ServiceReport) -> Iterator[tuple[str, str]]:
    subject = report.subject
    seen, drawn = subject.agree(subject.seen), subject.agree("tiré")
    yield (
        f"Les {subject.plural} qui n'ont pas été {seen}.",
        f"Le résultat ne vaut pour {subject.them} que si "
        f"{subject.pronoun} qu'on a {seen} ont été {drawn} au sort, ou si on les a {seen} "
        f"{subject.every}.",
    )


def _of_chosen(report: ServiceReport) -> Iterator[tuple[str, str]]:
    subject = report.subject
    chosen = subject.agree("choisi")
    yield (
        f"Les {subject.plural} qu'on n'a pas {chosen}.",
        f"{subject.these.capitalize()} ont été {chosen}, et non {subject.agree('tiré')} au sort : "
        "un nombre de « oui » n'est pas un taux, et il n'a ni intervalle ni repère.",
    )
    yield (
        "Ce qui a changé depuis la fois d'avant.",
        f"D'une fois à l'autre, on choisit {subject.others} : leur différence ne mesure rien.",
    )


def _of_records() -> Iterator[tuple[str, str]]:
    yield (
        "Ce qui a été fait sans être écrit.",
        "Un audit lit une trace ou observe un moment : il ne voit pas tout le soin.",
    )
    yield (
        "La cause.",
        "Les chiffres disent ce qui a été trouvé, pas pourquoi. C'est l'objet de la discussion en "
        "équipe.",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def hidden_rows(report: ServiceReport) -> list[str]:
    """What disclosure hid of this service, and why, one sentence each."""
    told = "" if report.hidden else unshown(report)
    lines = [
        f"{_capital(what)}{f' ({n})' if n else ''} : {why}."
        for _, _, what, why, n in attested(report.published)
        if not (told and what == words.HIDDEN_WHAT["strata"])
    ]
    return [*lines, told] if told else lines


def vanished(published: Published) -> list[str]:
    """The sentence pages say of a breakdown that is shown nowhere, if there is one."""
    why = words.HIDDEN_BECAUSE["unseen"]
    whole = (what for _, _, what, reason, _ in attested(published) if reason == why)
    return [f"{_capital(what)} : {why}." for what in dict.fromkeys(whole)]


def attested(published: Published) -> list[tuple[str, str, str, str, str]]:
    """What disclosure hid: (facility, service, what, why, how many), strata told once a group."""
    return list(
        dict.fromkeys(
            (
                str(row.facility),
                str(row.service),
                words.HIDDEN_WHAT.get(row.what, row.what),
                *_why_hidden(row),
            )
            for row in rows_of(published.attestation)
            if row.what in words.HIDDEN_WHAT
        )
    )


def _why_hidden(row: Any) -> tuple[str, str]:
    """Why, and how many; never how many strata, whose rows can be counted in hundreds."""
    if row.what == "stratum_row":
        return words.HIDDEN_STRATA, ""
    return words.HIDDEN_BECAUSE.get(row.reason, row.reason), (
        "" if row.what in ("group", "strata") else number(row.count)
    )
