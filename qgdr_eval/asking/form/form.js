// The form by itself: digits, progress, answers taken back, what is left blank. A host says what
// becomes of answers: keep(code, value) after each, send(answers) at the end, both awaited. What
// send gives is said to the reader; so is the `told` of what it throws.
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

  // Said with the question too, for who listens: what is kept later keeps this answer as well.
  const mark = (question) => {
    if (!question) return form.querySelectorAll("legend .fault").forEach((one) => one.remove());
    if (question.querySelector(".fault")) return;
    const said = document.createElement("span");
    said.className = "fault";
    said.textContent = "Enregistrement non confirmé.";
    question.querySelector("legend").append(" ", said);
  };

  const keep = async (question, comment) => {
    count();
    try {
      await (comment ? host.keep(comment.name, comment.value) : host.keep(code(question), chosen(question)?.value ?? ""));
      say("");
      mark();
    } catch (error) {
      if (question) mark(question);
      say(error.told ?? "Cette réponse n’a PAS été enregistrée. Réessayez, ou prévenez la personne qui vous a remis ce questionnaire.");
    }
  };

  const go = (question) => {
    const target = chosen(question) ?? question.querySelector("input");
    target.focus({ preventScroll: true });
    question.scrollIntoView({ block: "center" });
  };

  form.addEventListener("change", ({ target }) => keep(target.closest("fieldset"), target.closest(".comment textarea")));

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
      form.querySelector(".blanks").focus({ preventScroll: true });
      form.querySelector(".blanks").scrollIntoView(); // from its title on: it may be longer than a screen
      return;
    }
    try {
      const answers = questions.map((q) => [code(q), chosen(q)?.value ?? ""]);
      const comment = form.querySelector(".comment textarea");
      if (comment) answers.push([comment.name, comment.value]);
      const done = await host.send(Object.fromEntries(answers));
      root.classList.add("sent");
      form.querySelector(".blanks").hidden = true;
      say(done ?? SENT[root.dataset.host] ?? "Vos réponses sont enregistrées. Merci.");
    } catch (error) {
      say(error.told ?? "Vos réponses n’ont PAS été envoyées. Elles sont encore sur cet écran : réessayez.");
    }
  });
  // JupyterLab reads its own keys on whatever has the focus, unless that very element says no.
  const quiet = () => root.querySelectorAll("input, textarea, button, a, [tabindex]").forEach((one) => one.setAttribute("data-lm-suppress-shortcuts", "true"));
  form.addEventListener("focusin", quiet);
  quiet();
  count();
}
