"""While people answer: drafts and sealed returns kept, each card counted once."""
