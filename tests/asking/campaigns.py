"""Campaigns that ask, small and prepared; their cards, and returns sealed as a browser would."""

import re
from dataclasses import dataclass
from pathlib import Path

from qgdr_eval.asking.asked.campaign import Asked, read_asked
from qgdr_eval.asking.asked.inquiry import DROPPED, Inquiry, Live, inquiry_path, load_inquiry
from qgdr_eval.asking.preparing.prepare import prepare
from qgdr_eval.asking.returning.boxes import drop
from qgdr_eval.asking.returning.remarks import remark_content
from qgdr_eval.asking.returning.returned import Return
from qgdr_eval.asking.sealing.keys import groups_of, read_key_file
from qgdr_eval.asking.sealing.seal import Pair
from qgdr_eval.responses.asked import UNSAID

SERVICES = (("CH fictif", "Médecine", 14), ("CH fictif", "Urgences", 12))
CAMPAIGN = """\
id: essai
title: Culture de sécurité 2026
period: novembre 2026
instrument: {instrument}
responses: reponses.csv
services: services.csv
{columns}disclosure: {{minimum: {minimum}}}
asking:
  who: la direction
  why: faire le point
  ground: mission d'intérêt public
  opens: le consultant, à la fin du recueil
  kept: deux ans
  contact: dpo@exemple.fr
{more}"""
CROWD = 5  # returns: the fewest that these campaigns open of a service
CODE = re.compile(r'class="code">([^<]+)<')


@dataclass(frozen=True)
class Ready:
    """A campaign that was prepared. ``codes``: those printed, by service."""

    path: Path
    pair: Pair
    asked: Asked
    inquiry: Inquiry
    codes: dict[str, list[str]]

    @property
    def live(self) -> Live:
        return Live(inquiry_path(self.path, "essai"), self.inquiry)

    @property
    def dropped(self) -> Path:
        return self.path.parent / "recueil" / DROPPED

    def send(self, code, answers, name, stratum="", remark=None, unit=None):
        """Drop what a person sealed."""
        here = unit or self.inquiry.units[0]
        place = ("", "") if self.inquiry.access == "cards" else here.name
        box = self.inquiry.seal.close(Return(code, answers, stratum, place).content())
        more = b""
        if remark is not None:
            content = remark_content("CH fictif", remark, name)
            more = self.inquiry.remark_seal.close(content)
        return drop(self.dropped, f"{name:0>16}", box, more)

    def crowd(self):
        """Five others of each service sent everything blank: what came beside may be opened."""
        stratum = UNSAID if self.asked.asking.classes else ""
        for rank, unit in enumerate(self.inquiry.units):
            strangers = [f"{rank}{at}".rjust(64, "f") for at in range(CROWD)]
            codes = self.codes[unit.service][-CROWD:] if self.codes else strangers
            for at, code in enumerate(codes):
                self.send(code, {}, f"ffff{rank}{at}", stratum, unit=unit)


def write_campaign(
    folder, services=SERVICES, instrument="culture_ehpad", columns="", more="", minimum=5
):
    """The files of a campaign that asks; gives its path."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["Établissement;Service;Effectif", *(";".join(map(str, row)) for row in services)]
    if not services[0][0]:
        lines = [line.split(";", 1)[1] for line in lines]
    (folder / "services.csv").write_text("\n".join(lines), encoding="utf-8")
    text = CAMPAIGN.format(instrument=instrument, columns=columns, more=more, minimum=minimum)
    (folder / "campagne.yml").write_text(text, encoding="utf-8")
    return folder / "campagne.yml"


def typed(key):
    """Who types the paper copy back without a fault."""
    return lambda group: groups_of(read_key_file(key))[int(group.split()[-1]) - 1]


def ready(folder, **told):
    """A campaign prepared in a folder, its key beside."""
    path, key = write_campaign(folder / "c", **told), folder / "cle.txt"
    prepared = prepare(path, folder / "imprimer", key, typed(key))
    sheets = [file for file in prepared.files if file.name.startswith("cartes-")]
    units = prepared.inquiry.units
    codes = {
        unit.service: CODE.findall(sheet.read_text("utf-8"))
        for unit, sheet in zip(units, sheets, strict=bool(sheets))
    } if sheets else {}  # fmt: skip
    inquiry = load_inquiry(inquiry_path(path, "essai"))
    return Ready(path, read_key_file(key), read_asked(path), inquiry, codes)
