"""What an export leaves open, asked of whoever holds it, one question at a time."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from qgdr_eval.french import count, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.responses.campaign import SENSES
from qgdr_eval.responses.codes import MISSING
from qgdr_eval.responses.draft import REVERSED, Choices, Draft, draft_campaign
from qgdr_eval.responses.draft_summary import AS_EMPTY, EMPTY, ROLES
from qgdr_eval.tables.read import Table

Ask = Callable[[str, Mapping[str, str]], str]  # question, what each value means: a value, or ""


def ask_open(table: Table, instrument: Instrument, choices: Choices, ask: Ask) -> Draft:
    """Draft a campaign, asking each thing that is left open once; "" leaves it open."""
    for step in (_ask_items, _ask_places, _ask_answers, _ask_sense):
        choices = step(table, instrument, choices, ask)
    return draft_campaign(table, instrument, choices)


def _ask_items(table: Table, instrument: Instrument, choices: Choices, ask: Ask) -> Choices:
    draft = draft_campaign(table, instrument, choices)
    for item in instrument.items:
        if item.code in draft.candidates:
            columns = draft.candidates[item.code] or _unused(table, draft)
            question = f"Colonne de {item.code} {quote(item.text)}"
            if columns and (column := ask(question, dict.fromkeys(columns, ""))):
                choices = replace(choices, items={**choices.items, item.code: column})
                draft = draft_campaign(table, instrument, choices)  # one may decide of others
    return choices


def _ask_places(table: Table, instrument: Instrument, choices: Choices, ask: Ask) -> Choices:
    draft = draft_campaign(table, instrument, choices)
    doubts = dict(draft.doubts)
    if not draft.placed:
        doubts.setdefault("service", _unused(table, draft))
    for role, columns in doubts.items():
        if columns and (column := ask(f"Colonne : {ROLES[role]}", dict.fromkeys(columns, ""))):
            choices = replace(choices, roles={**choices.roles, role: column})
    return choices


def _ask_answers(table: Table, instrument: Instrument, choices: Choices, ask: Ask) -> Choices:
    codes = {}
    for unread in draft_campaign(table, instrument, choices).coding.unread:
        labels = {str(code): meaning for code, meaning in unread.meanings.items()}
        labels[EMPTY] = AS_EMPTY
        for text in unread.texts:
            where = count(unread.items, "question")
            if code := ask(f"Que veut dire la réponse {quote(text)} ({where})", labels):
                codes[text] = MISSING if code == EMPTY else int(code)
    return replace(choices, answers={**choices.answers, **codes})


def _ask_sense(table: Table, instrument: Instrument, choices: Choices, ask: Ask) -> Choices:
    if draft_campaign(table, instrument, choices).reversed is not None:
        return choices
    given = ask("Items inversés : comment sont leurs réponses", SENSES)
    sense = next((sense for sense in REVERSED if sense == given), None)
    return replace(choices, reversed=sense)


def _unused(table: Table, draft: Draft) -> tuple[str, ...]:
    used = {*draft.items.values(), *draft.roles.values(), *draft.nominative}
    return tuple(name for name in table.frame.columns if name not in used)
