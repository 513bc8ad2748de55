// One photo to the service, in pieces: a broken line costs one piece, not the photo.

import { call, Refusal } from "./service.js";

const SMALLEST = 32 * 1024;
const LARGEST = 1024 * 1024;
const PIECE_MS = 1500; // a piece should take about so long: small ones on a weak line
const TRIES_WITHOUT_PROGRESS = 3;
let piece = 128 * 1024;

// as: the login whose photo it is. onOffset(bytes) is awaited after each piece; when it returns, the service has that much.
export async function sendPhoto(photo, as, onOffset) {
  const path = `/api/v1/uploads/${photo.sha256}`;
  const begin = async () =>
    (await call("POST", "/api/v1/uploads", { as, body: { sha256: photo.sha256, size_bytes: photo.size, file_name: photo.name } })).data;
  let state = await begin();
  let stuck = 0;
  while (!state.complete) {
    const before = state.offset;
    const bytes = photo.blob.slice(state.offset, state.offset + piece);
    const began = Date.now();
    try {
      state = (await call("PATCH", path, { as, bytes, headers: { "Upload-Offset": String(state.offset) } })).data;
      piece = Math.round(Math.min(LARGEST, Math.max(SMALLEST, (piece * PIECE_MS) / Math.max(50, Date.now() - began))));
    } catch (error) {
      state = await agreed(error, state, begin);
    }
    stuck = state.offset > before || state.complete ? 0 : stuck + 1;
    if (stuck >= TRIES_WITHOUT_PROGRESS) throw new Refusal(409, { title: `${state.offset}/${photo.size}` });
    await onOffset(state.offset);
  }
}

// The service and we differ about how much it has: it is right.
async function agreed(error, state, begin) {
  if (!(error instanceof Refusal)) throw error;
  if (error.status === 409 && Number.isInteger(error.problem.offset)) return { ...state, offset: error.problem.offset };
  if (error.status === 404) return begin();
  throw error;
}
