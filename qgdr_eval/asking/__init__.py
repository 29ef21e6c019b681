"""Asking: a questionnaire as a form, the same in a notebook, on a server, in a file, on paper.

Its rooms, in the order they build on each other: ``form`` (what is asked, as a page), ``sealing``
(keys, cards, drafts), ``asked`` (a campaign that asks, and whom), ``returning`` (what comes back),
``preparing`` (cards and sheets), ``receiving`` (where answers are kept; its hosts are ``serve`` and
``widget``), ``opening`` (sealed returns into the answers file).
"""

from qgdr_eval.asking.form.lay import TRIAL, Host, lay_form, lay_page, write_page
from qgdr_eval.asking.form.questions import Choice, Question, Section, minutes, sections_of

__all__ = [
    "TRIAL",
    "Choice",
    "Host",
    "Question",
    "Section",
    "lay_form",
    "lay_page",
    "minutes",
    "sections_of",
    "write_page",
]
