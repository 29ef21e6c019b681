"""Every number of an edition is a published one, rounded half up; nothing else is told."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import pytest

from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.editions import Report, open_edition
from qgdr_eval.reporting import ServiceReport, audit, position, team
from tests.editions.documents import MADE, packed, printed, structure_of, words_of
from tests.reading import Page

PERCENT = re.compile(r"(\d+(?:,\d+)?) ?%")
ENDS = re.compile(r"\[(\d+) ?; ?(\d+)\]")


def whole(value: float) -> str:
    """A value as one rounds it by hand."""
    exact = Decimal(repr(round(value, 9)))
    return str(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def shown(report: Report) -> Iterator[tuple[str, str, str, str]]:
    """Label, score and ends of each dimension that the published frame shows of a group."""
    rows = report.published.dimension_scores()
    rows = rows[(rows["facility"] == report.facility) & (rows["service"] == report.service)]
    for row in rows_of(rows[rows["status"] == "published"]):
        label = report.instrument.dimension(row.dimension).label
        yield label, whole(row.score), whole(row.low), whole(row.high)


def percents(report: Report) -> set[str]:
    """Every share that was published of this service, and the marks it is read beside."""
    scores = report.published.scores
    scores = scores[scores["status"] == "published"]
    told = {whole(value) for name in ("score", "low", "high") for value in scores[name].dropna()}
    for item in report.instrument.items if isinstance(report, ServiceReport) else ():
        told |= {whole(share) for share in (report.scores.poles(item.code) or {}).values()}
    told |= {whole(rate) for rate in report.published.participation["rate"].dropna()}
    marks = [mark for one in report.instrument.dimensions
             for mark in report.instrument.thresholds_of(one.id)]  # fmt: skip
    return told | {whole(mark.value) for mark in marks} | {"80", "95", "100"}


DRAWN = [(edition, name) for edition, name in MADE
         if "profile" in open_edition(edition).edition.parts
         and name not in ("position_report", "risk_report")]  # fmt: skip
WITH_SHARES = ("affiche", "une_page", "direction")
TOLD = [(edition, name) for edition, name in MADE if edition in WITH_SHARES]


@pytest.mark.parametrize(("edition", "report"), DRAWN, indirect=["report"])
def test_each_dimension_stands_beside_its_published_score_and_interval(edition, report):
    text = packed(words_of(printed(report, edition)))
    lines = [f"{label}{score}({unit})?[{low};{high}]" for label, score, low, high in shown(report)
             for unit in ["%|/100"]]  # fmt: skip
    assert lines
    for line in lines:
        pattern = re.escape(packed(line)).replace(re.escape("(%|/100)?"), "(?:%|/100)?")
        assert re.search(pattern, text), line


@pytest.mark.parametrize(("edition", "report"), TOLD, indirect=["report"])
def test_no_share_and_no_interval_is_told_that_was_not_published(edition, report):
    text = words_of(printed(report, edition))
    known = percents(report)
    assert {value for value in PERCENT.findall(text) if value not in known} == set()
    assert {end for pair in ENDS.findall(text) for end in pair if end not in known} == set()


@pytest.mark.parametrize("edition", ["affiche", "une_page"])
def test_the_profile_says_all_it_draws_to_whoever_does_not_see_it(edition, team):
    (alternative,) = [
        packed(alt)
        for kind, alt in structure_of(printed(team, edition))
        if kind == "Figure" and "Profil" in alt
    ]
    for label, score, low, high in shown(team):
        assert packed(f"{label} : {score} % [{low} ; {high}]") in alternative


@pytest.mark.parametrize("edition", ["affiche", "une_page"])
def test_a_position_counts_what_the_group_answered(edition, opened_reports):
    position = opened_reports.named(["position_report"])["position_report"]
    text = packed(words_of(printed(position, edition)))
    for dimension, row, _ in position.scores.dimensions:
        items = position.instrument.items_of(dimension.id)
        given = [answer for item in items for answer in position.scores.answers[item.code]]
        counted = [answer for answer in given if answer.state == "option" and answer.count > 0]
        done = sum(answer.pole == "positive" for answer in counted)
        line = f"{done} sur {len(counted)} ({whole(row.score)} %)"
        assert packed(line) in text, dimension.label


def test_the_annex_holds_every_row_of_the_tables_of_the_page(report):
    text = packed(words_of(printed(report, "annexe")))
    of_people = (team.profile, team.items, team.reference, team.annex)
    sections = {
        "respondent": of_people,
        "record": (team.profile, audit.overall, audit.criteria, team.annex),
        "group": (position.since, position.annex),
    }[report.instrument.subject]
    read = [Page(section(report)).tables for section in sections]
    rows = {"".join(row) for tables in read for _, columns, lines in tables if columns
            for row in lines}  # fmt: skip
    lacking = [row for row in rows if packed(row) not in text]
    assert rows
    assert lacking == []


def test_the_annex_says_where_its_numbers_come_from(report):
    text = packed(words_of(printed(report, "annexe")))
    assert report.fingerprint in text
    assert packed(f"{report.instrument.id} version {report.instrument.version}") in text


def test_users_read_shares_out_of_ten_and_no_word_of_the_trade(team):
    text = words_of(printed(team, "usagers"))
    told = re.findall(r"Environ (\d+) réponses? sur 10 .*? entre (\d+) et (\d+) sur 10", text)
    known = {tuple(map(tenths, ends)) for ends in zip(*ends_of(team), strict=True)}
    assert told
    assert {tuple(map(int, idea)) for idea in told} <= known
    assert not re.search(r"score|intervalle|dimension|médian|%|significati", text)


def test_users_are_told_first_what_must_be_done_each_time(opened_reports):
    audit_report = opened_reports.named(["audit_report"])["audit_report"]
    text = packed(words_of(printed(audit_report, "usagers")))
    scores = audit_report.published.scores
    for item in audit_report.instrument.items:
        (row,) = rows_of(
            scores[(scores["item"] == item.code) & (scores["measure"] == "conformity")]
        )
        if item.critical and row.status == "published" and row.score < 100:
            missed = whole(row.n_valid * (100 - row.score) / 100)
            line = f"{item.text} {missed} fois sur {whole(row.n_valid)}, ce n'était pas fait"
            assert packed(line) in text


def ends_of(report: ServiceReport) -> tuple[list[float], list[float], list[float]]:
    rows = report.published.dimension_scores()
    return tuple(list(rows[name]) for name in ("score", "low", "high"))


def tenths(value: float) -> int:
    return int(whole(value / 10))
