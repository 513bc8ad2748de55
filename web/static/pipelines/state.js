// What the page shows, in one place and in the address: it can be sent to a colleague as it is.

const TOOLS = ["section", "profile", "query"];
const EMPTY = {
  tool: "section",
  line: null, // [[lon, lat], …]
  name: "",
  scale_h: "",
  scale_v: "",
  paper: "auto",
  as_of: "",
  from: null, // id of a point
  to: null,
  via: [],
  filter: "",
  area: null, // ring of [lon, lat]
  community: "", // code of a community, street or district
  item: null, // { kind: "segments" | "points", id }
};
const DECIMALS = 7; // of a degree: a centimetre

const rounded = (places) => places && places.map((place) => place.map((one) => Number(one.toFixed(DECIMALS))));

export const writePlaces = (places) => rounded(places).map((place) => place.join(",")).join(";");

function readPlaces(text, least) {
  const places = (text ?? "").split(";").map((pair) => pair.split(",").map(Number));
  const good = places.length >= least && places.every((pair) => pair.length === 2 && pair.every(Number.isFinite));
  return good ? places : null;
}

const number = (text) => (/^\d+$/.test(text ?? "") ? Number(text) : null);

export function readAddress(search = location.search) {
  const given = new URLSearchParams(search);
  const item = /^(segments|points)\/(\d+)$/.exec(given.get("item") ?? "");
  const found = {
    ...EMPTY,
    line: readPlaces(given.get("line"), 2),
    from: number(given.get("from")),
    to: number(given.get("to")),
    via: (given.get("via") ?? "").split(",").map(number).filter(Boolean),
    area: readPlaces(given.get("area"), 3),
    item: item && { kind: item[1], id: Number(item[2]) },
  };
  for (const name of ["name", "scale_h", "scale_v", "paper", "filter", "community"]) if (given.get(name)) found[name] = given.get(name);
  if (TOOLS.includes(given.get("tool"))) found.tool = given.get("tool");
  if (/^\d{4}-\d\d-\d\d$/.test(given.get("as_of") ?? "")) found.as_of = given.get("as_of");
  return found;
}

export function addressOf(shown, view) {
  const told = new URLSearchParams();
  const tell = (name, value, usual = "") => value && value !== usual && told.set(name, value);
  tell("tool", shown.tool, EMPTY.tool);
  tell("line", shown.line && writePlaces(shown.line));
  for (const name of ["name", "scale_h", "scale_v", "as_of", "from", "to", "filter", "community"]) tell(name, shown[name]);
  tell("paper", shown.paper, EMPTY.paper);
  tell("via", shown.via.join(","));
  tell("area", shown.area && writePlaces(shown.area));
  tell("item", shown.item && `${shown.item.kind}/${shown.item.id}`);
  tell("map", view);
  // Commas, slashes and semicolons may stand in a query as they are: an address is read by people, too.
  const query = told.toString().replaceAll("%2C", ",").replaceAll("%3B", ";").replaceAll("%2F", "/");
  return query ? `/pipelines?${query}` : "/pipelines";
}

export function readView() {
  const [zoom, lat, lon] = (new URLSearchParams(location.search).get("map") ?? "").split("/").map(Number);
  return [zoom, lat, lon].every(Number.isFinite) ? { zoom, lat, lon } : null;
}

// Tells "change" with the names of what changed in detail.
export class State extends EventTarget {
  view = new URLSearchParams(location.search).get("map") ?? ""; // of the map, as the address has it

  constructor() {
    super();
    this.shown = readAddress();
    addEventListener("popstate", () => this.apply(readAddress()));
  }

  // push: a step that the back button undoes; without it the address is only corrected
  set(patch, { push = false } = {}) {
    const wanted = { ...this.shown, ...patch };
    // As the address says it, so that going back to it is no change.
    for (const name of ["line", "area"]) wanted[name] = rounded(wanted[name]);
    if (this.apply(wanted)) this.write(push);
  }

  apply(wanted) {
    const names = Object.keys(EMPTY).filter((name) => JSON.stringify(wanted[name]) !== JSON.stringify(this.shown[name]));
    if (!names.length) return false;
    this.shown = wanted;
    this.dispatchEvent(new CustomEvent("change", { detail: names }));
    return true;
  }

  on(names, run) {
    this.addEventListener("change", (event) => event.detail.some((name) => names.includes(name)) && run(event.detail));
  }

  look(view) {
    this.view = view;
    this.write(false);
  }

  write(push) {
    const address = addressOf(this.shown, this.view);
    if (address !== location.pathname + location.search) history[push ? "pushState" : "replaceState"](null, "", address);
  }
}
