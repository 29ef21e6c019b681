"""YAML as people type it: every scalar read as text, each value with its line, nothing guessed."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer, ComposerError
from yaml.resolver import BaseResolver

from qgdr_eval.definitions.syntax import syntax_problem
from qgdr_eval.french import NO_BREAK, quote, typography
from qgdr_eval.problems import Problem, Refused

Path_ = tuple[str | int, ...]
LARGEST = 500_000  # bytes: a definition is written by hand
MOST_LINES = 20_000
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
DEEPEST = 20  # levels: the deepest definition has eight
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass
class Document:
    r"""A YAML file as nested dicts, lists and strings.

    ``lines`` gives the line (1-based) of each value by its path, such as
    ``("items", 3, "code")``. ``problems`` holds what could be read past: duplicate keys and
    control characters.

    >>> document = parse_document("id: essai\nitems:\n  - A\n  - B", "essai.yml")
    >>> document.values, document.line_of(("items", 1))
    ({'id': 'essai', 'items': ['A', 'B']}, 4)
    """

    file: str
    values: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Path_) -> int | None:
        """The line of a value, or of the nearest value that encloses it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def problem(self, path: Path_, place: str, what: str, cure: str) -> Problem:
        """A problem at the line of ``path``, its texts set as French wants."""
        place, what, cure = map(typography, (place, what, cure))
        return Problem(self.file, self.line_of(path), place, what, cure)


class _Composer(Composer, BaseResolver):
    """Composes a file without references, and no deeper than a definition goes."""

    depth = 0

    def __init__(self, parser: Any) -> None:
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self.check_event, self.peek_event = parser.check_event, parser.peek_event
        self.get_event = parser.get_event

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node, refusing references and too deep a nesting."""
        mark = self.peek_event().start_mark
        if self.check_event(yaml.AliasEvent):
            raise ComposerError(None, None, "alias", mark)
        if self.depth == DEEPEST:
            raise ComposerError(None, None, "too deep", mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _compose(text: str) -> yaml.Node | None:
    """The nodes of a YAML text, None when it holds nothing.

    libyaml is some ten times faster and gives the same nodes. What it refuses is read again in
    Python: only the words of that reader tell what to mend, and it reads a few texts more.

    Raises:
        yaml.YAMLError, ValueError: the text is not YAML.
    """
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError, ValueError):
            return _Composer(yaml.CBaseLoader(text)).get_single_node()
    return _Composer(yaml.BaseLoader(text)).get_single_node()


def place(path: Path_) -> str:
    """Say where a value is, from the outside in.

    >>> place(("scales", "accord", "options", 1, "code")).replace(NO_BREAK, " ")
    'scales › accord › options n° 2 › code'
    """
    words = [
        f" n°{NO_BREAK}{step + 1}" if isinstance(step, int) else f" › {cut(step)}" for step in path
    ]
    return "".join(words).removeprefix(" › ")


def cut(text: str) -> str:
    """A text of the file on one line, short enough for a message."""
    line = text.replace("\n", " ")
    return line if len(line) <= 60 else f"{line[:60]}…"


def read_document(path: Path, shown_as: str | None = None) -> Document:
    """Read one YAML file; ``shown_as`` is the name used in messages, the file's own when not given.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "essai.yml")
    ...     _ = path.write_text("id: essai", encoding="utf-8")
    ...     read_document(path).values
    {'id': 'essai'}

    Raises:
        Refused: the file is missing, too large, not UTF-8, not YAML, or uses references
            (``&`` and ``*``), which can make a small file expand without end.
    """
    return parse_document(_read_text(path, shown_as or path.name), shown_as or path.name)


def parse_document(text: str, file: str) -> Document:
    """Read YAML from a text; ``file`` is the name used in messages. Raises `Refused`.

    >>> parse_document("code: 010", "exemple.yml").values
    {'code': '010'}
    """
    document = Document(file)
    try:
        node = _compose(text)
    except (yaml.YAMLError, ValueError) as error:
        raise Refused([syntax_problem(error, text, file)]) from None
    if node is None or _is_empty(node):
        raise _refused(file, "le fichier est vide", "vérifiez que c'est le bon fichier")
    if not isinstance(node, yaml.MappingNode):
        raise _refused(
            file,
            "le fichier doit être une suite de clés",
            "écrivez « clé: valeur » au premier niveau, comme dans un exemple fourni",
        )
    document.values = _value(node, (), document)
    return document


def _refused(file: str, what: str, cure: str, line: int | None = None) -> Refused:
    return Refused([Problem(file, line, "", typography(what), typography(cure))])


def _read_text(path: Path, file: str) -> str:
    if _is_folder(path):
        raise _refused(file, "c'est un dossier, pas un fichier", "indiquez un fichier du dossier")
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for without end
            raise _refused(file, "ce n'est pas un fichier ordinaire", "indiquez un fichier")
        if path.suffix.lower() in WORKBOOKS and path.exists():
            cure = "indiquez le fichier .yml qui le nomme, par exemple campagne.yml"
            raise _refused(file, "c'est un classeur de tableur", cure)
        if path.stat().st_size > LARGEST:
            raise _refused(
                file,
                "le fichier dépasse 500 Ko, trop pour une définition",
                "vérifiez que c'est le bon fichier",
            )
        content = path.read_bytes()
        if content.count(b"\n") > MOST_LINES:
            raise _refused(
                file,
                "le fichier dépasse 20 000 lignes, trop pour une définition",
                "vérifiez que c'est le bon fichier",
            )
        return content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        if not isinstance(error, UnicodeDecodeError):
            raise _refused(
                file, "fichier introuvable ou illisible", f"vérifiez le chemin {quote(path)}"
            ) from None
        raise _refused(
            file,
            "le fichier n'est pas encodé en UTF-8",
            "enregistrez-le en UTF-8 depuis votre éditeur",
            error.object.count(b"\n", 0, error.start) + 1,
        ) from None


def is_file(path: Path) -> bool:
    """Whether a file stands there; none has a name that no system accepts.

    >>> is_file(Path("absent.yml")), is_file(Path("a" * 5000))
    (False, False)
    """
    try:
        return path.is_file()
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name no system accepts
        return False


def _value(node: yaml.Node, path: Path_, document: Document) -> Any:
    document.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, path, document))
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, i), document) for i, child in enumerate(node.value)]
    return _text(node, document)


def _pairs(node: yaml.MappingNode, path: Path_, document: Document) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = _key(key_node, document)
        if key in seen:
            already = "sur cette ligne" if seen[key] == line else f"à la ligne {seen[key]}"
            document.problems.append(
                Problem(
                    document.file,
                    line,
                    place((*path, key)),
                    f"clé déjà donnée {already}",
                    "gardez une seule des deux",
                )
            )
            continue
        seen[key] = line
        if not _is_empty(value_node):
            yield key, _value(value_node, (*path, key), document)
        document.lines[(*path, key)] = line


def _key(node: yaml.Node, document: Document) -> str:
    """A key as text; a list or a mapping cannot be one, and shows as it begins."""
    if isinstance(node, yaml.ScalarNode):
        return _text(node, document).strip()
    return "[…]" if isinstance(node, yaml.SequenceNode) else "{…}"


def _text(node: yaml.Node, document: Document) -> str:
    """A scalar's text, without what an escape such as ``"\\x07"`` can smuggle into reports."""
    if CONTROL.search(node.value):
        document.problems.append(
            Problem(
                document.file,
                node.start_mark.line + 1,
                "",
                "un caractère de contrôle est écrit par son code (\\x…, \\u…)",
                "retirez ce code",
            )
        )
    return CONTROL.sub("", node.value)


def _is_empty(node: yaml.Node) -> bool:
    """``key:`` with nothing behind it counts as a key that was not given."""
    return isinstance(node, yaml.ScalarNode) and node.value == "" and not node.style
