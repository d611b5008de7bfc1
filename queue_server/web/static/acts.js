// Buttons, keys and dialogs of the console and the desk. A button stays off until the server has answered; what is shown
// is always what the server says.
const live = document.getElementById("live");
const note = document.getElementById("note");
let hide;

export function say(text, bad, place = note) {
  place.textContent = text;
  place.classList.toggle("bad", bad);
  place.hidden = !text;
  if (place !== note) return;
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

const ofVisit = (visit, act) => `/api/v1/visits/${encodeURIComponent(visit)}/${act}`;
const ofPoint = (act) => `/api/v1/points/${encodeURIComponent(live.dataset.point)}/${act}`;

function address({ act, path, visit, agent }) {
  if (path) return path;
  if (visit) return ofVisit(visit, act);
  if (agent) return `/api/v1/agents/${encodeURIComponent(agent)}/${act}`;
  return ofPoint(act);
}

const seenStep = () => live.querySelector("[data-step]")?.dataset.step || undefined;

// What this click means: which family it was about, so that a late one hits nobody else.
function meant(button) {
  if (button.dataset.body) return JSON.parse(button.dataset.body);
  const step = seenStep();
  const picked = (name) => [...live.querySelectorAll(`input[name=${name}]:checked`)].map((each) => each.value);
  switch (button.dataset.act) {
    case "finish": return { step, tests: picked("tests"), then: picked("then"), unpaid: picked("unpaid").length > 0 };
    case "recall": case "miss": case "start": case "confirm": return { step };
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

// Sends, and says what went wrong; true when it was done.
async function send(where, body, place) {
  try {
    const answer = await post(where, body);
    if (answer.ok) { say("", false, place); return true; }
    say(await refusal(answer), true, place);
  } catch {
    say(note.dataset.failed, true, place);
  }
  return false;
}

const acted = () => document.dispatchEvent(new Event("acted"));

async function act(button) {
  if (button.disabled || !sure(button)) return;
  button.disabled = true;
  button.classList.add("busy");
  const { visit, then } = button.dataset;
  const done = await send(address(button.dataset), meant(button));
  if (done && then) await send(ofVisit(visit, then));
  if (done) acted();
  button.classList.remove("busy");
  // the server's next word redraws the buttons; if it stays silent, this one may be tried again
  setTimeout(() => { if (button.isConnected) button.disabled = false; }, 1500);
}

// ---- dialogs ----------------------------------------------------------------------------------------

const dialog = document.getElementById("acts");

function open(button) {
  const { visit, state, line, ticket, name } = button.dataset;
  dialog.dataset.visit = visit;
  dialog.querySelector("header .ticket").textContent = ticket;
  dialog.querySelector("header .who").textContent = name;
  dialog.querySelector("[data-story]").href = `/history/${encodeURIComponent(visit)}?lang=${live.dataset.lang}`;
  say("", false, dialog.querySelector(".note"));
  const is = state.split(" ");
  for (const each of dialog.querySelectorAll(".do")) {
    each.hidden = !each.dataset.on.split(" ").some((one) => is.includes(one));
    // a room that has somebody calls nobody
    if (each.querySelector("form[data-act=call]") && seenStep()) each.hidden = true;
    each.open = false;
  }
  for (const form of dialog.querySelectorAll("form")) { form.reset(); shows(form); }
  for (const option of dialog.querySelectorAll("option[data-group]")) option.hidden = option.disabled = option.dataset.group !== line;
  for (const option of dialog.querySelectorAll("option[data-not]")) option.hidden = option.disabled = option.dataset.not === line;
  for (const select of dialog.querySelectorAll("select")) {
    if (!select.required && select.selectedOptions[0]?.disabled) select.value = [...select.options].find((each) => !each.disabled)?.value ?? "";
  }
  doctorsThere();
  dialog.showModal();
}

// A part of a form that belongs to one choice only.
function shows(form) {
  for (const select of form.querySelectorAll("select[data-shows]")) {
    const { shows: value } = select.dataset;
    for (const part of form.querySelectorAll(`[data-if="${value}"]`)) part.hidden = select.value !== value;
  }
}

function doctorsThere() {
  const group = dialog.querySelector("select[name=group]")?.value;
  for (const option of dialog.querySelectorAll("option[data-of]")) option.hidden = option.disabled = option.dataset.of !== group;
  for (const select of dialog.querySelectorAll("form[data-act=transfer] select[name=doctor]")) if (select.selectedOptions[0]?.disabled) select.value = "";
}

function value(field) {
  switch (field.dataset.type) {
    case "number": return field.value === "" ? null : Number(field.value);
    case "null": return ["", "none"].includes(field.value) ? null : field.value;
    default: return field.value;
  }
}

function filled(form) {
  const body = {};
  for (const field of form.elements) {
    if (!field.name || field.closest("[hidden]")) continue;
    if (field.dataset.type === "list") { body[field.name] ??= []; if (field.checked) body[field.name].push(field.value); }
    else body[field.name] = value(field);
  }
  return body;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Where a form goes: about a point, about the dialog's visit, or to an address of its own.
function goal(form) {
  const body = filled(form);
  if (form.dataset.path) {
    form.dataset.key ??= newId();
    return [form.dataset.path, { ...body, id: `${form.dataset.id}-${form.dataset.key}` }];
  }
  if (form.dataset.for === "point") return [ofPoint(form.dataset.act), form.dataset.act === "park" ? { ...body, step: seenStep() } : body];
  const { visit } = dialog.dataset;
  if (form.dataset.act === "call") return [ofPoint("call"), { ...body, visit }];
  if (form.dataset.act === "delivery") return [ofVisit(visit, "delivery"), undefined];
  return [ofVisit(visit, form.dataset.act), body];
}

async function submit(form) {
  const button = form.querySelector("button:not([type=button])");
  if (button.disabled) return;
  button.disabled = true;
  const place = (form.querySelector(".note") ?? form.closest("dialog")?.querySelector(".note")) ?? note;
  const [where, body] = goal(form);
  if (await send(where, body, place)) {
    delete form.dataset.key;
    form.reset();
    form.closest("dialog")?.close();
    acted();
    if (form.dataset.act === "doctors") location.reload();
  }
  button.disabled = false;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-act]")) return;
  event.preventDefault();
  submit(event.target);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  shows(form);
  if (event.target.name === "group") doctorsThere();
  const usual = event.target.closest("[data-usual]");
  if (usual?.selectedOptions[0]?.dataset.zh) {
    form.elements.zh.value = usual.selectedOptions[0].dataset.zh;
    form.elements.en.value = usual.selectedOptions[0].dataset.en;
  }
});

// one act at a time: the field that is asked for is ready to be typed in
for (const each of document.querySelectorAll(".do")) {
  each.addEventListener("toggle", () => {
    if (!each.open) return;
    for (const other of each.parentElement.querySelectorAll(".do")) if (other !== each) other.open = false;
    each.querySelector("input:not([hidden]), select")?.focus();
  });
}

function show(button) {
  const box = document.getElementById(button.dataset.opens);
  if (box.id === "seating") {
    const here = document.getElementById("seated").dataset.doctors.split(" ");
    for (const each of box.querySelectorAll("input[type=checkbox]")) each.checked = here.includes(each.value);
  }
  say("", false, box.querySelector(".note"));
  box.showModal();
}

async function asPlanned(button) {
  const box = button.closest("dialog");
  if (await send(ofPoint("doctors"), { doctors: null }, box.querySelector(".note"))) location.reload();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || button.disabled) return;
  const { dataset } = button;
  if ("more" in dataset) open(button);
  else if (dataset.opens) show(button);
  else if ("close" in dataset) button.closest("dialog").close();
  else if ("planned" in dataset) asPlanned(button);
  else if (dataset.fill) button.closest("form").elements[dataset.fill].value = button.textContent;
  else if (dataset.act) act(button);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing) return;
  if (document.querySelector("dialog[open]")) return;
  const button = document.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button && !button.disabled) { event.preventDefault(); button.click(); }
});

// ---- taking back ------------------------------------------------------------------------------------

const undo = document.getElementById("undo");

async function lastAct() {
  try {
    const answer = await fetch(`/last-act?lang=${undo.dataset.lang}`, { cache: "no-store" });
    if (answer.ok) undo.innerHTML = await answer.text();
  } catch { /* the next act asks again */ }
}

document.addEventListener("acted", lastAct);
setInterval(lastAct, 60000);
lastAct();

// Keys and clicks are heeded from here on.
document.body.dataset.acts = "";
