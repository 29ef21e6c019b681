"""Reading everything a report would read, and saying what is wrong, before it is printed."""
