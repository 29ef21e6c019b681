"""The opening key: a file and a paper copy, for who opens the answers, and for nobody else."""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from qgdr_eval.asking.sealing.seal import Pair, pair_of
from qgdr_eval.french import count, listed, quote, typography
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.writing import Unwritable

FIRST_LINE = "qgdr-cle 1"  # what a key file begins with: it is recognised wherever it lies
DIGITS, GROUP = 64, 4  # hexadecimal digits of a key, written four by four
GROUPS = DIGITS // GROUP + 1  # one more checks the others
TYPED_BACK = (3, 11, 17)  # groups of the paper copy that are typed back, from 1
TEXT = """\
{first}
Clé d'ouverture des réponses de la campagne « {campaign} ».
Sans elle, les réponses ne peuvent plus être lues par personne : imprimez ou recopiez cette page,
et gardez-la ailleurs que sur l'ordinateur où les réponses arrivent.

{groups}
"""

TypeBack = Callable[[str], str]
"""Asks somebody for a group of the paper copy; gives what was typed."""


def groups_of(pair: Pair) -> list[str]:
    """A private key as it is written down: 16 groups of four digits, and one that checks them.

    >>> groups_of(pair_of(1))[15], len(groups_of(pair_of(1)))
    ('0001', 17)
    """
    digits = pair.private.hex().upper()
    return [*(digits[at : at + GROUP] for at in range(0, DIGITS, GROUP)), _check(digits)]


def read_groups(text: str) -> Pair:
    """The key of a text: its groups in their order, with or without their numbers.

    >>> read_groups(" ".join(groups_of(pair_of(1)))) == pair_of(1)
    True

    Raises:
        Refused: a group is missing or mistyped.
    """
    groups = re.findall(rf"(?<![\w.])[0-9A-Fa-f]{{{GROUP}}}(?![\w.])", text)
    digits = "".join(groups[: GROUPS - 1]).upper()
    try:
        if len(groups) != GROUPS or groups[-1].upper() != _check(digits):
            raise ValueError
        return pair_of(int(digits, 16))
    except ValueError:
        what = "ce n'est pas une clé d'ouverture, ou elle est mal recopiée"
        cure = f"donnez ses {GROUPS} groupes de {GROUP} caractères (0 à 9, A à F), dans l'ordre"
        raise Refused([Problem("clé", None, "", typography(what), typography(cure))]) from None


def read_key_file(path: Path) -> Pair:
    """The key of a file.

    Raises:
        Refused: it cannot be read, or is no key file.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError):
        what, cure = "cette clé ne peut pas être lue", "vérifiez son nom, ou tapez la copie papier"
        raise Refused([Problem(str(path), None, "", what, cure)]) from None
    return read_groups(text.partition("\n\n")[2] if text.startswith(FIRST_LINE) else text)


def write_key_file(path: Path, campaign: str, pair: Pair) -> None:
    """Keep the key, for its owner alone; never in the place of another.

    Raises:
        Refused: a file of that name exists.
        Unwritable: the disk does not take it.
    """
    text = TEXT.format(first=FIRST_LINE, campaign=campaign, groups=_numbered(groups_of(pair)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError:
        what = "ce fichier existe déjà : il tient peut-être la clé d'une autre campagne"
        raise Refused(
            [Problem(str(path), None, "", typography(what), "choisissez un autre nom")]
        ) from None
    except OSError as error:
        raise Unwritable(path, error) from None


def refuse_untyped(pair: Pair, type_back: TypeBack) -> None:
    """Have the paper copy typed back in part: a key that was never copied is a lost campaign.

    A group that differs is asked for once more: it was perhaps read or typed badly.

    Raises:
        Refused: what is typed is not what is written.
    """
    groups = groups_of(pair)
    wrong = [rank for rank in TYPED_BACK if not _is_typed(rank, groups[rank - 1], type_back)]
    if wrong:
        which = count(len(wrong), "groupe ne correspond", "groupes ne correspondent").strip()
        what = f"{which} pas à la clé ({listed(map(str, wrong))}) : rien n'est préparé"
        cure = (
            "relancez la commande : elle écrira une autre clé, à recopier en entier ; une clé "
            "perdue, c'est une campagne perdue"
        )
        raise Refused([Problem("clé", None, "", typography(what), typography(cure))])


def _is_typed(rank: int, group: str, type_back: TypeBack) -> bool:
    asked = (f"groupe {rank}", f"ce n'est pas celui de la clé ; relisez-le, puis groupe {rank}")
    return any(type_back(words).strip().upper() == group for words in asked)


def key_files_under(folders: Sequence[Path]) -> list[Path]:
    """Files of these folders that hold an opening key, whatever their name."""
    return [
        path
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _begins_as_a_key(path)
    ]


def refuse_key_inside(path: Path, folder: Path) -> None:
    """Refuse a key kept with what it opens.

    Raises:
        Refused: ``path`` is in ``folder``.
    """
    if path.resolve().is_relative_to(folder.resolve()):
        what = f"la clé serait gardée avec ce qu'elle ouvre, dans {quote(folder)}"
        cure = (
            "écrivez-la sur une clé USB, ou dans un dossier que vous seul ouvrez ; pour la garder "
            "ici tout de même, ajoutez --key-here"
        )
        raise Refused([Problem(str(path), None, "", typography(what), typography(cure))])


def _begins_as_a_key(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(FIRST_LINE)) == FIRST_LINE.encode()
    except OSError:
        return False


def _check(digits: str) -> str:
    return hashlib.sha256(digits.encode()).hexdigest()[:GROUP].upper()


def _numbered(groups: list[str]) -> str:
    """Groups under each other, four a line, each after its number."""
    written = [f"{rank:>2}. {group}" for rank, group in enumerate(groups, start=1)]
    return "\n".join("   ".join(written[at : at + 4]) for at in range(0, GROUPS, 4))
