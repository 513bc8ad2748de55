// Changing the working calendar: a day, the hours, the seasons, a year. The page is drawn anew after each.

import { call } from "./api.js";
import { open } from "./components.js";
import { keepToast } from "./toast.js";

const dialog = document.getElementById("day");
const dayForm = document.getElementById("day-form");
let chosen = null; // the button of the day that is being set

for (const button of document.querySelectorAll("button.day")) {
  button.addEventListener("click", () => {
    chosen = button;
    dialog.label = button.getAttribute("aria-label");
    dayForm.elements.work.value = button.dataset.work;
    dayForm.elements.name.value = button.hasAttribute("data-local") ? button.dataset.name : "";
    dayForm.querySelector("[data-clear]").hidden = !button.hasAttribute("data-local");
    dayForm.querySelector(".wrong").textContent = "";
    open("day");
  });
}

dayForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = { is_workday: dayForm.elements.work.value === "true", name: dayForm.elements.name.value.trim() };
  change(dayForm, "PUT", `/api/v1/calendar/days/${chosen.dataset.day}`, { body });
});

dayForm.querySelector("[data-clear]").addEventListener("click", () => {
  change(dayForm, "DELETE", `/api/v1/calendar/days/${chosen.dataset.day}`);
});

for (const form of document.querySelectorAll("form.rows")) {
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-remove]")) {
      event.target.closest("[data-row]").remove();
      form.querySelector("[data-add]").focus();
    }
    if (event.target.closest("[data-add]")) {
      const row = document.getElementById(`${form.id}-row`).content.cloneNode(true);
      form.querySelector("[data-none]")?.remove();
      form.insertBefore(row, form.querySelector(".wrong"));
      [...form.querySelectorAll("[data-row]")].at(-1).querySelector("input").focus();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const items = [...form.querySelectorAll("[data-row]")].map(values);
    change(form, "PUT", form.dataset.path, { body: { items } });
  });
}

function values(row) {
  const said = {};
  for (const field of row.querySelectorAll("input, select")) said[field.name] = field.value.trim();
  if ("weekday" in said) {
    // Empty fields of hours mean every weekday and the whole year.
    for (const name of ["weekday", "from_day", "to_day"]) said[name] = said[name] || null;
    said.weekday &&= Number(said.weekday);
  }
  return said;
}

const load = document.getElementById("load");
load.addEventListener("submit", (event) => {
  event.preventDefault();
  if (load.dataset.sure && !confirm(load.dataset.sure)) return;
  const [file] = load.querySelector("[type=file]").files;
  change(load, "POST", `/api/v1/calendar/years/${load.dataset.year}`, file ? { bytes: file, headers: { "Content-Type": "text/csv" } } : {});
});

async function change(form, method, path, sent = {}) {
  const button = form.querySelector("[type=submit]");
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await call(method, path, sent);
    keepToast(answer.deadlines.said);
    location.reload();
  } catch (problem) {
    form.querySelector(".wrong").textContent = problem.message;
    button.removeAttribute("aria-busy");
  }
}
