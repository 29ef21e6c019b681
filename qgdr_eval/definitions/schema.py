"""A JSON Schema for editors: they complete the keys and underline mistakes while one types."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from qgdr_eval.definitions.model import Strict
from qgdr_eval.french import typography


def json_schema(model: type[Strict], title: str) -> dict[str, Any]:
    """The JSON Schema of ``model`` for a YAML editor, with the French descriptions of its fields.

    It follows what the loader takes: a text may look like a number or a boolean to the editor,
    and ``null`` is no value.

    >>> class Room(Strict):
    ...     name: str
    >>> json_schema(Room, "Un lieu")["required"]
    ['name']
    """
    schema = model.model_json_schema(schema_generator=_ForEditors)
    dialect = "http://json-schema.org/draft-07/schema#"  # the one every editor reads
    return {"$schema": dialect, "title": title, **_typeset(schema)}


def _typeset(node: Any) -> Any:
    if isinstance(node, list):
        return [_typeset(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: typography(value)
        if key == "description" and isinstance(value, str)
        else _typeset(value)
        for key, value in node.items()
    }


class _ForEditors(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        """No title made from a key: the description is what an editor shows."""
        return False

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        """Docstrings are for who reads the code; only the fields' descriptions are French."""
        written = super().model_schema(schema)
        return {key: written[key] for key in written if key not in ("title", "description")}

    def str_schema(self, schema: Any) -> JsonSchemaValue:
        """A text, in the shape an editor sees it in YAML."""
        written = super().str_schema(schema)
        if "pattern" in schema:
            return written
        return {**written, "type": ["string", "number", "boolean"]}

    def nullable_schema(self, schema: Any) -> JsonSchemaValue:
        """A key that may be left out: its own schema, null not admitted."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        """An absent key and an empty list say nothing worth offering."""
        written = super().default_schema(schema)
        return {key: written[key] for key in written if key != "default" or written[key]}
