"""Problems of a table told to whoever gave it on the command line: options, not campaign keys."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from qgdr_eval.french import NARROW, typography
from qgdr_eval.problems import Problem, Refused

_KEY = re.compile(rf"«[ {NARROW}](encoding|separator|sheet)(?:{NARROW}?: ([^»]*?))?[ {NARROW}]»")
_IN_CAMPAIGN = re.compile(r" dans la campagne(?:, à côté de son nom \([^)]*\))?")


@contextmanager
def told_as_options() -> Iterator[None]:
    """Have what is refused inside tell the options of the command line that mend it."""
    try:
        yield
    except Refused as refused:
        raise Refused(map(as_option, refused.problems)) from None


def as_option(problem: Problem) -> Problem:
    """The problem, its cure saying the option that stands for a key of a campaign.

    >>> one = Problem("a.csv", None, "", "", "écrivez « encoding: cp850 » dans la campagne")
    >>> as_option(one).cure.replace(NARROW, " ")
    'écrivez « --encoding cp850 »'
    """
    cure = _KEY.sub(_option, problem.cure)
    if cure == problem.cure:
        return problem
    return replace(problem, cure=typography(_IN_CAMPAIGN.sub("", cure)))


def _option(found: re.Match[str]) -> str:
    name, value = found.groups()
    return f"« --{name} {value} »" if value else f"« --{name} »"
