"""The schemas editors read are those of the models, and agree with the loader."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from qgdr_eval.definitions import Strict, json_schema
from qgdr_eval.editions import Edition, shipped_editions
from qgdr_eval.editions.read import SHARED
from qgdr_eval.instruments import Instrument, shipped_instruments
from qgdr_eval.region import Region
from qgdr_eval.responses import Campaign
from qgdr_eval.shipped import shipped

HERE = Path(__file__).parent
QUESTIONNAIRES = shipped("questionnaires")
SCHEMAS: list[tuple[str, type[Strict], str]] = [
    ("instrument", Instrument, "Questionnaire ou grille d'audit de qgdr-eval"),
    ("campaign", Campaign, "Campagne de qgdr-eval"),
    ("edition", Edition, "Édition de qgdr-eval"),
    ("region", Region, "Région de qgdr-eval"),
]
EDITIONS = SHARED.parent
# What the editor sees as well as the loader; the rest (references, repeats…) takes the loader.
SHAPES = [
    "unknown_key_root",
    "unknown_key_item",
    "misspelt_key_scale",
    "missing_licence",
    "no_items",
    "cyrillic_letter_in_code",
    "item_without_dimension",
    "item_in_a_list_of_dimensions",
    "one_option_only",
    "unknown_pole",
    "threshold_over_100",
    "threshold_without_origin",
    "version_of_two_numbers",
    "subject_unknown",
    "reversed_in_french",
    "code_not_a_number",
    "empty_value",
]


def file_of(name: str) -> Path:
    """Beside what it describes."""
    return (EDITIONS if name == "edition" else QUESTIONNAIRES) / f"{name}.schema.json"


def schema(name: str) -> dict[str, Any]:
    return json.loads(file_of(name).read_text("utf-8"))


def faults(name: str, file: Path) -> list[str]:
    values = yaml.safe_load(file.read_text("utf-8"))
    return [error.message for error in jsonschema.Draft7Validator(schema(name)).iter_errors(values)]


def fields(node: Any) -> list[dict[str, Any]]:
    inner = list(node.values()) if isinstance(node, dict) else node
    found = list(node.get("properties", {}).values()) if isinstance(node, dict) else []
    return found + [
        field for part in inner if isinstance(part, dict | list) for field in fields(part)
    ]


@pytest.mark.parametrize(("name", "model", "title"), SCHEMAS)
def test_schemas_are_in_step_with_the_models(
    name: str, model: type[Strict], title: str, agrees: Callable[[Path, str], None]
) -> None:
    text = json.dumps(json_schema(model, title), ensure_ascii=False, indent=2) + "\n"
    agrees(file_of(name), text)
    jsonschema.Draft7Validator.check_schema(json.loads(text))


@pytest.mark.parametrize("name", ["instrument", "campaign", "edition", "region"])
def test_every_key_is_described(name: str) -> None:
    assert all(field.get("description") for field in fields(schema(name)))


@pytest.mark.parametrize("id", shipped_instruments())
def test_shipped_instruments_please_the_editor(id: str) -> None:
    file = QUESTIONNAIRES / id / "instrument.yml"
    assert faults("instrument", file) == []
    first = file.read_text("utf-8").splitlines()[0]
    relative = first.removeprefix("# yaml-language-server: $schema=")
    assert (file.parent / relative).resolve() == QUESTIONNAIRES / "instrument.schema.json"


@pytest.mark.parametrize("id", shipped_editions())
def test_shipped_editions_please_the_editor(id: str) -> None:
    file = EDITIONS / id / "edition.yml"
    assert faults("edition", file) == []
    first = file.read_text("utf-8").splitlines()[0]
    relative = first.removeprefix("# yaml-language-server: $schema=")
    assert (file.parent / relative).resolve() == file_of("edition")


@pytest.mark.parametrize(
    "change",
    [
        {"of": "pole"},
        {"parts": ["profil"]},
        {"sheets": "deux"},
        {"most": {"profil": 3}},
        {"logo": {"file": "logo.svg"}},
        {"words": {"what": {"equipe": "x"}}},
        {"couleur": "bleu"},
    ],
)
def test_the_editor_underlines_faults_of_an_edition(change: dict[str, Any]) -> None:
    values = yaml.safe_load((EDITIONS / "affiche" / "edition.yml").read_text("utf-8"))
    validator = jsonschema.Draft7Validator(schema("edition"))
    assert [*validator.iter_errors(values | change)]


def test_valid_files_please_the_editor() -> None:
    assert faults("instrument", HERE / "valid" / "instrument.yml") == []
    assert faults("campaign", HERE / "valid" / "campagne.yml") == []


@pytest.mark.parametrize("failure", SHAPES)
def test_the_editor_underlines_faults_of_shape(failure: str) -> None:
    assert faults("instrument", HERE / "instruments" / failure / "instrument.yml")


@pytest.mark.parametrize(
    "change",
    [
        {"title": 2026},
        {"period": 2026},
        {"instrument": True},
        {"services": "services.csv"},
        {"responses": {"file": "r.csv", "encoding": "Windows-1252", "separator": "tab"}},
        {"services": {"file": "s.xlsx", "sheet": 1}},
        {"reference": "none"},
        {"reference": {"file": "n.csv", "label": "National", "source": "2025"}},
        {"coding": {"reversed": "as_worded", "missing": [99, "NR", 9.5], "labels": {"Oui": 1}}},
    ],
)
def test_what_the_loader_takes_pleases_the_editor(change: dict[str, Any]) -> None:
    values = yaml.safe_load((HERE / "valid" / "campagne.yml").read_text("utf-8")) | change
    jsonschema.Draft7Validator(schema("campaign")).validate(values)
