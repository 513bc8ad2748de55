// The side panel: one case with its steps to take, photos, surroundings and history.

import { call, Problem } from "../js/api.js";
import { actForm, isFatal, whatHappened } from "../js/act_form.js";
import { lamp } from "./clock.js";
import { factsOf, historyOf, photosOf, requestOf, surroundingsOf } from "./sections.js";
import { badge, fill, flags, icon, make, person, place, words } from "./words.js";

const address = (caseNo) => `/api/v1/cases/${encodeURIComponent(caseNo)}`;
const mayDispatch = (found) => found.open_actions.some((one) => one.action === "dispatch");
const DECISIONS = /^(grant|deny|support)_|^void$/;

// Steps that lead on come first, then what turns back, then what stands beside the main line, what ends it last.
function rank(step) {
  if (DECISIONS.test(step.action)) return 0;
  if (isFatal(step)) return 4;
  if (step.target === null) return 3;
  return step.needs.includes("note") ? 2 : 1;
}

export function ordered(actions) {
  return actions
    .map((step, index) => [step, index])
    .sort(([one, i], [other, j]) => rank(one) - rank(other) || i - j)
    .map(([step]) => step);
}

// Tells its surroundings by events on the root: "panel:changed" { found }, "panel:closed", "panel:around" { case_no, around },
// "panel:moved" { found } when others changed the case, "panel:go" { case_no }.
export class Panel {
  constructor(root) {
    this.root = root;
    this.empty = root.querySelector("[data-part=empty]");
    this.body = root.querySelector("[data-part=case]");
    this.shown = null;
    this.form = null;
    this.turn = 0;
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("act:done", (event) => this.done(event.detail));
    root.addEventListener("act:stale", () => this.reread({ moved: true }));
    root.addEventListener("act:close", () => this.closeForm());
  }

  tell(name, detail) {
    this.root.dispatchEvent(new CustomEvent(`panel:${name}`, { bubbles: true, detail }));
  }

  part(name) {
    return this.body.querySelector(`[data-part=${name}]`);
  }

  // known: the case as the list has it, drawn at once while the whole one is on its way
  // isMine: the reader has just acted; the case may have left what they may see
  async open(caseNo, known = null, isMine = false) {
    const turn = ++this.turn;
    if (this.shown?.case_no !== caseNo) {
      this.closeForm();
      this.body.replaceChildren(document.getElementById("panel-case").content.cloneNode(true));
      this.body.classList.remove("whole");
      this.shown = null;
      this.root.scrollTop = 0;
    }
    this.empty.hidden = true;
    this.body.hidden = false;
    if (known) this.draw(known);
    try {
      const told = await this.read(caseNo);
      if (turn === this.turn) this.show(told);
    } catch (problem) {
      if (turn !== this.turn) return;
      if (!(problem instanceof Problem)) return this.say(words.noAnswer);
      if (isMine && problem.status === 404) return this.say(words.leftYou, "told");
      this.body.replaceChildren(make("p", { class: "notice", "data-kind": "wrong", role: "alert" }, icon("circle-alert"), make("span", { text: problem.message })));
    }
  }

  // All of a case at once, so that nothing is pushed down by what comes later; without its history there is no case,
  // without the rest there is.
  async read(caseNo) {
    const fetched = (path) => call("GET", `${address(caseNo)}${path}`);
    const orNothing = (path) => fetched(path).catch(() => null);
    const [found, steps, photos, around, routing] = await Promise.all([
      fetched(""),
      fetched("/steps"),
      orNothing("/attachments"),
      orNothing("/surroundings"),
      person.role === "dispatcher" ? orNothing("/routing") : null,
    ]);
    return { found, steps: steps.items, photos: photos?.items ?? [], around, routing };
  }

  show({ found, steps, photos, around, routing }) {
    this.draw(found);
    this.body.classList.add("whole");
    this.part("history").replaceChildren(...historyOf(steps));
    this.part("photos").replaceChildren(...photosOf(photos));
    this.part("around").replaceChildren(...surroundingsOf(around));
    this.nearby = around?.cases ?? [];
    this.propose(found, routing);
    this.tell("changed", { found });
    this.tell("around", { case_no: found.case_no, around: around ?? { cases: [], pipes: [] } });
  }

  draw(found) {
    this.shown = found;
    this.body.dataset.no = found.case_no;
    const link = this.part("number");
    link.textContent = found.case_no;
    link.href = `/cases/${encodeURIComponent(found.case_no)}`;
    this.part("title").textContent = found.class_name;
    this.part("state").replaceChildren(badge(found), lamp(found), ...flags(found).filter((one) => one.dataset.flag !== "pending"));
    this.part("place").textContent = place(found);
    this.part("described").textContent = found.description || words.notDescribed;
    this.part("facts").replaceChildren(...factsOf(found));
    const request = this.part("request");
    request.hidden = !found.pending;
    request.replaceChildren(...requestOf(found));
    this.drawActions(found);
    this.part("proposal").hidden = !mayDispatch(found); // its room is kept while the proposal is on its way
  }

  drawActions(found) {
    this.actions = ordered(found.open_actions.filter((one) => one.action !== "take_out" || found.parent));
    const groups = { main: [], beside: [] };
    for (const [index, step] of this.actions.entries()) {
      const kind = rank(step) <= 1 && !step.action.startsWith("deny_") ? "primary" : isFatal(step) ? "danger" : "";
      const button = make("button", { type: "button", class: `button ${kind}`, "data-action": step.action }, index < 9 && make("kbd", { text: index + 1 }), make("span", { text: step.title }));
      groups[rank(step) < 3 ? "main" : "beside"].push(button);
    }
    // The hand that is about to press must find the same buttons: they are drawn anew only when they differ.
    const told = this.actions.map((one) => one.action).join();
    const box = this.part("actions");
    if (box.dataset.told === told) return;
    box.dataset.told = told;
    box.querySelector("[data-part=main]").replaceChildren(...groups.main);
    box.querySelector("[data-part=beside]").replaceChildren(...groups.beside);
    this.part("waits").hidden = this.actions.length > 0;
  }

  propose(found, routing) {
    const box = this.part("proposal");
    if (!mayDispatch(found)) return;
    const proposed = routing?.department;
    const button = box.querySelector("[data-dispatch]");
    button.hidden = !proposed;
    button.disabled = !proposed;
    this.proposed = proposed;
    button.querySelector("span").textContent = proposed ? fill(words.dispatchTo, { name: proposed.name }) : "";
    box.querySelector("[data-part=because]").textContent = proposed ? fill(words.because, { reason: proposed.reason }) : words.nobody;
    const trace = (routing?.trace ?? []).map((one) =>
      make("li", { "data-decided": one.outcome === "decided" }, one.department_name && make("strong", { text: one.department_name }), one.department_name && " · ", one.why),
    );
    const details = box.querySelector("details");
    details.hidden = !trace.length;
    details.querySelector("ol").replaceChildren(...trace);
  }

  clicked(event) {
    const button = event.target.closest("button, a[data-no]");
    if (!button || button.closest(".batch")) return; // the batch, in the same room, minds its own
    if (button.dataset.action) this.act(button.dataset.action);
    else if (button.matches("[data-close]")) this.tell("closed");
    else if (button.matches("[data-dispatch]")) this.dispatchAsProposed();
    else if (button.matches("a[data-no]") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.tell("go", { case_no: button.dataset.no });
    }
  }

  actByNumber(number) {
    const step = this.actions?.[number - 1];
    if (step) this.act(step.action);
    return Boolean(step);
  }

  async act(action) {
    const step = this.actions.find((one) => one.action === action);
    if (!step) return;
    if (this.form?.step()?.action !== action) {
      this.closeForm({ refocus: false });
      const box = this.part("form");
      box.replaceChildren(document.getElementById("act-template").content.cloneNode(true));
      this.form = actForm(box.querySelector("form"));
    }
    this.opener = action;
    this.part("form").hidden = false;
    this.body.classList.add("acting");
    const filled = this.form.open([this.shown], step, { nearby: this.nearby ?? [] });
    this.form.focus(); // at once: what comes later must not take the focus from who types already
    await filled;
    this.part("form").scrollIntoView({ block: "nearest" });
  }

  closeForm({ refocus = true } = {}) {
    if (!this.form) return false;
    this.form.close();
    this.form = null;
    const box = this.part("form");
    box?.replaceChildren();
    if (box) box.hidden = true;
    this.body.classList.remove("acting");
    if (refocus) this.body.querySelector(`[data-action="${this.opener}"]`)?.focus();
    return true;
  }

  async dispatchAsProposed() {
    const button = this.part("proposal").querySelector("[data-dispatch]");
    if (this.part("proposal").hidden || button.disabled) return;
    const seen = this.shown;
    const step = seen.open_actions.find((one) => one.action === "dispatch");
    button.disabled = this.isSending = true;
    try {
      const answer = await call("POST", `${address(seen.case_no)}/actions/dispatch`, { body: { department: this.proposed.code }, headers: { "If-Match": `"${seen.version}"` } });
      this.done({ step, answer });
    } catch (problem) {
      if (problem.status === 412) this.reread({ moved: true });
      else this.say(problem instanceof Problem ? problem.message : words.noAnswer);
    } finally {
      button.disabled = this.isSending = false;
    }
  }

  done({ step, answer }) {
    this.closeForm({ refocus: false });
    this.say("");
    this.tell("done", { step, found: answer });
    this.open(answer.case_no, answer, true);
  }

  // Others took a step: the case is shown as it is now, with what was done, and nothing typed is lost.
  async reread({ moved = false } = {}) {
    // While a step of one's own is on its way, its answer tells; an event of it is no news.
    if (!moved && (this.isSending || this.form?.isSending())) return;
    const seen = this.shown;
    const turn = ++this.turn;
    try {
      const told = await this.read(seen.case_no);
      if (turn !== this.turn || told.found.version === seen.version) return;
      const { found, steps } = told;
      const what = whatHappened(steps, seen);
      this.show(told);
      if (this.form) this.form.moved(found, what);
      this.say(fill(words.movedOn, { what, state: found.state_title }), moved ? "warning" : "told");
      this.tell("moved", { found });
    } catch (problem) {
      if (turn === this.turn) this.say(problem instanceof Problem ? problem.message : words.noAnswer);
    }
  }

  say(text, kind = "wrong") {
    const box = this.part("said");
    if (!box) return;
    box.hidden = !text;
    box.dataset.kind = kind;
    box.querySelector("span").textContent = text;
  }

  clear() {
    this.turn += 1;
    this.closeForm({ refocus: false });
    this.shown = null;
    this.actions = [];
    this.body.hidden = true;
    this.body.replaceChildren();
    this.empty.hidden = false;
  }
}
