// What waits to be sent. An item: { id, owner, kind, title, state, created_at, body, case_no?, version?, … }.
//
// id is the Idempotency-Key, made at capture: however often an item is sent, the service makes one case of it.
// state: waiting, sending, refused, gone, changed (decided by the person), done (a receipt).

import { setting } from "./store.js";

export const UNSENT = ["waiting", "sending", "refused", "gone", "changed"];
export const REPORT_DRAFT = "report";

const owner = async (db) => (await setting(db, "person"))?.login ?? null;

async function add(db, item, draft) {
  const full = { state: "waiting", reason: "", tries: 0, next_at: 0, created_at: Date.now(), owner: await owner(db), ...item };
  // All or nothing: a crash in between leaves the draft, never half an item.
  await db.transaction("rw", db.items, db.photos, db.drafts, async () => {
    await db.items.add(full);
    if (!draft) return;
    await db.photos.where({ holder: draft }).modify({ holder: full.id });
    await db.drafts.delete(draft);
  });
  return full;
}

export const queueReport = (db, { id, title, body }) => add(db, { id, kind: "report", title, body }, REPORT_DRAFT);

// after: the report whose case this step belongs to, while that case has no number yet
export const queueAct = (db, { case_no, version, after, action, title, note, draft }) =>
  add(db, { id: crypto.randomUUID(), kind: "act", case_no, version, after, action, title, body: { note } }, draft);

// The report was of a case that is there: its reporter follows it, and the photos go to it. follows: already so
export const queueFollow = (db, { case_no, title, note, follows }) =>
  add(db, { id: crypto.randomUUID(), kind: "follow", case_no, title, follows, body: { note } }, REPORT_DRAFT);

// Again, as it is: under the same key, so that what did arrive is not made twice.
export async function retry(db, id) {
  await db.transaction("rw", db.items, db.photos, async () => {
    await db.photos.where({ holder: id }).filter((photo) => photo.state === "refused").modify({ state: "waiting", reason: "" });
    await db.items.update(id, { state: "waiting", reason: "", tries: 0, next_at: 0 });
  });
}

// The case moved on and the person wants the step all the same: for the case as it is now.
export async function insist(db, item) {
  await db.items.update(item.id, { version: item.change.version, change: null });
  await retry(db, item.id);
}

export async function remove(db, id) {
  await db.transaction("rw", db.items, db.photos, async () => {
    // A step on a report's case goes with the report: without it there will be no case.
    const steps = await db.items.filter((item) => item.after === id && item.state !== "done").primaryKeys();
    const ids = [id, ...steps];
    await db.photos.where("holder").anyOf(ids).delete();
    await db.items.bulkDelete(ids);
  });
}

// A refused report becomes the draft again, under a new key: its content will be another. False, and nothing
// done, while another report is being written.
export async function takeBack(db, item) {
  const { kind, class_code, component_code, description, lon, lat } = item.body;
  const key = crypto.randomUUID();
  return db.transaction("rw", db.items, db.photos, db.drafts, async () => {
    const begun = await db.drafts.get(REPORT_DRAFT);
    if (begun?.class_code || (await db.photos.where({ holder: REPORT_DRAFT }).count())) return false;
    await db.photos.where({ holder: item.id }).modify({ holder: REPORT_DRAFT, state: "waiting", sent: 0, reason: "" });
    await db.drafts.put({ name: REPORT_DRAFT, key, kind, class_code, component_code, description, place: { lon, lat, by: "map" } });
    await db.items.filter((other) => other.after === item.id).modify({ after: key });
    await db.items.delete(item.id);
    return true;
  });
}
