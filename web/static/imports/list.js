// The list of imports, newest first; what is being worked on is looked after.

import { call } from "../js/api.js";
import { data, fill, make, moment, words } from "../js/page_words.js";
import { follow } from "./follow.js";
import { number, severity, stateBadge, told } from "./parts.js";

const FIRST = "/api/v1/imports?limit=30";
const rows = document.getElementById("rows");
const box = document.getElementById("list");
const empty = document.getElementById("empty");
const wrong = document.getElementById("wrong");
const more = document.getElementById("more");
let next = FIRST;

function row(one) {
  const files = one.files.map((file) => file.name ?? file);
  const findings = one.counts.findings ?? {};
  return make("tr", { "data-id": one.id },
    make("td", { class: "whole" }, make("a", { class: "open", href: `/pipelines/imports/${one.id}`, text: one.survey || fill(words.importNo, { id: one.id }) })),
    make("td", {}, stateBadge(one.state)),
    make("td", { class: "small" }, files.length > 2 ? fill(words.filesMore, { first: files[0], n: files.length - 1 }) : files.join(", ")),
    make("td", { class: "number small" }, one.counts.points === undefined ? "" : fill(words.pointsLines, { points: number(one.counts.points), lines: number(one.counts.lines) })),
    make("td", {}, make("span", { class: "tags" }, ...["fatal", "error", "warning", "note"].filter((code) => findings[code]).map((code) => severity(code, findings[code])))),
    make("td", { class: "small" }, one.created_by ?? ""),
    make("td", { class: "small nowrap" }, moment(one.created_at)),
  );
}

const isWorked = (one) => data.states[one.state].kind === "work";

function put(one) {
  const made = row(one);
  const before = rows.querySelector(`[data-id="${one.id}"]`);
  if (before) before.replaceWith(made);
  else rows.append(made);
  if (isWorked(one) && !before) follow(`/api/v1/imports/${one.id}`, { isDone: (now) => !isWorked(now), onState: put });
}

async function read() {
  wrong.hidden = true;
  try {
    const page = await call("GET", next);
    page.items.forEach(put);
    next = page.next;
  } catch (problem) {
    wrong.hidden = false;
    wrong.querySelector("span").textContent = told(problem);
  }
  box.hidden = !rows.children.length;
  empty.hidden = Boolean(rows.children.length) || !wrong.hidden;
  more.parentElement.hidden = !next || !rows.children.length;
}

more.addEventListener("click", read);
read();
