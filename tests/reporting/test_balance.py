"""Dimensions that need each other: the lowest is named, and nothing is read of one alone."""

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from qgdr_eval.comparison import read_interval
from qgdr_eval.comparison.reading import READING_COLUMNS
from qgdr_eval.instruments import Instrument
from qgdr_eval.reporting import team
from qgdr_eval.reporting.report import ServiceReport, open_report
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.readings import readings_of
from tests.reading import Page, plain, text_of, title_of
from tests.reporting.fictitious import MARKS, make_instrument, make_published, make_report
from tests.rounds import INTERDEPENDENT, write_round

HOSTILE = "<script>alert(1)</script> & « l'équipe »"
Row = tuple[float, float, float] | None  # score, low, high; None is hidden
WEAK, STRONG, MIDDLE = (40, 34, 44), (80, 77, 88), (60, 52, 70)


def interdependent(n: int, subject: str = "respondent", hostile: str = "") -> Instrument:
    """Dimensions A, B, C…, each with what its lack announces; the label says more in brackets."""
    made = make_instrument(n)
    dimensions = tuple(
        dimension.model_copy(
            update={
                "label": f"{letter}{hostile} (en clair)",
                "short": f"{letter}{hostile}",
                "when_weak": f"Sans {letter}{hostile}, rien ne tient.",
                "levers": (f"Levier de {letter}{hostile}",),
            }
        )
        for dimension, letter in zip(made.dimensions, "ABCDEF", strict=False)
    )
    changes = {"interdependent": True, "subject": subject, "dimensions": dimensions}
    return made.model_copy(update=changes)


@cache
def answered(n: int, subject: str = "respondent", hostile: str = "") -> ServiceReport:
    """A report on so many dimensions that need each other."""
    return make_report(make_published(instrument=interdependent(n, subject, hostile)))


def read(report: ServiceReport, *rows: Row) -> ServiceReport:
    """A report whose dimensions were read so, in the instrument's order."""
    readings = [
        (report.facility, report.service, dimension.id, *_read(row))
        for dimension, row in zip(report.instrument.dimensions, rows, strict=True)
    ]
    return replace(report, readings=pd.DataFrame(readings, columns=READING_COLUMNS))


def _read(row: Row) -> tuple[float | str, ...]:
    if row is None:
        return float("nan"), float("nan"), float("nan"), "hidden", "between"
    return (*row, *read_interval(*row, MARKS))


def page_of(*rows: Row, **keys: str):
    return team.balance(read(answered(len(rows), **keys), *rows))


def test_both_extremes_are_told_with_their_gap_and_its_interval() -> None:
    """Down √(3² + 4²) = 5, up √(8² + 6²) = 10: 40 points, from 35 to 50."""
    page = page_of(STRONG, WEAK, MIDDLE)
    assert title_of(page) == "Des trois dimensions, « B » est la plus basse"
    assert (
        "La plus basse : « B », 40 % [34 ; 44]. La plus haute : « A », 80 % [77 ; 88]. "
        "Entre les deux, 40 points [35 ; 50]." in text_of(page)
    )
    assert "Levier de B" in text_of(page)
    assert "Levier de A" not in text_of(page)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((STRONG, MIDDLE), "Aucune dimension n'est sous son repère bas"),
        (
            (STRONG, WEAK),
            "« B » est seule sous son repère bas. Ce qu'en disent les auteurs cités plus bas, "
            "en nos mots : « Sans B, rien ne tient. »",
        ),
        (
            (STRONG, (48, 40, 56)),
            "« B » est seule sous son repère bas (à confirmer : l'intervalle déborde du repère). "
            "Si cela se confirme, les auteurs cités plus bas s'attendent à ceci : "
            "« Sans B, rien ne tient. »",
        ),
        ((STRONG, WEAK, WEAK), "Plusieurs dimensions sont sous leur repère bas (« B » et « C »)"),
    ],
)
def test_what_a_lack_announces_is_said_of_one_dimension_alone(rows, said) -> None:
    shown = text_of(page_of(*rows))
    assert said in shown
    assert ("rien ne tient" in shown) == ("est seule" in said)


@pytest.mark.parametrize(
    "rows",
    [
        (MIDDLE, MIDDLE),
        (STRONG, MIDDLE, MIDDLE),
        (WEAK, WEAK, STRONG),
        ((46, 36, 57), (50, 41, 60)),  # intervals that overlap
    ],
)
def test_no_dimension_is_lowest_unless_it_stands_apart(rows) -> None:
    assert title_of(page_of(*rows)) == "Aucune dimension n'est nettement seule la plus basse"


def test_a_hidden_dimension_is_neither_counted_nor_lowest() -> None:
    page = page_of(None, STRONG, WEAK)
    assert title_of(page) == "Des deux dimensions affichées, « C » est la plus basse"
    assert "« C » est seule sous son repère bas parmi les dimensions affichées." in text_of(page)
    assert "« A »" not in text_of(page)


def test_the_profile_counts_the_dimensions_shown_and_says_that_others_are_not() -> None:
    both = read(answered(2), STRONG, WEAK)
    assert words.profile_title(readings_of(both), both.n).startswith("Sur deux dimensions, ")
    three = read(answered(3), None, STRONG, WEAK)
    title = words.profile_title(readings_of(three), three.n)
    assert title.startswith("Sur deux dimensions affichées, ")


def test_declared_positions_have_no_interval() -> None:
    page = page_of((80, 80, 80), (40, 40, 40), subject="group")
    said = text_of(page)
    assert "Entre les deux, 40 points." in said
    assert "indépendants" not in said
    assert "[" not in said


@pytest.mark.parametrize("rows", [(WEAK,), (WEAK, None), (None, None)])
def test_one_dimension_alone_balances_nothing(rows) -> None:
    assert str(page_of(*rows)) == ""


def test_other_instruments_have_no_balance() -> None:
    alone = interdependent(2).model_copy(update={"interdependent": False})
    assert (
        str(team.balance(read(make_report(make_published(instrument=alone)), STRONG, WEAK))) == ""
    )


def test_a_hidden_service_has_no_balance() -> None:
    instrument = interdependent(2)
    hidden = make_report(make_published(instrument=instrument), "EHPAD Les Glycines")
    assert hidden.hidden
    assert str(team.balance(hidden)) == ""


def test_it_is_never_one_score_for_all(tmp_path) -> None:
    """From answers to the page: the only figures are those of two dimensions and their gap."""
    rows = ["1154", "2245", "1255", "2144"] * 4
    report = open_report(str(write_round(tmp_path / "c", INTERDEPENDENT, {"A": rows})))
    page = text_of(team.balance(report)).split("Leviers")[0]
    # Écoute: means of 1 and 2 on five options, 12,5; Suites: 4 and 5 then 2 and 1 turned round.
    scores = report.readings.set_index("dimension")["score"]
    assert scores["ecoute"] == 13  # a mean of people's means is stored as it is printed
    assert "« Écoute », 13/100" in page
    assert f"{round(scores['suites'] - 13)} points [" in page
    assert "moyenne" not in page


def test_hostile_texts_stay_texts() -> None:
    page = str(page_of(STRONG, WEAK, hostile=HOSTILE))
    assert text_of(page).count(plain(HOSTILE)) >= 4
    assert "script" not in Page(page).tags


def test_the_section_carries_the_fingerprint_of_its_report() -> None:
    report = read(answered(2), STRONG, WEAK)
    assert f'<section data-results="{report.fingerprint}"' in str(team.balance(report))


ALONE = "est la seule priorité établie. Sans A, rien ne tient."


@pytest.mark.parametrize(
    ("rows", "needed", "told"),
    [
        ((WEAK, STRONG), False, True),
        ((WEAK, WEAK), False, False),  # not alone
        ((STRONG, MIDDLE), False, False),
        ((WEAK, STRONG), True, False),  # the balance says it
    ],
)
def test_what_a_dimension_weak_alone_announces_is_told_where_actions_are_chosen(rows, needed, told):
    free = interdependent(2).model_copy(update={"interdependent": needed})
    report = read(make_report(make_published(instrument=free)), *rows)
    assert (ALONE in text_of(team.next_steps(report))) == told


@pytest.mark.parametrize("together", [True, False])
def test_dimensions_that_need_each_other_are_compared_and_others_are_not(together) -> None:
    """The page that says which is lowest does not forbid it further down."""
    instrument = interdependent(2).model_copy(update={"interdependent": together})
    said = text_of(team.limits(make_report(make_published(instrument=instrument))))
    assert ("on compare une dimension à elle-même" in said) is not together
    assert ("un écart de quelques points n'est pas un résultat" in said) is together
