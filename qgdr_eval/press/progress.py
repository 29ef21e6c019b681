"""How a run tells how far it is: a bar on a terminal or in a notebook, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tqdm import tqdm

from qgdr_eval.french import number, typography


@dataclass(frozen=True)
class Step:
    """One page done: how many are, of how many to do; ``cause`` when it failed.

    ``title``: the page with its facility and its campaign, names of services being alike;
    ``elapsed``: seconds since the first of these pages was begun, 0 when nobody measured them.
    """

    done: int
    total: int
    title: str
    cause: str = ""
    elapsed: float = 0.0


READING = "Lecture et calcul des réponses…"
Tell = Callable[[Step], None]


def say_nothing(step: Step) -> None:
    """Tell nobody."""


def print_line(step: Step) -> None:
    """Tell by one line a page, for a log."""
    failed = f" : en échec, {step.cause}" if step.cause else ""
    rest = f" ({left})" if (left := time_left(step)) else ""
    sys.stdout.write(typography(f"[{step.done}/{step.total}] {step.title}{failed}{rest}\n"))
    sys.stdout.flush()


@contextmanager
def show_progress() -> Iterator[Tell]:
    """Tell by a bar where one can be seen, by lines elsewhere.

    >>> with show_progress() as tell:
    ...     tell(Step(1, 2, "Bloc"))
    [1/2] Bloc
    """
    if not (sys.stdout.isatty() or _in_notebook()):
        yield print_line
        return
    bar = tqdm(total=1, desc=READING, file=sys.stdout, bar_format="|{bar:28}| {desc}")
    try:
        yield lambda step: _draw(bar, step)
    finally:
        bar.close()


def _draw(bar: tqdm, step: Step) -> None:
    bar.total = step.total
    if step.cause:
        bar.write(typography(f"{step.title} : en échec, {step.cause}"), file=sys.stdout)
    bar.n = step.done
    parts = [f"{step.done}/{step.total}", pace(step), step.title]
    bar.set_description_str(" ".join(filter(None, parts)))


def pace(step: Step) -> str:
    """Pages a second and time left, in words; "" when nobody measured.

    >>> pace(Step(20, 100, "", elapsed=10))
    '2,0\\xa0pages par seconde, reste 40\\xa0s'
    """
    if not step.elapsed or not step.done:
        return ""
    rate = step.done / step.elapsed
    rest = ", ".join(filter(None, [f"{number(rate, 1)}\u00a0{_pages(rate)}", time_left(step)]))
    return typography(rest)


def _pages(rate: float) -> str:
    return f"{'page' if rate < 2 else 'pages'} par seconde"


def time_left(step: Step) -> str:
    """How long the pages to come may take, at the pace of those done; "" at the end.

    >>> time_left(Step(20, 100, "", elapsed=10)), time_left(Step(100, 100, "", elapsed=10))
    ('reste 40\\xa0s', '')
    """
    left = round((step.total - step.done) * step.elapsed / step.done) if step.done else 0
    return f"reste {duration(left)}" if left else ""


def duration(seconds: int) -> str:
    """A duration as one says it.

    >>> duration(40), duration(65), duration(3720)
    ('40\\xa0s', '1\\xa0min 05\\xa0s', '1\\xa0h 02\\xa0min')
    """
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{rest}\u00a0s"
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes}\u00a0min {rest:02d}\u00a0s"
    return f"{hours}\u00a0h {minutes:02d}\u00a0min"


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    return bool(ipython and getattr(ipython.get_ipython(), "kernel", None))
