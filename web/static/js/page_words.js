// Words and icons that the server wrote into the page in the reader's language, and elements made of them.
// The page has #words (JSON with a table "words") and #icons (a template).

export const data = JSON.parse(document.getElementById("words").textContent);
export const words = data.words;

const icons = document.getElementById("icons").content;

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// names: any of a class, attributes, dataset; children: nodes or text, empty ones left out
export function make(tag, names = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(names)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((one) => one || one === 0));
  return element;
}

export function icon(name) {
  return icons.querySelector(`[data-icon="${name}"] svg`).cloneNode(true);
}

// The service writes times with the city's own offset: what stands there is what the city's clocks show.
export const moment = (at) => (at ? at.slice(0, 16).replace("T", " ") : "");
