"""What was opened so far of a campaign: the cards that were counted, the file that was written."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from qgdr_eval.asking.asked.inquiry import Mark, inquiry_path
from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.french import quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.responses.campaign import Campaign
from qgdr_eval.shell import argument
from qgdr_eval.writing import write_durably

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$|^$")]


@dataclass(frozen=True)
class Opened:
    """``closed``: nothing more is asked; ``written``: the fingerprint of the answers file.

    ``used``: marks of the cards counted, sorted; ``remarks``: fingerprints of the boxes of remarks
    read. ``next``: what an opening was about to write, until it is known to be written.
    """

    closed: bool = False
    written: Digest = ""
    used: tuple[Mark, ...] = ()
    remarks: tuple[Digest, ...] = ()
    next: "Opened | None" = None


KEPT: TypeAdapter[Opened] = TypeAdapter(Opened)


def opened_path(inquiry: Path) -> Path:
    """Where it is kept, beside the inquiry.

    >>> opened_path(Path("recueil/essai.json")).name
    'essai.ouvert.json'
    """
    return inquiry.with_name(f"{inquiry.stem}.ouvert.json")


def read_opened(path: Path, answers: Path) -> Opened:
    """What was opened so far; an opening that was interrupted counts if its file is there.

    Raises:
        Refused: it is damaged; the answers file is not the one that was written.
    """
    try:
        opened = KEPT.validate_json(path.read_bytes())
    except FileNotFoundError:
        opened = Opened()
    except (OSError, ValueError):
        raise _refusal(f"{path.parent.name}/{path.name}", "ce fichier du recueil est abîmé",
                       "rétablissez-le d'une sauvegarde") from None  # fmt: skip
    there = of_bytes(answers.read_bytes()) if answers.exists() else ""
    if opened.next and there == opened.next.written:
        return opened.next
    if there != opened.written:
        what = "ce fichier n'est pas celui que l'ouverture a écrit, ou il a été modifié depuis"
        cure = f"rétablissez-le, ou déplacez-le : {quote('qgdr gather')} n'écrit que sur le sien"
        raise _refusal(answers.name, what, cure)
    return replace(opened, next=None)


def is_closed(path: Path) -> bool:
    """Whether the answers were opened: nothing more is asked. What cannot be read is not open."""
    try:
        opened = KEPT.validate_json(path.read_bytes())
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True
    return opened.closed or opened.next is not None


def write_opened(path: Path, opened: Opened) -> None:
    """Keep it, whole or not at all.

    Raises:
        Unwritable: the disk does not take it.
    """
    text = json.dumps(KEPT.dump_python(opened, mode="json"), indent=1)
    write_durably(path, f"{text}\n".encode())


def refuse_sealed(path: Path, campaign: Campaign) -> None:
    """Refuse to read answers that nobody opened yet; say the next command.

    Raises:
        Refused: the campaign asks by itself, and its answers are still to come or sealed.
    """
    if sealed := still_sealed(path, campaign):
        raise Refused([sealed])


def still_sealed(path: Path, campaign: Campaign) -> Problem | None:
    """Why there is no answer to read yet, and the next command; None when there is.

    A campaign that does not ask by itself has its answers, or lacks them for another reason.
    """
    if campaign.asking is None or (path.parent / campaign.responses.file).exists():
        return None
    if inquiry_path(path, campaign.id).exists():
        what, next_ = "les réponses sont encore scellées", f"qgdr gather {argument(path)} --key …"
    else:
        what, next_ = (
            "personne n'a encore été interrogé",
            f"qgdr ask {argument(path)} --out … --key …",
        )
    return Problem(path.name, None, "", typography(what), f"lancez « {next_} »")


def _refusal(where: str, what: str, cure: str) -> Refused:
    return Refused([Problem(where, None, "", typography(what), typography(cure))])
