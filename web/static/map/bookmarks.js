// Views with a name, kept in this browser for this person, and the link to what is seen.

import { fill, icon, make, words } from "../js/page_words.js";
import { toast } from "../js/toast.js";
import { readViews, writeViews } from "./views.js";

export default class Bookmarks {
  constructor(city, panel) {
    this.list = panel.querySelector('[data-part="list"]');
    const form = panel.querySelector("form");
    this.name = form.elements.name;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = this.name.value.trim();
      if (!name) return;
      this.put([...readViews().filter((one) => one.name !== name), { name, hash: location.hash }]);
      this.suggest();
    });
    panel.querySelector('[data-act="copy"]').addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(location.href);
        toast(words.copied);
      } catch {
        prompt("", location.href); // a browser that lets no page write to the clipboard
      }
    });
  }

  opened() {
    this.tell();
    this.suggest();
  }

  suggest() {
    this.name.value = fill(words.bookmarkName, { n: readViews().length + 1 });
  }

  put(views) {
    writeViews(views);
    this.tell();
  }

  tell() {
    this.list.replaceChildren(
      ...readViews().map(({ name, hash }) => {
        // The whole page anew: a view holds layers and days, too.
        const go = make("a", { class: "map-row", href: `/map${hash}`, text: name, title: fill(words.bookmarkGo, { name }) });
        go.addEventListener("click", () => setTimeout(() => location.reload()));
        const remove = make("button", { type: "button", class: "map-button plain", title: fill(words.bookmarkDelete, { name }), "aria-label": fill(words.bookmarkDelete, { name }) }, icon("trash-2"));
        remove.addEventListener("click", () => this.put(readViews().filter((one) => one.name !== name)));
        return make("li", {}, go, remove);
      }),
    );
  }
}
