// What is wrong, by two taps or by search: majors and their classes, those used last first.

import { $, h } from "./dom.js";
import { findClasses, prepared } from "./class_search.js";
import { closeSheet, openSheet } from "./sheet.js";
import { keepSetting, setting } from "./store.js";
import { named, say } from "./words.js";

const RECENT = 6;
const MOST_FOUND = 40;
const keyOf = (one) => `${one.kind}/${one.code}`;

let majors = [];
let classes = [];
let used = []; // [{ key, times, last }]

export async function loadClasses(db) {
  const answer = await fetch("/inspect/classes.json");
  const data = await answer.json();
  majors = data.majors;
  classes = prepared(data.classes);
  used = (await setting(db, "used_classes")) ?? [];
}

export const findClass = (kind, code) => classes.find((one) => one.kind === kind && one.code === code);

export async function noteUse(db, one) {
  const known = used.find((row) => row.key === keyOf(one));
  used = [{ key: keyOf(one), times: (known?.times ?? 0) + 1, last: Date.now() }, ...used.filter((row) => row !== known)].slice(0, 50);
  await keepSetting(db, "used_classes", used);
}

// onPick(class) is called with what was chosen; the sheet is closed by then.
export function categorySheet(onPick) {
  const search = $("class-search");
  const tile = (one) => h("button", { type: "button", class: "tile", onclick: () => pick(one) },
    h("b", {}, named(one)), h("span", { class: "small quiet" }, `${say(`kind_name_${one.kind}`)} ${one.code}`));

  function pick(one) {
    closeSheet("class");
    onPick(one);
  }

  function showMajors() {
    for (const kind of ["event", "component"]) {
      $(`majors-${kind}`).replaceChildren(...majors.filter((row) => row.kind === kind).map((row) => {
        const members = classes.filter((one) => one.kind === kind && one.major === row.code);
        return h("button", { type: "button", class: "tile", onclick: () => showClasses(row, members) },
          h("b", {}, named(row)), h("span", { class: "small quiet" }, say("classes_n", { n: members.length })));
      }));
    }
    const recent = used.slice(0, RECENT).map((row) => classes.find((one) => keyOf(one) === row.key)).filter(Boolean);
    $("class-recent").replaceChildren(...recent.map(tile));
    show({ recent: recent.length > 0, groups: true });
    $("class-told").textContent = "";
  }

  function showClasses(row, members) {
    const times = new Map(used.map((one) => [one.key, one.times]));
    members.sort((a, b) => (times.get(keyOf(b)) ?? 0) - (times.get(keyOf(a)) ?? 0));
    $("class-tiles").replaceChildren(...members.map(tile));
    $("class-told").textContent = named(row);
    show({ tiles: true, back: true });
    $("class-tiles").firstElementChild.focus();
  }

  function find() {
    if (!search.value.trim()) return showMajors();
    const found = findClasses(classes, search.value, new Map(used.map((one) => [one.key, one.times])));
    $("class-tiles").replaceChildren(...found.slice(0, MOST_FOUND).map(tile));
    $("class-told").textContent = found.length ? say("classes_found", { n: found.length }) : say("nothing_fits");
    show({ tiles: true });
  }

  function show({ recent = false, groups = false, tiles = false, back = false }) {
    $("class-recent-box").hidden = !recent;
    $("class-groups").hidden = !groups;
    $("class-tiles").hidden = !tiles;
    $("class-back").hidden = !back;
    $("sheet-class").querySelector(".sheet-body").scrollTop = 0;
  }

  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!$("class-tiles").hidden) $("class-tiles").firstElementChild?.click();
  });
  $("class-back").addEventListener("click", showMajors);
  $("class-open").addEventListener("click", () => {
    search.value = "";
    showMajors();
    openSheet("class");
  });
}
