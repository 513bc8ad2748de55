// Files from the service to the person's disk, and tables as CSV that spreadsheets open as they are.

import { answerTo } from "../js/api.js";

// The file that an address answers, under the name the service gives it.
export async function fetchFile(path, body, usualName, signal) {
  const answer = await answerTo("POST", path, { body, signal, headers: { Accept: "*/*" } });
  const told = answer.headers.get("content-disposition") ?? "";
  const coded = /filename\*=(?:UTF-8|utf-8)''([^;]+)/.exec(told);
  const plain = /filename="?([^";]+)"?/.exec(told);
  return { blob: await answer.blob(), name: coded ? decodeURIComponent(coded[1]) : (plain?.[1] ?? usualName) };
}

export function save({ blob, name }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads the file after the click: it must not be gone at once.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// A button is busy while its file comes; the page can be used meanwhile.
export async function whileBusy(button, work) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

// columns: [{ title, value(row) }]
export function csv(columns, rows, name) {
  const cell = (value) => {
    const text = String(value ?? "");
    // A cell that begins like a formula would be run by a spreadsheet.
    const safe = /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = [columns.map((one) => one.title), ...rows.map((row, i) => columns.map((one) => one.value(row, i)))];
  const text = lines.map((line) => line.map(cell).join(",")).join("\r\n");
  return { blob: new Blob(["\ufeff", text, "\r\n"], { type: "text/csv" }), name };
}
