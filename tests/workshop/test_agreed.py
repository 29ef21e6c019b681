"""What was agreed reaches the plan and the group's answers, once, and replaces nothing unasked."""

import json
import shutil

import pytest

from qgdr_eval.actions import edit_action, read_plan, save_plan
from qgdr_eval.campaigns.sources import plan_file
from qgdr_eval.cli import main
from qgdr_eval.fictitious import write_demo, write_demo_programme
from qgdr_eval.fictitious.positions import write_demo_position
from qgdr_eval.problems import Refused
from qgdr_eval.reporting import open_report
from qgdr_eval.reporting.minutes import open_minutes
from qgdr_eval.reporting.minutes.page import lay_minutes
from qgdr_eval.workshop import Journal, journal_path, open_debate, read_held
from qgdr_eval.workshop.agreed import carry_actions, carry_answers, plan_for, takes_answers
from qgdr_eval.workshop.screens import Screen, lay_screen
from qgdr_eval.workshop.session import Advanced, Agreement, Decided
from tests.workshop.printed import published


def hold(campaign, *agreements):
    """A workshop where nobody votes and a few questions are agreed on, in the debate's order."""
    debate = open_debate(str(published(campaign)))
    path = journal_path(campaign, debate.facility, debate.service)
    path.parent.mkdir(exist_ok=True)
    journal = Journal(path, debate)
    for topic, agreement in zip(debate.topics, agreements, strict=False):
        for _ in range(4):
            journal.take(Advanced(topic.item))
        journal.take(Decided(topic.item, agreement(topic)))
    return journal.kept


def first_answer(**texts):
    return lambda topic: Agreement(topic.codes[0], "agreed", **texts)


def no_answer(**texts):
    return lambda topic: Agreement(None, "none", **texts)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fait")
    write_demo(folder / "equipe")
    write_demo_position(folder / "groupe", "politique_qgdr")
    return folder


@pytest.fixture
def team(made, tmp_path):
    return shutil.copytree(made / "equipe", tmp_path / "equipe") / "campagne.yml"


@pytest.fixture
def group(made, tmp_path):
    """Two groups' position; the first has not answered one question yet."""
    folder = shutil.copytree(made / "groupe", tmp_path / "groupe")
    header, first, *others = (folder / "reponses.csv").read_text("utf-8-sig").splitlines()
    cells = first.split(";")
    cells[header.split(";").index("MO05")] = ""
    lines = "\n".join([header, ";".join(cells), *others, ""])
    (folder / "reponses.csv").write_text(lines, encoding="utf-8-sig")
    return folder / "campagne.yml"


# Actions


def test_a_decided_action_is_one_row_of_the_plan(team):
    kept = hold(team, first_answer(action="Relire à deux", evidence="Audit de mars"), no_answer())
    path = plan_for(team)
    carried = carry_actions(kept, path)
    (row,) = read_plan(path).actions.to_dict("records")
    topic = kept.topics[0]
    assert (row["action"], row["state"], row["origin"]) == ("Relire à deux", "à faire", "atelier")
    assert (row["facility"], row["service"]) == (kept.facility, kept.service)
    assert (row["dimension"], row["item"]) == (topic.dimension, topic.item)
    assert row["finding"] == topic.why
    assert row["campaign"] == kept.campaign
    assert "Décidée en atelier (accord)" in row["comment"]
    assert "Audit de mars" in row["comment"]
    assert (carried.new, carried.added, carried.known) == (True, (topic.item,), ())


def test_once_and_never_twice_whatever_the_team_made_of_it(team):
    kept = hold(team, first_answer(action="Relire à deux"))
    path = plan_for(team)
    carry_actions(kept, path)
    plan = read_plan(path)
    own = plan.actions.assign(Budget="200 €")
    (id,) = own["id"]
    mine = edit_action(own, id, state="abandonné", action="Relire seul", pilot="cadre")
    save_plan(type(plan)(plan.file, mine, plan.notes, digest=plan.digest), path)
    before = path.read_bytes()
    carried = carry_actions(kept, path)
    assert (carried.added, len(carried.known)) == ((), 1)
    assert path.read_bytes() == before


def test_another_action_leaves_the_plan_of_the_team_as_it_was(tmp_path):
    write_demo_programme(tmp_path)
    campaign = tmp_path / "campagne.yml"
    before = read_plan(tmp_path / "plan.xlsx").actions
    kept = hold(campaign, first_answer(action="=2+2"), first_answer(action="Relire"))
    assert plan_for(campaign) == tmp_path / "plan.xlsx"  # the one its programme names
    carry_actions(kept, plan_for(campaign))
    after = read_plan(tmp_path / "plan.xlsx").actions
    assert after.iloc[: len(before)].equals(before)
    new = after.iloc[len(before) :]
    assert new["action"].tolist() == ["=2+2", "Relire"]
    assert new["id"].is_unique
    there = before[(before["service"] == kept.service) & (before["pole"] != "")]
    assert set(new["pole"]) == {there["pole"].iloc[0] if len(there) else ""}


def test_a_workshop_held_on_unpublished_results_takes_none_of_their_figures_anywhere(team):
    """As an earlier kit held them: only a warning was given."""
    kept = hold(team, first_answer(action="Relire"))
    path = journal_path(team, kept.facility, kept.service)
    held = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(held | {"draft": True}), encoding="utf-8")
    kept = read_held(path)
    carry_actions(kept, plan_for(team))
    (row,) = read_plan(plan_for(team)).actions.to_dict("records")
    assert row["action"] == "Relire"
    shown = [row["finding"], lay_minutes(open_minutes(kept)),
             lay_screen(Screen(kept, "facilitator", "/"))]  # fmt: skip
    for text in shown:
        assert "n’étaient pas publiés" in text.replace("'", "’")
        assert not any(topic["why"] in text for topic in held["topics"])


def test_answers_that_came_since_take_nothing_from_a_workshop_that_was_held(team, capsys):
    """Its results were published then; the campaign's are not any more."""
    kept = hold(team, first_answer(action="Relire"))
    answers = team.parent / "reponses.csv"
    lines = answers.read_text("utf-8-sig").splitlines(keepends=True)
    answers.write_text("".join(lines[:-3]), encoding="utf-8-sig")
    command = [team, "--facility", kept.facility, "--service", kept.service]
    page = team.parent / "compte-rendu.html"
    assert run(capsys, *command, "--agreed")[0] == 0
    assert run(capsys, *command, "--minutes", page)[0] == 0
    code, said = run(capsys, *command, "--script", team.parent / "deroule.html")
    assert code == 1
    assert "ne sont pas publiés" in said


def test_dissent_stays_in_the_room(team):
    kept = hold(team, first_answer(action="Relire", dissent="Pas la nuit"))
    carry_actions(kept, plan_for(team))
    assert "Pas la nuit" not in read_plan(plan_for(team)).actions.to_csv()


def test_nothing_is_written_when_nothing_was_decided(team):
    carried = carry_actions(hold(team, no_answer()), plan_for(team))
    assert (carried.added, carried.known) == ((), ())
    assert not plan_for(team).exists()


def test_a_file_that_is_no_plan_is_refused_and_left_alone(team):
    kept = hold(team, first_answer(action="Relire"))
    before = (team.parent / "reponses.csv").read_bytes()
    with pytest.raises(Refused, match="plan d'actions"):
        carry_actions(kept, team.parent / "reponses.csv")
    assert (team.parent / "reponses.csv").read_bytes() == before


def test_the_plan_is_the_one_the_campaign_names(team):
    assert plan_file(team) is None
    with team.open("a", encoding="utf-8") as stream:
        stream.write("plan: ../commun.csv\n")
    assert plan_file(team) == team.parent / "../commun.csv"


# Answers


def codes_of(campaign, kept):
    """What the group's file holds for the service, read as the kit reads it."""
    report = open_report(str(campaign), kept.facility, kept.service)
    shown = report.published.distributions
    given = shown[(shown["count"] == 1) & (shown["state"] != "missing")]
    return dict(zip(given["item"], given["label"], strict=True))


def test_answers_of_people_are_never_added_to(team, group):
    assert not takes_answers(team)
    assert takes_answers(group)


def test_a_question_left_blank_comes_first_and_its_agreed_answer_reaches_the_page(group):
    kept = hold(group, first_answer())
    blank = kept.topics[0]
    assert blank.why == "Le groupe n'a pas encore répondu à cette question."
    before = codes_of(group, kept)
    assert blank.item not in before
    carried = carry_answers(kept, group)
    assert carried.added == (blank.item,)
    assert codes_of(group, kept) == before | {blank.item: dict(blank.answers)[blank.codes[0]]}
    assert carry_answers(kept, group).known == (blank.item,)


def test_another_answer_is_replaced_only_when_asked_and_leaves_its_trace(group):
    def another(topic):
        return Agreement(topic.codes[2], "reserved")

    kept = hold(group, no_answer(), another)
    answers = group.parent / "reponses.csv"
    before, item = answers.read_bytes(), kept.topics[1].item
    carried = carry_answers(kept, group)
    assert answers.read_bytes() == before
    ((text, there, agreed),) = carried.other
    assert (text, agreed) == (kept.topics[1].text, "Fait")
    assert there != agreed
    assert carry_answers(kept, group, replace=True).added == (item,)
    assert codes_of(group, kept)[item] == "Fait"
    assert item in (group.parent / "reponses.journal.csv").read_text("utf-8-sig")


# The command


def run(capsys, *words):
    """(exit code, what was said), plain spaces."""
    with pytest.raises(SystemExit) as left:
        main(["workshop", *map(str, words)])
    said = "".join(capsys.readouterr())
    return left.value.code, said.replace("\u202f", " ").replace("\xa0", " ")


def test_the_command_carries_both_and_says_what_it_left(group, capsys):
    kept = hold(group, first_answer(action="Écrire la mission"), lambda t: Agreement(3, "agreed"))
    command = [group, "--facility", kept.facility, "--service", kept.service, "--agreed"]
    code, said = run(capsys, *command)
    assert code == 0
    assert "plan.xlsx : 1 action inscrite" in said
    assert "reponses.csv : 1 réponse du groupe écrite" in said
    assert "Laissée telle quelle" in said
    assert "--agreed --replace" in said
    assert "qgdr report" in said
    code, said = run(capsys, *command, "--replace")
    assert code == 0
    assert "0 action inscrite, 1 y était déjà" in said
    assert "1 réponse du groupe écrite, 1 y était déjà" in said


def test_a_page_is_written_over_no_other_file_unless_asked(team, capsys, tmp_path):
    hold(team, first_answer())
    page = tmp_path / "compte-rendu.html"
    page.write_text("à garder")
    code, said = run(capsys, team, "--minutes", page)
    assert (code, page.read_text()) == (1, "à garder")
    assert "--replace" in said
    code, said = run(capsys, team, "--minutes", team.parent / "reponses.csv", "--replace")
    assert code == 1
    assert "ce fichier sert à la campagne" in said
    assert run(capsys, team, "--minutes", page, "--replace")[0] == 0
    assert "Compte rendu" in page.read_text("utf-8")


def test_a_group_that_answered_nothing_is_told_where_to_answer(group, capsys):
    answers = group.parent / "reponses.csv"
    head, *rows = answers.read_text("utf-8-sig").splitlines()
    blank = [";".join([*row.split(";")[:2], *[""] * (row.count(";") - 1)]) for row in rows]
    answers.write_text("\n".join([head, *blank]), encoding="utf-8")
    code, said = run(capsys, group)
    assert code == 1
    assert "ce groupe n'a encore rien répondu" in said
    assert "05_saisie" in said


def test_nothing_to_carry_from_a_workshop_that_was_not_held(team, capsys):
    code, said = run(capsys, team, "--agreed")
    assert code == 1
    assert "aucun atelier" in said
