"""The three screens of a workshop: the room's telephones, its wall, the facilitator's."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment

from qgdr_eval.french import set_type
from qgdr_eval.templates import templates_of
from qgdr_eval.workshop.debate import Topic
from qgdr_eval.workshop.journal import Kept
from qgdr_eval.workshop.session import (
    ACCORDS,
    ADVANCE,
    RECORDED,
    ROUNDS,
    SAID,
    VOTING,
    WAITING,
    State,
)

HERE = Path(__file__).parent
NAMES = {
    "waiting": "à débattre",
    "first_vote": "premier vote",
    "discussion": "discussion",
    "second_vote": "second vote",
    "agreement": "accord à écrire",
    "recorded": "terminée",
}
NEXT = {
    "waiting": "Ouvrir le premier vote",
    "first_vote": "Clore et montrer le premier vote",
    "discussion": "Ouvrir le second vote",
    "second_vote": "Clore et montrer le second vote",
}


@dataclass(frozen=True)
class Screen:
    """What a screen is of. ``base``: its address; ``role``: room, passed, wall or facilitator."""

    kept: Kept
    role: str
    base: str
    room: str = ""
    told: str = ""
    ballot: str = ""

    @property
    def topic(self) -> Topic | None:
        """The question on the screens, None before the first."""
        current = self.kept.session.current
        return next((one for one in self.kept.topics if one.item == current), None)

    @property
    def state(self) -> State:
        """Where that question stands."""
        return self.kept.session.states.get(self.kept.session.current, State())

    @property
    def following(self) -> Topic | None:
        """Once a question is recorded, the first that was not debated yet."""
        states = self.kept.session.states
        waiting = (one for one in self.kept.topics if states[one.item].step == WAITING)
        return next(waiting, None) if self.state.step == RECORDED else None

    @property
    def voted(self) -> int:
        """How many have voted in the open round: all that is said of it."""
        turn = VOTING.get(self.state.step)
        return 0 if turn is None else self.state.rounds[turn].total

    @property
    def shown(self) -> list[dict[str, object]]:
        """The closed rounds of the question, in words, with their counts where they are shown."""
        if self.topic is None:
            return []
        return [
            {"name": name, "words": ended.words, "rows": rows_of_round(self.topic, ended.counts)}
            for name, ended in zip(ROUNDS, self.state.ended, strict=False)
        ]


def lay_screen(screen: Screen) -> str:
    """A whole page: no style and no script inside, nothing of an open round but how many voted."""
    return _laid("screen", screen)


def lay_content(screen: Screen) -> str:
    """What the page holds, to be shown inside another one."""
    return _laid("content", screen)


def _laid(name: str, screen: Screen) -> str:
    shown = {"screen": screen, "kept": screen.kept, "topic": screen.topic, "state": screen.state}
    words = {"names": NAMES, "next": NEXT, "accords": ACCORDS, "advance": ADVANCE, "said": SAID}
    return set_type(render(name, **shown, **words, voting=screen.state.step in VOTING))


def render(name: str, **context: object) -> str:
    """A page of a workshop, from its template."""
    return _environment().get_template(f"{name}.html.j2").render(**context)


def read(name: str) -> str:
    """The text of the style or of the script."""
    return (HERE / name).read_text(encoding="utf-8")


def rows_of_round(topic: Topic, counts: dict[int, int] | None) -> list[tuple[str, int, float]]:
    """(label, votes, width of the bar in %) of each answer, along the axis; none to be shown."""
    if counts is None:
        return []
    total = sum(counts.values())
    return [(label, counts.get(code, 0), round(100 * counts.get(code, 0) / total, 1))
            for code, label in topic.answers]  # fmt: skip


@cache
def _environment() -> Environment:
    return templates_of(HERE)
