// Keeps #live as the server says. A page that hears nothing for five seconds says so, and heals by itself.
const live = document.getElementById("live");
const lost = document.getElementById("lost");
const STALE_MS = 5000;
const DEAD_MS = 8000;
const RETRY_MS = 1000;
let heard = Date.now();
let opened = 0;
let source;
let pressed = false;
let held = null;
let ahead = 0;

function alive() {
  heard = Date.now();
  lost.hidden = true;
  document.body.classList.remove("stale");
}

// What a reader had picked and where the keyboard was must survive a redraw.
function swap(html) {
  const name = (each) => `${each.name}=${each.value}`;
  const picked = [...live.querySelectorAll("input:checked")].map(name);
  const owner = live.querySelector("[data-step]")?.dataset.step;
  const focus = document.activeElement?.dataset ?? {};
  live.innerHTML = html;
  if (owner === live.querySelector("[data-step]")?.dataset.step) {
    for (const each of live.querySelectorAll("input[type=checkbox]")) each.checked = picked.includes(name(each));
  }
  if (focus.act) {
    const same = [...live.querySelectorAll(`[data-act="${CSS.escape(focus.act)}"]`)];
    same.find((each) => each.dataset.visit === focus.visit && each.dataset.agent === focus.agent)?.focus();
  }
  tick();
  live.dispatchEvent(new Event("swapped"));
}

// A button must not vanish between press and release.
function offer(html) {
  if (pressed) held = html;
  else swap(html);
}

// Only what has changed. Who missed something in between asks for all of it.
function patch({ previous, parts }) {
  if (String(previous) !== live.dataset.revision) { delete live.dataset.revision; open(); return; }
  for (const [name, html] of Object.entries(parts)) {
    const old = live.querySelector(`[data-part="${CSS.escape(name)}"]`);
    if (!old) { delete live.dataset.revision; open(); return; }
    old.outerHTML = html;
  }
  tick();
  live.dispatchEvent(new Event("swapped"));
}

// Which revision is shown: a page that comes back is told what it missed. Consoles have none.
function note(event) {
  if (event.lastEventId) live.dataset.revision = event.lastEventId;
}

function address() {
  const { stream, revision } = live.dataset;
  return revision ? `${stream}&seen=${revision}` : stream;
}

function release() {
  setTimeout(() => {
    pressed = false;
    if (held !== null) { const html = held; held = null; swap(html); }
  }, 60);
}

live.addEventListener("pointerdown", () => { pressed = true; });
addEventListener("pointerup", release);
addEventListener("pointercancel", release);

async function renew() {
  // only when the server answers: a board must never end on the browser's own error page
  try { if ((await fetch(location.href, { cache: "no-store" })).ok) location.reload(); } catch { /* later */ }
}

function beat(told) {
  alive();
  document.body.dataset.live = "";
  ahead = told.now - Date.now();
  const day = document.getElementById("day");
  if (day) day.textContent = told.day;
  const clock = document.getElementById("clock");
  if (clock) { clock.dataset.clock = told.clock; clock.dataset.at = performance.now(); }
  tick();
  if (told.build !== live.dataset.build) renew();
}

function open() {
  source?.close();
  opened = Date.now();
  source = new EventSource(address());
  source.addEventListener("swap", (event) => { alive(); offer(JSON.parse(event.data)); note(event); });
  source.addEventListener("delta", (event) => { alive(); const told = JSON.parse(event.data); patch(told); if (live.dataset.revision) note(event); });
  source.addEventListener("beat", (event) => beat(JSON.parse(event.data)));
  source.addEventListener("gone", () => { source.close(); renew(); });
  source.onerror = () => { source.close(); setTimeout(open, RETRY_MS); };
}

const two = (number) => String(number).padStart(2, "0");

// The clock and the running times go on by themselves, also while the connection is away.
function tick() {
  const clock = document.getElementById("clock");
  if (clock) {
    const [hours, minutes, seconds] = clock.dataset.clock.split(":").map(Number);
    const since = clock.dataset.at ? (performance.now() - clock.dataset.at) / 1000 : 0;
    const now = Math.floor((hours * 3600 + minutes * 60 + seconds + since) / 60);
    clock.textContent = `${two(Math.floor(now / 60) % 24)}:${two(now % 60)}`;
  }
  for (const each of live.querySelectorAll("time[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() + ahead - each.dataset.since) / 1000));
    each.textContent = `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  }
}

function tellAge() {
  const seconds = Math.floor((Date.now() - heard) / 1000);
  for (const each of lost.querySelectorAll("[data-words]")) {
    const { words, seconds: s, minutes } = each.dataset;
    const age = seconds < 120 ? `${seconds} ${s}` : `${Math.floor(seconds / 60)} ${minutes}`;
    each.textContent = words.replace("{age}", age);
  }
}

setInterval(() => {
  tick();
  if (Date.now() - heard < STALE_MS) return;
  lost.hidden = false;
  document.body.classList.add("stale");
  tellAge();
  // a line that is silently dead never says so: open another
  if (Date.now() - Math.max(heard, opened) > DEAD_MS) open();
}, 500);

const clock = document.getElementById("clock");
if (clock) clock.dataset.at = performance.now();
tick();
open();
addEventListener("pagehide", () => source.close());
addEventListener("pageshow", (event) => { if (event.persisted) open(); });
