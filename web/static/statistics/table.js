// The groups as a table: sortable, with totals below; one row chosen, each with its way to the pipes themselves.

import { fill, icon, make, words } from "../js/page_words.js";
import { UNKNOWN, beginning, coloursOf, ORDERED } from "./colours.js";
import { figure, isUnknown, keyText, share, titleOf } from "./figures.js";

const TOGETHER = "";
const FIGURES = ["count", "length_m", "holes", "used_holes", "volume_m3"];

// Unknown stands last either way; without an order of one's own, groups of two attributes stay together by the first.
export function sorted(groups, by, { name, down }) {
  const turn = down ? -1 : 1;
  if (name === TOGETHER) return together(groups, by, down);
  return [...groups].sort((one, other) => {
    if (by.includes(name)) return compareKeys(name, one, other, turn);
    const [a, b] = [one[name], other[name]];
    return a === null || b === null ? (a === null) - (b === null) : turn * (a - b);
  });
}

function compareKeys(name, one, other, turn) {
  const [a, b] = [one.key[name], other.key[name]];
  if (a === null || b === null) return (a === null) - (b === null);
  if (ORDERED.has(name)) return turn * (beginning(a) - beginning(b));
  return turn * titleOf(one, name).localeCompare(titleOf(other, name), document.documentElement.lang);
}

// measure: what the largest of comes first, within the first attribute and, unless it has an order, among its values
function together(groups, [first], measure) {
  const sums = new Map();
  for (const group of groups) sums.set(group.key[first], (sums.get(group.key[first]) ?? 0) + (group[measure] ?? 0));
  const outer = (one, other) => (ORDERED.has(first) ? compareKeys(first, one, other, 1) : sums.get(other.key[first]) - sums.get(one.key[first]) || compareKeys(first, one, other, 1));
  return [...groups].sort((one, other) => outer(one, other) || (other[measure] ?? 0) - (one[measure] ?? 0));
}

export function readSort(text, by, measure) {
  const name = text.replace(/^-/, "");
  if ([...by, ...FIGURES].includes(name)) return { name, down: text.startsWith("-") };
  if (by.length > 1) return { name: TOGETHER, down: measure };
  return ORDERED.has(by[0]) ? { name: by[0], down: false } : { name: measure, down: true };
}

// Tells by callbacks: onSort(text for the address), onChoose(key text or ""); linkOf(group) leads to its pipes.
export class Table {
  constructor(root, { onSort, onChoose, linkOf }) {
    this.root = root;
    this.linkOf = linkOf;
    root.addEventListener("click", (event) => {
      const head = event.target.closest("button[data-sort]");
      if (head) return onSort(head.dataset.sort);
      const link = event.target.closest("a.open");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const row = link.closest("tr");
      onChoose(row.hasAttribute("data-chosen") ? "" : row.dataset.key);
    });
  }

  // others: the sums of groups too short to be listed, or null
  show({ groups, others, total, by, titles, measure, sort, chosen }) {
    const order = readSort(sort, by, measure);
    const shown = sorted(groups, by, order);
    const colours = coloursOf(by[0], [...new Set(shown.map((group) => group.key[by[0]]))]);
    const hasHoles = total.holes !== null;
    const columns = FIGURES.filter((name) => hasHoles || !name.includes("holes"));
    const head = (name, title, isNumber) => {
      const isIt = order.name === name;
      const next = isIt ? `${order.down ? "" : "-"}${name}` : isNumber ? `-${name}` : name;
      return make("th", { scope: "col", class: isNumber ? "number" : "", "aria-sort": isIt ? (order.down ? "descending" : "ascending") : null },
        make("button", { type: "button", "data-sort": next }, title, isIt && icon(order.down ? "arrow-down" : "arrow-up")));
    };
    this.root.querySelector("thead").replaceChildren(make("tr", {},
      ...by.map((name) => head(name, titles[name], false)),
      ...columns.map((name) => head(name, words[`column_${name}`], true)),
      make("th", { scope: "col", class: "number", text: words.share }),
      make("th", { class: "no-print" }, make("span", { class: "visually-hidden", text: words.toPipes }))));
    this.root.querySelector("tbody").replaceChildren(...shown.map((group) => this.row(group, { by, columns, colours, measure, total, chosen, titles })));
    if (others) this.root.querySelector("tbody").append(this.sums({ title: fill(words.othersTold, { n: figure("count", others.groups) }), sums: others, by, columns, measure, total }));
    this.root.querySelector("tfoot").replaceChildren(this.sums({ title: words.total, sums: total, by, columns, measure, total }));
  }

  sums({ title, sums, by, columns, measure, total }) {
    return make("tr", {},
      make("th", { scope: "row", colspan: by.length, text: title }),
      ...columns.map((name) => make("td", { class: "number", "data-column": name, "data-title": words[`column_${name}`], text: figure(name, sums[name]) })),
      make("td", { class: "number", "data-title": words.share, text: share(sums[measure], total[measure]) }),
      make("td", { class: "no-print" }));
  }

  row(group, { by, columns, colours, measure, total, chosen, titles }) {
    const key = keyText(group, by);
    const name = by.map((one) => titleOf(group, one)).join(" · ");
    const cells = by.map((one, at) => {
      const said = make("span", { class: group.key[one] === null ? "quiet" : "", text: titleOf(group, one) });
      return make("td", { class: at ? "" : "whole named", "data-title": titles[one] },
        at === 0 && make("span", { class: "swatch", style: `background: ${colours.get(group.key[one]) ?? UNKNOWN}`, "aria-hidden": "true" }),
        at === 0 ? make("a", { class: "open", href: "#map", title: name }, said) : said);
    });
    return make("tr", { "data-key": key, "data-chosen": key === chosen, "data-unknown": isUnknown(group, by) },
      ...cells,
      ...columns.map((one) => make("td", { class: "number", "data-column": one, "data-title": words[`column_${one}`], text: figure(one, group[one]) })),
      make("td", { class: "number share", "data-title": words.share }, share(group[measure], total[measure])),
      make("td", { class: "no-print end" }, make("a", { class: "button plain small", href: this.linkOf(group), "aria-label": `${words.toPipes}: ${name}`, title: words.toPipes }, icon("square-arrow-out-up-right"))));
  }
}
