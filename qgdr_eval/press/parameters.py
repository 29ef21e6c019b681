"""What a notebook's parameters cell declares, and the values one run may give it.

papermill only warns about a parameter that the notebook does not know, then runs it on its own
values: every page of a batch would show the same service. Here it is refused before anything runs.
"""

import ast
import json
import sys
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from qgdr_eval.definitions.source import cut
from qgdr_eval.french import did_you_mean, listed, quote, typography
from qgdr_eval.problems import Problem, Refused, refuse_errors

Value = str | int | float | bool
TAG, INJECTED = "parameters", "injected-parameters"  # the tags papermill looks for
CELL = f"cellule « {TAG} »"
EXPECTED: dict[type, str] = {
    str: "un texte",
    int: "un nombre entier",
    float: "un nombre",
    bool: "oui ou non",
}
ACCEPTED: dict[type, tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    float: (int, float),
    bool: (bool,),
}
BOOLEANS = {"oui": True, "vrai": True, "true": True, "non": False, "faux": False, "false": False}
TYPES = {kind.__name__: kind for kind in EXPECTED}
CURES = {
    str: "donnez un texte, entre guillemets s'il ressemble à un nombre ou à une date",
    int: "donnez un nombre sans virgule, par exemple 3",
    float: "donnez un nombre, par exemple 2,5",
    bool: "donnez oui ou non",
}
AS_IT_IS = (
    "écrivez la valeur telle quelle, sans calcul : un texte entre guillemets, un nombre, "
    "True ou False"
)


@dataclass(frozen=True)
class Parameter:
    """A parameter of a notebook: its type is ``str``, ``int``, ``float`` or ``bool``.

    Without a default (``None``) it must be given. ``line`` counts from 1 inside the cell.

    >>> Parameter("service", str, "", 3).default
    ''
    """

    name: str
    type: type
    default: Value | None
    line: int


def declared_parameters(notebook: Path) -> dict[str, Parameter]:
    """Read the cell tagged ``parameters``, in its order. Nothing of the notebook is run.

    Its lines are ``name = value``, ``name: type = value``, or ``name: type`` for a parameter
    that must be given.

    Raises:
        Refused: the file is not a notebook, has not exactly one such cell, or the cell holds
            anything else.

    >>> from qgdr_eval.shipped import shipped
    >>> list(declared_parameters(shipped("notebooks") / "20_service.ipynb"))
    ['campaign', 'facility', 'service', 'report_date']
    """
    file = notebook.name
    read = [_read_statement(file, statement) for statement in _statements(file, _source(notebook))]
    parameters = [found for found in read if isinstance(found, Parameter)]
    wrong = [found for found in read if isinstance(found, Problem)]
    refuse_errors([*wrong, *_repeated(file, parameters)])
    return {parameter.name: parameter for parameter in parameters}


def settle_parameters(
    notebook: Path, given: Mapping[str, object], required: Collection[str] = ()
) -> dict[str, Value]:
    """The value of every parameter of a notebook for one run: the one given, else its default.

    A text given for a number or a boolean is read as `parse_text` does. ``required`` names what
    the notebook must declare, because the pages of a batch differ by it.

    Raises:
        Refused: with every unknown, missing or ill-typed parameter; or the notebook itself is
            refused, as in `declared_parameters`.

    >>> from qgdr_eval.shipped import shipped
    >>> comparison = shipped("notebooks") / "40_comparaison.ipynb"
    >>> settle_parameters(comparison, {"report_date": "2027-01-31"})
    {'campaign': 'demo', 'report_date': '2027-01-31'}
    """
    file, declared = notebook.name, declared_parameters(notebook)
    settled = {name: _settle(file, parameter, given) for name, parameter in declared.items()}
    refuse_errors(
        [
            *_undeclared(file, declared, required),
            *_unknown(file, declared, [name for name in given if name not in required]),
            *(problem for problem in settled.values() if isinstance(problem, Problem)),
        ]
    )
    return {name: value for name, value in settled.items() if not isinstance(value, Problem)}


def parse_text(text: str, kind: type) -> Value:
    """Read a text, as a command line gives it, as a value of this type.

    Raises:
        ValueError: it cannot be read so.

    >>> parse_text("2,5", float), parse_text("Oui", bool), parse_text("3", str)
    (2.5, True, '3')
    """
    word = text.strip().lower()
    if kind is bool and word not in BOOLEANS:
        raise ValueError(text)
    if kind is bool:
        return BOOLEANS[word]
    return check_value(kind(text.replace(",", ".") if kind is float else text), kind)


def check_value(value: object, kind: type) -> Value:
    """A value of this type as it is; a whole number also stands for a float.

    Raises:
        ValueError: it is of another type (a boolean is no number), infinite or not a number.

    >>> check_value(2, float), check_value(2, int)
    (2.0, 2)
    """
    if isinstance(value, bool) != (kind is bool) or not isinstance(value, ACCEPTED.get(kind, ())):
        raise ValueError(value)
    # Compared, not converted: false for NaN, and no overflow for a whole number beyond any float.
    if isinstance(value, int | float) and kind is float and not abs(value) <= sys.float_info.max:
        raise ValueError(value)
    return kind(value)


def _source(notebook: Path) -> str:
    """The text of the parameters cell."""
    cells = _cells(notebook)
    ranks = [rank for rank, cell in enumerate(cells, start=1) if TAG in _tags(cell)]
    if any(INJECTED in _tags(cell) for cell in cells):
        raise Refused([_already_run(notebook.name)])
    if len(ranks) != 1:
        raise Refused([_not_one(notebook.name, ranks)])
    match cells[ranks[0] - 1]:
        case {"cell_type": "code", "source": str() as source}:
            return source
        case {"cell_type": "code", "source": [*lines]} if all(isinstance(x, str) for x in lines):
            return "".join(lines)
    what = "cette cellule n'est pas une cellule de code"
    cure = "changez-la en cellule de code, ou mettez l'étiquette sur la bonne cellule"
    raise Refused([_fault(notebook.name, what, cure, CELL)])


def _cells(notebook: Path) -> list[object]:
    try:
        if notebook.exists() and not notebook.is_file():  # a pipe would be waited for without end
            raise OSError
        content = json.loads(notebook.read_text(encoding="utf-8"))
    except OSError:
        what, cure = "carnet introuvable ou illisible", "vérifiez son nom et son dossier"
        raise Refused([_fault(notebook.name, what, cure)]) from None
    except (ValueError, RecursionError):
        content = None
    match content:
        case {"cells": [*cells]}:
            return cells
    what = "ce fichier n'est pas un carnet Jupyter"
    cure = "ouvrez-le dans JupyterLab et enregistrez-le, ou repartez d'un carnet du kit"
    raise Refused([_fault(notebook.name, what, cure)])


def _tags(cell: object) -> list[object]:
    match cell:
        case {"metadata": {"tags": [*tags]}}:
            return tags
    return []


def _statements(file: str, source: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "C:\donnees" is read as it is meant
            return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        what = "cette ligne n'est pas du Python correct"
        cure = (
            "écrivez une ligne « nom = valeur » par paramètre, les textes entre guillemets et "
            "les chemins avec « / »"
        )
        line = getattr(error, "lineno", None)
        raise Refused([_fault(file, what, cure, CELL, line)]) from None


def _read_statement(file: str, statement: ast.stmt) -> Parameter | Problem:
    line = statement.lineno
    match statement:
        case ast.Assign([ast.Name(name)], written):
            kind = type(_literal(written))
        case ast.AnnAssign(ast.Name(name), annotation, written):
            if (named := ast.unparse(annotation)) not in TYPES:
                return _other_type(file, name, line, named)
            kind = TYPES[named]
            if written is None or _literal(written) is None:
                return Parameter(name, kind, None, line)
        case _:
            return _other_statement(file, line)
    try:
        return Parameter(name, kind, check_value(_literal(written), kind), line)
    except ValueError:
        return _other_default(file, name, line, kind, ast.unparse(written))


def _literal(written: ast.expr) -> object:
    """The value of a literal; an ellipsis, which no parameter accepts, for anything computed."""
    try:
        return ast.literal_eval(written)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return ...


def _settle(file: str, parameter: Parameter, given: Mapping[str, object]) -> Value | Problem:
    if parameter.name not in given:
        return _missing(file, parameter) if parameter.default is None else parameter.default
    value = given[parameter.name]
    try:
        if isinstance(value, str):
            return parse_text(value, parameter.type)
        return check_value(value, parameter.type)
    except ValueError:
        return _ill_typed(file, parameter, value)


def _unknown(
    file: str, declared: Mapping[str, Parameter], names: Iterable[str]
) -> Iterator[Problem]:
    for name in names:
        if name not in declared:
            cure = did_you_mean(name, declared) if declared else "retirez-le : il n'en a aucun"
            yield _fault(file, "paramètre inconnu de ce carnet", cure, _place(name))


def _undeclared(
    file: str, declared: Mapping[str, Parameter], required: Collection[str]
) -> Iterator[Problem]:
    what = (
        "le carnet ne déclare pas ce paramètre : la valeur voulue resterait sans effet, et chaque "
        "page porterait sur celle du carnet, la même pour toutes"
    )
    free = [name for name in declared if name not in required]
    for name in required:
        if name in declared:
            continue
        cure = f'ajoutez « {name} = "" » à la {CELL}, et servez-vous de ce nom dans les suivantes'
        line = None
        for near in get_close_matches(name, free, n=1):
            cure = f"renommez {quote(near)} en {quote(name)} dans cette cellule et les suivantes"
            line = declared[near].line
        yield _fault(file, what, cure, _place(name), line)


def _repeated(file: str, parameters: Iterable[Parameter]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for parameter in parameters:
        if parameter.name in first:
            what = f"ce paramètre est déjà déclaré à la ligne {first[parameter.name]}"
            cure = "gardez une seule des deux déclarations"
            yield _fault(file, what, cure, _place(parameter.name), parameter.line)
        first.setdefault(parameter.name, parameter.line)


def _already_run(file: str) -> Problem:
    # papermill writes the values in that cell, wherever it stands: the defaults may come after.
    return _fault(
        file,
        f"ce carnet garde la cellule {quote(INJECTED)} d'une exécution précédente",
        "supprimez cette cellule",
    )


def _not_one(file: str, ranks: list[int]) -> Problem:
    if not ranks:
        what = f"aucune cellule ne porte l'étiquette {quote(TAG)}"
        cure = "donnez cette étiquette (tag) à la cellule qui fixe les paramètres"
        return _fault(file, what, cure)
    what = (
        f"les cellules {listed(map(str, ranks))} portent toutes l'étiquette {quote(TAG)} : la "
        "dernière effacerait les valeurs données"
    )
    return _fault(file, what, "réunissez les paramètres dans une seule cellule")


def _other_statement(file: str, line: int) -> Problem:
    what = "cette ligne ne déclare pas un paramètre"
    cure = "gardez des lignes « nom = valeur » ; mettez le reste dans une cellule suivante"
    return _fault(file, what, cure, CELL, line)


def _other_type(file: str, name: str, line: int, named: str) -> Problem:
    what = f"type {quote(cut(named))} non admis"
    return _fault(file, what, "écrivez str, int, float ou bool", _place(name), line)


def _other_default(file: str, name: str, line: int, kind: type, written: str) -> Problem:
    if kind is type(None):
        what = "« None » ne dit pas quel type de valeur donner"
        cure = f"annoncez-le, par exemple {quote(f'{name}: str = None')}"
        return _fault(file, what, cure, _place(name), line)
    expected = EXPECTED.get(kind, "un texte, un nombre, True ou False")
    what = f"valeur par défaut {quote(cut(written))} refusée ; attendu : {expected}"
    return _fault(file, what, AS_IT_IS, _place(name), line)


def _missing(file: str, parameter: Parameter) -> Problem:
    what = "valeur manquante : le carnet n'en propose pas"
    cure = f"donnez-la ({EXPECTED[parameter.type]}), ou écrivez-en une dans le carnet"
    return _fault(file, what, cure, _place(parameter.name), parameter.line)


def _ill_typed(file: str, parameter: Parameter, value: object) -> Problem:
    text = "" if value is None else cut(str(value).strip())
    shown = quote(text) if text else "vide"
    what = f"valeur {shown} refusée ; attendu : {EXPECTED[parameter.type]}"
    return _fault(file, what, CURES[parameter.type], _place(parameter.name), parameter.line)


def _place(name: object) -> str:
    return f"paramètre {quote(name)}"


def _fault(file: str, what: str, cure: str, place: str = "", line: int | None = None) -> Problem:
    return Problem(file, line, typography(place), typography(what), typography(cure))
