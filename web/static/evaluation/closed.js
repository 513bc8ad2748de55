// Closed periods: closing with its progress, counting again, and what has changed since.

import { call } from "../js/api.js";

const ROOT = "/api/v1/evaluation";
const PAUSE_MS = 700;
const pause = () => new Promise((done) => setTimeout(done, PAUSE_MS));

for (const form of document.querySelectorAll("[data-close]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close(form);
  });
}

async function close(form) {
  const part = (name) => form.querySelector(`[data-part=${name}]`);
  const button = form.querySelector("[type=submit]");
  const { period, reason } = form.elements;
  const said = (text) => {
    part("wrong").textContent = text;
    part("wrong").hidden = !text;
  };
  said("");
  button.disabled = true;
  part("working").hidden = false;
  try {
    let run = await call("POST", `${ROOT}/closed`, { body: { period: period.value.trim(), reason: reason?.value ?? "" } });
    while (run.state === "waiting" || run.state === "working") {
      part("step").textContent = run.step_title || part("step").dataset.waits;
      part("working").querySelector("progress").value = run.done;
      await pause();
      run = await call("GET", `${ROOT}/closings/${run.id}`);
    }
    if (run.state === "done") location.assign(`/evaluation/closed/${run.period}`);
    else said(run.message);
  } catch (problem) {
    said(problem.message);
  } finally {
    button.disabled = false;
    part("working").hidden = true;
  }
}

for (const box of document.querySelectorAll("[data-verify]")) {
  const button = box.querySelector("button");
  button.addEventListener("click", async () => {
    const told = box.querySelector("[data-part=verified]");
    button.setAttribute("aria-busy", "true");
    try {
      const found = await call("GET", box.dataset.verify);
      told.dataset.kind = found.holds ? "done" : "wrong";
      told.textContent = found.holds ? told.dataset.right : faultOf(found, told);
    } catch (problem) {
      told.dataset.kind = "wrong";
      told.textContent = problem.message;
    }
    told.hidden = false;
    button.removeAttribute("aria-busy");
  });
}

function faultOf(found, told) {
  const digest = found.digest === found.digest_now ? "" : told.dataset.digest;
  const places = found.differences.slice(0, 10).map((one) => `${one.code} ${one.indicator}`);
  const figures = places.length ? `${told.dataset.figures.replace("{n}", found.differences.length)} ${places.join(", ")}` : "";
  return [digest, figures].filter(Boolean).join(" ");
}

// One after the other: each compares the facts of a whole period.
for (const place of document.querySelectorAll("[data-changed]")) {
  const found = await call("GET", `${ROOT}/closed/${place.dataset.changed}/changed`).catch((problem) => ({ problem }));
  if (found.problem) {
    place.textContent = found.problem.message;
    continue;
  }
  const { same, one, some } = place.dataset;
  place.textContent = found.cases === 0 ? same : found.cases === 1 ? one : some.replace("{n}", found.cases.toLocaleString());
  place.classList.toggle("changed", found.cases > 0);
  if (place.dataset.cases) list(document.getElementById(place.dataset.cases), found.items);
}

function list(box, items) {
  for (const { case_no: number, changes } of items.slice(0, 100)) {
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: `/cases/${number}`, textContent: number });
    const told = Object.assign(document.createElement("span"), { className: "quiet small" });
    told.textContent = changes.map((one) => `${one.title} ${one.before ?? "—"} → ${one.after ?? "—"}`).join(" · ");
    item.append(link, told);
    box.append(item);
  }
}
