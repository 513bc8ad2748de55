// What stands behind a number: the formula in words, the cases above and below the line, how it became points, and why
// it changed against the period before.

import { call } from "../js/api.js";
import { data, fill, icon, make, words } from "../js/page_words.js";
import { causes } from "./causes.js";
import { number, pageOf, points, written } from "./figures.js";

const SCORE = "score";

export function trust(status) {
  const look = data.trust[status];
  return look && make("span", { class: "badge trust", "data-kind": look.kind, title: look.hint }, icon(look.icon), look.title);
}

const section = (title, ...children) => make("section", { class: "stack-2" }, make("h3", { text: title }), ...children);

// One side of the fraction: what is counted, how many, and the list of exactly these cases.
function counted(one) {
  const link = one.cases && one.value ? make("a", { href: pageOf(one.cases), "data-count": one.code }, fill(words.casesBehind, { n: number(one.value) }), icon("arrow-right")) : make("span", { class: "quiet", text: fill(words.counts, { n: number(one.value) }) });
  return make("li", {}, make("span", { text: one.title }), link);
}

export class Explain {
  constructor(dialog) {
    this.dialog = dialog;
    this.body = dialog.querySelector("[data-part=body]");
    this.title = dialog.querySelector("h2");
    dialog.addEventListener("close", () => this.chart?.end());
  }

  async open(code, name, indicator) {
    this.asked?.abort();
    this.chart?.end();
    this.asked = new AbortController();
    const title = indicator === SCORE ? words.score : data.indicators[indicator].title;
    this.title.textContent = `${name} · ${title}`;
    this.body.replaceChildren(make("progress", { "aria-label": title }));
    if (!this.dialog.open) this.dialog.showModal();
    const asked = new URLSearchParams({ object: data.kind, code, indicator, period: data.period, card: data.card.name });
    const { signal } = this.asked;
    try {
      const told = await call("GET", `/api/v1/evaluation/explain?${asked}`, { signal });
      this.body.replaceChildren(...(indicator === SCORE ? this.ofScore(told) : this.ofFigure(told, indicator)));
      const why = section(words.changeCauses);
      this.body.append(why);
      await causes(why, asked, { isScore: indicator === SCORE, unit: data.indicators[indicator]?.unit ?? "points", signal, onChart: (chart) => (this.chart = chart) });
    } catch (problem) {
      if (problem.name !== "AbortError") this.body.append(make("p", { class: "notice", "data-kind": "wrong", role: "alert" }, icon("circle-alert"), make("span", { text: fill(words.wrong, { why: problem.message }) })));
    }
  }

  ofFigure(told, indicator) {
    const unit = data.indicators[indicator].unit;
    const [part] = told.parts; // its line of the card, where it has one
    return [
      make("p", { class: "big", text: written(unit, told.value) }),
      make("p", { class: "tags" }, trust(told.status), make("span", { class: "quiet small", text: told.source })),
      section(words.formula, make("p", { class: "formula" }, told.formula, told.worked && make("br"), told.worked), make("ul", { class: "fraction" }, counted(told.numerator), told.denominator && counted(told.denominator))),
      told.note && make("p", { class: "quiet small", text: told.note }),
      part && section(words.points, make("p", { text: part.how }), make("p", { text: part.points === null ? words.leftOut : fill(words.toPoints, { points: points(part.points), weight: part.weight, share: points(part.share) }) })),
    ].filter(Boolean);
  }

  ofScore(told) {
    const cell = (text) => make("td", { class: "number", text });
    const rows = told.parts.map((part) => make("tr", { title: part.how }, make("td", { text: part.title }), cell(written(data.indicators[part.indicator].unit, part.value)), cell(part.points === null ? words.leftOut : points(part.points)), cell(`${part.weight}%`), cell(points(part.share))));
    const heads = [words.part, words.value, words.points, words.weight, words.share].map((text, at) => make("th", { scope: "col", class: at && "number", text }));
    const colour = data.card.content.grades.find((grade) => grade.name === told.grade)?.colour;
    return [
      make("p", { class: "big" }, points(told.value), told.grade && make("span", { class: "grade", "data-colour": colour, text: told.grade })),
      make("p", { class: "tags" }, make("span", { text: fill(words.cardName, told.card) }), trust(told.status), make("span", { class: "quiet small", text: told.source })),
      section(words.formula, make("p", { class: "formula", text: told.formula }), make("table", { class: "figures-table" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)), make("p", { class: "quiet small", text: fill(words.weightUsed, { n: told.weight_used }) })),
      told.note && make("p", { class: "quiet small", text: told.note }),
    ].filter(Boolean);
  }
}
