// The queue as the person sees it: each item with its state, each photo with its own, and what can be done.

import { liveQuery } from "dexie";
import { $, h, icon, toast } from "./dom.js";
import { insist, remove, retry, takeBack, UNSENT } from "./queue.js";
import { setting } from "./store.js";
import { clock, say } from "./words.js";

const LOOKS = {
  waiting: ["clock", "waiting"],
  sending: ["cloud-upload", "sending"],
  refused: ["triangle-alert", "refused"],
  gone: ["ban", "refused"],
  changed: ["history", "refused"],
  done: ["circle-check-big", "done"],
};
const RECEIPTS = 30;

export function itemState(item) {
  if (item.state !== "waiting") return say(`queue_${item.state}`);
  if (item.reason === "report_first") return say("queue_report_first");
  return say(navigator.onLine ? "queue_turn" : "queue_waiting");
}

// edit(): the report's draft has been filled again; kick(): send what is due, now
export function queueView(db, { edit, kick }) {
  let urls = [];
  const shown = async () => {
    const unsent = await db.items.where("state").anyOf(UNSENT).sortBy("created_at");
    const receipts = (await db.items.where({ state: "done" }).sortBy("done_at")).reverse().slice(0, RECEIPTS);
    const photos = new Map();
    for (const item of unsent) photos.set(item.id, await db.photos.where({ holder: item.id }).sortBy("added_at"));
    return { unsent, receipts, photos, person: await setting(db, "person") };
  };

  liveQuery(shown).subscribe(({ unsent, receipts, photos, person }) => {
    for (const url of urls) URL.revokeObjectURL(url);
    urls = [];
    $("queue-empty").hidden = unsent.length + receipts.length > 0;
    $("queue-list").replaceChildren(...unsent.map((item) => card(item, photos.get(item.id), person)), ...receipts.map((item) => card(item, [], person)));
    $("queue-told").textContent = say("queue_told", { n: unsent.length, done: receipts.length });
    const count = document.querySelector("[data-count=queue]");
    count.hidden = !unsent.length;
    count.textContent = unsent.length;
    count.dataset.trouble = String(unsent.some((item) => ["refused", "gone", "changed"].includes(item.state)));
  });

  function card(item, photos, person) {
    const [symbol, look] = LOOKS[item.state];
    const isOther = item.owner && person && item.owner !== person.login && item.state !== "done";
    return h("li", { class: "card", "data-state": item.state, "data-item": item.id },
      h("div", { class: "card-head" }, h("h3", {}, item.title), h("span", { class: "small quiet" }, say(item.kind === "act" ? `act_${item.action}` : `kind_${item.kind}`))),
      h("p", { class: "item-state", "data-look": look }, icon(symbol), h("span", {}, itemState(item))),
      item.reason && item.reason !== "report_first" && h("p", { class: "reason" }, item.reason),
      item.state === "gone" && h("p", { class: "small" }, say("gone")),
      item.state === "changed" && h("p", { class: "reason" }, say("changed_now", { state: item.change.state, steps: item.change.steps.join("; ") || "–" })),
      isOther && h("p", { class: "small" }, say("queue_other", { name: item.owner })),
      item.case_no && h("p", { class: "small" }, say("case_no", { case_no: item.case_no })),
      item.case_no && item.state !== "done" && item.kind === "report" && h("p", { class: "small quiet" }, say("case_arrived")),
      photos.length > 0 && h("ul", { class: "thumbs" }, photos.map((photo, at) => thumb(photo, at + 1))),
      h("p", { class: "small quiet" }, [clock(item.done_at ?? item.created_at), item.photo_count ? say("photos_n", { n: item.photo_count }) : ""].filter(Boolean).join(" · ")),
      item.state !== "done" && !isOther && actions(item, photos));
  }

  function thumb(photo, n) {
    const url = URL.createObjectURL(photo.blob);
    urls.push(url);
    const percent = Math.floor((100 * photo.sent) / photo.size);
    return h("li", { "data-photo": photo.state },
      h("img", { src: url, alt: say("photo_n", { n }) }),
      h("span", { class: "caption", title: photo.reason ?? "" }, say(`photo_${photo.state}`, { percent })),
      photo.state === "sending" && h("progress", { max: photo.size, value: photo.sent, "aria-label": say("photo_n", { n }) }));
  }

  function actions(item, photos) {
    const button = (symbol, words, act, look = "") => h("button", { type: "button", class: `button ${look}`, onclick: act }, icon(symbol), words);
    const isStuck = ["refused", "gone", "changed"].includes(item.state);
    const again = async () => {
      await (item.state === "changed" ? insist(db, item) : retry(db, item.id));
      kick();
    };
    return h("div", { class: "actions" },
      isStuck && item.kind === "report" && !item.case_no && button("pencil", say("edit"), async () => {
        if (await takeBack(db, item)) edit();
        else toast(say("finish_first"));
      }, "primary"),
      item.state === "changed" && item.change.possible && button("rotate-cw", say("do_anyway"), again, "primary"),
      item.state === "refused" && button("rotate-cw", say("try_again"), again),
      isStuck && button("copy", say("copy_words"), async () => {
        await navigator.clipboard.writeText(asText(item));
        toast(say("copied"));
      }),
      isStuck && photos.length > 0 && button("image-down", say("save_photos"), () => photos.forEach(save)),
      item.state !== "sending" && deleteButton(item));
  }

  // Two presses: what is deleted here is nowhere else.
  function deleteButton(item) {
    const words = h("span", {}, say("delete"));
    let isSure = false;
    return h("button", { type: "button", class: "button plain danger-words", onclick: async () => {
      if (isSure) return remove(db, item.id);
      isSure = true;
      words.textContent = say("really_delete");
    } }, icon("trash-2"), words);
  }

  function save(photo) {
    const url = URL.createObjectURL(photo.blob);
    h("a", { href: url, download: photo.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  $("queue-now").addEventListener("click", () => kick());
  return {}; // it is always up to date
}

function asText({ title, body, case_no, created_at }) {
  const place = body.lon ? `${body.lon}, ${body.lat}` : "";
  return [title, case_no, body.class_code, place, body.description ?? body.note, clock(created_at)].filter(Boolean).join("\n");
}
