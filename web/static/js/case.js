// One case: its steps are taken by the same calls that other systems use.

import { actForm, whatHappened } from "./act_form.js";
import { call } from "./api.js";
import { open } from "./components.js";
import { placeMap } from "./place_map.js";
import { keepToast } from "./toast.js";

let shown = JSON.parse(document.getElementById("case").textContent);
const address = `/api/v1/cases/${encodeURIComponent(shown.case_no)}`;
const dialog = document.getElementById("act");
const room = dialog.firstElementChild;
let form = null;
let hasMoved = false;

document.getElementById("actions")?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-action]");
  if (!button) return;
  const step = shown.open_actions.find((one) => one.action === button.dataset.action);
  // The form of the step that was left without sending is still there, with what was typed.
  if (form?.step().action !== step.action) {
    form?.close();
    room.replaceChildren(document.getElementById("act-template").content.cloneNode(true));
    form = actForm(room.querySelector("form"));
  }
  dialog.label = step.title;
  const filled = form.open([shown], step);
  await open("act");
  await filled;
  form.focus();
});

dialog.addEventListener("act:done", ({ detail: { step } }) => {
  form.close();
  keepToast(room.querySelector("form").dataset.done.replace("{step}", step.title));
  location.reload();
});

// The page behind is old by now; it is read anew once the person has seen what others did.
dialog.addEventListener("act:stale", async () => {
  const [found, steps] = await Promise.all([call("GET", address), call("GET", `${address}/steps`)]);
  form.moved(found, whatHappened(steps.items, shown));
  shown = found;
  hasMoved = true;
});

dialog.addEventListener("act:close", () => (dialog.open = false));
dialog.addEventListener("wa-after-hide", (event) => {
  if (event.target !== dialog || !hasMoved) return;
  keepToast(dialog.dataset.moved, "warning");
  location.reload();
});

const place = document.getElementById("place-map");
placeMap(place, { lon: Number(place.dataset.lon), lat: Number(place.dataset.lat) });
