"""Speed of the attack that every publication withstands, beside making the figures themselves.

Invented campaigns of some facilities of 20 services and 4 professions, sizes 0 to 60, all questions
of `culture_securite`. Seconds are of the processor; the memory is the most the process ever held.

    python benchmarks/disclosure.py [facilities ...]
"""

import resource
import sys
import time

import numpy as np
import pandas as pd

from qgdr_eval.disclosure.attack import attack
from qgdr_eval.disclosure.layers import layer_alone
from qgdr_eval.disclosure.publish import Read
from qgdr_eval.instruments import Instrument, load_instrument
from qgdr_eval.responses import Answers, Campaign

SEED = 20261201
SERVICES = 20
PROFESSIONS = ["infirmier", "aide-soignant", "médecin", "autre"]
SHARES = [0.45, 0.3, 0.1, 0.15]


def simulate(facilities: int, instrument: Instrument) -> Read:
    """Services of any size, opinions that differ a little, 3 % missing."""
    rng = np.random.default_rng(SEED)
    places = [(f"É{i}", f"S{j}") for i in range(facilities) for j in range(SERVICES)]
    sizes = rng.integers(0, 61, len(places))
    of = np.repeat(np.arange(len(places)), sizes)
    people = pd.DataFrame([places[rank] for rank in of], columns=["facility", "service"])
    mood = rng.normal(0, 0.5, len(places))[of]
    columns = {}
    for code in instrument.codes:
        answers = np.clip(np.rint(3.4 + mood + rng.normal(0, 1, len(of))), 1, 5).astype(np.int16)
        columns[code] = pd.arrays.IntegerArray(answers, rng.random(len(of)) < 0.03)
    kinds = pd.Categorical(rng.choice(PROFESSIONS, len(of), p=SHARES), PROFESSIONS)
    responses = people.astype("category").assign(profession=kinds, **columns)
    roster = pd.DataFrame(places, columns=["facility", "service"]).assign(
        head_count=pd.array(sizes, dtype="Int64")
    )
    log = pd.DataFrame(columns=["facility", "service", "row", "reason", "action", "item", "given"])
    none = pd.DataFrame(columns=["dimension", "score", "low", "high"])
    return Read(campaign(), instrument, Answers(responses, roster, log, (), "0" * 64), none)


def campaign() -> Campaign:
    return Campaign.model_validate(
        {
            "id": "mesure",
            "title": "Mesure",
            "period": "2026",
            "instrument": "culture_securite",
            "responses": {"file": "r.csv"},
            "columns": {"service": "service", "strata": {"profession": "profession"}},
            "coding": {"reversed": "as_worded"},
        }
    )


def measure(facilities: int) -> str:
    instrument = load_instrument("culture_securite")
    read = simulate(facilities, instrument)
    begun = time.process_time()
    published = read.publish()
    made = time.process_time()
    found = attack([layer_alone(read, published)], instrument, published.card.minimum)
    ended = time.process_time()
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{facilities:4d} × {SERVICES} services, {len(read.answers.responses):6d} people:"
        f" figures {made - begun:6.2f} s, attack {ended - made:6.2f} s;"
        f" {found.tried} counts, {found.solved} bounds, {found.least} values left,"
        f" {len(found.leaks)} given back; {held:.0f} MB"
    )


if __name__ == "__main__":
    for number in [int(text) for text in sys.argv[1:]] or [1, 5, 15, 50]:
        print(measure(number), flush=True)
