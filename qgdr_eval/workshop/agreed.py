"""What a workshop agreed, carried to what exists: the plan of actions, the answers of a group.

Each is carried once: run again, nothing is written twice. What somebody wrote there is left as it
is; an answer that says otherwise is replaced only when that is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgdr_eval.actions import Plan, make_actions, read_plan, save_plan
from qgdr_eval.actions.model import ATELIER, TO_DO
from qgdr_eval.actions.suggest import free_id
from qgdr_eval.campaigns.sources import is_campaign_file, plan_file
from qgdr_eval.french import count, number, quote, typography
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses import load_campaign
from qgdr_eval.workshop.debate import Topic
from qgdr_eval.workshop.journal import Kept
from qgdr_eval.workshop.session import ACCORDS, Agreement

KEY = ["campaign", "facility", "service", "item", "origin"]  # what tells a decided action


@dataclass(frozen=True)
class Carried:
    """What was carried to a file. ``added``, ``known``: questions written now, there already.

    ``other``: questions whose answer there is another one, with both, the file's first.

    >>> Carried(Path("plan.xlsx"), ("E01",)).new
    False
    """

    path: Path
    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    other: tuple[tuple[str, str, str], ...] = ()
    new: bool = False


def agreed_of(kept: Kept) -> Iterator[tuple[Topic, Agreement]]:
    """Each question whose agreement is written, in the order of the debate."""
    for topic in kept.topics:
        if agreement := kept.session.states[topic.item].agreement:
            yield topic, agreement


def carry_actions(kept: Kept, path: Path) -> Carried:
    """Write the actions that were decided in a plan, each as one row « décidée en atelier ».

    An action that is there already, whatever has been made of it, is left as it is.

    Raises:
        Refused: the file is no plan, is open elsewhere, or cannot be written.
    """
    new = not path.exists()
    plan = Plan(path.name, make_actions([])) if new else read_plan(path)
    rows = plan.actions.to_dict("records")
    there = {tuple(row[name] for name in KEY) for row in rows}
    decided = [_row(kept, topic, agreement) for topic, agreement in agreed_of(kept)
               if agreement.action]  # fmt: skip
    added = [row for row in decided if tuple(row[name] for name in KEY) not in there]
    for row in added:
        row["id"] = free_id(f"{ATELIER} {kept.service}", [one["id"] for one in rows])
        row["pole"] = _pole(rows, kept)
        rows.append(row)
    if added:
        actions = make_actions(rows, list(plan.actions))
        save_plan(Plan(plan.file, actions, plan.notes, digest=plan.digest), path)
    written = tuple(row["item"] for row in added)
    known = tuple(row["item"] for row in decided if row["item"] not in written)
    return Carried(path, written, known, new=new and bool(added))


def _row(kept: Kept, topic: Topic, agreement: Agreement) -> dict[str, str]:
    """A decided action; its pilot, its date and its indicator are the team's to say.

    Dissent stays in the minutes: a plan goes further than the room.
    """
    said = f"Décidée en atelier ({ACCORDS[agreement.accord]})."
    evidence = f" Sur quoi l'on s'appuie : {agreement.evidence}" if agreement.evidence else ""
    return {
        "origin": ATELIER,
        "facility": kept.facility,
        "service": kept.service,
        "dimension": topic.dimension,
        "item": topic.item,
        "finding": topic.why,
        "action": agreement.action,
        "state": TO_DO,
        "progress": "0",
        "campaign": kept.campaign,
        "comment": typography(said) + typography(evidence),
    }


def _pole(rows: list[dict[str, Any]], kept: Kept) -> str:
    """The pôle under which the plan already has this service."""
    place = (kept.facility, kept.service)
    met = (row["pole"] for row in rows if (row["facility"], row["service"]) == place)
    return next(filter(None, met), "")


def plan_for(campaign: Path) -> Path:
    """The plan where the actions of a campaign's workshop go, whether it is there yet or not.

    The one the campaign names, else the one of a programme that names the campaign, else
    ``plan.xlsx`` beside it.
    """
    return plan_file(campaign) or campaign.parent / "plan.xlsx"


def takes_answers(campaign: Path) -> bool:
    """Whether a campaign's answers are those of a group: of people, none may be added.

    Raises:
        Refused: the campaign cannot be read.
    """
    if not is_campaign_file(campaign):
        return False
    return load_instrument(load_campaign(campaign).instrument, campaign.parent).of_a_group


def carry_answers(kept: Kept, campaign: Path, *, replace: bool = False) -> Carried:
    """Write the agreed answers in the answers file of a group's campaign.

    A blank is filled in. Where the file says otherwise, nothing is changed unless ``replace``;
    what was replaced then stays in the journal beside the file.

    Raises:
        Refused: the file is not one that entry writes, another notebook holds it, or it cannot be
            written.
    """
    from qgdr_eval.asking.widget import open_entry  # what shows a form is slow to load

    entry = open_entry(campaign)
    where = {"facility": kept.facility, "service": kept.service}
    _refuse_several(entry, campaign)
    given = entry.answer({"do": "open", "where": where})["answers"]
    agreed = {topic.item: agreement.answer for topic, agreement in agreed_of(kept)
              if agreement.answer is not None}  # fmt: skip
    same = tuple(item for item, code in agreed.items() if given.get(item) == code)
    other = tuple(item for item in agreed if item in given and item not in same)
    taken = tuple(item for item in agreed if item not in same and (replace or item not in other))
    if taken:
        answers = {item: str(agreed[item]) for item in taken}
        entry.answer({"do": "keep", "where": where, "answers": answers})
    left = () if replace else tuple(_both(kept, item, given[item], agreed[item]) for item in other)
    return Carried(campaign.parent / entry.asked.campaign.responses.file, taken, same, left)


def _both(kept: Kept, item: str, there: int, agreed: int) -> tuple[str, str, str]:
    (topic,) = (one for one in kept.topics if one.item == item)
    labels = dict(topic.answers)
    return topic.text, labels.get(there, str(there)), labels[agreed]


def _refuse_several(entry: Any, campaign: Path) -> None:
    if "subject" in entry.entries.sheet.roles:
        what = "plusieurs groupes d'un service y répondent : laquelle de ses lignes écrire ?"
        cure = f"reportez les réponses du compte rendu, par le carnet {quote('05_saisie')}"
        raise Refused([Problem(campaign.name, None, "columns", typography(what), typography(cure))])


def say_actions(carried: Carried) -> str:
    """What became of the actions that were decided, in French.

    >>> say_actions(Carried(Path("plan.xlsx"), ("E01",), ("E02",))).split(", ")[1]
    '1 y était déjà'
    """
    n, known = len(carried.added), len(carried.known)
    if not (n or known):
        return typography("Aucune action n'a été décidée : rien n'est à porter au plan.")
    parts = [count(n, "action inscrite", "actions inscrites")]
    if known:
        parts.append(f"{number(known)} y {'était' if known == 1 else 'étaient'} déjà")
    text = f"{carried.path} : {', '.join(parts)}"
    if carried.new:
        text += (
            f"\nCe plan est nouveau : nommez-le, par {quote(f'plan: {carried.path.name}')}, dans "
            "le programme ou dans la campagne suivante."
        )
    return typography(text)


def say_answers(carried: Carried, again: str) -> str:
    """What became of the answers that were agreed, in French.

    ``again``: the command that replaces those that the file says otherwise.

    >>> say_answers(Carried(Path("r.csv"), ("A",), ("B", "C")), "").split(", ")[1]
    '2 y étaient déjà'
    """
    n, known = len(carried.added), len(carried.known)
    if not (n or known or carried.other):
        return typography("Aucune réponse commune n'a été écrite : rien n'est à porter au fichier.")
    parts = [count(n, "réponse du groupe écrite", "réponses du groupe écrites")]
    if known:
        parts.append(f"{number(known)} {'y était' if known == 1 else 'y étaient'} déjà")
    lines = [f"{carried.path} : {', '.join(parts)}"]
    lines += [f"  Laissée telle quelle : {quote(text)} Le fichier dit {quote(there)}, l'atelier "
              f"{quote(agreed)}." for text, there, agreed in carried.other]  # fmt: skip
    said = typography("\n".join(lines))
    if not carried.other:
        return said
    return f"{said}\n{typography('Pour que l’accord l’emporte : ')}{again}"
