// Keeps a family's page for when there is no network. The page itself says how old it is.
const SHELL = "family shell {{BUILD}}";
const PAGES = "family pages";
const MAPS = "family maps";
const MOST = 24;
const PATIENCE_MS = 3000;
const FILES = [
  "/static/design/tokens.css", "/static/design/base.css", "/static/phone.css", "/static/phone.js", "/static/phone-alerts.js",
  "/static/bear.svg", "/static/design/chimes/call.wav", "/static/design/chimes/done.wav",
];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("family shell") && name !== SHELL) await caches.delete(name);
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && /^\/f\/[\w-]+$/.test(url.pathname)) event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (/^\/way\/[\w-]+\/map\//.test(url.pathname)) event.respondWith(map(request));
});

// the page as the server has it; when it does not answer, as it was, and marked as such
async function page(request) {
  const kept = await (await caches.open(PAGES)).match(request);
  try {
    const answer = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    if (answer.status === 404) await forget(request);
    if (answer.ok) await keep(PAGES, request, answer.clone());
    if (answer.status < 500 || !kept) return answer;
  } catch (error) { if (!kept) throw error; }
  const html = (await kept.text()).replace("<body ", "<body data-cached ");
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": kept.headers.get("Content-Security-Policy"), "Referrer-Policy": "no-referrer" };
  return new Response(html, { headers });
}

async function file(request) {
  const kept = await (await caches.open(SHELL)).match(request);
  try { return await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {}); } catch (error) { if (kept) return kept; throw error; }
}

async function map(request) {
  const cache = await caches.open(MAPS);
  try {
    const answer = await fetch(request);
    if (answer.ok) await keep(MAPS, request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
}

async function keep(name, request, answer) {
  const cache = await caches.open(name);
  await cache.put(request, answer);
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST))) await cache.delete(old);
}

async function forget(request) {
  const path = new URL(request.url).pathname;
  const cache = await caches.open(PAGES);
  for (const each of await cache.keys()) if (new URL(each.url).pathname === path) await cache.delete(each);
}

addEventListener("message", (event) => {
  if (event.data === "over") event.waitUntil(forget(new Request(event.source.url)));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.matchAll({ type: "window" }).then((all) => all.find((each) => each.url === event.notification.data)?.focus()));
});
