// Words, icons and small parts, written into the page by the server in the reader's language.

import { data, fill, icon, make, moment, words } from "../js/page_words.js";

export { fill, icon, make, moment, words };
export const person = data.person; // { role, login }
export const states = data.states; // code: { icon, held }

export function badge(one) {
  const look = states[one.state];
  return make("span", { class: "badge", "data-held": look.held }, icon(look.icon), one.state_title);
}

// What sets a case apart in a list: asked for, urged, done again, closed by force.
export function flags(one) {
  const found = [];
  if (one.pending) found.push(["hourglass", one.pending.title, "pending"]);
  if (one.urged_count) found.push(["megaphone", one.urged_count > 1 ? `${words.urged} ×${one.urged_count}` : words.urged, "urged"]);
  if (one.rework_count) found.push(["rotate-ccw", one.rework_count > 1 ? `${words.reworked} ×${one.rework_count}` : words.reworked, "rework"]);
  if (one.said === "not_fixed") found.push(["message-circle-warning", words.notFixed, "urged"]);
  if (one.parent) found.push(["corner-down-right", words.child, "quiet"]);
  if (one.closed_by_force) found.push(["gavel", words.forced, "quiet"]);
  if (one.exempt) found.push(["shield-check", words.exempt, "quiet"]);
  return found.map(([symbol, text, kind]) => make("span", { class: "flag", "data-flag": kind, title: text }, icon(symbol), make("span", { text })));
}

export const place = (one) => [one.street, one.community, one.address].filter(Boolean).join(" · ");

export function span(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return fill(words.days, { n: Math.floor(hours / 24) });
  if (hours >= 1) return fill(words.hours, { n: hours, m: String(minutes % 60).padStart(2, "0") });
  if (minutes >= 2) return fill(words.minutes, { n: minutes });
  return fill(words.seconds, { n: seconds });
}
