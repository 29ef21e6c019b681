// One computer passed round, after entry.js in the same module: a screen between two people, and
// the form blank until somebody's code is given; blank again when it is left alone.
const IDLE = 300000; // ms

// What was given and not acknowledged yet goes with what is given next, one message at a time.
function keeper(post) {
  const pending = new Map();
  let last = Promise.resolve();
  const inTurn = (work) => (last = last.catch(() => {}).then(work));
  const flush = async () => {
    while (pending.size) {
      const now = new Map(pending);
      await post(Object.fromEntries(now));
      now.forEach((value, name) => { if (pending.get(name) === value) pending.delete(name); });
    }
  };
  return {
    keep: (name, value) => { pending.set(name, value); return inTurn(flush); },
    then: (work) => inTurn(async () => { await flush(); return work(); }),
    after: (work) => inTurn(work),
    left: () => pending.size,
  };
}

function told(words, error) {
  return Object.assign(error, { told: `${words} ${error.message}` });
}

// Cleared by the clock on the wall: a computer that slept must not wake on somebody's answers.
function watch(el, clear) {
  let last = Date.now();
  const stay = () => { last = Date.now(); };
  for (const gesture of ["keydown", "pointerdown", "pointermove", "input", "wheel"]) el.addEventListener(gesture, stay, { passive: true, capture: true });
  const timer = setInterval(() => { if (Date.now() - last > IDLE) { stay(); clear(); } }, 1000);
  return () => clearInterval(timer);
}

// Whether the screen asks for somebody, and nobody has begun to type: it is left as it is.
function idle(el) {
  const form = el.querySelector(".qgdr-turn form");
  const field = form?.elements.code ?? form?.elements.place;
  return Boolean(field) && !field.value;
}

function put(el, html) {
  el.innerHTML = html;
  hush(el);
  return el.querySelector("form");
}

// The screen that asks for a card: what is typed there goes to `enter`, and is refused in place.
function askWho(el, html, enter, said = "") {
  const form = put(el, html);
  const field = form.elements.code ?? form.elements.place;
  const fault = form.querySelector(".fault");
  const paused = form.querySelector(".paused");
  paused.textContent = said;
  paused.hidden = !said;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await enter({ [field.name]: field.value });
    } catch (error) {
      fault.textContent = error.message;
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
  });
  return field;
}

function passRound(el, shown, ask) {
  let here = null;

  const whose = (said) => {
    here = null;
    return askWho(el, shown.first, async (given) => answer(await ask({ do: "enter", ...given })), said);
  };

  const leave = (said) => {
    const { visit, kept } = here;
    const lost = kept.left();
    const inside = el.contains(document.activeElement);
    const field = whose(said && (lost ? shown.lost : said)); // first of all, whatever the kernel does
    if (inside) field.focus();
    return kept.then(() => ask({ do: "leave", visit })).catch(() => {});
  };

  const answer = ({ visit, form }) => {
    const kept = keeper((answers) => ask({ do: "keep", visit, answers }));
    put(el, form);
    here = { visit, kept };
    const root = el.querySelector(".qgdr-form");
    mount(root, {
      keep: async (name, value) => {
        if (name.startsWith("_commentaire")) return;
        await kept.keep(name, value).catch((error) => { throw told("Cette réponse n’a PAS été enregistrée.", error); });
      },
      send: (answers) => kept.then(() => ask({ do: "send", visit, answers }))
        .then((reply) => thank(visit, reply))
        .catch((error) => { throw told("Vos réponses n’ont PAS été envoyées.", error); }),
    });
    const bar = make("p", "leave"), button = make("button", "", shown.leave);
    button.type = "button";
    button.addEventListener("click", () => leave(""));
    bar.append(button);
    root.prepend(bar);
    hush(el);
    (root.querySelector("fieldset:not(.answered) input") ?? root.querySelector(".send")).focus();
    if (root.querySelector("fieldset.answered") === null) root.scrollIntoView({ block: "start" });
  };

  const thank = (visit, reply) => {
    here = null;
    ask({ do: "leave", visit }).catch(() => {});
    const form = put(el, shown.thanks);
    if (reply.told) form.querySelector(".promise").textContent = reply.told;
    form.addEventListener("submit", (event) => { event.preventDefault(); whose("").focus(); });
    form.querySelector("button").focus();
    return "";
  };

  const stop = watch(el, () => here ? leave(shown.resume) : idle(el) || whose(""));
  whose("");
  return stop;
}
