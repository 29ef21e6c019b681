"""A campaign drafted from an export: places, coding, what is asked; then read as any campaign."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qgdr_eval.definitions import read_document
from qgdr_eval.instruments import load_instrument
from qgdr_eval.problems import Refused
from qgdr_eval.responses.draft import Choices, Draft, draft_campaign
from qgdr_eval.responses.draft_asked import ask_open
from qgdr_eval.responses.draft_summary import draft_lines
from qgdr_eval.responses.roles import recognise_roles
from qgdr_eval.responses.yaml_lines import quoted
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import Table, read_table
from tests.responses.campaigns import as_csv, small_instrument
from tests.thorough import examples

NARROW = "\u202f"
SMALL = small_instrument()
ITEMS = SMALL.codes


def table_of(columns: dict[str, list[str]]) -> Table:
    return Table("export.csv", pd.DataFrame(columns, dtype="str").astype("category"))


def export(rows: int = 12, **columns: list[str]) -> Table:
    """The six items by their codes, two services, then the columns asked for."""
    answers = {code: [str(1 + (i + rank) % 5) for i in range(rows)]
               for rank, code in enumerate(ITEMS)}  # fmt: skip
    services = {"Service": ["Bloc" if i % 2 else "Urgences" for i in range(rows)]}
    return table_of({**services, **answers, **columns})


def draft_of(table: Table, **choices) -> Draft:
    return draft_campaign(table, SMALL, Choices(**choices))


PLACES = ["Bloc", "Urgences"] * 6


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Service", "service"),
        ("SERVICE :", "service"),
        ("Unité", "service"),
        ("Unité de soins", "service"),
        ("Pôle", "service"),
        ("Dans quel service travaillez-vous ?", "service"),
        ("G01Q01. Dans quel service travaillez-vous ?", "service"),
        ("<p>Quel est votre service d&#039;affectation ?</p>", "service"),
        ("3. Votre service", "service"),
        ("Which department do you work in?", "service"),
        ("Établissement", "facility"),
        ("Dans quel établissement exercez-vous ?", "facility"),
        ("Profession", "stratum"),
        ("Quelle est votre catégorie professionnelle ?", "stratum"),
    ],
)
def test_places_and_professions_are_known_by_their_names(header, role):
    assert recognise_roles(table_of({header: PLACES})).columns == {role: header}


@pytest.mark.parametrize(
    "header",
    [
        "ID",
        "Identifiant",
        "ResponseId",
        "record_id",
        "N° de réponse",
        "ID de la réponse",
        "Numéro de série",
        "N° de dossier",
    ],
)
def test_identifiers_are_known_by_their_names(header):
    found = recognise_roles(table_of({header: [str(rank) for rank in range(12)]}))
    assert found.columns == {"subject": header}


@pytest.mark.parametrize(
    "header",
    [
        "Depuis combien de temps travaillez-vous dans ce service ?",
        "Que changeriez-vous dans votre service ?",
        "Dans quel service travaillez-vous ? [Autre]",
        "Service[comment]",
        "Nom",
        "Adresse e-mail",
        "Le service est propre",
    ],
)
def test_what_only_speaks_of_a_service_is_not_its_column(header):
    assert not recognise_roles(table_of({header: PLACES})).columns


def test_a_column_that_cannot_be_a_place_or_an_identifier_is_none():
    free = [f"texte libre {rank}" for rank in range(12)]
    assert not recognise_roles(table_of({"Service": free})).columns
    assert not recognise_roles(table_of({"Service": [""] * 12})).columns
    assert not recognise_roles(table_of({"ID": ["1", "2"] * 6})).columns


def test_between_two_services_nobody_chooses():
    found = recognise_roles(table_of({"Service": PLACES, "Unité": PLACES, "Pôle": PLACES}))
    assert not found.columns
    assert found.doubts == {"service": ("Service", "Unité")}


def test_a_pole_is_a_service_only_when_nothing_else_is():
    found = recognise_roles(table_of({"Pôle": PLACES, "Service": PLACES}))
    assert found.columns == {"service": "Service"}


def test_services_are_those_of_the_people_who_answered():
    table = export(rows=4)
    titles = {name: [f"titre {name}", *table.texts(name)] for name in table.frame.columns}
    named = titles | {"Service": ["Dans quel service ?", "bloc", "URGENCES", "Bloc", "Urgences"]}
    draft = draft_of(table_of(named))
    assert draft.roster["service"].tolist() == ["bloc", "URGENCES"]  # as first met, no title
    assert not draft.coding.unread


def test_numbers_of_groups_come_in_their_order():
    groups = [str(number) for number in (10, 9, 1, 100) for _ in range(3)]
    draft = draft_of(export(Groupe=groups), roles={"service": "groupe"})
    assert draft.roster["service"].tolist() == ["1", "9", "10", "100"]


def written(texts: list[str]) -> Table:
    """Each item answered by each of the texts."""
    table = export(rows=len(texts))
    columns = {name: table.texts(name) for name in table.frame.columns}
    return table_of(columns | dict.fromkeys(ITEMS, texts))


def labels_of(instrument=SMALL) -> dict[int, str]:
    (scale,) = instrument.scales.values()
    return {option.code: option.label for option in scale.options}


def test_codes_and_labels_are_told_apart():
    labels = labels_of()
    assert draft_of(written([*map(str, labels)])).coding.answers == "codes"
    assert draft_of(written([*labels.values()])).coding.answers == "labels"


@pytest.mark.parametrize("form", ["{code} - {label}", "{code}. {label}", "({code}) {label}",
                                  "{label} ({code})", "{label} [{code}]"])  # fmt: skip
def test_a_label_beside_its_code_is_understood(form):
    texts = {form.format(code=code, label=label): code for code, label in labels_of().items()}
    coding = draft_of(written([*texts])).coding
    assert coding.labels == texts
    assert not coding.open
    assert not coding.unread


def test_a_label_beside_the_code_of_another_is_not_understood():
    turned = [f"{6 - code} - {label}" for code, label in labels_of().items()]
    coding = draft_of(written(turned)).coding
    middle = f"3 - {labels_of()[3]}"
    assert coding.labels == {middle: 3}
    assert set(coding.open) == {*ITEMS}


def test_capitals_accents_and_signs_do_not_count():
    texts = {label.upper().replace("'", " ") + ".": code for code, label in labels_of().items()}
    coding = draft_of(written([*texts])).coding
    assert coding.labels == texts
    assert not coding.open


def test_a_near_label_is_never_taken_and_is_asked():
    texts = [*list(labels_of().values())[1:], "Assez d'accord"]
    draft = draft_of(written(texts * 2))
    assert draft.coding.labels == {}
    [unread] = draft.coding.unread
    assert unread.texts == ("Assez d'accord",)
    assert unread.items == len(ITEMS)
    told = draft_of(written(texts * 2), answers={"Assez d'accord": 4})
    assert told.coding.labels == {"Assez d'accord": 4}
    assert not told.coding.unread


def test_free_texts_are_shown_to_nobody():
    """A column taken for an item's may hold what people wrote."""
    names = [f"Madame {letter * 3}" for letter in "abcdefghijklmnopqrst"]
    draft = draft_of(written(names))
    shown = "\n".join(draft_lines(draft, SMALL))
    assert "Madame" not in shown
    assert set(draft.coding.open) == {*ITEMS}


def test_a_name_written_once_in_a_small_team_is_shown_to_nobody():
    frame = export(rows=8).frame.assign(E2=[f"Madame {letter}" for letter in "abcdefgh"])
    draft = draft_of(Table("export.csv", frame.astype("category")))
    assert draft.coding.open == ("E2",)
    assert "Madame" not in "\n".join(draft_lines(draft, SMALL))


def test_reversed_answers_are_asked_and_never_supposed():
    assert draft_of(export()).reversed is None
    assert not draft_of(export()).complete
    assert draft_of(export(), reversed="as_worded").complete
    straight = load_instrument("experience_usagers_facile")
    assert not any(item.reversed for item in straight.items)
    headers = {item.code: ["1"] * 3 for item in straight.items}
    assert draft_campaign(table_of(headers), straight, Choices()).reversed == "as_worded"


def test_each_open_thing_is_asked_once():
    table = export(Unité=["A", "B"] * 6)
    frame = table.frame.rename(columns={"E2": "Q2", "P3": "Q7"})
    said = {"Colonne de E2": "Q2", "Colonne : service": "Service", "Items": "already_reversed"}
    asked: list[str] = []

    def ask(question, meanings):
        asked.append(question)
        answer = next((text for start, text in said.items() if question.startswith(start)), "")
        assert not answer or answer in meanings
        return answer

    draft = ask_open(Table("export.csv", frame), SMALL, Choices(), ask)
    assert draft.items["E2"] == "Q2"
    assert set(draft.candidates) == {"P3"}
    assert draft.roles["service"] == "Service"
    assert draft.reversed == "already_reversed"
    assert len(asked) == 4
    assert len(set(asked)) == 4


def test_wrong_choices_are_refused_together():
    with pytest.raises(Refused) as refused:
        draft_of(export(), items={"E9": "E1", "E1": "E11"}, roles={"service": "Servise"})
    shown = str(refused.value).replace(NARROW, " ")
    assert "--column E9 : ce n'est pas un item" in shown
    assert "--column E1 : le tableau n'a pas de colonne « E11 »" in shown
    assert "--service : le tableau n'a pas de colonne « Servise »" in shown
    assert "vouliez-vous dire « Service » ?" in shown
    with pytest.raises(Refused, match="sert déjà"):
        draft_of(export(), items={"E1": "E2", "E2": "E2"})


@given(st.text(min_size=1, max_size=60))
def test_any_header_survives_yaml(tmp_path_factory: pytest.TempPathFactory, text: str):
    """Read again, it is the same to whoever looks for the column."""
    path = tmp_path_factory.mktemp("yaml") / "campagne.yml"
    path.write_text(f"columns: {{service: {quoted(text)}}}\n", encoding="utf-8")
    document = read_document(path)
    assert not document.problems
    read = document.values["columns"]["service"]
    kept = "".join(" " if not c.isprintable() else c for c in text)
    assert read.split() == kept.split() or not text.isprintable()


def test_a_team_alone_needs_no_column_of_services():
    doubtful = export(Unité=["A", "B"] * 6)
    draft = draft_of(doubtful, team="Équipe mobile", reversed="as_worded")
    assert draft.complete
    assert "service" not in draft.roles | draft.doubts


cells = st.text(max_size=30) | st.sampled_from(["1", "4 - D'accord", "9" * 5000, "(", "=1"])
names = st.text(max_size=40) | st.sampled_from([*ITEMS, "Service", "Unité", "E1[comment]", "Id"])


@settings(max_examples=examples(60), deadline=None)
@given(st.dictionaries(names, st.lists(cells, min_size=6, max_size=6), min_size=1, max_size=12))
def test_any_table_gives_a_draft_that_says_what_is_missing(columns):
    draft = draft_of(table_of(columns))
    assert {*draft.items} | {*draft.candidates} == {*ITEMS}
    assert not draft.complete
    assert all(isinstance(line, str) for line in draft_lines(draft, SMALL))


def test_a_table_of_the_kit_is_drafted_without_a_question(tmp_path: Path):
    table = export()
    rows = pd.DataFrame({name: table.texts(name) for name in table.frame.columns})
    (tmp_path / "export.csv").write_bytes(as_csv(rows))
    read = read_table(TableFile(file="export.csv"), tmp_path)
    draft = draft_campaign(read, SMALL, Choices(reversed="as_worded"))
    assert draft.items == {code: code for code in ITEMS}
    assert draft.complete


def two_scales(texts: dict[str, list[str]]) -> Table:
    """The forty questions of safety culture, each answered with the texts of its scale."""
    culture = load_instrument("culture_securite")
    answers = {item.code: texts[item.scale] for item in culture.items}
    return table_of({"Service": PLACES[: len(texts["accord"])], **answers})


def test_a_coding_shared_by_two_scales_is_told_and_asked_once():
    codes = [f"A{rank}" for rank in (10, 2, 1, 10, 2, 1)]
    table = two_scales({"accord": codes, "frequence": codes})
    culture = load_instrument("culture_securite")
    [unread] = draft_campaign(table, culture, Choices()).coding.unread
    assert unread.texts == ("A1", "A2", "A10")
    assert unread.items == 40
    assert unread.meanings[1].replace(NARROW, " ") == "« Pas du tout d'accord » ou « Jamais »"
    lines = list(draft_lines(draft_campaign(table, culture, Choices()), culture))
    assert sum("A1 " in line.replace(NARROW, " ") for line in lines) == 1
    assert sum("rien de leur échelle" in line for line in lines) == 1
    asked: list[str] = []
    draft = ask_open(table, culture, Choices(), lambda said, _: asked.append(said) or "1")
    assert sum("A2" in said for said in asked) == 1
    assert draft.coding.labels == {"A1": 1, "A2": 1, "A10": 1}


def test_each_scale_has_its_own_line_when_nothing_is_shared():
    table = two_scales({"accord": ["oui", "oui"], "frequence": ["parfois bien", "parfois bien"]})
    told = draft_campaign(table, load_instrument("culture_securite"), Choices()).coding.unread
    assert [one.texts for one in told] == [("oui",), ("parfois bien",)]
    assert sum(one.items for one in told) == 40


def test_both_senses_of_reversed_items_are_told_with_what_they_mean():
    [line] = [line for line in draft_lines(draft_of(export()), SMALL) if "--reversed" in line]
    assert "as_worded si" in line
    assert "already_reversed si" in line


PERSONAL = {
    "Adresse e-mail": "a@exemple.fr",
    "email. Adresse e-mail": "a@exemple.fr",
    "Nom": "Martin",
    "lastname. Nom de famille": "Martin",
    "Quel est votre prénom ?": "Lou",
    "IPAddress": "192.0.2.1",
    "Téléphone": "0102030405",
    "Date de naissance": "1980-02-29",
    "name_first": "Lou",
    "Question 12": "a@exemple.fr",
    "Contact éventuel": "06 12 34 56 78",
    "V7": "2001:db8::1",
}


@pytest.mark.parametrize("header", PERSONAL)
def test_a_column_that_names_people_is_told_and_never_used(header):
    draft = draft_of(export(**{header: [PERSONAL[header]] * 12}))
    assert draft.nominative == (header,)
    assert header not in {*draft.roles.values(), *draft.items.values()}
    told = "\n".join(draft_lines(draft, SMALL)).replace(NARROW, " ")
    assert f"colonne nominative laissée de côté : « {header} »" in told
    assert PERSONAL[header] not in told


@pytest.mark.parametrize(
    "header", ["Nom du service", "Nom de l'établissement", "Profession", "Date de réponse", "Site"]
)
def test_a_column_that_names_nobody_is_not_told(header):
    assert draft_of(export(**{header: PLACES})).nominative == ()


def test_a_few_addresses_do_not_make_a_column_of_them():
    comments = ["écrire à a@exemple.fr", "a@exemple.fr", *["rien"] * 10]
    assert draft_of(export(Remarque=comments)).nominative == ()


def test_a_column_somebody_chose_is_theirs():
    mails = [f"p{rank}@exemple.fr" for rank in range(12)]
    draft = draft_of(export(Courriel=mails), roles={"subject": "Courriel"})
    assert draft.nominative == ()
    assert draft.roles["subject"] == "Courriel"


def test_the_only_facility_is_given_by_its_name():
    draft = draft_of(export(), roles={"facility": "CH des Deux Rives"})
    assert draft.facility == "CH des Deux Rives"
    assert set(draft.roster["facility"]) == {"CH des Deux Rives"}
    assert "Aucun établissement" not in "\n".join(draft_lines(draft, SMALL))
    assert "--facility" in "\n".join(draft_lines(draft_of(export()), SMALL))


def test_the_name_of_the_only_facility_wins_over_a_column():
    draft = draft_of(export(Site=PLACES), roles={"facility": "CH des Deux Rives"})
    assert "facility" not in draft.roles
    assert set(draft.roster["facility"]) == {"CH des Deux Rives"}


def test_a_facility_that_is_nearly_a_column_is_a_mistake():
    with pytest.raises(Refused, match="vouliez-vous dire"):
        draft_of(export(Structure=PLACES), roles={"facility": "Structures"})


def test_a_team_alone_is_one_service():
    lines = list(draft_lines(draft_of(export(), team="Équipe mobile"), SMALL))
    assert any(line.replace("\u00a0", " ").startswith("1 service ;") for line in lines)
