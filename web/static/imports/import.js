// One import: how far it is, what was found, what would change, and the decision about it.

import { call } from "../js/api.js";
import { data, fill, icon, make, moment, words } from "../js/page_words.js";
import { toast } from "../js/toast.js";
import { Differences } from "./differences.js";
import { Findings } from "./findings.js";
import { FindingsMap } from "./findings_map.js";
import { follow } from "./follow.js";
import { number, say, severity, showProgress, stateBadge, sure, told } from "./parts.js";
import { Tabs } from "./tabs.js";

const page = document.getElementById("import");
const path = `/api/v1/imports/${page.dataset.id}`;
const part = (name) => document.querySelector(`[data-part=${name}]`);
const address = new URLSearchParams(location.search);
const isWorked = (one) => data.states[one.state].kind === "work";
const MOST_STAGED = 1000; // of a kind; the differences tell of all
const checkTitles = new Map();
let shown = null;
let drawnFor = ""; // state and version the lists were read for

const map = new FindingsMap(document.getElementById("map"), { onPick: (id) => views[tabs.current].pick(id) });
const findings = new Findings(document.getElementById("findings"), map, {
  onNarrow: (asked) => keep({ severity: asked.severity, code: asked.code, finding: "" }),
  onChoose: (id) => keep({ finding: id ?? "" }),
});
const differences = new Differences(document.getElementById("differences"), map, path, { onKind: (kind) => keep({ kind }) });

// ---- Tabs; the address holds which one, what narrows it, what is chosen ----

const views = {
  findings: { pick: (id) => findings.choose(id, { scroll: true }), open: openFindings },
  differences: { pick: (id) => differences.choose(id, { scroll: true }), open: () => differences.open(shown.counts.change, address.get("kind"), { replaces: Boolean(shown.options.replace) }) },
  files: { pick: () => {}, open: openFiles },
};
const tabs = new Tabs(document.querySelector("[role=tablist]"), {
  onShow: (name) => {
    keep({ tab: name === "findings" ? "" : name });
    map.choose(null);
    views[name].open();
  },
});
if (tabs.has(address.get("tab"))) tabs.current = address.get("tab");

function keep(patch) {
  for (const [name, value] of Object.entries(patch)) {
    if (value) address.set(name, value);
    else address.delete(name);
  }
  const query = address.toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
}

const checks = call("GET", "/api/v1/pipelines/checks").then(
  ({ items }) => {
    for (const one of items) checkTitles.set(one.code, one.title);
    return items;
  },
  () => [], // findings bring their own titles
);

async function openFindings() {
  findings.open(`/api/v1/pipelines/check-runs/${shown.counts.run_id}/findings`, {
    counts: shown.counts.by_check,
    checks: await checks,
    asked: { severity: address.get("severity") ?? "", code: address.get("code") ?? "" },
    chosen: address.get("finding"),
  });
}

function openFiles() {
  map.draw("marked", []);
  part("files").replaceChildren(...shown.files.map((file) => make("li", {}, icon("file-spreadsheet"), make("span", { text: file.name }))));
  part("recognised").replaceChildren(...shown.recognised.map((one) => make("li", {}, icon("check"), make("span", {}, one.text, one.sheet && make("span", { class: "quiet small", text: ` ${one.sheet}` })))));
}

// ---- The import itself ----

// "check <code>" is told by the title of the check, once the table of checks has come.
function stepTitle(step) {
  const code = step.startsWith("check ") ? step.slice(6) : "";
  return checkTitles.get(code) ?? words[`step_${step}`] ?? "";
}

function show(one) {
  shown = one;
  part("state").replaceChildren(stateBadge(one.state));
  part("who").textContent = [one.created_by, moment(one.created_at)].filter(Boolean).join(" · ");
  if (isWorked(one)) showProgress(part("working"), { title: data.states[one.state].title, step: stepTitle(one.step), done: one.done, total: one.total });
  else part("working").hidden = true;
  say(part("failed"), one.state === "failed" ? one.message : "");
  part("failed-hint").hidden = one.state !== "failed";
  say(part("wrong"), one.state !== "failed" ? one.message : "");
  drawFigures(one);
  drawDecision(one);
  const ready = one.counts.findings !== undefined && !["received", "reading", "checking"].includes(one.state);
  part("report").hidden = !ready;
  const mark = `${one.state} ${one.version}`;
  if (ready && drawnFor !== mark) {
    drawnFor = mark;
    drawStaged();
    tabs.show(tabs.current);
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
      figure(change.new, words.changeNew),
      figure(change.changed, words.changeChanged),
      // Without replacing the area what the files do not name stays as it is.
      figure(change.gone, one.options.replace ? words.changeGone : words.changeMissing),
      make("li", {}, make("span", { class: "tags" }, ...["fatal", "error", "warning", "note"].filter((code) => found[code]).map((code) => severity(code, found[code]))), make("span", { class: "small", text: Object.values(found).some(Boolean) ? words.findingsLabel : words.noFindings })),
    ] : []),
  );
  part("count-findings").textContent = ready ? number(Object.values(found).reduce((sum, count) => sum + count, 0)) : "";
  part("count-differences").textContent = ready ? number(change.new + change.changed + (one.options.replace ? change.gone : 0)) : "";
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
  const { points = 0, lines = 0, clean_points: cleanPoints = 0, clean_lines: cleanLines = 0, findings: found = {}, change = {} } = one.counts;
  const rows = { all: points + lines, clean: cleanPoints + cleanLines };
  const isClean = rows.all === rows.clean;
  // Rows that cannot be stored keep the whole out; the clean ones can go in without them.
  const isFatal = Boolean(found.fatal || change.refused);
  const open = page.dataset.mayWrite === "true" ? Object.keys(ACTS).filter((name) => one.actions.includes(name)) : [];
  const offered = open.filter((name) => !(name === "accept_clean" && isClean) && !(name === "accept_all" && isFatal));
  const numbers = { n: number(rows.clean), all: number(rows.all) };
  const said = {
    checked: isFatal ? words.decideFatal : isClean ? words.decideClean : words.decide,
    accepted: one.accepted_how === "clean" ? words.acceptedClean : words.acceptedAll,
  }[one.state];
  box.hidden = !offered.length && !said;
  box.querySelector("p").textContent = said ? fill(said, numbers) : "";
  const focused = document.activeElement?.dataset?.act;
  box.querySelector(".buttons").replaceChildren(...offered.map((name) => button(name, numbers, isClean)));
  if (focused) box.querySelector(`[data-act=${focused}]`)?.focus();
}

function button(name, numbers, isClean) {
  const act = ACTS[name];
  const kind = name === "accept_all" && isClean ? "primary" : act.kind;
  const made = make("button", { type: "button", class: `button ${kind}`, "data-act": name }, icon(act.icon), fill(act.label, numbers));
  made.addEventListener("click", () => decide(name, numbers, isClean));
  return made;
}

async function decide(name, numbers, isClean) {
  const act = ACTS[name];
  const question = {
    accept_all: isClean ? null : { title: words.acceptAll, text: words.sureAll, button: words.acceptAll },
    undo: { title: words.undo, text: words.sureUndo, button: words.undo, danger: true },
    drop: { title: words.dropImport, text: words.sureDrop, button: words.dropImport, danger: true },
  }[name];
  if (question && !(await sure(question))) return;
  const pressed = document.querySelector(`[data-act=${name}]`);
  pressed?.setAttribute("aria-busy", "true");
  try {
    const answer = await call("POST", `${path}/${act.call}`, { body: act.body, headers: { "If-Match": `"${shown.version}"` } });
    toast(fill(words.done, { step: fill(act.label, numbers) }));
    show(answer);
    watch();
  } catch (problem) {
    say(part("wrong"), told(problem));
    pressed?.removeAttribute("aria-busy");
    if (problem.status === 412 || problem.status === 409) read();
  }
}

// Rows on their way in that the network does not have as they are; the same ones lie under them already.
async function drawStaged() {
  const found = [];
  let isCut = false;
  for (const kind of ["new", "changed", "refused"]) {
    const { items, next } = await call("GET", `${path}/difference?kind=${kind}&limit=${MOST_STAGED}`).catch(() => ({ items: [] }));
    found.push(...items.filter((one) => one.geometry));
    isCut ||= Boolean(next);
  }
  part("staged-told").textContent = isCut ? fill(words.firstStaged, { n: MOST_STAGED.toLocaleString() }) : "";
  await map.draw("staged", found.map(({ geometry, class_code: classCode }) => ({ type: "Feature", geometry, properties: { class_code: classCode } })));
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
