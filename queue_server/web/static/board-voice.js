// A board with a loudspeaker (?voice=on): what is new is read out, one after the other, never two at once. The server
// says what may be heard now and makes the sounds; whoever has gone in meanwhile is not called any more.
const live = document.getElementById("live");
const sign = document.getElementById("voice");
const address = `${location.pathname}/voice`;
const waiting = [];
const known = new Set();
let allowed = new Set();
let first = true;
let speaking = false;

const show = (state) => { sign.hidden = false; sign.dataset.state = state; };

async function ask() {
  let told;
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok) return;
    told = await answer.json();
  } catch { return; }
  if (!told.voice) { show("none"); return; }
  if (sign.hidden) show("on");
  allowed = new Set(told.spoken.map(({ key }) => key));
  for (const { key, order, heard } of told.spoken) {
    if (!known.has(key) && !(first && heard)) waiting.push({ key, order });
    known.add(key);
  }
  for (const key of known) if (!allowed.has(key)) known.delete(key);
  waiting.sort((one, other) => one.order - other.order);
  first = false;
  speak();
}

const played = (sound) => new Promise((resolve, reject) => {
  sound.addEventListener("ended", resolve);
  sound.addEventListener("error", resolve);
  sound.play().catch(reject);
});

async function speak() {
  if (speaking) return;
  speaking = true;
  while (waiting.length && sign.dataset.state !== "blocked") {
    const one = waiting.shift();
    if (!allowed.has(one.key)) continue;
    show("speaking");
    live.dispatchEvent(new CustomEvent("spoken", { detail: one.key }));
    try {
      await played(new Audio(`${address}.wav?key=${encodeURIComponent(one.key)}`));
      show("on");
    } catch (error) {
      // a browser that lets nothing be heard before somebody has touched it
      if (error.name === "NotAllowedError") { waiting.unshift(one); show("blocked"); } else show("on");
    }
  }
  speaking = false;
}

sign.addEventListener("click", () => { if (sign.dataset.state === "blocked") { show("on"); speak(); } });
live.addEventListener("swapped", ask);
ask();
