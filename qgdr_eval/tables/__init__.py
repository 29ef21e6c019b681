"""What people's files hold, whatever the file: CSV, workbooks, spellings, faults by row."""

from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import Table, read_table

__all__ = ["Table", "TableFile", "read_table"]
