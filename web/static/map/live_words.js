// Words of what lives on the map, written into the page by the server in the reader's language.

const data = JSON.parse(document.getElementById("live-words").textContent);

export const words = data.words;
export const actions = data.actions; // code of a step: what it is called
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
export const clock = (at, seconds = false) => at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}), hour12: false });
