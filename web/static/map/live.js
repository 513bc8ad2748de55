// What happens while the map is open: tiles of cases are read anew as the service tells of changes, the place of
// a change is shown for a moment, and a line says what it was. Where the stream is away, the map asks by interval.

import * as L from "leaflet";
import { listen } from "../desk/live.js";
import { actions, clock, fill, words } from "./live_words.js";

const MOST_SHOWN = 5; // changes of one moment that are looked up and shown
const PULSE_MS = 4000;

// layers: the LayerSwitch; told: the layers as layers/folium_map.py tells them
export function followCity(map, gl, told, layers) {
  const state = document.getElementById("updated");
  const news = document.getElementById("news");
  let since = null; // when the stream was lost
  let begun = false;

  const tell = () => {
    state.dataset.state = since ? "offline" : begun ? "live" : "connecting";
    state.textContent = since ? fill(words.offline, { time: clock(since) }) : begun ? fill(words.live, { time: clock(new Date(), true) }) : words.connecting;
  };
  const again = (layer) => layers.isOn(layer.name) && gl.refreshTiles(layer.name);
  const broken = () => {
    since ??= new Date();
    tell();
  };

  listen(
    async (events) => {
      for (const layer of told) if (layer.is_live) again(layer);
      tell();
      await show(events);
    },
    (now) => {
      if (now !== "live") return broken();
      since = null;
      begun = true;
      tell();
    },
  );
  addEventListener("offline", broken);

  // Layers that the stream tells nothing of, and all of them while it is away.
  for (const layer of told.filter((one) => one.refresh_s > 0)) {
    setInterval(() => {
      if (document.hidden || (layer.is_live && !since)) return;
      again(layer);
    }, layer.refresh_s * 1000);
  }
  tell();

  // The last change of each case, the newest cases first.
  async function show(events) {
    const last = new Map(events.map((event) => [event.case_no, event]));
    const found = await Promise.all([...last.values()].slice(-MOST_SHOWN).map(async (event) => ({ event, one: await read(event.case_no) })));
    for (const { event, one } of found) {
      if (!one) continue;
      if (map.getBounds().contains([one.lat, one.lon])) pulse(map, one);
      news.replaceChildren(...line(event, one));
    }
  }
}

// Not by call(): a page that is only open must not turn into the sign-in page by itself.
async function read(caseNo) {
  try {
    const answer = await fetch(`/api/v1/cases/${encodeURIComponent(caseNo)}`, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function line(event, one) {
  const link = document.createElement("a");
  link.href = `/cases/${encodeURIComponent(one.case_no)}`;
  link.textContent = `${one.class_name} · ${one.case_no}`;
  const [before, after] = fill(words.news, { time: clock(new Date(event.at)), action: actions[event.action] ?? one.state_title }).split("{what}");
  return [before, link, after];
}

// A ring that widens once, or stands still for who wants less motion.
function pulse(map, one) {
  const ring = L.marker([one.lat, one.lon], {
    icon: L.divIcon({ className: "map-pulse", iconSize: [44, 44] }),
    interactive: false,
    keyboard: false,
  }).addTo(map);
  setTimeout(() => ring.remove(), PULSE_MS);
}
