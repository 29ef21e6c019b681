"""A whole programme: every page made and proved, none made twice, nothing mixed, all verified."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qgdr_eval import cli
from qgdr_eval.press import verify_folder
from qgdr_eval.press.folder import INDEX, JOURNAL, MANIFEST, PAGES, PROGRAMME, RESULTS
from qgdr_eval.press.ledger import read_records
from qgdr_eval.press.pages import SERVICE_NOTEBOOK
from qgdr_eval.press.programme import DASHBOARD, PLAN, SYNTHESIS, plan_beside
from qgdr_eval.press.progress import Step
from qgdr_eval.press.proof import prove, read_evidence
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.synthesis import open_synthesis
from tests.conftest import HOSTILE
from tests.press.campaigns import DATE, Small, links_between, read_folder, write_small
from tests.press.programmes import EHPAD, INDICATORS, SmallProgramme, write_small_programme
from tests.press.programmes import PAGES as EVERY
from tests.press.programmes import PLAN as PLAN_FILE
from tests.reading import Page, body_of, text_of
from tests.rounds import FACILITY


@pytest.fixture(scope="module")
def printed_once(tmp_path_factory: pytest.TempPathFactory) -> SmallProgramme:
    """A small programme with its reports. To be copied, never changed."""
    small = write_small_programme(tmp_path_factory.mktemp("essai") / "programme")
    outcome = small.print()
    assert (outcome.made, outcome.standing, outcome.failed) == (len(EVERY), 0, [])
    return small


@pytest.fixture
def printed(printed_once: SmallProgramme, tmp_path: Path) -> SmallProgramme:
    """A small programme with its reports, to be changed at will."""
    return printed_once.copy(tmp_path)


def said_by(small: SmallProgramme, which: str) -> str:
    return body_of((small.out / EVERY[which]).read_text("utf-8"))


def finished(out: Path) -> dict[str, object]:
    """Every file of a folder; manifests without how long pages took, how often one published."""
    files: dict[str, object] = dict(read_folder(out))
    for name in [name for name in files if name.endswith(MANIFEST)]:
        files[name] = json.loads(files[name])
        for source in [key for key in files[name]["sources"] if key.endswith("publications")]:
            assert files[name]["sources"].pop(source)
        for record in files[name]["reports"]:
            assert record.pop("seconds") > 0
    return files


# What is printed


def test_a_draft_of_a_programme_never_takes_the_place_of_published_pages(printed):
    before = finished(printed.out)
    with pytest.raises(Refused, match="choisissez un autre dossier"):
        printed.print(draft=True)
    assert finished(printed.out) == before
    for name in ("equipes", "dossiers"):
        shutil.rmtree(printed.out / name)
    with pytest.raises(Refused, match="pages publiées"):
        printed.print(draft=True)


def test_a_programme_is_printed_over_its_drafts(printed, tmp_path):
    for draft in (True, True, False):
        outcome = printed.print(tmp_path / "brouillons", draft=draft)
        assert not outcome.failed
    pages = [path.read_text("utf-8") for path in (tmp_path / "brouillons").rglob("*.html")]
    assert not any("<title>Brouillon" in page for page in pages)


def test_every_page_is_made_and_proved_and_nothing_else_is_there(printed_once):
    out = printed_once.out
    pages = {path.relative_to(out).as_posix() for path in out.rglob("*.html")}
    assert pages == {*EVERY.values(), INDEX, f"equipes/{INDEX}", f"dossiers/{INDEX}"}
    folders = [out, out / "equipes", out / "dossiers"]
    proved = 0
    for folder in folders:
        for record in read_records(folder):
            evidence = read_evidence((folder / record.page).read_text("utf-8"))
            assert prove(record.promise, evidence) == ""
            proved += 1
    assert proved == len(EVERY)
    assert not list(out.rglob("*.part"))
    assert not list(out.rglob(JOURNAL))


def test_an_untouched_folder_has_nothing_wrong(printed_once):
    verdict = str(verify_folder(printed_once.out)).splitlines()
    assert verdict[-1] == "11\u00a0pages vérifiées, aucun écart"


def test_each_page_above_is_of_its_own_facility_and_pole(printed_once):
    assert {record.page: (record.facility, record.service, record.n)
            for record in read_records(printed_once.out)} == {
        EVERY["synthesis"]: (FACILITY, "", None),
        EVERY["synthesis, EHPAD"]: (EHPAD, "", None),
        EVERY["pôle"]: (FACILITY, "Pôle Médecine", None),
        EVERY["plan"]: (FACILITY, "", None),
        EVERY["plan, pôle"]: (FACILITY, "Pôle Médecine", None),
    }  # fmt: skip


def test_the_synthesis_printed_is_the_one_a_notebook_opens(printed_once):
    """Opened from the files alone, from the results stored, or by the press: the same figures."""
    file, out = str(printed_once.file), str(printed_once.out)
    records = {record.page: record for record in read_records(printed_once.out)}
    for results in ("", out):
        report = open_synthesis(file, FACILITY, results, DATE)
        assert report.fingerprint == records[EVERY["synthesis"]].results


def test_the_index_leads_to_every_page_above_and_to_every_campaign(printed_once):
    index = (printed_once.out / INDEX).read_text("utf-8")
    assert [href for href, _ in Page(index).links] == [
        *(EVERY[which] for which in ("synthesis", "synthesis, EHPAD", "pôle", "plan")),
        EVERY["plan, pôle"],
        f"equipes/{INDEX}",
        f"dossiers/{INDEX}",
    ]
    assert "3\u00a0pages prêtes et 1\u00a0page sans chiffre (effectif insuffisant)" in index


def test_the_index_shows_what_is_ready_hidden_and_late(printed):
    def shown() -> dict[str, list[str]]:
        _, columns, rows = Page((printed.out / INDEX).read_text("utf-8")).tables[0]
        assert columns[2:] == ["Prêtes", "Masquées", "En retard"]
        return {row[0]: row[2:] for row in rows}

    def counted(folder: Path, under: str = "") -> list[str]:
        states = [record.state for record in read_records(folder) if record.page.startswith(under)]
        return [str(states.count(state)) for state in ("ready", "suppressed", "failed")]

    before = shown()
    assert before["Petite campagne"] == counted(printed.out / "equipes")
    assert before["Les tableaux de bord"] == counted(printed.out, "poles/")
    assert before["Petite campagne"][1] != "0"
    printed.survey.adapt(SERVICE_NOTEBOOK, "raise ValueError")
    assert printed.print().failed
    after = shown()
    assert after["Petite campagne"] == counted(printed.out / "equipes")
    assert int(after["Petite campagne"][2]) > 0
    assert verify_folder(printed.out).problems == ()


def test_pages_of_a_programme_lead_up_down_and_sideways(printed_once):
    links = links_between(printed_once.out)
    assert set().union(*links.values()) <= set(links)
    for page in links.keys() - {INDEX}:
        folder = page.partition("/")[0]
        inside = folder in ("equipes", "dossiers") and not page.endswith(f"/{INDEX}")
        assert (f"{folder}/{INDEX}" if inside else INDEX) in links[page]

    # A facility leads to all there is of it, which leads back; none to another facility's.
    about = {}
    for page in links:
        if page.partition("/")[0] in PAGES:
            read = Page((printed_once.out / page).read_text("utf-8"))
            about[page] = read.values("data-facility")[0]
    for page, facility in about.items():
        beside = {one for one in links[page] if one in about}
        assert {about[one] for one in beside} <= {facility}
        if page.startswith("etablissements/"):
            assert beside == {one for one in about if about[one] == facility} - {page}
            assert f"equipes/{INDEX}" in links[page]
        assert not beside or all(page in links[one] for one in beside if "etablissements/" in one)


def test_a_campaign_printed_alone_leads_to_no_programme(printed_once, tmp_path):
    small = printed_once.copy(tmp_path)
    inside = small.out / "equipes"
    above = (inside / INDEX).read_text("utf-8")
    assert f'href="../{INDEX}"' in above
    assert verify_folder(inside).problems == ()
    assert small.survey.print(out=tmp_path / "seule").failed == []
    assert f'href="../{INDEX}"' not in (tmp_path / "seule" / INDEX).read_text("utf-8")


def test_poles_stand_in_one_order_under_dashboards_and_under_the_plan(tmp_path):
    """The indicators' order; what only the plan knows comes after."""
    small = write_small_programme(tmp_path / "programme")
    followed, planned = (
        ("Chirurgie", "Médecine", "Urgences"),
        ("Logistique", "Urgences", "Chirurgie"),
    )
    lines = INDICATORS.strip().splitlines()
    rows = [line.replace("Pôle Médecine", pole) for pole in followed for line in lines[1:]]
    small.write("indicateurs.csv", "\n".join([lines[0], *rows]))
    head, row, _ = PLAN_FILE.strip().splitlines()
    rows = [row.replace("A1", pole).replace("Pôle Médecine", pole) for pole in planned]
    small.write("plan.csv", "\n".join([head, *rows]))
    orders = list(plan_beside(small.file, DATE))
    standing = {
        folder: [o.service for o in orders if o.href.startswith(folder)] for folder in PAGES
    }
    assert standing["poles"] == ["Chirurgie", "Médecine", "Urgences"]
    assert standing["plans"] == ["", "Chirurgie", "Urgences", "Logistique"]


def test_names_meant_to_break_things_stay_text_and_files_stay_plain(tmp_path):
    small = write_small_programme(tmp_path / "programme")
    shutil.rmtree(small.folder / "equipes")
    write_small(small.folder / "equipes", [(HOSTILE, "Médecine", 20, 12)])
    small.write(
        "programme.yml",
        f"id: essai\ntitle: '{HOSTILE.replace(chr(39), chr(39) * 2)}'\nperiod: '2026'\n"
        "campaigns: [equipes/campagne.yml]\nindicators: indicateurs.csv\nplan: plan.csv\n",
    )
    for name in ("indicateurs.csv", "plan.csv"):
        text = (small.folder / name).read_text("utf-8")
        hostile = text.replace(FACILITY, HOSTILE).replace("Pôle Médecine", f"../{HOSTILE}")
        small.write(name, hostile)
    outcome = small.print()
    assert (outcome.made, outcome.failed) == (6, [])
    names = [path.relative_to(small.out).as_posix() for path in small.out.rglob("*.html")]
    assert all(re.fullmatch(r"[a-z0-9./-]{1,99}", name) for name in names)
    for name in names:
        assert "<script" not in (small.out / name).read_text("utf-8")
    assert verify_folder(small.out).problems == ()


def test_a_plan_without_facilities_still_has_a_page_with_a_name(printed):
    printed.edit("plan.csv", "A2;Hôpital fictif", "A2;")
    printed.print()
    index = (printed.out / INDEX).read_text("utf-8")
    links = [name for href, name in Page(index).links if href.startswith("plans/")]
    assert links == [FACILITY, "Petit programme", "Pôle Médecine"]
    assert verify_folder(printed.out).problems == ()


# What is made again


def rows(name: str, old: str, new: str) -> Callable[[SmallProgramme], None]:
    return lambda small: small.edit(name, old, new)


def adapt(name: str, *lines: str) -> Callable[[SmallProgramme], object]:
    """The kit's notebooks beside the programme, one of them adapted."""
    return lambda small: Small(small.folder).adapt(name, *lines)


def edit_by_hand(small: SmallProgramme) -> None:
    page = small.out / EVERY["plan"]
    page.write_bytes(page.read_bytes().replace(b"Former", b"Reformer"))


SYNTHESES = ("synthesis", "synthesis, EHPAD")
CHANGES = {
    "nothing": (lambda small: None, ()),
    "the answers of one service": (
        lambda small: small.survey.answer_otherwise(FACILITY, "Médecine"),
        # What is pooled over the campaign is on every page of it, and in both syntheses.
        ("survey", "night", "survey, EHPAD", "survey side by side", *SYNTHESES),
    ),
    "the answers of a hidden service": (
        lambda small: small.survey.answer_otherwise(FACILITY, "Équipe de nuit"),
        (),
    ),
    "the answers of another facility": (
        lambda small: small.survey.answer_otherwise(EHPAD, "Hébergement"),
        ("survey", "night", "survey, EHPAD", "survey side by side", *SYNTHESES),
    ),
    "one record of the audit": (
        rows("dossiers/reponses.csv", "Médecine 1;1;0;1;1", "Médecine 1;1;1;1;1"),
        ("audit", "audit side by side", "synthesis"),
    ),
    "one record of the round before": (
        rows("avant/reponses.csv", "Médecine 1;1;0;0;1", "Médecine 1;1;1;0;1"),
        ("audit", "audit side by side", "synthesis"),
    ),
    "an action of the facility": (
        rows("plan.csv", "Former les équipes", "Former tout le monde"),
        ("plan", "synthesis"),
    ),
    "an action promised after the round before": (
        rows("plan.csv", "2025-12-31;réalisé", "2025-12-31;en cours"),
        ("audit", "audit side by side", "plan", "plan, pôle", "synthesis"),
    ),
    "one value of an indicator": (
        rows("indicateurs.csv", "2026-02;14", "2026-02;15"),
        ("pôle", "synthesis"),
    ),
    "the title of the programme": (
        rows("programme.yml", "Petit programme", "Grand programme"),
        ("synthesis", "synthesis, EHPAD"),
    ),
    "a comment in the programme": (rows("programme.yml", "id: essai", "# moi\nid: essai"), ()),
    "a page edited by hand": (edit_by_hand, ("plan",)),
    "a page removed": (lambda small: (small.out / EVERY["pôle"]).unlink(), ("pôle",)),
    "the kit's notebooks copied beside": (adapt(SYNTHESIS), ()),
    "the notebook of the synthesis": (
        adapt(SYNTHESIS, "# à nous"),
        ("synthesis", "synthesis, EHPAD"),
    ),
    "the notebook of the dashboard": (adapt(DASHBOARD, "# à nous"), ("pôle",)),
    "the notebook of the plan": (adapt(PLAN, "# à nous"), ("plan", "plan, pôle")),
}


def stamps(small: SmallProgramme) -> dict[str, int]:
    return {
        which: (small.out / name).stat().st_mtime_ns
        for which, name in EVERY.items()
        if (small.out / name).exists()
    }


def remade(small: SmallProgramme, **options: object) -> set[str]:
    """The pages a run makes, by what it tells and by what stands on disk."""
    before = stamps(small)
    outcome = small.print(**options)
    after = stamps(small)
    touched = {which for which in after if after[which] != before.get(which)}
    assert (outcome.made, outcome.standing) == (len(touched), len(after) - len(touched))
    assert outcome.failed == []
    assert verify_folder(small.out).problems == ()
    return touched


@pytest.mark.parametrize("what", CHANGES)
def test_only_the_pages_of_what_changed_are_made_again(printed, what):
    change, expected = CHANGES[what]
    change(printed)
    assert remade(printed) == set(expected)


def test_a_second_run_makes_no_page(printed):
    before = finished(printed.out)
    assert remade(printed) == set()
    assert finished(printed.out) == before


def test_asked_again_every_page_is_made_with_the_same_bytes(printed):
    before = finished(printed.out)
    assert remade(printed, again=True) == set(EVERY)
    assert finished(printed.out) == before


def test_another_day_only_what_depends_on_the_day_is_made_again(printed):
    """A plan is late as days go by; other pages keep the day they were made on."""
    assert remade(printed, report_date="") == {"synthesis", "plan", "plan, pôle"}
    assert "31 mars 2026" not in said_by(printed, "plan")
    assert "31 mars 2026" in said_by(printed, "synthesis, EHPAD")


def test_what_the_programme_no_longer_names_has_no_page_any_more(printed):
    printed.edit("programme.yml", "indicators: indicateurs.csv\n", "")
    printed.edit("programme.yml", "plan: plan.csv\n", "")
    assert remade(printed) == {"synthesis"}
    assert not any((printed.out / EVERY[which]).exists() for which in ("pôle", "plan"))


def test_a_run_that_was_stopped_goes_on_to_the_same_bytes(printed):
    before = finished(printed.out)
    for name in ("survey", "synthesis", "plan"):
        (printed.out / EVERY[name]).unlink()

    def stop(step: Step) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):  # in a campaign
        printed.print(tell=stop)
    assert told(printed)[0] == ("equipes", "la production s'est arrêtée avant la fin")
    with pytest.raises(KeyboardInterrupt):  # above
        printed.print(tell=stop)
    with pytest.raises(Refused, match="arrêtée avant la fin"):
        verify_folder(printed.out)
    printed.print()
    assert finished(printed.out) == before
    assert verify_folder(printed.out).problems == ()


def test_a_second_run_at_the_same_time_is_refused(printed):
    told = []

    def run_again(step: Step) -> None:
        with pytest.raises(Refused, match="une autre commande y écrit"):
            printed.print()
        with pytest.raises(Refused, match="une autre commande y écrit"):
            printed.survey.print(printed.out / "equipes")
        told.append(step)

    (printed.out / EVERY["survey"]).unlink()
    printed.print(tell=run_again)
    assert len(told) == 1
    assert verify_folder(printed.out).problems == ()


# What cannot be printed


def refused(small: SmallProgramme, out: Path | None = None) -> str:
    with pytest.raises(Refused) as told:
        small.print(out)
    return str(told.value).replace("\u202f", " ").replace("\u00a0", " ")


def test_a_programme_is_not_printed_over_a_campaign(tmp_path):
    small = write_small_programme(tmp_path / "programme")
    alone = tmp_path / "seule"
    small.survey.print(alone)
    before = read_folder(alone)
    assert refused(small, alone) == (
        f"{alone} : ce dossier contient les rapports d'une campagne, « equipes »\n"
        "    → choisissez un autre dossier, ou videz celui-ci"
    )
    assert read_folder(alone) == before


@pytest.mark.parametrize("id", ["equipes", "essai"])
def test_a_campaign_is_not_printed_over_a_programme(printed, id):
    """Not even one of its own, nor one of the same name."""
    printed.survey.edit("campagne.yml", "id: equipes", f"id: {id}")
    before = read_folder(printed.out)
    with pytest.raises(Refused, match=r"les rapports d'un programme, «.essai.»"):
        printed.survey.print(printed.out)
    assert read_folder(printed.out) == before


def test_a_programme_is_not_printed_over_another(printed):
    before = read_folder(printed.out)
    printed.edit("programme.yml", "id: essai", "id: autre")
    assert "les rapports d'un autre programme, « essai »" in refused(printed)
    assert read_folder(printed.out) == before


@pytest.mark.parametrize("id", ["donnees", *PAGES])
def test_a_campaign_named_as_a_folder_of_ours_is_refused(tmp_path, id):
    small = write_small_programme(tmp_path / "programme")
    small.survey.edit("campagne.yml", "id: equipes", f"id: {id}")
    assert refused(small) == (
        f"programme.yml, campaigns : « {id} » est le nom d'un de nos dossiers\n"
        "    → changez l'« id » de cette campagne"
    )
    assert not small.out.exists()


UNUSABLE = {
    "programme.yml": ("id: essai", "id: Essai"),
    "indicateurs.csv": ("2026-02", "hier"),
    "plan.csv": ("réalisé", "presque"),
    "equipes/campagne.yml": ("id: equipes", "id: Équipes"),
    "equipes/reponses.csv": ("Identifiant", "Autre chose"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_cannot_be_used_is_told_and_nothing_changes(printed, tmp_path, name):
    before = read_folder(printed.out)
    printed.edit(name, *UNUSABLE[name])
    assert Path(name).name in refused(printed)
    assert read_folder(printed.out) == before
    refused(printed, tmp_path / "neuf")
    assert not (tmp_path / "neuf").exists()


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


def test_a_notebook_that_fails_in_one_campaign_stops_nothing_else(printed, capsys):
    printed.survey.adapt(SERVICE_NOTEBOOK, "assert service != 'Médecine', 'panne voulue'")
    out = printed.out
    asked = ["report", printed.file, "--out", out, "--date", DATE, "--jobs", 0, "--own-notebooks"]
    assert run(*asked) == 1
    said = capsys.readouterr().err.replace("\u202f", " ").replace("\u00a0", " ")
    assert said.startswith("2 pages faites, 8 pages inchangées, 1 en échec\nEn échec : Médecine : ")
    assert "panne voulue" in said
    made = {path.relative_to(out).as_posix() for path in out.rglob("*.html")}
    assert set(EVERY.values()) - made == {EVERY["survey"]}
    assert "1\u00a0page en échec" in (out / INDEX).read_text("utf-8")
    assert run("verify", out) == 0


def test_a_notebook_above_that_fails_leaves_the_campaigns_as_they_are(printed):
    adapt(SYNTHESIS, f"assert facility == {EHPAD!r}, 'panne voulue'")(printed)
    outcome = printed.print()
    assert [page.page for page in outcome.failed] == [EVERY["synthesis"]]
    assert (outcome.made, outcome.standing) == (1, 9)
    index = (printed.out / INDEX).read_text("utf-8")
    assert "panne voulue" in text_of(index)
    assert EVERY["synthesis"] not in Page(index).addresses
    assert verify_folder(printed.out).problems == ()


def test_a_page_above_that_shows_another_facility_is_not_kept(printed):
    adapt(SYNTHESIS, f"report = synthesis.open_synthesis(programme, {EHPAD!r}, results)")(printed)
    (failed,) = printed.print().failed
    assert (failed.page, failed.cause.replace("\u202f", " ")) == (
        EVERY["synthesis"],
        f"la page obtenue est celle de « {EHPAD} »",
    )


# What anybody changed


CHANGED = "ce fichier a changé depuis la production des pages"
PAGE_CHANGED = "cette page a changé depuis sa production"
STRANGER = "cette page n'est pas de cette production"
INDEX_WRONG = "la page d'accueil ne correspond pas au manifeste"
OTHER_RESULTS = "les résultats enregistrés ne sont pas ceux dont cette page est faite"


def replace(name: str, old: str, new: str) -> Callable[[SmallProgramme], None]:
    def change(small: SmallProgramme) -> None:
        text = (small.out / name).read_text("utf-8")
        assert old in text
        (small.out / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def remove(name: str) -> Callable[[SmallProgramme], None]:
    return lambda small: (small.out / name).unlink()


def swap(small: SmallProgramme) -> None:
    one, other = (small.out / EVERY[which] for which in ("synthesis", "synthesis, EHPAD"))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def print_one_alone(small: SmallProgramme) -> None:
    """A campaign printed again by itself, with other answers: its own folder agrees with itself."""
    small.survey.answer_otherwise(FACILITY, "Médecine")
    small.survey.print(small.out / "equipes")
    small.survey.answer_otherwise(FACILITY, "Médecine")


TAMPERINGS = {
    "a page edited": (
        replace(EVERY["plan, pôle"], "Signer", "Ne pas signer"),
        [(f"{EVERY['plan, pôle']}, Pôle Médecine", PAGE_CHANGED)],
    ),
    "a page removed": (remove(EVERY["synthesis"]), [(EVERY["synthesis"], "cette page manque")]),
    "two pages swapped": (
        swap,
        [(EVERY[which], PAGE_CHANGED) for which in ("synthesis", "synthesis, EHPAD")],
    ),
    "the index edited": (replace(INDEX, EHPAD, "EHPAD"), [(INDEX, INDEX_WRONG)]),
    "the index removed": (remove(INDEX), [(INDEX, INDEX_WRONG)]),
    "the programme edited": (
        replace(PROGRAMME, "Petit programme", "Autre programme"),
        [(PROGRAMME, CHANGED), (INDEX, INDEX_WRONG)],
    ),
    "a campaign taken out of the programme": (
        replace(PROGRAMME, '"equipes",', ""),
        [(PROGRAMME, CHANGED), (INDEX, INDEX_WRONG)],
    ),
    "the programme that is none": (
        lambda small: (small.out / PROGRAMME).write_bytes(b"?"),
        [(PROGRAMME, CHANGED), (INDEX, INDEX_WRONG)],
    ),
    "the programme removed": (
        remove(PROGRAMME),
        [(PROGRAMME, "ce fichier manque"), (INDEX, INDEX_WRONG)],
    ),
    "a page of a campaign edited": (
        replace(EVERY["survey"], "Médecine", "Chirurgie"),
        [(f"{EVERY['survey']}, Médecine", PAGE_CHANGED)],
    ),
    "a page of a campaign removed": (
        remove(EVERY["audit side by side"]),
        [(EVERY["audit side by side"], "cette page manque")],
    ),
    "the index of a campaign edited": (
        replace(f"equipes/{INDEX}", "Médecine", "Chirurgie"),
        [(f"equipes/{INDEX}", INDEX_WRONG)],
    ),
    "the results of a campaign removed": (
        remove(f"dossiers/{RESULTS}"),
        [
            (f"dossiers/{RESULTS}", "ce fichier manque"),
            ("dossiers/resultats.sqlite", "ce n'est pas un fichier de résultats publiés"),
            (f"dossiers/{INDEX}", INDEX_WRONG),
            (INDEX, INDEX_WRONG),
        ],
    ),
    "the manifest of a campaign removed": (
        remove(f"equipes/{MANIFEST}"),
        [("equipes", "ce dossier n'a pas de manifeste"), (INDEX, INDEX_WRONG)],
    ),
    "a campaign removed": (
        lambda small: shutil.rmtree(small.out / "dossiers"),
        [
            ("dossiers", "ce dossier n'existe pas"),
            (f"dossiers/{RESULTS}", "ce fichier manque"),
            (INDEX, INDEX_WRONG),
        ],
    ),
    "a campaign printed again by itself": (print_one_alone, [(f"equipes/{RESULTS}", CHANGED)]),
}


def told(small: SmallProgramme) -> list[tuple[str, str]]:
    return [(problem.where, problem.what) for problem in verify_folder(small.out).problems]


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_anybody_changed_is_told_then_mended_by_the_next_run(printed, what):
    tamper, expected = TAMPERINGS[what]
    before = finished(printed.out)
    tamper(printed)
    assert told(printed) == expected
    assert run("verify", printed.out) == 1
    printed.print()
    assert told(printed) == []
    assert finished(printed.out) == before


def test_a_page_somebody_added_is_told_and_left_to_them(printed):
    shutil.copy(printed.out / EVERY["pôle"], printed.out / "poles/99-autre.html")
    for _ in range(2):
        assert told(printed) == [("poles/99-autre.html", STRANGER)]
        printed.print()


def test_the_reports_of_another_campaign_are_told(printed):
    """Of a campaign that left the programme, or that somebody put there."""
    printed.edit("programme.yml", "equipes/campagne.yml, ", "")
    printed.print()
    assert told(printed) == [("equipes", "ces rapports ne sont pas de ce programme")]
    shutil.rmtree(printed.out / "equipes")
    assert told(printed) == []


def test_what_a_person_keeps_beside_the_reports_stays(printed):
    kept = ["lisez-moi.txt", "archives/2025.html", "plans/plan.pdf", "equipes/notes.txt"]
    for name in kept:
        (printed.out / name).parent.mkdir(exist_ok=True)
        (printed.out / name).write_text("à moi", encoding="utf-8")
    for name in ("survey", "plan"):
        (printed.out / EVERY[name]).unlink()
    assert printed.print().made == 2
    assert all((printed.out / name).read_text("utf-8") == "à moi" for name in kept)
    assert told(printed) == []
