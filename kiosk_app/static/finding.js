// Looking for a place by the letters of its pinyin, its English name or the number on its door. Nothing typed is kept.
const LONGEST = 16;
const screen = document.getElementById("screen");
let typing = false;
let typed = "";

function fits(button) {
  const [initials, number, ...words] = button.dataset.find.split(" ");
  return initials.includes(typed) || number.startsWith(typed) || words.some((word) => word.startsWith(typed)) || (typed.length > 2 && words.join("").includes(typed));
}

function show() {
  const view = screen.querySelector(".view.finding");
  if (!view) { typing = false; typed = ""; return; }
  const keys = view.querySelector("#keys");
  if (!keys) return;
  view.classList.toggle("typing", typing);
  keys.hidden = !typing;
  view.querySelector("[data-typing]").setAttribute("aria-expanded", String(typing));
  const line = view.querySelector("#typed");
  line.textContent = typed.toUpperCase() || line.dataset.hint;
  line.classList.toggle("some", typed !== "");
  view.classList.toggle("filtered", typed !== "");
  const chosen = view.querySelector("[data-floor][aria-selected=true]")?.dataset.floor;
  let found = 0;
  for (const list of view.querySelectorAll(".list")) {
    let here = 0;
    for (const button of list.children) {
      button.hidden = typed !== "" && !fits(button);
      here += button.hidden ? 0 : 1;
    }
    list.hidden = typed ? here === 0 : list.dataset.level !== chosen;
    found += here;
  }
  view.querySelector(".nothing").hidden = found > 0;
  dispatchEvent(new Event("resize")); // the page fits itself anew
}

function press(key) {
  if (key === "back") typed = typed.slice(0, -1);
  else if (key === "clear") typed = "";
  else if (typed.length < LONGEST) typed += key;
  screen.querySelector(".lists")?.scrollTo(0, 0);
  show();
}

screen.addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]");
  if (key) press(key.dataset.key);
  if (event.target.closest("[data-typing]")) {
    typing = !typing;
    if (!typing) typed = "";
    show();
  }
});

document.addEventListener("keydown", (event) => {
  if (!screen.querySelector(".view.finding") || event.ctrlKey || event.altKey || event.metaKey) return;
  const key = event.key.toLowerCase();
  if (!/^[a-z0-9]$/.test(key) && (key !== "backspace" || !typed)) return;
  event.preventDefault();
  typing = true;
  press(key === "backspace" ? "back" : key);
});

new MutationObserver(show).observe(screen, { childList: true });
