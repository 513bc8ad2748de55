// One item of the queue on its way: what is sent, in which order, and what the service's answers mean.
//
// Nothing is dropped here before the service has confirmed it. A step that was confirmed is written down at
// once, so that the next try goes on behind it. Every call names the item's owner: who is signed in may change between
// two of them, and the service takes none in another's name.

import { call, Refusal } from "./service.js";
import { sendPhoto } from "./upload.js";

// Answers of the service that ask for patience, not for another report
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);

export const isLater = (error) => error instanceof Refusal && LATER.has(error.status);

// Sends one item as far as it goes; throws NoAnswer, or a Refusal with 401 or one that asks for patience.
export async function sendItem(db, item) {
  await db.items.update(item.id, { state: "sending", reason: "" });
  try {
    await SENDERS[item.kind](db, item);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status === 401 || isLater(error)) throw error;
    await refuse(db, item, error);
  }
}

const SENDERS = {
  async report(db, item) {
    if (!item.case_no) {
      const answer = await call("POST", "/api/v1/cases", { as: item.owner, body: item.body, headers: { "Idempotency-Key": item.id } });
      await learn(db, item, { case_no: answer.data.case_no, version: answer.version });
    }
    if (await sendPhotos(db, item)) await finish(db, item);
  },

  async act(db, item) {
    if (item.after) {
      const report = await db.items.get(item.after);
      if (!report?.case_no) return wait(db, item, "report_first");
      await learn(db, item, { case_no: report.case_no, version: item.version ?? report.version });
    }
    // Photos first: a step that must show a photo is refused without one.
    if (!(await sendPhotos(db, item))) return;
    const path = `/api/v1/cases/${encodeURIComponent(item.case_no)}`;
    const wasTried = item.attempted;
    await learn(db, item, { attempted: true });
    try {
      await call("POST", `${path}/actions/${item.action}`, {
        as: item.owner,
        body: { note: item.body.note },
        headers: { "If-Match": `"${item.version}"` },
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // An answer that got lost on the way back looks like a case that moved on: it was us.
      if (wasTried && (error.status === 412 || error.status === 409) && (await isOurs(path, item))) return finish(db, item);
      if (error.status === 412) return showChange(db, item, path);
      throw error;
    }
    await finish(db, item);
  },

  async follow(db, item) {
    if (!item.follows) {
      const path = `/api/v1/cases/${encodeURIComponent(item.case_no)}/followers`;
      await call("POST", path, { as: item.owner, body: item.body, headers: { "Idempotency-Key": item.id } });
      await learn(db, item, { follows: true });
    }
    if (await sendPhotos(db, item)) await finish(db, item);
  },
};

async function learn(db, item, facts) {
  Object.assign(item, facts);
  await db.items.update(item.id, facts);
}

// Photos of the item, one after another; false when the service will not have one of them.
async function sendPhotos(db, item) {
  const photos = await db.photos.where({ holder: item.id }).toArray();
  let refused = null;
  for (const photo of photos.filter((one) => one.state !== "stored")) {
    try {
      await db.photos.update(photo.id, { state: "sending" });
      await sendPhoto(photo, item.owner, (sent) => db.photos.update(photo.id, { sent }));
      const answer = await call("POST", `/api/v1/cases/${encodeURIComponent(item.case_no)}/attachments/from-upload`, {
        as: item.owner,
        body: { sha256: photo.sha256, stage: photo.stage },
      });
      if (answer.data.source_sha256 && answer.data.source_sha256 !== photo.sha256) throw new Refusal(409, { title: photo.sha256 });
      await db.photos.update(photo.id, { state: "stored", sent: photo.size });
    } catch (error) {
      const refusal = error instanceof Refusal && error.status !== 401 && !isLater(error);
      await db.photos.update(photo.id, refusal ? { state: "refused", reason: error.message } : { state: "waiting" });
      if (!refusal) throw error;
      refused = error; // the others may still be good
    }
  }
  if (refused) await refuse(db, item, refused);
  return !refused;
}

// Confirmed, all of it: the photos' bytes go, a small receipt stays.
async function finish(db, item) {
  await db.transaction("rw", db.items, db.photos, async () => {
    const photos = await db.photos.where({ holder: item.id }).count();
    await db.photos.where({ holder: item.id }).delete();
    await db.items.update(item.id, { state: "done", done_at: Date.now(), photo_count: photos, reason: "", body: { note: "" } });
  });
}

const wait = (db, item, reason) => db.items.update(item.id, { state: "waiting", reason });

function refuse(db, item, error) {
  const fields = error.fields.filter((one) => !error.message.includes(one));
  return db.items.update(item.id, {
    state: error.status === 410 ? "gone" : "refused",
    reason: [error.message, ...fields].join(" · "),
    status: error.status,
    attempted: false,
  });
}

async function isOurs(path, item) {
  const { data } = await call("GET", `${path}/steps`);
  return data.items.some((step) => step.action === item.action && step.actor === item.owner && step.seq > item.version && step.note === item.body.note);
}

// Somebody was faster: what the case is now and which steps came between, for the person to decide.
async function showChange(db, item, path) {
  const [now, history] = [(await call("GET", path)).data, (await call("GET", `${path}/steps`)).data];
  await db.items.update(item.id, {
    state: "changed",
    attempted: false,
    change: {
      version: now.version,
      state: now.state_title,
      possible: now.open_actions.some((one) => one.action === item.action),
      steps: history.items.filter((step) => step.seq > item.version).map((step) => [step.action_title, step.actor_name].filter(Boolean).join(" · ")),
    },
  });
}
