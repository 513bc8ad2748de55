// Where it is: the receiver's place until a hand drags the map under the pin, and the grid of either.

import { $, h } from "./dom.js";
import { cityMap } from "./city_map.js";
import { distanceM, featureAt } from "./geometry.js";
import { OWN_GRIDS, recall } from "./known.js";
import { here, onPosition, trouble } from "./position.js";
import { call, NoAnswer, Refusal } from "./service.js";
import { say } from "./words.js";

const LOCATE_AFTER_MS = 400;
const STEP_M = 3; // smaller moves of the receiver are noise

// onChange() after each change; answers { get, set, start, stop }. A place: { lon, lat, by, accuracy }.
export function placePicker(db, onChange) {
  let place = null;
  let drawn = null;
  let grids = null;
  let asking = 0;
  let stop = null;

  async function start() {
    if (stop) return;
    stop = onPosition(follow);
    grids = await recall(db, OWN_GRIDS);
    drawn ??= draw();
  }

  async function draw() {
    const { lon, lat } = document.body.dataset;
    const known = place ?? here ?? { lon: Number(lon), lat: Number(lat) };
    const city = await cityMap($("place-map"), { ...known, zoom: place || here ? 17 : 13 });
    if (!city) return null;
    if (grids) city.showOwn(grids);
    if (here) city.showMe(here); // found while the map was on its way
    // Only a hand's moves set the place; and while it drags, the receiver does not pull the map away.
    city.map.on("dragstart", () => {
      place = { ...place, by: "map", accuracy: null };
    });
    city.map.on("moveend", (event) => {
      if (!event.originalEvent) return;
      const { lng, lat: y } = city.map.getCenter();
      take({ lon: lng, lat: y, by: "map", accuracy: null });
    });
    return city;
  }

  async function follow() {
    if (here) (await drawn)?.showMe(here);
    if (place?.by === "map") return tell();
    if (!here) return tell();
    if (place && distanceM(place, here) < STEP_M && Math.abs(place.accuracy - here.accuracy) < 5) return;
    await take({ lon: here.lon, lat: here.lat, by: "gps", accuracy: here.accuracy });
    (await drawn)?.moveTo(here, 17);
  }

  async function take(next) {
    place = { ...next, lon: Number(next.lon.toFixed(7)), lat: Number(next.lat.toFixed(7)) };
    tell();
    onChange();
    clearTimeout(asking);
    asking = setTimeout(locate, LOCATE_AFTER_MS);
  }

  // The grid: the service knows all, the phone its own ones.
  async function locate() {
    if (!place) return;
    const { lon, lat } = place;
    const own = grids ? featureAt(grids, place) : null;
    name(own?.properties.code ?? null, own, "");
    try {
      const { data } = await call("GET", `/api/v1/geocode/reverse?lon=${lon}&lat=${lat}`, { patience: 5000 });
      if (place?.lon !== lon || place?.lat !== lat) return;
      name(data.unit_grid_code, null, [data.address, data.street, data.community].filter(Boolean).join(" · "));
    } catch (error) {
      if (error instanceof Refusal && error.status === 422) $("place-wrong").textContent = say("outside");
      else if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }

  async function name(code, feature, words) {
    $("place-wrong").textContent = "";
    $("place-grid").replaceChildren(code ? say("grid", { code }) : say("grid_unknown"), ...(words ? [h("span", { class: "address" }, words)] : []));
    (await drawn)?.light(code, feature);
  }

  function tell() {
    const words = $("place-how");
    if (place?.by === "map") words.textContent = say("by_hand");
    else if (place) words.textContent = say("accuracy", { n: Math.round(place.accuracy) });
    else words.textContent = say(trouble || "finding");
    words.dataset.poor = String(place?.by === "gps" && place.accuracy > 50);
  }

  $("here").addEventListener("click", async () => {
    if (!here) return tell();
    await take({ lon: here.lon, lat: here.lat, by: "gps", accuracy: here.accuracy });
    (await drawn)?.moveTo(here, 17);
  });

  tell();
  return {
    get: () => place,
    start,
    stop() {
      stop?.();
      stop = null;
    },
    // From a draft: what was set by hand stays; the receiver's place is as old as the draft and is looked for anew.
    async set(next) {
      place = null;
      if (next?.by === "map") {
        await take(next);
        (await drawn)?.moveTo(next, 17);
      } else {
        $("place-grid").textContent = "";
        tell();
        await follow();
      }
    },
  };
}
