"""The work all pages share, done once: answers read, scored, published, compared, stored."""

from collections.abc import Callable
from pathlib import Path

from qgdr_eval.campaigns.results import Purpose, store_campaign
from qgdr_eval.campaigns.sources import campaign_sources
from qgdr_eval.disclosure import open_card
from qgdr_eval.press.folder import PROGRAMME, RESULTS, SCORES, refuse_others
from qgdr_eval.press.keyed import fingerprint_sources, fingerprints_of
from qgdr_eval.press.kit import kit_fingerprints, versions
from qgdr_eval.press.ledger import Head, read_head
from qgdr_eval.press.workers import Died, Workers
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.registered import notices
from qgdr_eval.reporting.scores_file import export_scores
from qgdr_eval.responses import load_campaign

Announce = Callable[[str], object]


def say_nothing(notice: str) -> None:
    """Announce nothing."""


def settle_results(
    campaign: Path,
    out: Path,
    workers: Workers,
    *,
    again: bool,
    day: str = "",
    draft: bool = False,
    announce: Announce = say_nothing,
) -> Head:
    """Have the campaign's results in the folder, and say what they are made from.

    They are made by one worker, unless they stand there from the same files, publications and kit;
    ``again``: all the same. ``announce`` is told of publications that ``day`` registers, a
    ``draft`` registers none.

    Raises:
        Refused: the campaign cannot be read, or the folder holds another one's reports. Nothing
            in the folder has changed then.
    """
    sources, kit, earlier = source_fingerprints(campaign), kit_fingerprints(), read_head(out)
    made_from = sources, kit, result_fingerprints(out)
    stands = earlier and (earlier.sources, earlier.kit, earlier.files) == made_from
    if again or not stands or open_card(out / RESULTS).draft != draft:
        purpose = Purpose(draft=draft, day=day, known=_known(campaign, out))
        for notice in _store(campaign, out, purpose, workers):
            announce(notice)
        sources = source_fingerprints(campaign)  # the register may have a line more
    return Head(open_card(out / RESULTS).id, kit, versions(), sources, result_fingerprints(out))


def _known(campaign: Path, out: Path) -> int:
    """The rank of the last publication that a folder of reports knows of, 0 when of none."""
    known = read_head(out)
    if known is None or known.campaign != load_campaign(campaign).id:
        return 0
    rank = known.sources.get("publications", "").partition(":")[0]
    return int(rank) if rank.isdigit() else 0


def _store(campaign: Path, out: Path, purpose: Purpose, workers: Workers) -> list[str]:
    try:
        stored: list[str] = workers.alone(
            store_results, (campaign.absolute(), out.absolute(), purpose)
        )
        return stored
    except Died:
        what = "le processus qui calculait les résultats s'est arrêté"
        cure = "libérez de la mémoire, puis relancez la même commande"
        raise Refused([Problem(campaign.name, None, "", what, cure)]) from None


def store_results(wanted: tuple[Path, Path, Purpose]) -> list[str]:
    """Publish the campaign of a file into a folder: the results pages are made from, the scores.

    Returns what the registers of publications were told, in French.
    """
    campaign, out, purpose = wanted
    refuse_mixing(out, load_campaign(campaign).id)
    (out / RESULTS).parent.mkdir(parents=True, exist_ok=True)
    rounds = store_campaign(str(campaign), out / RESULTS, purpose)
    export_scores(rounds.published, out / SCORES)
    return list(notices(rounds, campaign))


def refuse_mixing(out: Path, campaign: str) -> None:
    """Raise `Refused` when a folder holds the reports of another campaign, or of a programme."""
    if (out / PROGRAMME).is_file() and (printed := read_head(out)):
        raise refuse_others(out, "d'un programme", printed.campaign)
    try:
        earlier = open_card(out / RESULTS).id
    except Refused:  # nothing there, or not ours to keep
        return
    if earlier != campaign:
        raise refuse_others(out, "d'une autre campagne", earlier)


def source_fingerprints(campaign: Path) -> dict[str, str]:
    """Fingerprints of the files a campaign is read from, those of the campaigns it names too.

    Those of answers are keyed, see `fingerprint_sources`.
    """
    return fingerprint_sources(campaign_sources(campaign))


def result_fingerprints(out: Path) -> dict[str, str]:
    """Fingerprints of the stored results and scores of a folder, of those that are there."""
    return fingerprints_of({name: out / name for name in (RESULTS, SCORES)})
