// What if the weights were others: sliders, the sum at their foot, and the ranking that would come of them.

import { call } from "../js/api.js";
import { data, fill, icon, make, words } from "../js/page_words.js";
import { toast } from "../js/toast.js";
import { number, points } from "./figures.js";

const WAIT_MS = 250;
const TENTH = 10;

// Others share what is left in the proportion they have; in tenths, so that nothing is lost in rounding.
export function balanced(weights, changed) {
  const left = 100 * TENTH - Math.round(weights[changed] * TENTH);
  const others = weights.map((weight, at) => (at === changed ? 0 : weight));
  const sum = others.reduce((total, weight) => total + weight, 0);
  const shares = others.map((weight, at) => (at === changed ? 0 : sum ? (weight / sum) * left : left / (weights.length - 1)));
  const whole = shares.map(Math.floor);
  const order = shares.map((_share, at) => at).filter((at) => at !== changed).sort((one, other) => shares[other] - whole[other] - (shares[one] - whole[one]));
  const missing = left - whole.reduce((total, share) => total + share, 0);
  for (const at of order.slice(0, missing)) whole[at] += 1;
  return weights.map((weight, at) => (at === changed ? weight : whole[at] / TENTH));
}

export class WhatIf {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("#weights");
    this.rows = [...this.form.querySelectorAll(".weight")];
    this.form.addEventListener("input", (event) => this.changed(event.target));
    this.form.addEventListener("reset", () => setTimeout(() => this.tell()));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    dialog.querySelector("#keep-card")?.addEventListener("submit", (event) => this.keep(event));
  }

  open() {
    this.dialog.showModal();
    this.tell();
  }

  get weights() {
    return this.rows.map((row) => Number(row.querySelector("[type=number]").value) || 0);
  }

  set weights(values) {
    this.rows.forEach((row, at) => {
      for (const input of row.querySelectorAll("input")) if (Number(input.value) !== values[at]) input.value = values[at];
    });
  }

  changed(input) {
    const at = this.rows.indexOf(input.closest(".weight"));
    if (at < 0) return;
    const weights = this.weights;
    weights[at] = Math.min(100, Math.max(0, Number(input.value) || 0));
    const balance = this.form.querySelector("#balance").checked && this.rows.length > 1;
    this.weights = balance ? balanced(weights, at) : weights;
    this.tell();
  }

  // A line without weight is left out: a card has none.
  get parts() {
    const weights = this.weights;
    return data.card.content.parts.map((part, at) => ({ ...part, weight: weights[at] })).filter((part) => part.weight > 0);
  }

  tell() {
    const total = this.weights.reduce((sum, weight) => sum + weight, 0);
    const right = Math.abs(total - 100) < 1e-6;
    const sum = this.form.querySelector("[data-part=sum]");
    sum.dataset.kind = right ? "right" : "wrong";
    sum.textContent = right ? words.goodWeights : fill(words.badWeights, { total: Math.round(total * TENTH) / TENTH });
    clearTimeout(this.timer);
    if (right) this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    this.asked?.abort();
    this.asked = new AbortController();
    const body = { object: data.kind, period: data.period, card: data.card.name, parts: this.parts };
    try {
      const told = await call("POST", "/api/v1/evaluation/what-if", { body, signal: this.asked.signal });
      this.wrong("");
      this.draw(told.items);
    } catch (problem) {
      if (problem.name !== "AbortError") this.wrong(problem.message);
    }
  }

  draw(items) {
    const cell = (text) => make("td", { class: "number", text });
    this.dialog.querySelector("#what-if-table tbody").replaceChildren(
      ...items.filter((row) => row.rank).map((row) => {
        const moved = row.chosen.rank ? row.chosen.rank - row.rank : 0;
        const mark = make("td", { class: "number" }, make("span", { class: "quiet", text: row.chosen.rank ?? "—" }));
        if (moved) mark.append(make("span", { class: "change-mark", "data-way": moved > 0 ? "good" : "bad" }, icon(moved > 0 ? "arrow-up" : "arrow-down"), number(Math.abs(moved))));
        return make(
          "tr",
          { "data-code": row.code },
          cell(row.rank), mark, make("td", { text: row.name }), cell(points(row.score)),
          make("td", { class: "number quiet", text: points(row.chosen.score) }),
          make("td", {}, row.grade && make("span", { class: "grade", "data-colour": row.grade_colour, text: row.grade })),
        );
      }),
    );
  }

  wrong(text) {
    const notice = this.dialog.querySelector("[data-part=wrong]");
    notice.hidden = !text;
    notice.querySelector("span").textContent = text;
  }

  async keep(event) {
    event.preventDefault();
    const { code, name_zh, name_en } = Object.fromEntries(new FormData(event.target));
    const { grades } = data.card.content;
    const body = { code, name_zh, name_en, object: data.kind, parts: this.parts, grades };
    try {
      await call("POST", "/api/v1/evaluation/cards", { body });
      this.wrong("");
      event.target.reset();
      toast(words.kept);
    } catch (problem) {
      this.wrong(problem.problem?.errors?.map((one) => one.detail).filter(Boolean).join(" ") || problem.message);
    }
  }
}
