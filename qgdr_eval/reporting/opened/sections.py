"""Every score opened: the answers counted as worded, then the arithmetic up to the printed figure.

Only published rows are read. What disclosure hides says why and is never worked out again, and no
answer of one person is shown: a mean of individual scores is told with its number, not its list.

The examples read ``team_report``: `qgdr demo essai` writes a campaign, and
``open_report("essai/campagne.yml")`` opens it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from qgdr_eval.disclosure import Published
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.frames import ComparisonRow, ExclusionRow, ScoreRow, SpreadRow
from qgdr_eval.french import count, did_you_mean, listed, number, quote, typography
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.opened.answers import Block, open_blocks
from qgdr_eval.reporting.opened.figures import work_figures, work_scores
from qgdr_eval.reporting.page.fragment import DRAFT, NOTHING, Fragment, render, stamped
from qgdr_eval.reporting.registered import dated, told_of_service
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team import words
from qgdr_eval.reporting.team.sample import sample_of
from qgdr_eval.scoring import RULES, gives
from qgdr_eval.scoring.spread import FEWEST_POOLED
from qgdr_eval.shell import argument
from qgdr_eval.wording.scores import ends_words, score_in_full
from qgdr_eval.wording.subjects import subject_of


@dataclass(frozen=True)
class OpenedScore:
    """One dimension: its questions, then (name, arithmetic) of each of its figures.

    ``figure``: the score and its interval as printed, or why there is none; ``command``: the words
    that compute it again. The whole grid of an audit has an empty ``dimension``.
    """

    dimension: str
    title: str
    figure: str
    blocks: tuple[Block, ...]
    lines: tuple[tuple[str, str], ...]
    command: tuple[str, ...]


def opened_scores(report: ServiceReport) -> list[OpenedScore]:
    """Every dimension of a report, opened, in the instrument's order; none for a hidden service.

    >>> opened_scores(team_report)[0].title
    'Perception globale de la sécurité'
    """
    if report.hidden:
        return []
    sample = sample_of(report)
    gaps = {row.dimension: row for row in rows_of(report.comparisons, ComparisonRow)}
    scores = [
        OpenedScore(
            dimension.id,
            dimension.label,
            _figure(report.instrument, dimension, row),
            tuple(open_blocks(sample, dimension, report.scores.of_items(dimension))),
            tuple(
                work_figures(
                    sample,
                    dimension,
                    row,
                    reading,
                    report.scores.of_items(dimension),
                    measures(report.published, dimension.id) if RULES[dimension.rule].audit else {},
                    gaps.get(dimension.id),
                )
            ),
            _command(report.facility, report.service, dimension.id),
        )
        for dimension, row, reading in report.scores.dimensions
    ]
    return [*scores, *_whole_grid(report)]


def measures(published: Published, dimension: str) -> dict[str, ScoreRow]:
    """The score rows of a dimension, "" for the whole grid, by measure."""
    rows = rows_of(published.scores, ScoreRow, dimension=dimension, item="", stratum="")
    return {row.measure: row for row in rows}


def _whole_grid(report: ServiceReport) -> Iterator[OpenedScore]:
    """The three scores of a whole audit grid, which rest on its criteria, opened above."""
    dimensions = report.instrument.dimensions
    if all(RULES[dimension.rule].audit for dimension in dimensions):
        beside = measures(report.published, "")
        items = [row for dimension in dimensions for row in report.scores.of_items(dimension)]
        whole = beside[dimensions[0].rule]
        lines = tuple(work_scores(sample_of(report), dimensions[0], whole, items, beside))
        figure = _figure(report.instrument, dimensions[0], whole)
        yield OpenedScore(
            "", "Grille entière", figure, (), lines, _command(report.facility, report.service, "")
        )


@stamped
def opened(report: ServiceReport) -> Fragment:
    """Each dimension folded: counts, arithmetic, interval, reading, and the command to redo it.

    Nothing for a hidden service.

    >>> "Chaque score, calcul ouvert" in opened(team_report).html
    True
    """
    scores = opened_scores(report)
    if not scores:
        return NOTHING
    wilson, median = _made_with(report.instrument)
    return render(
        "opened/opened",
        scores=scores,
        returns=_returns(report.published, report.n),
        wilson=wilson,
        median=median,
        letters=_letters(wilson),
        alone=sample_of(report).alone,
        by_side=report.scores.by_side,
        has_reversed=any(item.reversed for item in report.instrument.items),
        bold=any(gives(dimension) == "share" for dimension in report.instrument.dimensions),
        people=not report.instrument.of_records,
        subject=report.subject,
        pooled=_pooled(rows_of(report.published.spread, SpreadRow)),
        verbatim=verbatim,
    )


def explain(report: ServiceReport, dimension: str = "") -> str:
    """The same arithmetic as plain text: one dimension by its id, or all of them.

    A hidden service says why nothing is shown.

    >>> told = explain(team_report, "liberte_expression")
    >>> print(told.splitlines()[0])  # doctest: +NORMALIZE_WHITESPACE
    Médecine interne, Hôpital fictif du Val d'Orsel

    Raises:
        Refused: the instrument has no such dimension.
    """
    known = [each.id for each in report.instrument.dimensions]
    if dimension and dimension not in known:
        what = f"dimension {quote(dimension)} absente du questionnaire"
        cure = did_you_mean(dimension, known)
        raise Refused([Problem("résultats publiés", None, "dimension", typography(what), cure)])
    if report.hidden:
        why = words.OF_A_GROUP.get(str(report.turnout.status), "effectif insuffisant")
        return typography(f"{report.service} : {why}. Rien n'est affiché, donc rien à expliquer.")
    scores = [score for score in opened_scores(report) if dimension in ("", score.dimension)]
    heading = f"{report.service}, {report.facility}\n{report.card.title}, {report.card.period}"
    if report.card.draft:
        heading = f"{DRAFT}\n{heading}"
    if notice := told_of_service(dated(report.published, report.facility, report.service)):
        heading = f"{heading}\n{notice}"
    texts = ["\n".join(_text(score)) for score in scores]
    letters = _sizes(report.instrument) if "α = " in "".join(texts) else []
    opening = "\n".join([heading, _returns(report.published, report.n), *letters])
    return typography("\n\n".join([opening, *texts]))


def verbatim(text: str) -> Markup:
    """A text to copy as it is: typography leaves its spaces and apostrophes alone.

    >>> verbatim("l'un : deux")
    Markup('l&#x27;un&#32;:&#32;deux')
    """
    return Markup(str(escape(text)).replace("&#39;", "&#x27;").replace(" ", "&#32;"))


def _figure(instrument: Instrument, dimension: Dimension, row: ScoreRow) -> str:
    """A score and its interval as the report prints them, or why there is none."""
    if row.status != "published":
        return words.STATUSES[row.status]
    ends = ends_words(row.low, row.high, dimension, instrument)
    return f"{score_in_full(row.score, dimension, instrument)} {ends}".rstrip()


def _returns(published: Published, n: int) -> str:
    """What was set aside before any calculation."""
    excluded = [
        row for row in rows_of(published.exclusions, ExclusionRow) if row.action == "excluded"
    ]
    kept = words.subjects(published.instrument, n)
    if not excluded:
        return f"{kept}, rien d'écarté avant le calcul."
    away = sum(int(row.count) for row in excluded)
    people = published.instrument.of_people
    every = n + away
    given = count(every, "retour") if people else subject_of(published.instrument).count(every)
    reasons = [
        f"{words.REASONS.get(row.reason, row.reason)} : {int(row.count)}" for row in excluded
    ]
    return f"{given} − {number(away)} mis de côté ({listed(reasons)}) = {kept}."


def _made_with(instrument: Instrument) -> tuple[bool, bool]:
    """Whether some intervals are Wilson's, and some those of a median."""
    if not subject_of(instrument).drawn:
        return False, False
    combined = {RULES[dimension.rule].combine for dimension in instrument.dimensions}
    return bool(combined & {"items", "subjects"}), "median" in combined


def _letters(wilson: bool) -> str:
    """What the letters of the intervals of people stand for: D only where Wilson's use it."""
    if not wilson:
        return (
            "α est la part des écarts entre personnes qu'un autre jour redonnerait ; f, la part "
            "des sollicités qui ont répondu."
        )
    return (
        "D dit combien la variance d'un score individuel compte par rapport à une réponse par oui "
        "ou non (1 pour une question comptée en part favorable) ; α, la part de cette variance "
        "qu'un autre jour redonnerait ; f, la part des sollicités qui ont répondu."
    )


def _sizes(instrument: Instrument) -> list[str]:
    """One line of plain text on the sizes of the intervals of people."""
    wilson, _ = _made_with(instrument)
    shared = " ÷ D" if wilson else ""
    return [f"Intervalles : n = réponses{shared} ÷ (1 − f × α). {_letters(wilson)}"]


def _pooled(spread: list[SpreadRow]) -> str:
    """Over whom the two figures that open an interval were measured."""
    services = max((int(row.services) for row in spread), default=0)
    if services >= FEWEST_POOLED:
        return f"D et α sont mesurés à l'intérieur des {number(services)} services de la campagne."
    return (
        "Moins de trois services ont pu être pris ensemble : l'écart entre personnes est celui "
        "de l'équipe, qui n'est pas publié, et α ne garde qu'un chiffre."
    )


def _command(facility: str, service: str, dimension: str) -> tuple[str, ...]:
    """The command that recomputes a dimension, in parts that should stay on one line."""
    place = {"facility": facility, "service": service, "dimension": dimension}
    given = (f"--{name} {argument(text)}" for name, text in place.items() if text)
    return ("qgdr explain campagne.yml", *given)


def _text(score: OpenedScore) -> Iterator[str]:
    """One dimension as lines of plain text."""
    yield f"{score.title} : {score.figure}"
    for block in score.blocks:
        if block.legend:
            yield f"  {block.legend}"
        for item in block.items:
            yield f"  {item.text}"
            if item.cells:
                yield "    " + " | ".join(f"{name} : {n}" for name, n, _ in item.cells)
            yield from (f"    {line}" for line in (item.worked, item.interval) if line)
    yield from (f"  {name} : {line}" for name, line in score.lines)
