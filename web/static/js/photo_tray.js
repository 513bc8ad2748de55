// Photos between choosing and storing: shown, taken out again, sent one after another. None goes without a word.

import { Problem } from "./api.js";
import { sendPhoto } from "./photo_upload.js";

const TAKEN = ["image/jpeg", "image/png", "image/webp"];
const HEIC = /^image\/hei[cf]$|\.hei[cf]$/i; // by type, or by name where the system knows no type

// onChange is called after each change of what lies in the tray.
export function photoTray(box, onChange) {
  const words = box.dataset;
  const list = box.querySelector("ul");
  const refused = box.querySelector(".refused");
  const photos = new Set();
  let reading = Promise.resolve();
  let goal = null; // { address, stage } once they were sent for the first time
  let work = Promise.resolve();
  let running = 0;
  let isLeaving = false;

  for (const button of box.querySelectorAll("[data-choose]")) {
    const input = box.querySelector(`[data-from=${button.dataset.choose}]`);
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = ""; // the same file may be chosen again after it was removed
      refused.replaceChildren();
      reading = reading.then(() => add(files));
    });
  }

  async function add(files) {
    for (const file of files) {
      const url = URL.createObjectURL(file);
      const isDrawn = await draws(url);
      const reason = fault(file, isDrawn);
      if (!reason) {
        photos.add(row(file, url, isDrawn));
        continue;
      }
      URL.revokeObjectURL(url);
      const line = document.createElement("p");
      line.textContent = reason.replace("{name}", file.name);
      refused.append(line);
    }
    changed();
  }

  async function draws(url) {
    const image = new Image();
    image.src = url;
    return image.decode().then(() => true, () => false);
  }

  // A name and a type can say anything: what the browser cannot draw is no photo. HEIC few browsers draw.
  function fault(file, isDrawn) {
    const most = Number(words.mostBytes);
    if (file.size > most) return words.tooLarge.replace("{most}", Math.floor(most / 1e6));
    if (HEIC.test(file.type) || HEIC.test(file.name)) return "";
    return isDrawn && TAKEN.includes(file.type) ? "" : words.noPhoto;
  }

  function row(file, url, isDrawn) {
    const item = box.querySelector("template").content.firstElementChild.cloneNode(true);
    const photo = { file, url, item };
    const image = item.querySelector("img");
    if (isDrawn) image.src = url;
    image.hidden = !isDrawn;
    item.querySelector(".no-picture").hidden = isDrawn;
    item.querySelector(".name").textContent = file.name;
    const remove = item.querySelector("[data-remove]");
    remove.setAttribute("aria-label", remove.getAttribute("aria-label").replace("{name}", file.name));
    remove.addEventListener("click", () => {
      URL.revokeObjectURL(url);
      photos.delete(photo);
      item.remove();
      changed();
      box.querySelector("button").focus();
    });
    item.querySelector("[data-retry]").addEventListener("click", () => run([photo]));
    list.append(item);
    show(photo, "waiting");
    return photo;
  }

  function show(photo, state, reason = "") {
    photo.state = state;
    photo.item.dataset.state = state;
    photo.item.querySelector(".state").textContent = words[state].replace("{reason}", reason);
    photo.item.querySelector("[data-retry]").hidden = state !== "failed";
    photo.item.querySelector("progress").hidden = state !== "sending";
    photo.item.querySelector("[data-remove]").hidden = state === "sending" || state === "stored";
  }

  function changed() {
    list.hidden = !photos.size;
    onChange();
  }

  async function store(photo) {
    show(photo, "sending");
    onChange();
    const bar = photo.item.querySelector("progress");
    try {
      const stored = await sendPhoto(photo, goal.address, goal.stage, (share) => {
        bar.value = share;
      });
      photo.sha256 = stored.sha256;
      show(photo, "stored");
    } catch (problem) {
      photo.isCutOff = !(problem instanceof Problem);
      show(photo, "failed", photo.isCutOff ? words.noAnswer : problem.message);
    }
  }

  // One after another: a weak line carries one photo sooner than five halves.
  function run(some) {
    running += 1;
    work = work.then(async () => {
      await reading;
      for (const photo of some ?? photos) {
        if (photos.has(photo) && (photo.state === "waiting" || photo.state === "failed")) await store(photo);
      }
      running -= 1;
      onChange();
    });
    return work;
  }

  // The line is back: what it had cut off goes on.
  addEventListener("online", () => {
    const cutOff = [...photos].filter((photo) => photo.state === "failed" && photo.isCutOff);
    if (goal && cutOff.length) run(cutOff);
  });

  const left = () => [...photos].filter((photo) => photo.state !== "stored").length;

  addEventListener("beforeunload", (event) => {
    if (left() && !isLeaving) event.preventDefault();
  });

  return {
    left,
    busy: () => running > 0,
    stored: () => [...photos].filter((photo) => photo.state === "stored").map((photo) => photo.sha256),
    // No more can be chosen: what is there is what will be sent.
    close() {
      for (const button of box.querySelectorAll("[data-choose]")) button.disabled = true;
    },
    // The person knows what stays behind: do not ask again.
    leave() {
      isLeaving = true;
    },
    send(address, stage) {
      goal = { address, stage };
      return run();
    },
  };
}
