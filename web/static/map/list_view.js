// What is in view, as lists: every layer that is switched on with its number of objects and the first of them.

import { call } from "../js/api.js";
import { fill, make, words } from "../js/page_words.js";
import { nameOf } from "./style.js";

const WAIT_MS = 400;
const ROWS = 50;

export default class ListView {
  turn = 0;

  constructor(city, panel) {
    this.city = city;
    this.groups = panel.querySelector('[data-part="groups"]');
    this.total = panel.querySelector('[data-part="total"]');
    this.open = false;
    const later = () => {
      clearTimeout(this.timer);
      if (this.open) this.timer = setTimeout(() => this.read(), WAIT_MS);
    };
    city.map.on("moveend", later);
    document.getElementById("layers").addEventListener("change", later);
  }

  opened() {
    this.open = true;
    return this.read();
  }

  closed() {
    this.open = false;
  }

  box() {
    const bounds = this.city.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((value) => Number(value.toFixed(7)));
  }

  // The layers that are drawn here, those on top first.
  layers() {
    const zoom = this.city.gl.getZoom();
    const drawn = new Set(this.city.gl.getStyle().layers.filter((one) => zoom >= (one.minzoom ?? 0) && zoom < (one.maxzoom ?? 25)).map(nameOf));
    return this.city.options.layers.filter((layer) => this.city.layers.isOn(layer.name) && drawn.has(layer.name)).reverse();
  }

  async read() {
    const turn = ++this.turn;
    const [area, layers] = [{ bbox: this.box() }, this.layers().map((one) => one.name)];
    this.total.textContent = words.listReading;
    try {
      const counted = layers.length ? (await call("POST", "/api/v1/map/summary", { body: { area, layers } })).items : [];
      if (turn !== this.turn) return;
      const found = counted.filter((one) => one.count);
      const sum = found.reduce((all, one) => all + one.count, 0).toLocaleString(document.documentElement.lang);
      const count = found.some((one) => one.is_capped) ? fill(words.moreThan, { n: sum }) : sum;
      this.total.textContent = found.length ? fill(words.listTotal, { layers: found.length, count }) : words.listEmpty;
      const opened = new Set([...this.groups.querySelectorAll("details[open]")].map((one) => one.dataset.of));
      this.groups.replaceChildren(...found.map((one) => this.group(one, area.bbox, opened)));
    } catch (error) {
      if (turn === this.turn) this.total.textContent = error.message;
    }
  }

  group({ layer, title, count, is_capped: capped }, box, opened) {
    const number = count.toLocaleString(document.documentElement.lang);
    const list = make("ol", { class: "map-rows" });
    const made = make(
      "details",
      { "data-of": layer, class: "map-group" },
      make("summary", {}, make("span", { text: title }), make("span", { class: "quiet", text: capped ? fill(words.moreThan, { n: number }) : number })),
      list,
    );
    made.addEventListener("toggle", () => {
      if (made.open && !list.childElementCount) this.rows(list, layer, `/api/v1/layers/${layer}/items?bbox=${box}&limit=${ROWS}`);
    });
    made.open = opened.has(layer);
    return made;
  }

  async rows(list, layer, address) {
    list.setAttribute("aria-busy", "true");
    try {
      const { items, next } = await call("GET", address);
      const first = items.map((item) => this.row(layer, item));
      list.append(...first.map((button) => make("li", {}, button)));
      if (next) {
        const more = make("button", { type: "button", class: "button", text: words.listMore });
        const line = make("li", {}, more);
        more.addEventListener("click", async () => {
          line.remove();
          const before = list.childElementCount;
          await this.rows(list, layer, next);
          list.children[before]?.querySelector("button").focus();
        });
        list.append(line);
      }
    } catch (error) {
      list.append(make("li", { class: "quiet", text: error.message }));
    }
    list.removeAttribute("aria-busy");
  }

  row(layer, item) {
    const button = make("button", { type: "button", class: "map-row", text: item.title, title: fill(words.listOpen, { title: item.title }) });
    button.addEventListener("click", () => this.city.details.show(layer, item.id));
    return button;
  }
}
