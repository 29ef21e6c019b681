// The facilitator's screen in a notebook, after kernel.js in the same module: its forms go to the
// kernel as messages, and the screen that comes back is shown; nothing is put in the widget's state.
const EVERY = 2000; // ms between two "anything new?"

async function render({ model, el }) {
  const ask = correspond(model);
  const box = document.createElement("div"), trouble = document.createElement("p");
  box.className = "within";
  trouble.className = "told";
  trouble.setAttribute("role", "alert");
  trouble.hidden = true;
  let version = null, stopped = false;

  const told = (text) => { trouble.hidden = !text; trouble.textContent = text; };
  const show = (reply) => {
    const moved = version !== null && version !== reply.version;
    version = reply.version;
    box.innerHTML = reply.screen;
    hush(box);
    if (moved) box.querySelector("h1").focus();
  };
  const say = async (message) => {
    try {
      const reply = await ask(message);
      told("");
      return reply;
    } catch (error) {
      told(error.message);
    }
  };
  const look = async () => {
    const news = await say({ do: "news" });
    if (news && news.version !== version) {
      const reply = await say({ do: "show" });
      if (reply) show(reply);
    }
    const voted = box.querySelector(".voted");
    if (news && voted) voted.textContent = news.voted;
  };
  const watch = async () => {
    if (document.visibilityState === "visible" && box.isConnected) await look();
    if (!stopped) setTimeout(watch, EVERY);
  };

  el.classList.add("qgdr-atelier", "facilitator");
  el.addEventListener("keydown", (event) => event.stopPropagation()); // a cell takes Enter for its own
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target, event.submitter));
    const reply = await say({ do: "act", given });
    if (reply) show(reply);
  });
  el.append(trouble, box);
  const first = await say({ do: "show" });
  if (first) show(first);
  watch();
  return () => { stopped = true; };
}

export default { render };
