
// Entering in a notebook, after form.js and kernel.js in the same module. What is typed goes to the kernel by
// messages, and is kept when the kernel says so; no answer is ever put in the state of the widget.

function make(tag, className = "", text = "") {
  const one = document.createElement(tag);
  if (className) one.className = className;
  one.textContent = text;
  return one;
}

function lay(box, html) {
  box.innerHTML = html;
  return box.querySelector(".qgdr-form");
}

// A text beside the answers: its keys are its own, neither answers nor steps of the form.
function write(label, text, keep) {
  const around = make("label", "written", "");
  const field = make("textarea", "", "");
  field.rows = 2;
  field.value = text;
  around.append(make("span", "", label), field);
  field.addEventListener("keydown", (event) => event.stopPropagation());
  field.addEventListener("change", (event) => { event.stopPropagation(); keep(field.value); });
  return around;
}

function enter(el, shown, ask) {
  const bar = make("div", "qgdr-form qgdr-bar");
  const which = make("form", "which");
  const trouble = make("p", "trouble");
  const where = make("p", "where");
  const doubts = make("ul", "doubts");
  const entered = list("entered"), left = list("left");
  const box = make("div", "box");
  const inputs = {};
  trouble.setAttribute("role", "alert");
  where.setAttribute("role", "status");
  doubts.setAttribute("aria-live", "polite");
  which.autocomplete = "off";
  which.noValidate = true;
  const one = shown.named;
  let record = null;

  function list(name) {
    const details = make("details", name);
    details.append(make("summary"), make("ul"));
    return details;
  }

  function field(role, label, values) {
    const around = make("label", role);
    const input = make(values ? "select" : "input");
    for (const [value, text] of values ?? []) {
      const option = make("option", "", text);
      option.value = value;
      input.append(option);
    }
    around.append(make("span", "", label), input);
    if (!values && role !== "subject") {
      const known = make("datalist");
      known.id = `qgdr-${role}`;
      input.setAttribute("list", known.id);
      around.append(known);
    }
    which.append(around);
    inputs[role] = input;
  }

  function fields() {
    const places = shown.places.map(([facility, service], at) => [String(at), facility ? `${service} (${facility})` : service]);
    if (places.length > 1) field("place", "Service", places);
    if (!places.length && shown.roles.includes("facility")) field("facility", "Établissement");
    if (!places.length && shown.roles.includes("service")) field("service", "Service");
    if (shown.roles.includes("subject")) field("subject", `${one} (numéro)`);
    which.append(make("button", "", "Ouvrir"));
  }

  function asked() {
    const [facility, service] = shown.places[Number(inputs.place?.value ?? 0)] ?? [inputs.facility?.value ?? "", inputs.service?.value ?? ""];
    return { facility, service, subject: inputs.subject?.value ?? "" };
  }

  function name(place) {
    return [place.subject, place.service].filter(Boolean).join(" · ");
  }

  function draw(lists) {
    Object.assign(shown, { entered: lists.entered, left: lists.left });
    fill(entered, `Déjà saisi : ${lists.entered.length}`, lists.entered, (place) => {
      const corrections = place.corrections ? `, ${place.corrections} correction${place.corrections > 1 ? "s" : ""}` : "";
      return `${name(place)} (${place.answered} sur ${shown.total}${corrections})`;
    });
    fill(left, `Reste à saisir : ${lists.left.length}`, lists.left, name);
    left.hidden = !lists.left.length;
    for (const known of which.querySelectorAll("datalist")) known.replaceChildren(...lists.known[known.id.slice(5)].map((name) => new Option(name, name)));
  }

  function fill(details, title, places, said) {
    details.querySelector("summary").textContent = title;
    details.querySelector("ul").replaceChildren(...places.map((place) => {
      const line = make("li"), button = make("button", "", said(place));
      button.type = "button";
      button.addEventListener("click", () => open(place));
      line.append(button);
      return line;
    }));
    hush(details);
  }

  // A number that was typed, and not chosen from a list, may be wrong: what to look at is said.
  async function open(place, typed = false) {
    try {
      await record?.flush(); // what the record on screen has not kept yet goes first
      const opened = await ask({ do: "open", where: place, typed });
      trouble.textContent = "";
      where.textContent = `${one} : ${name(opened)}`;
      doubts.replaceChildren(...opened.doubts.map((doubt) => make("li", "", doubt)));
      if (inputs.subject) inputs.subject.value = opened.subject;
      if (inputs.service) inputs.service.value = opened.service;
      if (inputs.facility) inputs.facility.value = opened.facility;
      if (inputs.place) inputs.place.value = String(Math.max(0, shown.places.findIndex(([f, s]) => s === opened.service && (!opened.facility || f === opened.facility))));
      record = hold(opened);
      show(opened);
    } catch (error) {
      trouble.textContent = error.message;
    }
  }

  // What was typed and not acknowledged yet goes with what is typed next, until it is kept.
  function hold(place) {
    const blank = () => ({ answers: {}, notes: {}, reasons: {} });
    let typed = blank(), running = null, queued = null;
    const push = async () => {
      const sent = typed;
      if (!Object.values(sent).some((texts) => Object.keys(texts).length)) return;
      typed = blank();
      try {
        draw(await ask({ do: "keep", where: place, ...sent }));
        trouble.textContent = "";
      } catch (error) {
        for (const kind in sent) typed[kind] = { ...sent[kind], ...typed[kind] };
        trouble.textContent = error.message;
        throw error;
      }
    };
    const flush = () => {
      if (!running) return (running = push().finally(() => { running = null; }));
      queued ??= running.catch(() => {}).then(() => { queued = null; return flush(); });
      return queued;
    };
    return { flush, keep: (kind, key, text) => { typed[kind][key] = text; return flush(); } };
  }

  function show(opened) {
    const root = lay(box, shown.form);
    const own = record;
    const questions = [...root.querySelectorAll("fieldset")];
    const code = (question) => question.querySelector("input").name;
    const told = (text) => { root.querySelector(".told").textContent = text; };
    const beside = (kind, key) => async (text) => {
      try { await own.keep(kind, key, text); told(""); } catch { told("Ce texte n’a PAS été enregistré."); }
    };
    const explain = (question, value) => {
      const wanted = (shown.reasons[code(question)] ?? []).includes(value);
      const there = question.querySelector(".written");
      const when = question.querySelector(".when")?.textContent;
      const label = when ? `Motif, si ce n’est pas «\u202f${when}\u202f» (facultatif, sans nom)` : "Motif (facultatif, sans nom)";
      if (wanted && !there) question.append(write(label, opened.reasons[code(question)] ?? "", beside("reasons", code(question))));
      if (there) there.hidden = !wanted;
      hush(question);
    };
    for (const question of questions) {
      const value = String(opened.answers[code(question)] ?? "");
      const answer = [...question.querySelectorAll("input")].find((input) => input.value === value);
      if (answer) answer.checked = true;
      explain(question, value);
    }
    const sections = [...root.querySelectorAll("section:not(.blanks)")];
    for (const note of shown.notes) sections[note.section].append(write(`Notes : ${note.label}`, opened.notes[note.id] ?? "", beside("notes", note.id)));
    mount(root, {
      keep: async (item, value) => {
        explain(questions.find((question) => code(question) === item), value);
        await own.keep("answers", item, value);
      },
      send: async (answers) => {
        for (const item in answers) own.keep("answers", item, answers[item]).catch(() => {});
        await own.flush();
        if (inputs.subject) setTimeout(next);
      },
    });
    root.querySelector(".send").textContent = shown.next;
    hush(el);
    questions[0].querySelector("input").focus();
  }

  function next() {
    if (shown.left.length) return open(shown.left[0]);
    record = null;
    box.replaceChildren();
    inputs.subject.value = "";
    inputs.subject.focus();
    where.textContent = "Enregistré.";
    doubts.replaceChildren();
  }

  which.addEventListener("submit", (event) => { event.preventDefault(); open(asked(), true); });
  fields();
  bar.append(which, where, doubts, trouble, left, entered);
  el.append(bar, box);
  draw(shown);
  hush(el);
  const alone = !inputs.subject && shown.places.length === 1;
  if (shown.last) open(shown.last);
  else if (alone) open(asked());
}

async function render({ model, el }) {
  const ask = correspond(model);
  el.classList.add("qgdr-entry");
  el.tabIndex = -1; // a press beside a question stays here: the notebook would take the next keys
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  el.addEventListener("keydown", (event) => event.stopPropagation()); // a cell takes Enter for its own
  try {
    const shown = await ask({ do: "show" });
    const host = { respondent: passRound, sheets: typeSheets }[shown.subject] ?? enter;
    return host(el, shown, ask);
  } catch (error) {
    const said = make("p", "trouble", error.message);
    said.setAttribute("role", "alert");
    el.replaceChildren(said);
  }
}

export default { render };
