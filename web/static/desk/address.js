// The address bar holds what is seen: the queue, what narrows it, the case that is open.

// What a list is asked by; the names are those of GET /cases.
export const NARROWED_BY = ["q", "bbox", "lamp", "state", "class_code", "kind", "area", "grid", "department", "source", "pending", "open", "sort"];
export const ALL = "all"; // every case, in no queue
// Lists that stand beside the queues of a role: who only watches has no other.
export const WATCHED = {
  late: { open: "true", lamp: "red", sort: "due" },
  soon: { open: "true", lamp: "yellow", sort: "due" },
  open: { open: "true", sort: "due" },
  [ALL]: {},
};

export function readAddress() {
  const given = new URLSearchParams(location.search);
  const asked = {};
  for (const name of ["queue", ...NARROWED_BY]) if (given.get(name)) asked[name] = given.get(name);
  return { asked, opened: given.get("case") };
}

export function addressOf(asked, opened) {
  const told = new URLSearchParams();
  for (const name of ["queue", ...NARROWED_BY]) if (asked[name]) told.set(name, asked[name]);
  if (opened) told.set("case", opened);
  const query = told.toString();
  return query ? `/desk?${query}` : "/desk";
}

export function writeAddress(asked, opened, { push = false } = {}) {
  const address = addressOf(asked, opened);
  if (address === location.pathname + location.search) return;
  history[push ? "pushState" : "replaceState"](null, "", address);
}

export function isNarrowed(asked) {
  return NARROWED_BY.some((name) => asked[name]);
}

// The same without the names that only this page knows: the service keeps it as a filter.
export function spelledOut(asked) {
  const { queue = ALL, ...rest } = asked;
  return WATCHED[queue] ? { queue: ALL, ...WATCHED[queue], ...rest } : asked;
}

// The call that answers a list; limit 1 with words is the question whether one case still belongs to it.
export function callFor(asked, more = {}) {
  const told = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...spelledOut(asked), ...more })) {
    if (value && !(name === "queue" && value === ALL)) told.set(name, value);
  }
  return `/api/v1/cases?${told}`;
}
