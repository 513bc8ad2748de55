// The planner's workbench: the map, the line on it, its section beside it; wells and their profile; queries.

import { About } from "./about.js";
import { cutHere, movedAlong } from "./cut_here.js";
import { CutLine } from "./cut_line.js";
import { DrawMode } from "./draw_mode.js";
import { whileBusy } from "./files.js";
import { asRead, middle } from "./geo.js";
import { benchKeys } from "./keys.js";
import { Lines } from "./lines.js";
import { Pane } from "./pane.js";
import { ProfileView } from "./profile_view.js";
import { Query } from "./query.js";
import { Search } from "./search.js";
import { SectionView } from "./section_view.js";
import { Series } from "./series.js";
import { State, readView } from "./state.js";
import { Wells } from "./wells.js";
import { WorkMap, feature, lineOf } from "./work_map.js";
import { fill, words } from "./words.js";

const byId = (id) => document.getElementById(id);
const bench = byId("bench");
const narrow = matchMedia("(max-width: 60rem)");

const state = new State();
const pane = new Pane();
const map = await WorkMap.open(byId("map"), readView());
const cut = await CutLine.on(map);
const drawing = new DrawMode(map);
const lines = new Lines(state.shown.line);
const section = new SectionView(state, map, pane, byId("findings"));
const profile = new ProfileView(state, map, pane, byId("profile-findings"));
const wells = new Wells(state, { onShow: (id) => open("points", id, { move: true }) });
const query = new Query(state, map);
const about = new About(() => state.set({ item: null }));
let isToMove = false; // the map goes to what is opened next
let picking = ""; // what the next click on the map gives: "cut" or "wells"

new Series(state, map);
new Search(found);

// ---- Tools ----------------------------------------------------------------------------------------------

function tool(name) {
  endPicking();
  state.set({ tool: name, item: null });
  view("tools");
}

function view(name) {
  bench.dataset.view = name;
  for (const button of bench.querySelectorAll(".bench-switch [data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
}

function hint(text, { canFinish = false } = {}) {
  byId("hint").hidden = !text;
  byId("hint").querySelector("span").textContent = text;
  byId("hint-done").hidden = !canFinish;
}

function pick(what, text) {
  const isSame = picking === what;
  endPicking();
  if (isSame || !map.gl) return;
  picking = what;
  map.box.dataset.armed = what;
  map.gl.getCanvas().style.cursor = "crosshair";
  tellPressed();
  hint(text);
}

function endPicking() {
  drawing.stop();
  picking = "";
  delete map.box.dataset.armed;
  if (map.gl) map.gl.getCanvas().style.cursor = "";
  tellPressed();
  hint("");
}

function tellPressed() {
  byId("draw").setAttribute("aria-pressed", String(drawing.wanted === "line"));
  byId("draw-area").setAttribute("aria-pressed", String(drawing.wanted === "area"));
  byId("cut-here").setAttribute("aria-pressed", String(picking === "cut"));
  byId("pick-wells").setAttribute("aria-pressed", String(picking === "wells"));
}

function draw(what) {
  const isSame = drawing.wanted === what;
  endPicking();
  if (isSame || !map.gl) return;
  state.set({ tool: what === "line" ? "section" : "query", item: null });
  drawing.start(what);
  tellPressed();
  hint(what === "line" ? words.hintLine : words.hintArea, { canFinish: what === "area" });
  if (narrow.matches) byId("map").scrollIntoView();
}

drawing.onSketch = (places) => {
  const shape = drawing.wanted === "area" && places.length > 2 ? { type: "Polygon", coordinates: [[...places, places[0]]] } : lineOf(places);
  map.draw(drawing.wanted === "area" ? "area" : "cut", places.length > 1 ? [feature(shape)] : []);
};
drawing.onEnd = () => {
  endPicking();
  cut.show(state.shown.tool === "section" ? state.shown.line : null, state.shown.name);
  query.tell();
};
drawing.onDone = (places) => {
  if (state.shown.tool === "query") return state.set({ area: places }, { push: true });
  newLine(asRead(places));
};

// ---- The line -------------------------------------------------------------------------------------------

function newLine(line, { push = true } = {}) {
  state.set({ line, tool: "section", item: null }, { push });
  if (push) view("pane"); // where only one of drawing and tools has room
}

function tellUndo() {
  lines.keep(state.shown.line);
  byId("undo").disabled = !lines.canUndo;
}

cut.onMove = (line) => section.ask(line, { soon: true });
cut.onDone = (line) => newLine(line, { push: false });
cut.onAlong = along;

function along(metres) {
  const { line } = state.shown;
  if (line && map.gl) newLine(movedAlong(map, line, metres), { push: false });
}

function cutAt(place) {
  const line = cutHere(map, place);
  if (!line) return hint(words.noRoad);
  endPicking();
  newLine(line);
}

// By key the middle of the map is meant, by button the next click.
function cutByKey() {
  if (map.gl) cutAt(map.centre());
}

byId("typed-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const places = ["typed-start", "typed-end"].map((id) => byId(id).value.trim().split(/[,，;\s]+/).map(Number));
  const isGood = places.every(([lon, lat, ...rest]) => !rest.length && Math.abs(lon) <= 180 && Math.abs(lat) <= 90);
  byId("typed-wrong").textContent = isGood ? "" : words.typedWrong;
  if (!isGood) return;
  newLine(places);
  map.show(places);
});

function tellTyped(line) {
  if (!line || document.activeElement?.closest("#typed-form")) return;
  const write = (place) => place.map((one) => one.toFixed(7)).join(", ");
  byId("typed-start").value = write(line[0]);
  byId("typed-end").value = write(line.at(-1));
}

// ---- Pipes and wells ------------------------------------------------------------------------------------

function open(kind, id, { move = false } = {}) {
  isToMove = move;
  state.set({ item: { kind, id } });
  view("tools");
  if (narrow.matches) byId("panel").focus();
}

about.onGo = (kind, id) => open(kind, id, { move: true });
about.onShow = (item, places) => {
  map.light(item.kind === "segments" ? [item.id] : []);
  map.draw("found", places);
  if (isToMove) map.show(places.flatMap(({ geometry }) => (geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates)));
  isToMove = false;
};
about.onCut = cutAt;
about.onWell = (id, name) => {
  state.set({ tool: "profile", item: null });
  wells.add(id, name);
};
section.onOpen = open;
profile.onOpen = open;
query.onOpen = (id) => open("segments", id, { move: true });

function found(item) {
  if (item.kind === "segment" || item.kind === "point") return open(`${item.kind}s`, item.id, { move: true });
  if (item.box) map.show([[item.box[0], item.box[1]], [item.box[2], item.box[3]]], { zoom: 17 });
  // As text, so that it can be read and narrowed further; owners are known by their code.
  const [property, value] = item.kind === "road" ? ["road", item.title] : ["owner", item.subtitle];
  state.set({ tool: "query", item: null, filter: `${property} = '${value.replaceAll("'", "''")}'`, area: null }, { push: true });
  query.ask();
}

function clicked(point, place) {
  if (drawing.wanted) return;
  if (picking === "cut") return cutAt(place);
  const hit = map.hit(point, picking === "wells" ? ["pipe_points"] : undefined);
  if (picking === "wells") return hit ? wells.add(hit.id) : hint(words.hintNoWell);
  if (hit) open(hit.kind, hit.id);
}

map.gl?.on("click", ({ point, lngLat }) => clicked(point, [lngLat.lng, lngLat.lat]));
// By keyboard what lies under the cross is meant.
map.gl?.getCanvas().addEventListener("keydown", (event) => {
  if (event.key === "Enter") clicked(map.gl.project(map.centre()), map.centre());
});

// ---- What is shown follows the state --------------------------------------------------------------------

const SHEET = ["name", "scale_h", "scale_v", "paper"];
let shownTool = "";

state.on(["tool", "line", "as_of", "from", "to", "via", ...SHEET], showTool);
state.on(["line"], tellUndo);
state.on(["tool", "from", "to", "via", "as_of"], () => wells.show());
state.on(["tool", "filter", "area", "as_of"], () => query.tell());
state.on(["area"], () => state.shown.tool === "query" && query.ask());
state.on(["item", "as_of"], () => showItem());
state.on(["as_of"], () => state.shown.tool === "query" && query.items.length && query.ask());

function showTool() {
  const { tool: name, line, as_of: asOf } = state.shown;
  for (const tab of bench.querySelectorAll("[role=tab]")) {
    const isOn = tab.dataset.tool === name;
    tab.setAttribute("aria-selected", String(isOn));
    tab.tabIndex = isOn ? 0 : -1;
    byId(`tool-${tab.dataset.tool}`).hidden = !isOn || Boolean(state.shown.item);
  }
  byId("past").hidden = !asOf;
  byId("as-of").value = asOf;
  for (const form of [byId("sheet"), byId("profile-sheet")]) for (const field of SHEET) if (document.activeElement !== form.elements[field]) form.elements[field].value = state.shown[field];
  byId("along").hidden = !line;
  tellTyped(line);
  cut.show(name === "section" ? line : null, state.shown.name);
  if (name !== shownTool) for (const other of [section, profile]) other.clear();
  shownTool = name;
  if (name === "section") line ? section.ask(line) : section.clear();
  if (name === "profile") profile.ask();
}

function showItem() {
  const { item, tool: name, as_of: asOf } = state.shown;
  byId(`tool-${name}`).hidden = Boolean(item);
  if (!item) {
    map.light([]);
    if (name !== "query") map.draw("found", []);
    else query.list();
  }
  about.show(item, asOf);
}

// ---- Controls -------------------------------------------------------------------------------------------

for (const tab of bench.querySelectorAll("[role=tab]")) {
  tab.addEventListener("click", () => tool(tab.dataset.tool));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...tab.parentElement.children];
    const next = all[(all.indexOf(tab) + step + all.length) % all.length];
    next.click();
    next.focus();
  });
}
for (const button of bench.querySelectorAll(".bench-switch button")) button.addEventListener("click", () => view(button.dataset.view));
byId("draw").addEventListener("click", () => draw("line"));
byId("draw-area").addEventListener("click", () => draw("area"));
byId("cut-here").addEventListener("click", () => pick("cut", words.hintCut));
byId("pick-wells").addEventListener("click", () => pick("wells", words.hintWells));
byId("hint-stop").addEventListener("click", endPicking);
byId("hint-done").addEventListener("click", () => drawing.finish());
byId("along").addEventListener("click", (event) => event.target.dataset.step && along(Number(event.target.dataset.step)));
byId("undo").addEventListener("click", undo);
byId("clear-line").addEventListener("click", () => state.set({ line: null, item: null }, { push: true }));
byId("as-of").addEventListener("change", (event) => state.set({ as_of: event.target.value }, { push: true }));
for (const form of [byId("sheet"), byId("profile-sheet")]) {
  form.addEventListener("change", (event) => state.set({ [event.target.name]: event.target.value.trim() }));
  form.addEventListener("submit", (event) => event.preventDefault());
}
pane.onFormat = (format, button) => whileBusy(button, () => (pane.owner === "profile" ? profile : section).file(format));

function undo() {
  newLine(lines.undo(), { push: false });
}

benchKeys({
  tool,
  undo,
  redo: () => newLine(lines.redo(), { push: false }),
  along,
  draw: () => draw("line"),
  cut: cutByKey,
  area: () => draw("area"),
  pick: () => {
    if (state.shown.tool !== "profile") tool("profile");
    pick("wells", words.hintWells);
  },
  large: () => pane.large(),
  back() {
    if (drawing.wanted || picking) return endPicking();
    if (state.shown.item) return state.set({ item: null });
    if (bench.dataset.pane === "large") pane.large(false);
  },
});

if (map.gl) map.onView = (seen) => state.look(seen);
else byId("without").hidden = false;
showTool();
tellUndo();
wells.show();
query.tell();
if (!readView()) {
  const { line, area, item } = state.shown;
  isToMove = Boolean(item);
  if (line ?? area) map.show(line ?? area);
}
if (state.shown.item) showItem();
else if (state.shown.line) view("pane");
if (state.shown.tool === "query" && (state.shown.filter || state.shown.area)) query.ask();
bench.dataset.ready = "true";
