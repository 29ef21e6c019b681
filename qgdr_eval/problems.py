"""What is wrong with a file, said to the person who wrote it: where, what, cure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file a user wrote. All texts are French sentences without a final stop.

    ``file`` is the name shown to the reader, ``line`` its line (1-based; the table row for
    a response file), ``place`` the item, key or column concerned ("" when it is the whole file).

    >>> print(Problem("campagne.yml", 3, "clé « titel »", "clé inconnue", "écrivez « title »"))
    campagne.yml, ligne 3, clé « titel » : clé inconnue
        → écrivez « title »
    """

    file: str
    line: int | None
    place: str
    what: str
    cure: str
    severity: Severity = "error"

    @property
    def where(self) -> str:
        """File, line and place, joined for the reader."""
        line = f"ligne {self.line}" if self.line else ""
        return ", ".join(part for part in (self.file, line, self.place) if part)

    def __str__(self) -> str:
        kind = "" if self.severity == "error" else "à vérifier : "
        return f"{self.where} : {kind}{self.what}\n    → {self.cure}"


class Refused(Exception):
    """A file cannot be used; carries every problem found in it, errors and warnings alike."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> Any:
        """Travels whole from a worker process."""
        return Refused, (self.problems,)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it (IPython asks for this name): its problems, no trace."""
        return str(self).splitlines()


def refuse_errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the warnings when there is nothing worse, else raise `Refused` with everything."""
    found = tuple(problems)
    if any(problem.severity == "error" for problem in found):
        raise Refused(found)
    return found
