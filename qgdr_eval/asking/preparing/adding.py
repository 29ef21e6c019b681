"""A card added once cards were drawn: for who arrives, or for a card that was lost."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qgdr_eval.asking.asked.campaign import Asked, read_asked, refuse_changed
from qgdr_eval.asking.asked.floor import FLOOR, too_few
from qgdr_eval.asking.asked.inquiry import Inquiry, Unit, inquiry_path, load_inquiry, write_inquiry
from qgdr_eval.asking.asked.opened import is_closed, opened_path
from qgdr_eval.asking.preparing.sheets import lay_added, place_of
from qgdr_eval.asking.sealing.cards import Codes, card_of, new_code, shuffled
from qgdr_eval.french import count, did_you_mean, listed, quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.tables.spelling import plain
from qgdr_eval.writing import refuse_unwritable, written_whole


@dataclass(frozen=True)
class Added:
    """What was added: the sheets to print, and how many cards each unit was given."""

    files: list[Path]
    counts: dict[str, int]


def add_cards(path: Path, services: Sequence[str], out: Path) -> Added:
    """Add a card to each of these services, as often as it is named; print them alone.

    A card that was drawn is nobody's; one that is added is known to be that of who asked for it,
    and says so. It is accepted from then on, by a server that runs too.

    Raises:
        Refused: no such service, cards that nobody prepared, a campaign that is closed.
        Unwritable: the disk does not take it.
    """
    asked = read_asked(path)
    kept = inquiry_path(path, asked.campaign.id)
    inquiry = load_inquiry(kept)
    refuse_changed(asked, inquiry.instrument)
    _refuse_late(asked, inquiry, kept)
    counts = Counter(_unit(name, asked, inquiry) for name in services)
    codes = {unit.name: shuffled([new_code() for _ in range(n)]) for unit, n in counts.items()}
    laid = lay_added(asked, list(counts), codes)
    pages = {_free_name(out / name): page for name, page in laid.items()}
    for file in pages:
        refuse_unwritable(file)
    write_inquiry(kept, with_cards(inquiry, codes))  # first: a card printed is a card accepted
    for file, page in pages.items():
        with written_whole(file) as half:
            half.write_text(page, encoding="utf-8", newline="\n")
    return Added(list(pages), {place_of(unit, asked): n for unit, n in counts.items()})


def with_cards(inquiry: Inquiry, codes: Codes) -> Inquiry:
    """The inquiry with the marks of these codes too, sorted among those that were there."""
    salt = bytes.fromhex(inquiry.salt)

    def grown(unit: Unit) -> Unit:
        marks = [card_of(code, salt).mark for code in codes.get(unit.name, ())]
        cards = tuple(sorted((*unit.cards, *marks)))
        return dataclasses.replace(unit, cards=cards, added=unit.added + len(marks))

    return dataclasses.replace(inquiry, units=tuple(map(grown, inquiry.units)))


def told_of(added: Added) -> str:
    """What who adds a card must know, in French."""
    number = sum(added.counts.values())
    to = listed(f"{quote(name)} ({count(n, 'carte')})" for name, n in added.counts.items())
    return typography(
        f"Ajouté pour {to}. Attention : une carte ajoutée n'est pas tirée au sort, on sait à qui "
        "elle est. Qui la voit et lit le recueil saura si cette personne a répondu ; avec la clé, "
        "avant l'ouverture, ce qu'elle a répondu. La carte le dit à qui la reçoit. Donnez d'abord "
        "les cartes de réserve. Une carte perdue, elle, reste valable : rien ne dit laquelle "
        f"c'est. Imprimez {'la' if number < 2 else 'les'}, puis supprimez le fichier"
    )


def _refuse_late(asked: Asked, inquiry: Inquiry, kept: Path) -> None:
    if is_closed(opened_path(kept)):
        what = "les réponses de cette campagne ont été ouvertes : elle est close"
        raise _refusal(asked.path.name, what, "une carte de plus ne servirait à rien")
    if inquiry.access != "cards":
        what = "cette campagne se passe de cartes : on y répond en choisissant son service"
        raise _refusal(asked.path.name, what, "donnez l'adresse, ou le formulaire hors ligne")


def _unit(name: str, asked: Asked, inquiry: Inquiry) -> Unit:
    """The unit of a service, by its name, or by its name and its facility's.

    Raises:
        Refused: none has cards under this name, or several; too few cards to be asked alone.
    """
    found = [one for one in inquiry.units if plain(name) in _spellings(one, asked)]
    if len(found) != 1:
        known = [place_of(unit, asked) for unit in inquiry.units]
        several = "plusieurs services ont" if found else "aucun service interrogé n'a"
        cure = did_you_mean(name, [one for one in known if one != name])
        raise _refusal("--add", f"{several} ce nom : {quote(name)}", cure)
    (unit,) = found
    if len(unit.cards) - unit.added < FLOOR:
        cure = "préparez de nouveau la campagne en réunissant ce service à un autre, par --join"
        raise _refusal("--add", too_few(unit.service, unit.heads), cure)
    return unit


def _spellings(unit: Unit, asked: Asked) -> Iterable[str]:
    return {plain(unit.service), plain(place_of(unit, asked))}


def _free_name(path: Path) -> Path:
    """Never in the place of a sheet that was perhaps not printed yet."""
    names = (path.with_stem(f"{path.stem}-{rank}") if rank > 1 else path for rank in range(1, 1000))
    return next(name for name in names if not name.exists())


def _refusal(where: str, what: str, cure: str) -> Refused:
    return Refused([Problem(where, None, "", typography(what), typography(cure))])
