// Lamps that go on by themselves: green before the warning, yellow until the limit ends, red after it.

import { fill, icon, make, span, words } from "./words.js";

const SHAPES = { green: "circle-check", yellow: "hourglass", red: "octagon-alert" };
const NO_LIMIT = Date.UTC(8000, 0); // the service writes the year 9000 where a link has none

export function lampOf(one, now = Date.now()) {
  const due = one.stage_due_at ? Date.parse(one.stage_due_at) : NaN;
  if (!one.stage || !(due < NO_LIMIT)) return null;
  if (now > due) return "red";
  const warn = one.stage_warn_at ? Date.parse(one.stage_warn_at) : NaN;
  if (Number.isNaN(warn)) return one.lamp ?? "green";
  return now >= warn ? "yellow" : "green";
}

function said(one, now) {
  if (one.suspended_until) return fill(words.suspendedUntil, { at: one.suspended_until.slice(0, 10) });
  if (!one.stage) return one.on_time === null || one.on_time === undefined ? "" : one.on_time ? words.inTime : words.late;
  const due = one.stage_due_at ? Date.parse(one.stage_due_at) : NaN;
  if (!(due < NO_LIMIT)) return words.noLimit;
  return fill(now > due ? words.over : words.left, { span: span(Math.abs(due - now)) });
}

export function lamp(one) {
  const element = make("span", { class: "lamp" });
  element.clockOf = one;
  draw(element, Date.now());
  return element;
}

function draw(element, now) {
  const one = element.clockOf;
  const text = said(one, now);
  const colour = one.stage ? (one.suspended_until ? null : lampOf(one, now)) : text ? (one.on_time ? "green" : "red") : null;
  if (element.dataset.lamp !== (colour ?? "") || !element.firstChild) {
    element.dataset.lamp = colour ?? "";
    const shape = one.suspended_until ? "circle-pause" : SHAPES[colour];
    element.replaceChildren(...(shape ? [icon(shape)] : []), make("span"));
  }
  if (element.lastChild.textContent !== text) element.lastChild.textContent = text;
}

setInterval(() => {
  if (document.hidden) return;
  const now = Date.now();
  for (const element of document.querySelectorAll(".lamp")) if (element.clockOf) draw(element, now);
}, 1000);
