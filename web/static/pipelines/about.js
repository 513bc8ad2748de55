// Everything known of a pipe or a well, over the tools: facts, levels, neighbours, what it was before.

import { call } from "../js/api.js";
import { saidBy } from "./pane.js";
import { fill, icon, make, words } from "./words.js";

const part = (name) => document.querySelector(`#about [data-part="${name}"]`);

export class About {
  onShow = () => {}; // the answer of the service
  onGo = () => {}; // to another pipe or well
  doing = () => []; // buttons for the one shown: [{ icon, text, run }]

  constructor(state, onClose) {
    this.state = state;
    this.box = document.getElementById("about");
    document.getElementById("about-close").addEventListener("click", onClose);
  }

  async show(item, asOf) {
    this.asked?.abort();
    if (!item) return this.clear();
    const mine = (this.asked = new AbortController());
    this.box.setAttribute("aria-busy", "true");
    try {
      const query = asOf ? `?as_of=${asOf}` : "";
      const found = await call("GET", `/api/v1/pipelines/${item.kind}/${item.id}${query}`, { signal: mine.signal });
      if (mine.signal.aborted) return;
      this.write(item, found);
      this.onShow(item, found);
    } catch (problem) {
      if (mine.signal.aborted) return;
      this.write(item, null, saidBy(problem));
    } finally {
      if (mine === this.asked) this.box.removeAttribute("aria-busy");
    }
  }

  clear() {
    this.box.hidden = true;
  }
}
