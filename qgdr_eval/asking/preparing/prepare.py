"""Prepare a campaign: a key, cards drawn by chance, what is printed, and nothing that names."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qgdr_eval.asking.asked.campaign import Asked, print_of, read_asked
from qgdr_eval.asking.asked.inquiry import (
    DROPPED,
    Inquiry,
    Unit,
    database_path,
    drafts_path,
    inquiry_path,
    write_inquiry,
)
from qgdr_eval.asking.asked.joining import Joined
from qgdr_eval.asking.preparing.sheets import write_sheets
from qgdr_eval.asking.returning.returned import room_of_return
from qgdr_eval.asking.sealing.cards import SPARE, Codes, card_of, new_code, shuffled
from qgdr_eval.asking.sealing.keys import (
    TypeBack,
    refuse_key_inside,
    refuse_untyped,
    write_key_file,
)
from qgdr_eval.asking.sealing.seal import Pair, new_pair
from qgdr_eval.french import quote, typography
from qgdr_eval.problems import Problem, Refused


@dataclass(frozen=True)
class Prepared:
    """What was prepared: the files to print, and how many cards each unit has."""

    inquiry: Inquiry
    files: list[Path]


def prepare(path: Path, out: Path, key: Path, type_back: TypeBack, joined: Joined | None = None, *,
            key_here: bool = False, replace: bool = False) -> Prepared:  # fmt: skip
    """Write what a campaign needs in order to ask; nothing but the key before it is confirmed.

    ``out``: where what is to be printed goes; ``key``: the file of the opening key; ``type_back``:
    asks for groups of its paper copy; ``joined``: its roster, services joined, to be written too;
    ``key_here``: the key may lie with what it opens; ``replace``: prepare again a campaign that
    nobody has answered yet.

    Raises:
        Refused: what a campaign must say and does not; a key kept with what it opens, or whose
            copy is wrong; a campaign already prepared.
        Unwritable: the disk does not take it.
    """
    asked = read_asked(path, joined)
    refuse_begun(asked, replace=replace)
    for folder in () if key_here else (path.parent, out):
        refuse_key_inside(key, folder)
    pair = new_pair()
    write_key_file(key, " ".join(asked.campaign.title.split()), pair)
    try:
        refuse_untyped(pair, type_back)
    except BaseException:
        key.unlink(missing_ok=True)
        raise
    if joined:
        joined.write()
    codes = draw_cards(asked)
    inquiry = inquiry_of(asked, pair, codes)
    files = write_sheets(asked, inquiry, codes, out)
    written = inquiry_path(path, asked.campaign.id)
    write_inquiry(written, inquiry)
    (written.parent / DROPPED).mkdir(exist_ok=True)
    return Prepared(inquiry, files)


def draw_cards(asked: Asked) -> Codes:
    """One code a head and two to spare for each service, shuffled; none without cards.

    A code is nobody's until somebody draws it.
    """
    if asked.asking.access == "open":
        return {name: [] for name, _ in _heads(asked)}
    return {
        name: shuffled([new_code() for _ in range(heads + SPARE)]) for name, heads in _heads(asked)
    }


def inquiry_of(asked: Asked, pair: Pair, codes: Codes) -> Inquiry:
    """What is kept of a preparation: the public key, and the mark of each card, sorted."""
    salt = secrets.token_bytes(16)
    units = [
        Unit(*name, heads, tuple(sorted(card_of(code, salt).mark for code in codes[name])),
             SPARE if codes[name] else 0)
        for name, heads in _heads(asked)
    ]  # fmt: skip
    return Inquiry(
        asked.campaign.id,
        print_of(asked.instrument),
        pair.public.hex(),
        salt.hex(),
        room_of_return(asked.instrument, asked.asking.classes, units),
        asked.asking.access,
        tuple(units),
    )


def refuse_begun(asked: Asked, *, replace: bool) -> None:
    """Refuse to prepare again what was prepared, always when an answer may have come in.

    Raises:
        Refused: with what to do.
    """
    path = inquiry_path(asked.path, asked.campaign.id)
    begun = sorted(path.parent.glob(f"{asked.campaign.id}.sqlite*"))
    begun += sorted((path.parent / DROPPED).glob("*.qgdr"))
    elsewhere = (where(asked.path, asked.campaign.id) for where in (database_path, drafts_path))
    begun += [one for one in elsewhere if one.exists()]
    what = ""
    if begun:
        what = "des réponses sont peut-être arrivées : préparer de nouveau les perdrait"
        cure = "donnez à la nouvelle campagne un autre « id », et son dossier"
    elif path.exists() and not replace:
        what = "cette campagne est déjà préparée : les cartes imprimées ne vaudraient plus rien"
        cure = f"pour recommencer, détruisez-les et ajoutez {quote('--replace')}"
    elif asked.answers.exists():
        what = f"{asked.answers.name} existe déjà : les réponses à venir s'écriraient par-dessus"
        cure = "déplacez ce fichier, ou donnez un autre nom sous « responses: »"
    if what:
        raise Refused([Problem(asked.path.name, None, "", typography(what), typography(cure))])


def _heads(asked: Asked) -> Iterator[tuple[tuple[str, str], int]]:
    rows = asked.roster[["facility", "service", "head_count"]].itertuples(index=False)
    for facility, service, heads in rows:
        yield (str(facility), str(service)), int(heads) if heads == heads and heads else 0
