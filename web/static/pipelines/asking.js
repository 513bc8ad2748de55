// A section or profile, as figures and as drawing, asked for together; the last question wins.

import { answerTo, call } from "../js/api.js";
import { fetchFile, save } from "./files.js";
import { saidBy } from "./pane.js";

export class Asking {
  // options(isInPage): the choices of the sheet, { scale_h, scale_v, paper, … }; a page has no paper
  constructor(path, pane, options) {
    Object.assign(this, { path, pane, options });
    this.mine = null;
  }

  address(format, isInPage = false) {
    const query = new URLSearchParams({ f: format });
    if (isInPage) query.set("interactive", "true");
    for (const [name, value] of Object.entries(this.options(isInPage))) if (value && value !== "auto") query.set(name, value);
    return `${this.path}?${query}`;
  }

  // { data, svg }, or null where another question came meanwhile or the answer is a problem, which onWrong gets.
  async ask(body, onWrong) {
    this.stop();
    const mine = (this.mine = new AbortController());
    const { signal } = mine;
    this.pane.busy(true);
    try {
      const [data, svg] = await Promise.all([
        call("POST", this.path, { body, signal }),
        answerTo("POST", this.address("svg", true), { body, signal, headers: { Accept: "image/svg+xml" } }).then((answer) => answer.text()),
      ]);
      return signal.aborted ? null : { data, svg };
    } catch (problem) {
      if (!signal.aborted) onWrong(problem);
      return null;
    } finally {
      if (mine === this.mine) this.pane.busy(false);
    }
  }

  stop() {
    this.mine?.abort();
    this.mine = null;
  }

  async file(format, body, name) {
    try {
      save(await fetchFile(this.address(format), body, `${name}.${format}`));
    } catch (problem) {
      this.pane.wrong(saidBy(problem));
    }
  }
}
