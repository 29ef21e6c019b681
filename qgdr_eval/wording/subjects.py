"""What one row of answers is, as every page, figure and plan calls it: one value a subject."""

from dataclasses import dataclass, replace

from qgdr_eval import french
from qgdr_eval.instruments import Instrument

VOWELS = "aeéèêiîoôuhy"  # before which « de » and « le » lose their vowel


@dataclass(frozen=True)
class Subject:
    """The noun of a row, and what may be said of a figure made of several.

    ``seen``: what was done with it, as a masculine participle. ``answers``: what the answers
    behind a figure are, one then several; None where there is one answer and nothing to count.
    ``protected``: a small group is hidden. ``drawn``: what was read stands for what was not, so
    that a figure has an interval, and two figures are compared by their difference.

    >>> from qgdr_eval.instruments import load_instrument
    >>> hands = subject_of(load_instrument("epp_hygiene_mains"))
    >>> hands.count(3).replace(chr(160), " "), hands.agree("lu"), hands.none, hands.of_many
    ('3 opportunités', 'lues', 'aucune opportunité', "d'opportunités")
    """

    noun: str
    plural: str
    feminine: bool
    seen: str
    answers: tuple[str, str] | None
    protected: bool
    drawn: bool

    def count(self, n: int, adjective: str = "") -> str:
        """How many: « 3 dossiers », « 2 mesures complètes »."""
        one, many = (
            f"{noun} {self.agree(adjective, k)}" if adjective else noun
            for noun, k in ((self.noun, 1), (self.plural, 2))
        )
        return french.count(n, one, many)

    def agree(self, participle: str, n: int = 2) -> str:
        """An adjective or participle with this noun, of ``n``: « lus », « complètes »."""
        if self.feminine and participle.endswith("er"):
            participle = f"{participle[:-2]}ère"
        elif self.feminine:
            participle = participle.removesuffix("e")
            stem = participle[:-2] + "èt" if participle.endswith("et") else participle
            participle = f"{stem}e"
        return f"{participle}{'s' if n > 1 else ''}"

    @property
    def these(self) -> str:
        """« ces dossiers », « ces mesures »."""
        return f"ces {self.plural}"

    @property
    def none(self) -> str:
        """« aucun dossier », « aucune mesure »."""
        return f"aucun{'e' if self.feminine else ''} {self.noun}"

    @property
    def one(self) -> str:
        """« un dossier », « une mesure »."""
        return f"un{'e' if self.feminine else ''} {self.noun}"

    @property
    def every(self) -> str:
        """« tous », « toutes »."""
        return "toutes" if self.feminine else "tous"

    @property
    def them(self) -> str:
        """« eux », « elles »."""
        return "elles" if self.feminine else "eux"

    @property
    def which(self) -> str:
        """« quels dossiers », « quelles mesures »."""
        return f"quel{'les' if self.feminine else 's'} {self.plural}"

    @property
    def one_alone(self) -> str:
        """« un seul dossier », « une seule mesure »."""
        return f"une seule {self.noun}" if self.feminine else f"un seul {self.noun}"

    @property
    def of_one(self) -> str:
        """« d'un dossier », « d'une mesure »."""
        return f"d'{self.one}"

    @property
    def of_same(self) -> str:
        """« d'un même dossier », « d'une même mesure »."""
        return f"d'un{'e' if self.feminine else ''} même {self.noun}"

    @property
    def of_many(self) -> str:
        """« de dossiers », « d'opportunités »."""
        return f"d'{self.plural}" if self.noun[0] in VOWELS else f"de {self.plural}"

    @property
    def others(self) -> str:
        """« d'autres dossiers », « d'autres mesures »."""
        return f"d'autres {self.plural}"

    @property
    def pronoun(self) -> str:
        """« ceux », « celles »: these ones."""
        return "celles" if self.feminine else "ceux"

    @property
    def turnout(self) -> tuple[str, str, str]:
        """Heads of columns, « Dossiers de la période », « Lus », « Part lue »."""
        seen = self.agree(self.seen).capitalize()
        return f"{self.heading} de la période", seen, f"Part {self.seen}e"

    @property
    def read(self) -> str:
        """« Dossiers lus », « Mesures étudiées »."""
        return f"{self.heading} {self.agree(self.seen)}"

    @property
    def heading(self) -> str:
        """At the head of a column, or beside a number."""
        return self.plural.capitalize()


RESPONDENT = Subject(
    "répondant", "répondants", False, "interrogé", ("réponse valide", "réponses valides"),
    protected=True, drawn=True,
)  # fmt: skip
RECORD = Subject(
    "dossier", "dossiers", False, "lu", ("dossier", "dossiers"), protected=True, drawn=True
)
SUBJECTS = {
    "respondent": RESPONDENT,
    "record": RECORD,
    "group": Subject("groupe", "groupes", False, "réuni", None, protected=False, drawn=False),
    "person": Subject(
        "personne", "personnes", True, "interrogé", None, protected=False, drawn=False
    ),
}  # fmt: skip
"""By the subject an instrument declares; `subject_of` adds what it says of its own records."""


def subject_of(instrument: Instrument) -> Subject:
    """The subject of an instrument: its own unit, and nothing drawn where cases were chosen."""
    subject, unit = SUBJECTS[instrument.subject], instrument.unit
    if unit is not None:
        subject = replace(
            subject, noun=unit.one, plural=unit.many, feminine=unit.feminine, seen=unit.seen,
            answers=(unit.one, unit.many),
        )  # fmt: skip
    return replace(subject, drawn=instrument.sampled)
