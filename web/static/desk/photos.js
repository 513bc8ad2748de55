// A photo of the side panel, opened large; the arrows go through all photos of the case.

import { open } from "../js/components.js";

export function photoViewer(root) {
  const dialog = document.getElementById("photo");
  const image = dialog.querySelector("img");
  let links = [];
  let at = 0;

  function show(index) {
    at = (index + links.length) % links.length;
    const small = links[at].querySelector("img");
    image.width = small.getAttribute("width");
    image.height = small.getAttribute("height");
    image.src = links[at].href;
    image.alt = dialog.label = small.alt;
    const original = dialog.querySelector("[data-original]");
    original.href = links[at].dataset.original;
    original.hidden = false;
  }

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-photo]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    links = [...root.querySelectorAll("[data-photo]")];
    for (const button of dialog.querySelectorAll("[data-go]")) button.hidden = links.length < 2;
    show(links.indexOf(link));
    open("photo");
  });
  for (const button of dialog.querySelectorAll("[data-go]")) button.addEventListener("click", () => show(at + Number(button.dataset.go)));
  document.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && dialog.open) show(at + step);
  });
}
