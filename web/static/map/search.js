// One field finds everything with a name, a number or a place: cases, grids, roads, addresses, pipes, coordinates.

import { call } from "../js/api.js";
import { Combobox } from "../js/combobox.js";
import { icon, make, words } from "../js/page_words.js";
import { Pin } from "./pin.js";

const WAIT_MS = 150;
const MOST_RECENT = 6;
const RECENT = "citygrid.map.recent";
const stage = document.getElementById("stage");

export class Search extends Combobox {
  constructor(details) {
    super(document.getElementById("find"), document.getElementById("found"), WAIT_MS);
    this.details = details;
    this.pin = new Pin(details.map);
    this.input.addEventListener("focus", () => this.input.value.trim() || this.showRecent());
  }

  async ask() {
    const asked = this.input.value.trim();
    if (!asked) return this.showRecent();
    const enough = asked.length > 1 || /[^\x00-\x7f]/.test(asked);
    if (!enough) return this.close();
    const { lng, lat } = this.details.map.getCenter().wrap();
    const question = new URLSearchParams({ q: asked, near: `${lng.toFixed(5)},${lat.toFixed(5)}` });
    const answer = await call("GET", `/api/v1/find?${question}`).catch(() => ({ items: [] }));
    if (asked !== this.input.value.trim()) return;
    this.items = answer.items;
    this.tell(this.items.length ? this.items.map(row) : [make("li", { class: "quiet", text: stage.dataset.nothingFound })]);
  }

  showRecent() {
    this.items = recent();
    if (!this.items.length) return this.close();
    this.tell(this.items.map((item, number) => row({ ...item, icon: "history", distance_m: null }, number, this.items)));
  }

  chosen(item) {
    remember(item);
    this.pin.remove();
    if (item.layer) return this.details.show(item.layer, item.id, { move: true });
    this.details.close();
    this.pin.show(item);
  }
}

function row(item, number, all) {
  const option = make(
    "li",
    {
      id: `found-${number}`, role: "option", "aria-selected": "false",
      class: number && all[number - 1].kind !== item.kind ? "other-kind" : null,
    },
    icon(item.icon),
    make(
      "span",
      { class: "grow" },
      make("span", { text: item.title }),
      make("span", { class: "quiet small", text: [former(item), item.where].filter(Boolean).join(" · ") }),
    ),
    make("span", { class: "quiet small", text: [item.kind, distance(item.distance_m)].filter(Boolean).join(" · ") }),
  );
  return option;
}

// What was found under a name that it no longer has, or that is no longer there.
function former(item) {
  if (!item.former) return "";
  return item.matched === item.title ? words.findGone : words.findFormer.replace("{name}", item.matched);
}

function distance(metres) {
  if (metres === null || metres === undefined) return "";
  return metres < 1000 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;
}

// Of this tab only: the next person at this machine may not see what these name.
function recent() {
  try {
    return JSON.parse(sessionStorage.getItem(RECENT)) ?? [];
  } catch {
    return [];
  }
}

function remember(item) {
  const same = (other) => other.kind === item.kind && other.title === item.title;
  const kept = [item, ...recent().filter((other) => !same(other))].slice(0, MOST_RECENT);
  try {
    sessionStorage.setItem(RECENT, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing has no recent searches.
  }
}
