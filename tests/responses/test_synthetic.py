"""The simulated answers have the structure they promise, and the demonstration never changes."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.fictitious import Accidents, simulate, write_demo
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.responses import load_campaign, read_answers

CLEAN = Accidents(
    missing=0, not_applicable=0, dont_know=0, blank=0, duplicate=0, same_answer=0, out_of_range=0
)


def many_services(services: int, respondents: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "facility": "Site fictif",
            "service": [f"S{i}" for i in range(services)],
            "respondents": respondents,
        }
    )


def favourable(table: pd.DataFrame, instrument) -> pd.DataFrame:
    """Mean of each dimension per respondent, reversed items turned, 1 to 5."""
    codes = table[instrument.codes].astype(int)
    for item in instrument.items:
        if item.reversed:
            codes[item.code] = 6 - codes[item.code]
    return pd.DataFrame(
        {
            one.id: codes[[item.code for item in instrument.items_of(one.id)]].mean(axis=1)
            for one in instrument.dimensions
        }
    )


def icc1(values: pd.Series, groups: pd.Series) -> float:
    size = len(values) // groups.nunique()
    means = values.groupby(groups).mean()
    between = size * means.var()
    within = ((values - groups.map(means)) ** 2).sum() / (len(values) - len(means))
    return (between - within) / (between + (size - 1) * within)


def test_services_differ_about_as_published_ones_do() -> None:
    instrument = load_instrument("culture_securite")
    table = simulate(instrument, many_services(250, 20), 1, accidents=CLEAN, answers="codes")
    means = favourable(table, instrument)
    values = [icc1(means[one.id], table["Service"]) for one in instrument.dimensions]
    assert 0.08 < np.mean(values) < 0.12


def test_planted_effects_show() -> None:
    instrument = load_instrument("culture_securite")
    effects = pd.DataFrame(
        [
            ("Site fictif", "S0", "liberte_expression", 2.0, 0.0),
            ("Site fictif", "S1", "", 0.0, 2.0),
        ],
        columns=["facility", "service", "dimension", "shift", "split"],
    )
    table = simulate(
        instrument, many_services(3, 200), 1, accidents=CLEAN, answers="codes", effects=effects
    )
    means = favourable(table, instrument).groupby(table["Service"])
    assert means.mean()["liberte_expression"].idxmax() == "S0"
    assert (means.std().idxmax() == "S1").all()


def test_a_seed_gives_one_table_and_another_seed_another() -> None:
    instrument = load_instrument("culture_securite")
    one, same, other = (simulate(instrument, many_services(2, 20), seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert not one.equals(other)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory):
    path = write_demo(tmp_path_factory.mktemp("demo"))
    campaign = load_campaign(path)
    instrument = load_instrument(campaign.instrument, beside=path.parent)
    return path.parent, read_answers(campaign, instrument, path.parent)


def test_the_demonstration_reads_and_shows_every_case(demo) -> None:
    _, answers = demo
    sizes = answers.responses.groupby(["facility", "service"], observed=True).size()
    roster = answers.roster.set_index(["facility", "service"])["head_count"]
    rates = 100 * sizes / roster.astype(float)
    assert len(roster) == 18
    assert answers.roster["facility"].nunique() == 3
    assert all("fictif" in name for name in answers.roster["facility"])
    assert sizes[sizes < 10].tolist() == [4]
    assert rates.between(45, 95).all()
    assert roster.between(4, 60).all()
    assert answers.responses["profession"].cat.categories.size == 4
    assert set(answers.exclusions["reason"]) == {
        "blank",
        "duplicate",
        "same_answer",
        "out_of_range",
    }


def test_the_demonstration_is_the_same_everywhere(demo, tmp_path: Path) -> None:
    folder, _ = demo
    write_demo(tmp_path)
    write_demo(tmp_path)  # writing the same bytes again harms nothing
    digests = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        assert file.read_bytes() == (tmp_path / name).read_bytes()
        digests[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    assert list(digests) == [
        "LISEZMOI.txt",
        "campagne.yml",
        "publications/demonstration.cle",
        "reponses.csv",
        "services.csv",
    ]
    assert (folder / "reponses.csv").read_bytes().startswith(b"\xef\xbb\xbfIdentifiant;")


def test_the_demonstration_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text("les miens", encoding="utf-8")
    with pytest.raises(Refused, match=r"services\.csv"):
        write_demo(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["services.csv"]
