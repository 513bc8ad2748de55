// A drawing of the service in the pane, as the bench needs it: what is pointed at in it, and what lights up.

import { bindSection } from "../section/section.js";

export class Drawing {
  // onHover and onSelect get { kind, segmentId, pointId, station }, null for nothing
  constructor(svg, { onHover, onSelect }) {
    this.svg = svg;
    this.bound = bindSection(svg);
    svg.addEventListener("section-hover", (event) => onHover(event.detail));
    svg.addEventListener("section-select", (event) => onSelect(event.detail));
  }

  light(segmentIds) {
    this.bound.mark("is-hovered", this.targets(segmentIds));
  }

  // Chosen and brought into sight: the pipes of a finding, or its place where it names none.
  reveal(segmentIds) {
    this.bound.mark("is-selected", this.targets(segmentIds));
    this.svg.querySelector(".target.is-selected")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  targets(segmentIds) {
    return segmentIds.flatMap((id) => [...this.svg.querySelectorAll(`[data-segment-id="${CSS.escape(id)}"]`)].map((one) => one.dataset.target));
  }

  zoom(times) {
    const { x, y, width, height } = this.svg.viewBox.baseVal;
    this.bound.zoom.by(times, { x: x + width / 2, y: y + height / 2 });
  }

  measure(on) {
    this.bound.measure(on);
  }

  destroy() {
    this.bound.destroy();
  }
}
