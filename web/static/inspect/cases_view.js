// 我上报的案件: how far each has come. A tap opens the case on the full site.

import { $, h, icon } from "./dom.js";
import { ask } from "./known.js";
import { lamp } from "./lamps.js";
import { Refusal } from "./service.js";
import { setting } from "./store.js";
import { clock, say } from "./words.js";

const KEY = "cases";

export function casesView(db) {
  let next = null;

  async function load() {
    const person = await setting(db, "person");
    if (!person) return;
    const first = `/api/v1/cases?limit=30&action=report&actor=${encodeURIComponent(person.login)}`;
    const answer = await asked(first, KEY);
    if (!answer) return;
    const { data, at, fresh } = answer;
    $("cases-list").replaceChildren(...(data?.items ?? []).map(card));
    $("cases-told").textContent = data ? (fresh ? "" : say("as_of", { time: clock(at) })) : say("not_loaded");
    $("cases-empty").hidden = !data || data.items.length > 0;
    goOn(fresh ? data.next : null);
  }

  async function more() {
    const answer = await asked(next, `${KEY} more`);
    if (!answer?.fresh) return;
    $("cases-list").append(...answer.data.items.map(card));
    goOn(answer.data.next);
  }

  async function asked(path, key) {
    $("cases-again").setAttribute("aria-busy", "true");
    try {
      return await ask(db, path, key);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      $("cases-told").textContent = error.message;
      return null;
    } finally {
      $("cases-again").removeAttribute("aria-busy");
    }
  }

  function goOn(address) {
    next = address;
    $("cases-dock").hidden = !address;
  }

  function card(one) {
    const due = one.stage_due_at ?? one.due_at;
    return h("li", { class: "card" },
      h("a", { class: "card-open", href: `/cases/${encodeURIComponent(one.case_no)}` },
        h("span", { class: "card-head" }, h("b", {}, one.class_name), lamp(one.lamp, due)),
        h("span", {}, one.description),
        h("span", { class: "item-state", "data-look": one.state === "closed" || one.state === "archived" ? "done" : "waiting" }, icon(one.lamp ? "clipboard-list" : "circle-check-big"), one.state_title),
        h("span", { class: "small quiet" }, [say("case_no", { case_no: one.case_no }), clock(one.reported_at)].join(" · "))));
  }

  $("cases-again").addEventListener("click", load);
  $("cases-more").addEventListener("click", more);
  return { enter: load, leave() {} };
}
