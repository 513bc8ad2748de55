// 巡查轨迹: points of the way, thinned here, kept until the service has them. Only while the switch is on.

import { distanceM } from "./geometry.js";
import { here, onPosition } from "./position.js";
import { call, NoAnswer, Refusal } from "./service.js";
import { keepSetting, setting } from "./store.js";

const APART_M = 15;
const APART_MS = 20_000;
const WORST_M = 100; // a guess of a whole quarter says nothing about a grid
const BATCH = 200;
const SEND_AFTER_MS = 60_000;

// Whether a point tells something that the last one did not
export function tells(last, point) {
  if (point.accuracy > WORST_M) return false;
  return !last || distanceM(last, point) >= APART_M || point.at - last.at >= APART_MS;
}

// onChange() after each point and each sending
export function patrolTrack(db, onChange) {
  let last = null;
  let stop = null;
  let timer = 0;
  let isSending = false;

  async function note() {
    if (!here || !tells(last, here)) return;
    last = here;
    await db.track.add({ owner: (await setting(db, "person"))?.login, ...here });
    onChange();
  }

  async function send() {
    if (isSending) return;
    isSending = true;
    try {
      const login = (await setting(db, "person"))?.login;
      for (;;) {
        const rows = await db.track.where({ owner: login ?? "" }).limit(BATCH).toArray();
        if (!rows.length) break;
        const points = rows.map(({ at, lon, lat, accuracy }) => ({ at: new Date(at).toISOString(), lon, lat, accuracy_m: accuracy }));
        await call("POST", "/api/v1/patrol/points", { as: login, body: { points } });
        await db.track.bulkDelete(rows.map((row) => row.id));
      }
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error; // they wait
    } finally {
      isSending = false;
      onChange();
    }
  }

  function start() {
    stop ??= onPosition(note);
    clearInterval(timer);
    timer = setInterval(send, SEND_AFTER_MS);
  }

  function end() {
    stop?.();
    stop = null;
    last = null;
    clearInterval(timer);
  }

  return {
    send,
    waiting: () => db.track.count(),
    isOn: () => setting(db, "shares_track"),
    async set(on) {
      await keepSetting(db, "shares_track", on);
      if (on) start();
      else end();
    },
    // Off: what was not sent yet never leaves this phone.
    async drop() {
      await db.track.clear();
    },
    async resume() {
      if (await setting(db, "shares_track")) start();
    },
  };
}
