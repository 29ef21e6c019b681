"""A publication and its register: what is known of it, what must be told before it is shown."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from qgdr_eval.disclosure.layers import layer_alone
from qgdr_eval.disclosure.publish import Read
from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.register import Event, Publication, Register, append, open_register
from qgdr_eval.disclosure.settle import Held, settle
from qgdr_eval.disclosure.sight import Layer
from qgdr_eval.disclosure.withstood import withstand


@dataclass(frozen=True)
class Registration:
    """What the register of one campaign knows of its figures.

    ``lines``: what it must be told before they are shown, nothing when it knows them; ``held``:
    services that keep earlier figures.
    """

    register: Register
    lines: tuple[Publication | Event, ...]
    held: tuple[Held, ...]

    def write(self) -> bool:
        """Tell the register; false when another command changed it meanwhile.

        Raises:
            Refused: nothing can be written beside the campaign.
        """
        return not self.lines or append(self.register, list(self.lines))


def publish_beside(
    read: Read, folder: Path, day: str = "", known: int = 0
) -> tuple[Published, tuple[Registration, ...]]:
    """Publish a campaign of a folder beside its earlier publications.

    Only answers of people have a register; see `publish_alone` for ``day`` and ``known``.

    Raises:
        Refused: the register cannot be used; what is hidden would be given back.
    """
    if not read.instrument.of_people:
        published = read.publish()
        return _withstood(read, published, lambda: [layer_alone(read, published)]), ()
    today = day or datetime.date.today().isoformat()
    register = open_register(folder, read.campaign.id)
    lost = [Event(known, today, "lost")] if known > register.rank else []
    believed = replace(register, events=(*register.events, *lost))
    settled = settle(read, believed, today)
    made = [settled.publication] if settled.publication else []
    registration = Registration(register, (*lost, *made), settled.held)
    return _withstood(read, settled.published, settled.layers), (registration,)


def _withstood(
    read: Read, published: Published, layers: Callable[[], Iterable[Layer]]
) -> Published:
    """The same results; attacked first, where the campaign asks for it."""
    return withstand(published, tuple(layers())) if read.campaign.disclosure.attack else published


def as_draft(published: Published) -> Published:
    """The same results, said to be a draft."""
    return replace(published, card=replace(published.card, draft=True))
