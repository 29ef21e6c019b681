"""Before anybody answers: cards drawn, sheets to print, the form as one file."""
