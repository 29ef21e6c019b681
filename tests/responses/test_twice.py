"""Which records of two rounds may be matched."""

import pytest

from qgdr_eval.problems import Refused
from qgdr_eval.responses.twice import refuse_unmatched
from tests.scoring.test_pairs import ONE, YES, audited, grid


@pytest.mark.parametrize(
    ("subjects", "said"),
    [
        (["7", "7", "8"], "1 identifiant en double dans un service : « 7 »"),
        (["7", "", "8"], "1 dossier sans identifiant"),
        (["", " ", ""], "3 dossiers sans identifiant"),
    ],
)
@pytest.mark.parametrize("rank", [0, 1])
def test_records_that_cannot_be_matched_are_refused(subjects, said, rank) -> None:
    good = audited(ONE, [("7", YES), ("8", YES), ("9", YES)])
    bad = audited(ONE, [(subject, YES) for subject in subjects])
    with pytest.raises(Refused) as refused:
        refuse_unmatched(*((bad, good) if rank == 0 else (good, bad)), ONE, ONE)
    text = str(refused.value).replace("\u202f", " ").replace("\u00a0", " ")
    assert said in text
    assert refused.value.problems[0].file == ("premier tour", "second tour")[rank]


def test_people_are_never_matched() -> None:
    people = grid(["-+"], subject="respondent")
    rows = audited(people, [("1", YES)])
    with pytest.raises(Refused, match="les réponses de personnes ne se rapprochent pas"):
        refuse_unmatched(rows, rows, people, people)
