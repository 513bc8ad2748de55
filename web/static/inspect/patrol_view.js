// 巡查: the switch of the track, and how much of my grids I have seen today.

import { $, h, toast } from "./dom.js";
import { cityMap } from "./city_map.js";
import { boundsOf } from "./geometry.js";
import { ask, OWN_GRIDS } from "./known.js";
import { here } from "./position.js";
import { call, NoAnswer, Refusal } from "./service.js";
import { keepSetting, setting } from "./store.js";
import { patrolTrack } from "./track.js";
import { clock, say } from "./words.js";

const SHARING = "/api/v1/patrol/sharing";
const UNTOLD = "switched_off_untold"; // switched off without signal
const COVERAGE = "/api/v1/patrol/coverage";

export function patrolView(db) {
  const track = patrolTrack(db, tell);
  let drawn = null;
  let isFitted = false;

  async function tell() {
    const on = await track.isOn();
    const waiting = await track.waiting();
    $("sharing").checked = Boolean(on);
    $("track-words").textContent = [say(on ? "track_on" : "track_off"), waiting ? say("track_waiting", { n: waiting }) : ""].filter(Boolean).join(" ");
  }

  $("sharing").addEventListener("change", async () => {
    const on = $("sharing").checked;
    // Switching off needs nobody's leave: recording ends here at once, the service is told when it can be.
    if (!on) {
      await track.set(false);
      await track.drop();
    }
    try {
      // Switching on, the service first: a track that it does not expect is refused there.
      const { data } = await call("PUT", SHARING, { body: { shares_track: on } });
      await db.settings.delete(UNTOLD);
      if (on) await track.set(data.shares_track);
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (!on) await keepSetting(db, UNTOLD, true);
      toast(error instanceof Refusal ? error.message : say(on ? "no_answer" : "track_off"));
    }
    tell();
  });

  async function load() {
    await tell();
    await track.send();
    let covered, grids;
    try {
      [covered, grids] = await Promise.all([ask(db, COVERAGE), ask(db, OWN_GRIDS)]);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      $("coverage-told").textContent = error.message;
      return;
    }
    $("coverage-told").textContent = covered.data ? (covered.fresh ? "" : say("as_of", { time: clock(covered.at) })) : say("not_loaded");
    if (covered.data) numbers(covered.data);
    if (grids.data) await picture(grids.data, covered.data);
  }

  function numbers(data) {
    const visited = data.duty_grids.reduce((sum, one) => sum + one.visited, 0);
    const all = data.duty_grids.reduce((sum, one) => sum + one.grids, 0);
    $("coverage-share").textContent = all ? `${Math.round((100 * visited) / all)} %` : "–";
    $("coverage-words").textContent = all ? say("covered", { visited, grids: all }) : say("no_duty_grid");
    $("coverage-list").replaceChildren(...data.duty_grids.map((one) =>
      h("li", {}, h("span", {}, one.name), h("progress", { max: one.grids, value: one.visited, "aria-label": one.name }), h("b", {}, `${one.visited}/${one.grids}`))));
  }

  async function picture(grids, data) {
    const seen = new Set((data?.duty_grids ?? []).flatMap((one) => one.unit_grids).filter((one) => one.visited_at).map((one) => one.code));
    const features = grids.features.map((one) => ({ ...one, properties: { ...one.properties, visited: seen.has(one.properties.code) } }));
    if (!features.length) return ($("coverage-map").hidden = true);
    const box = boundsOf(grids);
    drawn ??= cityMap($("coverage-map"), { lon: (box[0] + box[2]) / 2, lat: (box[1] + box[3]) / 2, zoom: 13 });
    const city = await drawn;
    if (!city) return;
    city.showOwn({ type: "FeatureCollection", features });
    if (here) city.showMe(here);
    city.map.resize();
    if (!isFitted) city.fit(box);
    isFitted = true;
  }

  // It records where the person has switched it on, on this phone, and the service agrees.
  async function resume() {
    try {
      if (await setting(db, UNTOLD)) {
        await call("PUT", SHARING, { body: { shares_track: false } });
        await db.settings.delete(UNTOLD);
      }
      const { data } = await call("GET", SHARING);
      if (data.shares_track) await track.resume();
      else await track.set(false);
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      await track.resume();
    }
  }

  return { enter: load, leave() {}, resume, send: track.send };
}
