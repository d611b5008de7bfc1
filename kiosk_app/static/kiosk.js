// Keeps the screen as the kiosk says, shows the camera, chimes, and leaves nothing of the last family behind.
const live = document.getElementById("live");
const lost = document.getElementById("lost");
const note = document.getElementById("note");
const STALE_MS = 4000;
const RETRY_MS = 1000;
const NOTE_MS = 6000;
let heard = Date.now();
let kind = live.querySelector(".screen").dataset.kind;
let source;
let hide;

function say(key) {
  note.textContent = note.dataset[key];
  note.hidden = false;
  clearTimeout(hide);
  hide = setTimeout(() => { note.hidden = true; }, NOTE_MS);
}

function chime(good) {
  try {
    const sound = new AudioContext();
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

function swap(html) {
  live.innerHTML = html;
  const now = live.querySelector(".screen").dataset.kind;
  if (now !== kind) {
    if (now === "standing" || now === "provisional") chime(true);
    if (now === "trouble") chime(false);
    // the next family begins in the usual language and size
    const { lang, size } = document.body.dataset;
    if (now === "attract" && (lang !== "zh" || size !== "normal")) location.replace("/");
  }
  kind = now;
  preview();
}

function open() {
  source = new EventSource(live.dataset.stream);
  source.addEventListener("swap", (event) => { alive(); swap(JSON.parse(event.data)); });
  source.addEventListener("beat", (event) => {
    alive();
    const left = document.getElementById("left");
    if (left) left.textContent = JSON.parse(event.data);
  });
  source.onerror = () => { source.close(); setTimeout(open, RETRY_MS); };
}

function alive() {
  heard = Date.now();
  lost.hidden = true;
}

setInterval(() => { if (Date.now() - heard > STALE_MS) lost.hidden = false; }, 500);

async function preview() {
  const picture = document.getElementById("camera");
  if (!picture || picture.dataset.running) return;
  picture.dataset.running = "yes";
  while (picture.isConnected) {
    try {
      const answer = await fetch("/camera.jpg");
      document.getElementById("viewer").hidden = answer.status !== 200;
      if (answer.status === 200) {
        const address = URL.createObjectURL(await answer.blob());
        const before = picture.src;
        picture.src = address;
        if (before) URL.revokeObjectURL(before);
      }
    } catch { /* tried again in a moment */ }
    await new Promise((go) => { setTimeout(go, 200); });
  }
}

async function send(path, body) {
  try { return await fetch(path, { method: "POST", body }); } catch { lost.hidden = false; return null; }
}

async function read(file) {
  if (!file) return;
  const answer = await send("/picture", file);
  if (answer && answer.status === 422) say((await answer.json()).code);
  else if (answer && !answer.ok) say("bad_picture");
}

document.addEventListener("change", (event) => {
  if (event.target.id === "file") { read(event.target.files[0]); event.target.value = ""; }
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => { event.preventDefault(); read(event.dataTransfer.files[0]); });
document.addEventListener("paste", (event) => { read(event.clipboardData.files[0]); });

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) { if (kind !== "attract") send("/touch"); return; }
  button.disabled = true;
  const answer = await send(`/${button.dataset.act}`);
  if (button.dataset.act === "help" && answer?.ok) say("help");
  if (button.dataset.act === "print" && answer?.ok) say((await answer.json()).printed ? "printed" : "not_printed");
  setTimeout(() => { button.disabled = false; }, 3000);
});

open();
preview();
addEventListener("pagehide", () => source.close());
