// Elements made by hand: text is always text, never markup.

export const $ = (id) => document.getElementById(id);

// h("li", { class: "card", onclick: act }, icon("camera"), "words"); false and null children are left out.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== false && child !== null && child !== undefined));
  return element;
}

// Icons come with the shell; a name it does not bring is a mistake of ours.
export function icon(name) {
  return $("icons").content.querySelector(`[data-icon="${name}"] svg`).cloneNode(true);
}

let hiding = 0;

export function toast(words) {
  const box = $("toast");
  box.textContent = words;
  box.classList.add("shown");
  clearTimeout(hiding);
  hiding = setTimeout(() => box.classList.remove("shown"), 5000);
}
