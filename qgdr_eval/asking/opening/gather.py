"""Opening: boxes become the answers file of a campaign, every card counted once, in no order."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qgdr_eval.asking.asked.campaign import Asked, read_asked, refuse_changed
from qgdr_eval.asking.asked.floor import FLOOR, floor_of_opening
from qgdr_eval.asking.asked.inquiry import Inquiry, Unit, inquiry_path, load_inquiry
from qgdr_eval.asking.asked.opened import Opened, opened_path, read_opened, write_opened
from qgdr_eval.asking.opening.answers_file import Row, file_of, row_of, rows_of
from qgdr_eval.asking.returning.boxes import Source
from qgdr_eval.asking.returning.remarks import Remark, read_remarks, write_remarks
from qgdr_eval.asking.returning.returned import NotAReturn, Offered, Return, offered_by, returned
from qgdr_eval.asking.sealing.seal import CannotOpen, Pair, to_json
from qgdr_eval.fingerprint import of_bytes
from qgdr_eval.french import count, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import write_durably

Place = tuple[int, str]  # which source, which box


@dataclass(frozen=True)
class Found:
    """A box that was opened. ``place``: where it is kept; ``mark``: of its card."""

    place: Place
    mark: str
    unit: Unit
    answers: Return


@dataclass(frozen=True)
class Gathered:
    """What an opening did. ``counted``: new returns by unit; ``waiting``: still sealed, by unit.

    ``erased``: returns erased unread, by unit; ``twice``: boxes of a card already counted;
    ``unopened``: boxes no key of this campaign opens; ``refused``: those that are no return of it,
    by reason; ``remarks``: comments written; ``floor``: the fewest returns of a unit opened.
    """

    answers: Path
    counted: Mapping[Unit, int]
    total: int
    waiting: Mapping[Unit, int] = field(default_factory=dict)
    erased: Mapping[Unit, int] = field(default_factory=dict)
    twice: int = 0
    unopened: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    remarks: int = 0
    floor: int = 0


def gather(path: Path, pair: Pair, sources: Sequence[Source], *, last: bool = False) -> Gathered:
    """Open what came back and write the answers file; only then erase the boxes it counted.

    The first opening takes the services with five returns at least, a later one those with the
    campaign's minimum of new ones: fewer would be read as somebody's. The others stay sealed, or
    with ``last`` are erased unread. The first opening closes the campaign; where no service has
    five, it opens nothing and closes nothing.

    Raises:
        Refused: nothing was prepared; another key; an answers file that is not ours; nothing that
            may be opened yet.
        Unwritable: the disk does not take the file: no box is erased.
    """
    asked = read_asked(path)
    kept = inquiry_path(path, asked.campaign.id)
    inquiry = load_inquiry(kept)
    refuse_other(asked, inquiry, pair)
    before = read_opened(opened_path(kept), asked.answers)
    reading = _read(sources, asked, inquiry, pair)
    fresh, spent = _each_card_once(reading.found, before)
    if not (fresh or spent or before.closed):
        raise _nothing_came(asked, reading)
    floor = floor_of_opening(asked.campaign, closed=before.closed)
    taken, left = _chosen(fresh, floor)
    if left and not (taken or before.closed or last):
        raise _too_few_came(asked)
    rows = _rows_before(asked, before) + [row_of(found.answers, asked) for found in taken]
    remarks = read_remarks(sources, inquiry, pair, asked, before)
    after = _write(asked, kept, before, taken + (left if last else []), rows, remarks)
    _erase(sources, [*taken, *spent, *(left if last else [])], remarks)
    return Gathered(
        asked.answers,
        _by_unit(taken),
        len(rows),
        {} if last else _by_unit(left),
        _by_unit(left) if last else {},
        len(spent),
        reading.unopened,
        reading.refused,
        len(after.remarks) - len(before.remarks),
        floor,
    )


def refuse_other(asked: Asked, inquiry: Inquiry, pair: Pair) -> None:
    """Refuse what is not of this campaign.

    Raises:
        Refused: the questionnaire changed since it was asked; the key is another campaign's.
    """
    refuse_changed(asked, inquiry.instrument)
    if pair.public.hex() != inquiry.public:
        what = "cette clé n'ouvre pas cette campagne"
        raise _refusal("clé", what, "donnez celle que « qgdr ask » a écrite pour elle")


@dataclass(frozen=True)
class Reading:
    """Boxes as they were read."""

    found: list[Found]
    unopened: int
    refused: Mapping[str, int]


def _read(sources: Sequence[Source], asked: Asked, inquiry: Inquiry, pair: Pair) -> Reading:
    found, unopened, refused = [], 0, Counter[str]()
    offered = offered_by(asked.instrument)
    for at, source in enumerate(sources):
        for name, box in source.boxes().items():
            try:
                found.append(_open((at, name), box, asked, inquiry, pair, offered))
            except CannotOpen:
                unopened += 1
            except NotAReturn as error:
                refused[str(error)] += 1
    return Reading(found, unopened, refused)


def _open(
    place: Place, box: bytes, asked: Asked, inquiry: Inquiry, pair: Pair, offered: Offered
) -> Found:
    content = pair.open(box, inquiry.seal.use)
    card, unit, answers = returned(content, inquiry, offered, asked.asking.classes)
    return Found(place, card.mark, unit, answers)


def _each_card_once(found: list[Found], before: Opened) -> tuple[list[Found], list[Found]]:
    """One return a card, whatever the order of boxes; the boxes that are left over."""
    by_mark: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        by_mark[one.mark].append(one)
    used, fresh, spent = set(before.used), [], []
    for mark, ones in sorted(by_mark.items()):
        ones.sort(key=lambda one: (to_json(one.answers.content()), one.place))
        fresh += [] if mark in used else ones[:1]
        spent += ones if mark in used else ones[1:]
    return fresh, spent


def _chosen(fresh: list[Found], floor: int) -> tuple[list[Found], list[Found]]:
    """Those that are opened now, and those that stay sealed."""
    counts = _by_unit(fresh)
    taken = [one for one in fresh if counts[one.unit] >= floor]
    return taken, [one for one in fresh if counts[one.unit] < floor]


def _rows_before(asked: Asked, before: Opened) -> list[Row]:
    return rows_of(asked.answers.read_bytes()) if before.written else []


def _write(asked: Asked, kept: Path, before: Opened, counted: list[Found], rows: list[Row],
           remarks: list[Remark]) -> Opened:  # fmt: skip
    """Say what is about to be written, write it, read it back, say it is written."""
    content = file_of(rows, asked)
    used = tuple(sorted({*before.used, *(one.mark for one in counted)}))
    read = tuple(sorted({*before.remarks, *(remark.print for remark in remarks)}))
    after = Opened(True, of_bytes(content), used, read)
    state = opened_path(kept)
    write_opened(state, Opened(before.closed, before.written, before.used, before.remarks, after))
    write_durably(asked.answers, content)
    if of_bytes(asked.answers.read_bytes()) != after.written:
        what, cure = "ce fichier ne se relit pas comme il a été écrit", "vérifiez le disque"
        raise _refusal(asked.answers.name, what, cure)
    write_remarks(asked, remarks)
    write_opened(state, after)
    return after


def _erase(sources: Sequence[Source], counted: list[Found], remarks: list[Remark]) -> None:
    for at, source in enumerate(sources):
        source.erase(
            [one.place[1] for one in counted if one.place[0] == at],
            [name for remark in remarks for where, name in remark.places if where == at],
        )


def _by_unit(found: list[Found]) -> Counter[Unit]:
    return Counter(one.unit for one in found)


def _nothing_came(asked: Asked, reading: Reading) -> Refused:
    strange = reading.unopened + sum(reading.refused.values())
    what = "aucune réponse n'est arrivée : rien n'est ouvert, et la campagne continue"
    if strange:
        boxes = count(strange, "boîte")
        what += f" ; {boxes} ne s'ouvrent pas, ou ne sont pas de cette campagne"
    return _refusal(asked.path.name, what, "attendez-en, ou donnez leur dossier par --files")


def _too_few_came(asked: Asked) -> Refused:
    what = (
        f"aucun service n'a {FLOOR} réponses : moins nombreuses, elles se liraient comme celles de "
        "quelqu'un. Rien n'est ouvert, et la campagne continue"
    )
    cure = "attendez-en d'autres ; pour finir sans elles, --last les efface sans les lire"
    return _refusal(asked.path.name, what, cure)


def _refusal(where: str, what: str, cure: str) -> Refused:
    return Refused([Problem(where, None, "", typography(what), typography(cure))])
