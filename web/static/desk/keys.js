// The desk by keyboard alone. Nothing here is taken from who types, and nothing that the browser needs.

const TYPED_IN = "input:not([type=checkbox]), textarea, select, [contenteditable], wa-dialog[open], wa-dropdown[open]";

// doing: name: function, see desk.js. Keys are listed for people in templates/desk.html.
export function deskKeys(doing) {
  let first = null; // the g of "g d"
  let forget = null;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key === "Escape") {
        if (!document.querySelector("wa-dialog[open]") && doing.back(event.target)) event.preventDefault();
        return;
      }
      if (event.target.closest?.(TYPED_IN)) return;
      const handled = first === "g" && /^[a-z]$/.test(event.key) ? doing.queue(event.key) : press(event);
      first = event.key === "g" && first !== "g" ? "g" : null;
      clearTimeout(forget);
      forget = setTimeout(() => (first = null), 1500);
      if (!handled) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // the frame walks lists with j and k too
    },
    true,
  );

  function press(event) {
    switch (event.key) {
      case "j":
        return doing.move(1);
      case "k":
        return doing.move(-1);
      case "x":
        return doing.mark(event.shiftKey);
      case "X":
        return doing.mark(true);
      case "d":
        return doing.asProposed();
      case "m":
        return doing.map();
      case "r":
        return doing.reload();
      default:
        return /^[1-9]$/.test(event.key) && doing.act(Number(event.key));
    }
  }
}
