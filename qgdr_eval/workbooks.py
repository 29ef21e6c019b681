"""What a damaged or disguised workbook makes openpyxl raise."""

import zipfile
import zlib

CORRUPT = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    OSError,
    AttributeError,
    IndexError,
    zlib.error,
)
