"""The synthesis of a facility: figures as published, side by side, nothing added up, no cause."""

import csv
import re
from pathlib import Path

import nbformat
import pytest

from qgdr_eval.campaigns.read import read_campaign
from qgdr_eval.fictitious.culture import HOSPITAL
from qgdr_eval.fictitious.positions import write_demo_position
from qgdr_eval.french import round_half_up
from qgdr_eval.press.proof import Promise, prove, read_evidence
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import synthesis
from qgdr_eval.reporting.page.export import export_html
from qgdr_eval.reporting.synthesis.report import Synthesis, open_synthesis
from qgdr_eval.shipped import shipped
from tests.conftest import HOSTILE
from tests.press.campaigns import DATE, read_rows, write_rows, write_small
from tests.press.programmes import EHPAD, SmallProgramme, write_small_programme
from tests.reading import Page, body_of, plain, table_of, text_of
from tests.rounds import FACILITY, GROUP, PERSON, write_round

NOTEBOOK = shipped("notebooks") / "60_synthese.ipynb"
SOURCES, AUDITS = "Les sources, côte à côte", "Grille entière, trois scores"
INDICATORS = "Dernière valeur, et ce qu'elle permet de dire"
CAUSAL = (
    r"\b(grâce|à cause|donc|explique|expliquent|parce|puisque|entraîne|entraînent|permis|effet|"
    r"efficace|efficaces|conséquence|responsable|coupable|faute)\b"
)
ADDED_UP = r"\b(moyenne générale|note globale|score global|classement|rang|meilleur|pire)\b"


def lay_out(report: Synthesis) -> str:
    """The page the notebook makes of a report, without running a kernel."""
    page = nbformat.read(NOTEBOOK, as_version=4)
    names = {"synthesis": synthesis, "report": report, "report_date": DATE}
    for cell in page.cells:
        if cell.source.startswith("synthesis."):
            shown = {"text/html": str(eval(cell.source, names))}
            cell.outputs = [nbformat.v4.new_output("display_data", shown)]
    return export_html(page, "Un établissement")


def opened(small: SmallProgramme, facility: str = FACILITY) -> Synthesis:
    return open_synthesis(str(small.file), facility, "", DATE)


def body(html: str) -> str:
    """The words of a page, without the attributes and fingerprints nobody reads."""
    return re.sub(r"Empreinte SHA-256 \w+", "", body_of(html))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallProgramme:
    """To be read, never changed."""
    return write_small_programme(tmp_path_factory.mktemp("essai") / "programme")


@pytest.fixture
def changing(tmp_path: Path) -> SmallProgramme:
    return write_small_programme(tmp_path / "programme")


@pytest.fixture(scope="module")
def report(small: SmallProgramme) -> Synthesis:
    return opened(small)


@pytest.fixture(scope="module")
def page(report: Synthesis) -> str:
    return lay_out(report)


def test_the_page_proves_whose_it_is(report, page):
    assert prove(Promise(FACILITY, "", None, report.fingerprint), read_evidence(page)) == ""
    assert prove(Promise(EHPAD, "", None, report.fingerprint), read_evidence(page))


# Figures


def figures(cell: str) -> list[int]:
    """The whole numbers of a cell."""
    return [int(number) for number in re.findall(r"\d+", re.sub("/100", "", cell))]


def test_what_people_answered_is_what_is_published(small, report):
    published = read_campaign(small.survey.file).publish().of(FACILITY, "")
    (turnout,) = published.participation["n"]
    held = table_of(synthesis.people(report), f"Petite campagne, {turnout:.0f} répondants")
    labels = {one.id: one.label for one in published.instrument.dimensions}
    rows = published.dimension_scores()
    assert list(held) == [labels[row.dimension] for row in rows.itertuples()]
    for row in rows.itertuples():
        shown = held[labels[row.dimension]]
        assert figures(shown["Score"]) == [round_half_up(row.score)]
        assert figures(shown["Intervalle"]) == [round_half_up(row.low), round_half_up(row.high)]


def test_what_people_answered_is_what_they_answered(small, report):
    """Counted from the file: the night team is too small to be counted in the facility."""
    rows = [row[3:] for row in read_rows(small.survey.folder / "reponses.csv")
            if row[1:3] == [FACILITY, "Médecine"]]  # fmt: skip
    shares = [100 * sum(row[at] in "45" for row in rows) / len(rows) for at in (0, 1)]
    means = [(int(row[2]) - 1 + 5 - int(row[3])) / 2 * 25 for row in rows]
    held = table_of(synthesis.people(report), "Petite campagne, 14 répondants")
    assert len(rows) == 14
    assert held["Écoute"]["Score"] == f"{round_half_up(sum(shares) / 2):.0f} %"
    assert held["Suites"]["Score"] == f"{round_half_up(sum(means) / 14):.0f}/100"


def test_three_scores_of_an_audit_worked_by_hand(report):
    """15 records, ONOO, OOOO and NNOO five times each.

    Criteria: 10, 5, 15 and 15 yes out of 15, mean 75 %; 45 yes of 60, 75 %; 5 records all yes.
    Since ONNO, NNOO and ONON: T1 10 yes as before, T2 from 0 to 5, I1 and I2 from 10 to 15.
    """
    row = table_of(synthesis.audits(report), AUDITS)["Campagne dossiers"]
    assert plain(row["Lus ou observés"]) == "15 dossiers"
    assert [figures(row[name])[0] for name in
            ("Moyenne des critères", "Mise en commun", "Tout ou rien")] == [75, 75, 33]  # fmt: skip
    assert row["Depuis le tour d'avant"] == (
        "par service et par dimension, sur 2 : 1 améliorée, 0 dégradée, le reste non établi"
    )


@pytest.mark.parametrize(("missed", "said"), [(0, False), (1, True)])
def test_a_critical_criterion_that_was_missed_once_is_said_first(changing, missed, said):
    rows = ["OONO"] * missed + ["OOOO"] * (12 - missed)
    write_round(changing.folder / "dossiers", audit_text(changing), {"Médecine": rows})
    write_programme(changing, "dossiers/campagne.yml")
    line = table_of(synthesis.sources(opened(changing)), SOURCES)["Campagne dossiers"]
    critical = "1 critère critique pas toujours conforme"
    assert line["Ce qui est établi"].startswith(critical) == said
    assert ("critique" in line["Ce qui est établi"]) == said


def test_all_sources_stand_in_one_picture(report):
    """A shape for each thing a source says: its dimensions, its indicators, its actions."""
    lines = str(synthesis.sources(report)).split('<tr role="row">')[2:]
    expected = [len(source.scores.dimensions) for source in report.sources]
    expected += [len(dashboard.mains) for dashboard in report.dashboards]
    expected.append(len(report.plan.own))
    shapes = [line.split("</tr>")[0].count('class="sign ') for line in lines]
    assert shapes == expected

    # Each shape is said too, and says what the reading of its dimension establishes.
    told = table_of(synthesis.sources(report), SOURCES)
    for source in report.sources:
        strong = sum((reading.verdict, reading.band) == ("established", "strength")
                     for _, _, reading in source.scores.dimensions)  # fmt: skip
        words = told[source.card.title]["En une image"]
        assert (f"{strong} établi comme point fort" in words.replace("\xa0", " ")) == (strong > 0)
    late = report.plan.total("late")
    assert (f"{late} en retard" in told["Plan d'actions"]["En une image"]) == (late > 0)


def test_the_indicators_are_the_last_published_ones(report):
    """14 of 82 is 17.07 %; Wilson's interval is 10.5 to 26.6, over a target of 10 at most."""
    held = table_of(synthesis.indicators(report), INDICATORS)
    assert held == {"Chutes déclarées": {"Pôle Médecine": "17 % [10 % ; 27 %], cible non atteinte"}}


def test_services_that_cannot_be_summed_are_named(changing):
    changing.write(
        "indicateurs.csv",
        "indicateur;famille;établissement;pôle;service;période;valeur;unité\n"
        f"Note;satisfaction;{FACILITY};Pôle;Médecine;2026-01;76;points\n"
        f"Note;satisfaction;{FACILITY};Pôle;Médecine;2026-02;;points\n"
        f"Note;satisfaction;{FACILITY};Pôle;Chirurgie;2026-02;81;points\n",
    )
    held = table_of(synthesis.indicators(opened(changing)), INDICATORS)
    assert held["Note"]["Pôle"].split(" ; ") == [
        "Médecine : 76 points, janv. 2026",
        "Chirurgie : 81 points",
    ]


def test_a_series_that_moved_both_ways_is_not_called_favourable(changing):
    """About 30 falls a month, then 20, then 31 and 33: too few crossings have no side."""
    falls = [30, 31, 29, 30, 32, 20, 21, 19, 20, 18, 20, 21, 31, 33]
    rows = [
        f"Chutes;événements indésirables;{FACILITY};Pôle A;{2025 + rank // 12}-{rank % 12 + 1:02d};"
        f"{n};1000;taux;1000;baisse"
        for rank, n in enumerate(falls)
    ]
    header = "indicateur;famille;établissement;pôle;période;numérateur;dénominateur;type;par;sens"
    changing.write("indicateurs.csv", "\n".join([header, *rows]))
    said = text_of(synthesis.indicators(opened(changing)))
    assert "changement à comprendre" in said
    assert "favorable" not in said


def test_the_plan_is_counted_on_the_day_of_the_page(small, report):
    said = text_of(synthesis.plan(report))
    assert "2 actions dans le plan : 1 faite, dont 0 évaluée ; 1 ouverte, dont 1 en retard." in said
    assert "En retard : Former les équipes" in said  # neither who nor for how long
    earlier = open_synthesis(str(small.file), FACILITY, "", "2026-01-31")
    assert "1 ouverte, dont 0 en retard." in text_of(synthesis.plan(earlier))


def unrated(campaign, instrument):
    """How many risks of the first group lack a rating, or do not exist there, in the file."""
    with (campaign.parent / "reponses.csv").open(encoding="utf-8-sig", newline="") as file:
        first = next(csv.DictReader(file, delimiter=";"))
    return len({item.dimension for item in instrument.items if first[item.code] in ("8", "9", "")})


def test_groups_declare_without_interval_and_risks_are_counted_by_zone(changing):
    write_round(changing.folder / "groupe", GROUP, {"Médecine": ["4455"], "Chirurgie": ["2233"]})
    path = write_demo_position(changing.folder / "risques", "compte_qualite")
    write_programme(changing, "groupe/campagne.yml", f"risques/{path.name}")
    held = Page(str(synthesis.positions(opened(changing)))).tables[0][2]
    # Écoute: 4 and 4 of 1 to 5 are 75; Suites: 5, and 5 turned round, are 100 and 0
    assert held == [
        ["Deux dimensions"],
        ["Médecine", "Écoute : 75/100 ; Suites : 50/100"],
        ["Chirurgie", "Écoute : 25/100 ; Suites : 50/100"],
    ]
    report = opened(changing, HOSPITAL)
    (asked, (_, position), *others) = Page(str(synthesis.positions(report))).tables[0][2]
    assert asked == [report.sources[0].instrument.title]
    assert not others
    counts = dict(part.rsplit(" ", 1) for part in position.split(", "))
    assert sum(map(int, counts.values())) == len(report.sources[0].instrument.dimensions)
    # a risk without its three ratings stands nowhere
    assert counts.get("sans zone", "0") == str(unrated(path, report.sources[0].instrument))
    line = table_of(synthesis.sources(report), SOURCES)[report.sources[0].card.title]
    assert line["Ce qui est établi"] == "positions déclarées, sans intervalle"


def write_programme(small: SmallProgramme, *campaigns: str, more: str = "") -> None:
    small.write(
        "programme.yml",
        f"id: essai\ntitle: Petit programme\nperiod: 2025-2026\ncampaigns: "
        f"[{', '.join(campaigns)}]\n{more}",
    )


def test_what_persons_say_of_themselves_is_on_no_page_of_a_facility(changing):
    write_round(changing.folder / "soi", PERSON, {"Cadre 1": ["4455"], "Cadre 2": ["2233"]})
    write_programme(changing, "soi/campagne.yml")
    report = opened(changing)
    said = body(lay_out(report))
    assert not synthesis.positions(report)
    assert not synthesis.people(report)
    assert not re.search(r"Cadre|Écoute|/100", said)


# Nothing added up


def test_each_source_says_the_same_alone_as_beside_the_others(changing):
    together = opened(changing)
    write_programme(changing, "equipes/campagne.yml")
    survey = opened(changing)
    write_programme(changing, "dossiers/campagne.yml")
    audit = opened(changing)
    assert text_of(synthesis.people(survey)) == text_of(synthesis.people(together))
    assert text_of(synthesis.audits(audit)) == text_of(synthesis.audits(together))
    every = table_of(synthesis.sources(together), SOURCES)
    alone = [table_of(synthesis.sources(one), SOURCES) for one in (survey, audit)]
    assert alone[0] | alone[1] == {name: every[name] for name in list(every)[:2]}


def test_no_number_of_the_page_stands_for_several_sources(report, page):
    said = body(page)
    assert not re.search(r"\b(29|31)\b", said.replace("31 mars", ""))  # 14 people and 15 records
    assert not re.search(ADDED_UP, re.sub("ni note d'ensemble, ni classement", "", said))
    assert 'data-n=""' in page
    assert report.shown_n == ""


def test_side_by_side_is_said_not_to_be_a_whole_only_when_there_are_several(changing):
    several = text_of(synthesis.limits(opened(changing)))
    assert "Qu'une source en explique une autre" in several
    write_programme(changing, "equipes/campagne.yml")
    assert "Qu'une source" not in text_of(synthesis.limits(opened(changing)))
    assert "Ce que fait chaque service" in text_of(synthesis.limits(opened(changing)))


# No cause


def test_no_word_of_cause(report):
    """Everywhere but where the page says what it does not say."""
    for name in ("sources", "people", "audits", "positions", "indicators", "plan"):
        said = text_of(getattr(synthesis, name)(report))
        assert not re.search(CAUSAL, said, re.I), said
    for name in ("masthead", "provenance"):
        assert not re.search(CAUSAL, text_of(getattr(synthesis, name)(report, DATE)), re.I)
    assert "Ce que cette page ne dit pas" in text_of(synthesis.limits(report))
    texts = " ".join(cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells)
    assert not re.search(CAUSAL, texts, re.I)


# What is hidden


def answer(small: SmallProgramme, service: tuple[str, str], code: str, people: int) -> None:
    """Have every person of a service answer the same."""
    path = small.survey.folder / "reponses.csv"
    head, *rows = read_rows(path)
    others = [row for row in rows if tuple(row[1:3]) != service]
    own = [[f"{service}{rank}", *service, *code * 4] for rank in range(people)]
    write_rows(path, [head, *others, *own])


def test_a_page_does_not_depend_on_what_a_hidden_service_answered(changing):
    """Nothing can be worked out from a page that is the same whatever they said."""
    write_programme(changing, "equipes/campagne.yml")
    night = FACILITY, "Équipe de nuit"
    before = opened(changing)
    for code, people in (("1", 6), ("5", 6), ("3", 8)):
        answer(changing, night, code, people)
        after = opened(changing)
        assert after.fingerprint == before.fingerprint
        assert lay_out(after) == lay_out(before)
    answer(changing, (FACILITY, "Médecine"), "5", 13)
    assert opened(changing).fingerprint != before.fingerprint


def test_a_hidden_facility_shows_its_name_and_no_figure(changing):
    write_programme(changing, "equipes/campagne.yml")
    answer(changing, (EHPAD, "Hébergement"), "5", 7)
    hidden = opened(changing, EHPAD)
    assert table_of(synthesis.sources(hidden), SOURCES) == {
        "Petite campagne": {
            "Quand": "mars 2026",
            "Combien": "–",
            "En une image": "–",
            "Ce qui est établi": "effectif insuffisant",
        }
    }
    assert not synthesis.people(hidden)
    shown = lay_out(hidden)
    for code, people in (("1", 7), ("3", 9)):
        answer(changing, (EHPAD, "Hébergement"), code, people)
        assert lay_out(opened(changing, EHPAD)) == shown


def test_an_audit_of_too_few_records_shows_no_figure(changing):
    write_round(changing.folder / "dossiers", audit_text(changing), {"Médecine": ["ONNO"] * 4})
    report = opened(changing)
    assert not synthesis.audits(report)
    assert table_of(synthesis.sources(report), SOURCES)["Campagne dossiers"]["Combien"] == "–"


def audit_text(small: SmallProgramme) -> str:
    return (small.audit.folder / "instrument.yml").read_text("utf-8")


def test_an_indicator_on_too_few_people_is_not_shown(changing):
    more = "indicators: indicateurs.csv\n"
    write_programme(changing, "equipes/campagne.yml", more=more)
    changing.edit("indicateurs.csv", "2026-01;12;80", "2026-01;1;9")
    changing.edit("indicateurs.csv", "2026-02;14;82", "2026-02;2;8")
    report = opened(changing)
    before, held = lay_out(report), table_of(synthesis.indicators(report), INDICATORS)
    assert held["Chutes déclarées"]["Pôle Médecine"] == "aucune valeur"
    changing.edit("indicateurs.csv", "2026-02;2;8", "2026-02;7;8")
    assert lay_out(opened(changing)) == before


# Which facility


def test_sources_are_those_of_one_facility(small, report, page):
    ehpad = opened(small, EHPAD)
    assert [source.card.id for source in ehpad.sources] == ["equipes"]
    assert (ehpad.dashboards, ehpad.plan) == ((), None)
    said = body(lay_out(ehpad))
    assert EHPAD in said
    for other in (FACILITY, "Médecine", "dossiers", "Chutes", "Former"):
        assert other not in said
    assert [source.card.id for source in report.sources] == ["equipes", "dossiers"]
    assert EHPAD not in body(page)


def test_an_empty_name_is_the_first_facility(small, report):
    first = opened(small, "")
    assert (first.facility, first.fingerprint) == (FACILITY, report.fingerprint)


@pytest.mark.parametrize(
    ("name", "nearest"), [("EHPAD fictf", EHPAD), ("hopital fictif", FACILITY)]
)
def test_an_unknown_facility_is_told_with_the_nearest(small, name, nearest):
    with pytest.raises(Refused) as refused:
        opened(small, name)
    told = str(refused.value).replace("\u202f", " ")
    assert f"établissement « {name} » absent des campagnes du programme" in told
    assert f"vouliez-vous dire « {nearest} » ?" in told


def test_results_that_are_not_there_are_told(small, tmp_path):
    with pytest.raises(Refused, match="n'est pas un fichier de résultats publiés"):
        open_synthesis(str(small.file), FACILITY, str(tmp_path), DATE)


# What a programme may lack


def test_a_programme_without_indicators_or_plan(changing):
    write_programme(changing, "equipes/campagne.yml")
    report = opened(changing)
    assert not synthesis.indicators(report)
    assert not synthesis.plan(report)
    assert not synthesis.audits(report)
    assert "Sources 1 " in text_of(synthesis.masthead(report, DATE))
    evidence = read_evidence(lay_out(report))
    assert prove(Promise(FACILITY, "", None, report.fingerprint), evidence) == ""


def test_a_facility_absent_from_the_plan_has_no_plan(changing):
    text = (changing.folder / "plan.csv").read_text("utf-8")
    changing.write("plan.csv", text.replace(FACILITY, "Autre hôpital"))
    report = opened(changing)
    assert report.plan is None
    assert not synthesis.plan(report)


def test_national_values_stand_in_the_dashboard_the_synthesis_reads(changing):
    changing.write("national.csv", "indicateur;valeur;source\nChutes déclarées;12;Rapport 2025\n")
    more = "indicators: indicateurs.csv\nnational: national.csv\n"
    write_programme(changing, "equipes/campagne.yml", more=more)
    after = opened(changing)
    assert set(after.dashboards[0].published.rows["reference"]) == {12.0}


@pytest.mark.parametrize("name", [HOSTILE, "L'« Œuvre » & <b>Cie</b>", 'Sud" onload="x'])
def test_names_stay_text(changing, name):
    folder = changing.folder / "hostile"
    write_small(folder, [(name, name, 20, 12)])
    write_programme(changing, "hostile/campagne.yml", more="plan: plan.csv\nindicators: i.csv\n")
    title = '"' + name.replace('"', '\\"') + '"'
    changing.edit("programme.yml", "title: Petit programme", f"title: {title}")
    write_cells(changing.folder / "plan.csv", Identifiant="A", Établissement=name, Action=name,
                Pilote=name, Échéance="2026-01-01", État="à faire")  # fmt: skip
    write_cells(changing.folder / "i.csv", indicateur=name, famille="autre", établissement=name,
                pôle=name, période="2026-01", valeur="5")  # fmt: skip
    report = opened(changing, "")
    assert report.facility == name
    shown = lay_out(report)
    assert prove(Promise(name, "", None, report.fingerprint), read_evidence(shown)) == ""
    page = Page(shown)
    assert not {"script", "b"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    late = text_of(synthesis.plan(report))
    assert name.replace("\u202f", " ") in late


def write_cells(path: Path, **cells: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([list(cells), list(cells.values())])
