"""Instruments of codes: official answers scored, beside a plain count of the same file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qgdr_eval.asking import write_page
from qgdr_eval.instruments import load_instrument, shipped_instruments
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.report import open_report

# Composites as AHRQ publishes them; r: negatively worded.
KEYS = {
    "sops_hopital_1": (
        "A1 A3 A4 A11|B1 B2 B3r B4r|A6 A9 A13|F1 F8 F9r|A10r A15 A17r A18|C1 C3 C5|C2 C4 C6r|"
        "D1 D2 D3|F2r F4 F6r F10|A2 A5r A7r A14r|F3r F5r F7r F11r|A8r A12r A16r"
    ),
    "sops_hopital_2": (
        "A1 A8 A9r|A2 A3r A5r A11r|A4 A12 A14r|A6r A7r A10 A13r|B1 B2r B3|C1 C2 C3|C4 C5 C6 C7r|"
        "D1 D2|F1 F2 F3r|F4r F5r F6"
    ),
}
OUTSIDE = {"sops_hopital_1": [], "sops_hopital_2": [9]}
PEOPLE = 40


def test_every_instrument_of_codes_is_here() -> None:
    shipped = [name for name in shipped_instruments() if load_instrument(name).labels_only]
    assert sorted(KEYS) == sorted(shipped)


@pytest.mark.parametrize(("name", "items", "turned"), [("sops_hopital_1", 42, 18),
                                                       ("sops_hopital_2", 32, 13)])  # fmt: skip
def test_the_keys_are_those_published(name: str, items: int, turned: int) -> None:
    instrument = load_instrument(name)
    told = "|".join(
        " ".join(f"{item.code}{'r' * item.reversed}" for item in instrument.items_of(one.id))
        for one in instrument.dimensions
    )
    assert told == KEYS[name]
    assert (len(instrument.items), sum(item.reversed for item in instrument.items)) == (
        items,
        turned,
    )


@pytest.mark.parametrize("name", KEYS)
def test_a_file_of_codes_scores_as_a_plain_count(name: str, tmp_path: Path) -> None:
    """Favourable ÷ answered, item by item, then the plain mean of the items."""
    codes = [code.rstrip("r") for code in KEYS[name].replace("|", " ").split()]
    rng = np.random.default_rng(3)
    given = pd.DataFrame(
        rng.choice([1, 2, 3, 4, 5, *OUTSIDE[name]], (PEOPLE, len(codes))), columns=codes
    )
    given = given.mask(rng.random(given.shape) < 0.05)  # nobody answers everything
    given.astype("Int64").to_csv(tmp_path / "reponses.csv", sep=";", index=False)
    (tmp_path / "campagne.yml").write_text(
        f"id: essai\ntitle: Essai\nperiod: mars 2026\ninstrument: {name}\n"
        "responses: reponses.csv\nservices: [Bloc]\nreference: none\n"
        "coding: {answers: codes, reversed: as_worded}\n",
        encoding="utf-8",
    )
    report = open_report(str(tmp_path / "campagne.yml"))
    scores = {row.dimension: row.score for _, row, _ in report.scores.dimensions}
    counted = []
    for group in KEYS[name].split("|"):
        shares = []
        for key in group.split():
            answered = given[key.rstrip("r")]
            answered = answered[answered.between(1, 5)]
            favourable = answered <= 2 if key.endswith("r") else answered >= 4
            shares.append(100 * favourable.sum() / len(answered))
        counted.append(sum(shares) / len(shares))
    assert list(scores.values()) == pytest.approx(counted)


@pytest.mark.parametrize("name", KEYS)
def test_short_labels_are_not_asked(name: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="libellés abrégés"):
        write_page(load_instrument(name), tmp_path / "f.html")
