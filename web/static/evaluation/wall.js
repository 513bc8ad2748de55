// The wall of the centre: how the day goes, on a screen that hangs for weeks and that nobody sits at.

import { words } from "../js/page_words.js";
import { WallFrame } from "../js/wall_frame.js";
import { makeRows, rank, showDays, showNow, showSteps, turn } from "./wall_parts.js";
import { follow } from "./wall_stream.js";

const NOW_MS = 30_000;
const SLOW_MS = 300_000; // days and ranking: they change slowly, and keep the session alive
const TURN_MS = 20_000;
const SHIFT_MS = 60_000;
const PATIENCE_MS = 20_000; // a request that takes longer is given up: nothing may pile up
const STEPS = 7;
// Where the picture stands, px from its place, a minute each: no letter burns itself into the screen.
const SHIFTS = [[0, 0], [3, 0], [6, 2], [6, 5], [3, 6], [0, 5], [-3, 6], [-6, 5], [-6, 2], [-3, 0]];

const wall = document.getElementById("wall");
const pause = document.querySelector('[data-act="pages"]');
// A key of the API instead of a sign-in; out of the address, so that nobody reads it from the screen.
const key = new URLSearchParams(location.search).get("api_key");
if (key) history.replaceState(null, "", location.pathname);

const frame = new WallFrame(wall, words, { " ": () => turning(!isTurning), ArrowRight: () => turn(1), ArrowLeft: () => turn(-1) });
let isTurning = true;
let since = null; // the midnight that the figures count from, as the service says

// What is shown, by address: each is asked for by one request at a time.
const parts = {
  now: { path: "/api/v1/evaluation/now", show: now },
  steps: { path: `/api/v1/evaluation/now/steps?limit=${STEPS}`, show: (told) => showSteps(told, frame) },
  days: { path: "/api/v1/evaluation/now/days?days=30", show: showDays },
  streets: { path: "/api/v1/evaluation/regions?level=street", show: (told) => rank("street", told) },
  departments: { path: "/api/v1/evaluation/departments", show: (told) => rank("department", told) },
};

async function ask(...names) {
  for (const name of names) {
    const one = parts[name];
    if (one.asking) {
      one.again = true; // what comes while it is asked is read after it
      continue;
    }
    one.asking = true;
    one.again = false;
    await read(one);
    one.asking = false;
    if (one.again) setTimeout(() => ask(name), 1000);
  }
}

async function read({ path, show }) {
  let status;
  try {
    const answer = await fetch(path, { headers: { Accept: "application/json", ...(key ? { "X-API-Key": key } : {}) }, signal: AbortSignal.timeout(PATIENCE_MS) });
    status = answer.status;
    if (!answer.ok) throw new Error(`${path}: ${status}`);
    show(await answer.json());
    frame.told();
  } catch (error) {
    console.debug(error);
    frame.failed(status);
  }
}

function now(told) {
  showNow(told);
  document.getElementById("updated").textContent = frame.clock(new Date(told.at));
  const isNextDay = since !== null && told.since !== since;
  since = told.since;
  if (isNextDay) slow();
}

const quick = () => ask("now", "steps");
const slow = () => ask("days", "streets", "departments");

function turning(wanted) {
  isTurning = wanted;
  pause.setAttribute("aria-pressed", String(wanted));
}

function shift() {
  const [x, y] = SHIFTS[Math.floor(Date.now() / SHIFT_MS) % SHIFTS.length];
  document.getElementById("sheet").style.transform = `translate(${x}px, ${y}px)`;
}

makeRows(STEPS);
pause.addEventListener("click", () => turning(!isTurning));
frame.onDay = () => {
  quick();
  slow();
};
quick();
slow();
setInterval(quick, NOW_MS);
setInterval(slow, SLOW_MS);
setInterval(() => isTurning && turn(1), TURN_MS);
setInterval(shift, SHIFT_MS);
addEventListener("online", () => frame.onDay());
follow(`/api/v1/stream${key ? `?api_key=${encodeURIComponent(key)}` : ""}`, quick, (state) => (wall.dataset.stream = state));
