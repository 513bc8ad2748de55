// The bench by keyboard alone. Nothing here is taken from who types, and nothing that the browser needs.

const TYPED_IN = "input:not([type=checkbox]), textarea, select, [contenteditable], wa-dialog[open], wa-dropdown[open]";

// doing: { name: function }, see bench.js. Keys are listed for people in templates/pipelines.html.
export function benchKeys(doing) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const isTyping = event.target.closest?.(TYPED_IN);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isTyping) {
      event.preventDefault();
      return event.shiftKey ? doing.redo() : doing.undo();
    }
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && !document.querySelector("wa-dialog[open]")) return isTyping ? event.target.blur() : doing.back();
    if (isTyping) return;
    if (press(event)) event.preventDefault();
  });

  function press({ key, code, shiftKey }) {
    const tool = { 1: "section", 2: "profile", 3: "query" }[key];
    if (tool) return doing.tool(tool), true;
    // The keys of the brackets, whatever Shift makes of them.
    if (code === "BracketRight" || code === "BracketLeft") return doing.along((shiftKey ? 10 : 1) * (code === "BracketRight" ? 1 : -1)), true;
    const named = { d: doing.draw, c: doing.cut, p: doing.pick, a: doing.area, m: doing.large }[key];
    if (!named) return false;
    named();
    return true;
  }
}
