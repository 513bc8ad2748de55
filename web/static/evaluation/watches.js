// Notes about leads: kept one by one, shown where they were written.

import { call } from "../js/api.js";
import { toast } from "../js/toast.js";

for (const form of document.querySelectorAll("[data-note]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { outcome, note } = form.elements;
    const wrong = form.querySelector("[data-part=wrong]");
    wrong.hidden = true;
    try {
      const kept = await call("PUT", form.dataset.note, { body: { outcome: outcome.value, note: note.value } });
      const badge = form.closest(".lead").querySelector("[data-part=outcome]");
      badge.dataset.outcome = kept.outcome;
      badge.textContent = outcome.selectedOptions[0].textContent;
      form.querySelector("[data-part=by]").textContent = `${kept.noted_by}, ${kept.noted_at.slice(0, 16).replace("T", " ")}`;
      toast(form.querySelector("[type=submit]").dataset.done);
    } catch (problem) {
      wrong.textContent = problem.message;
      wrong.hidden = false;
    }
  });
}
