"""What a service's page is follows what a row of answers is about, and what it is compared to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from qgdr_eval.press import Outcome, print_campaign, verify_folder
from qgdr_eval.press.folder import COMPARISON, INDEX, MANIFEST
from qgdr_eval.press.kit import notebook_fingerprint
from qgdr_eval.press.pages import COMPARISON_NOTEBOOK
from qgdr_eval.press.plan import choose_notebooks
from qgdr_eval.press.results import source_fingerprints
from qgdr_eval.shipped import shipped
from tests.press.campaigns import DATE
from tests.rounds import AUDIT, GROUP, PEOPLE, PERSON, write_round
from tests.thorough import sampled

BEFORE = ["OONO", "ONOO", "OOOA", "NOOO"] * 3
NOW = ["OOOO", "OONO", "NOOO", "OAOO"] * 3
NAMED = "earlier: ../avant/campagne.yml\nsecond_reader: ../relecture/campagne.yml\n"


@dataclass(frozen=True)
class Folder:
    """A campaign and the folder of its reports."""

    campaign: Path
    out: Path

    def print(self) -> Outcome:
        """Print what is missing; nothing may fail, and the folder holds together."""
        outcome = print_campaign(
            self.campaign, self.out, report_date=DATE, jobs=0, own_notebooks=True
        )
        assert outcome.failed == []
        assert verify_folder(self.out).problems == ()
        return outcome

    def page(self, rank: int = 1) -> Path:
        """The page of a service, by its place in the campaign."""
        return next((self.out / "services").glob(f"{rank:02d}-*.html"))


# Which notebook


@pytest.mark.parametrize(
    ("subject", "notebook", "comparison"),
    [
        ("respondent", "20_service.ipynb", [COMPARISON_NOTEBOOK]),
        ("record", "30_audit_epp.ipynb", [COMPARISON_NOTEBOOK]),
        ("group", "10_autoevaluation.ipynb", [COMPARISON_NOTEBOOK]),
        ("person", "10_autoevaluation.ipynb", []),
    ],
)
def test_the_notebook_follows_what_a_row_is_about(subject, notebook, comparison, tmp_path) -> None:
    chosen = choose_notebooks(tmp_path, {}, subject)
    assert chosen.service.name == notebook
    assert [path.name for path, _ in chosen.whole.values()] == comparison


@pytest.mark.parametrize(
    ("instrument", "rows", "notebook"),
    [
        (PEOPLE, ["1254", "2345", "5114"] * 4, "20_service.ipynb"),
        (AUDIT, NOW, "30_audit_epp.ipynb"),
        (GROUP, ["1254"], "10_autoevaluation.ipynb"),
        (PERSON, ["1254"], "10_autoevaluation.ipynb"),
    ],
    ids=["respondents", "records", "groups", "persons"],
)
def test_a_campaign_is_printed_with_its_notebook(instrument, rows, notebook, tmp_path) -> None:
    path = write_round(tmp_path / "c", instrument, {"A": rows, "B": rows[::-1]})
    folder = Folder(path, tmp_path / "rapports")
    alone = instrument is PERSON  # persons are never put side by side
    assert folder.print().made == (2 if alone else 3)
    assert folder.print().made == 0
    manifest = (folder.out / MANIFEST).read_text("utf-8")
    used = {name for name in ("10_autoevaluation.ipynb", "20_service.ipynb", "30_audit_epp.ipynb")
            if notebook_fingerprint(shipped("notebooks") / name) in manifest}  # fmt: skip
    assert used == {notebook}
    assert (folder.out / COMPARISON).exists() == (not alone)
    assert (COMPARISON in (folder.out / INDEX).read_text("utf-8")) == (not alone)


def test_an_audit_adapted_beside_the_campaign_is_used(tmp_path) -> None:
    path = write_round(tmp_path / "c", AUDIT, {"A": NOW})
    beside = tmp_path / "c" / "notebooks"
    beside.mkdir()
    for name in ("20_service.ipynb", "30_audit_epp.ipynb"):
        text = (shipped("notebooks") / name).read_text("utf-8")
        assert '"target = 80.0\\n"' in text or name != "30_audit_epp.ipynb"
        (beside / name).write_text(text.replace("target = 80.0", "target = 90.0"), "utf-8")
    chosen = choose_notebooks(tmp_path / "c", {}, "record")
    assert chosen.service == beside / "30_audit_epp.ipynb"
    assert chosen.service_values["target"] == 90.0
    assert Folder(path, tmp_path / "rapports").print().made == 2


# What a page is made from


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Two services audited twice, and read by a second auditor. Every test puts it back."""
    base = tmp_path_factory.mktemp("tours")
    for name, rows in (("avant", BEFORE), ("relecture", NOW)):
        write_round(base / name, AUDIT, {"A": rows, "B": rows})
    path = write_round(base / "c", AUDIT, {"A": NOW, "B": NOW}, NAMED)
    folder = Folder(path, base / "rapports")
    assert folder.print().made == 3
    return folder


@contextmanager
def changed(path: Path, change: Callable[[str], str]) -> Iterator[None]:
    """A file with another text, put back at the end."""
    kept = path.read_text("utf-8")
    assert change(kept) != kept
    path.write_text(change(kept), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(kept, encoding="utf-8")


def remade(folder: Folder) -> set[str]:
    """Print, and say which pages are new."""
    paths = {"A": folder.page(1), "B": folder.page(2), "side by side": folder.out / COMPARISON}
    before = {name: path.stat().st_mtime_ns for name, path in paths.items()}
    outcome = folder.print()
    found = {name for name, path in paths.items() if path.stat().st_mtime_ns != before[name]}
    assert outcome.made == len(found)
    return found


def first_answer_of(service: str) -> Callable[[str], str]:
    """Turn round the first answer of the first record of a service."""

    def turn(text: str) -> str:
        lines = text.splitlines(keepends=True)
        at = next(i for i, line in enumerate(lines) if f";{service};" in line)
        cells = lines[at].split(";")
        cells[3] = "1" if cells[3] == "0" else "0"
        lines[at] = ";".join(cells)
        return "".join(lines)

    return turn


@pytest.mark.parametrize("of", ["avant", "relecture"])
@pytest.mark.parametrize("service", sampled(["A", "B"], "A"))
def test_an_answer_of_another_round_remakes_the_page_concerned(printed, of, service) -> None:
    table = printed.campaign.parents[1] / of / "reponses.csv"
    assert remade(printed) == set()
    with changed(table, first_answer_of(service)):
        assert remade(printed) == {service, "side by side"}
        assert remade(printed) == set()
    assert remade(printed) == {service, "side by side"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: avant", "# relu\nid: avant", set()),
        ("title: Campagne avant", "title: Un premier tour", set()),
        ("period: '2026'", "period: '2025'", {"A", "B", "side by side"}),
    ],
    ids=["a comment", "a title no page shows", "its period"],
)
def test_only_what_a_page_shows_of_an_earlier_campaign_counts(printed, old, new, expected) -> None:
    file = printed.campaign.parents[1] / "avant" / "campagne.yml"
    with changed(file, lambda text: text.replace(old, new)):
        assert remade(printed) == expected
        assert remade(printed) == set()
    assert remade(printed) == expected


def test_every_file_of_every_round_is_a_source(printed) -> None:
    sources = source_fingerprints(printed.campaign)
    own = ("campaign", "instrument", "responses")
    assert set(sources) == {
        *own,
        *(f"../{name}/campagne.yml:{key}" for name in ("avant", "relecture") for key in own),
    }
    alone = source_fingerprints(printed.campaign.parents[1] / "avant" / "campagne.yml")
    assert {f"../avant/campagne.yml:{key}": value for key, value in alone.items()}.items() <= (
        sources.items()
    )
