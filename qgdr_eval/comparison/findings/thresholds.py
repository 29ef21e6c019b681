"""From where on something matters, and how much of it a page names."""

AT_MOST = 3  # a page that names more than can be remembered names nothing
"""Findings of one part that a page names; the others are counted."""
SPLIT_SHARE = 30.0  # three answers in ten on each side, and no mean speaks for the team
"""Share of valid answers, in %, that both sides of a question reach when a team is divided."""
OBJECTIVE = 80.0  # what HAS aims at for its indicators of quality and safety
"""Conformity, in %, under which the whole interval of a criterion calls for attention."""
