// The profile between wells, by way of others: drawing, tables, the way on the map; or why there is none.

import { Asking } from "./asking.js";
import { tellFindings } from "./findings.js";
import { csv, save } from "./files.js";
import { saidBy } from "./pane.js";
import { lightRows, opener, table } from "./table.js";
import { feature, lineOf, pointOf } from "./work_map.js";
import { figure, fill, level, make, metres, words } from "./words.js";

const OWNER = "profile";
const GAP = "#c8281f";
const byId = (id) => document.getElementById(id);

export class ProfileView {
  onOpen = () => {}; // kind and id of a pipe or a well

  constructor(state, map, pane, findings) {
    Object.assign(this, { state, map, pane, findings });
    this.asking = new Asking("/api/v1/pipelines/profile", pane, (isInPage) => {
      const { scale_h, scale_v, paper, name } = state.shown;
      return isInPage ? { scale_h, scale_v } : { scale_h, scale_v, paper, title: name };
    });
    this.profile = null;
    byId("no-way-ends").addEventListener("click", (event) => {
      const button = event.target.closest("button[data-place]");
      if (button) this.map.show([button.dataset.place.split(",").map(Number)], { zoom: 19 });
    });
  }

  get body() {
    const { from, to, via, as_of: asOf } = this.state.shown;
    return { from_point: from, to_point: to, via, ...(asOf && { as_of: asOf }) };
  }

  async ask() {
    const { from, to } = this.state.shown;
    byId("no-way").hidden = true;
    if (!from || !to) return this.clear();
    const answer = await this.asking.ask(this.body, (problem) => this.fail(problem));
    if (answer) this.show(answer.data, answer.svg);
  }

  show(profile, svg) {
    this.profile = profile;
    this.drawn = this.pane.show({
      onHover: (one) => this.light(one?.segmentId ? [String(one.segmentId)] : [], { isDrawn: true }),
      onSelect: (one) => this.choose(one),
      owner: OWNER,
      title: [words.profile, this.state.shown.name || profile.name, profile.place].filter(Boolean).join(" "),
      facts: [profile.class_name, fill(words.lengthIs, { n: metres(profile.length_m) }), fill(profile.reaches.length === 1 ? words.reachOne : words.reaches, { n: profile.reaches.length }), profile.as_of && fill(words.asOfDay, { day: profile.as_of })].filter(Boolean).join(" · "),
      svg,
      table: this.tables(profile),
    });
    tellFindings(this.findings, profile.findings, (finding) => this.showFinding(finding));
    this.map.draw("way", [feature(profile.line)]);
    this.mark();
  }

  tables(profile) {
    const heading = (text) => make("h3", { class: "small", text });
    const onHover = (key) => this.light(key ? [key] : []);
    return make(
      "div", {},
      table(words.reachTable, REACHES, profile.reaches, { key: (one) => String(one.segment_id), onHover, onOpen: (key) => this.onOpen("segments", Number(key)) }),
      heading(words.stationTable),
      table(words.stationTable, STATIONS, profile.stations, { key: (one) => `p${one.point_id}`, onHover: () => {}, onOpen: (key) => this.onOpen("points", Number(key.slice(1))) }),
      ...(profile.crossing_pipes.length
        ? [heading(words.crossingPipes), table(words.crossingPipes, CROSSING, profile.crossing_pipes, { key: (one) => String(one.segment_id), onHover, onOpen: (key) => this.onOpen("segments", Number(key)) })]
        : []),
    );
  }

  light(keys, { isDrawn = false } = {}) {
    lightRows(this.pane.table, keys);
    if (!isDrawn) this.drawn.light(keys);
    this.map.light(keys.map(Number));
  }

  choose(one) {
    if (one?.segmentId) this.onOpen("segments", one.segmentId);
    else if (one?.pointId) this.onOpen("points", one.pointId);
  }

  showFinding(finding) {
    const keys = finding.segment_ids.map(String);
    this.light(keys);
    this.drawn.reveal(keys);
  }

  // Where the way begins and ends, and the wells between.
  mark() {
    const last = this.profile.stations.length - 1;
    this.map.draw("marks", this.profile.stations.map((one, i) => feature(pointOf([one.lon, one.lat]), { colour: this.profile.rgb_hex, lit: i === 0 || i === last })));
    this.map.show(this.profile.line.coordinates);
  }

  // "No way" is an answer, too: the two places where the networks end, and the gap between them.
  fail(problem) {
    const ends = problem.problem?.ends ?? [];
    this.clear();
    byId("no-way").hidden = false;
    byId("no-way").querySelector("span").textContent = saidBy(problem);
    byId("no-way-ends").replaceChildren(...ends.map((one) => make("button", { class: "button small", type: "button", "data-place": `${one.lon},${one.lat}`, text: fill(words.endsAt, { point: one.point_no }) })));
    const places = ends.map((one) => [one.lon, one.lat]);
    this.map.draw("marks", places.map((place) => feature(pointOf(place), { colour: GAP, lit: true })));
    this.map.draw("way", places.length === 2 ? [feature(lineOf(places))] : []);
    this.map.show(places, { zoom: 19 });
  }

  clear() {
    this.asking.stop();
    this.profile = null;
    this.findings.hidden = true;
    byId("no-way").hidden = true;
    this.map.light([]);
    this.map.draw("marks", []);
    this.map.draw("way", []);
    this.pane.busy(false);
    if (this.pane.owner === OWNER || !this.pane.owner) this.pane.empty();
  }

  file(format) {
    const name = [words.profile, this.state.shown.name || this.profile.name].join(" ");
    if (format === "csv") return save(csv(REACHES, this.profile.reaches, `${name}.csv`));
    return this.asking.file(format, this.body, name);
  }
}

const REACHES = [
  { title: words.from, number: true, value: (one) => metres(one.from_m) },
  { title: words.to, number: true, value: (one) => metres(one.to_m) },
  { title: words.segment, value: (one) => one.segment_no, cell: (one) => opener(one.segment_no) },
  { title: words.length, number: true, value: (one) => metres(one.length_m) },
  { title: words.size, value: (one) => one.size || words.notKnown },
  { title: words.material, value: (one) => one.material_name },
  { title: words.slope, number: true, value: (one) => figure(one.slope_permille, 2) },
  { title: words.invertStart, number: true, value: (one) => level(one.start_invert) },
  { title: words.invertEnd, number: true, value: (one) => level(one.end_invert) },
  { title: words.depthStart, number: true, value: (one) => metres(one.start_depth_m) },
  { title: words.depthEnd, number: true, value: (one) => metres(one.end_depth_m) },
  { title: words.leastCover, number: true, value: (one) => metres(one.least_cover_m) },
];

const STATIONS = [
  { title: words.distance, number: true, value: (one) => metres(one.distance_m) },
  { title: words.point, value: (one) => one.point_no, cell: (one) => opener(one.point_no) },
  { title: words.kind, value: (one) => one.kind_name },
  { title: words.ground, number: true, value: (one) => level(one.ground_level) },
  { title: words.wellDepth, number: true, value: (one) => metres(one.well_depth_m) },
  { title: words.invertIn, number: true, value: (one) => level(one.invert_in) },
  { title: words.invertOut, number: true, value: (one) => level(one.invert_out) },
];

const CROSSING = [
  { title: words.distance, number: true, value: (one) => metres(one.distance_m) },
  { title: words.class, value: (one) => one.class_name },
  { title: words.segment, value: (one) => one.segment_no, cell: (one) => opener(one.segment_no) },
  { title: words.size, value: (one) => one.size || words.notKnown },
  { title: words.centre, number: true, value: (one) => level(one.centre_level) },
  { title: words.gap, number: true, value: (one) => metres(one.gap_m) },
];
