"""The register beside a campaign: written before the first file, never handed out, never a trap."""

import hashlib
import json
import os
import re
from pathlib import Path

import pandas as pd
import pytest

from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.campaigns.results import DRAFT, PUBLISH, Purpose, publish_campaign
from qgdr_eval.campaigns.rounds import publish_rounds
from qgdr_eval.checking.check import check_path
from qgdr_eval.cli.group import cli
from qgdr_eval.comparison.rounds import compare_rounds
from qgdr_eval.disclosure.register import LINE, append, open_register
from qgdr_eval.disclosure.registration import publish_beside
from qgdr_eval.press import print_programme, verify_folder
from qgdr_eval.press.folder import RESULTS, SCORES
from qgdr_eval.press.ledger import read_head
from qgdr_eval.press.results import store_results
from qgdr_eval.press.retract import retract_last
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import open_report, opened
from tests.press.campaigns import Small, read_folder, read_rows, write_rows, write_small
from tests.reading import plain

WARD = ("Hôpital fictif A", "Médecine")
SERVICES = ((*WARD, 30, 14), ("Hôpital fictif A", "Chirurgie", 20, 12))


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return write_small(tmp_path / "campagne", SERVICES)


def register(small: Small):
    return open_register(small.folder, "petite")


def publish(small: Small, purpose: Purpose = PUBLISH):
    return publish_campaign(str(small.file), purpose).published


def arrive(small: Small, codes: str = "5511") -> None:
    """One return more in the ward."""
    rows = read_rows(small.folder / "reponses.csv")
    write_rows(small.folder / "reponses.csv", [*rows, [f"tardif {len(rows)}", *WARD, *codes]])


def leave(small: Small) -> None:
    """The first return of the ward is erased."""
    rows = read_rows(small.folder / "reponses.csv")
    write_rows(small.folder / "reponses.csv", [rows[0], *rows[2:]])


def respondents(published) -> list[float]:
    return published.participation["n"].tolist()


def run(*arguments: object) -> int | None:
    return cli.main([str(one) for one in arguments], prog_name="qgdr", standalone_mode=False)


def test_scores_are_registered_before_they_are_written(small, tmp_path, capsys):
    out = tmp_path / "scores.csv"
    assert run("score", small.file, "--out", out) == 0
    said = capsys.readouterr().out
    assert "Publication enregistrée dans publications/petite.jsonl" in said
    assert "--draft" in said
    before = out.read_text("utf-8")
    arrive(small)
    assert run("score", small.file, "--out", tmp_path / "encore.csv") == 0
    assert (tmp_path / "encore.csv").read_text("utf-8") == before
    said = capsys.readouterr().out
    assert "1\u00a0réponse arrivée depuis la publication" in said
    assert "Publication enregistrée" not in said


def test_no_file_is_written_where_nothing_can_be_registered(small, tmp_path):
    (small.folder / "publications").write_text("pas un dossier", encoding="utf-8")
    out = tmp_path / "rapports"
    with pytest.raises(Refused, match="--draft"):
        store_results((small.file, out, PUBLISH))
    assert not (out / RESULTS).exists()
    assert not (out / SCORES).exists()
    assert publish(small, DRAFT).card.draft


def test_scores_that_cannot_be_written_publish_nothing(small, tmp_path):
    """A folder bears the name of the file: no publication for a file that nobody receives."""
    (tmp_path / "scores.csv.part").mkdir()
    with pytest.raises(Refused, match="un dossier porte ce nom"):
        run("score", small.file, "--out", tmp_path / "scores.csv")
    assert register(small).latest is None
    assert not (tmp_path / "scores.csv").exists()


def test_a_draft_registers_nothing_and_says_so_in_the_scores(small, tmp_path):
    for name in ("scores.csv", "scores.xlsx"):
        assert run("score", small.file, "--out", tmp_path / name, "--draft") == 0
    rows = read_rows_plain(tmp_path / "scores.csv")
    assert {row.split(";")[0] for row in rows[1:]} == {"Brouillon"}
    assert register(small).latest is None
    arrive(small)
    assert respondents(publish(small))[0] == 15


def read_rows_plain(path: Path) -> list[str]:
    return path.read_text("utf-8-sig").splitlines()


def test_a_calculation_is_a_draft_until_its_figures_are_published(small):
    text = opened.explain(open_report(str(small.file), *WARD))
    assert text.startswith("Brouillon")
    publish(small)
    text = opened.explain(open_report(str(small.file), *WARD))
    assert "Brouillon" not in text
    arrive(small)
    text = opened.explain(open_report(str(small.file), *WARD))
    assert "14" in text
    assert "Ces chiffres sont ceux publiés le" in text


def test_the_figures_of_somebody_erased_come_from_the_register(small):
    before = publish(small)
    leave(small)
    after = publish(small)
    assert respondents(after)[:2] == respondents(before)[:2]
    assert respondents(after)[2] == 12  # the total leaves the ward out
    scores = before.of(*WARD).scores["score"].tolist()
    assert after.of(*WARD).scores["score"].tolist() == pytest.approx(scores)
    publish(small)
    assert register(small).rank == 1  # nothing new was published


def test_the_secret_and_the_register_stay_beside_the_campaign(small, tmp_path):
    publish(small)
    secret = small.folder / "publications" / "petite.cle"
    if os.name == "posix":
        assert secret.stat().st_mode & 0o777 == 0o600
    text = (small.folder / "publications" / "petite.jsonl").read_text("utf-8")
    assert secret.read_text("ascii").strip() not in text
    assert "Hôpital fictif A|" not in text  # no identifier
    store_results((small.file, tmp_path / "rapports", PUBLISH))
    held = [path.read_bytes() for path in (tmp_path / "rapports").rglob("*") if path.is_file()]
    assert not any(secret.read_bytes().strip() in content for content in held)


def test_two_commands_at_once_never_both_publish(small):
    read = read_campaign(small.file)
    first, second = (publish_beside(read, small.folder)[1][0] for _ in range(2))
    assert first.write()
    assert not second.write()
    assert len(register(small).publications) == 1
    publish(small)
    assert register(small).rank == 1  # the second one finds it there


def test_a_run_that_stopped_after_registering_goes_on(small):
    (registration,) = publish_rounds(small.file).registered
    assert append(registration.register, list(registration.lines))
    publish(small)
    assert len(register(small).publications) == 1


def test_a_damaged_register_is_refused_with_its_cure(small):
    publish(small)
    path = small.folder / "publications" / "petite.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Refused, match="sauvegarde") as refused:
        publish(small)
    assert refused.value.problems[0].file == "publications/petite.jsonl"
    assert not check_path(small.file).accepted


def test_a_register_without_its_secret_is_refused(small):
    publish(small)
    (small.folder / "publications" / "petite.cle").unlink()
    with pytest.raises(Refused, match=r"petite\.cle"):
        publish(small)


def test_a_campaign_published_with_another_questionnaire_is_refused(small):
    """What was shown could not be compared with what would be."""
    publish(small)
    small.edit("instrument.yml", "id: petit\n", "id: autre\n")
    with pytest.raises(Refused, match=r"a été publiée avec .*petit") as refused:
        publish(small)
    assert "autre « id » à la campagne" in plain(refused.value.problems[0].cure)
    assert register(small).rank == 1


def test_a_lost_register_is_said_by_the_attestation(small, tmp_path):
    out = tmp_path / "rapports"
    small.print(out, jobs=0)
    (small.folder / "publications" / "petite.jsonl").unlink()
    small.print(out, jobs=0)
    assert [event.kind for event in register(small).events] == ["lost"]
    page = (out / "comparaison.html").read_text("utf-8")
    assert "Le registre des publications a été perdu" in page
    assert register(small).rank == 2


def test_a_publication_nobody_received_is_taken_back_and_said(small, capsys):
    publish(small)
    arrive(small)
    assert run("retract", small.file, "--reason", "imprimée avant la fin du recueil") == 0
    assert "est reprise" in capsys.readouterr().out
    after = publish(small)
    assert respondents(after)[0] == 15
    told = after.attestation.query("what == 'retracted'")["reason"].tolist()
    assert [text.split(" ", 1)[1] for text in told] == ["imprimée avant la fin du recueil"]
    with pytest.raises(Refused, match="motif"):
        retract_last(small.file, "  ")


@pytest.mark.parametrize("move", [arrive, leave])
def test_a_run_that_repeats_earlier_figures_is_no_publication_to_take_back(small, tmp_path, move):
    publish(small)
    move(small)
    counted = len(read_rows(small.folder / "reponses.csv")) - 1
    for _ in range(2):
        assert respondents(publish(small))[0] == 14
    assert len(register(small).publications) == 1
    assert "tient" not in retract_last(small.file, "personne ne l'a reçue")
    assert sum(respondents(publish(small))[:2]) == counted


def test_retracting_says_what_still_stands(small):
    for head_count, day in enumerate(("2026-03-01", "2026-03-02", "2026-03-02"), 30):
        publish(small, Purpose(day=day))
        small.edit("services.csv", f"Médecine;{head_count}", f"Médecine;{head_count + 1}")
    said = retract_last(small.file, "rien n'est parti").replace("\u00a0", " ")
    assert "La publication du 2 mars 2026 est reprise." in said
    assert "1 publication du 1er mars 2026 et 1 publication du 2 mars 2026 tiennent" in said
    said = retract_last(small.file, "rien n'est parti").replace("\u00a0", " ")
    assert "La publication du 1er mars 2026 tient toujours" in said
    assert "toujours" not in retract_last(small.file, "rien n'est parti")


def test_head_counts_that_change_while_a_service_waits_are_published(small):
    publish(small)
    leave(small)
    small.edit("services.csv", "Chirurgie;20", "Chirurgie;24")
    publish(small)
    assert len(register(small).publications) == 2


def test_a_draft_never_takes_the_place_of_published_pages(small, tmp_path):
    small.print()
    before = read_folder(small.out)
    with pytest.raises(Refused, match="choisissez un autre dossier"):
        small.print(draft=True)
    assert read_folder(small.out) == before
    for _ in range(2):
        small.print(tmp_path / "brouillons", draft=True)
    small.print(tmp_path / "brouillons")
    with pytest.raises(Refused, match="pages publiées"):
        small.print(tmp_path / "brouillons", draft=True)


def frames(published) -> list[pd.DataFrame]:
    names = ("scores", "distributions", "participation", "exclusions", "reliability", "attestation")
    return [getattr(published, name) for name in names]


def arrive_sixteen(small: Small) -> None:
    """Enough returns for the ward to be brought up to date."""
    for rank in range(16):
        arrive(small, f"{1 + rank % 4}{1 + rank % 3}{4 - rank % 4}{1 + rank % 2}")


@pytest.mark.parametrize(("move", "counted"), [(arrive, 14), (leave, 14), (arrive_sixteen, 30)])
def test_a_draft_shows_what_the_publication_then_shows(small, move, counted):
    """Earlier figures where a service waits, new ones where it would be brought up to date."""
    publish(small)
    move(small)
    draft = publish(small, DRAFT)
    assert len(register(small).publications) == 1
    made = publish(small)
    assert (draft.card.draft, made.card.draft) == (True, False)
    assert respondents(draft)[0] == counted
    for drafted, published in zip(frames(draft), frames(made), strict=True):
        pd.testing.assert_frame_equal(drafted, published)


def test_pages_of_a_draft_are_those_of_the_publication_and_say_so(small, tmp_path):
    publish(small)
    arrive(small)
    draft, made = tmp_path / "brouillon", tmp_path / "rapports"
    small.print(draft, draft=True)
    small.print(made)
    pages = [path.relative_to(draft) for path in draft.rglob("*.html")]
    assert len(pages) == 4
    for page in pages:
        drafted = (draft / page).read_text("utf-8")
        assert "ces chiffres sont ceux que montrerait une publication" in drafted
        assert said(drafted) == said((made / page).read_text("utf-8"))


def said(page: str) -> list[str]:
    """The words of a page, without those of a draft nor fingerprints."""
    words = re.sub(r"<(style|svg)\b.*?</\1>|<[^>]+>", "\n", page, flags=re.DOTALL)
    lines = [line.strip().removeprefix("Brouillon – ") for line in words.splitlines()]
    unsaid = re.compile("Brouillon|[0-9a-f]{12,64}$")
    return [line for line in lines if line and not unsaid.match(line)]


def test_whoever_prepares_is_told_which_services_wait(small, tmp_path, capsys):
    said: list[str] = []
    small.print(tmp_path / "neuf", draft=True, announce=said.append)
    assert said == []
    publish(small)
    arrive(small)
    small.print(tmp_path / "brouillons", draft=True, announce=said.append)
    assert [text.split("\u202f")[0] for text in said] == ["Médecine"]
    assert run("score", small.file, "--out", tmp_path / "s.csv", "--draft") == 0
    assert "réponse arrivée depuis la publication" in capsys.readouterr().out


def test_nothing_published_is_not_taken_back(small):
    with pytest.raises(Refused, match="aucune publication"):
        retract_last(small.file, "rien")


def test_check_says_what_registering_means(small):
    assert "pas encore publiée" in str(check_path(small.file))
    assert "--draft" in str(check_path(small.file))
    publish(small)
    assert "publiée le" in str(check_path(small.file))


def test_check_says_which_services_would_keep_their_figures(small):
    publish(small)
    arrive(small)
    summary = check_path(small.file).summary
    assert any("1\u00a0réponse arrivée depuis la publication" in line for line in summary)
    assert register(small).latest.rank == 1


def test_every_sheet_of_a_draft_says_so_and_none_afterwards(small):
    small.print(draft=True)
    pages = {path: path.read_text("utf-8") for path in small.out.rglob("*.html")}
    assert len(pages) == 4
    for page in pages.values():
        assert "<title>Brouillon" in page
        assert '<p class="qgdr draft" role="note">Brouillon' in page
        assert re.search(r'@bottom-left\{content:"Brouillon', page)
        assert re.search(r'@top-center\{content:"Brouillon', page)  # of each sheet: in the margin
    assert verify_folder(small.out).problems == ()
    said: list[str] = []
    small.print(announce=said.append)
    assert [text.split(" ")[0] for text in said] == ["Publication"]
    assert not any("rouillon" in path.read_text("utf-8") for path in pages)
    arrive(small)
    outcome = small.print()
    assert outcome.made
    page = (small.out / "services" / "01-medecine.html").read_text("utf-8")
    assert "Chiffres publiés le" in page
    assert 'data-n="14"' in page


def test_no_page_nor_manifest_gives_a_fingerprint_of_answers_to_try(small):
    small.print()
    plain = hashlib.sha256((small.folder / "reponses.csv").read_bytes()).hexdigest()
    digest = read_campaign(small.file).answers.digest
    for path in small.out.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert plain[:12].encode() not in content, path
            assert digest[:12].encode() not in content, path
    head = read_head(small.out)
    assert head
    assert re.fullmatch("[0-9a-f]{64}", head.sources["responses"])
    assert (
        head.sources["services"]
        == hashlib.sha256((small.folder / "services.csv").read_bytes()).hexdigest()
    )
    (small.folder / "publications" / "petite.cle").rename(small.folder / "cle")
    assert verify_folder(small.out).problems == ()


def test_an_earlier_round_is_registered_too_and_keeps_its_figures(tmp_path):
    before = write_small(tmp_path / "avant", SERVICES)
    now = write_small(tmp_path / "campagne", SERVICES)
    now.edit("campagne.yml", "id: petite", "id: suite\nearlier: ../avant/campagne.yml")
    store_results((now.file, tmp_path / "rapports", PUBLISH))
    assert len(register(before).publications) == 1
    arrive(before)
    store_results((now.file, tmp_path / "rapports", PUBLISH))
    assert len(register(before).publications) == 1
    (earlier,) = publish_rounds(now.file).earlier
    assert respondents(earlier.published)[0] == 14


@pytest.mark.parametrize("move", [arrive, leave])
def test_the_pages_of_a_round_say_nothing_of_what_moved_in_the_round_before(tmp_path, move):
    before = write_small(tmp_path / "avant", SERVICES)
    now = write_small(tmp_path / "campagne", SERVICES)
    now.edit("campagne.yml", "id: petite", "id: suite\nearlier: ../avant/campagne.yml")
    now.answer_otherwise(*WARD)
    compared = []
    for _ in range(2):
        store_results((now.file, tmp_path / "rapports", PUBLISH))
        compared.append(compare_rounds(publish_rounds(now.file)))
        move(before)
    first, second = (one["evolution"].query("service == 'Médecine'") for one in compared)
    assert len(first)
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("out", ["publications", "publications/rapports", "."])
def test_no_report_is_written_where_the_register_stands(small, out, published):
    if published:
        publish(small)
    before = read_folder(small.folder)
    with pytest.raises(Refused, match="ne se remettent à personne"):
        small.print(small.folder / out)
    assert read_folder(small.folder) == before


def test_no_report_is_written_around_the_register_of_another_campaign(small, tmp_path):
    publish(small)
    other = write_small(tmp_path / "autre", SERVICES)
    programme = tmp_path / "programme.yml"
    keys = "id: p\ntitle: P\nperiod: '2026'\ncampaigns: [autre/campagne.yml]\n"
    programme.write_text(keys, encoding="utf-8")
    for out in (small.folder, small.folder / "publications"):
        with pytest.raises(Refused, match="registre"):
            other.print(out)
        with pytest.raises(Refused, match="registre"):
            print_programme(programme, out, jobs=0)


def test_no_scores_are_written_in_the_register(small):
    publish(small)
    out = small.folder / "publications" / "scores.csv"
    with pytest.raises(Refused, match="registre"):
        run("score", small.file, "--out", out)
    assert not out.exists()


def test_nothing_of_the_register_is_in_a_folder_of_reports(small):
    small.print()
    handed_out = [path.read_bytes() for path in small.out.rglob("*") if path.is_file()]
    for name in ("petite.cle", "petite.jsonl"):
        kept = (small.folder / "publications" / name).read_bytes().strip()
        assert not any(kept in content for content in handed_out)


def test_a_publication_adds_what_it_has_of_its_own_and_is_read_whole(small):
    """The returns and rows of a service that did not change are written once."""
    publish(small)
    path = small.folder / "publications" / "petite.jsonl"
    first = path.read_bytes()
    small.edit("services.csv", "Chirurgie;20", "Chirurgie;24")
    publish(small)
    assert len(path.read_bytes()) < 1.5 * len(first)
    arrive_sixteen(small)
    publish(small)
    before, same, after = register(small).publications
    assert [len(cell.returns) for cell in same.cells] == [14, 12]
    assert [len(cell.returns) for cell in after.cells] == [30, 12]
    assert same.cells == before.cells
    assert after.cells[1] == before.cells[1]
    changed = {name: table.rows for name, table in same.figures.items()}
    assert changed.pop("participation") != before.figures["participation"].rows
    assert changed == {name: before.figures[name].rows for name in changed}


def test_a_register_that_repeats_everything_is_still_read(small):
    """As they were written before."""
    publish(small)
    small.edit("services.csv", "Chirurgie;20", "Chirurgie;24")
    publish(small)
    known = register(small)
    known.path.write_bytes(b"".join(LINE.dump_json(one) + b"\n" for one in known.publications))
    assert register(small).publications == known.publications
    retract_last(small.file, "personne ne l'a reçue")
    assert register(small).publications == known.publications[:1]


def test_a_line_that_refers_to_nothing_is_damage(small):
    publish(small)
    small.edit("services.csv", "Chirurgie;20", "Chirurgie;24")
    publish(small)
    path = small.folder / "publications" / "petite.jsonl"
    path.write_bytes(path.read_bytes().splitlines()[1])
    with pytest.raises(Refused, match="abîmé"):
        register(small)


def test_lines_of_the_register_are_json(small):
    publish(small)
    (line,) = (small.folder / "publications" / "petite.jsonl").read_text("utf-8").splitlines()
    entry = json.loads(line)
    assert entry["kind"] == "publication"
    assert {cell["service"]: len(cell["returns"]) for cell in entry["cells"]} == {
        "Médecine": 14,
        "Chirurgie": 12,
    }
