// j and k walk through a list, Enter opens: a row is found by its link, which takes the focus.

export function listKeys(event) {
  if (event.key !== "j" && event.key !== "k") return;
  const links = [...document.querySelectorAll("[data-list] a.open")];
  if (!links.length) return;
  const now = links.indexOf(document.activeElement);
  const next = now < 0 ? 0 : now + (event.key === "j" ? 1 : -1);
  links[Math.max(0, Math.min(links.length - 1, next))].focus();
  event.preventDefault();
}
