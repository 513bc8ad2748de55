// Time on the map: a window of days that layers with moments are narrowed to, or a day whose map is drawn.
// The address holds both: t=first day/days, as_of=day.

import { call } from "../js/api.js";
import { part, setPart } from "./address.js";
import { fill, words } from "./live_words.js";
import { timeOf } from "./tile_time.js";
import { Bars } from "./time_bars.js";

const DAY_MS = 86_400_000;
const STEP_MS = 900; // of a window that plays, at least; it waits for its tiles besides
const SOON_MS = 200;
const NEAR = 13; // from this zoom on the bars count what is in view, farther off the whole city
const WINDOW = /^(\d{4}-\d\d-\d\d)\/(\d+)$/;
const PHONE = matchMedia("(max-width: 45rem)");
const DATE = /^\d{4}-\d\d-\d\d$/;

export class Time {
  playing = null;
  soon = null;
  asked = 0;

  // told: the layers as layers/folium_map.py tells them; layers: the LayerSwitch
  constructor(map, gl, told, layers) {
    Object.assign(this, { map, gl, layers });
    this.withTimes = told.filter((one) => one.has_times);
    this.withHistory = told.filter((one) => one.has_history);
    this.without = told.filter((one) => !one.has_history && !one.has_times);
    this.box = document.getElementById("time");
    this.button = document.getElementById("open-time");
    this.part = Object.fromEntries([...this.box.querySelectorAll("[data-part]")].map((one) => [one.dataset.part, one]));
    this.bars = new Bars(this.part.bars);
    this.day = DATE.test(part("as_of") ?? "") ? part("as_of") : "";
    const [, first, days] = WINDOW.exec(part("t") ?? "") ?? [];
    this.first = first ?? new Date(Date.now() - 29 * DAY_MS).toISOString().slice(0, 10);
    if ([...this.part.days.options].some((one) => one.value === days)) this.part.days.value = days;
    this.listen();
    // Before the bars are read, so that no layer asks for all that ever was.
    this.narrow(`${this.first}T00:00:00Z`, new Date(Date.parse(this.first) + Number(this.part.days.value) * DAY_MS).toISOString());
    if (this.day) this.showDay(this.day);
    this.look();
    if (first && !this.isOpen) this.open("span");
    this.tell();
  }

  get isOpen() {
    return !this.box.hidden;
  }

  get mode() {
    return this.box.querySelector('[data-mode][aria-pressed="true"]').dataset.mode;
  }

  listen() {
    this.button.addEventListener("click", () => (this.isOpen ? this.close() : this.open(this.day ? "day" : "span")));
    this.box.querySelector("[data-close]").addEventListener("click", () => this.close());
    this.box.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    for (const one of this.box.querySelectorAll("[data-mode]")) one.addEventListener("click", () => this.open(one.dataset.mode));
    this.part.start.addEventListener("input", () => this.move());
    this.part.days.addEventListener("change", () => this.move());
    const fold = this.box.querySelector('[data-act="fold"]');
    fold.addEventListener("click", () => fold.setAttribute("aria-pressed", String(!this.box.toggleAttribute("data-folded"))));
    this.box.toggleAttribute("data-folded", PHONE.matches);
    this.play = this.box.querySelector('[data-act="play"]');
    this.play.addEventListener("click", () => (this.playing ? this.stop() : this.run()));
    const form = this.box.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.showDay(form.elements.day.value);
    });
    this.box.querySelector('[data-act="now"]').addEventListener("click", () => this.showDay(""));
    document.addEventListener("citygrid:layers", () => this.look());
    this.map.on("moveend", () => this.isOpen && this.mode === "span" && this.later(() => this.read()));
  }

  // A layer of moments that is switched on brings the bar with it.
  look() {
    const on = this.withTimes.some((one) => this.layers.isOn(one.name));
    if (on && !this.wasOn) this.open("span");
    if (!on && this.wasOn && this.mode === "span") this.close();
    this.wasOn = on;
    this.tell();
  }

  async open(mode) {
    for (const one of this.box.querySelectorAll("[data-mode]")) one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
    for (const one of this.box.querySelectorAll("[data-shown]")) one.hidden = one.dataset.shown !== mode;
    this.box.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    if (mode === "day") {
      this.stop();
      this.box.querySelector("form").elements.day.value = this.day || new Date().toISOString().slice(0, 10);
    } else {
      this.showDay("");
      this.wasOn = true; // what is switched on now was not asked for by itself
      if (!this.withTimes.some((one) => this.layers.isOn(one.name))) this.layers.set("case_reports", true);
      await this.read();
    }
    this.tell();
  }

  close() {
    this.stop();
    this.box.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.button.focus();
    this.tell();
  }

  // ---- A window of days ----

  async read() {
    const asked = ++this.asked;
    const view = this.map.getBounds();
    const near = this.map.getZoom() >= NEAR && { bbox: [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map((one) => one.toFixed(5)).join() };
    const found = await call("GET", `/api/v1/cases/histogram?${new URLSearchParams(near || {})}`).catch(() => null);
    if (!found || asked !== this.asked) return;
    this.bars.show(found);
    const days = found.items.map((one) => one.at.slice(0, 10));
    const place = days.findLastIndex((one) => one <= this.first);
    this.part.start.max = Math.max(0, days.length - 1);
    this.part.start.value = Math.max(0, place);
    this.move();
  }

  // The slider has the window's first bar, the list its length in days; a bar may be a week or a month.
  move() {
    const { items } = this.bars;
    if (!items.length) return;
    const wide = items.length > 1 ? Math.max(1, Math.round((Date.parse(items[1].at) - Date.parse(items[0].at)) / DAY_MS)) : 1;
    const start = Number(this.part.start.value);
    const length = Math.max(1, Math.min(Math.round(Number(this.part.days.value) / wide), items.length - start));
    const span = this.bars.span(start, length);
    this.bars.mark(start, length);
    this.first = span.from.slice(0, 10);
    const last = new Date(Date.parse(`${span.to.slice(0, 10)}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
    const said = fill(words.window, { from: this.first, to: last, n: span.count });
    this.part.window.textContent = said;
    this.part.start.setAttribute("aria-valuetext", said);
    this.later(() => {
      this.narrow(span.from, span.to);
      setPart("t", `${this.first}/${this.part.days.value}`);
    });
    this.tell();
  }

  narrow(from, to) {
    for (const layer of this.withTimes) timeOf(this.gl, layer.name, { from, to });
  }

  run() {
    const { start } = this.part;
    if (Number(start.value) >= Number(start.max)) start.value = 0;
    this.playing = true;
    this.play.setAttribute("aria-pressed", "true");
    const step = async () => {
      if (!this.playing) return;
      if (Number(start.value) >= Number(start.max)) return this.stop();
      start.value = Number(start.value) + 1;
      this.move();
      const wait = STEP_MS / Number(this.part.speed.value);
      await new Promise((done) => setTimeout(done, Math.max(wait, SOON_MS + 20)));
      if (!this.gl.areTilesLoaded()) await this.gl.once("idle");
      step();
    };
    step();
  }

  stop() {
    this.playing = null;
    this.play.setAttribute("aria-pressed", "false");
  }

  later(act) {
    clearTimeout(this.soon);
    this.soon = setTimeout(act, SOON_MS);
  }

  // ---- A day ----

  // day: YYYY-MM-DD; empty: now
  showDay(day) {
    if (day === this.day && !day) return;
    this.day = day;
    for (const layer of this.withHistory) timeOf(this.gl, layer.name, day ? { as_of: day } : {});
    setPart("as_of", day);
    this.tell();
  }

  tell() {
    const now = this.without.filter((one) => this.layers.isOn(one.name)).map((one) => this.layers.title(one.name));
    this.part["as-now"].textContent = this.day && now.length ? fill(words.asNow, { layers: now.join(words.comma) }) : "";
    const told = this.button.querySelector("[data-part=told]");
    told.dataset.usual ??= told.textContent;
    told.textContent = this.day ? fill(words.dayOf, { day: this.day }) : told.dataset.usual;
    this.button.toggleAttribute("data-past", Boolean(this.day));
    if (this.mode === "day") this.part.window.textContent = this.day ? fill(words.dayOf, { day: this.day }) : "";
  }
}
