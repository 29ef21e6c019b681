"""Files of many facilities in: what can be used is kept, what cannot is refused and said why."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qgdr_eval.french import count, date, listed, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Refused
from qgdr_eval.region.definition import Opened, Region, TrustedKey, load_region
from qgdr_eval.region.plausible import copies, implausible, mirrored
from qgdr_eval.region.refusals import Refusal, refusal
from qgdr_eval.region.sent import Facility, Group, Sent, measured_by
from qgdr_eval.region.signature import ENDING, is_signed, key_id, signer

NAMED = 3  # services that are named where several lack something


@dataclass(frozen=True)
class Received:
    """A file whose signature holds and that can be read."""

    file: str
    sent: Sent


@dataclass(frozen=True)
class Merged:
    """What is known of a region: its rules, the files kept, those refused.

    >>> from qgdr_eval.region import demo_region
    >>> len(demo_region().kept), len(demo_region().refused)
    (22, 1)
    """

    region: Region
    instrument: Instrument
    kept: tuple[Received, ...]
    refused: tuple[Refusal, ...]

    @property
    def facilities(self) -> tuple[Facility, ...]:
        """The facilities merged, in the order of ``region.yml``."""
        found = {one.name: one for received in self.kept for one in received.sent.facilities}
        return tuple(found[name] for name in self.region.facilities if name in found)

    def __str__(self) -> str:
        kept = count(len(self.kept), "fichier réuni", "fichiers réunis")
        refused = count(len(self.refused), "fichier écarté", "fichiers écartés")
        return "\n".join([*(str(one.problem) for one in self.refused), f"{kept}, {refused}"])


def gather(region: Path, files: Iterable[Path]) -> Merged:
    """Verify and read files, and keep those that a region accepts.

    >>> try:
    ...     gather(Path("nulle-part", "region.yml"), [])
    ... except Refused as refused:
    ...     print(refused.problems[0].what)
    fichier introuvable ou illisible

    Raises:
        Refused: ``region.yml`` has problems, or no file at all can be merged.
    """
    opened = load_region(region)
    looked = [_look(name, path, opened) for name, path in _called(files).items()]
    received = [one for one in looked if isinstance(one, Received)]
    refused = [one for one in looked if isinstance(one, Refusal)]
    for rule in (_duplicates, _copies, _overlaps, _mirrors):
        found = {one.file: one for one in rule(received)}
        received = [one for one in received if one.file not in found]
        refused += found.values()
    if not received:
        raise Refused(one.problem for one in refused)
    return Merged(opened.region, opened.instrument, tuple(received), tuple(refused))


def _called(files: Iterable[Path]) -> dict[str, Path]:
    """Files by their name; those of one name in several folders by their path."""
    paths = list(dict.fromkeys(files))
    names = Counter(path.name for path in paths)
    return {path.name if names[path.name] == 1 else path.as_posix(): path for path in paths}


def _look(name: str, path: Path, opened: Opened) -> Received | Refusal:
    """One file by itself: its signature first, nothing being read of what nobody signed."""
    beside = path.with_name(path.name + ENDING)
    try:
        content = path.read_bytes()
    except OSError:
        return refusal(name, "unreadable")
    try:
        signature = beside.read_bytes()
    except OSError:
        return refusal(name, "unsigned", signature=beside.name)
    trusted = {key_id(one.key): one for one in opened.region.keys}.get(signer(signature))
    if trusted is None:
        return refusal(name, "unknown_key")
    if not is_signed(content, signature, trusted.key):
        return refusal(name, "tampered")
    try:
        sent = Sent.read(content)
    except (ValueError, LookupError, TypeError, AttributeError):
        return refusal(name, "foreign")
    return next(_faults(name, sent, opened, trusted), Received(name, sent))


def _faults(file: str, sent: Sent, opened: Opened, trusted: TrustedKey) -> Iterator[Refusal]:
    """Why a file that is what was signed cannot be merged."""
    region, asked = opened.region, opened.instrument
    strangers = [one.name for one in sent.facilities if one.name not in trusted.facilities]
    if strangers:
        yield refusal(file, "not_theirs", names=_named(strangers))
    if sent.instrument != asked.id or sent.version not in region.versions:
        versions = listed(region.versions, "ou")
        yield refusal(file, "instrument", given=sent.instrument, version=sent.version,
                      asked=asked.id, versions=versions)  # fmt: skip
    if sent.version == asked.version and sent.measured != measured_by(asked):
        yield refusal(file, "altered")
    if sent.coding != region.coding:
        yield refusal(file, "coding", given=sent.coding, asked=region.coding)
    if not region.since <= sent.published <= region.until:
        days = {"day": sent.published, "since": region.since, "until": region.until}
        yield refusal(file, "stale", **{name: date(day) for name, day in days.items()})
    services = [one for facility in sent.facilities for one in facility.services]
    if odd := [one.name for one in services if region.kinds and one.kind not in region.kinds]:
        yield refusal(file, "kind", names=_named(odd), kinds=listed(region.kinds, "ou"))
    least = min([sent.minimum, *(group.n for group in _groups(sent))])
    if least < region.minimum:
        yield refusal(file, "under_protected", least=least, minimum=region.minimum)
    if cause := implausible(sent, asked):
        yield refusal(file, "implausible", cause=cause)


def _groups(sent: Sent) -> Iterator[Group]:
    for facility in sent.facilities:
        yield from filter(None, (*facility.services, facility.whole))


def _named(names: Sequence[str]) -> str:
    shown = listed(map(quote, names[:NAMED]))
    return f"{shown}…" if len(names) > NAMED else shown


def _duplicates(received: Sequence[Received]) -> Iterator[Refusal]:
    """The same publication under two names: the first one stays."""
    first: dict[object, str] = {}
    for one in received:
        said = one.sent.model_copy(update={"kit": ""})
        known = first.setdefault(said, one.file)
        if known != one.file:
            yield refusal(one.file, "duplicate", other=known)


def _overlaps(received: Sequence[Received]) -> Iterator[Refusal]:
    """Two files of one facility in one period would count people twice: the newest stays."""
    newest: dict[str, Received] = {}
    for one in sorted(received, key=lambda one: (one.sent.published, one.sent.rank)):
        newest |= {facility.name: one for facility in one.sent.facilities}
    for one in received:
        for facility in one.sent.facilities:
            if (kept := newest[facility.name]) is not one:
                yield refusal(one.file, "overlap", facility=facility.name, other=kept.file)


def _copies(received: Sequence[Received]) -> Iterator[Refusal]:
    """Files of different facilities that say the same: nobody knows whose figures they are."""
    for one, others in copies(received):
        yield refusal(one.file, "copy", names=_named(others))


def _mirrors(received: Sequence[Received]) -> Iterator[Refusal]:
    for one in mirrored(received):
        yield refusal(one.file, "polarity")
