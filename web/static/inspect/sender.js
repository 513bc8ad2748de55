// The queue's engine: what is due is sent, oldest first, by one tab at a time.

import { askSession, NoAnswer, Refusal } from "./service.js";
import { isLater, sendItem } from "./send_item.js";

const LOCK = "citygrid-inspect-send";
const PAUSES_S = [5, 15, 30, 60, 120, 300];
const SKEW_MS = 60_000;

// force: now, whatever pause was agreed. Answers { next, person }: when to come back (ms since 1970, null when
// nothing waits) and who is signed in (undefined: nobody could be asked).
export function sendDue(db, { force = false } = {}) {
  // Two tabs, or a tab and the service worker, never send at once: the second waits and finds nothing to do.
  return navigator.locks.request(LOCK, () => run(db, force));
}

async function run(db, force) {
  const waiting = await db.items.where("state").anyOf("waiting", "sending").sortBy("created_at");
  if (!waiting.length) return { next: null };
  // A step on a report's case comes behind that report, also when the report was edited later.
  waiting.sort((a, b) => Number(Boolean(a.after)) - Number(Boolean(b.after)));
  let session;
  try {
    session = await askSession();
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    return { next: await pause(db, waiting[0], error) };
  }
  const { person } = session;
  if (!person) return { next: null, person: null };
  const skew = new Date(session.now).getTime() - Date.now();
  for (const { id } of waiting) {
    const item = await db.items.get(id);
    // Removed or taken back to be edited meanwhile; another's, to be sent in their own name; resting.
    if (!["waiting", "sending"].includes(item?.state) || (item.owner && item.owner !== person.login)) continue;
    if (!force && item.next_at > Date.now()) continue;
    if (!item.owner) await db.items.update(id, { owner: (item.owner = person.login) });
    await setRight(db, item, skew);
    try {
      await sendItem(db, item);
    } catch (error) {
      await pause(db, item, error);
      if (error instanceof Refusal && error.status === 401) return { next: null, person: null };
      // What one item meets on a silent line, all would meet.
      if (!isLater(error) || error.status === 429 || error.status === 503) break;
    }
  }
  return { next: await nextTime(db, person.login), person };
}

// A phone whose clock is wrong would report from the future. Only before the first try: then the body is fixed.
async function setRight(db, item, skew) {
  if (item.kind !== "report" || item.attempted || item.case_no) return;
  const changes = { attempted: true };
  if (Math.abs(skew) > SKEW_MS && item.body.occurred_at) {
    const at = new Date(new Date(item.body.occurred_at).getTime() + skew).toISOString();
    changes.body = { ...item.body, occurred_at: at };
  }
  Object.assign(item, changes);
  await db.items.update(item.id, changes);
}

async function pause(db, item, error) {
  const tries = (item.tries ?? 0) + 1;
  const seconds = Math.max(PAUSES_S[Math.min(tries, PAUSES_S.length) - 1], error.waitS ?? 0);
  const next_at = Date.now() + seconds * 1000 * (0.8 + 0.4 * Math.random());
  await db.items.update(item.id, { state: "waiting", tries, next_at, reason: "" });
  return next_at;
}

async function nextTime(db, login) {
  const left = await db.items.where({ state: "waiting" }).filter((item) => item.owner === login && item.reason !== "report_first").toArray();
  return left.length ? Math.min(...left.map((item) => item.next_at ?? Date.now() + 5000)) : null;
}

// Receipts are kept for a while, to be looked up; then only the service knows.
export async function clearReceipts(db, before) {
  await db.items.where({ state: "done" }).filter((item) => item.done_at < before).delete();
}
