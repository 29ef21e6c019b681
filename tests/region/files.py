"""Sixty signed files of sixty invented facilities, and eight ways of making one bad."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qgdr_eval.region import Sent, demo_region
from qgdr_eval.region.signature import ENDING, Key, key_of

SIXTY = 60
REGION = """\
id: essai
title: Culture de sécurité, région d'essai
period: mars 2026
instrument: culture_securite
versions: [{version}]
since: 2026-01-01
until: 2026-12-31
kinds: [Médecine, Chirurgie, Urgences]
keys:
"""


def no_password() -> str:
    raise AssertionError("a key made here has none")


@dataclass(frozen=True)
class Country:
    """The folder of a region: its file, then what each facility sent, by rank."""

    folder: Path
    keys: list[Key]

    @property
    def region(self) -> Path:
        return self.folder / "region.yml"

    def file(self, rank: int) -> Path:
        return self.folder / f"{rank:02d}.json"

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"))

    def sent(self, rank: int) -> Sent:
        return Sent.read(self.file(rank).read_bytes())

    def write(self, rank: int, sent: Sent, key: Key | None = None) -> None:
        """Sign what a facility sends, in its own name unless another key is given."""
        self.put(self.file(rank), sent.written(), key or self.keys[rank])

    def put(self, path: Path, content: bytes, key: Key) -> None:
        path.write_bytes(content)
        path.with_name(path.name + ENDING).write_bytes(key.sign(content, "essai"))

    def change(self, rank: int, **values: object) -> None:
        """Sign again what a facility sent, with other values."""
        plain = json.loads(self.sent(rank).model_dump_json()) | values
        self.write(rank, Sent.model_validate_json(json.dumps(plain)))

    def change_services(self, rank: int, **values: object) -> None:
        facility = json.loads(self.sent(rank).facilities[0].model_dump_json())
        facility["services"] = [one | values for one in facility["services"]]
        self.change(rank, facilities=[facility])


def settle(folder: Path, facilities: int) -> Country:
    """A region of so many facilities, each with a key and a file."""
    folder.mkdir(parents=True, exist_ok=True)
    sent = [one.sent for one in demo_region(SIXTY).kept[:facilities]]
    keys = [key_of(folder / f"{rank:02d}.key", no_password) for rank in range(facilities)]
    lines = [
        f'  - {{key: {key.public}, facilities: ["{one.facilities[0].name}"]}}'
        for key, one in zip(keys, sent, strict=True)
    ]
    country = Country(folder, keys)
    country.region.write_text(
        REGION.format(version=sent[0].version) + "\n".join(lines) + "\n", encoding="utf-8"
    )
    for rank, one in enumerate(sent):
        country.write(rank, one)
    return country


def tamper(country: Country, rank: int) -> None:
    content = country.file(rank).read_bytes()
    at = content.index(b'"n":')
    country.file(rank).write_bytes(content[: at + 4] + b"9" + content[at + 5 :])


def duplicate(country: Country, rank: int) -> None:
    """The facility of this rank sends nothing; the file before it comes under its name too."""
    country.put(country.file(rank), country.file(rank - 1).read_bytes(), country.keys[rank - 1])


def unknown(country: Country, rank: int) -> None:
    stranger = key_of(country.folder / "inconnue.key", no_password)
    country.write(rank, country.sent(rank), stranger)


BAD: dict[str, Callable[[Country, int], None]] = {
    "tampered": tamper,
    "unknown_key": unknown,
    "duplicate": duplicate,
    "stale": lambda country, rank: country.change(rank, published="2024-03-31"),
    "instrument": lambda country, rank: country.change(rank, version="9.9.9"),
    "coding": lambda country, rank: country.change(rank, coding="already_reversed"),
    "kind": lambda country, rank: country.change_services(rank, kind=""),
    "under_protected": lambda country, rank: country.change(rank, minimum=5),
}
"""Each way of being bad, by the reason it is refused for."""
