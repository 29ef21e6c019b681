// The form as it is served: each answer is kept as it is given, and said so only once it is.
import { mount } from "./form.js";

const IDLE = 5 * 60 * 1000;
const LOST = "Pas de réponse du serveur : votre réponse n’est peut-être pas enregistrée. Réessayez.";
const root = document.querySelector(".qgdr-form[data-host]");
const pending = new Map(); // answers that the server does not have yet
let last = Promise.resolve();

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), redirect: "error" }).catch(() => null);
  if (answer?.ok) return answer;
  const { told = LOST } = (await answer?.json().catch(() => null)) ?? {};
  throw Object.assign(new Error(told), { told });
}

async function flush() {
  while (pending.size) {
    const now = new Map(pending);
    await post("/garder", Object.fromEntries(now));
    now.forEach((value, name) => { if (pending.get(name) === value) pending.delete(name); });
  }
}

// One at a time, in their order; what could not be kept goes with the next.
const inTurn = (work) => (last = last.catch(() => {}).then(work));

const keep = (name, value) => {
  if (!name.startsWith("_commentaire")) pending.set(name, value);
  return inTurn(flush);
};

const send = (answers) => inTurn(async () => {
  await flush();
  await post("/envoyer", answers);
  location.replace("/merci");
  return "";
});

let timer;
const stay = () => { clearTimeout(timer); timer = setTimeout(leave, IDLE); };

// `stopped`: whether somebody asked to; else nobody has answered for too long.
async function leave(stopped) {
  await inTurn(flush).catch(() => {});
  const left = pending.size;
  document.querySelector("main").replaceChildren(); // first of all, whatever the network does
  const kept = root.dataset.host === "served";
  await post("/quitter", {}).catch(() => {});
  const page = stopped ? (left ? "manque" : "arret") : left ? "effacees" : "gardees";
  location.replace(`/pause?${kept ? page : stopped ? "fin" : "effacees"}`);
}

["keydown", "pointerdown", "input", "scroll"].forEach((kind) => addEventListener(kind, stay, { passive: true, capture: true }));
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
document.querySelector(".leave form").addEventListener("submit", (event) => { event.preventDefault(); leave(true); });
mount(root, { keep, send });
if (root.querySelector(".answered")) { // who resumes goes on where no answer is
  const next = root.querySelector("fieldset:not(.answered) input") ?? root.querySelector(".send");
  next.focus({ preventScroll: true });
  (next.closest("fieldset") ?? next).scrollIntoView({ block: "center" });
}
stay();
