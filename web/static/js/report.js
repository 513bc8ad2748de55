// Report a case: class, place, words, photos. Sent once, however often the button is pressed.

import { AddressField } from "./address_field.js";
import { call } from "./api.js";
import { classPicker } from "./class_picker.js";
import { photoTray } from "./photo_tray.js";
import { placeMap } from "./place_map.js";
import { similarCases } from "./similar.js";
import { keepToast } from "./toast.js";

const form = document.getElementById("report");
const { lon, lat, description } = form.elements;
const submit = form.querySelector("[type=submit]");
const notice = form.querySelector(".notice");
const classInput = document.getElementById("class");
const unstored = document.getElementById("unstored");
const tray = photoTray(form.querySelector("[data-tray]"), told);
let chosen = null;
let made = null; // the case, once it is reported; photos may still be on their way

const similar = similarCases(document.getElementById("similar"), () => description.value.trim());

const classes = JSON.parse(document.getElementById("classes").textContent).map(([kind, code, name, other, major]) => ({
  kind, code, name, major, words: `${code} ${name} ${other} ${major}`.toLowerCase(),
}));
const picker = classPicker(classInput, document.getElementById("class-list"), classes, (one) => {
  chosen = one;
  if (one) wrong("class", "");
  similar.show(place(), chosen);
});
for (const radio of form.elements.kind) radio.addEventListener("change", () => picker.setKind(radio.value));

// One key for one report: pressing twice, or again after a lost answer, does not report twice.
const key = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const box = document.getElementById("place-map");
const map = placeMap(box, { lon: Number(box.dataset.lon), lat: Number(box.dataset.lat), zoom: 13, marked: false, onPick: setPlace });

const address = new AddressField(form.elements.address, document.getElementById("address-list"), async (x, y) => {
  await setPlace(x, y);
  (await map)?.map.jumpTo({ center: [x, y], zoom: 17 });
});

async function setPlace(x, y) {
  lon.value = x.toFixed(6);
  lat.value = y.toFixed(6);
  wrong("place", "");
  (await map)?.mark(x, y);
  locate();
}

async function locate() {
  const grid = document.getElementById("grid");
  grid.textContent = "";
  address.suggest(lon.value, lat.value);
  try {
    const found = await call("GET", `/api/v1/grids/locate?lon=${lon.value}&lat=${lat.value}`);
    grid.textContent = [found.street, found.community, found.unit_grid_code].map((one) => one?.name ?? one).filter(Boolean).join(" · ");
  } catch (problem) {
    wrong("place", problem.message);
  }
  similar.show(place(), chosen);
}

for (const field of [lon, lat]) {
  field.addEventListener("change", async () => {
    if (!place()) return;
    const drawn = await map;
    drawn?.mark(...place());
    drawn?.map.jumpTo({ center: place(), zoom: 17 });
    wrong("place", "");
    locate();
  });
}

document.getElementById("here").addEventListener("click", () => {
  const sorry = () => wrong("place", form.dataset.noPosition);
  if (!navigator.geolocation) return sorry();
  navigator.geolocation.getCurrentPosition(
    async ({ coords }) => {
      await setPlace(coords.longitude, coords.latitude);
      (await map)?.map.jumpTo({ center: [coords.longitude, coords.latitude], zoom: 17 });
    },
    sorry,
    { enableHighAccuracy: true, timeout: 10000 },
  );
});

function place() {
  const [x, y] = [Number(lon.value), Number(lat.value)];
  return lon.value.trim() && lat.value.trim() && Math.abs(x) <= 180 && Math.abs(y) <= 90 ? [x, y] : null;
}

function wrong(name, text) {
  document.getElementById(`${name}-wrong`).textContent = text;
  const fields = { class: [classInput], place: [lon, lat], description: [description] }[name];
  for (const field of fields) field.setAttribute("aria-invalid", String(Boolean(text)));
  return text ? fields[0] : null;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const first = [
    wrong("class", chosen ? "" : form.dataset.noClass),
    wrong("place", place() ? "" : form.dataset.noPlace),
    wrong("description", description.value.trim() ? "" : form.dataset.noDescription),
  ].find(Boolean);
  if (first) return first.focus();
  notice.hidden = true;
  submit.disabled = true;
  submit.setAttribute("aria-busy", "true");
  const [x, y] = place();
  try {
    made = await call("POST", "/api/v1/cases", {
      body: { kind: chosen.kind, class_code: chosen.code, lon: x, lat: y, address: form.elements.address.value.trim(), description: description.value.trim(), source: form.elements.source?.value },
      headers: { "Idempotency-Key": key },
    });
  } catch (problem) {
    notice.hidden = false;
    notice.querySelector("span").textContent = problem.message;
    submit.disabled = false;
    submit.removeAttribute("aria-busy");
    return;
  }
  // The case stands as it was sent: only its photos can still change.
  for (const part of form.querySelectorAll("fieldset, .field:not([data-tray])")) part.inert = true;
  tray.close();
  submit.hidden = true;
  tray.send(`/api/v1/cases/${encodeURIComponent(made.case_no)}/attachments`, "report");
});

// After every change of the photos: on to the case when all are stored, else a word about those that are not.
function told() {
  if (!made) return;
  unstored.hidden = tray.busy() || !tray.left();
  unstored.querySelector("span").textContent = filled(unstored.dataset.words, tray.left());
  if (!tray.busy() && !tray.left()) goOn(form.dataset.done);
}

function filled(words, left) {
  return words.replace("{case_no}", made.case_no).replace("{n}", left);
}

function goOn(words, variant = "success") {
  keepToast(filled(words, tray.left()), variant);
  tray.leave();
  location.assign(`/cases/${encodeURIComponent(made.case_no)}`);
}

unstored.querySelector("button").addEventListener("click", () => goOn(form.dataset.doneWithout, "warning"));
