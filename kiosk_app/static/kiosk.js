// Keeps the screen as the kiosk says, shows the camera, chimes, and leaves nothing of the last family behind.
const root = document.documentElement;
const find = (id) => document.getElementById(id);
const STALE_MS = 4000;
const RETRY_MS = 1000;
const NOTE_MS = 6000;
const USUAL = { lang: "zh", size: "normal" };
const USUAL_AGAIN_MS = 60000;
let heard = Date.now();
let touched = Date.now();
let until = 0;
let moment = view().dataset.moment;
let source;
let retry;
let hideNote;
let sound;

function view() { return find("screen").querySelector(".view"); }
function kind() { return view()?.dataset.kind ?? "none"; }

// ---- what the kiosk says ----

function listen() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource(`/stream?lang=${root.dataset.lang}&size=${root.dataset.size}`);
  source.addEventListener("hello", (event) => {
    if (JSON.parse(event.data) !== root.dataset.build) location.reload();
  });
  source.addEventListener("regions", (event) => {
    alive();
    for (const [id, html] of Object.entries(JSON.parse(event.data))) find(id).innerHTML = html;
    changed();
    fit();
  });
  source.addEventListener("beat", (event) => { alive(); count(JSON.parse(event.data)); });
  source.onerror = () => { source.close(); clearTimeout(retry); retry = setTimeout(listen, RETRY_MS); };
}

function alive() {
  heard = Date.now();
  find("lost").hidden = true;
}

function count(left) {
  until = left ? Date.now() + left * 1000 : 0;
  const shown = find("left");
  if (shown) shown.textContent = left;
}

function changed() {
  const now = view().dataset.moment;
  fresh();
  preview();
  if (now === moment) return;
  if (/called|standing|provisional|choosing/.test(now) && !/guiding/.test(moment)) chime(true);
  if (now === "trouble") chime(false);
  if (now === "attract") { say(null); become(USUAL); }
  if (moment !== "attract" || now !== "reading") view().querySelector("h1")?.focus({ preventScroll: true });
  scrollTo(0, 0);
  moment = now;
}

// ---- everything fits without scrolling: first what matters least goes, then the type shrinks ----

const LEVELS = 4;
const SMALLEST = 0.7;
function fit() {
  const over = () => root.scrollHeight > innerHeight + 1 || root.scrollWidth > innerWidth + 1;
  root.style.fontSize = "";
  root.dataset.fit = "";
  const usual = parseFloat(getComputedStyle(root).fontSize);
  for (let level = 1; level <= LEVELS && over(); level += 1) root.dataset.fit += ` ${level}`;
  for (let scale = 0.96; scale >= SMALLEST && over(); scale -= 0.04) root.style.fontSize = `${usual * scale}px`;
}

// a call that was not there before is shown to move
const known = new Set();
function fresh() {
  const calls = [...find("strip").querySelectorAll("[data-call]")];
  for (const call of calls) if (!known.has(call.dataset.call)) call.classList.add("fresh");
  known.clear();
  for (const call of calls) known.add(call.dataset.call);
}

// without the kiosk nothing may stay on the screen for longer than it was meant to
setInterval(() => {
  const now = Date.now();
  if (now - heard > STALE_MS && (!until || now > until)) {
    find("lost").hidden = false;
    find("screen").textContent = "";
    find("foot").textContent = "";
    moment = "lost";
  }
  if (kind() === "attract" && now - touched > USUAL_AGAIN_MS) become(USUAL);
}, 500);

// ---- language and size ----

function become(wanted) {
  const { lang = root.dataset.lang, size = root.dataset.size } = wanted;
  if (lang === root.dataset.lang && size === root.dataset.size) return;
  root.dataset.lang = lang;
  root.dataset.size = size;
  root.lang = lang === "zh" ? "zh-CN" : "en";
  root.className = size;
  listen();
}

// ---- sound and notes ----

function chime(good) {
  try {
    sound ??= new AudioContext();
    sound.resume();
    (good ? [880, 1320] : [440, 330]).forEach((pitch, at) => {
      const tone = sound.createOscillator();
      const loudness = sound.createGain();
      tone.frequency.value = pitch;
      tone.connect(loudness).connect(sound.destination);
      const start = sound.currentTime + at * 0.16;
      loudness.gain.setValueAtTime(0.2, start);
      loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.4);
      tone.start(start);
      tone.stop(start + 0.4);
    });
  } catch { /* a kiosk without sound still checks in */ }
}

function say(key) {
  const note = find("note");
  clearTimeout(hideNote);
  note.hidden = !key;
  if (!key) return;
  note.textContent = find("words").querySelector(`[data-note="${key}"]`)?.textContent ?? "";
  hideNote = setTimeout(() => { note.hidden = true; }, NOTE_MS);
}

// ---- the camera ----

async function preview() {
  const picture = find("camera");
  if (!picture || picture.dataset.running) return;
  picture.dataset.running = "yes";
  while (picture.isConnected) {
    try {
      const answer = await fetch("/camera.jpg");
      const seen = answer.status === 200;
      if (picture.isConnected && find("viewer").hidden === seen) {
        find("viewer").hidden = !seen;
        view().classList.toggle("seeing", seen);
        fit();
      }
      if (seen) {
        const before = picture.src;
        picture.src = URL.createObjectURL(await answer.blob());
        if (before) URL.revokeObjectURL(before);
      }
    } catch { /* tried again in a moment */ }
    await new Promise((go) => { setTimeout(go, 150); });
  }
  URL.revokeObjectURL(picture.src);
}

// ---- what a family does ----

function floor(id) {
  for (const each of view().querySelectorAll("[data-level]")) each.hidden = each.dataset.level !== id;
  for (const each of view().querySelectorAll("[data-floor]")) each.setAttribute("aria-selected", String(each.dataset.floor === id));
  for (const each of view().querySelectorAll("[data-step-level]")) each.classList.toggle("here", each.dataset.stepLevel === id);
}

async function send(path, body) {
  try { return await fetch(path, { method: "POST", body }); } catch { return null; }
}

async function read(file) {
  if (!file || kind() === "reading") return;
  if (file.size > 8 * 1024 * 1024) { say("too_large"); return; }
  say("looking");
  const answer = await send("/picture", file);
  if (answer?.status === 422) say((await answer.json()).code);
  else say(answer?.ok ? null : "bad_picture");
}

const acts = {
  async help() { const answer = await send("/help"); if (answer?.ok) say((await answer.json()).told ? "help" : "help_offline"); },
  async print() { const answer = await send("/print"); if (answer?.ok) say((await answer.json()).printed ? "printed" : "not_printed"); },
  async done() { await send("/done"); },
  async way(button) { await send("/way", button.dataset.visit); },
  async find() { await send("/find"); },
  async go(button) { await send("/go", button.dataset.place); },
  async "step-free"() { const answer = await send("/step-free"); if (answer?.ok && !(await answer.json()).found) say("no_step_free"); },
  async back() { await send("/back"); },
  async speak() { const answer = await send(`/speak?lang=${root.dataset.lang}`); if (answer?.ok && !(await answer.json()).spoken) say("no_voice"); },
  async choose(button) { await send("/choose", button.dataset.visit); },
  async "offer-yes"(button) { await send("/offer/yes", button.dataset.visit); },
  async "offer-no"(button) { await send("/offer/no", button.dataset.visit); },
};

document.addEventListener("click", async (event) => {
  touched = Date.now();
  const wanted = event.target.closest("a.pill");
  if (wanted) { event.preventDefault(); become(wanted.dataset); }
  const tab = event.target.closest("button[data-floor]");
  if (tab) floor(tab.dataset.floor);
  const button = event.target.closest("button[data-act]");
  if (!button) { if (kind() !== "attract") send("/touch"); return; }
  button.disabled = true;
  await acts[button.dataset.act](button);
  setTimeout(() => { button.disabled = false; }, 2000);
});
document.addEventListener("keydown", (event) => {
  touched = Date.now();
  if (event.key === " " && event.target.matches?.("a.pill")) { event.preventDefault(); event.target.click(); }
});
find("file").addEventListener("change", (event) => { read(event.target.files[0]); event.target.value = ""; });
document.addEventListener("dragover", (event) => { event.preventDefault(); root.classList.add("dropping"); });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) root.classList.remove("dropping"); });
document.addEventListener("drop", (event) => {
  event.preventDefault();
  root.classList.remove("dropping");
  read(event.dataTransfer.files[0]);
});
document.addEventListener("paste", (event) => { read(event.clipboardData.files[0]); });
document.addEventListener("contextmenu", (event) => event.preventDefault());
addEventListener("pagehide", () => source.close());

addEventListener("resize", fit);

fresh();
listen();
preview();
fit();
