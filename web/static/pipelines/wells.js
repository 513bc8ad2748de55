// The wells that a profile passes: first, by way of, last. Picked on the map, typed, turned round, taken out.

import { call } from "../js/api.js";
import { saidBy } from "./pane.js";
import { fill, icon, make, words } from "./words.js";

const byId = (id) => document.getElementById(id);
const WAIT_MS = 180;

export class Wells {
  // state: from, to and via of it; onFind(point): show it on the map
  constructor(state, { onShow }) {
    this.state = state;
    this.onShow = onShow;
    this.names = new Map(); // id: number of a point
    this.wrong = byId("well-wrong");
    byId("wells").addEventListener("submit", (event) => {
      event.preventDefault();
      this.typed(byId("well-no").value.trim());
    });
    byId("well-no").addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.suggest(), WAIT_MS);
    });
    byId("turn-way").addEventListener("click", () => this.set([...this.ids].reverse()));
    byId("clear-way").addEventListener("click", () => this.set([]));
    byId("well-list").addEventListener("click", (event) => {
      const button = event.target.closest("button[data-at]");
      if (!button) return;
      const at = Number(button.dataset.at);
      if (button.dataset.doing === "show") this.onShow(this.ids[at]);
      else this.set(this.ids.filter((_id, i) => i !== at));
    });
  }

  get ids() {
    const { from, via, to } = this.state.shown;
    return [from, ...via, to].filter(Boolean);
  }

  set(ids) {
    this.wrong.textContent = "";
    const [first, ...rest] = ids;
    this.state.set({ from: first ?? null, via: rest.slice(0, -1), to: rest.at(-1) ?? null }, { push: true });
  }

  add(id, name) {
    if (name) this.names.set(id, name);
    if (this.ids.at(-1) === id) return;
    this.set([...this.ids, id]);
  }

  async found(text) {
    const answer = await call("GET", `/api/v1/pipelines/find?q=${encodeURIComponent(text)}`);
    return answer.items.filter((one) => one.kind === "point");
  }

  async suggest() {
    const text = byId("well-no").value.trim();
    const items = text ? await this.found(text).catch(() => []) : [];
    byId("well-numbers").replaceChildren(...items.map((one) => make("option", { value: one.title })));
  }

  async typed(text) {
    if (!text) return;
    try {
      const items = await this.found(text);
      const exact = items.filter((one) => one.title.toUpperCase() === text.toUpperCase());
      const [best] = exact.length ? exact : items.length === 1 ? items : [];
      if (!best) {
        this.wrong.textContent = fill(items.length ? words.wellUnclear : words.wellNotFound, { text });
        return;
      }
      byId("well-no").value = "";
      this.add(best.id, best.title);
    } catch (problem) {
      this.wrong.textContent = saidBy(problem);
    }
  }

  async show() {
    const { ids } = this;
    const draw = () => {
      byId("well-list").replaceChildren(...ids.map((id, i) => this.row(id, i, ids.length)));
      byId("turn-way").disabled = ids.length < 2;
      byId("clear-way").disabled = !ids.length;
    };
    draw();
    const unknown = ids.filter((id) => !this.names.has(id));
    if (!unknown.length) return;
    // An address names points by id: their numbers are asked for once.
    await Promise.all(unknown.map(async (id) => this.names.set(id, (await call("GET", `/api/v1/pipelines/points/${id}`).catch(() => ({}))).number ?? String(id))));
    draw();
  }

  row(id, i, count) {
    const role = i === 0 ? words.fromWell : i === count - 1 ? words.toWell : words.viaWell;
    const name = this.names.get(id) ?? "…";
    return make(
      "li", {},
      make("span", { class: "quiet small", text: role }),
      make("button", { type: "button", class: "linked", "data-at": i, "data-doing": "show", title: words.showOnMap, text: name }),
      make("button", { type: "button", class: "button plain small", "data-at": i, "data-doing": "remove", "aria-label": fill(words.removeWell, { point: name }) }, icon("x")),
    );
  }
}
