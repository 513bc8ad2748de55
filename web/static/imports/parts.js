// Small parts of the pages for survey data and checks.

import { data, fill, icon, make, words } from "../js/page_words.js";

const language = document.documentElement.lang;
const whole = new Intl.NumberFormat(language);

const thousandth = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });

export const measure = (value) => thousandth.format(value);
export const number = (value) => (value === null || value === undefined ? "—" : whole.format(value));

export function severity(code, count = null) {
  const look = data.severities[code] ?? data.severities.note;
  return make("span", { class: "severity", "data-severity": code }, icon(look.icon), count === null ? look.title : `${look.title} ${number(count)}`);
}

export function stateBadge(state) {
  const look = data.states[state];
  return make("span", { class: "badge", "data-kind": look.kind }, icon(look.icon), look.title);
}

export function swatch(classCode) {
  const known = data.classes[classCode];
  return known && make("span", { class: "swatch", style: `background: ${known.colour}`, "aria-hidden": "true" });
}

export const className = (code) => data.classes[code]?.name ?? code ?? "";

// The bar of a piece of work: how far, of how much, in words and as a bar.
export function showProgress(box, { title, step, done, total }) {
  box.hidden = false;
  const share = total ? fill(words.doneOf, { done: number(done), total: number(total) }) : done ? fill(words.doneSo, { done: number(done) }) : "";
  box.querySelector("[data-part=step]").textContent = [title, step].filter(Boolean).join(" · ");
  box.querySelector("[data-part=share]").textContent = share;
  const bar = box.querySelector("progress");
  if (total) {
    bar.max = total;
    bar.value = done;
  } else bar.removeAttribute("value");
}

// A problem of the service in words: each wrong thing it named, else the whole.
export function told(problem) {
  const errors = problem.problem?.errors ?? [];
  const named = errors.map((one) => one.detail).filter(Boolean);
  return named.length > 1 ? named.join(" · ") : problem.problem ? problem.message : words.noAnswer;
}

export function say(box, text) {
  box.hidden = !text;
  box.querySelector("span").textContent = text;
}

// A question before what cannot be taken back; resolves to whether it was answered with yes.
export async function sure({ title, text, button, danger = false }) {
  await import("webawesome/components/dialog/dialog.js");
  const dialog = document.getElementById("sure");
  dialog.label = title;
  dialog.querySelector("p").textContent = text;
  const yes = dialog.querySelector("[data-yes]");
  yes.textContent = button;
  yes.className = danger ? "button danger" : "button primary";
  return new Promise((resolve) => {
    let answer = false;
    yes.onclick = () => {
      answer = true;
      dialog.open = false;
    };
    dialog.querySelector("[data-no]").onclick = () => (dialog.open = false);
    dialog.addEventListener("wa-hide", (event) => event.target === dialog && resolve(answer), { once: true });
    dialog.open = true;
  });
}
