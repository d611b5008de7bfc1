// A way on a phone: another one at once when something closes, a floor a tap, and read aloud by the phone itself.
const root = document.documentElement;
const { stream, lang, build } = document.body.dataset;
const find = (id) => document.getElementById(id);
const live = find("live");
const STALE_MS = 6000;
const RETRY_MS = 1500;
let heard = Date.now();
let source;
let at = -1;

function alive() { heard = Date.now(); find("lost").hidden = true; }

function listen() {
  source?.close();
  source = new EventSource(`${stream}&seen=${live.dataset.key}`);
  source.addEventListener("hello", (event) => { alive(); if (JSON.parse(event.data) !== build) location.reload(); });
  source.addEventListener("beat", alive);
  source.addEventListener("swap", (event) => { alive(); live.dataset.key = event.lastEventId; swap(JSON.parse(event.data)); });
  source.addEventListener("over", () => { find("over").hidden = false; source.close(); clearInterval(watch); });
  source.onerror = () => { source.close(); setTimeout(listen, RETRY_MS); };
}
const watch = setInterval(() => { find("lost").hidden = Date.now() - heard < STALE_MS; }, 1000);

// another way: say so, and begin anew
function swap(html) {
  quiet();
  live.innerHTML = html;
  live.classList.remove("fresh");
  void live.offsetWidth;
  live.classList.add("fresh");
  at = -1;
  ready();
  if (navigator.vibrate) navigator.vibrate(200);
}

// ---- floors and steps ----

function floor(level) {
  for (const each of live.querySelectorAll(".pictures [data-level]")) each.toggleAttribute("hidden", each.dataset.level !== level);
  for (const each of live.querySelectorAll("[role=tab]")) each.setAttribute("aria-selected", String(each.dataset.level === level));
}

function step(index) {
  const all = [...live.querySelectorAll(".steps button")];
  at = index;
  all.forEach((each, i) => { each.classList.toggle("here", i === index); each.classList.toggle("past", i < index); });
  if (all[index]) floor(all[index].dataset.level);
}

// ---- the picture: as it came, until a finger wants to move it ----

const moved = new WeakMap();

async function movable(picture) {
  if (moved.has(picture)) return moved.get(picture);
  const answer = await fetch(picture.src);
  const svg = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  if (!answer.ok || svg.nodeName !== "svg") throw new Error("no picture");
  const sheet = new CSSStyleSheet();                 // a style element would not be let in
  sheet.replaceSync([...svg.querySelectorAll("style")].map((each) => each.textContent).join(""));
  document.adoptedStyleSheets = [sheet];
  svg.querySelectorAll("style").forEach((each) => each.remove());
  svg.dataset.level = picture.dataset.level;
  svg.setAttribute("height", picture.clientHeight);
  svg.setAttribute("width", "100%");
  picture.replaceWith(document.adoptNode(svg));
  moved.set(svg, window.panZoom(svg));
  return moved.get(svg);
}

const shownPicture = () => live.querySelector(".pictures [data-level]:not([hidden])");

live.addEventListener("pointerdown", (event) => {
  if (event.target.matches(".pictures img")) movable(event.target).catch(() => {});
});

// ---- the voice ----

const voice = window.speechSynthesis;
function quiet() { voice?.cancel(); find("speak")?.classList.remove("on"); }

function speak() {
  if (voice.speaking) { quiet(); return; }
  find("speak").classList.add("on");
  const all = [...live.querySelectorAll(".steps button")];
  all.slice(Math.max(at, 0)).forEach((each, i, told) => {
    const sentence = new SpeechSynthesisUtterance(each.dataset.said);
    sentence.lang = lang === "zh" ? "zh-CN" : "en-GB";
    sentence.rate = 0.9;
    if (i === told.length - 1) sentence.onend = quiet;
    voice.speak(sentence);
  });
}

function ready() {
  const button = find("speak");
  if (button && voice) button.hidden = false;
}

live.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.id === "speak") { speak(); return; }
  if (button.id === "zoom") {
    const near = button.getAttribute("aria-pressed") !== "true";
    movable(shownPicture()).then((map) => {
      if (near) map.by(2); else map.back();
      button.setAttribute("aria-pressed", String(near));
      button.textContent = near ? "－" : "＋";
    }, () => {});
    return;
  }
  if (button.role === "tab" || button.getAttribute("role") === "tab") { floor(button.dataset.level); return; }
  step([...live.querySelectorAll(".steps button")].indexOf(button));
});
find("size").addEventListener("click", (event) => {
  event.currentTarget.setAttribute("aria-pressed", String(root.classList.toggle("large")));
});
addEventListener("pagehide", () => { quiet(); source.close(); });
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
ready();
listen();
