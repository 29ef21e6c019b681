"""An audit says what its rows are: opportunities, measures, persons, never « dossiers » instead."""

import re
from pathlib import Path

import pandas as pd
import pytest

from qgdr_eval.editions.parts import MEASURED, take
from qgdr_eval.instruments import Instrument, Item, load_instrument
from qgdr_eval.reporting import audit, one_facility, open_campaign, open_report, side_by_side
from qgdr_eval.reporting.report import open_facility_report
from qgdr_eval.shipped import shipped
from tests.reading import plain

NAMED = [
    name
    for name in sorted(path.name for path in shipped("questionnaires").iterdir() if path.is_dir())
    if load_instrument(name).unit is not None
]
OF_CASES = ("masthead", "message", "looks", "next_steps", "overall", "profile", "criteria",
            "reference", "since", "limits", "participation", "opened", "annex")  # fmt: skip
TOGETHER = ("message", "heatmap", "how_to_read", "totals", "participation")
FACILITY = ("message", "board", "total", "limits", "participation", "attestation")
CASES = 24


def campaign(folder: Path, asked: Instrument) -> str:
    """Two services; one criterion in three is not met by one case in four, some are missing."""

    def code(item: Item, rank: int, case: int) -> str:
        options = [option.code for option in asked.scale_of(item).options]
        return str(options[0] if rank % 3 == 0 and case % 4 == 0 else options[-1])

    rows = [
        {"Cas": f"{service}{case}", "Service": service}
        | {
            item.code: "" if (rank + case) % 19 == 5 else code(item, rank, case)
            for rank, item in enumerate(asked.items)
        }
        for service in ("Médecine", "Chirurgie")
        for case in range(CASES)
    ]
    pd.DataFrame(rows).to_csv(folder / "cas.csv", sep=";", index=False)
    text = (
        "id: {id}\ntitle: Audit\nperiod: mars 2026\nresponses: cas.csv\n"
        f"instrument: {asked.id}\ncolumns: {{{{service: Service, subject: Cas}}}}\n"
        "services:\n  - {{service: Médecine, population: 90}}\n  - {{service: Chirurgie}}\n"
        "coding: {{reversed: as_worded}}\n"
    )
    (folder / "avant.yml").write_text(text.format(id="avant"), encoding="utf-8")
    now = text.format(id="maintenant") + "earlier: avant.yml\n"
    (folder / "campagne.yml").write_text(now, encoding="utf-8")
    return str(folder / "campagne.yml")


def own_words(asked: Instrument) -> list[str]:
    """What the instrument itself says of records, in the same typography as a page."""
    texts = [asked.title, asked.source, asked.licence, asked.caution or "", *asked.notes]
    for one in asked.dimensions:
        texts += [one.label, one.definition, one.when_weak or "", *one.levers, *one.resources]
    return [plain(text) for text in texts + [item.text for item in asked.items] if text]


def said(asked: Instrument, pieces: list[object]) -> str:
    """All words, drawn and said in alternatives too, without those of the instrument."""
    text = plain(" ".join(re.sub(r"<[^>]+>", " ", str(piece)) for piece in pieces))
    attributes = [re.findall(r'(?:aria-label|alt|title)="([^"]*)"', str(piece)) for piece in pieces]
    text += plain(" ".join(word for found in attributes for word in found))
    text = " ".join(text.split())  # a name wrapped on a figure is one name
    for own in sorted(own_words(asked), key=len, reverse=True):
        text = text.replace(own, " ").replace(own.rstrip("."), " ")
    return text


@pytest.mark.parametrize("name", NAMED)
def test_no_page_nor_edition_says_records_where_the_instrument_says_otherwise(
    tmp_path: Path, name: str
) -> None:
    asked = load_instrument(name)
    file = campaign(tmp_path, asked)
    report, whole = open_report(file, service="Médecine"), open_campaign(file)
    facility = open_facility_report(file)
    dated = {"masthead": ("2026-11-16",)}
    pieces: list[object] = [
        getattr(page, section)(opened, *dated.get(section, ()))
        for page, opened, sections in (
            (audit, report, OF_CASES),
            (side_by_side, whole, TOGETHER),
            (one_facility, facility, FACILITY),
        )
        for section in sections
    ]
    pieces += [take(report, part, {}) for part in MEASURED if part != "blocks"]
    text = said(asked, pieces)
    assert asked.unit is not None
    assert plain(asked.unit.many) in text
    assert re.findall(r".{60}(?<!dimension&#32;)[Dd]ossiers?\b(?! » de la liste).{30}", text) == []
