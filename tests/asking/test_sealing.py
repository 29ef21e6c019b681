"""Boxes: of constant length, opened by their key alone, for their use alone; a browser's too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgdr_eval.asking.form.lay import read
from qgdr_eval.asking.sealing.seal import CannotOpen, Seal, new_pair

PAIR = new_pair()
SEAL = Seal(PAIR.public, "answers essai", 1024)


@given(st.dictionaries(st.text(max_size=8), st.integers(-999, 999), max_size=40))
def test_a_box_gives_back_what_it_holds_and_its_length_tells_nothing(answers):
    box = SEAL.close({"answers": answers})
    assert PAIR.open(box, SEAL.use) == {"answers": answers}
    assert len(box) == SEAL.length


def test_two_boxes_of_one_content_have_nothing_in_common():
    first, second = (SEAL.close({"answers": {"Q1": 4}}) for _ in range(2))
    alike = sum(a == b for a, b in zip(first, second, strict=True))
    assert alike < len(first) / 10  # one byte in 256 by chance


@pytest.mark.parametrize("at", [0, 1, 40, 64, 65, 500, -17, -1])
def test_an_altered_box_is_not_opened(at):
    box = bytearray(SEAL.close({"answers": {}}))
    box[at] ^= 1
    with pytest.raises(CannotOpen):
        PAIR.open(bytes(box), SEAL.use)


@pytest.mark.parametrize("length", [0, 1, 64, 65, 66, 81, 1108])
def test_a_cut_box_is_not_opened(length):
    with pytest.raises(CannotOpen):
        PAIR.open(SEAL.close({"answers": {}})[:length], SEAL.use)


def test_another_key_another_use_and_a_later_format_are_told_apart():
    box = SEAL.close({"answers": {}})
    for pair, use in ((new_pair(), SEAL.use), (PAIR, "remark essai"), (PAIR, "answers autre")):
        with pytest.raises(CannotOpen):
            pair.open(box, use)
    with pytest.raises(CannotOpen, match="format"):
        PAIR.open(SEAL.close({"format": 2}), SEAL.use)


def test_what_is_too_long_for_a_box_is_refused():
    with pytest.raises(ValueError, match="1024"):
        SEAL.close({"text": "é" * 600})


def test_a_browser_seals_what_the_key_opens(browser, tmp_path):
    page = browser.new_page()
    held = tmp_path / "sceau.html"
    script = f"{read('sealing/seal.js')}\nwindow.seal = seal;"
    held.write_text(f'<meta charset="utf-8"><script type="module">{script}</script>', "utf-8")
    page.goto(held.as_uri())
    page.wait_for_function("() => Boolean(window.seal)")
    sealed = page.evaluate(
        "async ([content, key, use, room]) =>"
        " [...await seal(content, { key: Uint8Array.from(key), use, room })]",
        [{"text": "« été » 🙂", "answers": {"Q1": -9}}, list(PAIR.public), SEAL.use, SEAL.room],
    )
    assert len(sealed) == SEAL.length
    assert PAIR.open(bytes(sealed), SEAL.use) == {"text": "« été » 🙂", "answers": {"Q1": -9}}
    page.close()
