// Buttons and keys of the console and the desk. A button stays off until the server has answered; what is shown is
// always what the server says.
const live = document.getElementById("live");
const note = document.getElementById("note");
let hide;

function say(text, bad) {
  note.textContent = text;
  note.classList.toggle("bad", bad);
  note.hidden = !text;
  clearTimeout(hide);
  hide = setTimeout(() => { note.hidden = true; }, 8000);
}

function address(button) {
  const { act, visit, agent } = button.dataset;
  if (visit) return `/api/v1/visits/${encodeURIComponent(visit)}/${act}`;
  if (agent) return `/api/v1/agents/${encodeURIComponent(agent)}/${act}`;
  return `/api/v1/points/${encodeURIComponent(live.dataset.point)}/${act}`;
}

function orders() {
  const picked = (name) => [...live.querySelectorAll(`input[name=${name}]:checked`)].map((each) => each.value);
  return JSON.stringify({ tests: picked("tests"), then: picked("then") });
}

async function refusal(answer) {
  if (answer.status === 401) { location.reload(); return ""; }
  try {
    const body = await answer.json();
    return body.sentence ? body.sentence[live.dataset.lang] : note.dataset.failed;
  } catch { return note.dataset.failed; }
}

async function act(button) {
  if (button.disabled) return;
  button.disabled = true;
  button.classList.add("busy");
  try {
    const finish = button.dataset.act === "finish";
    const answer = await fetch(address(button), {
      method: "POST",
      headers: finish ? { "Content-Type": "application/json" } : {},
      body: finish ? orders() : undefined,
    });
    if (answer.ok) {
      say("", false);
      if (finish) for (const each of live.querySelectorAll("input:checked")) each.checked = false;
    } else say(await refusal(answer), true);
    if ("reload" in live.dataset && answer.ok) location.reload();
  } catch {
    say(note.dataset.failed, true);
  }
  button.classList.remove("busy");
  // the server's next word redraws the buttons; if it stays silent, this one may be tried again
  setTimeout(() => { if (button.isConnected) button.disabled = false; }, 1500);
}

live.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button) act(button);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches("input")) return;
  const button = live.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button && !button.disabled) { event.preventDefault(); act(button); }
});
