import pytest

from qgdr_eval.figures.marks import box, letters, stroke


def test_a_mark_changed_leaves_its_look_alone():
    look = (13, "#1c2733", "left", False, False, 0)
    changed = letters(*look)
    changed.set(fontsize=40, fontweight="bold", color="#ffffff", text="Autre")
    fresh = letters(*look)
    assert fresh.get_fontsize() == 13
    assert fresh.get_fontweight() == "normal"
    assert fresh.get_color() == "#1c2733"
    assert fresh.get_text() == ""


def test_marks_of_one_look_have_each_their_place():
    one, other = (box("#c9cfd5", 1, False, False, 2) for _ in range(2))
    one.set_bounds(1, 2, 3, 4)
    assert other.get_bbox().bounds == (0, 0, 1, 1)
    one, other = (stroke("#c9cfd5", 1, 0.5, 2) for _ in range(2))
    one.set_data([0, 1], [2, 3])
    assert list(other.get_xdata()) == []
    assert one.get_color() == ("#c9cfd5", pytest.approx(0.5))
