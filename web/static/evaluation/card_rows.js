// Lines, bands and grades of a score card as rows of a form: read, added, taken out.

const number = (input) => (input.value.trim() === "" ? null : Number(input.value));
const field = (row, name) => row.querySelector(`[name="${name}"]`);
const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

export const partRows = () => [...document.querySelectorAll("#parts > .part")];

// What is empty is told as 0, so that the service says at its place what is wrong with it.
export function parts() {
  return partRows().map((row) => ({
    indicator: field(row, "indicator").value,
    weight: number(field(row, "weight")) ?? 0,
    sense: field(row, "sense").value,
    full_at: (number(field(row, "full_at")) ?? 0) / 100,
    bands: field(row, "sense").value === "band" ? [...row.querySelectorAll(".band")].map((band) => ({ most: number(field(band, "most")), points: number(field(band, "points")) ?? 0 })) : [],
  }));
}

export const grades = () => [...document.querySelectorAll("#grades > li")].map((row) => ({ name: field(row, "name").value, least: number(field(row, "least")) ?? 0, colour: field(row, "colour").value }));

// onChange: after any of it was changed
export function watch(onChange) {
  const list = document.getElementById("parts");
  const WAYS = {
    "drop-part": (row) => row.remove(),
    "add-band": (row) => row.querySelector(".bands ol").append(copy("band-row")),
    "drop-band": (_row, button) => button.closest(".band").remove(),
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    WAYS[button.dataset.do](button.closest(".part"), button);
    onChange();
  });
  list.addEventListener("input", (event) => {
    const row = event.target.closest(".part");
    if (event.target.name === "indicator") fit(row);
    row.dataset.sense = field(row, "sense").value;
    onChange();
  });
  document.getElementById("add-part")?.addEventListener("click", () => {
    list.append(copy("part-row"));
    fit(list.lastElementChild);
    field(list.lastElementChild, "indicator").focus();
    onChange();
  });
}

// A count has no rate to be scored by: bands are all it can have.
function fit(row) {
  const isRatio = field(row, "indicator").selectedOptions[0].dataset.unit === "ratio";
  const sense = field(row, "sense");
  if (!isRatio) sense.value = "band";
  else if (sense.value === "band" && !row.querySelector(".band")) sense.value = "direct";
  row.dataset.sense = sense.value;
}
