// Charts of evaluation: echarts in the page's own colours and letters, drawn anew when the theme or the room changes.
// A chart says nothing that a table beside it does not; `label` tells a screen reader which table that is.

import { token } from "../js/tokens.js";

const INKS = ["ink", "ink-quiet", "line", "line-strong", "surface", "surface-sunk", "brand", "brand-soft", "signal", "done", "department", "command", "lamp-green", "lamp-yellow", "lamp-red"];
// By the colour that the card names; each by day and by night.
const GRADES = { green: ["#17653e", "#7fd3a3"], blue: ["#1f62a8", "#8fbef2"], yellow: ["#b98900", "#f0c75e"], red: ["#ab221b", "#ff9c93"], black: ["#2b353b", "#c3ced4"] };
const chinese = document.documentElement.lang.startsWith("zh");

export const isDark = () => document.documentElement.dataset.theme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
export const gradeColour = (colour) => GRADES[colour]?.[isDark() ? 1 : 0] ?? token("ink-quiet");

// What options are made with: colours by their token ("ink-quiet" is look.inkQuiet), the letters, the box's width in px.
function lookOf(box) {
  const look = Object.fromEntries(INKS.map((name) => [name.replace(/-(\w)/g, (_all, letter) => letter.toUpperCase()), token(name)]));
  return { ...look, width: box.clientWidth, font: getComputedStyle(document.body).fontFamily, gradeColour };
}

const common = (look, label) => ({
  animation: false,
  textStyle: { color: look.ink, fontFamily: look.font, fontSize: 13 },
  aria: { enabled: true, label: { description: label } },
});

// Parts that options take over as they are: a tooltip, a row of names, a row of numbers, a grid that holds their labels.
export const parts = {
  tooltip: (look, more = {}) => ({ trigger: "axis", confine: true, backgroundColor: look.surface, borderColor: look.line, textStyle: { color: look.ink, fontFamily: look.font, fontSize: 13 }, ...more }),
  names: (look, data, more = {}) => ({ type: "category", data, axisLabel: { color: look.ink, hideOverlap: true }, axisLine: { lineStyle: { color: look.lineStrong } }, axisTick: { show: false }, ...more }),
  numbers: (look, more = {}) => ({ type: "value", axisLabel: { color: look.inkQuiet, ...more.axisLabel }, nameTextStyle: { color: look.inkQuiet }, splitLine: { lineStyle: { color: look.line } }, ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== "axisLabel")) }),
  grid: (more = {}) => ({ left: 8, right: 16, top: 40, bottom: 8, outerBounds: { left: 4, right: 12, top: more.top ?? 40, bottom: 4 }, outerBoundsMode: "same", outerBoundsContain: "all", ...more }),
  legend: (look, more = {}) => ({ type: "scroll", top: 0, textStyle: { color: look.ink, fontFamily: look.font }, pageTextStyle: { color: look.ink }, pageIconColor: look.inkQuiet, pageIconInactiveColor: look.line, ...more }),
};

export class Chart {
  // options(look): what echarts is given; onClick(params of echarts)
  constructor(box, { options, label = "", onClick, renderer = "svg" }) {
    Object.assign(this, { box, options, label });
    this.ended = new AbortController();
    this.ready = this.begin(renderer, onClick);
  }

  async begin(renderer, onClick) {
    const { init } = await import("echarts");
    if (this.ended.signal.aborted) return;
    this.shown = init(this.box, null, { renderer, locale: chinese ? "ZH" : "EN" });
    this.box.shown = this.shown; // for tests and for people at the console
    if (onClick) this.shown.on("click", onClick);
    const { signal } = this.ended;
    for (const [target, name] of [[document, "citygrid:theme"], [matchMedia("(prefers-color-scheme: dark)"), "change"]]) target.addEventListener(name, () => this.draw(), { signal });
    this.room = new ResizeObserver(() => {
      if (this.box.clientWidth === this.width && this.box.clientHeight === this.height) return;
      this.draw();
    });
    this.room.observe(this.box);
    this.draw();
  }

  // With other options from now on; without any as before.
  draw(options = this.options) {
    this.options = options;
    if (!this.shown || !this.box.clientWidth) return;
    [this.width, this.height] = [this.box.clientWidth, this.box.clientHeight];
    const look = lookOf(this.box);
    this.shown.resize();
    this.shown.setOption({ ...common(look, this.label), ...this.options(look) }, { notMerge: true });
  }

  // Gives back all that it holds: a page that is open for a week makes many.
  end() {
    this.ended.abort();
    this.room?.disconnect();
    this.shown?.dispose();
    delete this.box.shown;
  }
}
