import "./phone-alerts.js";

// A family's page: in step with the queue over a line that is kept open, or by asking when it can't be; says how old it is.
const root = document.documentElement;
const { build, lang, page } = document.body.dataset;
const find = (id) => document.getElementById(id);
const live = find("live");
const STALE_MS = 6000;
const RETRY_MS = 1000;
const ASK_MS = 4000;
const KEPT = `family ${page}`;
let heard = Date.now();
let opened = 0;
let silent = 0;        // lines in a row on which nothing came
let source;
let asking = false;
let over = false;

// ---- what is remembered of how somebody reads -------------------------------------------------

for (const [id, name] of [["size", "large"], ["contrast", "contrast"]]) {
  const button = find(id);
  const set = (on) => { root.classList.toggle(name, on); button.setAttribute("aria-pressed", String(on)); };
  set(recall(name) === "on");
  button.addEventListener("click", () => { const on = !root.classList.contains(name); set(on); keep(name, on ? "on" : ""); });
}
function keep(name, value) { try { localStorage.setItem(name, value); } catch { /* a private window */ } }
function recall(name) { try { return localStorage.getItem(name); } catch { return null; } }

// ---- the page's changing part ------------------------------------------------------------------

function swap(html, key, at) {
  const openOnes = [...live.querySelectorAll("details")].map((each) => [nameOf(each), each.open]);
  const focus = nameOfFocus();
  const before = new Map([...live.querySelectorAll("[data-child]")].map((each) => [each.dataset.child, each.dataset.situation]));
  live.innerHTML = html;
  for (const each of live.querySelectorAll("details")) {
    const known = openOnes.find(([name]) => name === nameOf(each));
    if (known && !(each.open && before.get(each.closest("[data-child]").dataset.child) !== each.closest("[data-child]").dataset.situation)) each.open = known[1];
  }
  for (const each of live.querySelectorAll("[data-child]")) {
    if (before.has(each.dataset.child) && before.get(each.dataset.child) !== each.dataset.situation) each.classList.add("fresh");
  }
  if (focus) live.querySelector(focus)?.focus({ preventScroll: true });
  live.dataset.key = key;
  live.dataset.at = at;
  keep(KEPT, JSON.stringify({ html, key, at, lang, ahead }));
  tick();
  live.dispatchEvent(new Event("swapped"));
}
const nameOf = (details) => `${details.closest("[data-child]")?.dataset.child} ${details.className}`;
function nameOfFocus() {
  const at = document.activeElement?.closest?.("#live [data-act], #live summary");
  if (!at) return "";
  const child = `[data-child="${at.closest("[data-child]")?.dataset.child}"]`;
  return at.dataset.act ? `${child} [data-act="${at.dataset.act}"]` : `${child} details.${at.parentElement.className} summary`;
}

// a button must not vanish between press and release
let pressed = false;
let held = null;
live.addEventListener("pointerdown", () => { pressed = true; });
for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, () => setTimeout(() => { pressed = false; if (held) { const it = held; held = null; swap(...it); } }, 60));
}
function offer(html, key, at) { if (pressed) held = [html, key, at]; else swap(html, key, at); }

// ---- the line ------------------------------------------------------------------------------------

function alive(at) {
  heard = Date.now();
  silent = 0;
  if (at) live.dataset.at = at;
  find("lost").hidden = true;
  document.body.classList.remove("stale");
  document.body.dataset.live = "";
}

function checkBuild(theirs) { if (theirs !== build) renew(); }
async function renew() {
  // only when the server answers: never end on the browser's own error page
  try { if ((await fetch(location.href, { cache: "no-store" })).ok) location.reload(); } catch { /* later */ }
}

function end() {
  over = true;
  source?.close();
  clearInterval(watch);
  find("over").hidden = false;
  find("lost").hidden = true;
  try { localStorage.removeItem(KEPT); } catch { /* nothing kept */ }
  navigator.serviceWorker?.controller?.postMessage("over");
}

function listen() {
  if (over) return;
  source?.close();
  opened = Date.now();
  silent += 1;
  if (silent > 1) hold();
  const mine = source = new EventSource(`${page}/stream?lang=${lang}&seen=${live.dataset.key}`);
  source.addEventListener("swap", (event) => { const { html, at } = JSON.parse(event.data); alive(at); offer(html, event.lastEventId, at); });
  source.addEventListener("beat", (event) => { const told = JSON.parse(event.data); alive(told.now); ahead = told.now - Date.now(); checkBuild(told.build); });
  source.addEventListener("over", end);
  source.onerror = () => { mine.close(); if (mine === source && !over) { setTimeout(() => { if (mine === source) listen(); }, RETRY_MS); if (silent > 1) ask(); } };
}

// where no line can be kept open (or it is silently dead), ask
async function ask() {
  if (asking || over) return;
  asking = true;
  try {
    const answer = await fetch(`${page}/now?lang=${lang}&seen=${live.dataset.key}`, { cache: "no-store", signal: AbortSignal.timeout(ASK_MS) });
    if (answer.status === 404) { end(); return; }
    if (answer.ok) {
      const told = await answer.json();
      const lines = silent;
      alive(told.at);
      silent = lines;
      ahead = told.at - Date.now();
      if (told.html !== null) offer(told.html, told.key, told.at);
      checkBuild(told.build);
    }
  } catch { /* no network: the banner says so */ } finally { asking = false; }
}

// ---- whose phone this is, and a page for when there is no network --------------------------------

let mine = false;      // whether this phone holds the link: the others may look
let looking = false;

async function hold() {
  if (mine || looking || over) return;
  try {
    const answer = await fetch(`${page}/hold`, { method: "POST", signal: AbortSignal.timeout(ASK_MS) });
    mine = answer.ok;
    looking = answer.status === 403;
    find("looking").hidden = !looking;
  } catch { /* tried again with the next line */ }
}

async function install() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/f/sw.js", { scope: "/f/", updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    if (!("cached" in document.body.dataset)) await (await caches.open("family pages")).add(location.href);
    document.body.dataset.kept = "";
  } catch { /* a browser that does not want to, or no network yet */ }
}

const last = JSON.parse(recall(KEPT) ?? "null");
let ahead = "cached" in document.body.dataset ? (last?.ahead ?? 0) : Number(live.dataset.at) - Date.now();

// ---- time ----------------------------------------------------------------------------------------

function age() {
  const { seconds: s, minutes: m, hours: h } = find("lost").dataset;
  const seconds = Math.max(0, Math.round((Date.now() + ahead - Number(live.dataset.at)) / 1000));
  if (seconds < 120) return `${seconds} ${s}`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} ${m}` : `${Math.floor(seconds / 3600)} ${h}`;
}

function tick() {
  for (const each of live.querySelectorAll("[data-until]")) {
    const minutes = Math.ceil((Number(each.dataset.until) - Date.now() - ahead) / 60000);
    each.textContent = minutes > 0 ? each.dataset.words.replace("{minutes}", minutes) : "";
  }
}

const watch = setInterval(() => {
  tick();
  if (Date.now() - heard < STALE_MS) return;
  const banner = find("lost");
  banner.querySelector("span").textContent = banner.dataset.words.replace("{age}", age());
  banner.hidden = false;
  document.body.classList.add("stale");
  if (Date.now() - opened > STALE_MS) listen();
  ask();
}, 1000);

// a page out of the cache may be older than what this phone was told last
if ("cached" in document.body.dataset) heard = 0;
if (last && last.lang === lang && last.at >= Number(live.dataset.at)) swap(last.html, last.key, last.at);
else keep(KEPT, JSON.stringify({ html: live.innerHTML, key: live.dataset.key, at: Number(live.dataset.at), lang, ahead }));

tick();
hold().then(listen);
addEventListener("load", () => setTimeout(install, 300));
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
addEventListener("online", () => listen());
addEventListener("offline", () => { source?.close(); heard = 0; });
document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - heard > STALE_MS) listen(); });
