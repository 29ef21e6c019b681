"""What an edition may take of a report, part by part: published values and our words for them."""
