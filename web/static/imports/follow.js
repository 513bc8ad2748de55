// Looks after something that a job works on: often at first, then seldom; not at all while nobody looks at the page.

import { call } from "../js/api.js";

const FIRST_MS = 500;
const LAST_MS = 5000;
const AFTER_FAILURE_MS = 8000;

// onState(answer) is told each time; it ends when isDone(answer). Returns a function that ends it before.
export function follow(path, { isDone, onState, onFail = () => {} }) {
  let wait = FIRST_MS;
  let timer = 0;
  let ended = false;

  async function look() {
    clearTimeout(timer);
    if (ended || document.hidden) return;
    try {
      const state = await call("GET", path);
      if (ended) return;
      onState(state);
      if (isDone(state)) return end();
      wait = Math.min(wait * 1.4, LAST_MS);
    } catch (problem) {
      if (ended) return;
      onFail(problem);
      wait = AFTER_FAILURE_MS;
    }
    timer = setTimeout(look, wait);
  }

  function seen() {
    if (document.hidden) return;
    wait = FIRST_MS;
    look();
  }

  function end() {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  }

  document.addEventListener("visibilitychange", seen);
  timer = setTimeout(look, wait);
  return end;
}
