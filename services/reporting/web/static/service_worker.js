// Answers where there is no net, with the page on which sessions are registered without one. Keeps that page and its
// files, which hold nobody's data; no other answer is kept. `KEPT` stands in front: what to keep, and under which name.
"use strict";

const PATIENCE_MS = 10000;
// The key of the vault that is open, and what was typed in a form that could not be sent: in memory alone.
let opened = null;
const typed = new Map();

self.addEventListener("install", (event) => {
  event.waitUntil(keep());
  self.skipWaiting();
});

async function keep() {
  const cache = await caches.open(KEPT.name);
  // Nobody's page: without a session.
  await cache.addAll([...KEPT.pages, ...KEPT.files].map((path) => new Request(path, { credentials: "omit" })));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== KEPT.name) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(page(request, pathname));
    else if (/^(\/en)?\/roster$/.test(pathname)) event.respondWith(posted(event));
    else if (/^(\/en)?\/sign-out$/.test(pathname)) opened = null;
  } else if (KEPT.files.includes(pathname)) {
    event.respondWith(kept(pathname).then((found) => found ?? fetch(request)));
  }
});

async function page(request, pathname) {
  const isOurs = KEPT.pages.includes(pathname);
  try {
    return await (isOurs || /\/(roster|own-area)$/.test(pathname) ? inTime(request) : fetch(request));
  } catch (error) {
    return (await shell(pathname)) ?? Promise.reject(error);
  }
}

// A net that is nearly none keeps nobody waiting.
function inTime(request) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer in time")), PATIENCE_MS));
  return Promise.race([fetch(request), late]);
}

// A roster that could not be sent is handed to the page without a net, so that what was ticked is there still.
async function posted(event) {
  const copy = event.request.clone();
  try {
    return await fetch(event.request);
  } catch (error) {
    const fields = [...new URLSearchParams(await copy.text())];
    typed.set(event.resultingClientId, { address: event.request.url, fields });
    return (await shell(new URL(event.request.url).pathname)) ?? Promise.reject(error);
  }
}

function shell(pathname) {
  return kept(KEPT.pages[pathname === "/en" || pathname.startsWith("/en/") ? 1 : 0]);
}

async function kept(path) {
  return (await caches.open(KEPT.name)).match(path);
}

self.addEventListener("message", (event) => {
  const [port] = event.ports;
  const { kind, area, key } = event.data;
  if (kind === "open") opened = { area, key };
  if (kind === "close") opened = null;
  if (kind === "typed") return port.postMessage(typed.get(event.source.id) ?? null);
  port.postMessage(opened);
});
