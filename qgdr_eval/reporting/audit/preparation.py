"""Before an audit: how many records, which ones, and the grid to fill."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from qgdr_eval.french import count, number, percent, typography
from qgdr_eval.instruments import Instrument
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.page.fragment import NOTHING, Fragment, Table, render
from qgdr_eval.responses.draw import draw_records
from qgdr_eval.responses.grids import write_grid
from qgdr_eval.scoring.sampling import conclusive_counts, half_width
from qgdr_eval.tables.faults import fault
from qgdr_eval.tables.file import TableFile
from qgdr_eval.tables.read import read_table

SIZES = (10, 20, 30, 40, 60, 80, 100)
COLUMNS = {"Établissement": "facility", "Service": "service", "Dossier": "subject"}
WORST = 50.0  # %, the share that is hardest to know


def sample_sizes(target: float = 80, population: int = 0, sizes: Iterable[int] = SIZES) -> Fragment:
    """What each number of records can conclude against a target, and how precise it is.

    ``population``: records the draw is made from, when only these matter; 0: practice beyond them.

    ``target``: in %. ``sizes``: numbers of records, one row each. The precision is half of Wilson's
    interval at 95 % where the share is hardest to know, 50 %. With ten records, even ten out of ten
    leaves 72 % possible (Wilson, 10 ÷ (10 + 1.96²)): nothing shows that 80 % is passed.

    >>> "jamais" in sample_sizes(80, sizes=[10]).html
    True
    """
    known = population or None
    rows = [_size_row(n, target, known) for n in sizes if not known or n <= known]
    return render("audit/sizes", table=_sizes_table(rows, target), population=population)


def _sizes_table(rows: list[tuple[str, ...]], target: float) -> Table:
    goal = percent(target)
    columns = ("Dossiers", f"Au-dessus de {goal}", f"Au-dessous de {goal}", "Précision")
    return Table("Ce qu'un nombre de dossiers permet de conclure", columns, rows)


def _size_row(n: int, target: float, population: int | None) -> tuple[str, ...]:
    counts = conclusive_counts(n, target, population)
    above = "jamais" if counts.fewest_above is None else f"dès {counts.fewest_above} conformes"
    below = "jamais" if counts.most_below is None else f"jusqu'à {counts.most_below} conformes"
    near = number(float(half_width(n, WORST, population)))
    return number(n), above, below, f"± {near} points"


def draw(records: str, n: int, seed: int, by_service: bool = False) -> pd.DataFrame:
    r"""Draw ``n`` records of a list file, the same ones for the same seed, in the order drawn.

    The file has a column « Dossier », and « Service » and « Établissement » when the list covers
    several. ``by_service``: in each service in proportion to its records. The frame has the columns
    ``facility`` and ``service`` where the file has them, and ``subject``. Empty when no file is
    named.

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "dossiers.csv")
    ...     _ = path.write_text("Dossier;Service\nD1;A\nD2;A\nD3;A\n", encoding="utf-8")
    ...     first, again = draw(str(path), 2, seed=5), draw(str(path), 2, seed=5)
    >>> len(first), first.equals(again)
    (2, True)

    Raises:
        Refused: the file cannot be read, has no such column, or holds too few records or twice
            the same one.
    """
    if not records:
        return pd.DataFrame(columns=list(COLUMNS.values()))
    table = read_table(TableFile(file=Path(records).name), Path(records).parent)
    if "Dossier" not in table.frame:
        what = "aucune colonne « Dossier »"
        raise Refused([fault(table.file, what, "nommez ainsi la colonne des numéros de dossier")])
    known = {name: key for name, key in COLUMNS.items() if name in table.frame}
    listed = table.frame[list(known)].rename(columns=known).astype(str)
    return draw_records(listed, n, seed, by="service" if by_service else None)


def drawn(records: pd.DataFrame, seed: int) -> Fragment:
    """The records drawn, in the order to read them.

    ``records``: as `draw` gives them. ``seed``: printed, so that the draw can be made again.
    Nothing when no record was drawn.

    >>> import pandas as pd
    >>> "D02" in drawn(pd.DataFrame({"subject": ["D02"]}), seed=5).html
    True
    """
    if records.empty:
        return NOTHING
    names = {key: name for name, key in COLUMNS.items() if key in records}
    rows = [(number(rank), *row) for rank, row in enumerate(
        records[list(names)].itertuples(index=False, name=None), start=1)]  # fmt: skip
    title = f"{count(len(rows), 'dossier tiré', 'dossiers tirés')} au sort, graine {seed}"
    return render("audit/drawn", table=Table(title, ("Ordre", *names.values()), rows, (0, 1, 2)))


def prepare_grid(instrument: Instrument, records: pd.DataFrame, path: str) -> str | None:
    """Write the grid to fill for the records drawn, and say where; None when no path is given.

    ``records``: as `draw` gives them; none leaves thirty empty rows. ``path``: an XLSX file.

    >>> import pathlib, tempfile
    >>> import pandas as pd
    >>> from qgdr_eval.instruments import load_instrument
    >>> hands = load_instrument("epp_hygiene_mains")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "grille.xlsx")
    ...     said = prepare_grid(hands, pd.DataFrame({"subject": ["D02"]}), str(path))
    ...     path.exists(), said.endswith("grille.xlsx")
    (True, True)

    Raises:
        Refused: a file of that name is already there.
    """
    if not path:
        return None
    columns = records[[key for key in COLUMNS.values() if key in records]]
    write_grid(instrument, Path(path), columns.to_dict("records") or 30)
    return typography(f"Grille à remplir : {Path(path).name}")
