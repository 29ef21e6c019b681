"""Sentences chosen by what the results allow to say: established, to confirm, cannot conclude.

A sentence here never blames, never names a cause and never says that something improved.
Sentences are plain text; `qgdr_eval.reporting.page.fragment` sets their typography.
"""

from qgdr_eval.comparison.findings.thresholds import OBJECTIVE
from qgdr_eval.disclosure.rows import rows_of
from qgdr_eval.figures.words import turned_words
from qgdr_eval.frames import Apart, ComparisonRow, FindingRow, ReadingRow, ScoreRow
from qgdr_eval.french import count, in_words, listed, number, percent, quote
from qgdr_eval.instruments import Instrument, Item
from qgdr_eval.reporting.page.fragment import NAMED
from qgdr_eval.reporting.report import ServiceReport
from qgdr_eval.reporting.team.readings import MARKED, Readings, readings_of
from qgdr_eval.reporting.team.sample import Sample
from qgdr_eval.scoring import gives
from qgdr_eval.wording.margin import margin_words
from qgdr_eval.wording.scores import item_score
from qgdr_eval.wording.subjects import Subject, subject_of
from qgdr_eval.wording.verdicts import IN_FULL, WITHOUT_BAND, between

EDGES = " Entre crochets, l'intervalle à 95 %."
DECLARED = {
    "strength": "au-dessus du repère",
    "priority": "sous le repère",
    "between": "entre les deux repères",
}
STATUSES = {
    "published": "publié",
    # Which of the two it is would tell.
    "suppressed": "effectif insuffisant, ou réponses toutes semblables",
    "complementary": "masqué : ce résultat en ferait retrouver un autre",
    "no_answer": "aucune réponse valide",
    "unanimous": "réponses toutes identiques",
}
OF_A_GROUP = STATUSES | {"suppressed": "effectif insuffisant"}  # its size alone decides
DIFFERENCES = {
    "higher": "au-dessus de la référence, établi",
    "lower": "au-dessous de la référence, établi",
    "not_established": "écart non établi",
}
REASONS = {
    "blank": "retour vide",
    "less_complete": "retour en double, moins complet que l'autre",
    "duplicate": "retour en double",
    "under_half": "moins de la moitié des questions remplies",
    "same_answer": "même réponse partout",
    "out_of_range": "réponse hors de l'échelle",
    "identical_row": "retour identique à un autre",
}
ACTIONS = {
    "excluded": "écarté du calcul",
    "set_missing": "réponse lue comme manquante",
}
HIDDEN_WHAT = {
    "group": "tous les résultats du service",
    "total": "services non comptés dans l'ensemble",
    "total_row": "questions dont l'ensemble ne compte pas tous les services affichés",
    "row": "dimensions ou questions",
    "stratum_row": "résultats par catégorie de répondants",
    "strata": "résultats par catégorie de répondants",
    "distribution": "répartitions des réponses à une question",
}
HIDDEN_BECAUSE = {
    "small": "moins de réponses que le minimum d'affichage",
    "left_out": "les compter permettrait de retrouver leurs réponses",
    "hidden_there": "la question y est masquée, et l'ensemble la ferait retrouver",
    "suppressed": "trop peu de réponses valides, ou toutes semblables",
    "complementary": "les afficher permettrait de recalculer un petit groupe",
    "unanimous": "toutes les réponses sont identiques",
    "unseen": "cette répartition n'est montrée nulle part",
}
HIDDEN_STRATA = "une catégorie au moins compte trop peu de réponses"
ITEMS = {  # what is told of a question or a criterion named by itself
    "critical": "critère critique",
    "unmet": "critère non rempli",
    "under_objective": f"critère nettement sous l'objectif de {percent(OBJECTIVE)}",
    "low_item": "question nettement sous le repère",
    "split": "réponses partagées",
}


def subjects(instrument: Instrument, n: int) -> str:
    """Write how many people answered, how many records were read or groups took position."""
    return subject_of(instrument).count(n)


def criterion(item: Item) -> str:
    """A question or criterion in a table, told when it is critical."""
    return f"{item.text} (critique)" if item.critical else item.text


def item_answer(value: float, item: Item, instrument: Instrument) -> str:
    """The score of the question behind a finding: « 37 % favorables », reversed items told."""
    return item_score(value, item, instrument) + turned(item, instrument)


def split_answer(negative: float, positive: float, item: Item, instrument: Instrument) -> str:
    """The two sides of a divided team on one question."""
    sides = f"{percent(negative)} défavorables, {percent(positive)} favorables"
    return sides + turned(item, instrument)


def turned(item: Item, instrument: Instrument) -> str:
    """What is added to a question asked the other way round: which answers are favourable."""
    told = turned_words(item, instrument.scale_of(item), "positive")
    return f" ({told})" if told else ""


def verdict(reading: ReadingRow, instrument: Instrument, status: str = "published") -> str:
    """Say in words what a reading allows; a row that is not shown says why."""
    if status != "published":
        return STATUSES.get(status, WITHOUT_BAND["hidden"])
    if reading.verdict in WITHOUT_BAND:
        return WITHOUT_BAND[reading.verdict]
    if instrument.declared:
        return DECLARED[reading.band]
    if reading.band == "between":
        place = between(instrument, reading.dimension)
        return f"nettement {place}" if reading.verdict == "established" else f"{place}, à confirmer"
    return IN_FULL[reading.verdict, reading.band]


def headline(report: ServiceReport) -> str:
    """The one sentence that the results support."""
    readings, instrument = readings_of(report), report.instrument
    if report.hidden:
        return _hidden(instrument)
    if not readings.read(*MARKED, "capped", "no_threshold"):
        return _nothing_to_read([row for _, row, _ in report.scores.dimensions])
    if failed := report.found.of("critical"):
        return _critical(failed)
    if instrument.chosen:
        return _of_chosen(report.subject, len(report.found.of("unmet")))
    strengths = readings.read("established", band="strength")
    priorities = readings.read("established", band="priority")
    if strengths or priorities:
        strong = _named(instrument, strengths, "point fort établi", "points forts établis")
        weak = ("priorité établie", "priorités établies")
        return _sentence([strong, _named(instrument, priorities, *weak, feminine=True)])
    if readings.read("no_threshold") and not readings.marked:
        return _without_threshold(rows_of(report.comparisons, ComparisonRow), len(readings.rows))
    return _nothing_established(readings)


def told_beside(instrument: Instrument) -> str:
    """What the figures beside findings are: those of a dimension, or of a question."""
    lettered = set(map(gives, instrument.dimensions)) == {"level"}
    name, its = ("La lettre", "le niveau médian") if lettered else ("Le chiffre", "le score")
    thing = "une question" if instrument.of_people else "un critère"
    return (
        f"{name} est {its} de la dimension ; à côté d'{thing} entre guillemets, le sien."
        f"{EDGES if subject_of(instrument).drawn else ''}"
    )


def margin(readings: Readings, *, everybody: bool) -> str:
    """What an interval is, on the dimension the sentence names first, else on the first shown.

    ``everybody``: whether all those asked have answered.
    """
    named = named_first(readings)
    if not named or not subject_of(readings.instrument).drawn:
        return ""
    dimension = readings.instrument.dimension(named[0].dimension)
    return margin_words(named[0], dimension, readings.instrument, everybody=everybody)


def named_first(readings: Readings) -> list[ReadingRow]:
    """What is shown, in the order the first screen names it: priorities, strengths, the others."""
    return [
        *readings.read("established", band="priority"),
        *readings.read("established", band="strength"),
        *(row for row in readings.rows if row.verdict != "hidden"),
    ]


def _hidden(instrument: Instrument) -> str:
    few = "réponses" if instrument.of_people else subject_of(instrument).plural
    return f"Trop peu de {few} pour afficher un résultat sans exposer les personnes."


def _nothing_to_read(scores: list[ScoreRow]) -> str:
    if all(row.status == "no_answer" for row in scores):
        return "Aucune réponse valide n'a été donnée : il n'y a pas de résultat à lire."
    return "Chaque dimension contient une question qui a reçu trop peu de réponses valides."


def _critical(failed: list[FindingRow]) -> str:
    """In an audit, one critical criterion missed once comes before any score."""
    if len(failed) == 1:
        return "Un critère critique n'est pas conforme à chaque fois : c'est le premier sujet."
    n = in_words(len(failed)).capitalize()
    return f"{n} critères critiques ne sont pas conformes à chaque fois : ils passent d'abord."


def _of_chosen(subject: Subject, unmet: int) -> str:
    """Cases that were chosen: how many criteria some of them lack, and nothing of the others."""
    if not unmet:
        return f"Aucun critère ne manque à {subject.these} ; on ne sait rien des autres."
    criteria = f"{in_words(unmet)} {_plural(unmet, 'critère')}"
    return f"{criteria.capitalize()} à comprendre, {subject.one} après l'autre."


def _sentence(parts: list[str]) -> str:
    text = " ; ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}."


def _named(
    instrument: Instrument,
    readings: list[ReadingRow],
    singular: str,
    plural: str,
    feminine: bool = False,
) -> str:
    if not readings:
        return f"aucun{'e' if feminine else ''} {singular}"
    names = [instrument.dimension(row.dimension).label for row in readings]
    text = f"{in_words(len(names), feminine)} {singular if len(names) == 1 else plural}"
    if sum(map(len, names)) > NAMED:
        return text
    return f"{text}, {listed(quote(name) for name in names)}"


def _without_threshold(comparisons: list[ComparisonRow], among: int) -> str:
    apart = [row for row in comparisons if row.verdict in ("higher", "lower")]
    if not apart:
        return "Ces résultats se lisent avec leur intervalle ; aucun seuil ne les départage."
    return (
        f"Sur {dimensions(among)}, {in_words(len(apart), feminine=True)} "
        f"{'se distingue' if len(apart) == 1 else 'se distinguent'} de la référence."
    )


def _nothing_established(readings: Readings) -> str:
    unsure = len(readings.read("to_confirm"))
    unknown = len(readings.read("cannot_conclude"))
    parts = [
        f"{in_words(unsure, True)} {_plural(unsure, 'dimension')} à confirmer" if unsure else "",
        f"{in_words(unknown, True)} sans conclusion possible" if unknown else "",
    ]
    rest = listed(part for part in parts if part)
    rest = rest or "les résultats se lisent tous hors de ces deux zones"
    what = these(readings.instrument).capitalize()
    return f"{what} n'établissent ni point fort ni priorité : {rest}."


def these(instrument: Instrument) -> str:
    """What the results rest on: « ces réponses », « ces dossiers »."""
    return "ces réponses" if instrument.of_people else subject_of(instrument).these


def dimensions(n: int) -> str:
    """Write how many dimensions."""
    return f"{in_words(n, feminine=True)} {_plural(n, 'dimension')}"


def shown_dimensions(readings: Readings) -> str:
    """Write how many dimensions are shown, and that they are not all when one is hidden."""
    n = readings.shown
    return dimensions(n) + (f" {_plural(n, 'affichée')}" if readings.some_hidden else "")


def _plural(n: int, word: str) -> str:
    return word if n < 2 else word + "s"


def profile_title(readings: Readings, n: int) -> str:
    """What the profile shows, as the heading of its section. ``n``: how many answered."""
    shown, clear = shown_dimensions(readings), readings.read("established")
    if not readings.shown:
        return "Aucune dimension ne peut être affichée"
    if readings.instrument.chosen:
        return f"{shown.capitalize()}, dans {subjects(readings.instrument, n)}"
    if not readings.marked:
        whose = "son" if readings.shown == 1 else "leur"
        return f"{shown.capitalize()}, à lire avec {whose} intervalle"
    if not clear:
        return f"Sur {shown}, aucune ne se lit encore nettement"
    verb = "se lit" if len(clear) == 1 else "se lisent"
    return f"Sur {shown}, {in_words(len(clear), True)} {verb} nettement"


def reference_title(rows: list[ComparisonRow]) -> str:
    """What the comparison with the reference shows, as the heading of its section."""
    above, below = ([row for row in rows if row.verdict == way] for way in ("higher", "lower"))
    if not above and not below:
        return "Aucun écart établi avec la référence"
    parts = [
        f"{dimensions(len(group))} {way}"
        for group, way in ((above, "au-dessus de la référence"), (below, "au-dessous"))
        if group
    ]
    if not above:
        parts = [f"{dimensions(len(below))} au-dessous de la référence"]
    return listed(parts).capitalize()


def difference_verdict(row: Apart) -> str:
    """The reading of one difference, in a table."""
    if row.verdict == "not_established" and not row.low <= 0 <= row.high:
        return "écart non établi, toutes comparaisons prises ensemble"
    return DIFFERENCES[row.verdict]


def nothing_to_act_on(readings: Readings) -> str:
    """What to do when no dimension calls for an action, in a sentence or two."""
    if not readings.read(*MARKED, "no_threshold"):
        return (
            "Sans chiffres, l'équipe peut tout de même choisir un sujet dans les questions "
            "ci-dessus, en parler, et noter ce qu'elle décide."
        )
    if readings.read("no_threshold"):
        return (
            "L'instrument ne fixe pas de seuil : choisissez en équipe, dans les questions "
            "ci-dessus, ce qui mérite d'être travaillé ou gardé."
        )
    return (
        "Aucune dimension n'est une priorité ni ne reste à confirmer de ce côté. Parlez des "
        "questions où les réponses sont partagées, s'il y en a, et choisissez un point à garder."
    )


def nothing_to_discuss(instrument: Instrument) -> str:
    """What is said where nothing calls for a discussion."""
    if instrument.chosen:
        return f"Aucun autre critère ne manque à {subject_of(instrument).these}."
    what = "réponses nettement partagées"
    if instrument.of_records:
        what = "critère nettement sous l'objectif"
    return f"Pas de {what}, pas de dimension sans conclusion."


def turnout(sample: Sample) -> str:
    """Who answered, in a few words: « 11 personnes sur 14 ont répondu »."""
    people, subject, n = sample.instrument.of_people, sample.subject, sample.n
    if sample.head_count != sample.head_count:  # unknown
        return subject.count(n, "" if people else subject.seen)
    what = count(n, "personne") if people else subject.count(n)
    one, several = "a répondu", "ont répondu"
    if not people:
        seen = subject.agree(subject.seen, n)
        one, several = f"a été {seen}", f"ont été {seen}"
    return f"{what} sur {number(sample.head_count)} {one if n < 2 else several}"
