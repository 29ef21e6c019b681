"""What people write by hand: strict YAML definitions, read with their lines."""

from qgdr_eval.definitions.model import Strict
from qgdr_eval.definitions.schema import json_schema
from qgdr_eval.definitions.source import Document, is_file, parse_document, place, read_document
from qgdr_eval.definitions.validate import absent_key, validate

__all__ = [
    "Document",
    "Strict",
    "absent_key",
    "is_file",
    "json_schema",
    "parse_document",
    "place",
    "read_document",
    "validate",
]
