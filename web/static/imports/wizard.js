// From files to a started import: choose, look at what was recognised, start.

import { call } from "../js/api.js";
import { fill, icon, make, words } from "../js/page_words.js";
import { say, told } from "./parts.js";
import { Sheets } from "./sheets.js";
import { send, size } from "./upload.js";

const form = document.getElementById("wizard");
const drop = document.getElementById("drop");
const input = document.getElementById("files");
const list = document.getElementById("chosen");
const wrong = document.getElementById("wrong");
const sending = document.getElementById("sending");
const survey = form.elements.survey;
const options = document.getElementById("options");
const mostBytes = Number(form.dataset.mostBytes);
const sheets = new Sheets(document.getElementById("sheets"));
let files = [];
let lookedAt = ""; // files and options of the preview that is shown

// ---- Step 1: files and the name of the survey area ----

function add(chosen) {
  for (const file of chosen) {
    const same = files.findIndex((one) => one.name === file.name);
    if (same >= 0) files[same] = file;
    else files.push(file);
  }
  if (!survey.value && files.length) survey.value = files[0].name.replace(/\.[^.]+$/, "").slice(0, survey.maxLength);
  drawFiles();
}

function drawFiles() {
  list.replaceChildren(
    ...files.map((file, at) => {
      const remove = make("button", { type: "button", class: "button plain", "aria-label": fill(words.removeFile, { name: file.name }) }, icon("x"));
      remove.addEventListener("click", () => {
        files.splice(at, 1);
        drawFiles();
        input.focus();
      });
      return make("li", {}, icon("file-spreadsheet"), make("span", { class: "name", text: file.name }), make("span", { class: "quiet small nowrap", text: size(file.size) }), remove);
    }),
  );
  const all = files.reduce((sum, file) => sum + file.size, 0);
  say(wrong, all > mostBytes ? fill(words.tooLarge, { size: size(all), most: size(mostBytes) }) : "");
}

function take() {
  add(input.files);
  input.value = "";
}
input.addEventListener("change", take);
if (input.files.length) take(); // chosen before this script was there
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.dataset.over = "";
  });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => delete drop.dataset.over);
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  add(event.dataTransfer.files);
});
// A file that misses the box must not replace the page.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());

// ---- Between the steps ----

function show(step) {
  for (const part of form.querySelectorAll("[data-step]")) part.hidden = part.dataset.step !== step;
  for (const mark of document.querySelectorAll(".way li")) {
    const [at, now] = [Number(mark.dataset.at), Number(step)];
    mark.toggleAttribute("data-done", at < now);
    if (at === now) mark.setAttribute("aria-current", "step");
    else mark.removeAttribute("aria-current");
  }
  scrollTo({ top: 0 });
  form.querySelector(`[data-step="${step}"] h2`).focus();
}

const choices = () => [form.elements.mode, form.elements.valid_from, ...options.querySelectorAll("select, input")];

function said() {
  const told = { mapping: sheets.mapping() };
  for (const field of choices()) if (field.name && field.value && field.value !== "auto") told[field.name] = field.value;
  // A survey of the whole area is an update in which what is missing ends.
  if (told.mode === "replace") Object.assign(told, { mode: "update", replace: true });
  return told;
}

function sent() {
  const told = new FormData();
  for (const file of files) told.append("files", file, file.name);
  told.append("survey", survey.value.trim());
  told.append("options", JSON.stringify(said()));
  return told;
}

async function working(button, title, run) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  say(wrong, "");
  sending.hidden = false;
  sending.querySelector("[data-part=step]").textContent = title;
  const bar = sending.querySelector("progress");
  const onShare = (share) => {
    if (share < 1) bar.value = share;
    else bar.removeAttribute("value"); // all has gone; now the service reads
  };
  onShare(0);
  try {
    await run(onShare);
  } catch (problem) {
    say(wrong, told(problem));
    // Another import of the area waits: the way to it stands beside the words.
    const other = problem.problem?.import_id;
    if (other) wrong.querySelector("span").append(" ", make("a", { href: `/pipelines/imports/${other}`, text: fill(words.openImport, { id: other }) }));
    wrong.scrollIntoView({ block: "nearest" });
  }
  sending.hidden = true;
  button.removeAttribute("aria-busy");
}

const marked = () => JSON.stringify([files.map((file) => [file.name, file.size, file.lastModified]), ...choices().map((field) => field.value)]);

async function look(onShare) {
  const preview = await send("/api/v1/imports/preview", sent(), { onShare });
  sheets.show(preview.items);
  lookedAt = marked();
  document.getElementById("again").hidden = true;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (!form.querySelector("[data-step='1']").hidden) {
    if (!files.length) return say(wrong, words.chooseFirst);
    if (!survey.value.trim()) return survey.focus();
    working(button, words.looking, async (onShare) => {
      if (lookedAt !== marked()) await look(onShare);
      show("2");
    });
  } else {
    working(button, words.sending, async (onShare) => {
      const made = await send("/api/v1/imports", sent(), { onShare });
      location.assign(`/pipelines/imports/${made.id}`);
      return new Promise(() => {}); // the page is being left; the button stays busy
    });
  }
});

form.querySelector("[data-back]").addEventListener("click", () => show("1"));
document.getElementById("again").addEventListener("click", (event) => working(event.currentTarget, words.looking, look));
options.addEventListener("change", () => {
  document.getElementById("again").hidden = lookedAt === marked();
});

sheets.offer(() => call("GET", "/api/v1/imports/mappings"));
