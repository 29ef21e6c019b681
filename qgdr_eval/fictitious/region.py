"""Many facilities of a region that does not exist, in one campaign."""

from pathlib import Path

import numpy as np
import pandas as pd

from qgdr_eval.fictitious.simulate import simulate
from qgdr_eval.instruments import load_instrument

KINDS = ("Médecine", "Chirurgie", "Urgences")
ASKED, SEED = 24, 2026
CAMPAIGN = """\
id: region_fictive
title: Culture de sécurité (région fictive)
period: mars 2026
instrument: culture_securite
responses: reponses.csv
services: services.csv
columns: {facility: Établissement, service: Service, subject: Identifiant}
coding: {answers: labels, reversed: as_worded}
"""


def write_demo_region(folder: Path, facilities: int = 22) -> Path:
    """Write a campaign of that many invented facilities, three services each; gives its file.

    Facilities differ from one another: an invented region where they do not would show bands of
    noise.
    """
    names = [f"Hôpital fictif n° {rank:02d}" for rank in range(1, facilities + 1)]
    roster = pd.DataFrame(
        [(name, kind, ASKED, kind) for name in names for kind in KINDS],
        columns=["facility", "service", "head_count", "type"],
    )
    drawn = np.random.default_rng(SEED)
    roster["respondents"] = drawn.integers(12, ASKED, len(roster))
    shifts = dict(zip(names, drawn.normal(0, 0.4, len(names)), strict=True))
    effects = roster[["facility", "service"]].assign(dimension="", split=0.0)
    effects["shift"] = effects["facility"].map(shifts)
    asked = load_instrument("culture_securite")
    table = simulate(asked, roster, seed=SEED, effects=effects)
    table.to_csv(folder / "reponses.csv", index=False, sep=";")
    roster.drop(columns="respondents").to_csv(folder / "services.csv", index=False, sep=";")
    path = folder / "campagne.yml"
    path.write_text(CAMPAIGN, encoding="utf-8")
    return path
