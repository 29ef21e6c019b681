"""A reader who kept an earlier printing, and subtracts: one person's answers must not come out."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.disclosure.publish import Read
from qgdr_eval.disclosure.register import LINE, Event, Publication, Register
from qgdr_eval.disclosure.secret import Key
from qgdr_eval.disclosure.settle import Settled, settle
from qgdr_eval.problems import Refused
from tests.disclosure.campaigns import answers, campaign, instrument
from tests.thorough import examples

MINIMUM = 10
ITEMS = 3
EMPTY = pd.DataFrame(columns=["dimension", "score", "low", "high"])
A, B, C, D = ("F", "A"), ("F", "B"), ("G", "C"), ("G", "D")
CHANCE = np.random.default_rng(20)
TEAMS = {
    place: CHANCE.integers(1, 6, (n, ITEMS)) for place, n in ((A, 14), (B, 12), (C, 20), (D, 6))
}
LATE = np.array([[5, 1, 3]])


def read(values, minimum=MINIMUM, items=ITEMS, strata=None) -> Read:
    given = answers(list(values), values, strata)
    asked = campaign(minimum, ("profession",) if strata else ())
    return Read(asked, instrument(items), given, EMPTY)


class Printings:
    """A campaign published time after time, as a reader who keeps everything sees it."""

    def __init__(self, *, register: bool = True) -> None:
        self.on = register
        self.register = Register(Path("essai.jsonl"), Key("1f" * 32))
        self.day = 0

    def print(self, values, **asked) -> Settled:
        self.day += 1
        if not self.on:
            return Settled(read(values, **asked).publish(), None)
        settled = settle(read(values, **asked), self.register, f"2026-01-{self.day:02d}")
        if settled.publication:
            line = LINE.validate_json(LINE.dump_json(settled.publication))
            assert isinstance(line, Publication)
            publications = (*self.register.publications, line)
            self.register = replace(self.register, publications=publications)
        return settled


def more(place, *returns) -> dict:
    return TEAMS | {place: np.vstack([TEAMS[place], *returns])}


def counts(settled: Settled, place) -> dict[tuple[str, int], float]:
    """How many chose each option of each item of a service, as its page prints them."""
    rows = settled.published.distributions.query("state == 'option' and status == 'published'")
    rows = rows[(rows["facility"] == place[0]) & (rows["service"] == place[1])]
    return {
        (row.item, row.position): row.count_
        for row in rows.rename(columns={"count": "count_"}).itertuples()
    }


def read_off_pages(before: Settled, after: Settled, place) -> dict[str, int]:
    """The options that one person chose, where two pages of a service differ by one answer."""
    first, second = counts(before, place), counts(after, place)
    moved = {key: second[key] - first[key] for key in first.keys() & second.keys()}
    return {item: position for (item, position), by in moved.items() if abs(by) == 1}


def read_off_scores(before: Settled, after: Settled) -> set[tuple[str, str, str]]:
    """Rows of the exported scores that differ by one valid answer: that answer is read off them."""
    rows = [
        one.published.scores.query("item != '' and status == 'published'")
        .astype({"facility": str, "service": str, "item": str})
        .set_index(["facility", "service", "item"])["n_valid"]
        for one in (before, after)
    ]
    moved = rows[1].sub(rows[0]).abs()
    return set(moved[moved == 1].index)


@pytest.mark.parametrize("register", [False, True])
def test_a_late_return_is_not_read_off_two_printings(register):
    printings = Printings(register=register)
    before, after = printings.print(TEAMS), printings.print(more(A, LATE))
    found = read_off_pages(before, after, A)
    assert found == ({} if register else {"Q0": 4, "Q1": 0, "Q2": 2})
    assert bool(read_off_scores(before, after)) is not register


@pytest.mark.parametrize("register", [False, True])
def test_somebody_erased_is_not_read_off_two_printings(register):
    printings = Printings(register=register)
    before, after = printings.print(TEAMS), printings.print(TEAMS | {A: TEAMS[A][1:]})
    found = read_off_pages(before, after, A)
    own = {f"Q{i}": int(code) - 1 for i, code in enumerate(TEAMS[A][0])}
    assert found == ({} if register else own)
    assert bool(read_off_scores(before, after)) is not register


@pytest.mark.parametrize("register", [False, True])
def test_an_answer_that_changes_is_not_read_off_two_printings(register):
    changed = TEAMS[A].copy()
    changed[0] = 6 - changed[0]
    changed[0][changed[0] == 3] = 1
    printings = Printings(register=register)
    before, after = printings.print(TEAMS), printings.print(TEAMS | {A: changed})
    assert bool(read_off_pages(before, after, A)) is not register


@pytest.mark.parametrize("register", [False, True])
def test_somebody_is_not_read_off_two_cuts_of_the_same_answers(register):
    """The same twenty-six people in two services, then one of them in the other."""
    cut = TEAMS | {A: TEAMS[A][1:], B: np.vstack([TEAMS[B], TEAMS[A][:1]])}
    printings = Printings(register=register)
    before, after = printings.print(TEAMS), printings.print(cut)
    own = {f"Q{i}": int(code) - 1 for i, code in enumerate(TEAMS[A][0])}
    for place in (A, B):
        assert read_off_pages(before, after, place) == ({} if register else own)


def test_a_service_that_waits_keeps_its_figures_and_their_day():
    printings = Printings()
    before, after = printings.print(TEAMS), printings.print(more(A, LATE))
    pd.testing.assert_frame_equal(
        after.published.of(*A).scores, before.published.of(*A).scores, check_dtype=False
    )
    (held,) = after.held
    assert (held.service, held.since, held.late, held.gone) == ("A", "2026-01-01", 1, 0)
    assert after.published.of(*A).attestation["what"].tolist() == ["dated"]
    assert after.publication is None


def test_unchanged_is_free():
    printings = Printings()
    assert printings.print(TEAMS).publication is not None
    again = printings.print(TEAMS)
    assert (again.publication, again.held) == (None, ())
    shuffled = {place: rows[::-1] for place, rows in TEAMS.items()}
    assert printings.print(shuffled).publication is None


def test_enough_late_returns_are_counted_with_those_that_waited():
    printings = Printings()
    printings.print(TEAMS)
    printings.print(more(A, LATE))
    wave = np.array([[1 + i % 5, 1 + (i * 2) % 5, 1 + (i * 3 + 1) % 5] for i in range(11)])
    after = printings.print(more(A, LATE, wave))
    assert after.held == ()
    assert after.published.of(*A).participation["n"].tolist() == [26]
    alone = read(more(A, LATE, wave)).publish()
    pd.testing.assert_frame_equal(after.published.scores, alone.scores)


@pytest.mark.parametrize(
    "wave",
    [
        np.array([[1 + i % 5, 1 + i % 4, 4] for i in range(12)]),  # all alike in one row
        np.array([[1 + i % 5, 1 + i % 4, 1 + i % 3 if i < 4 else 0] for i in range(12)]),  # 4 valid
    ],
)
def test_twelve_late_returns_wait_when_one_of_their_rows_would_tell(wave):
    printings = Printings()
    before, after = printings.print(TEAMS), printings.print(more(A, wave))
    assert [held.late for held in after.held] == [12]
    assert counts(after, A) == counts(before, A)


def test_totals_are_made_of_what_is_shown():
    """One late, one erased: the total counts the first service as before and leaves the other."""
    printings = Printings()
    printings.print(TEAMS)
    after = printings.print(more(A, LATE) | {C: TEAMS[C][1:]})
    people = after.published.participation.set_index(["facility", "service"])
    assert people.loc[A, "n"] == 14
    assert people.loc[C, "n"] == 20  # by the figures of the register
    assert people.loc[("F", ""), "n"] == 26
    assert people.loc[("", ""), ["n", "left_out"]].tolist() == [26, 2]  # C and the small D
    assert people.loc[("G", ""), "n"] == 20  # nothing but C was ever in it


def test_a_team_alone_keeps_everything_when_somebody_is_erased():
    printings, team = Printings(), {A: TEAMS[A]}
    before = printings.print(team)
    after = printings.print({A: TEAMS[A][1:]})
    pd.testing.assert_frame_equal(
        after.published.scores.astype(object), before.published.scores.astype(object)
    )
    assert after.publication is None
    assert printings.print({A: TEAMS[A][1:]}).publication is None


def test_another_service_is_brought_up_to_date_meanwhile():
    wave = CHANCE.integers(1, 6, (15, ITEMS))
    printings = Printings()
    printings.print(TEAMS)
    after = printings.print(more(B, wave) | {A: TEAMS[A][1:]})
    people = after.published.participation.set_index(["facility", "service"])["n"]
    assert (people[A], people[B]) == (14, 27)


def test_services_put_together_or_renamed_are_seen_by_their_returns():
    both = np.vstack([TEAMS[A], TEAMS[B]])
    printings = Printings()
    printings.print(TEAMS)
    renamed = printings.print({("F", "Unité A"): TEAMS[A], B: TEAMS[B], C: TEAMS[C]})
    assert renamed.held == ()
    one_more = {("F", "AB"): np.vstack([both, LATE]), C: TEAMS[C]}
    merged = printings.print(one_more)
    assert [held.late for held in merged.held] == [1]
    assert merged.published.participation.set_index("service").loc["AB", "n"] == 26


def test_a_service_cut_in_two_gives_no_small_rest():
    """14 people published; then 11 of them as a service, the other three somewhere hidden."""
    printings = Printings()
    printings.print({A: TEAMS[A], C: TEAMS[C]})
    after = printings.print({A: TEAMS[A][:11], ("F", "A bis"): TEAMS[A][11:], C: TEAMS[C]})
    people = after.published.participation.set_index(["facility", "service"])["n"]
    assert people[A] == 14  # as it was published


def test_two_people_who_move_stay_where_they_were_published():
    moved = TEAMS | {A: TEAMS[A][2:], B: np.vstack([TEAMS[B], TEAMS[A][:2]])}
    printings = Printings()
    printings.print(TEAMS)
    after = printings.print(moved)
    people = after.published.participation.set_index(["facility", "service"])["n"]
    assert (people[A], people[B]) == (14, 12)
    assert after.publication is None


def test_a_late_return_of_a_small_team_is_not_read_off_its_facility():
    small = {A: TEAMS[A][:7], B: TEAMS[B][:7]}
    printings = Printings()
    before = printings.print(small)
    after = printings.print(small | {A: TEAMS[A][:8]})
    totals = [one.published.of("F", "").participation["n"].tolist() for one in (before, after)]
    assert totals == [[14], [14]]


@pytest.mark.parametrize(("kept", "n"), [(True, 22), (False, 34)])
def test_a_small_category_of_late_returns_waits_with_its_service(kept, n):
    """22 people in two categories shown; 12 late ones, two of them of the second category."""
    codes = np.array([[1 + i % 5, 1 + (i * 2) % 5, 1 + (i * 3) % 5] for i in range(34)])
    kinds = ["a"] * 11 + ["b"] * 11 + ["a"] * 10 + ["b"] * 2
    printings = Printings()
    first = printings.print({A: codes[:22]}, strata={A: kinds[:22]})
    assert (first.published.scores.query("stratum != ''")["status"] == "published").any()
    strata = {A: kinds} if kept else None
    after = printings.print({A: codes}, strata=strata)
    assert [held.by_strata for held in after.held] == [True] * kept
    assert after.published.participation["n"].iloc[0] == n


def test_a_question_all_had_answered_alike_stays_hidden_once_others_are_counted():
    """Its distribution was hidden for being all the same: beside it, a new one would tell which."""
    alike, wave = TEAMS[A].copy(), CHANCE.permuted(np.tile([[1], [2], [3], [4], [5]], (3, ITEMS)))
    alike[:, 0] = 4
    printings = Printings()
    before = printings.print(TEAMS | {A: alike})
    assert {item for item, _ in counts(before, A)} == {"Q1", "Q2"}
    after = printings.print(TEAMS | {A: np.vstack([alike, wave])})
    assert after.held == ()
    assert after.published.of(*A).participation["n"].tolist() == [29]
    assert {item for item, _ in counts(after, A)} == {"Q1", "Q2"}
    rows = after.published.of(*A).scores.query("item == 'Q0' and stratum == ''")
    assert rows["status"].tolist() == ["suppressed"]


@pytest.mark.parametrize(("kept", "n"), [(True, 22), (False, 34)])
def test_categories_first_shown_with_late_returns_cut_neither_these_nor_the_others(kept, n):
    """Of 22 people, two of a second category, not shown; of 12 late ones, two of the first."""
    codes = np.array([[1 + i % 5, 1 + (i * 2) % 5, 1 + (i * 3) % 5] for i in range(34)])
    kinds = ["a"] * 20 + ["b"] * 2 + ["a"] * 2 + ["b"] * 10
    assert "b" in str(read({A: codes}, strata={A: kinds}).publish().scores["stratum"].unique())
    printings = Printings()
    printings.print({A: codes[:22]}, strata={A: kinds[:22]})
    after = printings.print({A: codes}, strata={A: kinds} if kept else None)
    assert [held.by_strata for held in after.held] == [True] * kept
    assert after.published.participation["n"].iloc[0] == n


def test_all_answers_read_otherwise_hide_no_newcomer():
    """A coding put right changes every return; one return more would be read off other items."""
    otherwise = TEAMS[A].copy()
    otherwise[:, 0] = otherwise[:, 0] % 5 + 1
    printings = Printings()
    printings.print({A: TEAMS[A]})
    one_more = printings.print({A: np.vstack([otherwise, LATE])})
    assert one_more.published.of(*A).participation["n"].tolist() == [14]
    assert printings.print({A: otherwise}).held == ()


def test_a_higher_minimum_hides_figures_of_the_register_too():
    printings = Printings()
    printings.print(TEAMS)
    after = printings.print(TEAMS | {A: TEAMS[A][1:]}, minimum=15)
    assert after.published.of(*A).participation["status"].tolist() == ["suppressed"]
    assert after.published.of(*A).scores["score"].isna().all()


def test_a_lower_minimum_shows_a_service_never_shown():
    printings = Printings()
    printings.print(TEAMS)
    after = printings.print(TEAMS, minimum=6)
    assert after.published.of(*D).participation["n"].tolist() == [6]
    assert after.held == ()


def test_questions_added_are_compared_by_those_already_asked():
    longer = {place: np.hstack([rows, rows[:, :1]]) for place, rows in TEAMS.items()}
    printings = Printings()
    printings.print(TEAMS)
    after = printings.print(longer | {A: np.vstack([longer[A], [[5, 1, 3, 2]]])}, items=4)
    assert after.published.of(*A).participation["n"].tolist() == [14]
    with pytest.raises(Refused, match="Q3"):
        printings.print(TEAMS)


def test_what_was_taken_back_is_said_and_compared_no_more():
    printings = Printings()
    printings.print(TEAMS)
    gone = Event(1, "2026-01-01", "retracted", "2026-01-01", "mauvais fichier")
    printings.register = replace(printings.register, publications=(), events=(gone,))
    after = printings.print(more(A, LATE))
    assert after.published.of(*A).participation["n"].tolist() == [15]
    assert after.publication
    assert after.publication.rank == 2
    told = after.published.attestation.query("what == 'retracted'")["reason"].tolist()
    assert told == ["2026-01-01 mauvais fichier"]


def test_the_register_holds_no_answer():
    printings = Printings()
    settled = printings.print({A: TEAMS[A]})
    assert settled.publication
    prints = [one for cell in settled.publication.cells for one, _ in cell.returns]
    assert len(prints) == 14
    other = Key("2e" * 32).of_returns(read({A: TEAMS[A]}).answers.responses, ["Q0", "Q1", "Q2"])
    assert not set(prints) & set(other)


@st.composite
def histories(draw):
    """Three states of a campaign of three small services: returns come, go, change, move."""
    chance = np.random.default_rng(draw(st.integers(0, 2**16)))
    state = {
        place: list(range(100 * i, 100 * i + draw(st.integers(8, 16))))
        for i, place in enumerate((A, B, C))
    }
    states = [state]
    fresh = iter(range(1000, 2000))
    for _ in range(2):
        state = {place: list(rows) for place, rows in state.items()}
        for place in state:
            for _ in range(draw(st.sampled_from([0, 0, 1, 2, 11]))):
                state[place].append(next(fresh))
            for _ in range(draw(st.sampled_from([0, 0, 0, 1, 10]))):
                if len(state[place]) > 8:
                    gone = state[place].pop(int(chance.integers(len(state[place]))))
                    if draw(st.booleans()):
                        state[B].append(gone)
        states.append(state)
    return states


def codes_of(person: int) -> list[int]:
    """Answers that nobody else gives: six items, in base five."""
    return [1 + (person * 7919 // 5**power) % 5 for power in range(6)]


@settings(max_examples=examples(6), deadline=None)
@given(histories())
def test_no_small_set_of_people_is_in_the_span_of_all_printings(states):
    """The indicator of every cell ever published; a set of under ten people is no combination."""
    printings, key = Printings(), Key("1f" * 32)
    known: dict[str, int] = {}
    cells: list[frozenset[int]] = []
    for state in states:
        values = {place: np.array([codes_of(one) for one in rows]) for place, rows in state.items()}
        responses = read(values, items=6).answers.responses
        names = key.of_returns(responses, [f"Q{i}" for i in range(6)])
        known |= dict(zip(names, [one for rows in state.values() for one in rows], strict=True))
        settled = printings.print(values, items=6)
        latest = printings.register.latest
        assert latest
        for cell in latest.cells:
            members = [known[one] for one, _ in cell.returns]
            cells.append(frozenset(members))
            _agrees(settled, cell.name, members)
    _attack(set(cells))


def _agrees(settled: Settled, name, members) -> None:
    """The figures of a cell are those of its members, wherever they come from."""
    people = settled.published.participation
    row = people[(people["facility"] == name[0]) & (people["service"] == name[1])].iloc[0]
    assert row["n"] == len(members)
    scores = settled.published.of(*name).scores.query("item != '' and status == 'published'")
    answered = np.array([codes_of(one) for one in members])
    for score in scores.itertuples():
        favourable = (answered[:, int(score.item[1:])] >= 4).mean()
        assert score.score == pytest.approx(100 * favourable)


def _attack(cells: set[frozenset[int]]) -> None:
    people = sorted(set().union(*cells))
    signatures: dict[tuple[bool, ...], list[int]] = {}
    for one in people:
        signatures.setdefault(tuple(one in cell for cell in cells), []).append(one)
    rows = np.array(list(signatures), dtype=float).T  # cells × parts
    sizes = np.array([len(part) for part in signatures.values()])
    known = np.linalg.svd(rows, full_matrices=False)
    base = known[2][known[1] > 1e-9]
    small = [i for i, size in enumerate(sizes) if size < MINIMUM]
    for many in (1, 2, 3):
        for chosen in combinations(small, many):
            if sizes[list(chosen)].sum() < MINIMUM:
                target = np.zeros(len(sizes))
                target[list(chosen)] = 1
                assert not np.allclose(base.T @ (base @ target), target, atol=1e-7)


def test_the_attack_finds_its_prey_without_a_register():
    with pytest.raises(AssertionError):
        _attack({frozenset(range(14)), frozenset(range(15))})
