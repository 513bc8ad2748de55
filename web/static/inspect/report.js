// The report: photo, category, place, words. Kept while it is written; queued in one piece when it is sent.

import { liveQuery } from "dexie";
import { categorySheet, findClass, noteUse } from "./category.js";
import { $, toast } from "./dom.js";
import { askWhetherSame, componentPicker, similarCases } from "./nearby.js";
import { photoStrip, wrongIn } from "./photos.js";
import { placePicker } from "./place.js";
import { queueAct, queueFollow, queueReport, REPORT_DRAFT } from "./queue.js";
import { closeSheet, openSheet } from "./sheet.js";
import { itemState } from "./queue_view.js";
import { named, say } from "./words.js";

const DISPOSE_DRAFT = "dispose";

// kick(): there is something to send
export function reportView(db, kick) {
  let draft = {};
  let isWarned = false;
  let isSending = false;
  let sent = null; // the report just queued, and the watch over it
  const photos = photoStrip(db, $("report-photos"), { holder: () => REPORT_DRAFT, stage: () => "report", wrong: wrongIn("photos-wrong"), onChange: begun });
  const after = photoStrip(db, $("dispose-photos"), { holder: () => DISPOSE_DRAFT, stage: () => "disposal", wrong: wrongIn("dispose-wrong") });
  const place = placePicker(db, moved);
  const components = componentPicker((item) => {
    draft.component_code = item?.code ?? null;
    begun();
  });
  const chosen = () => draft.class_code && findClass(draft.kind, draft.class_code);

  // A photo, a class or words: with the first of them the report begins.
  function begun() {
    isWarned = false;
    draft.key ??= crypto.randomUUID(); // at capture: every try to send this report carries it
    draft.began ??= new Date().toISOString();
    moved();
  }

  // A place alone is no report yet: the phone is carried past many.
  function moved() {
    draft.place = place.get();
    components.show(chosen(), draft.place, draft.component_code);
    save();
  }

  // At once: a phone may take the app away at any moment. Not while it is being queued: that ends the draft.
  function save() {
    if (draft.key && !isSending) db.drafts.put({ name: REPORT_DRAFT, ...draft, description: $("description").value });
  }

  function showClass() {
    const one = chosen();
    const value = $("class-name");
    value.textContent = one ? named(one) : value.dataset.empty;
    $("class-open").classList.toggle("chosen", Boolean(one));
    $("class-wrong").textContent = "";
  }

  categorySheet((one) => {
    if (one.code !== draft.class_code) draft.component_code = null;
    Object.assign(draft, { kind: one.kind, class_code: one.code });
    showClass();
    begun();
    $("description").focus();
  });
  $("description").addEventListener("input", begun);

  function body() {
    const { lon, lat, by } = draft.place;
    return {
      kind: draft.kind,
      class_code: draft.class_code,
      lon,
      lat,
      ...(by === "gps" ? { crs: "EPSG:4326" } : {}), // receivers speak WGS 84, our map the city's own
      description: $("description").value.trim() || named(chosen()),
      ...(draft.component_code ? { component_code: draft.component_code } : {}),
      occurred_at: draft.began,
    };
  }

  async function send() {
    await photos.settled();
    $("class-wrong").textContent = chosen() ? "" : say("need_class");
    if (!chosen()) return $("class-open").focus();
    draft.place = place.get();
    if (!draft.place) {
      $("place-wrong").textContent = say("need_place");
      return $("here").focus();
    }
    if (!isWarned && !(await db.photos.where({ holder: REPORT_DRAFT }).count())) {
      isWarned = true;
      $("photos-wrong").textContent = say("no_photo_sure");
      return $("report-photos").scrollIntoView({ block: "nearest" });
    }
    const one = chosen();
    const report = { id: draft.key ?? crypto.randomUUID(), title: named(one), body: body() };
    const similar = navigator.onLine ? await similarCases(report.body) : [];
    const same = similar.length ? await askWhetherSame(similar) : null;
    if (same === undefined) return; // looked, and went back to the report
    if (same) {
      const { case_no, class_name: title, follows } = same;
      await queueFollow(db, { case_no, title, follows, note: report.body.description });
      draft = {};
      toast(say("follow_done", { case_no: same.case_no }));
      await begin();
    } else {
      await noteUse(db, one);
      await showDone(await queueReport(db, report));
    }
    kick();
  }

  $("report").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    $("send").setAttribute("aria-busy", "true");
    try {
      await send();
    } finally {
      isSending = false;
      $("send").removeAttribute("aria-busy");
    }
  });

  async function showDone(item) {
    draft = {};
    await db.photos.where({ holder: DISPOSE_DRAFT }).delete(); // of another report, never sent
    sent = { item };
    $("report").hidden = true;
    $("report-done").hidden = false;
    $("done-title").textContent = item.title;
    $("done-words").textContent = say("kept");
    $("dispose-open").hidden = false;
    $("report-done").focus();
    sent.watch = liveQuery(() => db.items.get(item.id)).subscribe((now) => {
      if (now) $("done-words").textContent = [itemState(now), now.case_no && say("case_no", { case_no: now.case_no })].filter(Boolean).join(" · ");
    });
  }

  $("again").addEventListener("click", begin);
  $("dispose-open").addEventListener("click", async () => {
    await after.show();
    openSheet("dispose");
  });
  $("dispose-send").addEventListener("click", async () => {
    await after.settled();
    if (!(await after.show())) {
      $("dispose-wrong").textContent = $("dispose-wrong").dataset.words;
      return;
    }
    await queueAct(db, { after: sent.item.id, action: "self_dispose", title: sent.item.title, note: $("dispose-note").value.trim(), draft: DISPOSE_DRAFT });
    $("dispose-note").value = "";
    $("dispose-open").hidden = true;
    closeSheet("dispose");
    kick();
  });

  // A fresh form, or the draft that was left
  async function begin() {
    sent?.watch?.unsubscribe();
    sent = null;
    $("report-done").hidden = true;
    $("report").hidden = false;
    const { name: _name, description = "", ...left } = (await db.drafts.get(REPORT_DRAFT)) ?? {};
    draft = left;
    $("description").value = description;
    showClass();
    await place.set(draft.place);
    await photos.show();
    await components.show(chosen(), draft.place, draft.component_code);
  }

  return { begin, enter: () => place.start(), leave: () => place.stop() };
}
