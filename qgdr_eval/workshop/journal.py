"""A workshop on disk: one small file of counts, written whole and flushed before each answer.

It holds no order and no time but the day a question was opened: a vote adds one to a count, its
token goes to its place in a sorted list, and the list is gone when the round closes. There is no
log beside it. A server and a notebook
may hold the same workshop: each writes under a lock, on what the file says by then.
"""

import datetime
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from qgdr_eval.fingerprint import of_values
from qgdr_eval.french import typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.workshop.debate import Debate, Topic, find_team, open_debate
from qgdr_eval.workshop.session import Agreement, Event, Round, Session, State, apply, begin
from qgdr_eval.writing import Unwritable, slug, write_durably

FORMAT = 1
PATIENCE = 3  # seconds given to another program that writes in the same workshop
AGAIN = 0.01  # seconds between two tries
WITHHELD = (
    "Choisie sur des résultats qui n'étaient pas publiés : leurs chiffres ne sont pas repris."
)


@dataclass(frozen=True)
class Kept:
    """What the file of a workshop holds. ``room``: the part of the address that telephones know.

    ``title``, ``period``: of the campaign; ``results``: SHA-256 of those put to debate; ``topics``:
    the questions, as they were first chosen. ``draft``: begun with an earlier kit, on results that
    were not published: no reason is read back.

    >>> Kept("c", "Titre", "mars", "CH", "Nuit", "draft", True, "salle", (), begin({})).service
    'Nuit'
    """

    campaign: str
    title: str
    period: str
    facility: str
    service: str
    results: str
    draft: bool
    room: str
    topics: tuple[Topic, ...]
    session: Session

    @property
    def days(self) -> tuple[str, ...]:
        """The ISO days on which questions were opened to a vote, in their order."""
        return tuple(sorted({state.day for state in self.session.states.values()} - {""}))


def journal_path(campaign: Path, facility: str, service: str) -> Path:
    """Where the workshop of a service is kept: in ``atelier``, beside the campaign.

    Two services of one name, or of names that begin alike, have each their own.

    >>> journal_path(Path("a/campagne.yml"), "Hôpital", "Unité / 2").as_posix()
    'a/atelier/campagne-unite-2-0f3a.json'
    """
    mark = of_values(facility, service)[:4]
    return campaign.parent / "atelier" / f"{campaign.stem}-{slug(service)}-{mark}.json"


class Journal:
    """The workshop as it stands, and its file. ``debate``: what it begins with, if it is not there.

    >>> from tempfile import TemporaryDirectory
    >>> from qgdr_eval.workshop.debate import open_debate
    >>> debate = open_debate(stored_results)
    >>> with TemporaryDirectory() as folder:
    ...     Journal(Path(folder) / "atelier.json", debate).resumed
    ...     Journal(Path(folder) / "atelier.json", debate).resumed
    False
    True

    Raises:
        Refused: the file is of an unknown format, or was altered.
        Unwritable: the disk does not take it.
    """

    def __init__(self, path: Path, debate: Debate | None = None) -> None:
        self.path = path
        with self._alone():
            self.resumed = path.exists()
            if debate and not self.resumed:
                _write(path, _first(debate))
            self._seen, self._kept = _mark(path), read_session(path)

    @property
    def kept(self) -> Kept:
        """The workshop as its file has it: a server and a notebook may hold the same one."""
        seen = _mark(self.path)
        if seen and seen != self._seen:
            self._seen, self._kept = seen, read_session(self.path)
        return self._kept

    @property
    def session(self) -> Session:
        """Where the workshop stands."""
        return self.kept.session

    def take(self, event: Event) -> None:
        """Apply what happened; it is on disk when this returns.

        Raises:
            NotNow: it cannot happen at this step; nothing changed.
            Refused: another program holds the file, or the disk does not take it; nothing changed.
        """
        with self._alone():
            there = read_session(self.path) if self.path.exists() else self._kept
            day = datetime.date.today().isoformat()
            after = replace(there, session=apply(there.session, event, day))
            _write(self.path, after)
            self._seen, self._kept = _mark(self.path), after

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = FileLock(f"{self.path}.lock", timeout=PATIENCE, poll_interval=AGAIN)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            what, cure = "un autre programme y écrit en ce moment", "attendez, puis recommencez"
            raise Refused([Problem(self.path.name, None, "", what, cure)]) from None
        except OSError as error:
            raise Unwritable(self.path, error) from None
        try:
            yield
        finally:
            lock.release()


def _mark(path: Path) -> tuple[int, ...]:
    """What changes with the file, none when it is gone: it is written whole, under a new inode."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size


def read_session(path: Path) -> Kept:
    """Read a workshop back.

    Raises:
        Refused: an unknown format, or a file that is not ours.
    """
    try:
        return _decode(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError):
        what = "ce n'est pas un atelier que cette version sait lire"
        cure = "rétablissez ce fichier, ou mettez-le de côté pour recommencer l'atelier"
        raise Refused([Problem(path.name, None, "", typography(what), cure)]) from None


def read_held(path: Path) -> Kept:
    """A workshop that was held, or is being held.

    Raises:
        Refused: none was, or its file cannot be read.

    >>> try:
    ...     read_held(Path("atelier.json"))
    ... except Refused as refused:
    ...     "aucun atelier" in str(refused)
    True
    """
    if not path.exists():
        what, cure = "aucun atelier n'a été tenu pour ce service", "lancez-le par « qgdr workshop »"
        raise Refused([Problem(path.name, None, "", typography(what), typography(cure))])
    return read_session(path)


def set_aside(path: Path) -> Path | None:
    """Put a workshop aside under the first free name, so that another may begin; None without one.

    Raises:
        Unwritable: the disk does not take it.

    >>> set_aside(Path("atelier.json")) is None
    True
    """
    if not path.exists():
        return None
    names = (path.with_name(f"{path.stem}-{rank}.json") for rank in count(1))
    aside = next(name for name in names if not name.exists())
    try:
        return path.rename(aside)
    except OSError as error:
        raise Unwritable(path, error) from None


def open_journal(campaign: Path, facility: str = "", service: str = "") -> Journal:
    """The workshop of a service, where it was left, else begun on its published results.

    >>> import shutil
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     open_journal(Path(shutil.copy(stored_results, folder))).kept.service
    'Médecine interne'

    Raises:
        Refused: as `qgdr_eval.workshop.open_debate`, or the file of the workshop is not ours.
        Unwritable: the disk does not take it.
    """
    team = find_team(str(campaign), facility, service)
    path = journal_path(campaign, team.facility, team.service)
    names = team.facility, team.service
    return Journal(path, None if path.exists() else open_debate(str(campaign), *names))


def _first(debate: Debate) -> Kept:
    session = begin({topic.item: topic.codes for topic in debate.topics})
    card = debate.card
    place = (debate.facility, debate.service, debate.results, card.draft)
    room = secrets.token_urlsafe(6)
    return Kept(card.id, card.title, card.period, *place, room, debate.topics, session)


def _write(path: Path, kept: Kept) -> None:
    text = json.dumps({"format": FORMAT, **asdict(kept)}, ensure_ascii=False, indent=1)
    write_durably(path, text.encode(), private=True)


def _decode(read: dict[str, Any]) -> Kept:
    if read.pop("format") != FORMAT:
        raise ValueError
    said = {"why": WITHHELD} if read["draft"] else {}
    topics = [Topic(**one | {"answers": tuple(map(tuple, one["answers"]))} | said)
              for one in read.pop("topics")]  # fmt: skip
    given = read.pop("session")
    answers = {item: tuple(codes) for item, codes in given["answers"].items()}
    states = {item: _state(state) for item, state in given["states"].items()}
    session = Session(answers, states, given["current"], given["version"])
    return Kept(topics=tuple(topics), session=session, **read)


def _state(read: dict[str, Any]) -> State:
    first, second = map(_round, read["rounds"])
    agreed = read["agreement"]
    agreement = Agreement(**agreed) if agreed else None
    return State(read["step"], (first, second), agreement, read.get("day", ""))


def _round(read: dict[str, Any]) -> Round:
    private, cards = ({int(code): n for code, n in read[name].items()}
                      for name in ("private", "cards"))  # fmt: skip
    return Round(private, cards, tuple(read["used"]), read["hidden"])
