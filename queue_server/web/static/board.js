// New calls come into the banner in the order of calling, each for long enough to be read; then all that still wait
// for their family take turns.
const live = document.getElementById("live");
const TURN_MS = 6000;
const SHORTEST_MS = 3000;
const NEW_MS = 3500;
const seen = new Map();
const queue = [];
let shown = null;
let until = 0;

const calls = () => [...live.querySelectorAll(".call")];
const key = (call) => call.dataset.call;

function note() {
  const present = calls();
  // the page lists the newest first; they are shown in the order of calling
  for (const call of [...present].reverse()) {
    if (!seen.has(key(call))) { seen.set(key(call), Date.now()); queue.push(key(call)); }
  }
  const keys = new Set(present.map(key));
  for (const known of [...seen.keys()]) if (!keys.has(known)) seen.delete(known);
  for (let i = queue.length - 1; i >= 0; i -= 1) if (!keys.has(queue[i])) queue.splice(i, 1);
  if (!keys.has(shown)) until = 0;
}

function next() {
  const now = Date.now();
  const present = calls();
  // a new call need not wait for a whole turn of one that everybody has read
  const over = queue.length ? until - TURN_MS + SHORTEST_MS : until;
  if (now >= over || !shown) {
    if (queue.length) { shown = queue.shift(); until = now + TURN_MS; seen.set(shown, now); }
    else if (present.length > 1) {
      const at = present.findIndex((call) => key(call) === shown);
      shown = key(present[(at + 1) % present.length]);
      until = now + TURN_MS;
    } else shown = present.length ? key(present[0]) : null;
  }
  const dots = [...live.querySelectorAll(".dots span")];
  present.forEach((call, index) => {
    const on = key(call) === shown;
    call.classList.toggle("on", on);
    call.classList.toggle("new", on && now - seen.get(shown) < NEW_MS);
    dots[index]?.classList.toggle("on", on);
  });
}

// those that are there when the page opens are nothing new
for (const call of calls()) seen.set(key(call), 0);
if (calls().length) { shown = key(calls()[0]); until = Date.now() + TURN_MS; }
live.addEventListener("swapped", () => { note(); next(); });
setInterval(next, 500);
next();
