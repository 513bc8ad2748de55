// What every wall of the centre does beside what it shows: the city's clock, a screen that stays awake, full screen,
// buttons that hide at rest, and one line that says since when nothing was read or that the sign-in ends.

import { fill } from "./page_words.js";

const WARN_MS = 15 * 60_000; // before the sign-in ends
const REST_MS = 5000;

export class WallFrame {
  // words: lost ({time}), ending ({time}), signedOut; keys: key → what it does, beside f for full screen
  constructor(wall, words, keys = {}) {
    Object.assign(this, { wall, words, keys });
    this.lang = document.documentElement.lang;
    this.timeZone = wall.dataset.zone; // the city's clocks, wherever the machine thinks it stands
    this.ends = wall.dataset.ends ? Date.parse(wall.dataset.ends) : Infinity;
    this.lost = null; // since when nothing was read
    this.signedOut = false;
    this.onDay = () => {}; // called when the city's day has changed
    this.alarm = document.getElementById("alarm");
    this.alarm.querySelector("a").href = `/login?next=${encodeURIComponent(location.pathname)}`;
    this.tick();
    setInterval(() => this.tick(), 1000);
    this.awake();
    document.addEventListener("visibilitychange", () => this.awake());
    document.querySelector('[data-act="full"]').addEventListener("click", fullScreen);
    document.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["pointermove", "keydown", "focusin"]) document.addEventListener(name, () => this.rest());
    this.rest();
  }

  // ---- What was read and what was not ----

  told() {
    this.lost = null;
    this.signedOut = false;
    this.warn();
  }

  failed(status) {
    this.signedOut = status === 401;
    this.lost ??= new Date();
    this.warn();
  }

  warn() {
    const left = this.ends - Date.now();
    // Who has signed in again in another window reads on, whatever this page was told when it was opened.
    const isEnding = left > 0 && left < WARN_MS;
    let text = "";
    if (this.signedOut) text = this.words.signedOut;
    else if (this.lost) text = fill(this.words.lost, { time: this.clock(this.lost) });
    else if (isEnding) text = fill(this.words.ending, { time: this.clock(new Date(this.ends)) });
    this.alarm.hidden = !text;
    const line = this.alarm.querySelector("span");
    if (line.textContent !== text) line.textContent = text;
    this.alarm.querySelector("a").hidden = !(this.signedOut || isEnding);
  }

  // ---- The clock ----

  clock(at) {
    return at.toLocaleTimeString(this.lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: this.timeZone });
  }

  tick() {
    const now = new Date();
    document.getElementById("clock").textContent = now.toLocaleTimeString(this.lang, { hour12: false, timeZone: this.timeZone });
    const day = now.toLocaleDateString(this.lang, { year: "numeric", month: "long", day: "numeric", weekday: "long", timeZone: this.timeZone });
    if (day !== this.day) {
      document.getElementById("day").textContent = day;
      const isNext = this.day !== undefined;
      this.day = day;
      if (isNext) this.onDay();
    }
    if (now.getSeconds() === 0) this.warn();
  }

  // ---- The screen ----

  // The lock is let go whenever the page is hidden: it is asked for again.
  async awake() {
    if (document.hidden || !("wakeLock" in navigator)) return;
    await navigator.wakeLock.request("screen").catch(() => {}); // a machine on battery may refuse; the picture stays
  }

  key(event) {
    if (event.target.closest?.("input, button, a") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "f") fullScreen();
    this.keys[event.key]?.();
  }

  rest() {
    this.wall.toggleAttribute("data-resting", false);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.wall.toggleAttribute("data-resting", !this.wall.querySelector(".wall-acts :focus-visible")), REST_MS);
  }
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}
