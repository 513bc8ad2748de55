// What narrows the figures: conditions as chips, the same as text, a community, a day, an area that was drawn.

import { data, fill, icon, make, words } from "../js/page_words.js";
import { conditionsOf, joined, textOf } from "./conditions.js";

const OPS = ["=", "<>", "<", "<=", ">", ">=", "like", "null"];
const FOR_TYPE = { code: ["=", "<>", "null"], text: ["=", "<>", "like", "null"], boolean: ["=", "null"], integer: ["=", "<>", "<", "<=", ">", ">=", "null"], number: ["<", "<=", ">", ">=", "=", "null"], date: ["<", "<=", ">", ">=", "=", "null"] };

const attribute = (name) => data.attributes.find((one) => one.name === name || one.aliases.includes(name));

// Tells onChange(patch of what the page shows).
export class Filters {
  constructor(root, { onChange }) {
    this.root = root;
    this.onChange = onChange;
    this.form = root.querySelector("form.condition");
    this.text = root.querySelector("form.as-text");
    const { attr } = this.form.elements;
    attr.append(...data.attributes.filter((one) => one.filterable).map((one) => make("option", { value: one.name, text: one.title })));
    attr.addEventListener("change", () => this.offer());
    this.form.elements.op.addEventListener("change", () => this.offerValue());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add();
    });
    this.text.addEventListener("submit", (event) => {
      event.preventDefault();
      onChange({ filter: this.text.elements.filter.value.trim() });
    });
    root.querySelector("[data-part=chips]").addEventListener("click", (event) => {
      const chip = event.target.closest("[data-remove]");
      if (chip) this.remove(chip.dataset.remove);
    });
    for (const name of ["community", "as_of"]) root.querySelector(`[name=${name}]`).addEventListener("change", (event) => onChange({ [name]: event.target.value }));
    this.offer();
  }

  offer() {
    const { attr, op } = this.form.elements;
    const ops = FOR_TYPE[attribute(attr.value).type] ?? OPS;
    op.replaceChildren(...ops.map((one) => make("option", { value: one, text: words[`op_${OPS.indexOf(one)}`] })));
    this.offerValue();
  }

  offerValue() {
    const { attr, op } = this.form.elements;
    const known = attribute(attr.value);
    const box = this.form.querySelector("[data-part=value]");
    const name = { name: "value", "aria-label": words.value, required: true };
    box.hidden = op.value === "null";
    if (known.choices) box.replaceChildren(make("select", name, ...known.choices.map(([code, title]) => make("option", { value: code, text: title }))));
    else if (known.type === "boolean") box.replaceChildren(make("select", name, make("option", { value: "true", text: words.yes }), make("option", { value: "false", text: words.no })));
    else box.replaceChildren(make("input", { ...name, type: known.type === "date" ? "date" : "text", inputmode: ["integer", "number"].includes(known.type) ? "decimal" : null, autocomplete: "off", placeholder: known.unit || null, maxlength: 200 }));
  }

  add() {
    const { attr, op } = this.form.elements;
    const value = op.value === "null" ? "" : this.form.elements.value.value.trim();
    const known = attribute(attr.value);
    if (["integer", "number"].includes(known.type) && value && !Number.isFinite(Number(value))) return this.form.elements.value.setAttribute("aria-invalid", "true");
    if (!value && op.value !== "null") return this.form.elements.value.focus();
    const more = textOf({ name: known.name, op: op.value, value }, known.type);
    const before = this.shown.filter && /\bor\b/i.test(this.shown.filter) ? `(${this.shown.filter})` : this.shown.filter;
    this.onChange({ filter: joined([before, more]) });
  }

  remove(what) {
    if (!/^\d+$/.test(what)) return this.onChange({ [what]: "" });
    const kept = conditionsOf(this.shown.filter).filter((_one, at) => at !== Number(what));
    this.onChange({ filter: joined(kept.map((one) => textOf(one, attribute(one.name)?.type))) });
  }

  said({ name, op, value }) {
    const known = attribute(name);
    const title = known?.title ?? name;
    if (op === "null") return fill(words.isUnknown, { name: title });
    const choice = known?.choices?.find(([code]) => code === value)?.[1] ?? value;
    return `${title} ${words[`op_${OPS.indexOf(op)}`]} ${choice}${known?.unit && !known.choices ? ` ${known.unit}` : ""}`;
  }

  // What narrows the figures, each as [what takes it away, words].
  told() {
    const simple = conditionsOf(this.shown.filter);
    const found = simple ? simple.map((one, at) => [String(at), this.said(one)]) : [["filter", this.shown.filter]];
    if (this.shown.area) found.push(["area", words.drawnArea]);
    if (this.shown.bbox) found.push(["bbox", words.mapArea]);
    return found;
  }

  words() {
    const { community } = this.shown;
    const name = community && this.root.querySelector(`[name=community] option[value="${CSS.escape(community)}"]`)?.textContent;
    return [...this.told().map(([, text]) => text), name, this.shown.as_of].filter(Boolean);
  }

  show(shown) {
    this.shown = shown;
    const chips = this.root.querySelector("[data-part=chips]");
    chips.replaceChildren(
      ...this.told().map(([what, text]) => make("li", {}, make("button", { type: "button", class: "chip", "data-remove": what, "aria-label": fill(words.removeFilter, { name: text }) }, text, icon("x")))),
    );
    chips.hidden = !chips.children.length;
    this.text.elements.filter.value = shown.filter;
    for (const name of ["community", "as_of"]) this.root.querySelector(`[name=${name}]`).value = shown[name];
  }
}
