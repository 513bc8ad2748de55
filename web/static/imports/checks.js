// Runs of the checks over the network: start one, follow it, read what it found; runs of before stay to be read.

import { call } from "../js/api.js";
import { data, fill, icon, make, moment, words } from "../js/page_words.js";
import { Findings } from "./findings.js";
import { FindingsMap } from "./findings_map.js";
import { follow } from "./follow.js";
import { className, measure, number, say, severity, showProgress, stateBadge, told } from "./parts.js";
import { Tabs } from "./tabs.js";

const RUNS = "/api/v1/pipelines/check-runs";
const part = (name) => document.querySelector(`[data-part=${name}]`);
const address = new URLSearchParams(location.search);
const form = document.getElementById("run");
const isWorked = (run) => data.states[run.state].kind === "work";
let checks = [];
let run = null;
let stop = () => {};

const map = new FindingsMap(document.getElementById("map"), { onPick: (id) => findings.choose(id, { scroll: true }) });
const findings = new Findings(document.getElementById("findings"), map, {
  onNarrow: (asked) => keep({ severity: asked.severity, code: asked.code, finding: "" }),
  onChoose: (id) => keep({ finding: id ?? "" }),
});

const tabs = new Tabs(document.querySelector("[role=tablist]"), { onShow: (name) => keep({ tab: name === "findings" ? "" : name }) });

function keep(patch, { push = false } = {}) {
  for (const [name, value] of Object.entries(patch)) {
    if (value) address.set(name, value);
    else address.delete(name);
  }
  const query = address.toString();
  history[push ? "pushState" : "replaceState"](null, "", query ? `?${query}` : location.pathname);
}

const scopeOf = (one) => [one.scope.class_code ? className(one.scope.class_code) : words.allClasses, one.scope.bbox ? words.inArea : words.wholeCity].join(" · ");
const sumOf = (one) => Object.values(one.counts).reduce((sum, count) => sum + count, 0);

// ---- One run ----

function show(one) {
  const isNew = run?.id !== one.id || run.state !== one.state;
  run = one;
  part("about").textContent = [scopeOf(one), moment(one.created_at)].filter(Boolean).join(" · ");
  part("state").replaceChildren(stateBadge(one.state));
  if (isWorked(one)) showProgress(part("working"), { title: data.states[one.state].title, step: one.step_title, done: one.done, total: one.total });
  else part("working").hidden = true;
  say(part("failed"), one.state === "failed" ? one.message || words.noAnswer : "");
  part("report").hidden = one.state !== "done";
  part("no-report").hidden = one.state === "done";
  part("none").hidden = true;
  for (const row of part("runs").children) row.toggleAttribute("data-chosen", row.dataset.id === String(one.id));
  if (isNew && one.state === "done") {
    findings.open(`${RUNS}/${one.id}/findings`, {
      counts: one.counts,
      checks,
      asked: { severity: address.get("severity") ?? "", code: address.get("code") ?? "" },
      chosen: address.get("finding"),
    });
    readRuns();
  }
}

async function open(id, { push = false } = {}) {
  stop();
  keep({ run: String(id), ...(push ? { severity: "", code: "", finding: "" } : {}) }, { push });
  try {
    show(await call("GET", `${RUNS}/${id}`));
    if (isWorked(run)) stop = follow(`${RUNS}/${id}`, { isDone: (now) => !isWorked(now), onState: show, onFail: (problem) => say(part("wrong"), told(problem)) });
  } catch (problem) {
    say(part("wrong"), told(problem));
  }
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  say(part("wrong"), "");
  const body = {};
  if (form.elements.class_code.value) body.class_code = form.elements.class_code.value;
  if (form.elements.where.value === "area") body.bbox = await map.bbox();
  try {
    const made = await call("POST", RUNS, { body });
    await readRuns();
    await open(made.id, { push: true });
    tabs.show("findings");
  } catch (problem) {
    say(part("wrong"), told(problem));
  }
  button.removeAttribute("aria-busy");
});

// ---- Runs of before ----

async function readRuns() {
  const { items } = await call("GET", `${RUNS}?limit=20`);
  part("runs").replaceChildren(
    ...items.map((one) =>
      make("li", { "data-id": one.id, "data-chosen": one.id === run?.id },
        make("a", { class: "open", href: `?run=${one.id}` }, make("strong", { text: scopeOf(one) })),
        make("p", { class: "small tags" }, stateBadge(one.state), one.state === "done" && make("span", { text: fill(words.findingsCount, { n: number(sumOf(one)) }) }), make("span", { class: "quiet", text: [one.created_by, moment(one.created_at)].filter(Boolean).join(" · ") })))),
  );
  part("no-runs").hidden = items.length > 0;
  return items;
}

part("runs").addEventListener("click", (event) => {
  const link = event.target.closest("a.open");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  open(Number(link.closest("li").dataset.id), { push: true });
  tabs.show("findings");
});

addEventListener("popstate", () => location.reload());

// ---- The table of checks ----

function drawTable() {
  part("checks").replaceChildren(
    ...checks.map((one) =>
      make("li", {},
        make("p", { class: "tags" }, severity(one.severity), make("strong", { text: one.title }), one.only_import && make("span", { class: "quiet small", text: words.onlyImport })),
        make("p", { text: one.explanation }),
        (one.limit !== null || one.source) && make("p", { class: "quiet small", text: [one.limit !== null && fill(words.limit, { limit: `${measure(one.limit)} ${one.unit}`.trim() }), one.source].filter(Boolean).join(" · ") }))),
  );
}

async function begin() {
  try {
    if (tabs.has(address.get("tab"))) tabs.show(address.get("tab"));
    checks = (await call("GET", "/api/v1/pipelines/checks")).items;
    drawTable();
    const runs = await readRuns();
    const wanted = Number(address.get("run")) || runs[0]?.id;
    if (wanted) await open(wanted);
    else part("none").hidden = false;
  } catch (problem) {
    say(part("wrong"), told(problem));
  }
}

document.getElementById("fit").addEventListener("click", () => map.fit());
begin();
