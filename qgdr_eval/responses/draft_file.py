"""A drafted campaign as the file people read and complete: YAML, commented."""

from collections.abc import Iterator
from dataclasses import dataclass

from qgdr_eval.responses.draft import Draft
from qgdr_eval.responses.yaml_lines import TO_SAY, items_lines, maybe, quoted
from qgdr_eval.tables.file import TableFile

TEMPLATE = """\
# Campagne écrite par « qgdr new ». Vérifiez chaque ligne ; « qgdr check » dit ce qui manque.

id: {id}
title: {title}
period: {period}

instrument: {instrument}
responses: {responses}

# Le nom, dans ce tableau, de chaque colonne utile.
columns:
{columns}

coding:
  answers: {answers}                    # labels : « D'accord » ; codes : 4
  # as_worded : les réponses sont telles que données ; already_reversed : l'outil d'enquête a déjà
  # retourné les items inversés. L'outil vérifie cette déclaration sur les réponses.
{coding}

{services}

disclosure:
  minimum: 10                         # aucun résultat sous ce nombre de répondants (5 au moins)

reference: campaign                   # chaque service est comparé aux autres ; sinon none
"""


@dataclass(frozen=True)
class Heading:
    """What a campaign says of itself: its names, and its files as seen from its folder."""

    id: str
    title: str
    period: str
    instrument: str
    responses: TableFile
    services: str


def campaign_text(heading: Heading, draft: Draft) -> str:
    """The text of ``campagne.yml``; what is left to be said stands in comments."""
    return TEMPLATE.format(
        id=heading.id,
        title=quoted(heading.title),
        period=quoted(heading.period),
        instrument=quoted(heading.instrument),
        responses=_table(heading.responses),
        columns="\n".join(_columns(draft)) or "  {}",
        answers=draft.coding.answers,
        coding="\n".join(_coding(draft)),
        services=_services(draft, heading.services),
    )


def _table(source: TableFile) -> str:
    """The table of answers, by its name alone when nothing else is said of it."""
    settings = source.model_dump(exclude_defaults=True)
    if len(settings) == 1:
        return quoted(source.file)
    return f"{{{', '.join(f'{key}: {quoted(value)}' for key, value in settings.items())}}}"


def _columns(draft: Draft) -> Iterator[str]:
    for role in ("service", "facility", "subject"):
        if role in draft.roles:
            yield f"  {role}: {quoted(draft.roles[role])}"
        elif role in draft.doubts or (role == "service" and not draft.team):
            yield f"  {TO_SAY} {role}: nom de la colonne{maybe(draft.doubts.get(role, ()))}"
    if "stratum" in draft.roles:
        yield "  strata:                             # un autre regroupement ; sinon à retirer"
        yield f"    {draft.stratum}: {quoted(draft.roles['stratum'])}"
    yield from items_lines(draft.items, draft.candidates)


def _coding(draft: Draft) -> Iterator[str]:
    if draft.reversed:
        yield f"  reversed: {draft.reversed}"
    else:
        yield f"  {TO_SAY} reversed: as_worded, ou already_reversed"
    if draft.control:  # either map looks as good as the other
        yield f"  {TO_SAY} control: five_is_best si 5 est la meilleure maîtrise, ou one_is_best"
    if draft.coding.labels:
        yield "  labels:                             # autres écritures d'une réponse"
    yield from (f"    {quoted(text)}: {code}" for text, code in draft.coding.labels.items())
    if draft.coding.missing:
        cells = ", ".join(map(quoted, draft.coding.missing))
        yield f"  missing: [{cells}]           # cellules à lire comme vides"
    if draft.coding.unread:
        first = quoted(draft.coding.unread[0].texts[0])
        yield "  # Réponses non comprises, lues comme vides ; sous « labels », donnez leur code,"
        yield f"  # ou confirmez qu'elles sont vides, « missing: [{first}] » :"
    for unread in draft.coding.unread:
        yield f"  # {', '.join(f'{code} {meaning}' for code, meaning in unread.meanings.items())}"
        yield from (f"    # {quoted(text)}: " for text in unread.texts)


def _services(draft: Draft, file: str) -> str:
    if draft.team:
        place = {"facility": draft.facility} if draft.facility else {}
        line = ", ".join(
            f"{key}: {quoted(name)}" for key, name in (place | {"service": draft.team}).items()
        )
        return f"# Une seule équipe a répondu.\nservices:\n  - {{{line}}}"
    entry = f"services: {quoted(file)}"
    return (
        "# La liste des services, dans l'ordre des rapports ; complétez-y l'effectif sollicité :\n"
        "# sans lui, pas de taux de participation, et des intervalles plus larges qu'il ne faut.\n"
        f"{entry if len(draft.roster) else f'# {entry}'}"
    )
