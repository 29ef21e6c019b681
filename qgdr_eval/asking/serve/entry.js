// A card's QR code carries its code after « # », which no browser sends and no proxy writes down.
const field = document.querySelector("#code");

function read() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (!code || !field) return;
  field.value = code;
  history.replaceState(null, "", "/");
}

addEventListener("hashchange", read);
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
read();
