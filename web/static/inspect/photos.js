// A photo from the camera to the phone's database: checked, made small enough, hashed, kept at once.

import { exifSegment, withSegment } from "./exif.js";
import { $, h, icon } from "./dom.js";
import { say } from "./words.js";

const LONGEST_PX = 2560;
const MOST_BYTES = Number(document.body.dataset.photoBytes);
const HEIC = /^image\/hei[cf]/;

class BadPhoto extends Error {}

// Keeps a file under a holder (a draft or an item); answers null when the holder has it already.
export async function keepPhoto(db, file, holder, stage) {
  const blob = await fitting(file);
  const sha256 = await hash(blob);
  if (await db.photos.where({ holder }).filter((photo) => photo.sha256 === sha256).count()) return null;
  const name = file.name || "photo.jpg";
  const photo = { id: crypto.randomUUID(), holder, stage, blob, sha256, size: blob.size, name, sent: 0, state: "waiting", added_at: Date.now() };
  await db.photos.add(photo);
  return photo;
}

async function hash(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The file itself when the service takes it as it is; else a JPEG of at most 2560 px with the original's EXIF.
async function fitting(file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    // Some phones store what their browser cannot draw; the service can read it.
    if (HEIC.test(file.type) && file.size <= MOST_BYTES) return file;
    throw new BadPhoto(say("not_a_photo", { name: file.name }));
  }
  try {
    if (file.size <= MOST_BYTES && /^image\/(jpeg|png|webp)$/.test(file.type)) return file;
    return await scaled(picture, file);
  } finally {
    picture.close();
  }
}

async function scaled(picture, file) {
  const share = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const canvas = h("canvas", { width: Math.round(picture.width * share), height: Math.round(picture.height * share) });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const segment = exifSegment(await file.slice(0, 256 * 1024).arrayBuffer());
  for (const quality of [0.88, 0.75, 0.6]) {
    const jpeg = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    const whole = await withSegment(jpeg, segment);
    if (whole.size <= MOST_BYTES) return whole;
  }
  throw new BadPhoto(say("too_large", { name: file.name }));
}

// The row of photos of a draft: shoot, choose, look, remove. wrong(text) tells what was not taken.
export function photoStrip(db, box, { holder, stage, wrong, onChange }) {
  const list = box.querySelector(".thumbs");
  let urls = [];
  let work = Promise.resolve();
  for (const from of ["shoot", "choose"]) {
    const input = box.querySelector(`[data-from=${from}]`);
    box.querySelector(`[data-${from}]`).addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = ""; // the same file may be chosen again after it was removed
      work = work.then(() => addAll(files));
    });
  }

  async function addAll(files) {
    const sorry = [];
    wrong("");
    box.setAttribute("aria-busy", "true");
    for (const file of files) {
      try {
        await keepPhoto(db, file, holder(), stage());
      } catch (error) {
        if (!(error instanceof BadPhoto)) console.error(error);
        sorry.push(error.message);
      }
    }
    box.removeAttribute("aria-busy");
    if (sorry.length) wrong(sorry.join(" "));
    await show();
    onChange?.();
  }

  async function show() {
    for (const url of urls) URL.revokeObjectURL(url);
    urls = [];
    const photos = await db.photos.where({ holder: holder() }).sortBy("added_at");
    list.replaceChildren(...photos.map((photo, at) => thumb(photo, at + 1)));
    box.classList.toggle("has", photos.length > 0);
    return photos.length;
  }

  function thumb(photo, n) {
    const url = URL.createObjectURL(photo.blob);
    urls.push(url);
    const remove = async () => {
      await db.photos.delete(photo.id);
      await show();
      onChange?.();
      box.querySelector("[data-shoot]").focus();
    };
    return h("li", {}, h("img", { src: url, alt: say("photo_n", { n }) }),
      h("button", { type: "button", class: "remove", "aria-label": say("remove_photo", { n }), onclick: remove }, icon("x")));
  }

  return { show, settled: () => work };
}

// Photos that the service has, small; what cannot be fetched now is left out.
export function knownPhotos(photos) {
  return h("ul", { class: "thumbs known" }, photos.map((photo) => {
    const image = h("img", { src: photo.thumb_url ?? photo.url, alt: say(`photos_${photo.stage}`), loading: "lazy" });
    const item = h("li", {}, image, h("span", { class: "caption" }, say(`photos_${photo.stage ?? "report"}`)));
    image.addEventListener("error", () => item.remove());
    return item;
  }));
}

export const wrongIn = (id) => (text) => {
  $(id).textContent = text;
};
