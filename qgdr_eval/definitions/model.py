"""The base of every model a user writes in YAML."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Refuses unknown keys, drops surrounding blanks, cannot be changed after loading.

    >>> class Room(Strict):
    ...     name: str
    >>> Room(name=" Bloc ").name
    'Bloc'

    Raises:
        pydantic.ValidationError: a key is unknown, missing or of another type.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False
    )
