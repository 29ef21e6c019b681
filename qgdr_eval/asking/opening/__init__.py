"""Once: sealed returns found wherever they are, opened, sorted, written in the answers file."""
