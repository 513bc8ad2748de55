// What the service answered last, kept to be read without signal; each person sees only their own.

import { call, NoAnswer } from "./service.js";
import { isLater } from "./send_item.js";
import { setting } from "./store.js";

const PATIENCE_MS = 8000;

// Answers { data, at, fresh }; data is null when nothing is known. Refusals are thrown.
export async function ask(db, path, key = path) {
  const name = `${(await setting(db, "person"))?.login ?? ""} ${key}`;
  try {
    const { data } = await call("GET", path, { patience: PATIENCE_MS });
    const at = Date.now();
    await db.known.put({ key: name, data, at });
    return { data, at, fresh: true };
  } catch (error) {
    if (!(error instanceof NoAnswer || isLater(error))) throw error;
    const kept = await db.known.get(name);
    return { data: kept?.data ?? null, at: kept?.at ?? 0, fresh: false };
  }
}

// What is kept, without asking
export async function recall(db, key) {
  const kept = await db.known.get(`${(await setting(db, "person"))?.login ?? ""} ${key}`);
  return kept?.data ?? null;
}

export const OWN_GRIDS = "/api/v1/patrol/grids";

export async function forget(db) {
  await db.known.clear();
}
