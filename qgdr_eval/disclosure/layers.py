"""What the attacker is handed: the publications of a campaign, and where each return is in them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from qgdr_eval.disclosure.figures import Place, frame_of
from qgdr_eval.disclosure.publish import Read
from qgdr_eval.disclosure.published import Published
from qgdr_eval.disclosure.register import Register, Table
from qgdr_eval.disclosure.sight import ABSENT, PLACE, Group, Layer

UNKNOWN = "?"  # the service of a return that only a facility shows


def layer_alone(read: Read, published: Published) -> Layer:
    """A publication that none came before."""
    places = read.answers.responses[PLACE].astype(str).itertuples(index=False, name=None)
    return _layer(
        published,
        [(*place, name) for place, name in zip(places, strata_in_file(read), strict=True)],
    )


def strata_in_file(read: Read) -> list[str]:
    """The stratum of each row of the answers, as figures name it; "" where none was asked for."""
    variables = list(read.campaign.columns.strata)
    if not variables:
        return [""] * len(read.answers.responses)
    values = read.answers.responses[variables[0]].astype(object)
    return [f"{variables[0]}={name}" for name in values.where(values.notna(), "").astype(str)]


def layer_now(
    published: Published,
    shown: Sequence[Place | None],
    counted: Sequence[Place | None],
    strata: Sequence[str],
    apart: Sequence[Place],
) -> Layer:
    """The publication that is about to leave.

    Args:
        published: its results.
        shown: the cell of the register that each return is in, None for none.
        counted: the service that it counts in, None for those that are gone.
        strata: its stratum, "" where that is not known.
        apart: places whose figures are those of an earlier publication.
    """
    known = [here if here and (not cell or not cell[1]) else cell
             for cell, here in zip(shown, counted, strict=True)]  # fmt: skip
    return _layer(published, _groups(known, strata), apart)


def layer_before(
    like: Published,
    figures: Mapping[str, Table],
    shown: Sequence[Place | None],
    strata: Sequence[str],
) -> Layer:
    """An earlier publication, from the register; ``like``: one whose frames have its columns."""
    frames = {
        name: frame_of(figures[name], getattr(like, name)) for name in ("scores", "distributions")
    }
    return _made(frames["scores"], frames["distributions"], _groups(shown, strata))


def names_of_marks(register: Register, published: Published) -> dict[str, str]:
    """The stratum behind each print of one, wherever a publication showed it."""
    tables = [publication.figures["scores"] for publication in register.publications]
    frames = [pd.DataFrame(list(table.rows), columns=list(table.columns)) for table in tables]
    columns = [*PLACE, "stratum"]
    rows = pd.concat([frame[columns].astype(str) for frame in (*frames, published.scores)])
    rows = rows[rows["stratum"] != ""].drop_duplicates()
    return {register.key.of(*row): row[-1] for row in rows.itertuples(index=False, name=None)}


def _groups(places: Sequence[Place | None], strata: Sequence[str]) -> list[Group | None]:
    return [place and (place[0], place[1] or UNKNOWN, stratum)
            for place, stratum in zip(places, strata, strict=True)]  # fmt: skip


def _layer(published: Published, of: Sequence[Group | None], apart: Sequence[Place] = ()) -> Layer:
    return _made(published.scores, published.distributions, of, apart)


def _made(
    scores: pd.DataFrame,
    distributions: pd.DataFrame,
    of: Sequence[Group | None],
    apart: Sequence[Place] = (),
) -> Layer:
    groups = tuple(dict.fromkeys(group for group in of if group))
    ranks: dict[Group | None, int] = {group: rank for rank, group in enumerate(groups)}
    where = np.array([ranks.get(group, ABSENT) for group in of], dtype=np.intp)
    return Layer(scores, distributions, groups, where, frozenset(apart))
