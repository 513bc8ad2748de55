// The app's frame: views by the address, who is signed in, what to send when, the service worker.

import Dexie, { liveQuery } from "dexie";
import { loadClasses } from "./category.js";
import { casesView } from "./cases_view.js";
import { $, toast } from "./dom.js";
import { ask, OWN_GRIDS } from "./known.js";
import { offlineApp } from "./offline_app.js";
import { patrolView } from "./patrol_view.js";
import { personBar } from "./person.js";
import { queueView } from "./queue_view.js";
import { reportView } from "./report.js";
import { clearReceipts, sendDue } from "./sender.js";
import { NoAnswer, Refusal } from "./service.js";
import { settingsSheet } from "./settings.js";
import { openStore } from "./store.js";
import { tasksView } from "./tasks_view.js";
import { say } from "./words.js";

const RECEIPT_MS = 7 * 24 * 3600 * 1000;
const db = openStore(Dexie);
let timer = 0;
let current = null;

const offline = offlineApp();
const person = personBar(db, signedIn);
const report = reportView(db, () => send({ force: true }));
const views = {
  report,
  tasks: tasksView(db, () => send({ force: true })),
  queue: queueView(db, { edit: backToReport, kick: () => send({ force: true }) }),
  cases: casesView(db),
  patrol: patrolView(db),
};
settingsSheet(offline, person);

function viewOf(address) {
  const name = address.slice(1);
  return name in views ? name : "report";
}

async function show() {
  const name = viewOf(location.hash);
  if (name === current) return;
  if (current) views[current].leave?.();
  current = name;
  for (const section of document.querySelectorAll("section.view")) section.hidden = section.dataset.view !== name;
  for (const link of document.querySelectorAll(".tabs a")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (link.dataset.view === name) $("title").textContent = link.dataset.title;
  }
  $("main").scrollTop = 0;
  scrollTo(0, 0);
  await views[name].enter?.();
}

async function backToReport() {
  await report.begin();
  location.hash = "#report";
}

// What is due, now; and again when the next pause is over.
async function send(options) {
  clearTimeout(timer);
  offline.askForSync();
  const { next, person: found } = await sendDue(db, options);
  if (found !== undefined) await person.know(found);
  if (next) timer = setTimeout(send, Math.max(1000, next - Date.now()));
}

// Also after a sign-in: what waited goes, what is known is asked for anew.
async function signedIn() {
  try {
    await ask(db, OWN_GRIDS);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error; // not an inspector: the bar says so
  }
  await views.patrol.resume();
  await send({ force: true });
  if (current !== "report") await views[current].enter?.();
}

function signal() {
  document.body.dataset.signal = navigator.onLine ? "on" : "off";
  $("signal-words").textContent = say(navigator.onLine ? "online" : "offline_short");
  $("signal").title = say(navigator.onLine ? "online" : "offline");
}

async function wake() {
  signal();
  if (!navigator.onLine) return;
  try {
    await person.ask();
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
  }
  await Promise.all([send({ force: true }), views.patrol.send()]);
}

let arrived = null;
liveQuery(() => db.items.where({ state: "done" }).toArray()).subscribe((done) => {
  const fresh = arrived ? done.filter((item) => !arrived.has(item.id)) : [];
  arrived = new Set(done.map((item) => item.id));
  if (fresh.length) toast(say("arrived", { title: fresh.map((item) => item.title).join(", ") }));
});

addEventListener("online", wake);
addEventListener("offline", signal);
addEventListener("hashchange", show);
document.addEventListener("visibilitychange", () => document.hidden || wake());
document.addEventListener("keydown", (event) => {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && current === "report") return $("report").requestSubmit();
  if (event.target.closest("input, textarea, select, .map") || event.ctrlKey || event.metaKey || event.altKey) return;
  const tab = document.querySelectorAll(".tabs a")[Number(event.key) - 1];
  if (tab) location.hash = tab.hash;
  else if (event.key.toLowerCase() === "c" && current === "report") $("class-open").click();
});

signal();
$("bar-insecure").hidden = isSecureContext;
await person.show();
await loadClasses(db);
await report.begin();
await show();
await clearReceipts(db, Date.now() - RECEIPT_MS);
navigator.storage?.persist?.();
document.body.dataset.ready = "";
if (navigator.onLine) {
  try {
    await offline.agree((await person.ask()).locale);
    await signedIn();
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    await send();
  }
}
