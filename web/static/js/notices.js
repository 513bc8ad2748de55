// The bell: how many notices are unread, as they come. Where no stream is to be had it asks each minute.

import { call } from "./api.js";

const ASK_MS = 60_000;
const SOON_MS = 300;
const PATIENCE_MS = 1000; // a slow network does not keep a person from the case
const MANY = 100; // the service counts no further

const bell = document.getElementById("bell");
const count = bell.querySelector(".count");
// Of this person only: another one may sign in to the same browser in another window.
const name = `citygrid-notices/${bell.dataset.person}`;
const windows = new BroadcastChannel(name);
let source = null;
let soon = null;
let over = false; // the sign-in has ended: nothing more is asked

function show(unread) {
  count.textContent = unread >= MANY ? `${MANY - 1}+` : String(unread);
  count.hidden = unread === 0;
  bell.setAttribute("aria-label", unread ? bell.dataset.some.replace("{n}", count.textContent) : bell.dataset.none);
}

// Not by call(): a page that is only open must not turn into the sign-in page by itself.
async function ask() {
  try {
    const answer = await fetch("/api/v1/notices?unread=true&limit=1", { headers: { Accept: "application/json" } });
    over = answer.status === 401;
    if (answer.ok) show((await answer.json()).unread);
  } catch {
    // No signal: the next time will tell.
  }
}

function askSoon() {
  clearTimeout(soon);
  soon = setTimeout(ask, SOON_MS);
}

function heard() {
  askSoon();
  windows.postMessage("changed");
}

function listen() {
  source = new EventSource("/api/v1/stream");
  source.addEventListener("notice", heard);
  source.addEventListener("reset", heard);
  return new Promise(() => {}); // for as long as this window is open
}

windows.addEventListener("message", askSoon);
document.addEventListener("citygrid:notice", heard);
document.addEventListener("citygrid:notices-read", heard);
setInterval(() => {
  const live = source?.readyState === EventSource.OPEN;
  if (!live && !over && !document.hidden) ask();
}, ASK_MS);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !over) askSoon();
});

ask();
// Whoever comes from the notices may be faster than the word that one was read.
if (document.referrer && new URL(document.referrer).pathname === "/notices") setTimeout(ask, 3 * PATIENCE_MS);
// The desk and the map follow the stream themselves. Of all other windows one listens: a browser has few connections to give.
if (!document.querySelector("#desk, [data-follows]")) {
  if (navigator.locks) navigator.locks.request(name, listen);
  else listen();
}

// The page of notices: what is opened has been read.
async function read(body) {
  await call("POST", "/api/v1/notices/read", { body, keepalive: true });
  document.dispatchEvent(new CustomEvent("citygrid:notices-read"));
}

document.getElementById("read-all")?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  await read({ all: true });
  for (const row of document.querySelectorAll(".news.unread")) row.classList.remove("unread");
  button.hidden = true;
});

for (const link of document.querySelectorAll(".news.unread a[data-notice]")) {
  link.addEventListener("click", async (event) => {
    const done = read({ ids: [Number(link.dataset.notice)] }).catch(() => {});
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    // The next page counts what is unread as soon as it opens: it shall not be faster than this.
    event.preventDefault();
    await Promise.race([done, new Promise((over) => setTimeout(over, PATIENCE_MS))]);
    location.assign(link.href);
  });
}
