"""What was understood of an export, told to whoever holds it, and what is left to be said."""

from collections.abc import Iterator

from qgdr_eval.french import count, listed, quote
from qgdr_eval.instruments import Instrument
from qgdr_eval.responses.campaign import SENSES
from qgdr_eval.responses.draft import Draft
from qgdr_eval.responses.mastery import CURE
from qgdr_eval.responses.roles import Role

ROLES: dict[Role, str] = {
    "service": "service",
    "facility": "établissement",
    "subject": "identifiant",
    "stratum": "profession ou autre regroupement",
}
FEW = 3  # items of which nothing can be read that are told one by one
SHOWN = 8  # codes of items in one line
EMPTY, AS_EMPTY = "vide", "aucune réponse : lire comme une cellule vide"
WIDTH = 60  # characters of a header or of an answer


def draft_lines(draft: Draft, instrument: Instrument) -> Iterator[str]:
    """One line a column that is used, with three of its answers, then what is left to be said.

    Only answers of the item's scale are shown: a column nobody uses may hold names.
    """
    yield f"{count(len(draft.items), 'item')} sur {len(instrument.items)} : colonne et réponses"
    yield from _item_lines(draft)
    for role, column in draft.roles.items():
        yield f"  {ROLES[role]} ← {quote(_short(column))}"
    if draft.nominative:
        names = listed(quote(_short(name)) for name in draft.nominative)
        yield f"  {_left_out(len(draft.nominative))} : {names}"
    yield from _place_lines(draft)
    kind = _KINDS[draft.coding.answers]
    services = 1 if draft.team else len(draft.roster)
    yield f"{count(services, 'service')} ; réponses lues comme des {kind}"
    yield from open_lines(draft, instrument)


def _item_lines(draft: Draft) -> Iterator[str]:
    """A line an item; items of which nothing can be read are told together when they are many."""
    nothing = [code for code in draft.items if not draft.coding.samples[code]]
    many = nothing if len(nothing) > FEW else []
    for code, column in draft.items.items():
        if code not in many:
            samples = ", ".join(map(_short, draft.coding.samples[code]))
            yield f"  {code} ← {quote(_short(column))} : {samples or 'rien de son échelle'}"
    if many:
        columns = f"{quote(_short(draft.items[many[0]]))} à {quote(_short(draft.items[many[-1]]))}"
        yield (
            f"  {many[0]} à {many[-1]} ({count(len(many), 'question')}) ← {columns} : "
            "rien de leur échelle"
        )


def _place_lines(draft: Draft) -> Iterator[str]:
    if draft.team:
        yield f"  une seule équipe : {quote(draft.team)}"
    if draft.facility:
        yield f"  établissement : {quote(draft.facility)}"
    elif "facility" not in draft.roles and draft.placed:
        yield (
            "  Aucun établissement n'est nommé : les pages portent à sa place le titre de la "
            'campagne ; --facility "NOM" le nomme'
        )


def _left_out(columns: int) -> str:
    """How columns that name people are announced."""
    return (
        "colonne nominative laissée de côté"
        if columns == 1
        else ("colonnes nominatives laissées de côté")
    )


_KINDS = {"labels": "libellés", "codes": "codes"}


def open_lines(draft: Draft, instrument: Instrument) -> Iterator[str]:
    """What somebody must still say, with the option that says it."""
    yield from (f"  À dire : {line}" for line in _open_columns(draft, instrument))
    if draft.reversed is None:
        yield (
            f"  À dire : --reversed as_worded si les réponses aux items inversés sont "
            f"{SENSES['as_worded']}, already_reversed si elles sont {SENSES['already_reversed']}"
        )
    if draft.control:
        yield f"  À dire, dans campagne.yml : {CURE}"
    for unread in draft.coding.unread:
        codes = ", ".join(f"{code} {meaning}" for code, meaning in unread.meanings.items())
        yield (
            f'  À dire : --answer "TEXTE=CODE" pour {listed(map(quote, map(_short, unread.texts)))}'
            f" ({count(unread.items, 'question')}) ; codes : {codes} ; {EMPTY} {AS_EMPTY}"
        )
    if draft.coding.open:
        shown = [*draft.coding.open[:SHOWN], *(["…"] if len(draft.coding.open) > SHOWN else [])]
        many = count(len(draft.coding.open), "question")
        yield f"  Trop de réponses ne sont pas de l'échelle ({many}) : {', '.join(shown)}"


def _open_columns(draft: Draft, instrument: Instrument) -> Iterator[str]:
    texts = {item.code: item.text for item in instrument.items}
    for code, columns in draft.candidates.items():
        yield f'--column {code}="…", la colonne de {quote(_short(texts[code]))}{_maybe(columns)}'
    if not draft.placed:
        near = _maybe(draft.doubts.get("service", ()))
        yield f'--service "…", ou --team "…" si une seule équipe a répondu{near}'
    for role, columns in draft.doubts.items():
        if role != "service":
            yield f'--{role} "…" si vous voulez cette colonne ({ROLES[role]}){_maybe(columns)}'


def _maybe(columns: tuple[str, ...]) -> str:
    return f" ; peut-être {_either(columns)}" if columns else ""


def _either(columns: tuple[str, ...]) -> str:
    return listed([quote(_short(column)) for column in columns], "ou")


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= WIDTH else f"{shown[: WIDTH - 1]}…"
