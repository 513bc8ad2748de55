// Report a case: class, place, words. Sent once, however often the button is pressed.

import { call } from "./api.js";
import { classPicker } from "./class_picker.js";
import { placeMap } from "./place_map.js";
import { keepToast } from "./toast.js";

const form = document.getElementById("report");
const { lon, lat, description } = form.elements;
const submit = form.querySelector("[type=submit]");
const notice = form.querySelector(".notice");
const classInput = document.getElementById("class");
let chosen = null;

const classes = JSON.parse(document.getElementById("classes").textContent).map(([kind, code, name, other, major]) => ({
  kind, code, name, major, words: `${code} ${name} ${other} ${major}`.toLowerCase(),
}));
const picker = classPicker(classInput, document.getElementById("class-list"), classes, (one) => {
  chosen = one;
  if (one) wrong("class", "");
});
for (const radio of form.elements.kind) radio.addEventListener("change", () => picker.setKind(radio.value));

// One key for one report: pressing twice, or again after a lost answer, does not report twice.
const key = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const box = document.getElementById("place-map");
const map = placeMap(box, { lon: Number(box.dataset.lon), lat: Number(box.dataset.lat), zoom: 13, marked: false, onPick: setPlace });

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
  try {
    const found = await call("GET", `/api/v1/grids/locate?lon=${lon.value}&lat=${lat.value}`);
    grid.textContent = [found.street, found.community, found.unit_grid_code].map((one) => one?.name ?? one).filter(Boolean).join(" · ");
  } catch (problem) {
    wrong("place", problem.message);
  }
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
    const made = await call("POST", "/api/v1/cases", {
      body: { kind: chosen.kind, class_code: chosen.code, lon: x, lat: y, description: description.value.trim() },
      headers: { "Idempotency-Key": key },
    });
    keepToast(form.dataset.done.replace("{case_no}", made.case_no));
    location.assign(`/cases/${encodeURIComponent(made.case_no)}`);
  } catch (problem) {
    notice.hidden = false;
    notice.querySelector("span").textContent = problem.message;
    submit.disabled = false;
    submit.removeAttribute("aria-busy");
  }
});
