// What is near the place: components to name, and open cases that may be the same. Both only with signal.

import { $, h, icon } from "./dom.js";
import { closeSheet, openSheet } from "./sheet.js";
import { call, NoAnswer, Refusal } from "./service.js";
import { clock, distance, say } from "./words.js";

const RADIUS_M = 50; // a component farther away than this is refused
const MOST = 6;
const PATIENCE_MS = 4000; // a report is not held up for longer

const placeOf = ({ lon, lat }) => `lon=${lon}&lat=${lat}`;

// Chips of the class's components near the place; onPick(component or null)
export function componentPicker(onPick) {
  let asked = "";

  async function show(one, place, chosen) {
    const wanted = one?.kind === "component" && place ? `${one.code} ${place.lon} ${place.lat}` : "";
    if (wanted === asked) return;
    asked = wanted;
    $("components").hidden = !wanted;
    $("components-list").replaceChildren();
    if (!wanted) return;
    $("components-words").textContent = "";
    try {
      const { data } = await call("GET", `/api/v1/components/near?${placeOf(place)}&class_code=${one.code}&radius_m=${RADIUS_M}&limit=${MOST}`, { patience: 5000 });
      if (wanted !== asked) return;
      $("components-words").textContent = data.items.length ? "" : say("component_none", { n: RADIUS_M });
      $("components-list").replaceChildren(...data.items.map((item) => chip(item, chosen)));
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (wanted === asked) $("components-words").textContent = say("component_offline");
    }
  }

  function chip(item, chosen) {
    const button = h("button", { type: "button", class: "chip", "aria-pressed": String(item.code === chosen), onclick: () => toggle(button, item) },
      icon("cuboid"), h("span", {}, `${item.name} ${item.code.slice(-6)}`), h("span", { class: "quiet" }, distance(item.distance_m)));
    return h("li", {}, button);
  }

  function toggle(button, item) {
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const other of $("components-list").querySelectorAll("button")) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", String(on));
    onPick(on ? item : null);
  }

  return { show };
}

// Open cases near the place that may be the same; an empty list when nobody answers in time.
export async function similarCases(body) {
  const query = new URLSearchParams({ lon: body.lon, lat: body.lat, class_code: body.class_code, kind: body.kind });
  if (body.component_code) query.set("component_code", body.component_code);
  if (body.crs) query.set("crs", body.crs);
  try {
    const { data } = await call("GET", `/api/v1/cases/similar?${query}`, { patience: PATIENCE_MS });
    return data.items;
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof Refusal) return [];
    throw error;
  }
}

// Asks whether it is one of these: resolves to the case, null for none of them, undefined when left undecided.
export function askWhetherSame(items) {
  return new Promise((resolve) => {
    let answer;
    const sheet = openSheet("similar");
    const choose = (value) => {
      answer = value;
      closeSheet("similar");
    };
    $("similar-list").replaceChildren(...items.map((item) => similarCard(item, () => choose(item))));
    $("similar-none").onclick = () => choose(null);
    sheet.addEventListener("close", () => resolve(answer), { once: true });
  });
}

function similarCard(item, onSame) {
  const why = item.same_component ? say("same_component") : item.same_grid ? say("same_grid") : "";
  const facts = [distance(item.distance_m), why, item.followers ? say("followers", { n: item.followers }) : ""];
  return h("li", { class: "card" },
    h("div", { class: "with-photo" },
      item.photos?.length > 0 && h("img", { src: item.photos[0].thumb_url ?? item.photos[0].url, alt: say("photo_n", { n: 1 }), loading: "lazy" }),
      h("div", {},
        h("h3", {}, item.class_name),
        h("p", {}, item.description),
        h("p", { class: "small quiet" }, facts.filter(Boolean).join(" · ")),
        h("p", { class: "small quiet" }, [item.state_title, say("reported_at", { time: clock(item.reported_at) })].join(" · ")))),
    h("button", { type: "button", class: "button wide", onclick: onSame }, icon("users-round"), say("this_is_it")));
}
