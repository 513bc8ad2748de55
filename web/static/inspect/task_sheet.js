// One task on site: which way it is, what was photographed, and what the inspector finds.

import { $, h, icon } from "./dom.js";
import { cityMap } from "./city_map.js";
import { bearingDeg, distanceM } from "./geometry.js";
import { lamp } from "./lamps.js";
import { knownPhotos, photoStrip, wrongIn } from "./photos.js";
import { asksForCompass, headingDeg, here, startCompass } from "./position.js";
import { queueAct } from "./queue.js";
import { closeSheet, openSheet } from "./sheet.js";
import { direction, distance, say } from "./words.js";

const STAGES = { verify: "verification", check: "inspection" };
const ACTIONS = { verify: ["not_confirmed", "verify"], check: ["rework", "check"] };
const NEED_NOTE = ["not_confirmed", "rework"];
const SAVE_AFTER_MS = 250;

export function taskSheet(db, kick) {
  let task = null;
  let drawn = null;
  let marker = null;
  let saving = 0;
  const draft = () => `task ${task.case_no}`;
  const photos = photoStrip(db, $("task-photos"), { holder: draft, stage: () => STAGES[task.kind], wrong: wrongIn("task-wrong") });

  async function open(next) {
    task = next;
    $("sheet-task-title").textContent = `${task.kind_title} · ${task.class_name}`;
    $("task-facts").replaceChildren(
      h("p", {}, task.description),
      h("p", { class: "small quiet" }, [task.address, say("case_no", { case_no: task.case_no })].filter(Boolean).join(" · ")),
      h("p", { class: "small quiet" }, lamp(task.lamp, task.due_at), " ", task.reason ?? ""));
    $("task-photos-known").replaceChildren(...(task.photos?.length ? [knownPhotos(task.photos)] : []));
    $("task-note").value = (await db.drafts.get(draft()))?.note ?? "";
    $("task-wrong").textContent = "";
    for (const button of $("task-actions").children) button.hidden = !ACTIONS[task.kind].includes(button.dataset.action);
    $("compass").hidden = !asksForCompass() || headingDeg() !== null;
    if (!asksForCompass()) startCompass(turn);
    openSheet("task");
    $("task-body").scrollTop = 0;
    turn();
    await photos.show();
    drawn ??= cityMap($("task-map"), task);
    const city = await drawn;
    if (!city) return;
    marker?.remove();
    marker = city.mark(task);
    city.map.resize();
    city.moveTo(task, 16.5);
    if (!here) return;
    city.showMe(here);
    const [west, east] = [Math.min(here.lon, task.lon), Math.max(here.lon, task.lon)];
    const [south, north] = [Math.min(here.lat, task.lat), Math.max(here.lat, task.lat)];
    city.fit([west, south, east, north]);
  }

  // The arrow points to the place: by the compass where there is one, else as on a map with north above.
  function turn() {
    if (!task || !$("sheet-task").open) return;
    $("task-way").hidden = !here;
    if (!here) return;
    const bearing = bearingDeg(here, task);
    $("task-arrow").style.setProperty("--turn", `${bearing - (headingDeg() ?? 0)}deg`);
    $("task-distance").textContent = distance(distanceM(here, task));
    $("task-bearing").textContent = `${direction(bearing)} ${Math.round(bearing)}°`;
    drawn?.then((city) => city?.showMe(here));
  }

  $("compass").addEventListener("click", async () => {
    await startCompass(turn);
    $("compass").hidden = true;
  });

  $("task-note").addEventListener("input", () => {
    const row = { name: draft(), note: $("task-note").value };
    clearTimeout(saving);
    saving = setTimeout(() => db.drafts.put(row), SAVE_AFTER_MS);
  });

  for (const button of $("task-actions").children) {
    button.addEventListener("click", async () => {
      await photos.settled();
      const note = $("task-note").value.trim();
      if (NEED_NOTE.includes(button.dataset.action) && !note) {
        $("task-wrong").textContent = say("need_note");
        return $("task-note").focus();
      }
      clearTimeout(saving);
      await queueAct(db, { case_no: task.case_no, version: task.version, action: button.dataset.action, title: task.class_name, note, draft: draft() });
      closeSheet("task");
      kick();
    });
  }

  return { open, turn };
}
