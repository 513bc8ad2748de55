// The photos of a case: opened large, and added to.

import { open } from "./components.js";
import { photoTray } from "./photo_tray.js";
import { keepToast } from "./toast.js";

const links = [...document.querySelectorAll("[data-photo]")];
const dialog = document.getElementById("photo");
let at = 0;

function line(words) {
  const span = document.createElement("span");
  span.textContent = words;
  return span;
}

function show(index) {
  at = (index + links.length) % links.length;
  const small = links[at].querySelector("img");
  const large = dialog.querySelector("img");
  large.width = small.getAttribute("width");
  large.height = small.getAttribute("height");
  large.src = links[at].href;
  large.alt = small.alt;
  dialog.label = small.alt;
  const caption = dialog.querySelector("[data-caption]");
  const told = links[at].dataset.caption.split("\n").filter(Boolean);
  caption.replaceChildren(...told.map(line));
  caption.hidden = !told.length;
  const original = dialog.querySelector("[data-original]");
  original.href = links[at].dataset.original;
  original.hidden = false;
}

for (const [index, link] of links.entries()) {
  link.addEventListener("click", (event) => {
    // With a key held the browser opens the photo itself, in a tab or as a file.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(index);
    open("photo");
  });
}

for (const button of dialog?.querySelectorAll("[data-go]") ?? []) {
  button.hidden = links.length < 2;
  button.addEventListener("click", () => show(at + Number(button.dataset.go)));
}
// On the document: the keys work before the dialog has taken the focus, too.
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step && dialog?.open) show(at + step);
});

const form = document.getElementById("add-photos");
if (form) {
  const ready = form.querySelector("[data-ready]");
  const submit = form.querySelector("[type=submit]");
  let isSent = false;
  const tray = photoTray(form.querySelector("[data-tray]"), () => {
    ready.hidden = !tray.left();
    submit.disabled = tray.busy();
    submit.setAttribute("aria-busy", String(tray.busy()));
    if (isSent && !tray.left() && !tray.busy()) done(tray.stored());
  });

  function done(hashes) {
    if (!hashes.length) return; // all were taken out again
    const known = hashes.filter((hash) => links.some((link) => link.dataset.photo === hash)).length;
    const said = [];
    if (known < hashes.length) said.push(form.dataset.done.replace("{n}", hashes.length - known));
    if (known) said.push(form.dataset.known.replace("{n}", known));
    keepToast(said.join(" "));
    location.reload();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (tray.busy()) return;
    isSent = true;
    await tray.send(`/api/v1/cases/${encodeURIComponent(form.dataset.case)}/attachments`, form.elements.stage.value);
  });
}
