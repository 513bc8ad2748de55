// The list of score cards: one is chosen, one retired after a question.

import { call } from "../js/api.js";

const wrong = document.getElementById("wrong");
const sure = document.getElementById("sure");
const WAYS = {
  choose: (row) => call("POST", `/api/v1/evaluation/cards/${row.dataset.name}/choose`),
  retire: (row) => call("DELETE", `/api/v1/evaluation/cards/${row.dataset.code}`),
};

function asked(row) {
  sure.querySelector("[data-part=name]").textContent = row.querySelector("a.open").textContent;
  sure.returnValue = "no";
  sure.showModal();
  return new Promise((resolve) => sure.addEventListener("close", () => resolve(sure.returnValue === "yes"), { once: true }));
}

document.querySelector("table.cards").addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button) return;
  const row = button.closest("tr");
  if (button.dataset.do === "retire" && !(await asked(row))) return;
  try {
    await WAYS[button.dataset.do](row);
    location.reload();
  } catch (problem) {
    wrong.hidden = false;
    wrong.querySelector("span").textContent = problem.message;
    wrong.scrollIntoView({ block: "center" });
  }
});
