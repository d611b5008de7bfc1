// Tells a family aloud what it must not miss, while the page is open and after it has been allowed: a call, results, come back now.
const live = document.getElementById("live");
const bell = document.getElementById("bell");
const ON = "family alerts";
const BUZZ = { called: [400, 150, 400, 150, 400], at_door: [300, 150, 300] };
const chime = { loud: new Audio("/static/design/chimes/call.wav"), soft: new Audio("/static/design/chimes/done.wav") };
const said = document.getElementById("said");
const title = document.title;

function recall(name) { try { return localStorage.getItem(name); } catch { return null; } }
function keep(name, value) { try { localStorage.setItem(name, value); } catch { /* a private window */ } }

function show() {
  const on = recall(ON) === "on";
  bell.setAttribute("aria-pressed", String(on));
  bell.classList.toggle("on", on);
  bell.querySelector("span").textContent = on ? bell.dataset.on : bell.dataset.off;
}

bell.addEventListener("click", async () => {
  const on = recall(ON) !== "on";
  keep(ON, on ? "on" : "");
  show();
  if (!on) return;
  chime.soft.play().catch(() => {});          // a first sound by a finger lets later ones through
  navigator.vibrate?.(150);
  said.textContent = bell.dataset.tried;
  said.hidden = false;
  setTimeout(() => { said.hidden = true; }, 5000);
  if (globalThis.Notification?.permission === "default") await Notification.requestPermission();
});

// each alert once, however many tabs are open and however often the page is loaded
function look() {
  let calling = "";
  for (const each of live.querySelectorAll("[data-alert]")) {
    const { alert, child, title: what, body, situation } = each.dataset;
    if (situation === "called") calling = what;
    const name = `alerted ${child}`;
    if (recall(name) === alert) continue;
    keep(name, alert);
    if (alert) tell(child, what, body, situation);
  }
  document.title = calling ? `● ${calling}` : title;
}

async function tell(child, what, body, situation) {
  if (recall(ON) !== "on") return;
  navigator.vibrate?.(BUZZ[situation] ?? [250]);
  (situation === "called" ? chime.loud : chime.soft).play().catch(() => {});
  if (globalThis.Notification?.permission !== "granted") return;
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.showNotification(what, {
    body, tag: child, renotify: true, icon: "/static/phone-icon-192.png", data: location.href,
    requireInteraction: situation === "called", vibrate: BUZZ[situation] ?? [250],
  });
}

show();
look();
live.addEventListener("swapped", look);
addEventListener("storage", show);
