// Sections along the road that the line crosses, as one file. It comes while one works on; it can be stopped.

import { fetchFile, save } from "./files.js";
import { middle, nearestOn } from "./geo.js";
import { saidBy } from "./pane.js";
import { fill, words } from "./words.js";

const byId = (id) => document.getElementById(id);

export class Series {
  constructor(state, map) {
    Object.assign(this, { state, map });
    byId("series-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.start(event.submitter?.value ?? "pdf");
    });
    byId("series-stop").addEventListener("click", () => this.asked?.abort());
    addEventListener("beforeunload", (event) => this.asked && event.preventDefault());
  }

  tell(text) {
    byId("series-told").textContent = text;
  }

  async start(format) {
    if (this.asked) return;
    const { line, as_of: asOf, scale_h: across, scale_v: up, paper } = this.state.shown;
    const road = line && nearestOn(this.map.roads(), middle(line));
    if (!road?.line.id) return this.tell(line ? words.seriesCloser : words.seriesLine);
    const options = new URLSearchParams({ f: format });
    for (const [name, value] of Object.entries({ scale_h: across, scale_v: up, paper })) if (value && value !== "auto") options.set(name, value);
    const body = { axis: road.line.id, every_m: Number(byId("every").value), half_width_m: Number(byId("half").value), ...(asOf && { as_of: asOf }) };
    this.asked = new AbortController();
    byId("series-progress").hidden = byId("series-stop").hidden = false;
    const name = road.line.name_zh ?? "";
    this.tell(fill(words.seriesComes, { road: name }));
    try {
      save(await fetchFile(`/api/v1/pipelines/cross-sections?${options}`, body, `${words.crossSection} ${name}.${format}`, this.asked.signal));
      this.tell(fill(words.seriesDone, { road: name }));
    } catch (problem) {
      this.tell(this.asked.signal.aborted ? words.seriesStopped : saidBy(problem));
    } finally {
      this.asked = null;
      byId("series-progress").hidden = byId("series-stop").hidden = true;
    }
  }
}
