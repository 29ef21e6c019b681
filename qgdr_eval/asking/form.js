// The form by itself: digits, progress, answers taken back, what is left blank. A host says what
// becomes of answers: keep(code, value) after each, send(answers) at the end, both awaited.
const NOWHERE = { keep: async () => {}, send: async () => {} };
const SENT = { trial: "C’est fini. Ceci était un essai : rien n’a été enregistré." };

export function mount(root, host = NOWHERE) {
  const form = root.querySelector("form");
  const questions = [...form.querySelectorAll("fieldset")];
  const chosen = (question) => question.querySelector("input:checked");
  const code = (question) => question.querySelector("input").name;
  const say = (text) => { form.querySelector(".told").textContent = text; };
  let passed = false; // blanks were shown once: sending again sends

  const count = () => {
    const done = questions.filter(chosen).length;
    form.querySelector(".count").textContent = done;
    questions.forEach((q) => q.classList.toggle("answered", Boolean(chosen(q))));
  };

  const keep = async (question) => {
    count();
    try {
      await host.keep(code(question), chosen(question)?.value ?? "");
      say("");
    } catch {
      say("Cette réponse n’a PAS été enregistrée. Réessayez, ou prévenez la personne qui vous a remis ce questionnaire.");
    }
  };

  const go = (question) => {
    const target = chosen(question) ?? question.querySelector("input");
    target.focus({ preventScroll: true });
    question.scrollIntoView({ block: "center" });
  };

  form.addEventListener("change", (event) => keep(event.target.closest("fieldset")));

  form.addEventListener("keydown", (event) => {
    const question = event.target.closest("fieldset");
    if (event.key === "Enter" && event.target.type === "radio") event.preventDefault();
    if (!question || event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
    const answer = question.querySelectorAll("input")[event.key - 1];
    if (!answer) return;
    event.preventDefault();
    event.stopPropagation();
    answer.checked = true;
    keep(question);
    const next = questions[questions.indexOf(question) + 1];
    next ? go(next) : form.querySelector(".send").focus();
  });

  const blanks = () => {
    const left = questions.filter((q) => !chosen(q));
    const box = form.querySelector(".blanks");
    box.hidden = !left.length;
    box.querySelector("h2").textContent = left.length > 1 ? `${left.length} questions sont restées sans réponse` : "Une question est restée sans réponse";
    box.querySelector("ol").replaceChildren(...left.map((q) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${q.id}`;
      link.textContent = q.querySelector(".asked").textContent;
      link.addEventListener("click", (event) => { event.preventDefault(); go(q); });
      line.append(link);
      return line;
    }));
    return left.length;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button?.name === "retirer") {
      const question = button.closest("fieldset");
      const answer = chosen(question);
      if (answer) answer.checked = false;
      await keep(question);
      question.querySelector("input").focus();
      return;
    }
    if (!passed && blanks()) {
      passed = true;
      form.querySelector(".send").textContent = "Envoyer quand même";
      form.querySelector(".blanks").focus();
      return;
    }
    try {
      await host.send(Object.fromEntries(questions.map((q) => [code(q), chosen(q)?.value ?? ""])));
      root.classList.add("sent");
      form.querySelector(".blanks").hidden = true;
      say(SENT[root.dataset.host] ?? "Vos réponses sont enregistrées. Merci.");
    } catch {
      say("Vos réponses n’ont PAS été envoyées. Elles sont encore sur cet écran : réessayez.");
    }
  });
  // JupyterLab reads its own keys on whatever has the focus, unless that very element says no.
  const quiet = () => root.querySelectorAll("input, button, a, [tabindex]").forEach((one) => one.setAttribute("data-lm-suppress-shortcuts", "true"));
  form.addEventListener("focusin", quiet);
  quiet();
  count();
}
