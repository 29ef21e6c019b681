"""The steps of a workshop as a table, and what holds whatever happens."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.workshop.session import (
    ADVANCE,
    AGREEMENT,
    RECORDED,
    STEPS,
    VOTING,
    Advanced,
    Agreement,
    CardsCounted,
    Decided,
    NotNow,
    Round,
    Shown,
    StartedAgain,
    Voted,
    apply,
    begin,
)

ANSWERS = {"A": (1, 2, 3), "B": (1, 2, 3)}
AGREED = Agreement(2, "agreed", action="Relire à deux")


def at(step, item="A"):
    session = begin(ANSWERS)
    for _ in range(STEPS.index(step) - (step == RECORDED)):
        session = apply(session, Advanced(item))
    return apply(session, Decided(item, AGREED)) if step == RECORDED else session


def accepted(session, event):
    try:
        return apply(session, event)
    except NotNow:
        return session


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("event", "steps"),
    [
        (Advanced("A"), set(ADVANCE)),
        (Voted("A", 0, "t", 1), {"first_vote"}),
        (Voted("A", 1, "t", 1), {"second_vote"}),
        (Voted("A", 0, "t", 9), set()),
        (CardsCounted("A", {1: 4}), set(VOTING)),
        (CardsCounted("A", {1: -1}), set()),
        (CardsCounted("A", {9: 1}), set()),
        (Decided("A", AGREED), {AGREEMENT, RECORDED}),
        (Decided("A", Agreement(9, "agreed")), set()),
        (Shown("A"), set(STEPS)),
        (StartedAgain("A"), set(STEPS)),
        (Advanced("Z"), set()),
    ],
)
def test_what_may_happen_at_each_step(step, event, steps):
    session = at(step)
    if step in steps:
        assert apply(session, event).states["B"] == session.states["B"]
    else:
        with pytest.raises(NotNow):
            apply(session, event)


def test_a_question_comes_back_where_it_stands():
    left = apply(at("discussion"), Advanced("B"))
    with pytest.raises(NotNow, match="vote est ouvert"):  # B is being voted
        apply(left, Shown("A"))
    back = apply(apply(left, Advanced("B")), Shown("A"))
    assert back.current == "A"
    assert back.states["A"] == at("discussion").states["A"]


VOTES = st.lists(st.sampled_from([1, 2, 3]), max_size=12)


@given(VOTES, st.randoms())
def test_the_order_of_votes_is_nowhere(codes, rng: random.Random):
    votes = [Voted("A", 0, f"t{rank}", code) for rank, code in enumerate(codes)]
    shuffled = rng.sample(votes, len(votes))
    ends = []
    for order in (votes, shuffled, [*votes, *votes]):
        session = at("first_vote")
        for vote in order:
            session = apply(session, vote)
        ends.append(session)
    assert ends[0] == ends[1] == ends[2]
    assert ends[0].version == at("first_vote").version


EVENTS = st.lists(
    st.one_of(
        st.builds(Advanced, st.sampled_from("AB")),
        st.builds(Voted, st.sampled_from("AB"), st.sampled_from([0, 1]), st.text("xy", max_size=3),
                  st.sampled_from([1, 2, 3])),
        st.builds(CardsCounted, st.sampled_from("AB"),
                  st.dictionaries(st.sampled_from([1, 2, 3]), st.integers(0, 5))),
        st.builds(Decided, st.sampled_from("AB"), st.just(AGREED)),
        st.builds(Shown, st.sampled_from("AB")),
    ),
    max_size=30,
)  # fmt: skip


@given(EVENTS)
def test_a_closed_round_never_changes_and_keeps_no_token(events):
    session = begin(ANSWERS)
    for event in events:
        after = accepted(session, event)
        for item, state in session.states.items():
            closed = STEPS.index(state.step) > 1, STEPS.index(state.step) > 3
            for turn in (0, 1):
                if closed[turn]:
                    assert after.states[item].rounds[turn] == state.rounds[turn]
                    assert state.rounds[turn].used == ()
        session = after


@given(EVENTS)
def test_a_vote_is_never_left_open_behind_the_screens(events):
    session = begin(ANSWERS)
    for event in [*events, StartedAgain("B"), Shown("A")]:
        session = accepted(session, event)
        open_votes = {item for item, state in session.states.items() if state.step in VOTING}
        assert open_votes <= {session.current}


@given(EVENTS)
def test_one_question_starts_again_without_the_rest(events):
    session = begin(ANSWERS)
    for event in events:
        session = accepted(session, event)
    if session.current == "B" and session.states["B"].step in VOTING:
        session = apply(session, Advanced("B"))
    again = apply(session, StartedAgain("A"))
    assert again.states["A"] == begin(ANSWERS).states["A"]
    assert again.states["B"] == session.states["B"]


@pytest.mark.parametrize(
    ("private", "cards", "shown"),
    [
        ({1: 2, 2: 2}, {}, None),  # four
        ({1: 5}, {}, None),  # unanimous
        ({1: 5, 2: 1}, {}, None),  # all but one: else hiding the unanimous would tell it
        ({1: 3, 2: 2}, {}, {1: 3, 2: 2}),
        ({}, {1: 3, 2: 2}, {1: 3, 2: 2}),
        ({1: 1}, {1: 3, 2: 4}, None),  # cards were seen: the one device is what remains
        ({1: 3, 2: 2}, {3: 1}, {1: 3, 2: 2, 3: 1}),
    ],
)
def test_counts_that_would_tell_a_vote_are_said_in_words(private, cards, shown):
    ended = Round(private, cards)
    assert ended.counts == shown
    assert str(ended.total) in ended.words


COUNTS = st.dictionaries(st.sampled_from([1, 2, 3]), st.integers(1, 6))


@given(COUNTS, COUNTS)
def test_a_closed_round_keeps_no_count_that_may_not_be_shown(private, cards):
    ended = Round(private, cards, ("t",))
    kept = ended.closed
    assert (kept.total, kept.counts, kept.words) == (ended.total, ended.counts, ended.words)
    if ended.counts is None:
        assert kept == Round(hidden=ended.total)


@given(COUNTS)
def test_words_depend_on_nothing_but_how_many(private):
    ended = Round(private)
    if ended.counts is None:
        assert ended.words == replace(ended, private={1: ended.total}).words
