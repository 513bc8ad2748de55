// One import: how far it is, what was found, what would change, and the decision about it.

import { call } from "../js/api.js";
import { data, fill, icon, make, moment, words } from "../js/page_words.js";
import { toast } from "../js/toast.js";
import { Differences } from "./differences.js";
import { Findings } from "./findings.js";
import { FindingsMap } from "./findings_map.js";
import { follow } from "./follow.js";
import { number, say, severity, showProgress, stateBadge, sure, told } from "./parts.js";

const page = document.getElementById("import");
const path = `/api/v1/imports/${page.dataset.id}`;
const part = (name) => document.querySelector(`[data-part=${name}]`);
const address = new URLSearchParams(location.search);
const isWorked = (one) => data.states[one.state].kind === "work";
let shown = null;
let drawnFor = ""; // state and version the lists were read for

const map = new FindingsMap(document.getElementById("map"), { onPick: (id) => tabs[tab].pick(id) });
const findings = new Findings(document.getElementById("findings"), map, {
  onNarrow: (asked) => keep({ severity: asked.severity, code: asked.code, finding: "" }),
  onChoose: (id) => keep({ finding: id ?? "" }),
});
const differences = new Differences(document.getElementById("differences"), map, path, { onKind: (kind) => keep({ kind }) });

// ---- Tabs; the address holds which one, what narrows it, what is chosen ----

const tabs = {
  findings: { pick: (id) => findings.choose(id, { scroll: true }), open: openFindings },
  differences: { pick: (id) => differences.choose(id, { scroll: true }), open: () => differences.open(shown.counts.change ?? {}, address.get("kind")) },
  files: { pick: () => {}, open: openFiles },
};
let tab = address.get("tab") in tabs ? address.get("tab") : "findings";

function keep(patch) {
  for (const [name, value] of Object.entries(patch)) {
    if (value) address.set(name, value);
    else address.delete(name);
  }
  const query = address.toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
}

const tabButtons = [...document.querySelectorAll("[role=tab]")];

function showTab(name, { focus = false } = {}) {
  tab = name;
  keep({ tab: name === "findings" ? "" : name });
  for (const button of tabButtons) {
    const isIt = button.dataset.tab === name;
    button.setAttribute("aria-selected", String(isIt));
    button.tabIndex = isIt ? 0 : -1;
    document.getElementById(button.getAttribute("aria-controls")).hidden = !isIt;
    if (isIt && focus) button.focus();
  }
  map.choose(null);
  tabs[name].open();
}

for (const button of tabButtons) {
  button.addEventListener("click", () => showTab(button.dataset.tab));
  button.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) showTab(tabButtons[(tabButtons.indexOf(button) + step + tabButtons.length) % tabButtons.length].dataset.tab, { focus: true });
  });
}

async function openFindings() {
  try {
    const checks = await call("GET", "/api/v1/pipelines/checks");
    findings.open(`${path}/findings`, {
      counts: shown.counts.codes ?? {},
      checks: checks.items,
      asked: { severity: address.get("severity") ?? "", code: address.get("code") ?? "" },
      chosen: address.get("finding"),
    });
  } catch (problem) {
    say(part("wrong"), told(problem));
  }
}

function openFiles() {
  map.draw("marked", []);
  part("files").replaceChildren(...shown.files.map((file) => make("li", {}, icon("file-spreadsheet"), make("span", { text: file.name }))));
  part("recognised").replaceChildren(...shown.recognised.map((one) => make("li", {}, icon("check"), make("span", {}, one.text, one.sheet && make("span", { class: "quiet small", text: ` ${one.sheet}` })))));
}

// ---- The import itself ----

function show(one) {
  shown = one;
  part("state").replaceChildren(stateBadge(one.state));
  part("who").textContent = [one.created_by, moment(one.created_at)].filter(Boolean).join(" · ");
  if (isWorked(one)) showProgress(part("working"), { title: data.states[one.state].title, step: one.step_title ?? "", done: one.done, total: one.total });
  else part("working").hidden = true;
  say(part("failed"), one.state === "failed" ? one.message : "");
  part("failed-hint").hidden = one.state !== "failed";
  drawFigures(one);
  drawDecision(one);
  const ready = one.counts.findings !== undefined && !["received", "reading", "checking"].includes(one.state);
  part("report").hidden = !ready;
  const mark = `${one.state} ${one.version}`;
  if (ready && drawnFor !== mark) {
    drawnFor = mark;
    drawStaged();
    showTab(tab);
  }
}

function drawFigures(one) {
  const { points, lines, clean_points: cleanPoints, clean_lines: cleanLines, change = {}, findings: found = {} } = one.counts;
  const figure = (value, label, note) => make("li", {}, make("strong", { text: number(value) }), make("span", { text: label }), note && make("span", { class: "small", text: ` ${note}` }));
  const ready = one.counts.findings !== undefined;
  part("figures").hidden = points === undefined;
  part("figures").replaceChildren(
    figure(points, words.points, ready && fill(words.clean, { n: number(cleanPoints) })),
    figure(lines, words.lines, ready && fill(words.clean, { n: number(cleanLines) })),
    ...(ready ? [
      figure(change.new ?? 0, words.changeNew),
      figure(change.changed ?? 0, words.changeChanged),
      figure(change.gone ?? 0, words.changeGone),
      make("li", {}, make("span", { class: "tags" }, ...["fatal", "error", "warning", "note"].filter((code) => found[code]).map((code) => severity(code, found[code]))), make("span", { class: "small", text: Object.values(found).some(Boolean) ? words.findingsLabel : words.noFindings })),
    ] : []),
  );
  part("count-findings").textContent = ready ? number(Object.values(found).reduce((sum, count) => sum + count, 0)) : "";
  part("count-differences").textContent = ready ? number((change.new ?? 0) + (change.changed ?? 0) + (change.gone ?? 0)) : "";
}

// What may be done now comes from the service; the words say what it would do, in numbers.
const ACTS = {
  accept_clean: { kind: "primary", icon: "circle-check", label: words.acceptClean, call: "accept", body: { how: "clean" } },
  accept_all: { kind: "", icon: "check-check", label: words.acceptAll, call: "accept", body: { how: "all" } },
  undo: { kind: "", icon: "undo-2", label: words.undo, call: "undo" },
  drop: { kind: "danger", icon: "trash-2", label: words.dropImport, call: "drop" },
};

function drawDecision(one) {
  const box = part("decide");
  const may = page.dataset.mayWrite === "true";
  const open = may ? Object.keys(ACTS).filter((name) => one.actions.includes(name)) : [];
  box.hidden = !(open.length || one.state === "checked" || one.state === "accepted");
  const { points = 0, lines = 0, clean_points: cleanPoints = 0, clean_lines: cleanLines = 0 } = one.counts;
  const numbers = { n: number(cleanPoints + cleanLines), all: number(points + lines) };
  box.querySelector("p").textContent = {
    checked: cleanPoints + cleanLines === points + lines ? words.decideClean : fill(words.decide, numbers),
    accepted: one.accepted_how === "clean" ? fill(words.acceptedClean, numbers) : words.acceptedAll,
  }[one.state] ?? "";
  const focused = document.activeElement?.dataset?.act;
  box.querySelector(".buttons").replaceChildren(...open.map((name) => button(name, numbers, cleanPoints + cleanLines === points + lines)));
  if (focused) box.querySelector(`[data-act=${focused}]`)?.focus();
}

function button(name, numbers, isAllClean) {
  const act = ACTS[name];
  // With every row clean the two ways of accepting are one.
  if (name === "accept_clean" && isAllClean) return "";
  const kind = name === "accept_all" && isAllClean ? "primary" : act.kind;
  const made = make("button", { type: "button", class: `button ${kind}`, "data-act": name }, icon(act.icon), name === "accept_clean" ? fill(act.label, numbers) : act.label);
  made.addEventListener("click", () => decide(name, numbers, isAllClean));
  return made;
}

async function decide(name, numbers, isAllClean) {
  const act = ACTS[name];
  const question = {
    accept_all: isAllClean ? null : { title: words.acceptAll, text: words.sureAll, button: words.acceptAll },
    undo: { title: words.undo, text: words.sureUndo, button: words.undo, danger: true },
    drop: { title: words.dropImport, text: words.sureDrop, button: words.dropImport, danger: true },
  }[name];
  if (question && !(await sure(question))) return;
  const pressed = document.querySelector(`[data-act=${name}]`);
  pressed?.setAttribute("aria-busy", "true");
  try {
    const answer = await call("POST", `${path}/${act.call}`, { body: act.body, headers: { "If-Match": `"${shown.version}"` } });
    toast(fill(words.done, { step: name === "accept_clean" ? fill(act.label, numbers) : act.label }));
    show(answer);
    watch();
  } catch (problem) {
    say(part("wrong"), told(problem));
    pressed?.removeAttribute("aria-busy");
    if (problem.status === 412 || problem.status === 409) read();
  }
}

async function drawStaged() {
  try {
    const staged = await call("GET", `${path}/staged?f=geojson`);
    await map.draw("staged", staged.features.map((one) => ({ ...one, properties: { class_code: one.properties.class_code } })));
    if (tab === "files") map.fit();
  } catch {
    // The findings and differences carry their own places.
  }
}

let stop = () => {};

function watch() {
  stop();
  if (shown && !isWorked(shown)) return;
  stop = follow(path, { isDone: (one) => !isWorked(one), onState: show, onFail: (problem) => say(part("wrong"), told(problem)) });
}

async function read() {
  try {
    show(await call("GET", path));
    watch();
  } catch (problem) {
    say(part("wrong"), told(problem));
  }
}

document.getElementById("fit").addEventListener("click", () => map.fit());
read();
