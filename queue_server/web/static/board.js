// Calls made close together take turns in the banner, the newest first, so that each is seen.
const live = document.getElementById("live");
const TURN_MS = 4000;
const FRESH_MS = 30000;
const first = new Map();
let turn = 0;

function show() {
  const now = Date.now();
  const calls = [...live.querySelectorAll(".call")];
  for (const call of calls) {
    if (!first.has(call.dataset.call)) first.set(call.dataset.call, now);
  }
  for (const key of [...first.keys()]) {
    if (!calls.some((call) => call.dataset.call === key)) first.delete(key);
  }
  const fresh = calls.filter((call) => now - first.get(call.dataset.call) < FRESH_MS);
  const shown = fresh.length ? fresh[turn % fresh.length] : calls[0];
  for (const call of calls) {
    call.classList.toggle("on", call === shown);
    call.classList.toggle("new", call === shown && now - first.get(call.dataset.call) < TURN_MS);
  }
}

live.addEventListener("swapped", () => { turn = 0; show(); });
setInterval(() => { turn += 1; show(); }, TURN_MS);
show();
