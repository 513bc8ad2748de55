// Open cases that a report may repeat, shown with their photos before a new one is made.

import { call } from "./api.js";
import { keepToast } from "./toast.js";

const NEXT_DAY_MS = 24 * 3600 * 1000;

// box: the hidden section with its template; said(): what the reporter has written so far
export function similarCases(box, said) {
  const list = box.querySelector("ul");
  const template = box.querySelector("template");
  let asked = 0;

  async function show(place, chosen) {
    const turn = ++asked;
    if (!place || !chosen) {
      box.hidden = true;
      return;
    }
    const query = new URLSearchParams({ lon: place[0], lat: place[1], kind: chosen.kind, class_code: chosen.code });
    let found;
    try {
      found = await call("GET", `/api/v1/cases/similar?${query}`);
    } catch {
      found = { items: [] }; // a help, not a hurdle: the report itself says what is wrong with it
    }
    if (turn !== asked) return; // the place or the class has changed meanwhile
    list.replaceChildren(...found.items.map(row));
    box.hidden = !found.items.length;
  }

  function row(one) {
    const item = template.content.cloneNode(true).firstElementChild;
    const fill = (name, text) => (item.querySelector(`[data-${name}]`).textContent = text);
    fill("class", one.class_name);
    fill("number", one.case_no);
    fill("state", one.state_title);
    fill("reason", one.reason);
    fill("description", one.description);
    const link = item.querySelector("a");
    link.href = box.dataset.address + encodeURIComponent(one.case_no);
    const time = item.querySelector("time");
    const at = new Date(one.reported_at);
    time.dateTime = one.reported_at;
    const short = Date.now() - at < NEXT_DAY_MS ? { timeStyle: "short" } : { dateStyle: "short", timeStyle: "short" };
    time.textContent = at.toLocaleString(document.documentElement.lang, short);
    item.querySelector(".thumbs").append(...one.photos.slice(0, 2).map(thumb));
    const button = item.querySelector("button");
    button.setAttribute("aria-label", `${button.textContent} ${one.case_no}`);
    button.disabled = one.follows;
    button.addEventListener("click", () => follow(one, button));
    return item;
  }

  function thumb(photo) {
    const picture = document.createElement("img");
    picture.src = photo.thumb_url;
    picture.alt = "";
    picture.loading = "lazy";
    return picture;
  }

  async function follow(one, button) {
    button.disabled = true;
    try {
      await call("POST", `/api/v1/cases/${encodeURIComponent(one.case_no)}/followers`, { body: { note: said() } });
    } catch (problem) {
      button.disabled = false;
      button.insertAdjacentText("afterend", problem.message);
      return;
    }
    keepToast(box.dataset.followed.replace("{case_no}", one.case_no));
    location.assign(box.dataset.address + encodeURIComponent(one.case_no));
  }

  return { show };
}
