// Words in the shell's language, and how times and distances are told.

const WORDS = JSON.parse(document.getElementById("words").textContent);
const LANG = document.documentElement.lang;
const ZONE = document.body.dataset.zone;
const MINUTE = 60_000;

export const isChinese = LANG.startsWith("zh");
export const locale = isChinese ? "zh_CN" : "en";

// say("accuracy", { n: 12 })
export function say(key, values = {}) {
  return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), WORDS[key] ?? key);
}

// row: anything with name_zh and name_en
export const named = (row) => (isChinese ? row.name_zh : row.name_en) || row.name_zh;

const inZone = (options) => new Intl.DateTimeFormat(LANG, { timeZone: ZONE, hourCycle: "h23", ...options });
const DAY = inZone({ year: "numeric", month: "2-digit", day: "2-digit" });
const TIME = inZone({ hour: "2-digit", minute: "2-digit" });
const FULL = inZone({ month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });

export function clock(at) {
  const moment = new Date(at);
  if (DAY.format(moment) === DAY.format(new Date())) return say("today_at", { time: TIME.format(moment) });
  return FULL.format(moment);
}

// How far away a moment is: minutes below two hours, hours below two days.
export function span(milliseconds) {
  const minutes = Math.round(Math.abs(milliseconds) / MINUTE);
  if (minutes < 120) return say("minutes", { n: minutes });
  if (minutes < 48 * 60) return say("hours", { n: Math.round(minutes / 60) });
  return say("days", { n: Math.round(minutes / 1440) });
}

export function distance(metres) {
  if (metres < 1000) return say("metres", { n: Math.round(metres) });
  return say("kilometres", { n: (metres / 1000).toFixed(1) });
}

const POINTS = ["north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west"];

export const direction = (degrees) => say(POINTS[Math.round((((degrees % 360) + 360) % 360) / 45) % 8]);
