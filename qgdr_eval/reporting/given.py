"""What a notebook was given to run with, seen from the notebook itself."""

import ast
from collections.abc import Iterator

from IPython import get_ipython

from qgdr_eval.french import did_you_mean, quote, typography
from qgdr_eval.problems import Problem, refuse_errors

INJECTED = "# Parameters\n"  # how papermill heads the cell of the values it was given


def refuse_unknown_parameters() -> None:
    """Refuse a value given under a name that the notebook does not declare.

    papermill only warns about it, then runs the notebook on its own values: the page would be the
    demonstration's, or another service's, taken for the one that was asked.

    Raises:
        Refused: with every such name.
    """
    shell = get_ipython()
    cells = [str(source) for source in shell.user_ns.get("In", ())] if shell else []
    refuse_errors(
        Problem("papermill", None, typography(f"paramètre {quote(name)}"), *_told(name, declared))
        for name, declared in unknown_names(cells)
    )


def unknown_names(cells: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each name given and not declared, with those that are; ``cells``: the code run so far.

    >>> list(unknown_names(["campaign = 'demo'", "# Parameters\\ncampagne = 'c.yml'"]))
    [('campagne', ['campaign'])]
    """
    for rank, source in enumerate(cells):
        if source.startswith(INJECTED):
            declared = list(_assigned(cells[:rank]))
            yield from ((name, declared) for name in _assigned([source]) if name not in declared)
            return


def _assigned(cells: list[str]) -> Iterator[str]:
    """The names that cells assign in their lines, those that are no plain Python left out."""
    for source in cells:
        try:
            statements = ast.parse(source).body
        except SyntaxError:
            continue
        for statement in statements:
            match statement:
                case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
                    yield name


def _told(name: str, declared: list[str]) -> tuple[str, str]:
    what = "paramètre inconnu de ce carnet : la page ne serait pas celle que vous demandez"
    return typography(what), typography(did_you_mean(name, declared))
