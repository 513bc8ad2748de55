// The form of a step: what it needs is asked for, what was typed is never lost. Used by the case page and the desk.

import { call } from "./api.js";
import { photoTray } from "./photo_tray.js";

const ENDED = ["closed", "archived", "refused", "merged", "void"];
const HAPPY_END = ["close", "archive"]; // what a case was meant to come to
const PHOTO_STAGES = { feed_back: "disposal", self_dispose: "disposal" };

export const isFatal = (step) => ENDED.includes(step.target) && !HAPPY_END.includes(step.action);

// Departments and classes are the same for every case: asked for once.
const kept = new Map();
function once(address) {
  if (!kept.has(address)) kept.set(address, call("GET", address).catch((problem) => (kept.delete(address), Promise.reject(problem))));
  return kept.get(address);
}

function option(value, text, isSelected = false) {
  return new Option(text, value, isSelected, isSelected);
}

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// Tells its surroundings by events on the form: "act:done" { step, answer }, "act:stale" { step }, "act:close".
export function actForm(form) {
  const words = form.dataset;
  const { note, department, condition, closing, until, person } = form.elements;
  const submit = form.querySelector("[type=submit]");
  const part = (name) => form.querySelector(`[data-part=${name}]`);
  const wrong = part("wrong");
  let cases = [];
  let step = null;
  let asked = 0;
  let tray = null;

  const tell = (name, detail) => form.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

  // An after-photo is asked for here whether or not this city requires it.
  function needs(name) {
    return Boolean(step?.needs.includes(name) || (name === "photo" && step?.needs.includes("after_photo")));
  }

  function say(text) {
    wrong.hidden = !text;
    wrong.querySelector("span").textContent = text;
  }

  function busy(isBusy) {
    submit.disabled = isBusy;
    submit.setAttribute("aria-busy", String(isBusy));
  }

  // nearby: other cases around, offered where a step names one. Fields are filled before the first one takes the focus.
  async function open(chosen, action, { nearby = [] } = {}) {
    const isSame = step?.action === action.action && cases.map((one) => one.case_no).join() === chosen.map((one) => one.case_no).join();
    [cases, step] = [chosen, action];
    const many = cases.length > 1;
    if (!isSame) note.value = "";
    say("");
    busy(false);
    submit.textContent = many ? `${step.title} (${cases.length})` : step.title;
    submit.classList.toggle("danger", isFatal(step));
    submit.classList.toggle("primary", !isFatal(step));
    part("note").textContent = needs("note") ? words.why : words.note;
    note.required = needs("note");
    part("hint").hidden = !step.hint;
    part("hint").textContent = step.hint ?? "";
    part("cases").hidden = !many;
    part("cases").textContent = many ? fill(words.cases, { n: cases.length, list: cases.map((one) => one.case_no).join(", ") }) : "";
    const ends = ENDED.includes(step.target);
    part("ends").hidden = !ends;
    part("ends").querySelector("span").textContent = many ? fill(words.endsMany, { n: cases.length }) : words.ends;
    for (const field of form.querySelectorAll("[data-need]")) {
      field.hidden = !needs(field.dataset.need) || (many && !isForMany(field.dataset.need));
      for (const input of field.querySelectorAll("select, input:not([type=file])")) {
        input.disabled = field.hidden;
        input.required = !field.hidden && input.name !== "component_code" && !(many && input.name === "department");
      }
    }
    form.elements.case.value = "";
    document.getElementById("act-cases").replaceChildren(...nearby.map((one) => option(one.case_no, `${one.class_name ?? ""} ${one.description ?? ""}`.slice(0, 60))));
    if (!until.disabled) until.min = here(new Date(Date.now() + 3_600_000));
    if (needs("photo") && !many) tray ??= photoTray(form.querySelector("[data-tray]"), () => busy(tray.busy()));
    const turn = ++asked;
    try {
      await choices(turn);
    } catch (problem) {
      if (turn === asked) say(problem.message || words.lost);
    }
  }

  // One answer for many cases only where one answer can fit them all.
  function isForMany(need) {
    return ["department", "until", "case", "person"].includes(need);
  }

  async function choices(turn) {
    const many = cases.length > 1;
    const asksCase = !many && ["department", "condition", "closing"].some(needs);
    const [given, departments, components, events] = await Promise.all([
      asksCase ? call("GET", `/api/v1/cases/${encodeURIComponent(cases[0].case_no)}/choices`) : null,
      needs("department") ? once("/api/v1/departments") : null,
      needs("class") && !many ? once("/api/v1/standards/classes?kind=component") : null,
      needs("class") && !many ? once("/api/v1/standards/classes?kind=event") : null,
    ]);
    if (turn !== asked) return;
    if (departments) fillDepartments(departments.items, given?.department, many);
    if (given && needs("condition")) condition.replaceChildren(...given.conditions.map((one) => option(one.code, limit(one), one.code === cases[0].condition)));
    if (given && needs("closing")) {
      const known = given.conditions.filter((one) => one.closing);
      closing.replaceChildren(...known.map((one) => option(one.code, one.closing, one.code === cases[0].condition)));
      closing.closest("[data-need]").hidden = closing.disabled = !known.length;
    }
    if (components) fillClasses(components.items, events.items);
  }

  function limit(one) {
    return one.limit_value == null ? one.title : fill(words.limit, { condition: one.title, value: one.limit_value, unit: one.limit_unit_title ?? one.limit_unit });
  }

  // The proposed department stands first, with its reason; the present one is no choice for another.
  function fillDepartments(all, proposed, many) {
    const disposing = all.filter((one) => one.disposes);
    const isFirst = (one) => one.code === proposed?.code;
    const ordered = [...disposing.filter(isFirst), ...disposing.filter((one) => !isFirst(one))];
    const free = step.action === "dispatch" ? ordered : ordered.filter((one) => many || one.code !== cases[0].department);
    department.replaceChildren(...free.map((one) => option(one.code, one.name)));
    if (many) department.prepend(option("", words.asProposed, true));
    else if (!free.some(isFirst)) department.prepend(option("", "", true)); // nobody is chosen by standing first
    const hint = part("proposal");
    hint.hidden = many || (Boolean(proposed) && !free.some(isFirst));
    hint.textContent = proposed ? fill(words.proposed, proposed) : words.nobody;
  }

  function fillClasses(components, events) {
    const group = (kind, rows) => {
      const majors = new Map();
      for (const row of rows) {
        if (!majors.has(row.major)) majors.set(row.major, Object.assign(document.createElement("optgroup"), { label: row.major }));
        majors.get(row.major).append(option(`${kind}:${row.code}`, `${row.code} ${row.name}`, kind === cases[0].kind && row.code === cases[0].class_code));
      }
      return [...majors.values()];
    };
    form.elements.class.replaceChildren(...group("component", components), ...group("event", events));
  }

  function body() {
    const values = { note: note.value.trim() };
    for (const input of [department, condition, closing, form.elements.case, person, form.elements.component_code]) {
      if (!input.disabled && input.value.trim()) values[input.name] = input.value.trim();
    }
    if (!until.disabled) values.until = `${until.value}:00${words.offset}`;
    if (!form.elements.class.disabled) [values.kind, values.class_code] = form.elements.class.value.split(":");
    return values;
  }

  async function send() {
    if (cases.length > 1) {
      const items = cases.map((one) => ({ case_no: one.case_no, version: one.version }));
      return call("POST", `/api/v1/cases/actions/${step.action}`, { body: { items, ...body() } });
    }
    const address = `/api/v1/cases/${encodeURIComponent(cases[0].case_no)}`;
    if (tray && needs("photo") && tray.left()) {
      await tray.send(`${address}/attachments`, PHOTO_STAGES[step.action] ?? "disposal");
      if (tray.left()) throw new Error(words.unstored);
    }
    return call("POST", `${address}/actions/${step.action}`, { body: body(), headers: { "If-Match": `"${cases[0].version}"` } });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    const taken = step;
    say("");
    busy(true);
    try {
      const answer = await send();
      tell("act:done", { step: taken, answer, cases });
    } catch (problem) {
      if (problem.status === 412) tell("act:stale", { step: taken });
      else say(problem instanceof TypeError ? words.lost : problem.message);
    } finally {
      busy(false);
    }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.querySelector("[data-cancel]").addEventListener("click", () => tell("act:close"));

  return {
    open,
    step: () => step,
    isSending: () => submit.getAttribute("aria-busy") === "true",
    hasWords: () => Boolean(note.value.trim()),
    // The form is put away: photos that were chosen and not sent hold nobody back.
    close() {
      tray?.leave();
    },
    // The case as it stands now, and in words what was done to it meanwhile.
    moved(found, what) {
      cases = [found];
      const now = found.open_actions.find((one) => one.action === step.action);
      if (now) step = now;
      say(fill(now ? words.moved : words.gone, { what }));
      submit.disabled = !now;
    },
    focus() {
      const first = [...form.querySelectorAll("select, input:not([type=file]), textarea")].find((one) => !one.disabled && one.checkVisibility());
      const asks = step.needs.some((need) => !["photo", "after_photo"].includes(need));
      (asks ? first : submit).focus();
    },
  };

  // A moment as the city's clocks show it, in the shape of <input type=datetime-local>.
  function here(at) {
    const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(words.offset);
    const shift = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    return new Date(at.getTime() + shift).toISOString().slice(0, 16);
  }
}

// What others did to a case since it was last read, as one line; the steps are those of its history, oldest first.
export function whatHappened(steps, seen) {
  return steps
    .filter((one) => Date.parse(one.at) > Date.parse(seen.updated_at))
    .map((one) => `${one.action_title} (${one.actor_name ?? one.actor_role_title})`)
    .join(", ");
}
