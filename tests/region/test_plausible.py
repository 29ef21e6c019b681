"""Figures that cannot be, profiles upside down, copies, overlaps: what a signature does not say."""

import json
from pathlib import Path

import pytest

from qgdr_eval.region import Sent, gather
from tests.region.files import Country, settle


@pytest.fixture
def country(tmp_path: Path) -> Country:
    return settle(tmp_path / "region", 8)


def refused(country: Country) -> dict[str, str]:
    return {one.file: one.why for one in gather(country.region, country.files).refused}


def scored(country: Country, rank: int, **values: object) -> None:
    """Sign a file whose first score of each service has other values."""
    facility = json.loads(country.sent(rank).facilities[0].model_dump_json())
    for service in facility["services"]:
        service["scores"][0] |= values
    country.change(rank, facilities=[facility])


def mirror(sent: Sent) -> Sent:
    """The same facility with each score turned round, as a wrong coding would."""
    plain = json.loads(sent.model_dump_json())
    for facility in plain["facilities"]:
        for group in [*facility["services"], facility["whole"]]:
            for one in group["scores"]:
                one["score"] = 100 - one["score"]
                one["low"], one["high"] = 100 - one["high"], 100 - one["low"]
    return Sent.model_validate_json(json.dumps(plain))


def test_eight_facilities_as_they_are_are_all_merged(country: Country) -> None:
    assert refused(country) == {}


def test_more_answers_than_people(country: Country) -> None:
    country.change_services(3, head_count=1)
    assert refused(country) == {"03.json": "implausible"}


@pytest.mark.parametrize(
    "values",
    [{"n": 1000}, {"n": 2}, {"score": 101}, {"low": 70, "high": 60}, {"dimension": "autre"}],
    ids=str,
)
def test_scores_that_cannot_be(country: Country, values: dict[str, object]) -> None:
    scored(country, 3, **values)
    assert refused(country) == {"03.json": "implausible"}


def test_a_small_group_that_is_shown(country: Country) -> None:
    country.change_services(3, n=7, scores=[])
    assert refused(country) == {"03.json": "under_protected"}


def test_a_profile_upside_down(country: Country) -> None:
    country.write(3, mirror(country.sent(3)))
    assert refused(country) == {"03.json": "polarity"}


def test_a_copy_between_two_facilities_keeps_neither(country: Country) -> None:
    name = country.sent(3).facilities[0].name
    plain = json.loads(country.sent(2).facilities[0].model_dump_json()) | {"name": name}
    country.change(3, facilities=[plain])
    assert refused(country) == {"02.json": "copy", "03.json": "copy"}


def test_two_campaigns_of_one_facility_count_people_once(country: Country) -> None:
    country.change(3, campaign="autre", published="2026-02-01", minimum=12)
    again = country.sent(3).model_copy(update={"published": "2026-06-01", "campaign": "plus_tard"})
    facility = again.facilities[0]
    fewer = facility.model_copy(update={"services": facility.services[:2], "whole": None})
    content = again.model_copy(update={"facilities": (fewer,)}).written()
    country.put(country.folder / "98.json", content, country.keys[3])
    assert refused(country) == {"03.json": "overlap"}


def test_a_key_signs_for_its_own_facilities_alone(country: Country) -> None:
    country.write(3, country.sent(2))
    assert refused(country) == {"03.json": "not_theirs"}


def test_questions_changed_under_the_same_version(country: Country) -> None:
    country.change(3, measured="0" * 64)
    assert refused(country) == {"03.json": "altered"}


def test_a_file_alone_and_one_that_says_nothing(country: Country) -> None:
    country.file(2).with_name("02.json.minisig").unlink()
    country.put(country.file(3), b'{"format": 2}\n', country.keys[3])
    assert refused(country) == {"02.json": "unsigned", "03.json": "foreign"}


def test_two_facilities_may_name_their_files_alike(country: Country) -> None:
    files = []
    for rank in (2, 3):
        folder = country.folder / str(rank)
        folder.mkdir()
        files.append(folder / "region.json")
        country.put(files[-1], country.file(rank).read_bytes(), country.keys[rank])
    merged = gather(country.region, [*files, files[0]])
    assert [one.file for one in merged.kept] == [path.as_posix() for path in files]
    assert not merged.refused
