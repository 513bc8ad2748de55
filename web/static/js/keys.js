// Making and revoking keys. The page is drawn anew after each change; a key is shown once, before that.

import { call } from "./api.js";
import { open } from "./components.js";
import { keepToast, toast } from "./toast.js";

const root = "/api/v1/keys";
const form = document.getElementById("key");
const wrong = form.querySelector("[data-part=wrong]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  wrong.hidden = true;
  const { elements } = form;
  const body = {
    name: elements.name.value.trim(),
    login: elements.login.value.trim(),
    scopes: [...form.querySelectorAll("[name=scopes]:checked")].map((one) => one.value),
    days: Number(elements.days.value) || null,
    per_minute: Number(elements.per_minute.value) || null,
  };
  try {
    tell(await call("POST", root, { body }));
  } catch (problem) {
    wrong.textContent = problem.message;
    wrong.hidden = false;
  }
});

function tell({ key }) {
  const dialog = document.getElementById("made");
  dialog.querySelector("[data-part=key]").textContent = key;
  dialog.addEventListener("wa-after-hide", () => location.reload());
  dialog.querySelector("[data-go]").addEventListener("click", () => (dialog.open = false));
  const copy = dialog.querySelector("[data-copy]");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(key);
      toast(copy.dataset.done);
    } catch {
      // No clipboard without HTTPS: the key is marked, to be copied by hand.
      getSelection().selectAllChildren(dialog.querySelector("[data-part=key]"));
    }
  });
  open("made");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-revoke]");
  if (!button || !confirm(button.dataset.sure)) return;
  try {
    await call("DELETE", `${root}/${button.dataset.revoke}`);
    keepToast(button.dataset.done);
    location.reload();
  } catch (problem) {
    toast(problem.message, "danger");
  }
});
