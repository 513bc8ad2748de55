// Photos between choosing and storing: shown, taken out again, sent one after another. None goes without a word.

import { call, Problem } from "./api.js";

const TAKEN = ["image/jpeg", "image/png", "image/webp"];

// onChange is called after each change of what lies in the tray.
export function photoTray(box, onChange) {
  const words = box.dataset;
  const list = box.querySelector("ul");
  const refused = box.querySelector(".refused");
  const photos = new Set();
  let reading = Promise.resolve();
  let goal = null; // { address, stage } once they were sent for the first time
  let sending = 0;
  let isRunning = false;
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
      const reason = await fault(file, url);
      if (!reason) {
        photos.add(row(file, url));
        continue;
      }
      URL.revokeObjectURL(url);
      const line = document.createElement("p");
      line.textContent = reason.replace("{name}", file.name);
      refused.append(line);
    }
    changed();
  }

  // A name and a type can say anything: what the browser cannot draw is no photo.
  async function fault(file, url) {
    const most = Number(words.mostBytes);
    if (file.size > most) return words.tooLarge.replace("{most}", Math.floor(most / 1e6));
    if (!TAKEN.includes(file.type)) return words.noPhoto;
    const image = new Image();
    image.src = url;
    return image.decode().then(() => "", () => words.noPhoto);
  }

  function row(file, url) {
    const item = box.querySelector("template").content.firstElementChild.cloneNode(true);
    const photo = { file, url, item };
    item.querySelector("img").src = url;
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
    item.querySelector("[data-retry]").addEventListener("click", () => store(photo));
    list.append(item);
    show(photo, "waiting");
    return photo;
  }

  function show(photo, state, reason = "") {
    photo.state = state;
    photo.item.dataset.state = state;
    photo.item.querySelector(".state").textContent = words[state].replace("{reason}", reason);
    photo.item.querySelector("[data-retry]").hidden = state !== "failed";
    photo.item.querySelector("[data-remove]").hidden = state === "sending" || state === "stored";
  }

  function changed() {
    list.hidden = !photos.size;
    onChange();
  }

  async function store(photo) {
    const form = new FormData();
    form.append("stage", goal.stage);
    form.append("file", photo.file);
    sending += 1;
    show(photo, "sending");
    onChange();
    try {
      photo.sha256 = (await call("POST", goal.address, { form })).sha256;
      show(photo, "stored");
    } catch (problem) {
      show(photo, "failed", problem instanceof Problem ? problem.message : words.noAnswer);
    }
    sending -= 1;
    onChange();
  }

  const left = () => [...photos].filter((photo) => photo.state !== "stored").length;

  addEventListener("beforeunload", (event) => {
    if (left() && !isLeaving) event.preventDefault();
  });

  return {
    left,
    busy: () => isRunning || sending > 0,
    stored: () => [...photos].filter((photo) => photo.state === "stored").map((photo) => photo.sha256),
    // No more can be chosen: what is there is what will be sent.
    close() {
      for (const button of box.querySelectorAll("[data-choose]")) button.disabled = true;
    },
    // The person knows what stays behind: do not ask again.
    leave() {
      isLeaving = true;
    },
    // One after another: a weak line carries one photo sooner than five halves.
    async send(address, stage) {
      isRunning = true;
      await reading;
      goal = { address, stage };
      for (const photo of photos) {
        if (photo.state === "waiting" || photo.state === "failed") await store(photo);
      }
      isRunning = false;
      onChange();
    },
  };
}
