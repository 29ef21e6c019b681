"""A table beside a definition: how a campaign names a CSV or XLSX file."""

import codecs
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from qgdr_eval.definitions import Strict


def _encoding_name(given: object) -> object:
    """``Windows-1252``, ``latin1``, ``UTF8``… are other names of the same encodings."""
    try:
        return codecs.lookup(str(given)).name.replace("utf-8-sig", "utf-8")
    except LookupError:
        return given


def _separator_name(given: object) -> object:
    return "tab" if given in ("\t", "\\t") else given


Text = Annotated[str, Field(min_length=1, max_length=300)]
EncodingName = Literal[
    "utf-8", "utf-16", "cp1252", "cp850", "cp437", "iso8859-1", "iso8859-15", "mac-roman"
]
Encoding = Annotated[
    EncodingName, BeforeValidator(_encoding_name, json_schema_input_type=EncodingName | str)
]
Separator = Annotated[Literal[";", ",", "|", "tab"], BeforeValidator(_separator_name)]


class TableFile(Strict):
    """A CSV or XLSX file beside the campaign file.

    ``encoding`` and ``separator`` are found in the file when not given; ``sheet`` is the first.
    ``layout``: ``rows`` has one row per subject; ``grid`` one row per item, one column per subject.

    >>> TableFile(file="reponses.csv", encoding="latin1").encoding
    'iso8859-1'
    """

    file: Text = Field(description="Fichier CSV ou XLSX, cherché à côté de la campagne")
    sheet: Text | None = Field(None, description="Feuille du classeur ; la première si absente")
    encoding: Encoding | None = Field(None, description="Encodage du CSV ; trouvé seul si absent")
    separator: Separator | None = Field(
        None, description="Séparateur du CSV ; trouvé seul si absent"
    )
    layout: Literal["rows", "grid"] = Field(
        "rows",
        description="rows : une ligne par répondant, dossier ou groupe ; grid : une grille, un "
        "item par ligne et une colonne par dossier ou par groupe",
    )
