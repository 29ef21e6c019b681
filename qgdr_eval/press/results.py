"""The work all pages share, done once: answers read, scored, published, compared, stored."""

from pathlib import Path

from qgdr_eval.disclosure import open_card
from qgdr_eval.fingerprint import of_file
from qgdr_eval.press.folder import PROGRAMME, RESULTS, SCORES, refuse_others
from qgdr_eval.press.kit import kit_fingerprints, versions
from qgdr_eval.press.ledger import Head, read_head
from qgdr_eval.press.workers import Died, Workers
from qgdr_eval.problems import Problem, Refused
from qgdr_eval.reporting.campaigns import store_campaign
from qgdr_eval.reporting.scores_file import export_scores
from qgdr_eval.reporting.sources import campaign_sources
from qgdr_eval.responses import load_campaign


def settle_results(campaign: Path, out: Path, workers: Workers, *, again: bool) -> Head:
    """Have the campaign's results in the folder, and say what they are made from.

    They are made by one worker, unless they stand there from the same files and the same kit;
    ``again``: all the same.

    Raises:
        Refused: the campaign cannot be read, or the folder holds another one's reports. Nothing
            in the folder has changed then.
    """
    sources, kit, earlier = source_fingerprints(campaign), kit_fingerprints(), read_head(out)
    made_from = sources, kit, result_fingerprints(out)
    if again or not earlier or (earlier.sources, earlier.kit, earlier.files) != made_from:
        _store(campaign, out, workers)
    return Head(open_card(out / RESULTS).id, kit, versions(), sources, result_fingerprints(out))


def _store(campaign: Path, out: Path, workers: Workers) -> None:
    try:
        workers.alone(store_results, (campaign.absolute(), out.absolute()))
    except Died:
        what = "le processus qui calculait les résultats s'est arrêté"
        cure = "libérez de la mémoire, puis relancez la même commande"
        raise Refused([Problem(campaign.name, None, "", what, cure)]) from None


def store_results(where: tuple[Path, Path]) -> None:
    """Publish the campaign of a file into a folder: the results pages are made from, the scores."""
    campaign, out = where
    refuse_mixing(out, load_campaign(campaign).id)
    (out / RESULTS).parent.mkdir(parents=True, exist_ok=True)
    published = store_campaign(str(campaign), out / RESULTS)
    export_scores(published, out / SCORES)


def refuse_mixing(out: Path, campaign: str) -> None:
    """Raise `Refused` when a folder holds the reports of another campaign, or of a programme."""
    if (out / PROGRAMME).is_file() and (held := read_head(out)):
        raise refuse_others(out, "d'un programme", held.campaign)
    try:
        earlier = open_card(out / RESULTS).id
    except Refused:  # nothing there, or not ours to keep
        return
    if earlier != campaign:
        raise refuse_others(out, "d'une autre campagne", earlier)


def source_fingerprints(campaign: Path) -> dict[str, str]:
    """Fingerprints of the files a campaign is read from, those of the campaigns it names too."""
    return fingerprints_of(campaign_sources(campaign))


def result_fingerprints(out: Path) -> dict[str, str]:
    """Fingerprints of the stored results and scores of a folder, of those that are there."""
    return fingerprints_of({name: out / name for name in (RESULTS, SCORES)})


def fingerprints_of(files: dict[str, Path]) -> dict[str, str]:
    """Fingerprints of files by their names, of those that are there."""
    return {name: of_file(path) for name, path in files.items() if path.is_file()}
