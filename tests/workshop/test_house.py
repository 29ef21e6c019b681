"""Only the server's file knows a web server, and no screen holds a style or a script of its own."""

from qgdr_eval.shipped import PACKAGE

WEB = ("starlette", "uvicorn", "segno")


def test_only_the_server_knows_a_web_server():
    room = PACKAGE / "workshop"
    texts = {path.name: path.read_text("utf-8") for path in room.glob("*.py")}
    assert {name for name, text in texts.items() if any(web in text for web in WEB)} == {
        "server.py"
    }


def test_a_strict_policy_drops_nothing_of_a_screen():
    page = (PACKAGE / "workshop" / "screen.html.j2").read_text("utf-8")
    assert "style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
