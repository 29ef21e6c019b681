"""Asking: a questionnaire as a form, the same in a notebook, on a server, in a file, on paper."""

from qgdr_eval.asking.form import TRIAL, Host, lay_form, lay_page, write_page
from qgdr_eval.asking.questions import Choice, Question, Section, minutes, sections_of

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
