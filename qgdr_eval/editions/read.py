"""Editions on disk: ours by their name, somebody's own by their folder."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from qgdr_eval.definitions import Document, is_file, place, read_document, validate
from qgdr_eval.definitions.source import Path_
from qgdr_eval.editions.model import PARTS_OF, Edition, Part, Subject
from qgdr_eval.fingerprint import of_bytes, of_file, of_values
from qgdr_eval.french import did_you_mean, listed, quote, typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.scoring import gives

DEFINITION, TEMPLATE = "edition.yml", "edition.typ"
SHARED = Path(__file__).parent / "qgdr.typ"  # what every template imports
PICTURES = (".svg", ".png", ".jpg", ".jpeg")
LARGEST = 2_000_000  # bytes of a picture
# A template reads the values it is given and what stands beside it. A package would be fetched.
CALLS = re.compile(r"\b(?:import|include)\b(?!\s*\"qgdr\.typ\")|\b(?:eval|plugin)\s*\(")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
SCORES = {
    "share": "des parts, « 7 sur 10 »",
    "points": "des moyennes sur 10",
    "level": "des niveaux",
    "rating": "des cotations",
    "zone": "des zones",
}
SUBJECTS = {
    "respondent": "les réponses d'une équipe",
    "record": "des dossiers",
    "group": "la position d'un groupe",
    "person": "la position d'une personne",
}


@dataclass(frozen=True)
class Opened:
    """An edition and where it stands.

    >>> [path.name for path in open_edition("affiche").files]
    ['edition.yml', 'edition.typ']
    """

    edition: Edition
    folder: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """All it is made of: its definition, its template, its logo."""
        logo = self.edition.logo
        beside = (logo.file,) if logo else ()
        return tuple(self.folder / name for name in (DEFINITION, TEMPLATE, *beside))

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of all it is made of.

        >>> open_edition("affiche").fingerprint == open_edition("une_page").fingerprint
        False
        """
        return of_values([*map(of_file, self.files), of_bytes(SHARED.read_bytes())])

    def refuse_unsuited(self, instrument: Instrument) -> None:
        """Raise `Refused` for an instrument the edition is not made for.

        >>> from qgdr_eval.instruments import load_instrument
        >>> open_edition("affiche").refuse_unsuited(load_instrument("culture_securite"))
        """
        if instrument.subject in self.edition.subjects:
            self._refuse_scores(instrument)
            self._refuse_words(instrument)
            return
        made_for = listed((SUBJECTS[subject] for subject in self.edition.subjects), "ou")
        what = (
            f"l'édition {quote(self.edition.id)} présente {made_for} ; ce questionnaire compte "
            f"{SUBJECTS[instrument.subject]}"
        )
        every = map(open_edition, shipped_editions())
        suited = [one.edition.id for one in every if instrument.subject in one.edition.subjects]
        cure = f"éditions qui conviennent : {', '.join(suited)}" if suited else "lisez sa page"
        raise Refused([Problem(instrument.id, None, "", typography(what), typography(cure))])

    def _refuse_scores(self, instrument: Instrument) -> None:
        """Refuse an instrument whose rules give what the edition has no words for."""
        told = set(map(gives, instrument.dimensions))
        if not self.edition.scores or told <= {*self.edition.scores}:
            return
        known = listed(SCORES[score] for score in self.edition.scores)
        name = quote(self.edition.id)
        what = f"l'édition {name} dit {known} ; ce questionnaire donne autre chose"
        cure = "choisissez une autre édition : affiche, une_page ou annexe"
        raise Refused([Problem(instrument.id, None, "", typography(what), typography(cure))])

    def _refuse_words(self, instrument: Instrument) -> None:
        """Refuse words of the trade for an instrument that is plain to its last line."""
        if self.edition.plain or not instrument.plain:
            return
        name = quote(self.edition.id)
        what = f"l'édition {name} a les mots du métier ; ce questionnaire est en mots simples"
        suited = [one.edition.id for one in map(open_edition, shipped_editions())
                  if one.edition.plain]  # fmt: skip
        cure = f"éditions qui conviennent : {', '.join(suited)}"
        raise Refused([Problem(instrument.id, None, "", typography(what), typography(cure))])


def shipped_editions() -> list[str]:
    """The names of the editions that come with the kit.

    >>> "une_page" in shipped_editions()
    True
    """
    return sorted(path.parent.name for path in SHARED.parent.glob(f"*/{DEFINITION}"))


def open_edition(given: str) -> Opened:
    """Open an edition of ours by its name, or somebody's own by the path of its folder.

    >>> open_edition("une_page").edition.sheets
    2

    Raises:
        Refused: with every problem of its files, or because there is none of that name.
    """
    own = Path(given)
    folder = SHARED.parent / given if given in shipped_editions() else own
    if not folder.is_dir():
        what = f"édition {quote(given)} inconnue, et aucun dossier de ce nom"
        cure = did_you_mean(given, shipped_editions())
        raise Refused([Problem("--edition", None, "", typography(what), typography(cure))])
    document = read_document(folder / DEFINITION)
    edition = validate(document, Edition, lambda read: [*_problems(read, folder)])
    return Opened(edition, folder.absolute())


def _problems(document: Document, folder: Path) -> Iterator[Problem]:
    """What is wrong beside the shape of the definition."""
    values = document.values
    yield from _template(document, folder / TEMPLATE)
    yield from _logo(document, folder, values.get("logo"))
    yield from _of(document)
    parts, most = values.get("parts"), values.get("most")
    for name in most if isinstance(most, dict) and isinstance(parts, list) else ():
        if name not in parts:
            cure = "ajoutez cette partie à « parts », ou retirez cette ligne"
            yield _at(document, ("most", name), "cette partie n'est pas prise", cure)
    subjects, words = values.get("subjects"), values.get("words")
    for name, said in words.items() if isinstance(words, dict) else ():
        for subject in subjects if isinstance(said, dict) and isinstance(subjects, list) else ():
            if subject in get_args(Subject) and subject not in said:
                what = f"il manque ce qu'on en dit pour {quote(subject)}"
                yield _at(document, ("words", name), what, f"ajoutez « {subject}: … »")


def _of(document: Document) -> Iterator[Problem]:
    """What a facility, or a service, has nothing of: positions are never put together."""
    values = document.values
    of = values.get("of", "service")
    if of not in PARTS_OF:
        return
    parts, subjects = values.get("parts"), values.get("subjects")
    for rank, name in enumerate(parts if isinstance(parts, list) else ()):
        if name in get_args(Part) and name not in PARTS_OF[of]:
            cure = f"parties possibles : {', '.join(sorted(PARTS_OF[of]))}"
            yield _at(document, ("parts", rank), f"il n'y a pas de {quote(name)} ici", cure)
    for rank, name in enumerate(subjects if isinstance(subjects, list) else ()):
        if of == "facility" and name in ("group", "person"):
            what = "des positions déclarées ne se réunissent pas par établissement"
            yield _at(document, ("subjects", rank), what, f"retirez {quote(name)}")


def _template(document: Document, template: Path) -> Iterator[Problem]:
    if not is_file(template):
        what, cure = "gabarit introuvable", f"mettez {quote(TEMPLATE)} dans ce dossier"
        yield Problem(TEMPLATE, None, "", typography(what), typography(cure))
        return
    try:
        text = template.read_text("utf-8")
    except (OSError, ValueError):
        what, cure = "gabarit illisible", "enregistrez-le en UTF-8 depuis votre éditeur"
        yield Problem(TEMPLATE, None, "", what, cure)
        return
    bare = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    for found in CALLS.finditer(bare):
        line = bare.count("\n", 0, found.start()) + 1
        what = f"un gabarit n'appelle que {quote('qgdr.typ')}, jamais un paquet ni un autre fichier"
        cure = f"retirez {quote(found[0].strip())}"
        yield Problem(TEMPLATE, line, "", typography(what), typography(cure))


def _logo(document: Document, folder: Path, logo: object) -> Iterator[Problem]:
    name = logo.get("file") if isinstance(logo, dict) else None
    if not isinstance(name, str) or not name:
        return
    path, where = folder / name, ("logo", "file")
    if Path(name).name != name or not is_file(path):
        yield _at(document, where, f"image {quote(name)} introuvable", "mettez-la dans ce dossier")
    elif path.suffix.lower() not in PICTURES:
        cure = f"donnez une image {listed(PICTURES, 'ou')}"
        yield _at(document, where, "ce n'est pas une image que l'édition sait lire", cure)
    elif path.stat().st_size > LARGEST:
        yield _at(document, where, "image de plus de 2 Mo", "réduisez-la")


def _at(document: Document, path: Path_, what: str, cure: str) -> Problem:
    return document.problem(path, place(path), what, cure)
