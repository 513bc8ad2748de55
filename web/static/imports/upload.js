// Files to the service with word of how much has gone: fetch cannot tell, XMLHttpRequest can.

import { Problem } from "../js/api.js";

// onShare(0…1); returns the answer. signal stops it.
export function send(path, form, { onShare = () => {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", document.body.dataset.csrf);
    request.upload.addEventListener("progress", ({ loaded, total }) => onShare(total ? loaded / total : 0));
    request.addEventListener("load", () => {
      let said = {};
      try {
        said = JSON.parse(request.responseText || "{}");
      } catch {
        said = { title: request.responseText.slice(0, 200) };
      }
      if (request.status >= 200 && request.status < 300) resolve(said);
      else reject(new Problem(request.status, said));
    });
    request.addEventListener("error", () => reject(new TypeError("network")));
    request.addEventListener("abort", () => reject(new DOMException("stopped", "AbortError")));
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

const language = document.documentElement.lang;
const UNITS = ["B", "kB", "MB", "GB"];

export function size(bytes) {
  const step = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: step > 1 ? 1 : 0 }).format(bytes / 1000 ** step)} ${UNITS[step]}`;
}
