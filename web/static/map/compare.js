// The map of a past day beside the present one, with a line between them that can be moved.

import { Map } from "maplibre-gl";
import { fill, make, words } from "../js/page_words.js";
import { addImages } from "./images.js";
import { part, setPart } from "./address.js";
import { notice } from "./notice.js";
import { nameOf, prepared } from "./style.js";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const STEP = 0.02; // of the width, for a press of an arrow key
const stage = document.getElementById("stage");

export default class Compare {
  at = 0.5; // where the line stands, as a share of the width

  constructor(city, panel) {
    this.city = city;
    this.panel = panel;
    this.form = panel.querySelector("form");
    this.told = panel.querySelector('[data-part="told"]');
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin(this.form.elements.date.value);
    });
    panel.querySelector('[data-act="end"]').addEventListener("click", () => this.end());
    document.getElementById("layers").addEventListener("change", () => this.gl && this.dress());
    const asked = part("compare");
    const yearAgo = new Date(Date.now() - 365 * 86_400_000).toISOString().slice(0, 10);
    this.form.elements.date.value = DAY.test(asked ?? "") ? asked : yearAgo;
    if (DAY.test(asked ?? "")) this.begin(asked);
  }

  begin(day) {
    if (!DAY.test(day)) return;
    this.end();
    setPart("compare", day);
    this.day = day;
    this.box = make("div", { class: "map-past", "aria-hidden": "true" });
    this.line = make("div", { class: "map-divider", role: "slider", tabindex: "0", "aria-label": words.pan, "aria-valuemin": "0", "aria-valuemax": "100", title: words.pan });
    this.pastSign = make("p", { class: "map-day map-day-past", text: day });
    this.nowSign = make("p", { class: "map-day map-day-now", text: words.compareNow });
    stage.append(this.box, this.line, this.pastSign, this.nowSign);
    this.gl = new Map({
      container: this.box,
      style: prepared(this.city.options.style, (name) => this.isShown(name), day),
      attributionControl: false,
      interactive: false,
      renderWorldCopies: false,
      ...this.view(),
    });
    addImages(this.gl, this.city.options.images);
    this.follow = () => this.gl.jumpTo(this.view());
    this.city.map.on("move zoom viewreset resize", this.follow);
    this.line.addEventListener("keydown", (event) => this.key(event));
    this.line.addEventListener("pointerdown", (event) => this.drag(event));
    // A click on the past's side would be answered by the present: what is not there is not told.
    this.hold = (event) => {
      if (event.target.closest(".map-divider") || event.clientX - stage.getBoundingClientRect().left > this.at * stage.clientWidth) return;
      if (!event.target.closest(".folium-map") || this.city.map.getContainer().hasAttribute("data-drawing")) return;
      event.stopPropagation();
      this.told.textContent = words.comparePast;
    };
    stage.addEventListener("click", this.hold, true);
    this.place(this.at);
    this.tell();
  }

  end() {
    if (!this.gl) return;
    this.city.map.off("move zoom viewreset resize", this.follow);
    stage.removeEventListener("click", this.hold, true);
    this.gl.remove();
    this.gl = null;
    for (const one of [this.box, this.line, this.pastSign, this.nowSign]) one.remove();
    this.told.textContent = "";
    setPart("compare", null);
  }

  // Leaflet counts tiles of 256 px, MapLibre of 512.
  view() {
    const { lat, lng } = this.city.map.getCenter();
    return { center: [lng, lat], zoom: this.city.map.getZoom() - 1 };
  }

  // What keeps no history has no past to be shown.
  isShown(name) {
    return this.city.layers.isOn(name) && this.city.options.layers.find((one) => one.name === name)?.has_history;
  }

  dress() {
    for (const layer of this.gl.getStyle().layers) {
      const name = nameOf(layer);
      if (name) this.gl.setLayoutProperty(layer.id, "visibility", this.isShown(name) ? "visible" : "none");
    }
    this.tell();
  }

  tell() {
    const on = this.city.options.layers.filter((one) => this.city.layers.isOn(one.name));
    const list = new Intl.ListFormat(document.documentElement.lang, { type: "unit", style: "short" });
    const titles = (layers) => list.format(layers.map((one) => this.city.layers.title(one.name)));
    const without = on.filter((one) => !one.has_history);
    const shown = fill(words.compareLabel, { date: this.day, layers: titles(on.filter((one) => one.has_history)) });
    this.told.textContent = without.length ? `${shown}. ${fill(words.compareWithout, { layers: titles(without) })}` : shown;
    notice("");
  }

  place(share) {
    this.at = Math.min(0.98, Math.max(0.02, share));
    const percent = `${(this.at * 100).toFixed(2)}%`;
    this.box.style.clipPath = `inset(0 calc(100% - ${percent}) 0 0)`;
    for (const one of [this.line, this.pastSign, this.nowSign]) one.style.left = percent;
    this.line.setAttribute("aria-valuenow", String(Math.round(this.at * 100)));
    this.line.setAttribute("aria-valuetext", `${this.day} ${Math.round(this.at * 100)} %`);
  }

  key(event) {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP, PageUp: -0.1, PageDown: 0.1, Home: -1, End: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.place(this.at + step);
  }

  drag(down) {
    this.line.setPointerCapture(down.pointerId);
    const move = (event) => this.place((event.clientX - stage.getBoundingClientRect().left) / stage.clientWidth);
    this.line.addEventListener("pointermove", move);
    this.line.addEventListener("pointerup", () => this.line.removeEventListener("pointermove", move), { once: true });
  }
}
