"""Commands that people copy: what they type reaches the program as it was meant."""

import re
import shlex
from pathlib import Path

BARE = re.compile(r"[A-Za-z0-9_./:][A-Za-z0-9_./:-]*")  # read as it stands by every shell
UNSAFE = frozenset('"$`\\!%\n')  # characters a shell reads inside double quotes


def argument(text: str | Path) -> str:
    r"""A text, or a path, as one argument of a command; what a shell would read is kept from it.

    A command is shown as it is: French spacing would change what is typed.

    >>> argument("d1"), argument("Bloc 2"), argument("$(ls)"), argument(Path("l'unité/c.yml"))
    ('d1', '"Bloc 2"', "'$(ls)'", '"l\'unité/c.yml"')
    """
    plain = text.as_posix() if isinstance(text, Path) else text
    if UNSAFE & set(plain):
        return shlex.quote(plain)
    return plain if BARE.fullmatch(plain) else f'"{plain}"'
