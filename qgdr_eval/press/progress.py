"""How a run tells how far it is: a bar on a terminal or in a notebook, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tqdm import tqdm

from qgdr_eval.french import number, typography


@dataclass(frozen=True)
class Step:
    """One page done: how many are, of how many to do; ``cause`` when it failed."""

    done: int
    total: int
    title: str
    cause: str = ""


READING = "Lecture et calcul des réponses…"
Tell = Callable[[Step], None]


def say_nothing(step: Step) -> None:
    """Tell nobody."""


def print_line(step: Step) -> None:
    """Tell by one line a page, for a log."""
    failed = f" : en échec, {step.cause}" if step.cause else ""
    sys.stdout.write(typography(f"[{step.done}/{step.total}] {step.title}{failed}\n"))
    sys.stdout.flush()


@contextmanager
def show_progress() -> Iterator[Tell]:
    """Tell by a bar where one can be seen, by lines elsewhere."""
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
    told = [f"{step.done}/{step.total}", pace(step, bar.format_dict["elapsed"])]
    bar.set_description_str(" ".join(told))


def pace(step: Step, elapsed: float) -> str:
    """Pages a second and time left, in words.

    >>> pace(Step(20, 100, ""), 10)
    '2,0\\xa0pages par seconde, reste 40\\xa0s'
    """
    if not elapsed or not step.done:
        return ""
    rate = step.done / elapsed
    left = round((step.total - step.done) / rate)
    rest = f", reste {duration(left)}" if left else ""
    return typography(f"{number(rate, 1)}\u00a0{'page' if rate < 2 else 'pages'} par seconde{rest}")


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
