// One step for many marked cases: chosen once, confirmed once, answered for each.

import { actForm, isFatal } from "../js/act_form.js";
import { ordered } from "./panel.js";
import { fill, icon, make, words } from "./words.js";

// Steps that name what belongs to one case alone; of conditions the service takes the one that fits each case.
const ONE_ONLY = ["class", "photo", "after_photo"];

// How many of the marked cases would let the reader take each step, the steps in the panel's order.
function common(cases) {
  const counted = new Map();
  for (const step of cases.flatMap((one) => one.open_actions)) {
    if (step.needs.some((need) => ONE_ONLY.includes(need)) || step.action === "take_out") continue;
    counted.set(step.action, { step, count: (counted.get(step.action)?.count ?? 0) + 1 });
  }
  return ordered([...counted.values()].map((one) => one.step)).map((step) => counted.get(step.action));
}

// bar: the row of steps below the list; room: where the form and its result stand.
export class Batch {
  constructor(bar, room, { onDone, onClear, onClose }) {
    this.bar = bar;
    this.room = room;
    this.marked = [];
    this.onDone = onDone;
    this.onClose = onClose;
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.matches("[data-clear]")) onClear();
      else if (button?.dataset.action) this.open(button.dataset.action);
    });
    room.addEventListener("act:done", (event) => {
      event.stopPropagation();
      this.done(event.detail);
    });
    room.addEventListener("act:close", (event) => {
      event.stopPropagation();
      this.close();
    });
    room.addEventListener("click", (event) => event.target.closest("[data-close]") && this.close());
  }

  show(marked) {
    this.marked = marked;
    this.bar.hidden = !marked.length;
    this.steps = common(marked);
    this.bar.querySelector("[data-part=count]").textContent = fill(words.marked, { n: marked.length });
    this.bar.querySelector("[data-part=steps]").replaceChildren(
      ...this.steps.map(({ step, count }, index) =>
        make(
          "button",
          { type: "button", class: `button ${isFatal(step) ? "danger" : ""}`, "data-action": step.action },
          index < 9 && make("kbd", { text: index + 1 }),
          make("span", { text: count === marked.length ? step.title : `${step.title} (${count})` }),
        ),
      ),
    );
  }

  actByNumber(number) {
    const found = this.steps?.[number - 1];
    if (found) this.open(found.step.action);
  }

  async open(action) {
    const { step } = this.steps.find((one) => one.step.action === action);
    const fitting = this.marked.filter((one) => one.open_actions.some((open) => open.action === action));
    this.room.hidden = false;
    this.room.querySelector("h2").textContent = fill(words.batchTitle, { step: step.title, n: fitting.length });
    this.room.querySelector("[data-part=result]").replaceChildren();
    const place = this.room.querySelector("[data-part=form]");
    place.replaceChildren(document.getElementById("act-template").content.cloneNode(true));
    this.form = actForm(place.querySelector("form"));
    const filled = this.form.open(fitting, step);
    this.form.focus();
    await filled;
  }

  done({ step, answer, cases }) {
    this.room.querySelector("[data-part=form]").replaceChildren();
    // One marked case is acted on by itself: its answer is the case.
    const items = answer.items ?? [{ case_no: answer.case_no, ok: true, case: answer }];
    const failed = items.filter((one) => !one.ok);
    const names = new Map(cases.map((one) => [one.case_no, one.class_name]));
    this.room.querySelector("[data-part=result]").replaceChildren(
      make("p", { class: "notice", "data-kind": failed.length ? "wrong" : "done", role: "status" }, icon(failed.length ? "circle-alert" : "circle-check"), make("span", { text: fill(words.batchDone, { step: step.title, n: items.length - failed.length, m: failed.length }) })),
      make(
        "ul",
        { class: "results" },
        ...[...failed, ...items.filter((one) => one.ok)].map((one) =>
          make(
            "li",
            { "data-ok": String(one.ok) },
            icon(one.ok ? "circle-check" : "circle-alert"),
            make(
              "span",
              {},
              make("a", { href: `/cases/${encodeURIComponent(one.case_no)}`, "data-no": one.case_no, class: "code", text: one.case_no }),
              ` ${names.get(one.case_no) ?? ""}`,
              make("span", { class: "quiet small why", text: one.ok ? one.case?.state_title ?? "" : one.problem?.detail || one.problem?.title || String(one.status) }),
            ),
          ),
        ),
      ),
      make("p", {}, make("button", { type: "button", class: "button", "data-close": true, text: words.backToCases })),
    );
    this.room.querySelector("[data-part=result] button").focus();
    this.onDone(items);
  }

  close() {
    if (this.room.hidden) return false;
    this.room.hidden = true;
    this.room.querySelector("[data-part=form]").replaceChildren();
    this.onClose();
    return true;
  }
}
