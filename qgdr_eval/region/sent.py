"""What a facility sends to its region: one file of published figures, and nothing else."""

import json
from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt

from qgdr_eval.definitions import Strict
from qgdr_eval.fingerprint import of_values
from qgdr_eval.instruments import Instrument

FORMAT = 1
Name = Annotated[str, Field(max_length=300)]
Print = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/\[\]\-]{0,64}$")]


class Score(Strict):
    """The score of a group on an item; on a whole dimension when ``item`` is "".

    ``n``: valid answers behind it; ``low``, ``high``: in whole points, as pages print them.
    """

    dimension: Key
    item: Key
    n: PositiveInt
    score: float
    low: float
    high: float


class Group(Strict):
    """A service that is shown, or a facility as a whole: who was asked, who answered, scores."""

    name: Name
    kind: Name = ""
    head_count: PositiveInt | None = None
    n: PositiveInt
    scores: tuple[Score, ...]

    def of_dimension(self, dimension: str) -> Score | None:
        """Its score on a whole dimension, None when it is not shown."""
        own = (one for one in self.scores if (one.dimension, one.item) == (dimension, ""))
        return next(own, None)


class Facility(Strict):
    """One facility: its services that are shown, then all of them together.

    ``asked``: how many services were asked, ``people``: how many people, None when not known;
    ``whole``: None when it is not shown.

    >>> Facility(name="CH", asked=3, services=()).whole is None
    True
    """

    name: Name
    asked: PositiveInt
    people: NonNegativeInt | None = None
    services: tuple[Group, ...]
    whole: Group | None = None


class Deviation(Strict):
    """How far people stand from each other on a dimension, pooled over services shown."""

    dimension: Key
    services: Annotated[int, Field(ge=3)]
    deviation: Annotated[float, Field(ge=0, le=100)]


class Sent(Strict):
    """A campaign of people, as its publication of ``published`` shows it.

    ``measured``: fingerprint of the questionnaire, see `measured_by`; ``coding``: whether reversed
    items were exported as worded; ``register``: fingerprint of what is registered of it.

    >>> Sent.model_fields["format"].annotation
    typing.Literal[1]
    """

    format: Literal[1] = 1
    kit: Name
    campaign: Key
    title: Name
    period: Name
    published: Day
    rank: PositiveInt
    register_print: Print
    instrument: Key
    version: Key
    measured: Print
    population: Literal["respondent"]
    coding: Literal["as_worded", "already_reversed"]
    minimum: PositiveInt
    facilities: tuple[Facility, ...]
    deviations: tuple[Deviation, ...] = ()

    def written(self) -> bytes:
        """The bytes of its file: the same for the same figures, a facility's service a line."""
        plain = self.model_dump(mode="json")
        plain["facilities"] = [_short(one) for one in plain["facilities"]]
        return _lines(plain)

    @classmethod
    def read(cls, content: bytes) -> "Sent":
        """Read a file back. Raises `ValueError` when it is not one of ours."""
        plain = json.loads(content)
        for facility in plain["facilities"]:
            for group in filter(None, (*facility["services"], facility["whole"])):
                group["scores"] = [
                    dict(zip(Score.model_fields, row, strict=True)) for row in group["scores"]
                ]
        return cls.model_validate_json(json.dumps(plain), strict=True)

    @property
    def figures(self) -> str:
        """The fingerprint of the figures alone: two files that share it say the same."""
        groups = [
            group.model_dump(mode="json", exclude={"name", "kind"})
            for facility in self.facilities
            for group in facility.services
        ]
        return of_values(groups)


def measured_by(instrument: Instrument) -> str:
    """The fingerprint of what a questionnaire measures: its dimensions, items, scales.

    Levers, definitions and other words beside the questions may change from kit to kit.
    """
    return of_values(
        instrument.id,
        instrument.version,
        [(one.id, one.rule) for one in instrument.dimensions],
        [(one.code, one.text, one.dimension, one.scale, one.reversed) for one in instrument.items],
        {name: [(option.code, option.label, option.pole) for option in scale.options]
         for name, scale in instrument.scales.items()},
    )  # fmt: skip


def _short(facility: dict[str, object]) -> dict[str, object]:
    """A facility whose scores are rows without the names of their columns."""
    services, whole = facility["services"], facility["whole"]
    return facility | {
        "services": [_rows(one) for one in services],  # type: ignore[attr-defined]
        "whole": _rows(whole) if isinstance(whole, dict) else None,
    }


def _rows(group: dict[str, object]) -> dict[str, object]:
    scores = group["scores"]
    return group | {"scores": [list(one.values()) for one in scores]}  # type: ignore[attr-defined]


def _lines(plain: dict[str, object]) -> bytes:
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace('{"head_count"', '\n{"head_count"').encode() + b"\n"
