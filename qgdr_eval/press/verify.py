"""Verifying a finished folder: every fingerprint and every proof, computed again."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from qgdr_eval.campaigns.programme import Programme
from qgdr_eval.disclosure import Place, list_facilities, list_places, open_card, open_place
from qgdr_eval.fingerprint import of_bytes, of_file
from qgdr_eval.french import count, typography
from qgdr_eval.press.folder import (
    EDITIONS,
    INDEX,
    JOURNAL,
    MANIFEST,
    PAGES,
    PROGRAMME,
    RESULTS,
    SERVICES,
)
from qgdr_eval.press.index import lay_index, lay_programme_index
from qgdr_eval.press.kit import kit_fingerprints
from qgdr_eval.press.ledger import Head, Record, read_head, read_records
from qgdr_eval.press.pages import NAMES, PARTS
from qgdr_eval.press.proof import Figures, evidence_of, prove
from qgdr_eval.problems import Problem, Refused

AGAIN = "relancez la campagne : la page sera refaite"
DOCUMENT = ".pdf"
PAGE_SUFFIXES = {".html", ".htm", ".xhtml", ".xht", ".mht", ".mhtml", ".svg", DOCUMENT}
MEANING = (
    "Prouvé : chaque page est celle de son service, faite des résultats enregistrés, telle qu'elle"
    " est sortie du kit ; aucune page ajoutée. Non prouvé : que les réponses soient justes, ni qui"
    " a produit ce dossier, qui n'est pas signé."
)
UNTOLD = "Non vérifié : la page d'accueil, écrite par une autre version du kit."


@dataclass(frozen=True)
class Verdict:
    """What a folder of reports is worth: pages verified, and everything that is wrong.

    ``same_kit``: whether this kit wrote the page that opens the folder; no other can tell.

    >>> print(str(Verdict(19, ())).splitlines()[-1])
    19 pages vérifiées, aucun écart
    """

    pages: int
    problems: tuple[Problem, ...]
    same_kit: bool = True

    def __str__(self) -> str:
        verified = count(self.pages, "page vérifiée", "pages vérifiées")
        wrong = count(len(self.problems), "écart") if self.problems else "aucun écart"
        meaning = [] if self.problems else [MEANING, *([] if self.same_kit else [UNTOLD])]
        return typography("\n".join([*map(str, self.problems), *meaning, f"{verified}, {wrong}"]))


def verify_folder(out: str | Path) -> Verdict:
    """Compute again the fingerprints and proofs of a folder of reports.

    Raises:
        Refused: the folder holds no finished run.

    >>> import shutil, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     out = shutil.copytree("reports/exemple", Path(folder, "rapports"))
    ...     whole = verify_folder(out).problems
    ...     _ = next(out.glob("services/*.html")).write_text("autre page", encoding="utf-8")
    ...     spoiled = verify_folder(out).problems
    >>> len(whole), len(spoiled)
    (0, 1)
    """
    out = Path(out)
    head = _read_finished(out)
    above = PROGRAMME in head.files
    inside = [_verify_campaign(out, name) for name in _campaigns(head)]
    problems = [
        *(problem for verdict in inside for problem in verdict.problems),
        *_files(out, head),
        *(_other_folders(out, head) if above else _services(out)),
        *_pages(out),
        *_strangers(out, _campaigns(head)),
        *_index(out, head),
    ]
    pages = sum(1 for _ in read_records(out)) + sum(verdict.pages for verdict in inside)
    return Verdict(pages, tuple(dict.fromkeys(problems)), head.kit == kit_fingerprints())


def _campaigns(head: Head) -> list[str]:
    """The folders of the campaigns of a programme; none in the folder of one campaign."""
    folders = (name.removesuffix(f"/{RESULTS}") for name in head.files)
    return [folder for folder in folders if folder.isidentifier()]


def _verify_campaign(out: Path, name: str) -> Verdict:
    """One campaign of a programme; its pages are named from the folder of the programme."""
    try:
        verdict = verify_folder(out / name)
    except Refused as refused:
        return Verdict(0, tuple(replace(problem, file=name) for problem in refused.problems))
    problems = (replace(problem, file=f"{name}/{problem.file}") for problem in verdict.problems)
    return replace(verdict, problems=tuple(problems))


def _other_folders(out: Path, head: Head) -> Iterator[Problem]:
    """Reports of campaigns that are not, or no longer, of the programme."""
    known = _campaigns(head)
    for manifest in sorted(out.glob(f"*/{MANIFEST}")):
        name = manifest.relative_to(out).parts[0]
        if name not in known:
            what = "ces rapports ne sont pas de ce programme"
            yield Problem(name, None, "", what, "retirez ce dossier, ou rangez-le ailleurs")


def _read_finished(out: Path) -> Head:
    """What a finished run says of itself; raises `Refused` when there is none."""
    if not out.exists():
        what, cure = "ce dossier n'existe pas", "vérifiez le chemin du dossier de rapports"
    elif not out.is_dir():
        what, cure = "c'est un fichier, pas un dossier", "indiquez un dossier de rapports"
    elif (out / JOURNAL).is_file():
        what, cure = "la production s'est arrêtée avant la fin", "relancez la même commande"
    elif not (out / MANIFEST).is_file():
        what, cure = "ce dossier n'a pas de manifeste", "indiquez un dossier de rapports"
    elif (head := read_head(out)) is None:
        what, cure = "le manifeste est illisible", "relancez la campagne"
    else:
        return head
    raise Refused([Problem(str(out), None, "", what, cure)])


def _files(out: Path, head: Head) -> Iterator[Problem]:
    for name, fingerprint in head.files.items():
        if not (out / name).is_file():
            yield Problem(name, None, "", "ce fichier manque", "relancez la campagne")
        elif of_file(out / name) != fingerprint:
            what = "ce fichier a changé depuis la production des pages"
            yield Problem(name, None, "", what, "relancez la campagne")


def _services(out: Path) -> Iterator[Problem]:
    """The results stored are those each page was made from, service by service."""
    try:
        left = _wanted(out / RESULTS)
        services = {(place.facility, place.service): place for place in list_places(out / RESULTS)}
        facilities = {(place.facility, ""): place for place in list_facilities(out / RESULTS)}
        whole = open_place(out / RESULTS, "", "")
    except Refused as refused:
        yield from refused.problems
        return
    for record in read_records(out):
        if record.page in NAMES:  # a page of the whole campaign
            same = record.results == of_file(out / RESULTS) and record.n == whole.n
        else:
            folder = PurePosixPath(record.page).parent.as_posix()
            edition = dict(services if record.service else facilities)  # one of each, in a folder
            place = left.setdefault(folder, edition).pop((record.facility, record.service), None)
            same = place is not None and _is_of(record, place)
        if not same:
            what = "les résultats enregistrés ne sont pas ceux dont cette page est faite"
            yield Problem(record.page, None, "", what, AGAIN)
    yield from _missing(left)


def _wanted(results: Path) -> dict[str, dict[tuple[str, str], Place]]:
    """The places that have a page in each of our folders, editions apart."""
    places = {SERVICES: list_places(results)} | {
        part.folder: part.places(results) for part in PARTS
    }
    return {
        folder: {(place.facility, place.service): place for place in found}
        for folder, found in places.items()
    }


def _missing(left: dict[str, dict[tuple[str, str], Place]]) -> Iterator[Problem]:
    of_parts = {part.folder for part in PARTS}
    for folder, places in left.items():
        for facility, service in places:
            what = "il manque la page de cet établissement, ou de ce type de service"
            if service and folder not in of_parts:
                what = "ce service n'a pas de page"
            yield Problem(MANIFEST, None, service or facility, what, "relancez la campagne")


def _is_of(record: Record, place: Place) -> bool:
    parts = {name: record.inputs.get(name) for name in place.parts}
    return (record.results, record.n, parts) == (place.fingerprint, place.n, place.parts)


def _pages(out: Path) -> Iterator[Problem]:
    figures = Figures()
    for record in read_records(out):
        if what := _fault(out, record, figures):
            yield Problem(record.page, None, record.service, what, AGAIN)


def _fault(out: Path, record: Record, figures: Figures) -> str:
    """What is wrong with a page, "" when it is the one that was ordered, untouched."""
    page = out / record.page
    if record.state == "failed":
        return "cette page devrait manquer, sa production a échoué" if page.exists() else ""
    if not page.is_file():
        return "cette page manque"
    content = page.read_bytes()
    if of_bytes(content) != record.output:
        return "cette page a changé depuis sa production"
    evidence = evidence_of(content)
    if list(evidence.figures) != record.figures:
        return "les figures de la page ne sont pas celles du manifeste"
    return prove(record.promise, evidence) or figures.refuse(record.results, evidence.figures)


def _strangers(out: Path, campaigns: Collection[str]) -> Iterator[Problem]:
    """Pages that the run did not make and that might pass for its own.

    Those beside the index or in our folders, and any that bears our marks wherever it stands; what
    a person keeps in a folder of their own stays. Other reports of ours answer for their own.
    """
    known = {INDEX, *(record.page for record in read_records(out))}
    for path in sorted(path for path in out.rglob("*") if path.suffix.lower() in PAGE_SUFFIXES):
        page = path.relative_to(out)
        apart = page.parts[0] in campaigns or (out / page.parts[0] / MANIFEST).is_file()
        if page.as_posix() not in known and not apart and _seems_ours(path, page):
            what = "cette page n'est pas de cette production"
            yield Problem(page.as_posix(), None, "", what, "retirez-la")


def _seems_ours(path: Path, page: Path) -> bool:
    """A PDF may be anybody's, unless it stands among editions or says that it is one."""
    if page.suffix.lower() == DOCUMENT:
        ours = page.parts[0] == EDITIONS
    else:
        ours = len(page.parts) == 1 or page.parts[0] in PAGES
    return ours or bool(evidence_of(path.read_bytes()).results)


def _lay_again(out: Path, head: Head) -> str:
    """The index as it should be."""
    if PROGRAMME not in head.files:
        card = open_card(out / RESULTS)
        return lay_index(card, read_records(out), head.versions, head.above)
    programme = Programme.model_validate_json((out / PROGRAMME).read_bytes())
    return lay_programme_index(programme, out, read_records(out), head.versions)


def _index(out: Path, head: Head) -> Iterator[Problem]:
    """The index says what the manifest says; only the kit that wrote it can tell."""
    if head.kit != kit_fingerprints():
        return
    try:
        expected = _lay_again(out, head)
        same = (out / INDEX).read_text("utf-8") == expected
    except (OSError, ValueError, Refused):
        same = False
    if not same:
        what = "la page d'accueil ne correspond pas au manifeste"
        yield Problem(INDEX, None, "", what, "relancez la campagne")
