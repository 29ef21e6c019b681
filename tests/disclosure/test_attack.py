"""An attacker who knows every published figure, who is in which group, and linear algebra.

Each published figure is one linear equation on unknown counts of favourable answers, one unknown
per (service, stratum, item). A hidden figure leaks when its own row lies in the span of the
published ones: it can then be worked out exactly by adding and subtracting.
"""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from qgdr_eval.disclosure import publish
from qgdr_eval.disclosure.floor import FEWEST_ANSWERS, Floor
from qgdr_eval.disclosure.levels import break_down
from qgdr_eval.disclosure.sheets import disclose as disclose_coded
from qgdr_eval.scoring import code_answers
from tests.disclosure.campaigns import answers, campaign, instrument
from tests.thorough import examples

MINIMUM = 6
SAID = ("published", "no_answer")
EMPTY = pd.DataFrame(columns=["dimension", "score", "low", "high"])


@st.composite
def campaigns(draw, with_strata: bool):
    """Two or three facilities of one to four services, mostly small, many answers missing."""
    services, values, strata = [], {}, {}
    for f in range(draw(st.integers(1, 3))):
        for s in range(draw(st.integers(1, 4))):
            place = (f"F{f}", f"S{s}")
            n = draw(st.sampled_from([0, 1, 3, 4, 5, 6, 7, 8, 12, 14]))
            rng = np.random.default_rng(draw(st.integers(0, 2**16)))
            missing = draw(st.sampled_from([0.0, 0.0, 0.2, 0.5]))
            codes = rng.integers(1, 6, (n, 3)) * (rng.random((n, 3)) >= missing)
            codes[(codes == 0).all(axis=1), 0] = 3  # a return with no answer is no return
            services.append(place)
            values[place] = codes
            kinds = ["a", "b", "c", ""] if draw(st.booleans()) else ["a", "b"]
            share = [0.5, 0.5] if len(kinds) == 2 else [0.4, 0.3, 0.2, 0.1]
            strata[place] = list(rng.choice(kinds, n, p=share))
    if not any(len(one) for one in values.values()):
        values[services[0]] = np.full((6, 3), 4)
        strata[services[0]] = ["a"] * 6
    return answers(services, values, strata), ("profession",) if with_strata else ()


def disclose(answered, levels):
    """The scores as published, without the rest of a publication."""
    coded = code_answers(answered.responses, instrument(3))
    scores = disclose_coded(coded, levels, Floor(MINIMUM, FEWEST_ANSWERS)).scores
    return scores.astype(dict.fromkeys(["facility", "service", "stratum", "item", "status"], str))


def system(answered, levels, scores):
    """The attacker's equations (rows) over unknowns (cell, item), and the cells."""
    responses = answered.responses
    labels = responses["facility"].astype(str), responses["service"].astype(str), _labels(responses)
    of, cells = pd.factorize(pd.MultiIndex.from_arrays(labels))
    valid = np.zeros((len(cells), 3), dtype=int)
    np.add.at(valid, of, responses[["Q0", "Q1", "Q2"]].notna().to_numpy())
    places = list(answered.roster[["facility", "service"]].itertuples(index=False, name=None))
    shown = dict(zip(places, levels.members.shown, strict=True))
    counted = dict(zip(places, levels.members.counted, strict=True))
    plain = scores[(scores["stratum"] == "") & (scores["item"] != "")]
    status = plain.set_index(["facility", "service", "item"])["status"].to_dict()
    equations = []
    for row in scores[scores["status"] == "published"].itertuples():
        inside = np.array([_inside(one, row, counted) for one in cells])
        used = valid * inside[:, None] * _summed(row, cells, shown, status)
        assert not row.item or used[:, int(row.item[1])].sum() == row.n_valid
        equations.append(_equation(row, used))
    return np.array(equations), cells, valid


def _summed(row, cells, shown, status):
    """Which items of each cell a row counts: a total leaves out what is hidden below it."""
    kept = np.ones((len(cells), 3), dtype=bool)
    for i, (facility, service, _) in enumerate(cells if row.service == "" else ()):
        below = service if shown[facility, service] else "" if row.facility == "" else None
        if below is not None:
            kept[i] = [status[facility, below, f"Q{j}"] in SAID for j in range(3)]
    return kept


def _labels(responses):
    return responses["profession"].astype(object).where(responses["profession"].notna(), "")


def _inside(cell, row, counted) -> bool:
    place, stratum = (cell[0], cell[1]), f"profession={cell[2]}"
    return (
        row.facility in ("", cell[0])
        and row.service in ("", cell[1])
        and row.stratum in ("", stratum)
        and (bool(row.service) or counted[place])
    )


def _equation(row, used):
    weights = np.zeros(used.shape)
    for j in range(3):
        if row.item in (f"Q{j}", "") and used[:, j].any():
            weights[used[:, j] > 0, j] = 1 / used[:, j].sum() if row.item == "" else 1
    return weights.ravel()


def span(equations):
    """An orthonormal base of what the equations tell."""
    _, sizes, directions = np.linalg.svd(equations, full_matrices=False)
    return directions[sizes > 1e-9]


def leaks(target, known) -> bool:
    return bool(np.allclose(known.T @ (known @ target), target, atol=1e-7))


def protected(answered, strata, cells, valid):
    """Targets that must stay unknown: item counts of small services, thin items, small strata.

    Left out, because only those who know who skipped an item could tell: a stratum that gave all
    the valid answers of its service, two services when a third hidden one gave none.
    """
    of = {place: np.array([cell[:2] == place for cell in cells]) for place in _places(cells)}
    heads = answered.responses.assign(stratum=_labels(answered.responses))
    heads = heads.groupby(["facility", "service", "stratum"], observed=True).size().to_dict()
    sizes = {place: sum(n for cell, n in heads.items() if cell[:2] == place) for place in of}
    hidden = [place for place, n in sizes.items() if n < MINIMUM]
    answered_all = [all(valid[of[place], j].sum() for place in hidden) for j in range(3)]
    for place, n in sizes.items():
        yield from _thin(valid, of[place], range(3), hidden=n < MINIMUM)
    items = np.flatnonzero(answered_all)
    for one, other in combinations(hidden, 2):  # two small teams together may be a small team
        small = sizes[one] + sizes[other] < MINIMUM
        yield from _thin(valid, of[one] | of[other], items, hidden=small)
    for rank, cell in enumerate(cells if strata else ()):
        rest = valid[of[cell[:2]]].sum(axis=0) - valid[rank]
        small = heads[cell] < MINIMUM
        told = [j for j in range(3) if not small or rest[j]]
        yield from _thin(valid, np.arange(len(cells)) == rank, told, hidden=small)


def _places(cells):
    return dict.fromkeys(cell[:2] for cell in cells)


def _thin(valid, inside, items, *, hidden):
    """The counts of some cells, item by item, that are those of a hidden group or of too few."""
    for j in items:
        n = valid[inside, j].sum()
        if n and (hidden or n < FEWEST_ANSWERS):
            target = np.zeros(valid.shape)
            target[inside & (valid[:, j] > 0), j] = 1
            yield target.ravel()


@settings(max_examples=examples(60), deadline=None, phases=[Phase.generate, Phase.shrink])
@given(campaigns(with_strata=False))
def test_no_hidden_service_can_be_worked_out(made):
    _attack(*made)


@settings(max_examples=examples(60), deadline=None, phases=[Phase.generate, Phase.shrink])
@given(campaigns(with_strata=True))
def test_no_hidden_stratum_can_be_worked_out(made):
    _attack(*made)


def _attack(answered, strata):
    levels = break_down(answered, strata, MINIMUM)
    scores = disclose(answered, levels)
    equations, cells, valid = system(answered, levels, scores)
    if len(equations):
        known, told = span(equations), said_by_itself(scores, cells)
        for target in protected(answered, strata, cells, valid):
            of = target.reshape(valid.shape) > 0
            assert (told | ~of).all() or not leaks(target, known)


def said_by_itself(scores, cells):
    """The counts, (cells, items), of services whose row at 0 or 100 % says those of its strata.

    Only a score that several options lead to is shown there: it is the figure, and no leak of it.
    """
    told = np.zeros((len(cells), 3), dtype=bool)
    rows = scores[(scores["status"] == "published") & (scores["stratum"] == "")]
    for row in rows[(rows["item"] != "") & rows["score"].isin([0, 100])].itertuples():
        for rank, cell in enumerate(cells):
            told[rank, int(row.item[1])] |= cell[:2] == (row.facility, row.service)
    return told


def _teams(sizes: dict[str, str]):
    """Services of one facility from their members' strata: ``{"A": "aaabbb"}``."""
    places = [("F", name) for name in sizes]
    rng = np.random.default_rng(3)
    return answers(
        places,
        {("F", name): rng.integers(1, 6, (len(kinds), 3)) for name, kinds in sizes.items()},
        {("F", name): list(kinds) for name, kinds in sizes.items()},
    )


@pytest.mark.parametrize(
    ("sizes", "shown", "left_out"),
    [
        ({"A": "a" * 12, "B": "a" * 4}, True, 1),  # one small: the total leaves it out
        ({"A": "a" * 12, "B": "a" * 4, "C": "a" * 4}, True, 2),  # two small: both are left out
        ({"A": "a" * 4, "B": "a" * 4}, True, 0),  # all small: only their total can be shown
        ({"A": "a" * 4}, False, 1),  # nothing can
        ({"A": "a" * 12, "B": "", "C": "a" * 12}, True, 0),  # nobody answered: nothing to hide
    ],
)
def test_what_a_total_counts(sizes, shown, left_out):
    published = publish(campaign(MINIMUM), instrument(3), _teams(sizes), EMPTY)
    total = published.of("F", "").participation.iloc[0]
    assert (total["status"] == "published", total["left_out"]) == (shown, left_out)
    large = [len(kinds) for kinds in sizes.values() if len(kinds) >= MINIMUM]
    counted = large or [len(kinds) for kinds in sizes.values()]
    assert not shown or total["n"] == sum(counted)
    _attack(_teams(sizes), ())


@pytest.mark.parametrize(
    ("sizes", "facility_strata"),
    [
        ({"A": "a" * 6 + "b" * 6, "B": "a" * 7 + "b" * 8}, True),
        ({"A": "a" * 6 + "b" * 6, "B": "a" * 2 + "b" * 9}, False),  # F less A gives B's two
        ({"A": "a" * 5 + "b" * 7, "B": "a" * 5 + "b" * 7}, True),  # ten and fourteen, apart unknown
        ({"A": "a" * 8 + "b" * 8 + " "}, False),  # one person said no profession
    ],
)
def test_strata_of_a_facility(sizes, facility_strata):
    made = _teams({name: kinds.replace(" ", "-") for name, kinds in sizes.items()})
    scores = disclose(made, break_down(made, ("profession",), MINIMUM))
    rows = scores.query("facility == 'F' and service == '' and stratum != '' and n_valid > 0")
    assert (len(rows) > 0) == facility_strata
    _attack(made, ("profession",))


def facility_strata(values, strata) -> set[str]:
    """The statuses of the strata of a facility at Q0."""
    made = answers(list(values), values, strata)
    scores = disclose(made, break_down(made, ("profession",), MINIMUM))
    rows = scores.query("facility == 'F' and service == '' and stratum != '' and item == 'Q0'")
    return set(rows["status"])


@pytest.mark.parametrize(("last", "shown"), [(5, set()), (1, {"published"})])
def test_a_row_of_100_percent_tells_its_strata(last, shown):
    """A is at 100 %, so its nine doctors are: « 9 of 10 » at the facility gave B's only one."""
    values = {("F", "A"): np.full((12, 3), 4), ("F", "B"): np.tile([1, 4], (3, 8)).T[:13]}
    values["F", "A"][:, :] = np.array([4, 5])[np.arange(12) % 2][:, None]
    values["F", "A"][-1] = last
    values["F", "B"][0] = 1
    strata = {("F", "A"): list("m" * 9 + "i" * 3), ("F", "B"): list("m" + "i" * 12)}
    assert facility_strata(values, strata) == shown


def test_the_attack_succeeds_when_nothing_is_hidden():
    """The attacker above can fail: on unprotected results it must not."""
    place = [("F", "A"), ("F", "B")]
    answered = answers(
        place,
        {place[0]: np.full((8, 3), 4), place[1]: np.full((3, 3), 2)},
        {place[0]: ["a"] * 8, place[1]: ["a"] * 3},
    )
    whole = np.array([[1, 0, 0, 1, 0, 0], [1, 0, 0, 0, 0, 0]], float)  # the total, then A alone
    assert leaks(np.array([0, 0, 0, 1.0, 0, 0]), span(whole))
    levels = break_down(answered, (), MINIMUM)
    equations, cells, valid = system(answered, levels, disclose(answered, levels))
    assert len(equations)
    assert not any(
        leaks(target, span(equations)) for target in protected(answered, (), cells, valid)
    )


@pytest.mark.parametrize("minimum", [5, 10])
def test_a_group_under_the_minimum_shows_no_number(minimum):
    place = [("F", "A"), ("F", "B")]
    answered = answers(place, {place[0]: np.full((12, 3), 4), place[1]: np.full((4, 3), 2)})
    published = publish(campaign(minimum), instrument(3), answered, EMPTY)
    hidden = published.of("F", "B")
    numbers = ["n", "n_valid", "score", "low", "high", "wide_low", "wide_high"]
    assert hidden.scores[numbers].isna().all(axis=None)
    assert hidden.distributions[["count", "share"]].isna().all(axis=None)
    assert hidden.participation[["n", "rate", "excluded"]].isna().all(axis=None)
