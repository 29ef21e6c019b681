// The form as one file: what is sent is sealed here, then saved as a small file.
const settings = JSON.parse(document.querySelector("#sceau").textContent);
const fault = document.querySelector("#code-faux");
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const random = (size) => [...crypto.getRandomValues(new Uint8Array(size))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function say(words, field) {
  fault.textContent = words;
  field.setAttribute("aria-invalid", "true");
}

function refuse(words, field) {
  say(words, field);
  field.focus();
  throw Object.assign(new Error(words), { told: words });
}

function accept(field) {
  fault.textContent = "";
  field.removeAttribute("aria-invalid");
}

const { alphabet, size, misread, modulus, radix } = settings.code;
const WRONG = `Ce code n’est pas complet, ou une lettre est fausse : relisez votre carte, et recopiez ses ${size} caractères en haut de cette page.`;

const typedIn = (field) => [...field.value.toUpperCase()].filter((one) => /[\p{L}\p{N}]/u.test(one)).map((one) => misread[one] ?? one);

// The code in a field, "" when it is none: its last character checks the others, as in cards.py.
function codeIn(field) {
  const typed = typedIn(field);
  const values = typed.map((one) => alphabet.indexOf(one));
  const sound = typed.length === size && !values.includes(-1) && values.reduce((sum, value) => (radix * sum + value) % modulus, 0) === 1;
  return sound ? typed.join("") : "";
}

function card() {
  if (settings.access !== "cards") return random(32);
  const field = document.querySelector("#code");
  if (!codeIn(field)) refuse(WRONG, field);
  accept(field);
  return codeIn(field);
}

// Said with the last character: at the end the card may be away, and a press must not move a line.
document.querySelector("#code")?.addEventListener("input", ({ target }) => typedIn(target).length < size || codeIn(target) ? accept(target) : say(WRONG, target));

function place() {
  if (settings.access === "cards") return ["", ""];
  const field = document.querySelector("#place");
  if (!field.value) refuse("Choisissez votre service, en haut de cette page.", field);
  accept(field);
  return JSON.parse(field.selectedOptions[0].dataset.place);
}

async function box(content, how) {
  return seal(content, { key: bytes(settings.key), ...how });
}

function save(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function send(given) {
  if (!can()) throw Object.assign(new Error(), { told: "Ce navigateur ne sait pas sceller : vos réponses n’ont PAS été envoyées. Ouvrez ce fichier avec un autre navigateur, ou répondez sur papier." });
  const { [settings.names.class]: stratum = "", [settings.names.comment]: comment = "", ...codes } = given;
  const answers = Object.fromEntries(Object.entries(codes).filter(([, value]) => value !== "").map(([item, value]) => [item, Number(value)]));
  const [facility, service] = place();
  const unsaid = settings.names.class in given ? "Je préfère ne pas répondre" : "";
  const parts = [new TextEncoder().encode(settings.first), await box({ card: card(), answers, stratum: stratum || unsaid, place: [facility, service] }, settings.answers)];
  if (settings.remark) parts.push(await box({ facility: facility || settings.facility, text: comment, once: random(16) }, settings.remark));
  const name = `reponse-${random(8)}${settings.suffix}`;
  save(name, await new Blob(parts).arrayBuffer());
  return `C’est scellé : le fichier ${name} est dans vos téléchargements. ${settings.drop} Puis fermez cette page : elle n’a rien gardé.`;
}

mount(document.querySelector(".qgdr-form[data-host]"), { keep: async () => {}, send });
