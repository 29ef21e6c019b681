"""A page in plain French uses allowed words only: those of `mots_simples.txt` and its questions."""

import csv
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from qgdr_eval.definitions import parse_document
from qgdr_eval.editions import open_edition
from qgdr_eval.editions.values import gather
from qgdr_eval.instruments import Instrument, check_instrument, load_instrument
from qgdr_eval.press import print_campaign
from qgdr_eval.press.editions import suits
from qgdr_eval.reporting import open_report
from qgdr_eval.shipped import shipped
from qgdr_eval.wording.plain import meant, out_of_ten, sure, tenths

ALLOWED = set((Path(__file__).parent / "mots_simples.txt").read_text("utf-8").split())
PLAIN = "experience_usagers_facile"
OF_THE_TRADE = {
    "score", "scores", "intervalle", "intervalles", "dimension", "dimensions", "item", "items",
    "effectif", "seuil", "repère", "référence", "établi", "établie", "priorité", "conformité",
    "pourcentage", "moyenne", "médiane", "statistique", "campagne", "instrument", "empreinte",
}  # fmt: skip
NAMES = {"Les Lilas", "Les Roses", "Petit service"}


def words_of(text: str) -> set[str]:
    """Its words in small letters, apostrophes and hyphens apart; numbers are no words."""
    return {word.lower() for word in re.findall(r"[A-Za-zÀ-ÿœŒ]+", text)}


def own_words(asked: Instrument) -> set[str]:
    """What people read in the questionnaire itself."""
    texts = [asked.title, *(item.text for item in asked.items)]
    for one in asked.dimensions:
        texts += [one.label, one.definition, *one.levers]
    texts += [answer.label for scale in asked.scales.values() for answer in scale.answers]
    return set().union(*map(words_of, texts))


def campaign(folder: Path, asked: Instrument) -> Path:
    """Good, middling and poor answers in a service, others in a second, too few in a third."""
    draw, chances = random.Random(2), (0.95, 0.65, 0.3)
    ranks = {one.id: rank for rank, one in enumerate(asked.dimensions)}
    with (folder / "r.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, delimiter=";")
        rows.writerow(["Service", *asked.codes])
        for service, n in (("Les Lilas", 34), ("Les Roses", 15), ("Petit service", 4)):
            for _ in range(n):
                given = [
                    3 if draw.random() < chances[ranks[item.dimension] % 3] else 1
                    for item in asked.items
                ]
                rows.writerow([service, *given])
    path = folder / "campagne.yml"
    path.write_text(
        f"id: avis\ntitle: Votre avis\nperiod: mars 2026\ninstrument: {asked.id}\n"
        "responses: r.csv\ncolumns: {service: Service}\ncoding: {answers: codes, "
        "reversed: as_worded}\nservices:\n  - {service: Les Lilas, head_count: 40}\n"
        "  - {service: Les Roses, head_count: 15}\n  - {service: Petit service, head_count: 6}\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("simple")
    path = campaign(folder, load_instrument(PLAIN))
    print_campaign(path, folder / "rapports", jobs=0, report_date="2026-03-30")
    found = sorted((folder / "rapports" / "services").glob("*.html"))
    return {page.stem: page.read_text("utf-8") for page in found}


def read(page: str) -> str:
    """All that is read or heard: words, alternatives, names; not its style."""
    text = re.sub(r"<style.*?</style>", " ", page, flags=re.DOTALL)
    heard = re.findall(r'(?:aria-label|alt|title)="([^"]*)"', text)
    bare = re.sub(r"<span class=\"hash\">.*?</span>", " ", text)
    bare = re.sub(r"<[^>]+>", " ", re.sub(r"<b class=\"hash\">.*?</b>", " ", bare))
    return " ".join([*re.sub(r"&#?\w+;", " ", bare).split(), *heard])


@pytest.mark.parametrize("page", ["01-les-lilas", "02-les-roses", "03-petit-service"])
def test_every_word_of_a_plain_page_is_allowed(pages: dict[str, str], page: str) -> None:
    known = ALLOWED | own_words(load_instrument(PLAIN)) | set().union(*map(words_of, NAMES))
    assert sorted(words_of(read(pages[page])) - known) == []


@pytest.mark.parametrize("service", ["Les Lilas", "Les Roses"])
def test_every_word_of_its_edition_for_users_is_allowed(tmp_path: Path, service: str) -> None:
    report = open_report(str(campaign(tmp_path, load_instrument(PLAIN))), service=service)
    given = gather(report, open_edition("usagers"), "2026-03-30")
    text = " ".join(_texts({key: given[key] for key in ("words", "parts")}))
    known = ALLOWED | own_words(load_instrument(PLAIN)) | set().union(*map(words_of, NAMES))
    assert sorted(words_of(text) - known) == []
    assert "sur 10" in text


def _texts(values: object) -> Iterator[str]:
    """Every text of plain values, names of keys and colours apart."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict):
        for name, value in values.items():
            yield from () if name in ("pole", "tenths") else _texts(value)
    elif isinstance(values, list | tuple):
        for value in values:
            yield from _texts(value)


@pytest.mark.parametrize(("name", "suited"), [("usagers", True), ("annexe", True),
                                              ("affiche", False), ("une_page", False)])  # fmt: skip
def test_editions_with_words_of_the_trade_are_refused(name: str, suited: bool) -> None:
    """The annex is for whoever makes the calculations again."""
    assert suits(open_edition(name), load_instrument(PLAIN)) == suited
    assert suits(open_edition(name), load_instrument("experience_usagers"))


def test_no_word_of_the_trade_is_allowed() -> None:
    assert not ALLOWED & OF_THE_TRADE
    assert not own_words(load_instrument(PLAIN)) & OF_THE_TRADE


def test_numbers_are_said_out_of_ten(pages: dict[str, str]) -> None:
    text = read(pages["01-les-lilas"]).replace("\u00a0", " ").replace("\u202f", " ")
    assert "%" not in text
    assert len(re.findall(r"Environ \d+ réponses? sur 10 (?:est|sont) « Oui »", text)) == 9
    assert len(re.findall(r"Environ \d+ personnes? sur 10 (?:a|ont) répondu « Oui »", text)) == 18


def test_a_hidden_service_has_no_number_but_its_day(pages: dict[str, str]) -> None:
    text = read(pages["03-petit-service"])
    assert "rien n’est montré" in text
    assert "sur 10" not in text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "out"), [(0, 0), (4.9, 0), (5, 1), (64.99, 6), (65, 7), (95, 10), (100, 10)]
)
def test_a_score_is_rounded_half_up_out_of_ten(value: float, out: int) -> None:
    assert tenths(value) == out


def test_words_of_the_plain_voice() -> None:
    assert out_of_ten(1, "personne", "personnes").replace("\u00a0", " ") == "1 personne sur 10"
    assert sure(7, 7, "d'autres réponses").endswith("toujours environ 7 sur 10.")
    assert meant("hidden", "between") == "Ce n'est pas montré, pour protéger les personnes."
    assert meant("no_threshold", "between") == meant("cannot_conclude", "strength")


PEOPLE = "subject: respondent"
REFUSED = {
    "records": (PEOPLE, "subject: record"),
    "another rule": ("rule: positive_share", "rule: mean_0_100"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_plain_french_is_for_shares_of_people(case: str) -> None:
    text = (shipped("questionnaires") / PLAIN / "instrument.yml").read_text("utf-8")
    problems = check_instrument(parse_document(text.replace(*REFUSED[case]), "instrument.yml"))
    assert any("mots simples" in problem.what for problem in problems)
