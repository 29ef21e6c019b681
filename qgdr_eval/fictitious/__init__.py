"""Everything invented: answers drawn at random, and the demonstration's campaigns and files.

Three entrances lead here: what opens a source by name (`campaigns.results`, `region.demo` and the
reports that read a plan, indicators, a position or a programme), `starting`, which writes the
demonstration for somebody to look at, and tests.
"""

from qgdr_eval.fictitious.culture import write_demo
from qgdr_eval.fictitious.named import file_of, is_fictitious, lasting_file
from qgdr_eval.fictitious.plan import demo_plan, write_demo_plan
from qgdr_eval.fictitious.programme import write_demo_programme
from qgdr_eval.fictitious.simulate import Accidents, simulate

__all__ = [
    "Accidents",
    "demo_plan",
    "file_of",
    "is_fictitious",
    "lasting_file",
    "simulate",
    "write_demo",
    "write_demo_plan",
    "write_demo_programme",
]
