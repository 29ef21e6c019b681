"""Parts of stored results: which rows the page of a service, a facility or a kind may read."""

from dataclasses import dataclass

KINDS = "kinds"  # the frame beside that says of what kind services are


@dataclass(frozen=True)
class Part:
    """A condition on the rows of a stored frame, the values it takes, the facility around.

    ``of_one``: the rows are those of one group.
    """

    where: str
    given: tuple[str, ...]
    facility: str = ""
    of_one: bool = False


def group_part(facility: str, service: str) -> Part:
    """A service, or a total.

    >>> group_part("CH", "Bloc").given
    ('CH', 'Bloc')
    """
    return Part("facility = ? and service = ?", (facility, service), facility, of_one=True)


def facility_part(facility: str) -> Part:
    """A facility: its services and its total.

    >>> facility_part("CH").facility
    'CH'
    """
    # The index of a frame begins with the service.
    own = "service in (select service from participation_frame where facility = ?)"
    return Part(f"facility = ? and {own}", (facility, facility), facility)


def kind_part(kind: str) -> Part:
    """The services of a kind that are shown, whatever their facility; never their total.

    >>> kind_part("Urgences").given
    ('Urgences', 'Urgences')
    """
    shown = (
        f"select kind.facility, kind.service from {KINDS}_frame as kind"
        " join participation_frame as people using (facility, service)"
        " where kind.kind = ? and people.status = 'published'"
    )
    named = f"service in (select service from {KINDS}_frame where kind = ?)"
    return Part(f"{named} and (facility, service) in ({shown})", (kind, kind))
