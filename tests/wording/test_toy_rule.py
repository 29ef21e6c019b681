"""A rule is added by three places and no other: its values, what it asks, what is said of it."""

import shutil
import subprocess
import sys

from qgdr_eval.shipped import PACKAGE
from tests.reading import SPACES
from tests.rounds import PEOPLE, write_round

VALUES = """
RULES["toy"] = Rule(lambda item, scale: _positive(item, scale)[::-1], "share", combine="items")
"""
ASKS = """
from qgdr_eval.instruments.asks import Asks

ASKS = Asks(options=(5, 5, "cinq réponses"), one_way=True)
"""
VOICE = """
from dataclasses import replace

from qgdr_eval.wording.rules.positive_share import VOICE as SHARE
from qgdr_eval.wording.voice import RuleWords

VOICE = replace(
    SHARE,
    formula=RuleWords("Part de jouets", "un jouet ou non", "la moyenne des jouets"),
    of_what=" de jouets",
    indicator="Jouets rangés",
)
"""


def kit_with_a_toy_rule(folder):
    """A copy of the kit where one file has a line more, and two files are new."""
    package = folder / "qgdr_eval"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for shared in ("questionnaires", "notebooks"):
        (folder / shared).symlink_to(PACKAGE.parent / shared)
    with (package / "scoring" / "rules.py").open("a", encoding="utf-8") as stream:
        stream.write(VALUES)
    (package / "instruments" / "rules" / "toy.py").write_text(ASKS, encoding="utf-8")
    (package / "wording" / "rules" / "toy.py").write_text(VOICE, encoding="utf-8")
    return folder


def run(kit, *words):
    done = subprocess.run(
        [sys.executable, "-m", "qgdr_eval.cli", *map(str, words)],
        cwd=kit,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(kit), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    return done.returncode, (done.stdout + done.stderr).translate(SPACES)


def test_a_toy_rule_is_checked_scored_and_said(tmp_path):
    kit = kit_with_a_toy_rule(tmp_path / "kit")
    reversed_item = PEOPLE.replace("mean_0_100", "toy")
    straight = reversed_item.replace(", reversed: true", "")
    answers = {"Soins": ["5555"] * 14 + ["2222"] * 6, "Bloc": ["1234"] * 5 + ["4321"] * 15}
    code, told = run(kit, "check", write_round(tmp_path / "un", reversed_item, answers))
    assert code != 0
    assert "la règle « toy » n'admet pas d'item inversé" in told
    path = write_round(tmp_path / "deux", straight, answers)
    code, told = run(kit, "report", path, "--out", tmp_path / "pages", "--draft")
    assert code == 0, told
    (page,) = (tmp_path / "pages").rglob("*soins*.html")
    text = page.read_text("utf-8").translate(SPACES)
    assert "<strong>Part de jouets.</strong> Un jouet ou non ; la moyenne des jouets." in text
    assert "30 %" in text  # 6 of 20 answered what the toy counts
