// The phone's own database. Pages and the service worker open the same one.

// Dexie is handed in: pages know it by name, the service worker only by its address.
export function openStore(Dexie) {
  const db = new Dexie("citygrid-inspect");
  db.version(1).stores({
    // What is to be sent, then its receipt: see queue.js
    items: "id, owner, state, created_at, case_no",
    // Photos of an item, or of a draft while it is written; the bytes are dropped once the service has them
    photos: "id, holder",
    drafts: "name",
    // What the service answered, to be read again without signal
    known: "key",
    settings: "name",
    // Points of the patrol that wait to be sent
    track: "++id, owner",
  });
  return db;
}

export async function setting(db, name) {
  return (await db.settings.get(name))?.value;
}

export const keepSetting = (db, name, value) => db.settings.put({ name, value });
