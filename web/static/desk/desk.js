// The operators' desk: queues, the list of one of them, the map, the open case; all of it in the address bar.

import { call, Problem } from "../js/api.js";
import { open as openDialog } from "../js/components.js";
import { toast } from "../js/toast.js";
import { ALL, NARROWED_BY, callFor, isNarrowed, readAddress, spelledOut, writeAddress } from "./address.js";
import { Batch } from "./batch.js";
import { deskKeys } from "./keys.js";
import { CaseList } from "./list.js";
import { listen } from "./live.js";
import { DeskMap } from "./map.js";
import { Panel } from "./panel.js";
import { photoViewer } from "./photos.js";
import { Queues, countOf } from "./queues.js";
import { Refresh } from "./refresh.js";
import { fill, words } from "./words.js";

const PAGE = 50;
const WALK_MS = 150;
const byId = (id) => document.getElementById(id);
const desk = byId("desk");
const search = byId("search");
const narrow = matchMedia("(max-width: 60rem)");

let { asked, opened } = readAddress();
let turn = 0;
let following = null; // the address of the list's next page
let isAsking = false;
let walking = null; // a case is opened when the walk through the list rests on it

const queues = new Queues(byId("side"), (chosen) => go(chosen));
const list = new CaseList(byId("scroll"));
const panel = new Panel(byId("panel"));
const map = new DeskMap(byId("map"), { onPick: (caseNo) => show(caseNo, { scroll: true }), onMove: moved });
const batch = new Batch(byId("batch-bar"), byId("batch"), { onDone: batched, onClear: () => list.markAll(false), onClose: () => focusRow() });
const refresh = new Refresh(list, { ask: () => asked, onNew: told, onChanged: changed });

// ---- What is asked for ----------------------------------------------------------------------------------

function go(chosen, { push = true } = {}) {
  asked = chosen;
  list.markAll(false);
  writeAddress(asked, opened, { push });
  queues.choose(asked.queue ?? ALL);
  if (desk.dataset.view === "case") view("list");
  return load({ fit: true });
}

async function load({ fit = false, keep = false } = {}) {
  const mine = ++turn;
  const { box } = list;
  box.setAttribute("aria-busy", "true");
  search.elements.q.value = asked.q ?? "";
  byId("only-here").setAttribute("aria-pressed", String(Boolean(asked.bbox)));
  byId("save").hidden = !isNarrowed(asked);
  try {
    const page = await call("GET", callFor(asked, { limit: PAGE }));
    if (mine !== turn) return;
    following = page.next;
    const scroll = box.scrollTop;
    list.replace(page.items, !page.next);
    if (keep) box.scrollTop = scroll;
    refresh.reset();
    state(page.items.length ? "" : isNarrowed(asked) ? "nothing" : asked.queue === ALL ? "none" : "done");
    map.show(list.items);
    if (fit && !asked.bbox) map.fit();
    const word = asked.q?.trim().toUpperCase();
    if (word && page.items.length === 1 && page.items[0].case_no === word) show(word);
  } catch (problem) {
    if (mine !== turn) return;
    state("failed", problem instanceof Problem ? problem.message : words.noAnswer);
  } finally {
    if (mine === turn) box.removeAttribute("aria-busy");
  }
  tellCount();
}

async function more() {
  if (isAsking || !following) return;
  isAsking = true;
  const mine = turn;
  try {
    const page = await call("GET", following);
    if (mine !== turn) return;
    following = page.next;
    list.add(page.items, !page.next);
    map.show(list.items);
    tellCount();
  } catch {
    // The next scroll asks again; what is there stays.
  } finally {
    isAsking = false;
  }
}

// Which of the words stands in the place of rows: "" for none of them.
function state(name, detail = "") {
  for (const one of byId("states").children) one.hidden = one.dataset.state !== name;
  byId("failed-why").textContent = detail;
  byId("rows").hidden = Boolean(name);
}

function tellCount() {
  const queue = queues.get(asked.queue ?? ALL);
  const known = isNarrowed(asked) ? "" : countOf(queue);
  const shown = list.isWhole ? list.items.length : known || `${list.items.length}+`;
  const parts = [shown === 1 ? words.countOne : fill(words.count, { n: shown }), queue?.title, (asked.queue && asked.queue !== ALL) || asked.sort === "due" ? words.mostUrgent : words.newest];
  for (const name of NARROWED_BY) {
    if (name === "q" && asked.q) parts.push(fill(words.withWords, { words: asked.q }));
    else if (name === "bbox" && asked.bbox) parts.push(words.inView);
    else if (asked[name] && !["open", "sort"].includes(name)) parts.push(words.narrowed[asked[name]] ?? asked[name]);
  }
  byId("told").textContent = parts.filter(Boolean).join(" · ");
  byId("clear").hidden = !isNarrowed(asked);
}

// ---- One case -------------------------------------------------------------------------------------------

function show(caseNo, { push = !opened, scroll = false, focus = false } = {}) {
  opened = caseNo;
  batch.close();
  const known = list.get(caseNo);
  list.setOpened(caseNo);
  list.setCurrent(caseNo, { focus, scroll });
  map.choose(known);
  view("case");
  writeAddress(asked, opened, { push });
  if (narrow.matches) panel.root.focus();
  return panel.open(caseNo, known);
}

function hide({ push = true } = {}) {
  opened = null;
  panel.clear();
  list.setOpened(null);
  map.choose(null);
  view("list");
  writeAddress(asked, null, { push });
  focusRow();
}

function focusRow() {
  if (list.current) list.setCurrent(list.current);
}

function view(name) {
  desk.dataset.view = name;
  for (const button of desk.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === name));
}

// ---- Live -----------------------------------------------------------------------------------------------

function told(count) {
  const pill = byId("new");
  pill.hidden = !count;
  pill.querySelector("span").textContent = fill(words.newOnes, { n: count });
}

function changed(caseNos) {
  map.show(list.items);
  if (panel.shown && caseNos.includes(panel.shown.case_no)) panel.reread();
}

async function live(events) {
  await Promise.all([refresh.look(events), queues.load().then(tellCount)]).catch(() => {});
}

// ---- Events of the parts --------------------------------------------------------------------------------

list.box.addEventListener("list:more", more);
list.box.addEventListener("list:open", (event) => show(event.detail.case_no));
list.box.addEventListener("list:marks", () => {
  batch.show([...list.marked.values()]);
  const all = byId("all");
  all.checked = list.items.length > 0 && list.marked.size >= list.items.length - list.gone.size && list.marked.size > 0;
  all.indeterminate = list.marked.size > 0 && !all.checked;
});
byId("all").addEventListener("change", (event) => list.markAll(event.target.checked));
byId("panel").addEventListener("panel:closed", () => hide());
byId("panel").addEventListener("panel:go", (event) => show(event.detail.case_no, { push: true }));
byId("panel").addEventListener("panel:changed", ({ detail: { found } }) => {
  list.update(found, { gone: list.gone.has(found.case_no) });
  if (map.chosen?.case_no !== found.case_no) map.choose(found);
});
byId("panel").addEventListener("panel:moved", ({ detail: { found } }) => refresh.place(found));
byId("panel").addEventListener("panel:around", ({ detail }) => map.surround(detail.case_no, detail.around));
byId("panel").addEventListener("panel:done", async ({ detail: { step, found } }) => {
  toast(fill(words.done, { step: step.title }));
  await refresh.place(found);
  list.nextOf(found.case_no);
  queues.load().then(tellCount).catch(() => {});
});
byId("batch").addEventListener("click", (event) => {
  const link = event.target.closest("a[data-no]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  show(link.dataset.no);
});

async function batched(items) {
  for (const one of items) if (one.ok) list.mark(one.case_no, false);
  await Promise.all(items.map((one) => (one.case ? refresh.place(one.case) : refresh.look([one]))));
  queues.load().then(tellCount).catch(() => {});
}

search.addEventListener("submit", (event) => {
  event.preventDefault();
  go(without({ ...asked, q: search.elements.q.value.trim() }));
  list.box.focus();
});
search.elements.q.addEventListener("search", () => search.elements.q.value || !asked.q || go(without({ ...asked, q: "" })));
byId("clear").addEventListener("click", () => go({ queue: asked.queue }));
byId("everywhere").addEventListener("click", () => go(without({ ...asked, queue: ALL })));
byId("again").addEventListener("click", () => load());
byId("new").addEventListener("click", () => {
  list.box.focus();
  load();
});
byId("closer").addEventListener("click", () => map.closer());
byId("fit").addEventListener("click", () => map.fit());
byId("only-here").addEventListener("click", () => go(without({ ...asked, bbox: asked.bbox ? "" : map.bbox() })));
for (const button of desk.querySelectorAll("[data-show]")) button.addEventListener("click", () => view(button.dataset.show));

function moved(bbox) {
  if (!asked.bbox) return;
  asked = { ...asked, bbox };
  writeAddress(asked, opened);
  load();
}

function without(given) {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
}

byId("save").addEventListener("click", () => openDialog("save-filter"));
byId("save-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { name } = event.target.elements;
  try {
    await queues.save(name.value.trim(), spelledOut(asked));
    byId("save-filter").open = false;
    name.value = "";
    toast(words.saved);
  } catch (problem) {
    byId("save-wrong").textContent = problem.message;
  }
});

addEventListener("popstate", () => {
  const before = JSON.stringify(asked);
  ({ asked, opened } = readAddress());
  const target = opened;
  if (JSON.stringify(asked) !== before) {
    queues.choose(asked.queue ?? ALL);
    load({ fit: true });
  }
  if (target) show(target, { push: false });
  else hide({ push: false });
});

deskKeys({
  move(by) {
    const caseNo = list.move(by);
    // Beside an open case the next one opens as one walks; in the narrow layout it would hide the list.
    clearTimeout(walking);
    if (caseNo && opened && !narrow.matches && !panel.form) walking = setTimeout(() => show(caseNo, { focus: true }), WALK_MS);
    return true;
  },
  mark(isRange) {
    if (list.current) list.mark(list.current, isRange ? true : undefined, isRange);
    return true;
  },
  act(number) {
    if (list.marked.size) batch.actByNumber(number);
    else if (opened) panel.actByNumber(number);
    return true;
  },
  asProposed() {
    if (opened) panel.dispatchAsProposed();
    return true;
  },
  queue(letter) {
    const found = queues.byLetter(letter);
    if (!found) return false;
    list.box.focus(); // at once: what comes later must not take the focus from who types already
    go({ queue: found.code });
    return true;
  },
  map() {
    desk.classList.toggle("without-map");
    return true;
  },
  reload() {
    load({ keep: true });
    return true;
  },
  back(target) {
    if (target === search.elements.q) return target.blur(), true;
    // Words are not lost to one key: the first only leaves the field.
    if (panel.form?.hasWords() && target.closest("#act-form")) return target.blur(), true;
    if (panel.closeForm()) return true;
    if (batch.close()) return true;
    if (list.marked.size) return list.markAll(false), true;
    if (opened) return hide(), true;
    return false;
  },
});

photoViewer(byId("panel"));
map.ready.then((drawn) => (byId("only-here").disabled = !drawn));

async function begin() {
  let found = [];
  try {
    found = await queues.load();
  } catch (problem) {
    state("failed", problem instanceof Problem ? problem.message : words.noAnswer);
    return;
  }
  if (!asked.queue && !isNarrowed(asked)) {
    // What is late waits first: the queue with red lamps, else the first that has anything in it.
    asked.queue = (found.find((one) => one.count > 0) ?? found[0]).code;
  }
  queues.choose(asked.queue ?? ALL);
  queues.loadFilters().catch(() => {});
  if (asked.bbox) map.fitBox(asked.bbox);
  writeAddress(asked, opened);
  await load({ fit: true });
  if (opened) show(opened, { push: false, scroll: true });
  listen(live, (now) => (byId("live").dataset.state = now));
}

begin();
