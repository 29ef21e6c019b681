"""The form in a notebook: records, groups and persons entered in the file of a campaign."""

from qgdr_eval.asking.widget.cell import entry_form, open_entry, read_script

__all__ = ["entry_form", "open_entry", "read_script"]
