// Keeps #live as the server says. A page that hears nothing for five seconds says that it is stale, and heals by itself.
const live = document.getElementById("live");
const lost = document.getElementById("lost");
const STALE_MS = 5000;
const RETRY_MS = 1000;
let heard = Date.now();
let source;

function alive() {
  heard = Date.now();
  lost.hidden = true;
  document.body.classList.remove("stale");
}

function swap(html) {
  const picked = [...live.querySelectorAll("input:checked")].map((each) => each.name + each.value);
  live.innerHTML = html;
  for (const each of live.querySelectorAll("input[type=checkbox]")) {
    each.checked = picked.includes(each.name + each.value);
  }
  live.dispatchEvent(new Event("swapped"));
}

function open() {
  source = new EventSource(live.dataset.stream);
  source.addEventListener("swap", (event) => { alive(); swap(JSON.parse(event.data)); });
  source.addEventListener("beat", (event) => {
    alive();
    const clock = document.getElementById("clock");
    if (clock) clock.textContent = JSON.parse(event.data);
  });
  source.addEventListener("gone", () => { source.close(); location.reload(); });
  source.onerror = () => { source.close(); setTimeout(open, RETRY_MS); };
}

setInterval(() => {
  if (Date.now() - heard < STALE_MS) return;
  lost.hidden = false;
  document.body.classList.add("stale");
  const since = document.getElementById("since");
  if (since) since.textContent = new Date(heard).toTimeString().slice(0, 8);
}, 500);

open();
addEventListener("pagehide", () => source.close());
