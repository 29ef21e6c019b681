"""The form as one file: it seals in the browser, and saves what nobody but the opener reads."""

import json
from typing import Any

from markupsafe import Markup

from qgdr_eval.asking.asked.campaign import Asked
from qgdr_eval.asking.asked.inquiry import Inquiry
from qgdr_eval.asking.form.lay import (
    CLASS,
    COMMENT,
    Closing,
    Host,
    lay_form,
    length_of,
    read,
    render,
)
from qgdr_eval.asking.returning.boxes import FIRST, SUFFIX
from qgdr_eval.asking.sealing.cards import ALPHABET, EXAMPLE, MISREAD, MODULUS, RADIX, SIZE, spaced
from qgdr_eval.french import set_type, typography

FILE = Host(
    "file",
    "Rien ne quitte cette page avant que vous n'envoyiez. Vos réponses sont alors scellées dans un "
    "petit fichier que vous seul déposez : celui qui l'ouvrirait n'y lirait rien. Cette page ne "
    "garde rien : si vous la fermez avant la fin, il faudra recommencer.",
)
"""A form opened from a disk."""


def closing_of(asked: Asked) -> Closing:
    """What a campaign asks last."""
    prompt = next(iter(asked.campaign.columns.strata.values()), "")
    return Closing(prompt, asked.asking.classes, asked.asking.comments)


def lay_offline(asked: Asked, inquiry: Inquiry, facility: str) -> str:
    """The file that people of a facility open: form, style, script and public key inside.

    It fetches nothing and keeps nothing.
    """
    drop = _where_to_drop(asked)
    return render(
        "preparing/offline",
        title=typography(asked.campaign.title),
        form=Markup(lay_form(asked.instrument, FILE, closing_of(asked))),
        told=Markup(set_type(render("preparing/sheets/told", asked=asked))),
        length=length_of(asked.instrument),
        drop=typography(drop),
        style=Markup(read("form/form.css") + read("preparing/offline.css")),
        scripts=Markup(_one_module("form/form.js", "sealing/seal.js", "preparing/offline.js")),
        settings=Markup(_settings(asked, inquiry, facility, typography(drop))),
        access=inquiry.access,
        places=[unit.name for unit in inquiry.units],
        several=asked.several_facilities,
        example=spaced(EXAMPLE),
    )


def _where_to_drop(asked: Asked) -> str:
    """Where the file that is saved goes, as the campaign says it, or who knows."""
    if asked.asking.drop:
        return f"Déposez-le ici : {asked.asking.drop}."
    return (
        "Déposez-le dans le dossier que vous indique la personne qui vous a remis ce formulaire ; "
        f"sinon, demandez-le : {asked.asking.contact}."
    )


def _one_module(*names: str) -> str:
    """Scripts of the form, one after the other: a file on a disk may not import another."""
    return "\n".join(read(name).replace("\nexport ", "\n") for name in names)


def _settings(asked: Asked, inquiry: Inquiry, facility: str, drop: str) -> str:
    """What the script needs in order to seal, as JSON that no text can break out of."""
    settings: dict[str, Any] = {
        "key": inquiry.public,
        "answers": {"use": inquiry.seal.use, "room": inquiry.seal.room},
        "access": inquiry.access,
        "code": {
            "alphabet": ALPHABET,
            "size": SIZE,
            "misread": _pairs(),
            "modulus": MODULUS,
            "radix": RADIX,
        },
        "names": {"class": CLASS, "comment": COMMENT},
        "first": FIRST.decode(),
        "suffix": SUFFIX,
        "facility": facility,
        "drop": drop,
    }
    if asked.asking.comments:
        remark = inquiry.remark_seal
        settings["remark"] = {"use": remark.use, "room": remark.room}
    return json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")


def _pairs() -> dict[str, str]:
    return {chr(seen): chr(int(meant)) if isinstance(meant, int) else str(meant)
            for seen, meant in MISREAD.items()}  # fmt: skip
