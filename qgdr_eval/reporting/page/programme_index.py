"""The page that opens a programme: its facilities, pôles, plans and campaigns."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qgdr_eval.campaigns.programme import Programme
from qgdr_eval.french import count, listed
from qgdr_eval.reporting.page.fragment import DRAFT, Table, marked, paper, read_style, render
from qgdr_eval.reporting.page.index import STATES, Entry

GROUPS = {  # by the folder its pages stand in
    "etablissements": "Un établissement en deux pages",
    "poles": "Les tableaux de bord",
    "plans": "Le plan d'actions",
}
COUNTED = {
    "ready": ("page prête", "pages prêtes"),
    "suppressed": (
        "page sans chiffre (effectif insuffisant)",
        "pages sans chiffre (effectifs insuffisants)",
    ),
    "failed": ("page en échec", "pages en échec"),
}


@dataclass(frozen=True)
class Held:
    """A campaign of the programme: where its own index is, and its pages by state."""

    id: str
    title: str
    period: str
    href: str
    states: Mapping[str, int]
    draft: bool = False

    @property
    def counts(self) -> str:
        """How many of its pages are in each state."""
        return listed(count(self.states[state], *words)
                      for state, words in COUNTED.items() if self.states.get(state))  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How many pages of a campaign, or of a kind of page, are ready, hidden, and still awaited."""

    name: str
    ready: int
    hidden: int
    late: int

    @property
    def shares(self) -> tuple[int, int, int]:
        """The three numbers in % of all, for a bar."""
        whole = max(self.ready + self.hidden + self.late, 1)
        return (
            round(100 * self.ready / whole),
            round(100 * self.hidden / whole),
            round(100 * self.late / whole),
        )


def standing_of(name: str, states: Mapping[str, int]) -> Standing:
    """A line of the table that says where a programme stands.

    >>> standing_of("Culture", {"ready": 3, "failed": 1}).shares
    (75, 0, 25)
    """
    late = states.get("failed", 0) + states.get("pending", 0)
    return Standing(name, states.get("ready", 0), states.get("suppressed", 0), late)


def programme_page(
    programme: Programme, standing: Sequence[Held], entries: Sequence[Entry], kit: Mapping[str, str]
) -> str:
    """Lay out the index of a programme as one HTML page."""
    groups = [
        (title, [entry for entry in entries if entry.href.startswith(f"{folder}/")])
        for folder, title in GROUPS.items()
    ]
    lines = [standing_of(campaign.title, campaign.states) for campaign in standing]
    lines += [
        standing_of(title, Counter(entry.state for entry in pages))
        for title, pages in groups
        if pages
    ]
    draft = any(campaign.draft for campaign in standing)
    title = marked(programme.title, draft)
    sheet = paper(title, draft=draft)
    return str(
        render(
            "page/programme_index",
            programme=programme,
            title=title,
            draft=DRAFT if draft else "",
            groups=[(title, pages) for title, pages in groups if pages],
            campaigns=standing,
            lines=lines,
            states=STATES,
            report_date=max((entry.date for entry in entries), default=""),
            made_with=Table("Logiciels et versions", ("Logiciel", "Version"), list(kit.items())),
            style=Markup(read_style("fragment.css") + read_style("page.css") + sheet),
        )
    )
