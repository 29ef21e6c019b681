"""The rows of a campaign's answers file as entry writes them, and reads them back."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from qgdr_eval.french import listed, quote
from qgdr_eval.instruments import Instrument, Item
from qgdr_eval.problems import Problem, Refused, refuse_errors
from qgdr_eval.responses import Campaign
from qgdr_eval.responses.codes import MISSING, answer_codes
from qgdr_eval.responses.columns import NOTES, names_wanted
from qgdr_eval.tables.faults import CAMPAIGN, fault, refusal, some
from qgdr_eval.tables.read import Table, read_table
from qgdr_eval.tables.spelling import answer_key, plain
from qgdr_eval.tables.workbooks import FORMULA_SIGNS

ROLES = ("facility", "service", "subject")
SEPARATORS = {"tab": "\t"}
GUARD = "\u200b"  # a spreadsheet then reads a text, and the tables of the kit strip it
LONGEST = 4_000  # characters of a note


@dataclass(frozen=True)
class Entered:
    """One record, group or person as entered: answers by item, notes by what they are about,
    its strata.

    >>> Entered("", "Nuit", "D1", {"A": 1}).key
    ('d1',)
    """

    facility: str
    service: str
    subject: str
    answers: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    strata: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from the others: its number, else its place."""
        return (plain(self.subject),) if self.subject else (plain(self.facility),
                                                            plain(self.service))  # fmt: skip

    def corrected(self, answers: Mapping[str, int | None], notes: Mapping[str, str]) -> "Entered":
        """The same with other answers, ``None`` for one taken back, and other notes."""
        given = {**self.answers, **answers}
        kept = {item: code for item, code in given.items() if code is not None}
        written = {id: text for id, text in {**self.notes, **notes}.items() if text}
        return replace(self, answers=kept, notes=written)


@dataclass(frozen=True)
class Sheet:
    """How a campaign's file holds what is entered: its columns, and how answers are written."""

    campaign: Campaign
    instrument: Instrument

    @property
    def roles(self) -> dict[str, str]:
        """The column of each place and of the subject, for those the campaign has."""
        named = {role: getattr(self.campaign.columns, role) for role in ROLES}
        return {role: name for role, name in named.items() if name}

    @property
    def items(self) -> dict[str, str]:
        """The column of each item."""
        given = self.campaign.columns.items
        return {code: given.get(code, code) for code in self.instrument.codes}

    @property
    def notes(self) -> dict[str, str]:
        """The columns of notes, where somebody speaks for themselves: of each dimension, and of
        each item whose special answers are to be justified."""
        dimensions = self.instrument.dimensions if self.instrument.declared else ()
        about = [item.code for item in self.instrument.explained]
        about += [dimension.id for dimension in dimensions]
        return {id: NOTES + id for id in about}

    @property
    def header(self) -> list[str]:
        """The columns in the order they are written."""
        strata = self.campaign.columns.strata.values()
        return [*self.roles.values(), *strata, *self.items.values(), *self.notes.values()]

    def read(self, path: Path) -> list[Entered]:
        """What the file holds; nothing when there is none yet.

        Raises:
            Refused: it cannot be read, has other columns, or holds what is no answer.
        """
        if not path.exists():
            return []
        wanted = names_wanted(self.campaign, self.instrument)
        table = read_table(self.campaign.responses, path.parent, wanted)
        refuse_errors(self._other_columns(table))
        rows = [self._entered(cells) for cells in _cells(table)]
        refuse_errors([*self._unreadable(table), *_twice(table, rows)])
        return rows

    def bytes_of(self, rows: list[Entered]) -> bytes:
        """The whole file: UTF-8 with its mark, as a spreadsheet opens it."""
        stream = io.StringIO(newline="")
        separator = self.campaign.responses.separator or ";"
        writer = csv.writer(stream, delimiter=SEPARATORS.get(separator, separator))
        writer.writerow(self.header)
        writer.writerows(self._line(row) for row in rows)
        return stream.getvalue().encode("utf-8-sig")

    def _line(self, row: Entered) -> Iterator[str]:
        yield from (guarded(getattr(row, role)) for role in self.roles)
        yield from (guarded(row.strata.get(name, "")) for name in self.campaign.columns.strata)
        for item in self.instrument.items:
            given = row.answers.get(item.code)
            yield "" if given is None else guarded(self.written(item, given))
        yield from (guarded(row.notes.get(id, "")) for id in self.notes)

    def written(self, item: Item, code: int) -> str:
        """How an answer is written so that this campaign reads it back as this code.

        Raises:
            Refused: the campaign's coding has no way to say it.
        """
        scale = self.instrument.scale_of(item)
        (answer,) = (one for one in scale.answers if one.code == code)
        known = answer_codes(scale, self.campaign.coding)
        ways = [str(code), answer.label, *answer.also]
        if self.campaign.coding.answers == "labels":
            ways = [*ways[1:], ways[0]]
        ways += [text for text, given in self.campaign.coding.labels.items() if given == code]
        found = next((text for text in ways if text and known.get(answer_key(text)) == code), None)
        if found is None:
            what = f"aucune écriture ne se relit comme {quote(answer.label)}"
            raise refusal(CAMPAIGN, what, "simplifiez « labels » et « missing »", place="coding")
        return found

    def _entered(self, cells: Mapping[str, str]) -> Entered:
        places = {role: cells[self.roles[role]] if role in self.roles else "" for role in ROLES}
        read = {item.code: self._code(item, cells[self.items[item.code]])
                for item in self.instrument.items}  # fmt: skip
        answers = {code: given for code, given in read.items() if given not in (MISSING, None)}
        notes = {id: cells[name] for id, name in self.notes.items() if cells.get(name)}
        strata = {name: cells[column] for name, column in self.campaign.columns.strata.items()}
        return Entered(**places, answers=answers, notes=notes, strata=strata)

    def _code(self, item: Item, text: str) -> int | None:
        known = answer_codes(self.instrument.scale_of(item), self.campaign.coding)
        return known.get(answer_key(text))

    def _other_columns(self, table: Table) -> Iterator[Problem]:
        given, header = set(map(str, table.frame.columns)), self.header
        optional = set(self.notes.values())
        others = [*sorted(given - set(header)), *table.doubled]
        others += ["une sans nom"] if table.nameless else []
        absent = [name for name in header if name not in given | optional]
        said = [f"en trop : {some(others)}"] if others else []
        said += [f"absentes : {some(absent)}"] if absent else []
        if said:
            cure = "donnez sous « responses » un nom nouveau : la saisie n'écrit que son fichier"
            what = f"ses colonnes ne sont pas celles de la saisie ({listed(said)})"
            yield fault(table.file, what, cure)

    def _unreadable(self, table: Table) -> Iterator[Problem]:
        for item in self.instrument.items:
            name = self.items[item.code]
            for at, text in enumerate(table.texts(name)):
                if self._code(item, text) is None:
                    yield table.problem(
                        table.row(at),
                        f"colonne {quote(name)}",
                        f"{quote(text[:40])} n'est pas une réponse de ce questionnaire",
                        "corrigez cette cellule avant de saisir",
                    )


def refuse_unfit(sheet: Sheet, path: Path) -> None:
    """Refuse a campaign whose answers file entry cannot write.

    Raises:
        Refused: not a CSV of rows in UTF-8, answers turned round, empty cells that are answers,
            or records without a column for their number. All at once.
    """
    refuse_errors(_unfit(sheet, path))


def cleaned(text: str, longest: int = LONGEST) -> str:
    """A text somebody typed, without what no file should hold: controls, blanks around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(c for c in lines if unicodedata.category(c)[0] != "C" or c == "\n")
    return kept.strip()[:longest].strip()


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula, read back as it was typed.

    >>> guarded("=1+1") == GUARD + "=1+1", guarded("a = b")
    (True, 'a = b')
    """
    return GUARD + text if text.lstrip().startswith(FORMULA_SIGNS) else text


def _unfit(sheet: Sheet, path: Path) -> Iterator[Problem]:
    source, coding = sheet.campaign.responses, sheet.campaign.coding
    if source.layout == "grid":
        cure = (
            "continuez dans cette grille ; pour saisir ici, donnez sous « responses » un nouveau "
            "fichier qui finit par « .csv », sans « layout »"
        )
        what = "ses réponses sont dans une grille de tableur, que la saisie ne récrit pas"
        yield fault(CAMPAIGN, what, cure, place="responses")
    elif path.suffix.lower() != ".csv":
        cure = (
            "donnez sous « responses » un nom qui finit par « .csv » ; pour reprendre ce fichier, "
            "enregistrez-le d'abord sous ce nom, au format CSV"
        )
        yield fault(path.name, "la saisie n'écrit que des fichiers CSV", cure)
    if source.encoding not in (None, "utf-8"):
        cure = (
            "retirez « encoding » : un fichier déjà là est relu tel qu'il est, et récrit en UTF-8, "
            "que tout tableur ouvre"
        )
        yield fault(CAMPAIGN, "la saisie écrit en UTF-8", cure, place="responses")
    if coding.reversed != "as_worded" and any(item.reversed for item in sheet.instrument.items):
        what = "la saisie garde les réponses telles qu'elles sont données"
        cure = (
            "écrivez « reversed: as_worded » si ce fichier ne vient que de la saisie ; s'il vient "
            "d'un outil qui les a retournées, laissez-le à sa campagne, et saisissez dans une autre"
        )
        yield fault(CAMPAIGN, what, cure, place="coding")
    if coding.control == "one_is_best":
        what = "la saisie cote la maîtrise de 1 à 5, 5 étant la meilleure"
        cure = "retirez « control », ou saisissez dans une autre campagne"
        yield fault(CAMPAIGN, what, cure, place="coding.control")
    if "" in coding.labels:
        what = "une case vide y vaut une réponse, alors qu'elle reste ici sans réponse"
        yield fault(CAMPAIGN, what, "retirez ce texte vide", place="coding.labels")
    if sheet.instrument.of_records and "subject" not in sheet.roles:
        cure = "écrivez « columns: {subject: Dossier} »"
        yield fault(CAMPAIGN, "aucune colonne pour le numéro des dossiers", cure, place="columns")
    yield from _unwritable(sheet)


def _unwritable(sheet: Sheet) -> Iterator[Problem]:
    """What the coding cannot say, once a scale."""
    scales = {item.scale: item for item in sheet.instrument.items}
    for item in scales.values():
        for answer in sheet.instrument.scale_of(item).answers:
            try:
                sheet.written(item, answer.code)
            except Refused as refused:
                yield from refused.problems


def _cells(table: Table) -> Iterator[dict[str, str]]:
    """The rows that hold anything, each as its texts by column."""
    names = list(map(str, table.frame.columns))
    for texts in zip(*(table.texts(name) for name in names), strict=True):
        if any(texts):
            yield dict(zip(names, texts, strict=True))


def _twice(table: Table, rows: list[Entered]) -> Iterator[Problem]:
    met: dict[tuple[str, ...], Entered] = {}
    for row in rows:
        if row.key in met:
            name = row.subject or row.service
            what = f"{quote(name)} y est deux fois : laquelle corriger ?"
            yield fault(table.file, what, "gardez une ligne, retirez l'autre")
        met[row.key] = row
