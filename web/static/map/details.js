// What lies where one clicked: its title, its facts, its own page, and what else lies there.

import { call } from "../js/api.js";
import { notice } from "./notice.js";

const stage = document.getElementById("stage");
const MARK = "#f2a33a";

export class Details {
  onchange = () => {};
  shown = null; // { layer, id }

  constructor(map, gl, layers) {
    this.map = map;
    this.gl = gl;
    this.layers = new Map(layers.map((layer) => [layer.name, layer]));
    this.box = document.getElementById("details");
    this.box.querySelector("[data-close]").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.box.hidden && !document.querySelector("wa-dialog[open]")) this.close();
    });
  }

  // also: other things in the same place, [{ layer, id, name }]
  async show(layer, id, { move = false, also = [] } = {}) {
    this.shown = { layer, id };
    this.box.setAttribute("aria-busy", "true");
    try {
      const item = await call("GET", `/api/v1/layers/${layer}/items/${id}`);
      if (this.shown?.layer !== layer || this.shown?.id !== id) return; // another click came first
      notice("");
      this.write(item, also);
      this.mark(layer, id);
      if (move) this.go(item);
    } catch (error) {
      this.close();
      notice(error.message || stage.dataset.failed);
    } finally {
      this.box.removeAttribute("aria-busy");
    }
    this.onchange();
  }

  write(item, also) {
    const part = (name) => this.box.querySelector(`[data-part="${name}"]`);
    part("kind").textContent = titleOf(item.layer);
    part("title").textContent = item.title;
    part("page").hidden = !item.page;
    part("page").querySelector("a").href = item.page || "#";
    part("page").querySelector("a").textContent = this.layers.get(item.layer)?.page_title ?? "";
    part("fields").replaceChildren(
      ...item.fields
        .filter((field) => field.text !== item.title)
        .flatMap((field) => [element("dt", field.title), element("dd", field.text)]),
    );
    part("also").hidden = !also.length;
    part("also")
      .querySelector("div")
      .replaceChildren(
        ...also.map((other) => {
          const button = element("button", [titleOf(other.layer), other.name].filter(Boolean).join(" · "));
          button.type = "button";
          button.className = "button";
          const rest = [...also.filter((one) => one !== other), { layer: item.layer, id: item.id, name: item.title }];
          button.addEventListener("click", () => this.show(other.layer, other.id, { also: rest }));
          return button;
        }),
      );
    this.box.hidden = false;
    this.box.scrollTop = 0;
  }

  mark(layer, id) {
    this.unmark();
    const known = this.layers.get(layer);
    if (!known) return;
    const common = { id: "marked", source: layer, "source-layer": layer, filter: ["==", ["id"], id] };
    if (known.shape === "point") {
      const paint = { "circle-radius": 15, "circle-color": MARK, "circle-opacity": 0.25, "circle-stroke-color": MARK, "circle-stroke-width": 3 };
      this.gl.addLayer({ ...common, type: "circle", paint }, this.firstSymbol());
    } else {
      const isLine = known.shape === "line";
      const paint = { "line-color": MARK, "line-width": isLine ? 13 : 3.5, "line-opacity": 0.85 };
      const layout = { "line-join": "round", "line-cap": "round" };
      // A glow below a line, so that its own colour and dashes stay; an edge above a polygon.
      this.gl.addLayer({ ...common, type: "line", paint, layout }, isLine ? this.firstOf(layer) : this.firstSymbol());
    }
  }

  // Below all symbols and words, above all lines and fills.
  firstSymbol() {
    return this.gl.getStyle().layers.find((layer) => layer.type === "symbol" || layer.type === "circle")?.id;
  }

  firstOf(name) {
    return this.gl.getStyle().layers.find((layer) => layer.metadata?.["citygrid:layer"] === name)?.id;
  }

  unmark() {
    if (this.gl.getLayer("marked")) this.gl.removeLayer("marked");
  }

  go(item) {
    const [west, south, east, north] = item.box;
    const known = this.layers.get(item.layer);
    if (known?.shape === "point") this.map.setView([item.lat, item.lon], Math.max(this.map.getZoom(), known.whole_from + 2));
    else this.map.fitBounds([[south, west], [north, east]], { maxZoom: 18, padding: [60, 60] });
  }

  close() {
    this.shown = null;
    this.box.hidden = true;
    this.unmark();
    this.onchange();
  }
}

function titleOf(layer) {
  return document.querySelector(`[data-layer="${layer}"]`)?.parentElement.textContent.trim() ?? layer;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
