// The service worker: the app opens without signal, tiles and photos once seen stay, and the queue is sent
// where the browser wakes us for it. KEPT (what is kept, and its mark) and Dexie stand in the lines above.

import { NoAnswer } from "/static/inspect/service.js";
import { sendDue } from "/static/inspect/sender.js";
import { openStore } from "/static/inspect/store.js";

const SHELL = `inspect-shell-${KEPT.mark}`;
const [TILES, PHOTOS, CHOICES] = ["inspect-tiles", "inspect-photos", "inspect-choices"];
const MOST = { [TILES]: 800, [PHOTOS]: 200 };
const TRIM_EVERY = 25;
const PATIENCE_MS = 4000;
const kept = new Set(KEPT.addresses);
let puts = 0;

self.addEventListener("install", (event) => {
  const fetchAll = async () => {
    const shell = await caches.open(SHELL);
    await shell.addAll(KEPT.addresses.map((address) => new Request(address, { cache: "reload" })));
  };
  event.waitUntil(fetchAll());
});

self.addEventListener("activate", (event) => {
  const takeOver = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("inspect-shell-") && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(takeOver());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(sendQueue());
});

// Rejected while something waits for signal: the browser wakes us again.
async function sendQueue() {
  const { next } = await sendDue(openStore(Dexie), { force: true });
  if (next) throw new NoAnswer("later");
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  url.searchParams.delete("v"); // a file's mark: within one shell all files are of one version
  const address = url.pathname + url.search;
  if (request.mode === "navigate") {
    if (url.pathname === "/inspect") event.respondWith(shell(request, url));
  } else if (kept.has(address)) {
    event.respondWith(keptFile(request, address));
  } else if (url.pathname.startsWith("/tiles/")) {
    event.respondWith(tile(request));
  } else if (/\/attachments\/[0-9a-f]{64}$/.test(url.pathname)) {
    event.respondWith(photo(request));
  }
});

async function shell(request, url) {
  const cache = await caches.open(SHELL);
  const choice = await (await caches.open(CHOICES)).match("/inspect/locale");
  const lang = url.searchParams.get("lang") ?? (await choice?.text()) ?? "zh_CN";
  return (await cache.match(`/inspect?lang=${lang}`)) ?? fetch(request);
}

async function keptFile(request, address) {
  const cache = await caches.open(SHELL);
  return (await cache.match(address)) ?? fetch(request);
}

// From the network while it answers in time, and kept; without it the last one seen, or an empty tile.
async function tile(request) {
  const cache = await caches.open(TILES);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) await keep(cache, TILES, request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request)) ?? new Response(null, { status: 204 });
  }
}

// A photo's address is its hash: once seen, it never changes.
async function photo(request) {
  const cache = await caches.open(PHOTOS);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await keep(cache, PHOTOS, request, answer.clone());
  return answer;
}

async function keep(cache, name, request, answer) {
  // 204 may not be kept with a body; an empty tile is empty anyway
  if (answer.status !== 204) await cache.put(request, answer);
  puts += 1;
  if (puts % TRIM_EVERY) return;
  const keys = await cache.keys(); // in the order they came
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[name])).map((key) => cache.delete(key)));
}
