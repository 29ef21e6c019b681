"""Problems: what is said, and when it stops."""

import nbformat
import pytest
from nbclient import NotebookClient

from qgdr_eval.problems import Problem, Refused, refuse_errors

ERROR = Problem("campagne.yml", 3, "title", "texte vide", "écrivez ce texte")
WARNING = Problem("reponses.csv", None, "", "peu de retours", "relancez", "warning")


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (ERROR, "campagne.yml, ligne 3, title : texte vide\n    → écrivez ce texte"),
        (WARNING, "reponses.csv : à vérifier : peu de retours\n    → relancez"),
        (Problem("a.yml", None, "id", "b", "c"), "a.yml, id : b\n    → c"),
    ],
)
def test_a_problem_says_where_what_and_how_to_mend(problem: Problem, text: str) -> None:
    assert str(problem).replace("\u202f", " ") == text


def test_a_refusal_carries_and_says_everything() -> None:
    refused = Refused(iter([WARNING, ERROR]))
    assert refused.problems == (WARNING, ERROR)
    assert str(refused) == f"{WARNING}\n{ERROR}"


def test_errors_refuse_with_the_warnings_found_beside_them() -> None:
    with pytest.raises(Refused) as refused:
        refuse_errors([WARNING, ERROR])
    assert refused.value.problems == (WARNING, ERROR)


def test_warnings_alone_are_handed_back() -> None:
    assert refuse_errors(iter([WARNING, WARNING])) == (WARNING, WARNING)
    assert refuse_errors([]) == ()


def test_a_notebook_shows_what_is_wrong_and_no_trace():
    cell = "from qgdr_eval.instruments import load_instrument\nload_instrument('absent')"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    NotebookClient(notebook, allow_errors=True).execute()
    (shown,) = notebook.cells[0].outputs
    assert "\n".join(shown["traceback"]) == shown["evalue"]
    assert "absent" in shown["evalue"]
