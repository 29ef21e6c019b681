"""The page of a service whose instrument is in plain French: plain to its last line.

That order is set by the cells of ``notebooks/21_service_facile.ipynb``; a test keeps both alike.
"""

from qgdr_eval.reporting.plain.sections import (
    limits,
    masthead,
    message,
    next_steps,
    provenance,
    questions,
)

__all__ = ["masthead", "message", "next_steps", "questions", "limits", "provenance"]
