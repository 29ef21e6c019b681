"""One file of published figures: what is in it, what the register remembers of it."""

import json
import stat
import sys
from pathlib import Path

import pandas as pd
import pytest

from qgdr_eval import cli
from qgdr_eval.campaigns.results import PUBLISH, publish_campaign
from qgdr_eval.disclosure.precision import as_printed
from qgdr_eval.disclosure.register import open_register
from qgdr_eval.fictitious import write_demo
from qgdr_eval.problems import Refused
from qgdr_eval.region import Sent, send
from qgdr_eval.region.sending import _deviations
from qgdr_eval.region.signature import key_of

KEYS = {
    "format", "kit", "campaign", "title", "period", "published", "rank", "register_print",
    "instrument", "version", "measured", "population", "coding", "minimum", "facilities",
    "deviations",
}  # fmt: skip
OF_A_FACILITY = {"name", "asked", "people", "services", "whole"}
OF_A_GROUP = {"name", "kind", "head_count", "n", "scores"}


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("essai"))


@pytest.fixture(scope="module")
def file(campaign: Path) -> Path:
    out = campaign.parent / "envoi" / "region.json"
    send(campaign, out, campaign.parent / "region.key")
    return out


def groups_of(sent: Sent) -> dict[tuple[str, str], int]:
    return {
        (facility.name, group.name): group.n
        for facility in sent.facilities
        for group in filter(None, (*facility.services, facility.whole))
    }


def test_the_file_holds_these_keys_and_no_other(file: Path) -> None:
    plain = json.loads(file.read_bytes())
    assert set(plain) == KEYS
    for facility in plain["facilities"]:
        assert set(facility) == OF_A_FACILITY
        for group in filter(None, (*facility["services"], facility["whole"])):
            assert set(group) == OF_A_GROUP
            assert all(len(row) == 6 for row in group["scores"])


def test_only_groups_that_are_published_are_in_it(campaign: Path, file: Path) -> None:
    published = publish_campaign(str(campaign), PUBLISH).published
    shown = published.participation[published.participation["status"] == "published"]
    shown = shown[shown["facility"] != ""]
    expected = {(row.facility, row.service): int(row.n) for row in shown.itertuples()}
    assert groups_of(Sent.read(file.read_bytes())) == expected
    assert min(expected.values()) >= published.card.minimum


def test_scores_are_those_of_the_pages_no_finer(campaign: Path, file: Path) -> None:
    published = as_printed(publish_campaign(str(campaign), PUBLISH).published)
    rows = published.scores[published.scores["status"] == "published"]
    known = {
        (row.facility, row.service, row.dimension, row.item): (row.score, row.low, row.high)
        for row in rows[rows["stratum"] == ""].itertuples()
    }
    for facility in Sent.read(file.read_bytes()).facilities:
        for group in filter(None, (*facility.services, facility.whole)):
            for one in group.scores:
                score, low, high = known[facility.name, group.name, one.dimension, one.item]
                assert one.score == pytest.approx(score, abs=0.0051)
                assert (one.low, one.high) == (low, high)
                assert one.low == int(one.low)


def test_nothing_of_a_person_is_in_it(campaign: Path, file: Path) -> None:
    """No identifier, no profession, no comment, no print of an answer, no hidden service."""
    text = file.read_text("utf-8")
    export = campaign.parent / "reponses.csv"
    answers = pd.read_csv(export, sep=None, engine="python", dtype=str, encoding="utf-8-sig")
    assert not [one for one in answers["Identifiant"].dropna() if f'"{one}"' in text]
    assert not [one for one in answers["Profession"].dropna().unique() if f'"{one}"' in text]
    latest = open_register(campaign.parent, "demonstration").latest
    assert latest is not None
    prints = [print_ for cell in latest.cells for print_, _ in cell.returns]
    assert prints
    assert not [one for one in prints if one in text]
    hidden = publish_campaign(str(campaign), PUBLISH).published.participation
    hidden = hidden[hidden["status"] != "published"]["service"]
    assert not [name for name in hidden if name and f'"{name}"' in text]


def test_eighteen_services_weigh_about_fifty_kilobytes(file: Path) -> None:
    assert file.stat().st_size < 60_000


def test_the_same_figures_give_the_same_bytes_and_one_line_of_the_register(
    campaign: Path, file: Path
) -> None:
    before = file.read_bytes()
    send(campaign, file, campaign.parent / "region.key", replace=True)
    assert file.read_bytes() == before
    register = open_register(campaign.parent, "demonstration")
    assert [event.kind for event in register.events] == ["sent"]
    assert register.latest is not None
    assert register.events[0].rank == register.latest.rank == 1


def test_what_was_sent_cannot_be_taken_back(
    campaign: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["retract", str(campaign), "--reason", "essai"])
    assert left.value.code == 1
    assert "envoyée à la région" in capsys.readouterr().err


def test_the_attestation_says_nothing_of_the_sending(campaign: Path, file: Path) -> None:
    attestation = publish_campaign(str(campaign), PUBLISH).published.attestation
    assert "sent" not in set(attestation["what"])


@pytest.mark.skipif(sys.platform == "win32", reason="rights are not modes there")
def test_a_key_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "region.key"
    made = key_of(path, str)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_of(path, str).public == made.public
    path.chmod(0o644)
    with pytest.raises(Refused, match="peuvent lire cette clé"):
        key_of(path, str)


def test_a_key_with_a_password_asks_for_it(tmp_path: Path) -> None:
    from minisign import SecretKey

    path = tmp_path / "region.key"
    public = key_of(path, str).public
    secret = SecretKey.from_bytes(path.read_bytes())
    secret.encrypt("sésame", opslimit=32768, memlimit=16777216)
    path.write_bytes(bytes(secret))
    assert key_of(path, lambda: "sésame").public == public
    with pytest.raises(Refused, match="mot de passe"):
        key_of(path, lambda: "autre")


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "region.key"
    path.touch(0o600)
    with pytest.raises(Refused, match="clé secrète"):
        key_of(path, str)


def test_an_audit_has_nothing_to_send(tmp_path: Path) -> None:
    from qgdr_eval.fictitious import file_of

    with (
        file_of("demo_audit", "campaign") as campaign,
        pytest.raises(Refused, match="n'interroge pas des personnes"),
    ):
        send(campaign, tmp_path / "a.json", tmp_path / "k.key")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_stays_unless_asked(campaign: Path, file: Path) -> None:
    with pytest.raises(Refused, match="existe déjà"):
        send(campaign, file, campaign.parent / "region.key")


def test_a_deviation_goes_with_two_digits_over_three_services_at_least() -> None:
    spread = pd.DataFrame(
        [("a", "", 1.0, 0.5, 5.0, 21.47), ("b", "", 1.0, 0.5, 2.0, 20.0),
         ("c", "", 1.0, 0.5, 9.0, float("nan")), ("a", "A1", 1.0, 0.5, 5.0, 30.0),
         ("", "", 1.0, 0.5, 5.0, 12.0)],
        columns=["dimension", "item", "design_effect", "alpha", "services", "deviation"],
    )  # fmt: skip
    found = [(one.dimension, one.services, one.deviation) for one in _deviations(spread)]
    assert found == [("a", 5, 21.0)]
    assert _deviations(spread.drop(columns="deviation")) == ()
