"""What closes answers: keys, the codes of cards, drafts that only a card opens."""
