// One case: its steps are taken by the same calls that other systems use.

import { call } from "./api.js";
import { open } from "./components.js";
import { keepToast } from "./toast.js";
import { placeMap } from "./place_map.js";

const form = document.getElementById("act-form");
const submit = form.querySelector("[type=submit]");
const notice = form.querySelector(".notice");
let action = null;

document.getElementById("actions")?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-action]");
  if (!button) return;
  action = button.dataset;
  const needs = action.needs.split(" ");
  for (const field of form.querySelectorAll("[data-need]")) {
    field.hidden = !needs.includes(field.dataset.need);
    field.querySelector("select").disabled = field.hidden;
  }
  form.elements.note.required = needs.includes("note");
  notice.hidden = true;
  submit.textContent = action.title;
  const dialog = document.getElementById("act");
  dialog.label = action.title;
  await open("act");
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  submit.setAttribute("aria-busy", "true");
  submit.disabled = true;
  const body = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  const address = `/api/v1/cases/${encodeURIComponent(form.dataset.case)}/actions/${action.action}`;
  try {
    await call("POST", address, { body, headers: { "If-Match": `"${form.dataset.version}"` } });
    keepToast(form.dataset.done.replace("{step}", action.title));
    location.reload();
  } catch (problem) {
    if (problem.status === 412) {
      keepToast(form.dataset.stale, "warning");
      location.reload();
      return;
    }
    notice.hidden = false;
    notice.querySelector("span").textContent = problem.message;
    submit.disabled = false;
    submit.removeAttribute("aria-busy");
  }
});

const place = document.getElementById("place-map");
placeMap(place, { lon: Number(place.dataset.lon), lat: Number(place.dataset.lat) });
