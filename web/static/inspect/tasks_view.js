// 核实核查任务: what waits to be looked at, nearest first while the phone knows where it is.

import { liveQuery } from "dexie";
import { $, h, icon } from "./dom.js";
import { bearingDeg, distanceM } from "./geometry.js";
import { ask } from "./known.js";
import { lamp } from "./lamps.js";
import { here, onPosition } from "./position.js";
import { Refusal } from "./service.js";
import { taskSheet } from "./task_sheet.js";
import { clock, direction, distance, say } from "./words.js";

const KEY = "tasks";
const RESORT_M = 25; // a walk shorter than this moves no card
const ON_THE_WAY = ["waiting", "sending", "refused", "changed"];

export function tasksView(db, kick) {
  let tasks = [];
  let acted = new Map(); // case number → state of the step that waits in the queue
  let sortedAt = null;
  let stop = null;
  const sheet = taskSheet(db, kick);

  async function load() {
    const near = here ? `&lon=${here.lon}&lat=${here.lat}` : "";
    $("tasks-again").setAttribute("aria-busy", "true");
    try {
      const { data, at, fresh } = await ask(db, `/api/v1/tasks?limit=100${near}`, KEY);
      tasks = data?.items ?? [];
      $("tasks-told").textContent = data ? (fresh ? (tasks.length ? say("tasks_n", { n: tasks.length }) : "") : say("as_of", { time: clock(at) })) : say("not_loaded");
      $("tasks-empty").hidden = !data || tasks.length > 0;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      tasks = [];
      $("tasks-told").textContent = error.message;
      $("tasks-empty").hidden = true;
    } finally {
      $("tasks-again").removeAttribute("aria-busy");
    }
    const count = document.querySelector("[data-count=tasks]");
    count.hidden = !tasks.length;
    count.textContent = tasks.length;
    show();
  }

  function show() {
    sortedAt = here;
    const far = (task) => (here ? distanceM(here, task) : (task.distance_m ?? 0));
    const sorted = here ? [...tasks].sort((a, b) => far(a) - far(b)) : tasks;
    $("tasks-list").replaceChildren(...sorted.map(card));
  }

  function card(task) {
    const waits = acted.get(task.case_no);
    return h("li", { class: "card", "data-case": task.case_no },
      h("button", { type: "button", class: "card-open", onclick: () => sheet.open(task) },
        h("span", { class: "card-head" },
          h("span", { class: "badge", "data-held": task.kind === "verify" ? "supervision" : "department" }, icon(task.kind === "verify" ? "scan-search" : "footprints"), task.kind_title),
          lamp(task.lamp, task.due_at)),
        h("b", {}, task.class_name),
        h("span", {}, task.description),
        h("span", { class: "small quiet" }, task.address),
        here && h("span", { class: "small" }, `${distance(distanceM(here, task))} · ${direction(bearingDeg(here, task))}`),
        waits && h("span", { class: "item-state", "data-look": waits === "refused" || waits === "changed" ? "refused" : "waiting" }, icon("cloud-upload"), say(waits === "waiting" || waits === "sending" ? "queued_task" : `queue_${waits}`))));
  }

  // A step that waits in the queue marks its card; one that has arrived asks for the list anew.
  liveQuery(() => db.items.where("state").anyOf([...ON_THE_WAY, "done"]).filter((item) => item.kind === "act").toArray()).subscribe((items) => {
    const before = acted;
    acted = new Map(items.filter((item) => item.state !== "done").map((item) => [item.case_no, item.state]));
    if (!stop) return;
    if ([...before.keys()].some((no) => !acted.has(no))) load();
    else show();
  });

  $("tasks-again").addEventListener("click", load);
  return {
    load,
    enter() {
      stop = onPosition(() => {
        sheet.turn();
        if (here && tasks.length && (!sortedAt || distanceM(sortedAt, here) > RESORT_M)) show();
      });
      return load();
    },
    leave() {
      stop?.();
      stop = null;
    },
  };
}
