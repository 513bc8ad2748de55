// What a person sends before the page's own scripts have come is kept until they are there. Without this the browser
// would send the form itself, as a GET, and all that was typed or chosen would be gone. Loaded before anything else.

{
  const kept = new Map();

  const keep = (event) => {
    if (event.target.hasAttribute("method")) return; // a form that needs no script
    event.preventDefault();
    event.stopImmediatePropagation();
    kept.set(event.target, event.submitter);
  };

  addEventListener("submit", keep, true);
  // Scripts of the page are modules: all of them have run when this event comes.
  addEventListener("DOMContentLoaded", () => {
    removeEventListener("submit", keep, true);
    for (const [form, button] of kept) if (form.isConnected) form.requestSubmit(button);
  });
}
