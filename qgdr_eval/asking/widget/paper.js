// Sheets of paper, after turns.js in the same module: the code of a card, digits, Enter, the next.

// Beside the digits of the form: 0 leaves a question blank, Backspace goes back to the one before.
function byKeys(root) {
  const questions = [...root.querySelectorAll("fieldset")];
  const send = root.querySelector(".send");
  const go = (at) => {
    const question = questions[at];
    if (!question) return send.focus();
    (question.querySelector("input:checked") ?? question.querySelector("input")).focus({ preventScroll: true });
    question.scrollIntoView({ block: "center" });
  };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const question = event.target.closest("fieldset");
    const at = question ? questions.indexOf(question) : questions.length;
    if (question && event.key === "0") {
      choose(question, "");
      go(at + 1);
    } else if (event.key === "Backspace" && (question || event.target === send)) {
      go(Math.max(0, at - 1));
    } else if (event.key === "Enter" && event.target.matches(".blanks")) {
      send.click();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  return go;
}

// Answer a question, "" to leave it blank, as if it had been done by hand.
function choose(question, value) {
  const inputs = [...question.querySelectorAll("input")];
  const before = inputs.find((one) => one.checked);
  const after = inputs.find((one) => value !== "" && one.value === value);
  if (before === after) return question.dispatchEvent(new Event("settle", { bubbles: true }));
  (after ?? before).checked = Boolean(after);
  (after ?? before).dispatchEvent(new Event("change", { bubbles: true }));
}

// Where the two times differ: each is settled by one of both answers, or by a third in the form.
function differences(root, unlike, go) {
  root.querySelector(".differences")?.remove();
  const box = make("section", "differences");
  const many = unlike.length > 1;
  box.tabIndex = -1;
  box.setAttribute("role", "alert");
  box.append(make("h2", "", many ? `${unlike.length} réponses diffèrent d’une saisie à l’autre` : "Une réponse diffère d’une saisie à l’autre"));
  box.append(make("p", "", "Regardez la feuille, et gardez la bonne ; la question elle-même permet d’en donner une autre."));
  const lines = make("ol");
  const questions = [...root.querySelectorAll("fieldset")];
  const place = (one) => questions.findIndex((question) => question.querySelector("input").name === one.name);
  for (const one of unlike.sort((a, b) => place(a) - place(b))) {
    const question = questions[place(one)];
    const line = make("li"), link = make("a", "", question.querySelector(".asked").textContent);
    link.href = `#${question.id}`;
    link.addEventListener("click", (event) => { event.preventDefault(); go(questions.indexOf(question)); });
    line.append(link);
    for (const [which, value] of [["première", one.first], ["seconde", one.second]]) {
      const input = [...question.querySelectorAll("input")].find((given) => given.value === value);
      const button = make("button", "", `${input ? input.parentElement.textContent.trim() : "Sans réponse"} (${which} saisie)`);
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => choose(question, value));
      button.dataset.value = value;
      line.append(button);
    }
    const settle = () => {
      const value = question.querySelector("input:checked")?.value ?? "";
      line.classList.add("settled");
      line.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.value === value)));
    };
    for (const gesture of ["change", "settle"]) question.addEventListener(gesture, settle);
    lines.append(line);
  }
  box.append(lines);
  root.querySelector("header").after(box);
  hush(box);
  box.focus();
  return () => lines.querySelectorAll("li:not(.settled)").length;
}

function typeSheets(el, shown, ask) {
  let here = null;

  const next = (said) => {
    here = null;
    const field = askWho(el, shown.first, async (given) => {
      const { visit, ...sheet } = await ask({ do: "enter", ...given });
      type(visit, sheet);
    }, said);
    el.querySelector(".waiting").textContent = shown.waiting;
    return field;
  };

  const leave = (said) => {
    const { visit, kept } = here;
    const lost = kept.left();
    const inside = el.contains(document.activeElement);
    const field = next(said && (lost ? shown.lost : said));
    if (inside) field.focus();
    return kept.then(() => ask({ do: "leave", visit })).then(wait).catch(() => {});
  };

  const wait = ({ waiting }) => {
    shown.waiting = waiting;
    const line = el.querySelector(".waiting");
    if (line) line.textContent = waiting;
  };

  const type = (visit, { form, again, done }) => {
    const kept = keeper((answers) => ask({ do: "keep", visit, answers }));
    let unsettled = null;
    put(el, form);
    here = { visit, kept };
    const root = el.querySelector(".qgdr-form");
    root.classList.add("qgdr-sheet");
    const go = byKeys(root);
    const send = root.querySelector(".send");
    mount(root, {
      keep: async (name, value) => {
        if (again || name.startsWith("_commentaire")) return;
        await kept.keep(name, value).catch((error) => { throw told("Cette réponse n’a PAS été enregistrée.", error); });
      },
      send: async (answers) => {
        if (unsettled?.()) {
          root.querySelector(".differences").focus();
          const left = unsettled();
          throw Object.assign(new Error(), { told: left > 1 ? `${left} différences sont encore à revoir, en haut de cette feuille.` : "Une différence est encore à revoir, en haut de cette feuille." });
        }
        const reply = await kept.then(() => ask({ do: "send", visit, answers, again, settled: Boolean(unsettled) }))
          .catch((error) => { throw told("Cette feuille n’est PAS scellée.", error); });
        if (reply.form) return type(visit, reply);
        if (!reply.differences) return sealed(visit, reply);
        unsettled = differences(root, reply.differences, go);
        send.textContent = "Sceller";
        throw Object.assign(new Error(), { told: "Rien n’est encore scellé : voyez les différences, en haut de cette feuille." });
      },
    });
    send.textContent = done;
    const bar = make("p", "leave"), button = make("button", "", shown.leave);
    button.type = "button";
    button.addEventListener("click", () => leave(""));
    bar.append(button);
    root.prepend(bar);
    hush(el);
    const blank = [...root.querySelectorAll("fieldset")].findIndex((question) => !question.matches(".answered"));
    go(blank < 0 ? Infinity : blank);
    return "";
  };

  const sealed = (visit, reply) => {
    const field = next(reply.told);
    field.focus();
    ask({ do: "leave", visit }).then(wait).catch(() => {});
    return "";
  };

  const stop = watch(el, () => here ? leave(shown.resume) : idle(el) || next(""));
  next("");
  return stop;
}
