"""The questions put to debate: which, why, and never from what is hidden."""

import shutil

import pandas as pd
import pytest

from qgdr_eval.campaigns.results import DRAFT, store_campaign
from qgdr_eval.comparison import compare_to_reference, read_dimensions
from qgdr_eval.comparison.findings import find
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.workshop import choose_topics, open_debate
from tests.actions.results import FACILITY, MARKS, everything, instrument, published
from tests.workshop import printed

UNMARKED = instrument().model_copy(update={"thresholds": ()})  # nothing is low by a mark of its own


def chosen(given, asked=None, **others):
    """The questions of service S; ``others``: answers of other services."""
    results = published({"S": given, **others}, asked)
    readings = read_dimensions(results)
    beside = {
        "readings": readings,
        "findings": find(results, readings),
        "comparisons": compare_to_reference(results),
    }
    own = {name: rows[rows["service"] == "S"] for name, rows in beside.items()}
    return choose_topics(results.of(FACILITY, "S"), own)


def plain(topic):
    return topic.why.replace("\u202f", " ").replace("\xa0", " ")


def test_a_divided_question_comes_first_with_both_sides_and_how_many():
    first, *_ = chosen(everything(0, 10, 90, e1=(35, 0, 65), e2=(35, 0, 65)))
    assert first.item == "e1"
    assert "65\u202f% de réponses favorables et 35\u202f% de défavorables" in first.why
    assert "100\xa0réponses valides" in first.why
    assert first.codes == (1, 2, 3)


def test_a_question_low_by_the_marks_of_its_dimension_says_so_as_the_plan_does():
    (first, *_) = chosen(everything(0, 10, 90, e1=(0, 80, 20)))
    assert (first.item, first.dimension) == ("e1", "e")
    assert "20 % favorables [13 ; 29], 100 réponses valides" in plain(first)
    assert f"Tout l'intervalle est sous le repère de {MARKS[1].value:.0f} %" in plain(first)


def test_a_low_dimension_is_said_with_its_interval_then_its_lowest_question():
    (first, *_) = chosen(everything(0, 10, 90, e1=(0, 80, 20), e2=(0, 70, 30)))
    assert first.item == "e1"
    assert plain(first).startswith("« Dimension e » : 25 % [")
    assert "C'en est la question la plus basse : 20 % favorables" in plain(first)


def test_a_dimension_open_on_the_page_is_a_reason_in_the_words_of_the_page():
    (first, *_) = chosen(everything(0, 9, 14, d1=(0, 1, 22), d2=(0, 1, 22)))
    assert first.dimension == "e"
    assert "va du repère des priorités à celui des points forts" in plain(first)
    assert "C'en est une des questions les plus basses" in plain(first)  # both are alike


ALIKE = everything(0, 40, 60)


def test_a_dimension_established_below_the_reference_is_said_with_its_interval():
    low = everything(0, 40, 60, e1=(0, 60, 40), e2=(0, 55, 45))
    (first, *_) = chosen(low, UNMARKED, T=ALIKE, U=ALIKE)
    assert first.item == "e1"
    assert plain(first).startswith("« Dimension e », face à la moyenne des autres services")
    assert "−18 points, intervalle [" in plain(first)  # (40 + 45) / 2 against 60, half away from 0
    assert "l'écart est établi" in plain(first)


def test_a_gap_that_is_not_established_is_no_reason():
    near = everything(0, 40, 60, e1=(0, 42, 58), e2=(0, 42, 58))
    assert not any("face à" in topic.why for topic in chosen(near, UNMARKED, T=ALIKE, U=ALIKE))


def test_two_dimensions_are_never_said_to_be_apart():
    """What is lowest completes the list, and says that it establishes nothing."""
    (only,) = chosen(everything(0, 10, 90, e1=(0, 80, 20)), UNMARKED)
    assert only.item == "e1"
    assert plain(only).startswith("Pour compléter la liste : « Dimension e » (55 %) est la plus")
    assert "des deux dimensions montrées, sans que l'écart aux autres soit établi" in plain(only)
    assert "points" not in only.why
    assert "sous la moyenne" not in only.why


def test_nothing_completes_a_list_from_scores_of_two_rules():
    d, e = UNMARKED.dimensions
    mixed = UNMARKED.model_copy(
        update={"dimensions": (d, e.model_copy(update={"rule": "mean_0_100"}))}
    )
    assert chosen(everything(0, 10, 90, e1=(0, 80, 20)), mixed) == []


def test_records_are_counted_as_records():
    audit = instrument("conformity", "record")
    (first, *_) = chosen(everything(60, 0, 40), audit)
    assert "dossiers" in first.why
    assert "réponse" not in first.why
    assert "équipe" not in first.why


def test_each_question_once_two_of_a_dimension_and_five_at_most():
    topics = open_debate("demo").topics
    items = [topic.item for topic in topics]
    dimensions = pd.Series([topic.dimension for topic in topics]).value_counts()
    assert len(items) == len(set(items)) == 5
    assert dimensions.max() <= 2


def test_nothing_is_chosen_from_rows_that_are_hidden():
    assert chosen(everything(0, 2, 1), T=everything(0, 80, 20)) == []


@pytest.fixture
def unpublished(campaign_file, tmp_path):
    """The campaign that tests share, without what some of them may have published."""
    shared = shutil.ignore_patterns("publications")
    return shutil.copytree(campaign_file.parent, tmp_path / "c", ignore=shared) / campaign_file.name


def test_results_that_are_not_published_are_not_debated_and_the_command_is_told(unpublished):
    with pytest.raises(Refused) as refused:
        open_debate(str(unpublished))
    text = str(refused.value)
    assert "ne sont pas publiés" in text
    assert f"qgdr report {unpublished.as_posix()} --out" in text


def test_a_draft_that_was_printed_is_not_debated(unpublished, tmp_path):
    store_campaign(str(unpublished), tmp_path / "brouillon.sqlite", DRAFT)
    with pytest.raises(Refused, match="ne sont pas publiés"):
        open_debate(str(tmp_path / "brouillon.sqlite"))


def test_an_unknown_service_is_refused_with_the_nearest():
    with pytest.raises(Refused, match="Cardiologie"):
        open_debate("demo", service="Cardiologi")


# Groups of a team that stand apart: answers of two professions, published as any other's

NEUTRAL, FAVOURABLE = 3, 4
APART = "Deux groupes de l'équipe s'écartent"


def of_professions(folder, **favourable):
    """A campaign of one service, nobody unfavourable; of each profession, how many are favourable.

    ``favourable``: by profession, (people, favourable answers to the first question); to every
    other question one in three of each profession is.
    """
    asked = load_instrument("culture_securite")
    first, *others = asked.items
    rows = []
    for profession, (people, so_many) in favourable.items():
        for rank in range(people):
            codes = {item.code: _code(item, rank % 3 == 0) for item in others}
            codes[first.code] = _code(first, rank < so_many)
            rows.append({"Service": "Nuit", "Profession": profession, **codes})
    pd.DataFrame(rows).to_csv(folder / "reponses.csv", sep=";", index=False)
    (folder / "campagne.yml").write_text(
        "id: essai\ntitle: Essai\nperiod: mars 2026\ninstrument: culture_securite\n"
        "responses: reponses.csv\nservices: [Nuit]\n"
        "columns: {service: Service, strata: {profession: Profession}}\n"
        "coding: {answers: codes, reversed: as_worded}\n",
        encoding="utf-8",
    )
    return first, str(printed.published(folder / "campagne.yml"))


def _code(item, favourable):
    if not favourable:
        return NEUTRAL
    return 6 - FAVOURABLE if item.reversed else FAVOURABLE


def test_groups_that_stand_apart_are_named_with_their_figures(tmp_path):
    item, campaign = of_professions(tmp_path, Infirmier=(40, 36), Autre=(40, 12))
    topics = {topic.item: topic.why for topic in open_debate(campaign).topics}
    why = topics[item.code].replace("\u202f", " ")
    assert why.startswith(f"{APART} de 60 points : « Autre » (30 % favorables")
    assert "et « Infirmier » (90 % favorables" in why
    assert why.count("40\xa0réponses valides") == 2


@pytest.mark.parametrize(
    "professions",
    [
        {"Infirmier": (40, 24), "Autre": (40, 20)},  # intervals that meet
        {"Infirmier": (40, 36), "Autre": (6, 1)},  # one of them too small to be shown
        {"Infirmier": (60, 40)},  # nobody to stand apart from
    ],
)
def test_groups_that_meet_or_are_not_shown_are_no_reason(tmp_path, professions):
    _, campaign = of_professions(tmp_path, **professions)
    assert not any(APART in topic.why for topic in open_debate(campaign).topics)
