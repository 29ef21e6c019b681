"""A campaign from its file to its stored results, with those it names and those around it."""
