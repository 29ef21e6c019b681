"""What a report cannot conclude, and why. Never optional: there is always something to say."""

from collections.abc import Iterator

import pandas as pd

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import AttestationRow, ComparisonRow, ScoreRow, Verdict
from qgdr_eval.french import capitalized, count, listed, number, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.professions import unshown
from qgdr_eval.reporting.team.readings import Readings, readings_of
from qgdr_eval.reporting.team.sample import Sample, sample_of
from qgdr_eval.wording.subjects import Subject, subject_of
from qgdr_eval.wording.verdicts import why_unsure

UNSURE: dict[Verdict, str] = {
    "cannot_conclude": "on ne peut pas conclure",
    "to_confirm": "à confirmer",
    "capped": "pas un point fort",
}
WHY = {  # said of several dimensions at once
    "cannot_conclude": "L'intervalle va du repère des priorités à celui des points forts ; "
    "d'autres observations pourraient donner l'un ou l'autre : ",
    "to_confirm": "Chacune est d'un côté d'un repère, et son intervalle déborde de l'autre, sans "
    "atteindre la zone opposée : ",
    "capped": "Chacune est au-dessus du repère, mais un critère critique n'y est pas conforme à "
    "chaque fois : ",
}
FEW = 20  # published ICC(1) of .05 to .16: 20 to 30 answers for a reliability of .70

NOTHING_SHOWN = (
    "Ce service.",
    "Aucun résultat n'étant affiché, ce rapport ne permet de rien conclure sur ce service, ni en "
    "bien ni en mal.",
)
CROWD = 3  # silent people a sentence may count: fewer, and it would point at somebody


def limits(report: ServiceReport) -> list[tuple[str, str]]:
    """(what, why) pairs, from the most specific to this service to the most general."""
    if report.hidden:
        return [NOTHING_SHOWN, *_always(report.instrument)]
    sample, readings = sample_of(report), readings_of(report)
    return [
        *_unsure(readings),
        *_unseen([row for _, row, _ in report.scores.dimensions], report.instrument),
        *_unmarked(readings),
        *_differences(rows_of(report.comparisons, ComparisonRow)),
        *_size(sample),
        *_absent(sample, open_access=report.card.open_access),
        *_always(report.instrument),
    ]


def _unsure(readings: Readings) -> Iterator[tuple[str, str]]:
    """One line a verdict: the profile has the figures of each dimension."""
    for verdict, what in UNSURE.items():
        unsure = readings.read(verdict)
        labels = [readings.instrument.dimension(row.dimension).label for row in unsure]
        if len(unsure) == 1:
            why = why_unsure(unsure[0], readings.instrument)
            yield f"{labels[0]} : {what}.", capitalized(why)
        elif unsure:
            named = listed(map(quote, labels))
            yield (
                f"{words.dimensions(len(unsure)).capitalize()} : {what}.",
                WHY[verdict] + named + ".",
            )


def _unseen(scores: list[ScoreRow], instrument: Instrument) -> Iterator[tuple[str, str]]:
    for row in scores:
        if row.status != "published":
            yield (
                f"{instrument.dimension(row.dimension).label} : non affichée.",
                f"{capitalized(words.STATUSES.get(str(row.status), 'effectif insuffisant'))}.",
            )


def _unmarked(readings: Readings) -> Iterator[tuple[str, str]]:
    read = readings.read("no_threshold") and not readings.marked
    if read and not readings.instrument.chosen:
        yield (
            "Points forts et priorités.",
            "L'instrument ne fixe pas de seuil de lecture : "
            "les scores décrivent, ils ne classent pas.",
        )


def _differences(comparisons: list[ComparisonRow]) -> Iterator[tuple[str, str]]:
    unclear = [
        row
        for row in comparisons
        if row.verdict == "not_established" and not pd.isna(row.difference)
    ]
    if unclear:
        yield (
            f"Écart avec la référence non établi sur {words.dimensions(len(unclear))}.",
            "« Non établi » ne veut pas dire « égal » : les réponses ne suffisent pas à le dire.",
        )


def _size(sample: Sample) -> Iterator[tuple[str, str]]:
    if sample.n < FEW and sample.instrument.of_people:
        yield (
            f"Un rang entre services, avec {words.subjects(sample.instrument, sample.n)}.",
            "Cet effectif permet d'en parler ensemble ; il ne range pas des services entre eux.",
        )


def _absent(sample: Sample, *, open_access: bool) -> Iterator[tuple[str, str]]:
    heads = sample.head_count
    if not sample.instrument.of_people:
        return
    if open_access:
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
    elif 0 < (silent := int(heads - sample.n)) < CROWD:
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


def _always(instrument: Instrument) -> Iterator[tuple[str, str]]:
    if instrument.of_records:
        subject = subject_of(instrument)
        yield from _of_chosen(subject) if instrument.chosen else _of_drawn(subject)
        yield from _of_records()
        return
    if instrument.interdependent:
        yield (
            "Ce que vaut l'écart entre deux dimensions.",
            "Il dit par laquelle commencer à parler. Le ton des questions suffit à déplacer un "
            "score : un écart de quelques points n'est pas un résultat.",
        )
    elif len(instrument.dimensions) > 1:
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


def _of_drawn(subject: Subject) -> Iterator[tuple[str, str]]:
    seen, drawn = subject.agree(subject.seen), subject.agree("tiré")
    yield (
        f"Les {subject.plural} qui n'ont pas été {seen}.",
        f"Le résultat ne vaut pour {subject.them} que si "
        f"{subject.pronoun} qu'on a {seen} ont été {drawn} au sort, ou si on les a {seen} "
        f"{subject.every}.",
    )


def _of_chosen(subject: Subject) -> Iterator[tuple[str, str]]:
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


def hidden_rows(report: ServiceReport) -> list[str]:
    """What disclosure hid of this service, and why, one sentence each."""
    told = "" if report.hidden else unshown(report.published, report.strata)
    lines = [
        f"{capitalized(what)}{f' ({n})' if n else ''} : {why}."
        for _, _, what, why, n in attested(report.published)
        if not (told and what == words.HIDDEN_WHAT["strata"])
    ]
    return [*lines, told] if told else lines


def vanished(published: Published) -> list[str]:
    """The sentence pages say of a breakdown that is shown nowhere, if there is one."""
    why = words.HIDDEN_BECAUSE["unseen"]
    whole = (what for _, _, what, reason, _ in attested(published) if reason == why)
    return [f"{capitalized(what)} : {why}." for what in dict.fromkeys(whole)]


def attested(published: Published) -> list[tuple[str, str, str, str, str]]:
    """What disclosure hid: (facility, service, what, why, how many), strata told once a group."""
    return list(
        dict.fromkeys(
            (
                row.facility,
                row.service,
                words.HIDDEN_WHAT.get(row.what, row.what),
                *_why_hidden(row),
            )
            for row in rows_of(published.attestation, AttestationRow)
            if row.what in words.HIDDEN_WHAT
        )
    )


def _why_hidden(row: AttestationRow) -> tuple[str, str]:
    """Why, and how many; never how many strata, whose rows can be counted in hundreds."""
    if row.what == "stratum_row":
        return words.HIDDEN_STRATA, ""
    return words.HIDDEN_BECAUSE.get(row.reason, row.reason), (
        "" if row.what in ("group", "strata") else number(row.count)
    )
