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

// Where a screening form is asked for, the answer belongs to the registration.
function screeningOf(group) {
  const asks = "screening" in (form.elements.group.selectedOptions[0]?.dataset ?? {});
  const box = document.getElementById("screening");
  box.hidden = !asks;
  for (const each of box.querySelectorAll("input")) { each.required = asks; if (!asks || group) each.checked = false; }
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
  const { name, group, doctor, card, abnormal } = form.elements;
  try {
    const answer = await post("/api/v1/walk-ins", {
      visit, name: name.value, group: group.value, doctor: doctor.value || null, card: card.value.trim() || null,
      abnormal: abnormal.value ? abnormal.value === "yes" : null,
    });
    if (answer.ok) {
      show(await answer.json());
      visit = "";
      name.value = card.value = doctor.value = "";
      screeningOf(true);
      name.focus();
      look();
    } else {
      given.hidden = true;
      const { code } = await answer.clone().json().catch(() => ({}));
      say(await refusal(answer), true);
      // registered, but not let in yet: the list says what is missing, and the next click is about the same visit
      if (["screening_missing", "screened_out", "unpaid"].includes(code)) look();
      else visit = "";
    }
  } catch { say(note.dataset.failed, true); }
  button.disabled = false;
}

if (form) {
  form.addEventListener("submit", register);
  form.elements.group.addEventListener("change", () => { doctorsOf(form.elements.group.value); screeningOf(true); });
  doctorsOf(form.elements.group.value);
  screeningOf(false);
}
