"""Returns of an earlier publication known again, by the questions asked now."""

from qgdr_eval.disclosure.lineage import Entry, renamed


def test_a_return_takes_the_print_of_the_same_answers_in_its_own_cell_first():
    """Two rows that answered alike then are told apart by a question added since."""
    file = [("a", "a, yes", 0), ("a", "a, no", 1)]
    assert renamed([Entry("a", 1), Entry("a", 0)], file) == [Entry("a, no", 1), Entry("a, yes", 0)]


def test_a_return_of_another_cell_is_known_when_none_is_left_in_its_own():
    assert renamed([Entry("a", 7)], [("a", "a, yes", 0)]) == [Entry("a, yes", 7)]


def test_a_return_that_is_gone_keeps_its_print():
    """Each row of the file stands for one return: the second that answered so is not in it."""
    found = renamed([Entry("a", 0), Entry("a", 0), Entry("b", 0)], [("a", "a, yes", 0)])
    assert found == [Entry("a, yes", 0), Entry("a", 0), Entry("b", 0)]
