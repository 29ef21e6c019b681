"""A workshop as a pure state machine: what happened, applied to where it stands.

Each question goes one way: private vote, shown, second vote, shown, recorded. Votes are folded
into counts as they come: who came before whom is nowhere. A round that is closed never changes;
starting one question again leaves the others alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from qgdr_eval.french import count, typography

WAITING, FIRST_VOTE, DISCUSSION, SECOND_VOTE, AGREEMENT, RECORDED = STEPS = (
    "waiting",
    "first_vote",
    "discussion",
    "second_vote",
    "agreement",
    "recorded",
)
"""The steps of a question, in their order; votes are private in the second and the fourth."""

VOTING = {FIRST_VOTE: 0, SECOND_VOTE: 1}
ADVANCE = {WAITING: FIRST_VOTE, FIRST_VOTE: DISCUSSION, DISCUSSION: SECOND_VOTE,
           SECOND_VOTE: AGREEMENT}  # fmt: skip
FEWEST = 5  # fewer votes than this would tell who gave which
MOST_CARDS = 200  # of one answer: no room holds more
ACCORDS = {
    "agreed": "accord",
    "reserved": "accord avec des réserves",
    "none": "pas d'accord",
}
"""How a group says where it stands, by what is stored."""

SAID = {
    "dissent": "Désaccord qui demeure",
    "evidence": "Sur quoi on s'appuie",
    "action": "Action décidée",
}
"""What a group writes of a question beside its answer, by the name of the text."""

ROUNDS = ("Premier vote", "Second vote")


class NotNow(Exception):
    """What was asked cannot be done at this step; its text says so in French.

    >>> print(NotNow("Ce tour est clos."))
    Ce tour est clos.
    """

    def __init__(self, text: str) -> None:
        super().__init__(typography(text))


@dataclass(frozen=True)
class Round:
    """One vote. ``private``: votes of devices by code; ``cards``: cards counted aloud, by code.

    ``used``: the sorted tokens of the votes of devices, each counted once; none once it is closed.
    ``hidden``: how many votes a closed round had whose counts may not be shown, and are not kept.

    >>> Round({1: 2}, {4: 3}).total
    5
    """

    private: Mapping[int, int] = field(default_factory=dict)
    cards: Mapping[int, int] = field(default_factory=dict)
    used: tuple[str, ...] = ()
    hidden: int = 0

    @property
    def total(self) -> int:
        """How many have voted."""
        return sum(self.private.values()) + sum(self.cards.values()) + self.hidden

    @property
    def counts(self) -> dict[int, int] | None:
        """Votes by code, devices and cards together; None where words only may be said.

        Cards were seen: what devices gave is what remains of a sum, so they are judged alone too.
        When all but one are alike the counts are not shown either, else their absence alone would
        tell a unanimous round.
        """
        codes = sorted({*self.private, *self.cards})
        both = {code: self.private.get(code, 0) + self.cards.get(code, 0) for code in codes}
        parts = [both, self.private] if self.private else [both]
        return both if all(map(_tellable, parts)) else None

    @property
    def closed(self) -> "Round":
        """The round once it is closed: no token, and no count that may not be shown."""
        return Round(hidden=self.total) if self.counts is None else replace(self, used=())

    @property
    def words(self) -> str:
        """What is said of a closed round."""
        if self.counts is not None:
            return typography(f"{count(self.total, 'vote')}.")
        if self.total < FEWEST:
            return typography(
                f"{count(self.total, 'vote')} : trop peu pour en montrer la répartition sans dire "
                "qui a voté quoi. Parlez-en."
            )
        return typography(
            f"{count(self.total, 'vote')}. La répartition n'est pas montrée : trop peu de votes "
            "secrets, ou presque tous semblables ; elle dirait le vote de chacun. Au groupe de "
            "dire tout haut ce qu'il pense."
        )


def _tellable(counts: Mapping[int, int]) -> bool:
    total = sum(counts.values())
    return total >= FEWEST and max(counts.values()) < total - 1


@dataclass(frozen=True)
class Agreement:
    """What a group decides on one question. ``answer``: a code, None without a common answer.

    ``accord``: one of `ACCORDS`; the others are texts of the group, never a name.

    >>> Agreement(4, "reserved", dissent="La nuit, non.").action
    ''
    """

    answer: int | None
    accord: Literal["agreed", "reserved", "none"]
    dissent: str = ""
    evidence: str = ""
    action: str = ""


@dataclass(frozen=True)
class State:
    """Where one question stands. ``day``: the ISO day its first vote was opened, "" before."""

    step: str = WAITING
    rounds: tuple[Round, Round] = (Round(), Round())
    agreement: Agreement | None = None
    day: str = ""

    @property
    def ended(self) -> tuple[Round, ...]:
        """The rounds that are closed, in their order: nothing of an open one is shown."""
        at = STEPS.index(self.step)
        closed = [STEPS.index(step) < at for step in VOTING]
        return self.rounds[: sum(closed)]


@dataclass(frozen=True)
class Session:
    """A workshop: the answers each question takes, where each stands, the one on the screens.

    ``version``: grows with each step, never with a vote, so that it tells nothing of votes.

    >>> Session({"Q1": (1, 2)}, {"Q1": State()}).version
    0
    """

    answers: Mapping[str, tuple[int, ...]]
    states: Mapping[str, State]
    current: str = ""
    version: int = 0


@dataclass(frozen=True)
class Advanced:
    """The facilitator goes to the next step of a question."""

    item: str


@dataclass(frozen=True)
class Voted:
    """A device votes. ``token``: fresh for each ballot; the same one again changes nothing."""

    item: str
    turn: int
    token: str
    code: int


@dataclass(frozen=True)
class CardsCounted:
    """The facilitator types how many cards were raised; it replaces what was typed before."""

    item: str
    counts: Mapping[int, int]


@dataclass(frozen=True)
class Decided:
    """The group's agreement is written down; it may be written again."""

    item: str
    agreement: Agreement


@dataclass(frozen=True)
class Shown:
    """A question comes back on the screens, where it stands."""

    item: str


@dataclass(frozen=True)
class StartedAgain:
    """One question is put back to its beginning; the others stay."""

    item: str


Event = Advanced | Voted | CardsCounted | Decided | Shown | StartedAgain


def begin(answers: Mapping[str, tuple[int, ...]]) -> Session:
    """A workshop that has not begun. ``answers``: the codes each question takes, by item.

    >>> begin({"Q1": (1, 2)}).states["Q1"].step
    'waiting'
    """
    return Session(dict(answers), {item: State() for item in answers})


def apply(session: Session, event: Event, day: str = "") -> Session:
    """The workshop after something happened. ``day``: the ISO day it is.

    Raises:
        NotNow: no such question, or not at this step; the session stays as it was.

    >>> session = apply(begin({"Q1": (1, 2)}), Advanced("Q1"))
    >>> apply(session, Voted("Q1", 0, "t", 2)).states["Q1"].rounds[0].total
    1
    """
    if event.item not in session.states:
        raise NotNow("Cette question n'est pas dans l'atelier.")
    state = session.states[event.item]
    match event:
        case Voted():
            return _put(session, event.item, _vote(session, state, event))
        case CardsCounted():
            return _put(session, event.item, _count_cards(session, state, event))
        case Advanced():
            changed = _advance(state, day)
        case Decided():
            changed = _decide(session, state, event)
        case Shown():
            changed = state
        case StartedAgain():
            changed = State()
    _refuse_leaving(session, event.item)
    moved = replace(session, current=event.item, version=session.version + 1)
    return _put(moved, event.item, changed)


def _refuse_leaving(session: Session, item: str) -> None:
    """A vote that is left open could be voted in twice: whoever had voted would not be known."""
    there = session.states.get(session.current, State())
    if item != session.current and there.step in VOTING:
        raise NotNow("Un vote est ouvert : fermez-le d'abord.")


def _put(session: Session, item: str, state: State) -> Session:
    return replace(session, states={**session.states, item: state})


def _open_turn(state: State) -> int:
    """The turn that is open. Raises `NotNow` when none is."""
    if state.step not in VOTING:
        raise NotNow("Ce vote est clos : rien n'y change plus.")
    return VOTING[state.step]


def _with_round(state: State, turn: int, changed: Round) -> State:
    first, second = state.rounds
    return replace(state, rounds=(changed, second) if turn == 0 else (first, changed))


def _vote(session: Session, state: State, event: Voted) -> State:
    turn = _open_turn(state)
    if event.turn != turn or session.current != event.item:
        raise NotNow("Ce vote est clos : rien n'y change plus.")
    if event.code not in session.answers[event.item]:
        raise NotNow("Cette réponse n'est pas de cette question.")
    ballots = state.rounds[turn]
    if event.token in ballots.used:
        return state
    private = {**ballots.private, event.code: ballots.private.get(event.code, 0) + 1}
    used = tuple(sorted((*ballots.used, event.token)))
    kept = replace(ballots, private=dict(sorted(private.items())), used=used)
    return _with_round(state, turn, kept)


def _count_cards(session: Session, state: State, event: CardsCounted) -> State:
    turn = _open_turn(state)
    if not set(event.counts) <= set(session.answers[event.item]):
        raise NotNow("Cette réponse n'est pas de cette question.")
    if not all(0 <= n <= MOST_CARDS for n in event.counts.values()):
        raise NotNow(f"Un nombre de cartes va de 0 à {MOST_CARDS}.")
    cards = {code: n for code, n in sorted(event.counts.items()) if n}
    return _with_round(state, turn, replace(state.rounds[turn], cards=cards))


def _advance(state: State, day: str) -> State:
    if state.step not in ADVANCE:
        raise NotNow("Cette question attend l'accord du groupe, ou l'a déjà.")
    if state.step in VOTING:
        turn = VOTING[state.step]
        state = _with_round(state, turn, state.rounds[turn].closed)
    return replace(state, step=ADVANCE[state.step], day=state.day or day)


def _decide(session: Session, state: State, event: Decided) -> State:
    if state.step not in (AGREEMENT, RECORDED):
        raise NotNow("L'accord s'écrit après le second vote.")
    answer = event.agreement.answer
    if answer is not None and answer not in session.answers[event.item]:
        raise NotNow("Cette réponse n'est pas de cette question.")
    if event.agreement.accord not in ACCORDS:
        raise NotNow("Dites où en est le groupe : accord, réserves ou désaccord.")
    return replace(state, step=RECORDED, agreement=event.agreement)
