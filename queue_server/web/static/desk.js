// The service desk: search as one types, and walk-ins.
import { post, refusal, say } from "./acts.js";

const search = document.getElementById("search");
const rows = document.getElementById("rows");
const note = document.getElementById("note");
let turn = 0;
let wait;

async function look() {
  const mine = ++turn;
  try {
    const answer = await post(`/desk/search?lang=${search.dataset.lang}`, { text: search.elements.text.value });
    if (mine !== turn) return;
    if (answer.ok) rows.innerHTML = await answer.text();
    else say(await refusal(answer), true);
  } catch { say(note.dataset.failed, true); }
}

search.addEventListener("submit", (event) => { event.preventDefault(); look(); });
search.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(look, 250); });
document.addEventListener("acted", look);

const form = document.getElementById("walk-in");
const given = document.getElementById("given");
let visit = "";

// One id a family, kept until it is registered: a click that is sent twice is one visit.
function newVisit() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `W-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function doctorsOf(group) {
  const { doctor } = form.elements;
  for (const option of doctor.options) option.hidden = option.disabled = Boolean(option.dataset.group) && option.dataset.group !== group;
  if (doctor.selectedOptions[0]?.disabled) doctor.value = "";
}

function show(stand) {
  const lang = search.dataset.lang;
  const { registered, ahead, people } = given.dataset;
  given.replaceChildren();
  const number = document.createElement("b");
  number.textContent = stand.ticket;
  given.append(number, ` ${registered} · ${stand.group[lang]} · ${ahead} ${stand.ahead ?? 0} ${people}`);
  given.hidden = false;
}

async function register(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  visit ||= newVisit();
  const { name, group, doctor, card } = form.elements;
  try {
    const answer = await post("/api/v1/walk-ins", {
      visit, name: name.value, group: group.value, doctor: doctor.value || null, card: card.value.trim() || null,
    });
    if (answer.ok) {
      show(await answer.json());
      visit = "";
      name.value = card.value = doctor.value = "";
      name.focus();
      look();
    } else {
      given.hidden = true;
      say(await refusal(answer), true);
      // refused: what is sent next is another registration
      visit = "";
    }
  } catch { say(note.dataset.failed, true); }
  button.disabled = false;
}

if (form) {
  form.addEventListener("submit", register);
  form.elements.group.addEventListener("change", () => doctorsOf(form.elements.group.value));
  doctorsOf(form.elements.group.value);
}
