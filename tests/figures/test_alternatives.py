import numpy as np
import pytest

from qgdr_eval.comparison.reading import read_dimensions
from qgdr_eval.figures import heatmap_alt, items_alt, profile_alt
from qgdr_eval.french import percent
from tests.figures.campaigns import DIMENSIONS, SERVICES, campaign, compared, read_services
from tests.figures.levels import LABELS, levels_instrument
from tests.reading import text_of


def test_the_profile_is_told_by_its_extremes_and_its_doubts():
    published = campaign()
    one = published.of(*SERVICES[0])
    readings = read_dimensions(one)
    said = profile_alt(one, readings)
    assert percent(readings["score"].max()) in said
    assert percent(readings["score"].min()) in said
    for row in readings.query("verdict == 'cannot_conclude'").itertuples():
        assert one.instrument.dimension(row.dimension).label in said.split("conclure")[1]


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        ([], "Aucun écart établi avec la référence (moyenne des autres services)."),
        (["dim_1"],
         "Écart avec la référence (moyenne des autres services) : établi pour "
         f"« {DIMENSIONS[1]} », non établi pour 9 autres dimensions."),
    ],
)  # fmt: skip
def test_the_profile_tells_from_which_references_the_difference_is_established(apart, said):
    published = campaign()
    beside = compared(published)
    sure = beside["dimension"].isin(apart)
    beside = beside.assign(verdict=np.where(sure, "lower", "not_established"))
    told = profile_alt(published.of(*SERVICES[0]), read_dimensions(published), beside)
    assert text_of(said) in text_of(told)


def test_a_hidden_profile_says_that_nothing_can_be_shown():
    published = campaign(hidden=[4])
    one = published.of(*SERVICES[4])
    assert "aucun résultat ne peut être montré" in profile_alt(one, read_dimensions(one))
    assert "aucune répartition ne peut être montrée" in items_alt(one, "dim_0")


def test_items_are_told_by_their_most_favourable_and_least_favourable():
    counts = {
        "D0_0": [0, 0, 0, 4, 12],
        "D0_1": [6, 0, 0, 0, 2],
        "D0_2": [0, 1, 6, 1, 0],
        "D0_3": [1, 1, 1, 1, 4],
    }
    one = campaign(counts=counts).of(*SERVICES[0])
    said = items_alt(one, "dim_0")
    assert "favorables\u202f: «\u202fNous manquons" in said
    assert "100\u202f%" in said
    assert "75\u202f%" in said


def test_nobody_disagrees_is_said():
    counts = {f"D0_{i}": [0, 0, 0, 4, 12] for i in range(4)}
    one = campaign(counts=counts).of(*SERVICES[0])
    assert "Pas de réponses défavorables." in items_alt(one, "dim_0")


def test_the_heat_map_is_told_by_what_is_established():
    published = campaign()
    readings = read_services(published)
    said = heatmap_alt(published, readings).replace("\u00a0", " ")
    assert "18 services" in said
    assert f"{(readings['verdict'] == 'established').sum()} établis" in said
    assert "20 non montrés" in said


def test_nothing_shown_at_all():
    published = campaign(services=SERVICES[:2], hidden=[0, 1])
    assert "aucun résultat" in heatmap_alt(published, read_dimensions(published))


def told(places):
    """The profile of a service whose dimensions of levels stand at these places."""
    one = campaign(levels_instrument(), SERVICES[:1], hidden=()).of(*SERVICES[0])
    one.scores.loc[one.scores["item"] == "", "score"] = places
    one.scores[["low", "high"]] = 25, 87.5
    return profile_alt(one, read_dimensions(one)).replace("\u202f", " ").replace("\u00a0", " ")


def test_levels_are_told_in_full_from_letter_to_letter():
    said = told([37.5, 50, 75])
    assert "de A à E" in said
    assert f"Le plus haut : « {LABELS[2]} », niveau D [B ; entre D et E] ;" in said
    assert f"le plus bas : « {LABELS[0]} », entre B et C [B ; entre D et E]." in said
    assert "100" not in said


def test_ties_are_told():
    said = told([75, 50, 75])
    tied = f"« {LABELS[0]} » [B ; entre D et E] et « {LABELS[2]} » [B ; entre D et E]"
    assert f"Le plus haut : niveau D, à égalité pour {tied} ; le plus bas :" in said
    assert "Le plus haut et le plus bas : niveau C, à égalité pour" in told([50, 50, 50])
    alike = told([62.5, 68.75, 25])  # both are written « entre C et D »
    assert f"entre C et D, à égalité pour « {LABELS[0]} »" in alike


def test_a_reversed_item_is_told_with_the_answers_that_are_unfavourable():
    counts = {"D0_0": [8, 4, 0, 0, 2]}
    counts |= {f"D0_{i}": [0, 0, 0, 4, 12] for i in (1, 2, 3)}
    one = campaign(counts=counts).of(*SERVICES[0])
    said = items_alt(one, "dim_0").replace("\u202f", " ")
    turned = "(item inversé : « Tout à fait d'accord » et « D'accord » sont défavorables), 86 %"
    assert turned in said
    assert "réponses favorables : à égalité pour" in said
