"""What an interval is, said with the figures of who reads it."""

from qgdr_eval.frames import Scored
from qgdr_eval.french import quote, typography
from qgdr_eval.instruments import Dimension, Instrument
from qgdr_eval.wording.scores import mark_words, score_in_full
from qgdr_eval.wording.subjects import subject_of

IF = {  # what could have been otherwise
    "everybody": "si les mêmes personnes répondaient un autre jour",
    "respondent": "si toute l'équipe avait répondu, un autre jour, à supposer que les absents "
    "pensent comme les autres",
    "record": "si {others} avaient été {seen}",
}


def margin_words(
    row: Scored, dimension: Dimension, instrument: Instrument, *, everybody: bool
) -> str:
    """What the interval of one score means: where it might as well have been, and why.

    ``row``: a reading, with a score and the ends of its interval; ``everybody``: all those asked
    have answered, so that only the day is left to chance.

    >>> dimension, _, reading = team_report.scores.dimensions[0]
    >>> margin_words(reading, dimension, team_report.instrument, everybody=False)[:21]
    'Le trait est une marg'
    """
    case = "everybody" if everybody and instrument.of_people else instrument.subject
    shown = score_in_full(row.score, dimension, instrument)
    subject = subject_of(instrument)
    otherwise = IF[case].format(others=subject.others, seen=subject.agree(subject.seen))
    low, high = (mark_words(end, dimension, instrument) for end in (row.low, row.high))
    return typography(
        f"Le trait est une marge : {quote(dimension.label)} est à {shown}, et serait sans doute "
        f"entre {low} et {high} {otherwise}."
    )
