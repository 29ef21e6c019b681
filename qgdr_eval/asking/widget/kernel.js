// A widget and its kernel: messages there and back, and keys that stay in the page.
const PATIENCE = 8000; // ms given to the kernel, which waits 5 s for a store that is held: beyond, what was sent is not said to be kept
const SILENT = "Le carnet ne répond pas : rien de ce que vous saisissez n’est enregistré. Exécutez de nouveau la cellule, puis reprenez ce qui n’a pas été enregistré.";

function correspond(model) {
  const waiting = new Map();
  const own = Math.random().toString(36).slice(2); // the same cell may be shown twice
  let number = 0;
  model.on("msg:custom", (reply) => {
    const { done, failed } = waiting.get(reply.id) ?? {};
    waiting.delete(reply.id);
    reply.done ? done?.(reply) : failed?.(new Error(reply.why));
  });
  return (message) => new Promise((done, failed) => {
    const id = `${own}-${++number}`;
    waiting.set(id, { done, failed });
    setTimeout(() => { if (waiting.delete(id)) failed(new Error(SILENT)); }, PATIENCE);
    try {
      model.send({ ...message, id });
    } catch {
      waiting.delete(id);
      failed(new Error(SILENT));
    }
  });
}

// JupyterLab reads its own keys on whatever has the focus, unless that very element says no.
function hush(root) {
  root.querySelectorAll("input, textarea, select, button, summary, a, [tabindex]").forEach((one) => one.setAttribute("data-lm-suppress-shortcuts", "true"));
  // Its page is JupyterLab's, which has a banner and a foot of its own.
  root.querySelectorAll("header, footer").forEach((one) => one.setAttribute("role", "presentation"));
}
