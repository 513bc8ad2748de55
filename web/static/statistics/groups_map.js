// The groups on the map: pipes in the colour of their group, one group lit.

import { call } from "../js/api.js";
import { fill, words } from "../js/page_words.js";
import { placeMap } from "../js/place_map.js";
import { places } from "../imports/findings_map.js";
import { UNKNOWN, coloursOf } from "./colours.js";
import { figure } from "./figures.js";

const PAGE = 1000;
const MOST_PAGES = 3;
const AFTER_MOVE_MS = 350;
const CHOSEN = "#f2a33a";
const NOTHING = { type: "FeatureCollection", features: [] };
// What tiles carry themselves: the whole city can be coloured by it without asking for rows.
const IN_TILES = { class: "class_code", sub_class: "sub_code" };

export class GroupsMap {
  constructor(box, told) {
    this.box = box;
    this.told = told;
    box.shown = this; // for tests and for people at the console
    this.turn = 0;
    this.drawn = { groups: NOTHING, chosen: NOTHING };
    this.ready = this.begin();
  }

  async begin() {
    const { lon, lat } = this.box.dataset;
    const made = await placeMap(this.box, { lon: Number(lon), lat: Number(lat), zoom: 12, marked: false });
    if (!made) return null;
    this.map = made.map;
    const city = JSON.parse(this.box.dataset.box);
    if (city) this.map.fitBounds([city.slice(0, 2), city.slice(2)], { padding: 16, animate: false });
    this.map.on("style.load", () => this.dress());
    if (this.map.isStyleLoaded()) this.dress();
    this.map.on("moveend", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.read(), AFTER_MOVE_MS);
    });
    new ResizeObserver(() => this.map.resize()).observe(this.box);
    return this.map;
  }

  // A change of theme brings a new style: what is ours is added anew.
  dress() {
    const { map } = this;
    if (map.getSource("pipes")) return;
    const round = { "line-cap": "round", "line-join": "round" };
    const wide = (far, near) => ["interpolate", ["linear"], ["zoom"], 11, far, 18, near];
    map.addSource("pipes", { type: "vector", tiles: [`${location.origin}/tiles/pipe_segments/{z}/{x}/{y}.mvt`], minzoom: 10, maxzoom: 17 });
    for (const name of ["chosen", "groups"]) map.addSource(name, { type: "geojson", data: this.drawn[name] });
    map.addLayer({ id: "pipes", type: "line", source: "pipes", "source-layer": "pipe_segments", layout: round, paint: { "line-width": wide(0.8, 3), "line-color": UNKNOWN } });
    map.addLayer({ id: "chosen", type: "line", source: "chosen", layout: round, paint: { "line-color": CHOSEN, "line-width": wide(5, 13), "line-opacity": 0.75 } });
    map.addLayer({ id: "groups", type: "line", source: "groups", layout: round, paint: { "line-color": ["get", "colour"], "line-width": wide(1.5, 5) } });
    this.paint();
  }

  paint() {
    if (!this.map?.getLayer("pipes") || !this.asked) return;
    const { by, groups, question } = this.asked;
    const field = IN_TILES[by[0]];
    // Tiles hold the network of today, unfiltered: as soon as anything narrows it, the rows themselves are asked for.
    this.isByTiles = Boolean(field) && !Object.keys(question).length;
    const known = [...new Set(groups.map((group) => group.key[by[0]]))].filter((value) => value !== null);
    const pairs = known.flatMap((value) => [value, this.colours.get(value)]);
    this.map.setPaintProperty("pipes", "line-color", this.isByTiles && pairs.length ? ["match", ["get", field], ...pairs, UNKNOWN] : UNKNOWN);
    this.map.setPaintProperty("pipes", "line-opacity", this.isByTiles ? 1 : 0.35);
  }

  // asked: { groups, by, question }
  async show(asked) {
    this.asked = asked;
    this.colours = coloursOf(asked.by[0], [...new Set(asked.groups.map((group) => group.key[asked.by[0]]))]);
    this.put("chosen", []);
    await this.ready;
    this.paint();
    this.read();
  }

  put(name, features) {
    this.drawn[name] = { type: "FeatureCollection", features };
    this.map?.getSource(name)?.setData(this.drawn[name]);
  }

  async rows(question, most) {
    const found = [];
    let cursor = null;
    for (let page = 0; page < most; page += 1) {
      const answer = await call("POST", "/api/v1/pipelines/query", { body: { ...question, kind: "segments", limit: PAGE, ...(cursor ? { cursor } : {}) } });
      found.push(...answer.items);
      cursor = answer.next;
      if (!cursor) break;
    }
    return { items: found, isWhole: !cursor };
  }

  // The rows of the question in the map as shown, in the colours of their groups.
  async read() {
    if (!this.map || !this.asked) return;
    const turn = ++this.turn;
    if (this.isByTiles) {
      this.put("groups", []);
      this.told.textContent = "";
      return;
    }
    const { question, by } = this.asked;
    const bbox = this.map.getBounds().toArray().flat();
    try {
      const { items, isWhole } = await this.rows(question.bbox ? question : { ...question, bbox }, MOST_PAGES);
      if (turn !== this.turn) return;
      this.put("groups", items.map((one) => ({ type: "Feature", geometry: one.geometry, properties: { colour: this.colours.get(one[by[0]] ?? null) ?? UNKNOWN } })));
      this.told.textContent = isWhole ? "" : fill(words.notAllOnMap, { n: figure("count", items.length) });
    } catch {
      if (turn === this.turn) this.told.textContent = words.noMapRows;
    }
  }

  // question: that of one group, or null
  async choose(question) {
    await this.ready;
    if (!this.map) return;
    if (!question) return this.put("chosen", []);
    try {
      const { items } = await this.rows(question, 1);
      const features = items.map((one) => ({ type: "Feature", geometry: one.geometry, properties: {} }));
      this.put("chosen", features);
      const all = items.flatMap((one) => places(one.geometry));
      if (!all.length) return;
      const [lons, lats] = [all.map(([lon]) => lon), all.map(([, lat]) => lat)];
      this.map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 40, maxZoom: 17, animate: false });
    } catch {
      this.told.textContent = words.noMapRows;
    }
  }
}
