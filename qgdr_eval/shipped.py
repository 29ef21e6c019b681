"""Where the questionnaires and notebooks that come with the kit are found."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """The shipped ``questionnaires`` or ``notebooks``: in an installed wheel, else the checkout.

    >>> shipped("questionnaires").name
    'questionnaires'
    """
    installed = PACKAGE / "_shared" / folder
    return installed if installed.is_dir() else PACKAGE.parent / folder
