// The parts of the side panel that are only read: facts, the open request, photos, surroundings, history.

import { badge, fill, icon, make, moment, words } from "./words.js";

function facts(pairs) {
  return pairs.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", { text: name }), make("dd", {}, value)]);
}

const caseLink = (caseNo) => make("a", { class: "code", href: `/cases/${encodeURIComponent(caseNo)}`, "data-no": caseNo, text: caseNo });

function listed(nodes) {
  return nodes.length ? make("span", {}, ...nodes.flatMap((node, index) => (index ? [", ", node] : [node]))) : null;
}

export function factsOf(one) {
  const limit = one.limit_value === null ? "" : `${one.limit_value} ${words.units[one.limit_unit] ?? one.limit_unit}`;
  const due = one.due_at && one.filed_at ? `${moment(one.due_at)}${one.due_is_provisional ? ` (${words.provisional})` : ""}` : "";
  const parts = (one.co_departments ?? []).map((part) => make("span", {}, `${part.name} (${part.done ? words.partDone : words.partOpen})`));
  return facts([
    [words.stageDue, one.stage_due_at ? `${one.stage_title} · ${moment(one.stage_due_at)}` : ""],
    [words.due, due],
    [words.suspended, moment(one.suspended_until)],
    [words.department, one.department_name],
    [words.coDepartments, listed(parts)],
    [words.condition, one.condition_title],
    [words.limit, one.filed_at ? limit : ""],
    [words.extended, one.extension_count ? fill(words.times, { n: one.extension_count }) : ""],
    [words.parent, one.parent ? caseLink(one.parent) : null],
    [words.children, listed((one.children ?? []).map(caseLink))],
    [words.mergedInto, one.merged_into ? caseLink(one.merged_into) : null],
    [words.followers, one.followers || ""],
    [words.kind, `${words.kinds[one.kind]} ${one.class_code}`],
    [words.component, one.component_code ? make("span", { class: "code", text: one.component_code }) : null],
    [words.source, words.sources[one.source] ?? one.source],
    [words.grid, make("span", { class: "code", text: one.unit_grid_code })],
    [words.reported, moment(one.reported_at)],
    [words.filed, moment(one.filed_at)],
    [words.dispatched, moment(one.dispatched_at)],
    [words.disposed, moment(one.disposed_at)],
    [words.closed, moment(one.closed_at)],
    [words.said, one.said ? words.saidWords[one.said] ?? one.said : ""],
  ]);
}

export function requestOf(one) {
  if (!one.pending) return [];
  const { title, asked_at, asked_by_name, note, until } = one.pending;
  return [
    make("p", {}, icon("hourglass"), make("strong", { text: title })),
    make("p", { class: "small", text: [asked_by_name, moment(asked_at), until && fill(words.untilAt, { at: moment(until) })].filter(Boolean).join(" · ") }),
    note && make("p", { class: "said", text: note }),
  ].filter(Boolean);
}

const BEFORE = ["report", "verification"];

// Before and after stand side by side, so that the eye can compare.
export function photosOf(photos) {
  if (!photos.length) return [make("p", { class: "quiet small", text: words.noPhotos })];
  const column = (title, found) =>
    make(
      "div",
      {},
      make("h4", { class: "quiet small", text: `${title} (${found.length})` }),
      found.length ? make("ul", { class: "photos" }, ...found.map((one) => make("li", {}, photo(one, title)))) : make("p", { class: "no-photo quiet small", text: words.noPhoto }),
    );
  return [column(words.before, photos.filter((one) => BEFORE.includes(one.stage))), column(words.after, photos.filter((one) => !BEFORE.includes(one.stage)))];
}

function photo(one, title) {
  const alt = `${title} · ${moment(one.taken_at ?? one.uploaded_at)}`;
  const image = make("img", { src: one.thumb_url ?? one.url, alt, width: one.width_px, height: one.height_px, loading: "lazy", decoding: "async" });
  return make("a", { href: one.screen_url ?? one.url, "data-photo": one.sha256, "data-original": one.url }, image);
}

const metres = (value) => (value === null || value === undefined ? "" : fill(words.metres, { n: value < 10 ? value.toFixed(1) : Math.round(value) }));

export function surroundingsOf(around) {
  if (!around) return [make("p", { class: "quiet small", text: words.noAround })];
  const pipe = (one) =>
    make(
      "li",
      {},
      make("span", { class: "swatch", style: `background: ${one.colour ?? "#8a8f93"}` }),
      make("span", { title: one.owner_name }, [one.class_name, one.sub_name !== one.class_name && one.sub_name, one.size, one.material].filter(Boolean).join(" ")),
      make("span", { class: "quiet small", text: [one.depth_m !== undefined && one.depth_m !== null ? fill(words.deep, { n: one.depth_m.toFixed(1) }) : "", metres(one.distance_m)].filter(Boolean).join(" · ") }),
    );
  const other = (one) =>
    make("li", {}, make("span", {}, make("a", { href: `/cases/${encodeURIComponent(one.case_no)}`, "data-no": one.case_no, text: one.class_name }), " ", badge(one)), make("span", { class: "quiet small", text: metres(one.distance_m) }));
  const component = (one) => make("li", {}, make("span", {}, one.class_name, " ", make("span", { class: "code quiet small", text: one.code })), make("span", { class: "quiet small", text: metres(one.distance_m) }));
  const block = (title, rows, draw, none) => [make("h4", { class: "quiet small", text: `${title} (${rows.length})` }), rows.length ? make("ul", { class: "around" }, ...rows.map(draw)) : make("p", { class: "quiet small", text: none })];
  return [
    ...block(words.pipes, around.pipes ?? [], pipe, words.noPipes),
    ...block(words.nearCases, around.cases ?? [], other, words.noNearCases),
    ...((around.components ?? []).length ? block(words.nearComponents, around.components, component, "") : []),
  ];
}

export function historyOf(steps) {
  return [...steps].reverse().map((step) =>
    make(
      "li",
      {},
      make("p", {}, make("strong", { text: step.action_title })),
      make("p", { class: "quiet small", text: [moment(step.at), step.actor_name, step.actor_role_title].filter(Boolean).join(" · ") }),
      step.note && make("p", { class: "note", text: step.note }),
    ),
  );
}
