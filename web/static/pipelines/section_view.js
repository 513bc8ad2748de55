// The cross-section of a line: asked for while the line moves, shown with its table, findings and marks on the map.

import { Asking } from "./asking.js";
import { tellFindings } from "./findings.js";
import { csv, save } from "./files.js";
import { lengthM } from "./geo.js";
import { lightRows, opener, swatch, table } from "./table.js";
import { feature, pointOf } from "./work_map.js";
import { fill, level, make, metres, words } from "./words.js";

const REST_MS = 90; // while a line is dragged, it is asked for when the hand rests that long
const OWNER = "section";

export class SectionView {
  onOpen = () => {}; // kind and id of a pipe or a well

  constructor(state, map, pane, findings) {
    Object.assign(this, { state, map, pane, findings });
    this.asking = new Asking("/api/v1/pipelines/cross-section", pane, (isInPage) => {
      const { scale_h, scale_v, paper } = state.shown;
      return isInPage ? { scale_h: scale_h || pane.scaleFor(lengthM(this.line)), scale_v } : { scale_h, scale_v, paper };
    });
    this.section = null;
  }

  body(line) {
    const { as_of: asOf, name } = this.state.shown;
    return { line: { type: "LineString", coordinates: line }, ...(asOf && { as_of: asOf }), ...(name && { name }) };
  }

  ask(line, { soon = false } = {}) {
    clearTimeout(this.timer);
    if (soon) this.timer = setTimeout(() => this.request(line), REST_MS);
    else return this.request(line);
  }

  async request(line) {
    this.line = line;
    const answer = await this.asking.ask(this.body(line), (problem) => this.pane.fail(problem));
    if (answer) this.show(answer.data, answer.svg);
  }

  show(section, svg) {
    this.section = section;
    const { crossings } = section;
    const isFirst = this.pane.owner !== OWNER;
    const facts = [
      fill(words.lengthIs, { n: metres(section.length_m) }),
      fill(crossings.length === 1 ? words.crossingOne : words.crossings, { n: crossings.length }),
      section.as_of && fill(words.asOfDay, { day: section.as_of }),
    ];
    this.drawn = this.pane.show({
      onHover: (one) => this.light(one?.segmentId ? [String(one.segmentId)] : [], { isDrawn: true }),
      onSelect: (one) => this.choose(one),
      owner: OWNER,
      title: [words.crossSection, section.name, section.place].filter(Boolean).join(" "),
      facts: facts.filter(Boolean).join(" · "),
      svg,
      table: crossings.length
        ? table(words.crossingTable, COLUMNS, crossings, { key: keyOf, onHover: (key) => this.light(key ? [key] : []), onOpen: (key) => this.onOpen("segments", Number(key)) })
        : make("p", { class: "quiet nothing-cut", text: words.nothingCut }),
    });
    tellFindings(this.findings, section.findings, (finding) => this.showFinding(finding));
    this.mark([]);
    if (isFirst) this.map.show(this.line); // the drawing has just taken half of the map
  }

  // What is pointed at lights up in drawing, table and map, wherever it was pointed at.
  light(keys, { isDrawn = false } = {}) {
    lightRows(this.pane.table, keys);
    if (!isDrawn) this.drawn.light(keys);
    this.mark(keys.map(Number));
  }

  choose(one) {
    if (one?.segmentId) this.onOpen("segments", one.segmentId);
    else if (one?.pointId) this.onOpen("points", one.pointId);
  }

  mark(ids) {
    this.map.light(ids);
    this.map.draw("marks", this.section.crossings.map((one) => feature(pointOf([one.lon, one.lat]), { colour: one.rgb_hex, lit: ids.includes(one.segment_id) })));
  }

  showFinding(finding) {
    const keys = finding.segment_ids.map(String);
    this.light(keys);
    this.drawn.reveal(keys);
  }

  clear() {
    this.asking.stop();
    clearTimeout(this.timer);
    this.section = null;
    this.findings.hidden = true;
    this.map.light([]);
    this.map.draw("marks", []);
    if (this.pane.owner === OWNER) this.pane.empty();
  }

  file(format) {
    const name = [words.crossSection, this.state.shown.name].filter(Boolean).join(" ");
    if (format === "csv") return save(csv(COLUMNS, this.section.crossings, `${name}.csv`));
    return this.asking.file(format, this.body(this.state.shown.line), name);
  }
}

const keyOf = (crossing) => String(crossing.segment_id);

const COLUMNS = [
  { title: words.number, number: true, value: (_one, i) => String(i + 1) },
  { title: words.station, number: true, value: (one) => metres(one.station_m) },
  { title: words.class, value: (one) => one.class_name, cell: (one) => make("span", { class: "classed" }, swatch(one.rgb_hex), one.class_name) },
  { title: words.segment, value: (one) => one.segment_no, cell: (one) => opener(one.segment_no) },
  { title: words.size, value: (one) => one.size || words.notKnown },
  { title: words.material, value: (one) => one.material_name },
  { title: words.ground, number: true, value: (one) => level(one.ground_level) },
  { title: words.crown, number: true, value: (one) => level(one.crown_level) },
  { title: words.invert, number: true, value: (one) => level(one.invert_level) },
  { title: words.depth, number: true, value: (one) => metres(one.depth_m) },
  { title: words.cover, number: true, value: (one) => metres(one.cover_m) },
  { title: words.spacing, number: true, value: (one) => metres(one.axis_to_next_m) },
  { title: words.clear, number: true, value: (one) => metres(one.clear_to_next_m) },
  { title: words.angle, number: true, value: (one) => `${one.angle_deg.toFixed(0)}°` },
  { title: words.owner, value: (one) => one.owner },
];
