// The editor of a score card: the sum while one types, each fault at its place, saved as the next version.

import { call } from "../js/api.js";
import { data, fill, words } from "../js/page_words.js";
import { keepToast } from "../js/toast.js";
import { grades, partRows, parts, watch } from "./card_rows.js";

const form = document.getElementById("card");
const sum = document.getElementById("sum");
const wrong = document.getElementById("wrong");

function tellSum() {
  const total = Math.round(parts().reduce((whole, part) => whole + part.weight, 0) * 1e6) / 1e6;
  sum.dataset.kind = total === 100 ? "right" : "wrong";
  const values = { total, missing: Math.round(Math.abs(100 - total) * 1e6) / 1e6 };
  sum.textContent = total === 100 ? words.right : fill(total < 100 ? words.more : words.less, values);
}

function clear() {
  wrong.hidden = true;
  for (const place of form.querySelectorAll(".wrong")) place.textContent = "";
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

// pointer: RFC 6901, of what was sent: /parts/2/weight
function show({ pointer = "", detail }) {
  const [, list, at, name] = pointer.replace(/^\/body/, "").split("/");
  const row = list === "parts" && at !== undefined ? partRows()[at] : null;
  const input = row ? row.querySelector(`[name="${name}"]`) : form.elements[list];
  input?.setAttribute?.("aria-invalid", "true");
  const place = row?.querySelector(".wrong") ?? form.querySelector(`[data-for="/${list}"]`);
  if (!place) return false;
  place.textContent = [place.textContent, detail].filter(Boolean).join(" ");
  return true;
}

async function save(event) {
  event.preventDefault();
  clear();
  const body = { object: data.kind, parts: parts(), grades: grades() };
  for (const name of ["code", "name_zh", "name_en", "source", "note"]) if (form.elements[name]) body[name] = form.elements[name].value.trim();
  try {
    const kept = await call("POST", `/api/v1/evaluation/cards${data.code && `/${data.code}`}`, { body });
    keepToast(fill(data.kept, kept));
    location.assign(`/evaluation/cards#${kept.object}`);
  } catch (problem) {
    const shown = (problem.problem?.errors ?? []).map(show);
    wrong.hidden = shown.length > 0 && shown.every(Boolean);
    wrong.querySelector("span").textContent = problem.message;
    form.querySelector("[aria-invalid], .wrong:not(:empty)")?.scrollIntoView({ block: "center" });
  }
}

watch(tellSum);
form.addEventListener("submit", save);
tellSum();
