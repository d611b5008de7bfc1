// Buttons and keys of the console and the desk. A button stays off until the server has answered; what is shown is
// always what the server says.
const live = document.getElementById("live");
const note = document.getElementById("note");
let hide;

export function say(text, bad) {
  note.textContent = text;
  note.classList.toggle("bad", bad);
  note.hidden = !text;
  clearTimeout(hide);
  hide = setTimeout(() => { note.hidden = true; }, 10000);
}

export async function refusal(answer) {
  if (answer.status === 401) { location.reload(); return ""; }
  try {
    const body = await answer.json();
    return body.sentence ? body.sentence[live.dataset.lang] : note.dataset.failed;
  } catch { return note.dataset.failed; }
}

export async function post(address, body) {
  const json = { "Content-Type": "application/json" };
  return fetch(address, { method: "POST", headers: body ? json : {}, body: body ? JSON.stringify(body) : undefined });
}

function address(button) {
  const { act, visit, agent } = button.dataset;
  if (visit) return `/api/v1/visits/${encodeURIComponent(visit)}/${act}`;
  if (agent) return `/api/v1/agents/${encodeURIComponent(agent)}/${act}`;
  return `/api/v1/points/${encodeURIComponent(live.dataset.point)}/${act}`;
}

// What this click means: which family it was about, so that a late one hits nobody else.
function meant(button) {
  const step = live.querySelector("[data-step]")?.dataset.step;
  const picked = (name) => [...live.querySelectorAll(`input[name=${name}]:checked`)].map((each) => each.value);
  switch (button.dataset.act) {
    case "finish": return { step, tests: picked("tests"), then: picked("then") };
    case "recall": case "miss": case "start": return { step };
    default: return undefined;
  }
}

function sure(button) {
  if (!button.dataset.sure || button.classList.contains("asked")) return true;
  const words = button.textContent;
  button.classList.add("asked");
  button.textContent = button.dataset.sure;
  setTimeout(() => { button.classList.remove("asked"); button.textContent = words; }, 4000);
  return false;
}

async function act(button) {
  if (button.disabled || !sure(button)) return;
  button.disabled = true;
  button.classList.add("busy");
  try {
    const answer = await post(address(button), meant(button));
    if (answer.ok) {
      say("", false);
      document.dispatchEvent(new Event("acted"));
    } else say(await refusal(answer), true);
  } catch {
    say(note.dataset.failed, true);
  }
  button.classList.remove("busy");
  // the server's next word redraws the buttons; if it stays silent, this one may be tried again
  setTimeout(() => { if (button.isConnected) button.disabled = false; }, 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button) act(button);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing) return;
  const button = live.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button && !button.disabled) { event.preventDefault(); act(button); }
});
