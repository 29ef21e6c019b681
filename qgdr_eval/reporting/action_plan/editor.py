"""The form a plan is completed with, in a notebook: one action at a time, saved on demand.

The example reads ``plan_report``, as those of `qgdr_eval.reporting.action_plan.sections`.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from qgdr_eval.actions import HEADERS, STATES, Plan, edit_action, make_actions, save_plan
from qgdr_eval.actions.model import DATES, PLACE, PRIORITIES, TO_DO
from qgdr_eval.actions.suggest import free_id
from qgdr_eval.french import count, quote, typography
from qgdr_eval.problems import Refused
from qgdr_eval.reporting.action_plan.report import PlanReport
from qgdr_eval.reporting.page.fragment import Fragment, render

SHORT = ("pole", "service")
FIELDS = (
    "pole",
    "service",
    "objective",
    "action",
    "decided",
    "priority",
    "pilot",
    "contributors",
    "start",
    "due",
    "indicator",
    "target",
    "method",
    "state",
    "progress",
    "evaluated_on",
    "result",
    "comment",
)
WIDE = widgets.Layout(width="100%", max_width="46rem")
ROOM = {"description_width": "11rem"}
PARAGRAPH = Markup('<p style="white-space:pre-line;line-height:1.5;max-width:46rem">{}</p>')
NAMED = 60  # characters of an action in the list they are chosen from


def edit_plan(report: PlanReport, save: str = "") -> "PlanForm":
    """The form of the actions of a place. ``save``: the file proposed, by default the plan's own.

    Nothing is written until somebody presses « Enregistrer », or `PlanForm.write` names a file.

    >>> form = edit_plan(plan_report)
    >>> len(form.plan.actions) == len(plan_report.plan.actions)
    True
    """
    return PlanForm(report, save or report.plan.path)


class PlanForm(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no annotations
    """One action at a time: its fields, the action before and after, a button that saves."""

    def __init__(self, report: PlanReport, file: str) -> None:
        self._report, self._plan = report, report.plan
        self._at, self._shown = "", dict[str, object]()  # the action in the fields, as it was put
        self._fields = {name: _field(name) for name in FIELDS}
        self._finding, self._message = widgets.HTML(), widgets.HTML()
        self._chosen = widgets.Dropdown(description="Action choisie", layout=WIDE, style=ROOM)
        self._chosen.observe(self._turn, "value")
        self._file = widgets.Text(file, description="Fichier", layout=WIDE, style=ROOM)
        self._offer(list(report.own["id"]))
        super().__init__([self._chosen, self._finding, *self._fields.values(), self._file,
                          self._buttons(), self._message])  # fmt: skip

    @property
    def plan(self) -> Plan:
        """The plan with what stands in the fields now, whether saved or not."""
        self._keep()
        return self._plan

    def write(self, file: str) -> Fragment:
        """Write the plan to a file and say so; without a file, write nothing and say so.

        Raises `Refused` when the plan has errors or the file is not the one that was opened.
        """
        if not file.strip():
            return render(
                "action_plan/said", text="Rien n'est écrit : « save » ne nomme pas de fichier."
            )
        self._plan = save_plan(self.plan, file.strip())
        n = count(len(self._plan.actions), "action")
        return render("action_plan/said", text=f"Enregistré : {n} dans {quote(self._plan.file)}.")

    def _buttons(self) -> widgets.Box:
        """The row of buttons; that of proposals only when there are any."""
        offered = len(self._report.proposals)
        commands = [
            ("Précédente", lambda: self._step(-1)),
            ("Suivante", lambda: self._step(1)),
            ("Nouvelle action", self._begin),
            (f"Ajouter {count(offered, 'proposition')}", self._accept) if offered else None,
            ("Enregistrer", self._save),
        ]
        made = [_button(*command) for command in commands if command]
        return widgets.HBox(made, layout=widgets.Layout(flex_flow="row wrap", width="100%"))

    def _keep(self) -> None:
        """Take what was changed in the fields, and only that, into the plan."""
        now = {name: field.value for name, field in self._fields.items()}
        changes = {name: _told(now[name]) for name in self._shown if now[name] != self._shown[name]}
        if changes:
            self._hold(edit_action(self._plan.actions, self._at, **changes))
            self._shown = now

    def _hold(self, actions: pd.DataFrame) -> None:
        self._plan = replace(self._plan, actions=actions)

    def _turn(self, change: Mapping[str, str | None]) -> None:
        """Another action was chosen: keep the one that is left, show the new one."""
        self._keep()
        self._at = change["new"] or ""
        self._show()

    def _show(self) -> None:
        rows = self._plan.actions[self._plan.actions["id"] == self._at].to_dict("records")
        for name, field in self._fields.items():
            field.disabled = not rows
            if rows:
                _fill(field, name, rows[0][name])
        self._shown = {name: field.value for name, field in self._fields.items()} if rows else {}
        found = [f"Constat : {row['finding'] or 'à écrire dans le fichier'}" for row in rows]
        self._finding.value = _paragraph(found[0] if found else "Aucune action.")

    def _offer(self, ids: list[str], chosen: str | None = None) -> None:
        """List these actions and show one, the first unless it is named."""
        texts = dict(zip(self._plan.actions["id"], self._plan.actions["action"], strict=True))
        self._keep()
        self._shown = {}  # the list below passes by its first action
        self._chosen.options = [(_name(id, texts[id]), id) for id in ids]
        self._chosen.value = chosen or next(iter(ids), None)
        self._show()

    def _step(self, by: int) -> None:
        ids = [id for _, id in self._chosen.options]
        if ids:
            self._chosen.value = ids[(ids.index(self._chosen.value) + by) % len(ids)]

    def _begin(self) -> None:
        """Add an action of this place, to be written."""
        place = {name: getattr(self._report, name) for name in PLACE}
        id = free_id(f"initiative {place['service'] or place['pole']}", self._plan.actions["id"])
        row = {"id": id, "origin": "initiative", "state": TO_DO, "progress": "0", **place}
        self._add(make_actions([row]))

    def _accept(self) -> None:
        """Add the proposals that are not in the plan yet."""
        new = self._report.proposals
        self._add(new[~new["id"].isin(self._plan.actions["id"])])

    def _add(self, new: pd.DataFrame) -> None:
        if new.empty:
            self._say("Ces propositions sont déjà dans le plan.")
            return
        old = self.plan.actions
        rows = [*old.to_dict("records"), *new.to_dict("records")]
        self._hold(make_actions(rows, list(old)))
        self._offer([*(id for _, id in self._chosen.options), *new["id"]], new["id"].iloc[0])
        self._say(f"{count(len(new), 'action ajoutée', 'actions ajoutées')}, à compléter.")

    def _save(self) -> None:
        """Write the file named in the form, and say what was written or why not."""
        if not self._file.value.strip():
            self._say("Donnez un nom de fichier, par exemple plan.xlsx.")
            return
        try:
            self._message.value = str(self.write(self._file.value))
        except Refused as refused:
            self._say("\n".join(map(str, refused.problems)))

    def _say(self, text: str) -> None:
        self._message.value = _paragraph(text)


def _field(name: str) -> widgets.DOMWidget:
    """The field of a column, with its French name as its label."""
    how = {"description": HEADERS[name], "layout": WIDE, "style": ROOM}
    if name in DATES:
        return widgets.DatePicker(**how)
    if name == "state":
        return widgets.Dropdown(options=STATES, **how)
    if name == "priority":
        return widgets.Dropdown(options=("", *PRIORITIES), **how)
    if name == "progress":
        return widgets.BoundedIntText(min=0, max=100, **how)
    if name in SHORT:
        return widgets.Text(**how)
    return widgets.Textarea(rows=4 if name == "action" else 2, **how)


def _fill(field: widgets.DOMWidget, name: str, text: str) -> None:
    """Show the value of a column. A word the list does not have is offered beside the others."""
    if name in DATES:
        field.value = datetime.date.fromisoformat(text) if text else None
    elif name == "progress":
        field.value = int(float(text.replace(",", "."))) if text else 0
    elif name == "priority":
        field.options = tuple(dict.fromkeys(("", *PRIORITIES, text)))
        field.value = text
    else:
        field.value = text


def _told(value: object) -> str:
    """What a field says, as the plan keeps it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _name(id: str, text: str) -> str:
    first = text.split("\n")[0]
    return f"{id} : {first[:NAMED]}{'…' if len(first) > NAMED else ''}"


def _paragraph(text: str) -> str:
    return str(PARAGRAPH.format(typography(text)))


def _button(text: str, act: Callable[[], None]) -> widgets.Button:
    button = widgets.Button(description=text, layout=widgets.Layout(width="auto", height="44px"))
    button.on_click(lambda _: act())
    return button
