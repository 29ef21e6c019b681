"""What the dashboard cannot conclude, and how its figures are made, with the page's own numbers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qgdr_eval.comparison.control import FEWEST, WIDE, spread_of_z
from qgdr_eval.comparison.series import Series
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.control_words import write_interval, write_mark, write_value
from qgdr_eval.frames import PointRow
from qgdr_eval.french import count, in_words, listed, number, percent, quote
from qgdr_eval.reporting.dashboard import words
from qgdr_eval.reporting.dashboard.report import DashboardReport

SOURCES = (
    "Run charts revisited : a simulation study of run chart rules for detection of non-random "
    "variation in health care processes, J. Anhøj et A. V. Olesen, PLoS ONE, 2014.",
    "Sense and sensibility : on the diagnostic value of control chart rules for detection of "
    "shifts in time series data, J. Anhøj et T. Wentzel-Larsen, BMC Medical Research Methodology, "
    "2018.",
    "Improved control charts for attributes, D. B. Laney, Quality Engineering, 2002.",
    "Introduction to Statistical Quality Control, D. C. Montgomery, Wiley, 7e édition, 2013.",
    "Probable inference, the law of succession, and statistical inference, E. B. Wilson, Journal "
    "of the American Statistical Association, 1927.",
    "Fiducial limits for the Poisson distribution, F. Garwood, Biometrika, 1936.",
)


@dataclass(frozen=True)
class Rule:
    """A rule in words, its formula, and a line worked with the page's numbers ("" without any)."""

    name: str
    formula: str
    worked: str = ""


def limits(report: DashboardReport) -> list[tuple[str, str]]:
    """(what, why) pairs, from the most specific to this pôle to the most general."""
    return [*_unread(report.mains), *_hidden(report), *_targets(report.mains), *_always(report)]


def _unread(mains: Sequence[Series]) -> Iterator[tuple[str, str]]:
    short = [series for series in mains if series.change == "too_few"]
    if short:
        yield (
            f"Une évolution : {_names(short)}.",
            f"Moins de {FEWEST} points sont montrés ; les règles de lecture ne s'appliquent pas "
            "encore, ni dans un sens ni dans l'autre.",
        )
    flat = [series for series in mains if series.change == "flat"]
    if flat:
        yield (
            f"Une évolution : {_names(flat)}.",
            "Trop de valeurs sont égales à la médiane, souvent zéro, pour que ses deux règles "
            "puissent se lire : un événement rare se suit mieux au trimestre, ou par le temps "
            "entre deux événements.",
        )
    without = [series for series in mains if series.chart == "run" and series.change != "flat"]
    if without:
        yield (
            f"Une période isolée : {_names(without)}.",
            "Des valeurs nulles parmi d'autres : des limites sonneraient par hasard, elles ne sont "
            "pas tracées. Seules les suites de points se lisent.",
        )
    unsided = [series for series in mains if "crossings" in set(series.signals["signal"])]
    if unsided:
        yield (
            f"Le sens d'un changement : {_names(unsided)}.",
            "La médiane est trop peu franchie : la série a bougé plus que par hasard, rien ne dit "
            "quand, ni dans quel sens.",
        )


def _names(series: Sequence[Series]) -> str:
    return listed(quote(words.name(followed)) for followed in series)


def _hidden(report: DashboardReport) -> Iterator[tuple[str, str]]:
    hidden = [
        f"{words.name(series)} ({count(words.hidden(series), 'période')})"
        for series in report.series
        if words.hidden(series)
    ]
    if hidden:
        yield (
            f"Ce qui n'est pas montré : {listed(hidden)}.",
            f"Moins de {report.published.minimum} personnes ou dossiers sur la période, ou un "
            "effectif qui se retrouverait en le retranchant du total du pôle.",
        )


def _targets(mains: Sequence[Series]) -> Iterator[tuple[str, str]]:
    unsure = [series for series in mains if series.level.verdict == "cannot_conclude"]
    with_interval = [series for series in unsure if series.kind != "value"]
    if with_interval:
        yield (
            f"Si la cible est atteinte : {_names(with_interval)}.",
            "L'intervalle de la dernière période va d'un côté à l'autre de la cible : il faudrait "
            "plus de cas, ou regrouper des périodes, pour le dire.",
        )
    alone = [series for series in unsure if series.kind == "value"]
    if alone:
        yield (
            f"Si la cible est atteinte : {_names(alone)}.",
            "Une valeur seule n'a pas d'intervalle. Le numérateur et le dénominateur, s'ils "
            "existent, permettraient de conclure.",
        )
    without = [series for series in mains if series.level.verdict == "no_target"]
    if without:
        yield (
            f"Si le niveau convient : {_names(without)}.",
            "Aucune cible n'est fixée : ces chiffres disent une évolution, pas un niveau attendu.",
        )


def _always(report: DashboardReport) -> Iterator[tuple[str, str]]:
    if report.family("adverse_events"):
        yield (
            "Combien d'événements arrivent vraiment.",
            "Un nombre d'événements déclarés dit ce qui est déclaré : il monte aussi quand on "
            "déclare mieux.",
        )
    read = sum(series.change not in ("too_few", "flat") for series in report.mains)
    yield (
        f"Qu'un signal soit à coup sûr un changement{_among(read)}.",
        "Sur vingt-quatre points, une série stable sur vingt environ donne un signal par hasard, "
        "jusqu'à une sur dix quand ses valeurs sont très dispersées. Un signal invite à regarder, "
        "il ne prouve pas.",
    )
    yield (
        "La cause d'un changement.",
        "Un signal dit que quelque chose a changé, pas pourquoi : c'est l'objet de la discussion "
        "en équipe, avec ce qui s'est passé à cette date.",
    )
    yield (
        "Un rang entre pôles ou entre services.",
        "Les personnes accueillies et les activités diffèrent : chaque série se lit contre son "
        "propre passé.",
    )


def _among(read: int) -> str:
    return f", parmi les {in_words(read, feminine=True)} séries lues" if read > 1 else ""


def worked_rules(report: DashboardReport) -> list[Rule]:
    """Each rule the page uses, in words, with a line worked on the first series it applies to."""
    charts = {series.chart for series in report.mains}
    rules = [
        Rule(
            "Suites et franchissements de la médiane",
            "n points hors de la médiane ; au plus arrondi(log₂ n) + 3 points de suite du même "
            "côté ; au moins autant de franchissements que le quantile à 5 % d'une loi binomiale "
            f"(n − 1 ; ½). À partir de {FEWEST} points hors de la médiane. Trop peu de "
            "franchissements ne disent ni date ni sens",
            _first(report.mains, lambda series: series.runs.readable, _worked_runs),
        )
    ]
    rules += [
        Rule(name, formula, _first(report.mains, _on(chart), _worked_limits))
        for chart, (name, formula) in CHARTS.items()
        if chart in charts
    ]
    rules += [
        Rule(name, formula, _first(report.mains, _of(kinds), _worked_interval))
        for kinds, name, formula in INTERVALS
        if any(_of(kinds)(series) for series in report.mains)
    ]
    return rules


TAIL = "Φ(−3), soit 0,135 % de chaque côté"
SPREAD = (
    "σz : étendue mobile moyenne des écarts réduits ÷ 1,128 ; employée dès que σz dépasse 1, car "
    "douze points ne prouvent pas qu'une dispersion est ordinaire"
)
CHARTS = {
    "p": (
        "Limites d'une proportion (carte p)",
        f"quantiles à {TAIL} d'une loi binomiale (n ; p), divisés par n ; p : proportion de "
        "l'ensemble des périodes montrées, n : dénominateur de la période",
    ),
    "p_laney": (
        "Limites d'une proportion dispersée (carte p′ de Laney)",
        "quantiles à Φ(−3 σz) de chaque côté d'une loi binomiale (n ; p), divisés par n ; "
        f"{SPREAD}",
    ),
    "u": (
        "Limites d'un taux (carte u)",
        f"quantiles à {TAIL} d'une loi de Poisson (n u), divisés par n ; u : taux de l'ensemble "
        "des périodes montrées, n : dénominateur de la période",
    ),
    "u_laney": (
        "Limites d'un taux dispersé (carte u′ de Laney)",
        f"quantiles à Φ(−3 σz) de chaque côté d'une loi de Poisson (n u), divisés par n ; {SPREAD}",
    ),
    "c": (
        "Limites d'un comptage (carte c)",
        f"quantiles à {TAIL} d'une loi de Poisson (c), c : moyenne des périodes montrées",
    ),
    "c_laney": (
        "Limites d'un comptage dispersé (carte c′ de Laney)",
        f"quantiles à Φ(−3 σz) de chaque côté d'une loi de Poisson (c) ; {SPREAD}",
    ),
    "xmr": (
        "Limites d'une valeur (carte des valeurs individuelles)",
        "moyenne ± 3 × étendue mobile moyenne ÷ 1,128 ; quand la plus grande valeur dépasse "
        f"{number(WIDE)} fois la plus petite, de chaque côté la plus large de ces limites et de "
        "celles des logarithmes, car des durées ou des montants sont dissymétriques",
    ),
}
INTERVALS = (
    (
        ("proportion",),
        "Intervalle d'une proportion",
        "intervalle de Wilson à 95 % de la dernière période",
    ),
    (
        ("rate", "count"),
        "Intervalle d'un taux ou d'un comptage",
        "intervalle exact à 95 % d'une loi de Poisson : χ² à 2,5 % sur 2k degrés ÷ 2 et χ² à "
        "97,5 % sur 2k + 2 degrés ÷ 2, k : nombre d'événements de la dernière période",
    ),
)


def _on(chart: str) -> Callable[[Series], bool]:
    return lambda series: series.chart == chart


def _of(kinds: Sequence[str]) -> Callable[[Series], bool]:
    return lambda series: series.kind in kinds and series.level.value == series.level.value


def _first(
    mains: Sequence[Series], fits: Callable[[Series], bool], work: Callable[[Series], str]
) -> str:
    fitting = next((series for series in mains if fits(series)), None)
    return f"{quote(words.name(fitting))} : {work(fitting)}" if fitting else ""


def _worked_runs(series: Series) -> str:
    runs = series.runs
    return (
        f"n = {runs.useful} ; plus longue suite {runs.longest}, au plus {runs.longest_limit} ; "
        f"franchissements {runs.crossings}, au moins {runs.crossings_limit}"
    )


def _worked_limits(series: Series) -> str:
    """The limits of the last period shown, from the part and the baseline they are made of."""
    points = series.points[series.points["part"] == series.points["part"].iloc[-1]]
    shown = points[points["status"] == "published"]
    base = shown["baseline"].to_numpy(bool) if series.base else None
    last = rows_of(shown, PointRow)[-1]
    ends = write_interval(series, last.low_limit, last.high_limit)
    if series.kind == "value":
        return f"moyenne {number(last.centre, 1)}, soit {ends}"
    spread = ""
    if series.chart.endswith("laney"):
        sizes = shown["denominator"].fillna(1)
        sigma = spread_of_z(shown["numerator"], sizes, series.kind == "proportion", base)
        spread = f", σz = {number(sigma, 2)}"
    size = "" if series.kind == "count" else f", n = {number(last.denominator)}"
    return f"centre {write_value(series, last.centre)}{size}{spread} en {last.label}, soit {ends}"


def _worked_interval(series: Series) -> str:
    level = series.level
    if series.kind == "proportion":
        made_of = f"{number(level.numerator)} ÷ {number(level.denominator)}"
        made_of += f" = {percent(level.value, 1)}"
    else:
        made_of = f"k = {number(level.numerator)}"
    return f"{made_of} en {level.label}, soit {words.interval(series)}"


def national_sources(report: DashboardReport) -> list[str]:
    """The national values of the page with their sources, one line each."""
    return [
        f"{series.indicator} : {write_mark(series, series.reference)}"
        + (f", {series.reference_source}" if series.reference_source else "")
        for series in report.mains
        if series.reference == series.reference
    ]
