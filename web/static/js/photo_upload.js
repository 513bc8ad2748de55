// One photo to a case, in pieces: a line that breaks costs a piece, and what was sent once is never sent again.

import { call, Problem } from "./api.js";

const PIECE = 512 * 1024;

// photo: { file }; keeps what it learns in it, so that another try goes on. onShare(0…1) is told how much is there.
export async function sendPhoto(photo, address, stage, onShare) {
  // Browsers hash on secure pages only; without a hash the photo goes in one piece.
  if (!crypto.subtle) return whole(photo.file, address, stage);
  photo.hash ??= await sha256(photo.file);
  await bring(photo, onShare);
  try {
    return await attach(photo, address, stage);
  } catch (problem) {
    // It was swept, or attached and dropped by another tab, between the last byte and now.
    if (!(problem instanceof Problem) || problem.problem.code !== "not-found") throw problem;
    await bring(photo, onShare);
    return attach(photo, address, stage);
  }
}

function attach(photo, address, stage) {
  return call("POST", `${address}/from-upload`, { body: { sha256: photo.hash, stage } });
}

async function bring({ file, hash }, onShare) {
  const announced = { sha256: hash, size_bytes: file.size, file_name: file.name };
  let state = await call("POST", "/api/v1/uploads", { body: announced });
  while (!state.complete) {
    onShare(state.offset / file.size);
    state = await piece(file, hash, state.offset);
  }
  onShare(1);
}

async function piece(file, hash, offset) {
  try {
    return await call("PATCH", `/api/v1/uploads/${hash}`, {
      bytes: file.slice(offset, offset + PIECE),
      headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) },
    });
  } catch (problem) {
    // Another tab is ahead, or an answer got lost: the service knows how much it has.
    if (problem instanceof Problem && problem.problem.code === "wrong-offset") return problem.problem;
    throw problem;
  }
}

function whole(file, address, stage) {
  const form = new FormData();
  form.append("stage", stage);
  form.append("file", file);
  return call("POST", address, { form });
}

async function sha256(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
