// What the server wrote into this page, and how figures are written.

import { data, fill, icon, make, words } from "../js/page_words.js";

export { fill, icon, make, words };

export const drawing = data.drawing; // { style, images, box, layers }: the map as the catalogue has it
export const classes = data.classes; // code or code/sub: { name, colour, dash }
export const halfWidths = data.half_widths; // metres from a road's axis to the end of a cut, by grade
export const NOT_KNOWN = "—";

// A figure with a fixed number of decimals; what is not known is said, never drawn as 0.
export const figure = (value, decimals) => (value === null || value === undefined ? NOT_KNOWN : value.toFixed(decimals));
export const level = (value) => figure(value, 3);
export const metres = (value) => figure(value, 2);
