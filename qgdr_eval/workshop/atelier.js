// "Anything new?", each second: how many have voted; a new step brings the page again.
const body = document.body;
const lost = (text) => { const place = document.querySelector(".lost"); if (place.textContent !== text) place.textContent = text; };

// The page itself, wherever a refused form has left the address.
const here = body.dataset.news.replace(/nouveau$/, "");

const bring = async (version) => {
  const answer = await fetch(here, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector("main").replaceWith(page.querySelector("main"));
  body.dataset.version = version;
  document.querySelector("h1").focus({ preventScroll: false });
};

const ask = async () => {
  try {
    const answer = await fetch(body.dataset.news, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    const news = await answer.json();
    if (String(news.version) !== body.dataset.version) await bring(news.version);
    const voted = document.querySelector(".voted");
    if (voted && voted.textContent !== String(news.voted)) voted.textContent = news.voted;
    lost("");
  } catch {
    lost("La connexion est coupée. Gardez cette page : elle reprendra seule.");
  }
  setTimeout(ask, 1000);
};
setTimeout(ask, 1000);
