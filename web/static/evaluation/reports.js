// Analysis reports: what is being made is looked after; one more is asked for; when they are made by themselves.

import { call } from "../js/api.js";
import { data, fill, icon, make, moment, words } from "../js/page_words.js";
import { toast } from "../js/toast.js";
import { follow } from "../imports/follow.js";
import { say, stateBadge, told } from "../imports/parts.js";

const REPORTS = "/api/v1/evaluation/reports";
const rows = document.getElementById("rows");
const empty = document.getElementById("empty");
const wrong = document.getElementById("wrong");
const more = document.getElementById("more");
const sure = document.getElementById("sure");
const upcoming = document.getElementById("next");
const followed = new Map(); // by id: what ends the looking after
let next = `${REPORTS}?limit=20`;

const isWorked = (one) => data.states[one.state].kind === "work";
const sized = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function files(one) {
  const order = data.formats.map(([form]) => form);
  const sorted = [...one.files].sort((a, b) => order.indexOf(a.format) - order.indexOf(b.format));
  return sorted.map((file) =>
    make("a", { class: "button", href: file.url, download: file.name, title: file.name }, icon(data.formats[order.indexOf(file.format)][1]), fill(words.download, { form: file.format.toUpperCase(), size: sized(file.size) })),
  );
}

function row(one) {
  const by = one.scheduled ? words.scheduled : one.asked_by;
  const closed = one.closed && fill(words.closed, { version: one.closed.version });
  const about = [one.locale === "en" ? "English" : "中文", moment(one.ended_at ?? one.asked_at), by, closed];
  const item = make("li", { "data-id": one.id },
    make("div", { class: "row" },
      make("h2", { text: one.title }),
      make("span", { class: "tags" }, stateBadge(one.state),
        data.mayWrite && one.state !== "working" && make("button", { class: "button plain", type: "button", "data-do": "remove", "aria-label": fill(words.remove, { title: one.title }), title: fill(words.remove, { title: one.title }) }, icon("trash-2")))),
    make("p", { class: "quiet small", text: about.filter(Boolean).join(" · ") }),
    one.closed && make("p", { class: "quiet small digest", text: `SHA-256 ${one.closed.digest}` }),
  );
  if (isWorked(one)) {
    const words_ = [one.step, `${one.done}%`].filter(Boolean).join(" · ");
    item.append(make("div", { role: "status" }, make("span", { class: "small", text: words_ }), make("progress", { max: 100, value: one.done, "aria-label": one.title })));
  }
  if (one.message) item.append(make("p", { class: "wrong", text: one.message }));
  if (one.files.length) item.append(make("div", { class: "files" }, ...files(one)));
  return item;
}

function put(one, { first = false } = {}) {
  const made = row(one);
  const before = rows.querySelector(`[data-id="${one.id}"]`);
  if (before) before.replaceWith(made);
  else if (first) rows.prepend(made);
  else rows.append(made);
  empty.hidden = true;
  if (isWorked(one) && !before) followed.set(one.id, follow(`${REPORTS}/${one.id}`, { isDone: (now) => !isWorked(now), onState: put }));
}

async function read() {
  say(wrong, "");
  try {
    const page = await call("GET", next);
    page.items.forEach((one) => put(one));
    next = page.next;
  } catch (problem) {
    say(wrong, told(problem));
  }
  empty.hidden = Boolean(rows.children.length) || !wrong.hidden;
  more.parentElement.hidden = !next || !rows.children.length;
}

async function tried(work) {
  say(wrong, "");
  try {
    await work();
  } catch (problem) {
    say(wrong, told(problem));
    wrong.scrollIntoView({ block: "center" });
  }
}

document.getElementById("ask")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = new FormData(event.target);
  tried(async () => put(await call("POST", REPORTS, { body: { period: asked.get("period"), locale: asked.get("locale") } }), { first: true }));
});

rows.addEventListener("click", (event) => {
  const item = event.target.closest("[data-do=remove]")?.closest("li");
  if (!item) return;
  sure.querySelector("[data-part=name]").textContent = item.querySelector("h2").textContent;
  sure.returnValue = "no";
  sure.showModal();
  sure.addEventListener("close", () => {
    if (sure.returnValue !== "yes") return;
    tried(async () => {
      await call("DELETE", `${REPORTS}/${item.dataset.id}`);
      followed.get(Number(item.dataset.id))?.(); // an answer on its way would bring it back
      item.remove();
      empty.hidden = Boolean(rows.children.length);
    });
  }, { once: true });
});

function tellNext(at, period) {
  upcoming.textContent = at ? fill(words.next, { period, at: moment(at) }) : words.off;
}

document.getElementById("plan").addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = new FormData(event.target);
  tried(async () => {
    const plan = await call("PUT", `${REPORTS}/schedule`, {
      body: { active: asked.has("active"), day: Number(asked.get("day")), hour: Number(asked.get("hour")), locale: asked.get("locale") },
    });
    tellNext(plan.next_at, plan.next_period);
    toast(words.kept);
  });
});

more.addEventListener("click", read);
tellNext(upcoming.dataset.at, upcoming.dataset.period);
read();
