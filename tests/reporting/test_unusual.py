"""What pages say of services that stand where few do, and whose place is on whose page."""

import pytest

from qgdr_eval.campaigns.results import write_results
from qgdr_eval.disclosure import open_slice
from qgdr_eval.disclosure.rounds import Rounds
from qgdr_eval.frames import FunnelRow
from qgdr_eval.reporting import (
    one_facility,
    open_campaign,
    open_facility_report,
    open_report,
    side_by_side,
    team,
)
from qgdr_eval.wording import unusual
from tests.comparison.test_unusual import LEVELS, campaign


def row(
    standing: str = "usual", service: str = "a", dimension: str = "d", **more: object
) -> FunnelRow:
    plain = dict.fromkeys(FunnelRow._fields, 0.0)
    texts = {"facility": "f", "service": service, "dimension": dimension, "kind": ""}
    texts |= {"standing": standing, "by_usual_rule": "usual"}
    return FunnelRow(**{**plain, "n_valid": 12.0, "gap": 22.0, **texts, **more})


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("resultats") / "resultats.sqlite"
    write_results(Rounds(campaign()), path)
    return str(path)


def plain(text: object) -> str:
    return str(text).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row()] * 20, "Aucun service n'est nettement hors de l'habituel"),
        ([row("low")] * 3, "Aucun service n'est nettement hors de l'habituel"),
        (
            [row("very_low"), *[row()] * 999],
            "Pas plus de services hors de l'habituel que d'ordinaire",
        ),
        ([row("very_low")], "1 service est nettement hors de l'habituel, sur 1 dimension"),
        (
            [row("very_low"), row("very_high", "b", "e"), row("very_low", "a", "e")],
            "2 services sont nettement hors de l'habituel, sur 2 dimensions",
        ),
    ],
)
def test_what_chance_hardly_gives_is_said_of_services(rows: list[FunnelRow], said: str) -> None:
    assert plain(unusual.headline(rows)) == said


def test_places_outside_stand_beside_what_chance_would_put_there() -> None:
    said = plain(unusual.by_chance([row("low"), row("very_high"), *[row()] * 98]))
    assert said == (
        "Sur 100 places d'un service sur une dimension : 2 hors des limites à 95 % (des services "
        "ordinaires en donneraient environ 5), 1 hors des limites à 99,8 % (des services "
        "ordinaires en donneraient environ 0,2)."
    )


def test_a_service_reads_its_own_place_and_what_it_could_have_shown() -> None:
    names = {"d": "Écoute", "e": "Suites", "f": "Moyens"}
    told = [row("low", gap=20.0), row(dimension="e", gap=24.0)]
    said = plain(unusual.of_service(told, names, ("réponse", "réponses")))
    assert "sous les limites à 95 % pour « Écoute » ; dans l'habituel pour 1 autre." in said
    usual = [row(gap=20.0), row(dimension="e", gap=24.0)]
    said = plain(unusual.of_service(usual, names, ("réponse", "réponses")))
    assert said.endswith(
        "Avec 12 réponses, seul un écart de 20 à 24 points au milieu se voit quatre fois sur cinq."
    )


def test_many_dimensions_outside_are_counted_on_the_page_of_a_service() -> None:
    names = {"d": "Écoute", "e": "Suites", "f": "Moyens", "g": "Temps"}
    told = [row("low", dimension=id) for id in "def"] + [row("very_low", dimension="g")]
    said = plain(unusual.of_service(told, names, ("réponse", "réponses")))
    assert "sous les limites à 99,8 % pour « Temps » ; sous les limites à 95 % pour 3" in said


def test_the_page_of_all_names_who_is_far_out_and_draws_everybody(stored: str) -> None:
    page = plain(side_by_side.unusual(open_campaign(stored)).html)
    assert "1 service est nettement hors de l'habituel" in page
    assert "s8" in page
    assert page.count("<tr") >= len(LEVELS)


def test_a_service_s_page_bears_no_other_service(stored: str) -> None:
    own = open_slice(stored, "f", "s8").beside["funnel"]
    assert set(own["service"]) == {"s8"}
    page = plain(team.reference(open_report(stored, "f", "s8")).html)
    assert "Est-ce inhabituel ?" in page
    assert not any(f"s{rank}" in page for rank in range(8))


@pytest.mark.parametrize("reference", ["none", "campaign"])
def test_a_service_compared_with_nobody_stands_among_nobody(tmp_path, reference: str) -> None:
    path = tmp_path / "resultats.sqlite"
    write_results(Rounds(campaign(reference=reference)), path)
    assert ("funnel" in open_slice(path, "f", "s0").beside) is (reference == "campaign")
    assert len(open_campaign(str(path)).funnel) == len(LEVELS)


def test_too_few_services_have_no_limits_and_the_page_says_why(tmp_path) -> None:
    path = tmp_path / "resultats.sqlite"
    write_results(Rounds(campaign(LEVELS[:7])), path)
    page = plain(side_by_side.unusual(open_campaign(str(path))).html)
    assert "Il faut au moins 8 services affichés" in page
    assert "<svg" not in page
    assert "Est-ce inhabituel" not in team.reference(open_report(str(path), "f", "s0")).html


def test_the_page_of_a_facility_tells_its_own_services_apart_and_no_other(tmp_path) -> None:
    path = tmp_path / "resultats.sqlite"
    write_results(Rounds(campaign(facilities=("f", "g"))), path)
    pages = [
        plain(one_facility.unusual(open_facility_report(str(path), name)).html) for name in "fg"
    ]
    assert "Chacun de ses services est dans l'habituel" in pages[0]
    assert "s8 : sous les limites à 99,8 %" in pages[1].replace("</strong>", "")
    assert not any(f"s{rank}" in pages[0] for rank in range(5, 9))
    assert not any(f"s{rank}" in pages[1] for rank in range(5))
    assert "Parmi les 9 services affichés" in pages[0]
