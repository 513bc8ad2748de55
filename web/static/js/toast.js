// A short word at the edge of the page about what was just done.

import "./components.js";

const KEPT = "citygrid-toast";

export async function toast(text, variant = "success") {
  await import("webawesome/components/toast/toast.js");
  const stack = document.getElementById("toasts");
  await stack.updateComplete;
  stack.create(text, { variant, duration: variant === "success" ? 5000 : 10000 });
}

// For a page that is about to be left: the next one shows it.
export function keepToast(text, variant = "success") {
  sessionStorage.setItem(KEPT, JSON.stringify({ text, variant }));
}

export function showKeptToast() {
  const kept = sessionStorage.getItem(KEPT);
  if (!kept) return;
  sessionStorage.removeItem(KEPT);
  const { text, variant } = JSON.parse(kept);
  toast(text, variant);
}
