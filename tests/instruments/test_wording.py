"""Turns of phrase that make an item score what it does not ask: none in an item we wrote."""

import re

import pytest

from qgdr_eval.instruments import load_instrument, shipped_instruments

# Who never sees the situation disagrees with these, and disagreeing scores well.
ABSENT = (
    r"\bsurtout (?:en|quand|lorsque)\b|\bau gré d|\bpar hasard\b|s'oublie en\b|\bsans prévoir\b"
)
NEAR_UNIVERSAL = r"^Il arrive que|\b[Uu]ne part(?:ie)? de m(?:on|a|es)\b"
FREQUENCY = r"\b(?:souvent|parfois|rarement|toujours|jamais|en général)\b"
# Who does not know answers « Non »: « Ne sait pas » would take it away.
KNOWN = r"^Je sais (?:qui|comment|où|quand)\b|\bvous savez\b|\bsavez-vous\b"
DENIED = r"\bsans que\b.*\bne\b"
AGREEMENT = "accord"
UNSURE = 9
WRITTEN = [
    (name, item)
    for name in shipped_instruments()
    if not (instrument := load_instrument(name)).labels_only
    for item in instrument.items
]
PATTERNS = {
    "a reversed item that a team where nothing happens denies": (
        ABSENT,
        lambda item: item.reversed,
    ),
    "a statement nearly everybody agrees with": (NEAR_UNIVERSAL, lambda item: True),
    "a frequency on a scale of agreement": (FREQUENCY, lambda item: item.scale == AGREEMENT),
    "a negation inside a reversed item": (DENIED, lambda item: item.reversed),
    "a way not to answer that would be an answer": (
        KNOWN,
        lambda item: item.scale != AGREEMENT and UNSURE not in item.forbidden,
    ),
}


@pytest.mark.parametrize("fault", PATTERNS)
def test_no_item_has_a_turn_of_phrase_that_misleads_its_score(fault):
    pattern, concerned = PATTERNS[fault]
    found = [f"{name} {item.code}: {item.text}" for name, item in WRITTEN
             if concerned(item) and re.search(pattern, item.text)]  # fmt: skip
    assert found == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (0, "La direction vient dans le service surtout en période de crise."),
        (0, "L'équipe de nuit apprend par hasard les incidents de la journée."),
        (0, "Ce que nous changeons après un incident s'oublie en quelques semaines."),
        (0, "Mon encadrement annonce une nouvelle règle sans prévoir de temps."),
        (1, "Il arrive que deux services donnent des consignes contraires."),
        (1, "Une partie de mes compétences reste inutilisée ici."),
        (2, "Nous devons souvent rappeler un autre service."),
        (3, "Un danger est connu de tous, sans que rien ne soit décidé."),
        (4, "Est-ce que vous savez qui appeler si vous avez un problème ?"),
        (4, "Je sais comment faire une réclamation."),
    ],
)
def test_the_known_turns_of_phrase_are_recognised(fault, text):
    pattern, _ = list(PATTERNS.values())[fault]
    assert re.search(pattern, text)
