// Subscribing, trying and sending again. The page is drawn anew after each change.

import { call } from "./api.js";
import { open } from "./components.js";
import { keepToast, toast } from "./toast.js";

const root = "/api/v1/webhooks";
const hook = document.querySelector("[data-hook]")?.dataset.hook;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

const form = document.getElementById("webhook");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { id, version } = form.dataset;
  const sent = { body: values() };
  if (id) sent.headers = { "If-Match": `"${version}"` };
  const made = await tried(form, () => call(id ? "PATCH" : "POST", id ? `${root}/${id}` : root, sent));
  if (!made) return;
  if (made.secret) return tell(made);
  keepToast(form.dataset.done);
  location.reload();
});

function values() {
  const said = { active: form.elements.active.checked };
  for (const name of ["name", "url", "mode"]) said[name] = form.elements[name].value.trim();
  said.types = [...form.elements.types.selectedOptions].map((one) => one.value);
  for (const field of form.querySelectorAll("[data-list-field]")) said[field.name] = field.value.split(/[\s,，]+/).filter(Boolean);
  return said;
}

const span = document.getElementById("span");
span?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!confirm(span.dataset.sure)) return;
  const body = { from: moment(span.elements.from.value), to: moment(span.elements.to.value) };
  const answer = await tried(span, () => call("POST", `${root}/${hook}/replay`, { body }));
  if (!answer) return;
  keepToast(fill(span.dataset.done, { n: answer.events }));
  location.reload();
});

// The fields speak the city's clocks, as the page does.
const moment = (text) => `${text.slice(0, 16)}:00${span.dataset.offset}`;

const acts = {
  test: async (button) => {
    const answer = await call("POST", `${root}/${hook}/test`);
    const { taken, refused } = button.dataset;
    if (answer.taken) toast(fill(taken, { status: answer.status, ms: answer.duration_ms }));
    else toast(fill(refused, { error: answer.error }), "danger");
  },
  pause: () => change({ paused: true }),
  resume: () => change({ paused: false }),
  rotate: async () => tell(await call("POST", `${root}/${hook}/secret`, { body: {} })),
  delete: async () => {
    await call("DELETE", `${root}/${hook}`);
    location.assign("/webhooks");
  },
};

async function change(body) {
  await call("PATCH", `${root}/${hook}`, { body });
  location.reload();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-act], [data-replay]");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  if (button.dataset.sure && !confirm(button.dataset.sure)) return;
  button.setAttribute("aria-busy", "true");
  try {
    if (button.dataset.replay) {
      await call("POST", `${root}/${hook}/deliveries/${button.dataset.replay}/replay`);
      location.reload();
    } else await acts[button.dataset.act](button);
  } catch (problem) {
    toast(problem.message, "danger");
  }
  button.removeAttribute("aria-busy");
});

function tell(made) {
  const dialog = document.getElementById("secret");
  const place = dialog.querySelector("[data-part=secret]");
  place.textContent = made.secret;
  dialog.addEventListener("wa-after-hide", () => location.assign(`/webhooks/${made.id}`));
  dialog.querySelector("[data-go]").addEventListener("click", () => (dialog.open = false));
  const copy = dialog.querySelector("[data-copy]");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(made.secret);
    toast(copy.dataset.done);
  });
  open("secret");
}

async function tried(within, doing) {
  const wrong = within.querySelector("[data-part=wrong]");
  const button = within.querySelector("[type=submit]");
  if (button.getAttribute("aria-busy") === "true") return null;
  button.setAttribute("aria-busy", "true");
  wrong.hidden = true;
  try {
    return await doing();
  } catch (problem) {
    const named = problem.problem?.errors?.map((one) => one.detail).filter(Boolean);
    wrong.textContent = [problem.message, ...(named ?? [])].join(" ");
    wrong.hidden = false;
    return null;
  } finally {
    button.removeAttribute("aria-busy");
  }
}
